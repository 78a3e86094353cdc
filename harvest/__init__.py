"""Speaks OAI-PMH, both ways. It knows verbs, tokens and datestamps, and has never heard of SQL."""
