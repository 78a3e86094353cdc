"""A search in CQL, the query language of SRU."""

from __future__ import annotations

from collections.abc import Mapping

from harvest.lookup.model import Lookup, SearchField

# Of the context sets `dc` and `bath`, which most servers know.
USUAL_INDEXES = {
    SearchField.TITLE: "dc.title",
    SearchField.AUTHOR: "dc.creator",
    SearchField.ISBN: "bath.isbn",
    SearchField.YEAR: "dc.date",
    SearchField.WORDS: "cql.anywhere",
}
_ALL_OF_THEM = frozenset({SearchField.TITLE, SearchField.AUTHOR, SearchField.WORDS})


def query(lookup: Lookup, indexes: Mapping[SearchField, str]) -> str:
    """The query: every field must match, with all of its words in any order. Raises `NothingToSearch`."""
    clauses = []
    for field, words in lookup.terms():
        relation = "all" if field in _ALL_OF_THEM else "="
        clauses.append(f"{indexes.get(field) or USUAL_INDEXES[field]} {relation} {quoted(' '.join(words))}")
    return " and ".join(clauses)


def quoted(term: str) -> str:
    """A term of CQL in quotation marks: nothing in it can end it, or means more than itself (CQL 1.2, 1.3.1)."""
    escaped = "".join(f"\\{character}" if character in '"\\*?^' else character for character in term)
    return f'"{escaped}"'
