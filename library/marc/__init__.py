"""MARC in all its carriers and dialects; the only package that imports pymarc."""
