"""Cataloguing forms by dialect and kind of document: what they ask for, and how their values become a record."""
