"""Finds things. It knows words, queries and hits, and has never heard of MARC."""
