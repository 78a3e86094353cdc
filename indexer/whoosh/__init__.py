"""The default search engine, in pure Python."""
