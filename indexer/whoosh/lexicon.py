"""The words of a segment: which spellings there are, what finds them, and which documents have them."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec.base import TermsReader

from indexer.analysis import Analyser
from indexer.fields import IndexField
from indexer.spelling import letter_set
from indexer.whoosh.strings import Codes, Ints, Lookup, Strings

_FIELDS = tuple(IndexField)
_BIBLIOGRAPHIC = (IndexField.TITLE, IndexField.AUTHOR, IndexField.SUBJECT, IndexField.PUBLISHER, IndexField.REST)


@dataclass(frozen=True, slots=True)
class Holders:
    """The spellings that stand in one field, by their numbers in rising order, and where their documents are.

    `starts` tells where in the row of all documents those of each spelling begin, and at last where the last ones end.
    """

    numbers: Codes
    starts: npt.NDArray[np.uint32]

    def ranges(self, wanted: Codes) -> tuple[Ints, Ints, Ints]:
        """Which of these spellings stand in the field, by their places here; where their documents begin and end."""
        places = np.searchsorted(self.numbers, wanted)
        inside = np.flatnonzero(places < len(self.numbers))
        inside = inside[self.numbers[places[inside]] == wanted[inside]]
        places = places[inside]
        return inside, self.starts[places].astype(np.int64), self.starts[places + 1].astype(np.int64)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The spellings of a segment in code point order, and by which keys, stems and loose keys they are found.

    `fields` has a bit for each field a spelling stands in, in the order of `IndexField`; `documents` counts the
    documents that have it outside their full text. The arrays that begin with `key` tell the same of each key, its
    length in letters and its `letter_set`. `postings` is the length of the row of all documents.
    """

    surfaces: Strings
    fields: npt.NDArray[np.uint16]
    documents: Codes
    keys: Lookup
    stems: Lookup
    loose: Lookup
    key_documents: Codes
    key_lengths: Ints
    key_letters: npt.NDArray[np.uint32]
    holders: dict[IndexField, Holders]
    postings: int

    def stands_in(self, number: int, field: IndexField) -> bool:
        """Whether the spelling with this number stands in the field."""
        return bool(int(self.fields[number]) >> _FIELDS.index(field) & 1)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The arrays to keep in a file."""
        arrays: dict[str, npt.NDArray[Any]] = {
            "surfaces.fields": self.fields,
            "surfaces.documents": self.documents,
            "keys.documents": self.key_documents,
            "keys.lengths": self.key_lengths,
            "keys.letters": self.key_letters,
            "postings": np.array([self.postings]),
        }
        arrays |= self.surfaces.arrays("surfaces")
        for name, lookup in (("keys", self.keys), ("stems", self.stems), ("loose", self.loose)):
            arrays |= lookup.arrays(f"by {name}")
        for field, holders in self.holders.items():
            arrays |= {f"in {field}.numbers": holders.numbers, f"in {field}.starts": holders.starts}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: dict[str, npt.NDArray[Any]]) -> Lexicon:
        """What was kept; raises `KeyError`."""
        return cls(
            surfaces=Strings.from_arrays("surfaces", arrays),
            fields=arrays["surfaces.fields"],
            documents=arrays["surfaces.documents"],
            keys=Lookup.from_arrays("by keys", arrays),
            stems=Lookup.from_arrays("by stems", arrays),
            loose=Lookup.from_arrays("by loose", arrays),
            key_documents=arrays["keys.documents"],
            key_lengths=arrays["keys.lengths"],
            key_letters=arrays["keys.letters"],
            holders={field: Holders(arrays[f"in {field}.numbers"], arrays[f"in {field}.starts"]) for field in _FIELDS},
            postings=int(arrays["postings"][0]),
        )


class _Terms:
    """The terms of a segment as they are read, in the order in which their documents were written."""

    def __init__(self, terms: TermsReader) -> None:
        self.fields: dict[bytes, int] = {}
        self.documents: dict[bytes, int] = {}
        self.in_field: dict[IndexField, list[bytes]] = {field: [] for field in _FIELDS}
        self.starts: dict[IndexField, list[int]] = {field: [0] for field in _FIELDS}
        self.postings = 0
        named = {field.value: field for field in _FIELDS}
        for (name, surface), info in terms.items():
            start = self.postings
            self.postings += info.doc_frequency()
            if name in named:
                self._add(named[name], surface, start)

    def _add(self, field: IndexField, surface: bytes, start: int) -> None:
        self.fields[surface] = self.fields.get(surface, 0) | 1 << _FIELDS.index(field)
        self.in_field[field].append(surface)
        # The end of the last one until there is another.
        self.starts[field][-1] = start
        self.starts[field].append(self.postings)
        if field in _BIBLIOGRAPHIC:
            self.documents[surface] = self.documents.get(surface, 0) + self.postings - start


def make_lexicon(terms: TermsReader) -> Lexicon:
    """The lexicon of a segment from its terms."""
    found = _Terms(terms)
    surfaces = sorted(found.fields)
    number = {surface: place for place, surface in enumerate(surfaces)}
    keys, stems, loose = _forms(surfaces)
    by_key = Lookup.of(keys)
    counts = [sum(found.documents.get(surfaces[place], 0) for place in keys[key]) for key in by_key.words]
    return Lexicon(
        surfaces=Strings.of(surface.decode() for surface in surfaces),
        fields=np.array([found.fields[surface] for surface in surfaces], dtype=np.uint16),
        documents=np.array([found.documents.get(surface, 0) for surface in surfaces], dtype=np.int32),
        keys=by_key,
        stems=Lookup.of(stems),
        loose=Lookup.of(loose),
        key_documents=np.array(counts, np.int32),
        key_lengths=np.array([len(key) for key in by_key.words], np.int64),
        key_letters=np.array([letter_set(key) for key in by_key.words], np.uint32),
        holders={
            field: Holders(
                np.array([number[surface] for surface in inside], np.int32),
                np.array(found.starts[field], np.uint32),
            )
            for field, inside in found.in_field.items()
        },
        postings=found.postings,
    )


def _forms(surfaces: list[bytes]) -> tuple[dict[str, list[int]], dict[str, list[int]], dict[str, list[int]]]:
    """The numbers of the spellings by their keys, their stems and their loose keys."""
    analyser = Analyser()
    keys: dict[str, list[int]] = {}
    stems: dict[str, list[int]] = {}
    loose: dict[str, list[int]] = {}
    for number, surface in enumerate(surfaces):
        word = analyser.word(surface.decode())
        for key in {*word.keys, *word.parts}:
            keys.setdefault(key, []).append(number)
        for stem in word.stems:
            stems.setdefault(stem, []).append(number)
        for form in word.loose:
            loose.setdefault(form, []).append(number)
    return keys, stems, loose
