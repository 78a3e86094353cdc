"""Where the words of an entry stand: the fields every engine keeps, and which of them a reader's field means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from indexer.analysis import split, split_notation
from indexer.classification import bbk_words
from indexer.model import Entry
from indexer.queries import SearchField

Tokens = list[list[str]]


class IndexField(StrEnum):
    """A field of the index. `REST` is what is only found by a search of everything: notes, the year."""

    TITLE = "title"
    AUTHOR = "author"
    SUBJECT = "subject"
    PUBLISHER = "publisher"
    REST = "rest"
    NUMBER = "number"
    UDC = "udc"
    BBK = "bbk"
    BODY = "body"


# What a match is worth, the body being the measure.
WEIGHTS = {
    IndexField.TITLE: 8.0,
    IndexField.AUTHOR: 6.0,
    IndexField.SUBJECT: 5.0,
    IndexField.NUMBER: 6.0,
    IndexField.PUBLISHER: 2.0,
    IndexField.REST: 2.0,
    IndexField.UDC: 2.0,
    IndexField.BBK: 2.0,
    IndexField.BODY: 1.0,
}

SEARCHED: dict[SearchField, tuple[IndexField, ...]] = {
    SearchField.ANY: tuple(IndexField),
    **{field: (IndexField(field.value),) for field in SearchField if field is not SearchField.ANY},
}


@dataclass(frozen=True, slots=True)
class EntryWords:
    """The words of each field, value by value, and how many words each page of the body has.

    A phrase does not reach from one value into the next, but it may run over the end of a page.
    """

    fields: dict[IndexField, Tokens]
    pages: tuple[int, ...]

    def length(self, field: IndexField) -> int:
        """How many words a field has."""
        return sum(map(len, self.fields.get(field, ())))


def words_of(entry: Entry) -> EntryWords:
    """All words of an entry."""
    pages = [split(page) for page in entry.body]
    body = [word for page in pages for word in page]
    year = [] if entry.year is None else [[str(entry.year)]]
    fields = {
        IndexField.TITLE: _values((entry.title, *entry.other_titles)),
        IndexField.AUTHOR: _values((*entry.creators, *entry.creator_forms)),
        IndexField.SUBJECT: _values((*entry.subjects, *entry.subject_forms)),
        IndexField.PUBLISHER: _values(entry.publishers),
        IndexField.REST: _values(entry.text) + year,
        IndexField.NUMBER: [words for number in entry.numbers if (words := _number_words(number))],
        IndexField.UDC: [words for notation in entry.udc if (words := split_notation(notation))],
        IndexField.BBK: [words for notation in entry.bbk if (words := bbk_words(notation))],
        IndexField.BODY: [body] if body else [],
    }
    return EntryWords({field: values for field, values in fields.items() if values}, tuple(map(len, pages)))


def _values(values: Iterable[str]) -> Tokens:
    return [words for value in values if (words := split(value))]


def _number_words(number: str) -> list[str]:
    """A number as a whole, without its signs, and its parts: inventory numbers are typed either way."""
    words = split(number)
    whole = "".join(split_notation(number))
    return words if whole in words or not whole else [whole, *words]
