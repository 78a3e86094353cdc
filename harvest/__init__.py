"""Speaks with other libraries: harvests them, is harvested, and searches their catalogues. It knows no SQL."""
