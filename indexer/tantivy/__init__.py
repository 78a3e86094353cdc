"""The second engine, on Tantivy: quicker with many full texts. An optional extra, found and counted like the first."""
