"""Use cases: each method is one transaction."""
