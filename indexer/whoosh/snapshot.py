"""All segments at one moment as one row of documents: what a search reads from beginning to end."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.
from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex

from indexer.bodies import BODIES, Bodies
from indexer.fields import IndexField
from indexer.model import Facet
from indexer.remembering import RememberedFacets
from indexer.whoosh.segment import Segment, load_columns
from indexer.whoosh.strings import Codes, Ints, Strings

INDEX_NAME = "MAIN"
_FIELDS = tuple(IndexField)
# How much the length of a field lowers what a match in it is worth.
_LENGTH_PULL = 0.6
# By how much at most a newer edition goes before an older one that matches as well.
_NEWNESS = 0.06
_NEWNESS_FROM, _NEWNESS_YEARS = 1950, 80
# When fewer than one document in so many is a hit, its values are looked up one by one.
_FEW = 10


class FacetIndex:
    """One facet over all segments. Values of the largest segment keep their codes; what others add comes after."""

    def __init__(self, segments: Sequence[Segment], bases: Sequence[int], size: int, facet: Facet) -> None:
        """Join the columns of one facet; `size` is the number of documents in all segments."""
        columns = [segment.columns.facets[facet] for segment in segments]
        largest = max(range(len(columns)), key=lambda place: len(columns[place].values), default=0)
        self._sorted = columns[largest].values if columns else Strings.of(())
        self._added: list[str] = []
        new: dict[str, int] = {}
        documents: list[Codes] = []
        codes: list[Codes] = []
        for place, (column, base) in enumerate(zip(columns, bases, strict=True)):
            documents.append(column.documents + np.int32(base))
            if place == largest:
                codes.append(column.codes)
                continue
            translated = np.array([self._code(value, new) for value in column.values], dtype=np.int32)
            codes.append(translated[column.codes] if len(translated) else column.codes)
        self.documents = np.concatenate(documents) if documents else np.zeros(0, dtype=np.int32)
        self.codes = np.concatenate(codes) if codes else np.zeros(0, dtype=np.int32)
        # The pairs are in the order of their documents, so those of each stand together.
        self._starts = np.searchsorted(self.documents, np.arange(size + 1)).astype(np.int32)

    def __len__(self) -> int:
        return len(self._sorted) + len(self._added)

    def counts(self, hits: npt.NDArray[np.bool_]) -> Ints:
        """How many of these documents have the value, for each code."""
        documents = np.flatnonzero(hits)
        if len(documents) * _FEW > len(hits):
            chosen = self.codes[hits[self.documents]]
        else:
            starts = self._starts[documents]
            lengths = self._starts[documents + 1] - starts
            ends = np.cumsum(lengths)
            chosen = self.codes[np.arange(ends[-1]) + np.repeat(starts - ends + lengths, lengths)] if len(ends) else []
        return np.bincount(chosen, minlength=len(self))

    @property
    def in_order(self) -> int:
        """How many of the first codes are in the order of their values."""
        return len(self._sorted)

    def value(self, code: int) -> str:
        """The value with this code."""
        return self._sorted[code] if code < len(self._sorted) else self._added[code - len(self._sorted)]

    def codes_of(self, values: frozenset[str]) -> list[int]:
        """The codes of those of the values that occur."""
        found = [self._sorted.find(value) for value in values]
        added = [len(self._sorted) + place for place, value in enumerate(self._added) if value in values]
        return [code for code in found if code is not None] + added

    def _code(self, value: str, new: dict[str, int]) -> int:
        place = self._sorted.find(value)
        if place is not None:
            return place
        if value not in new:
            new[value] = len(self._sorted) + len(self._added)
            self._added.append(value)
        return new[value]


class Snapshot:
    """One commit of one generation, opened for reading."""

    def __init__(self, path: Path, opened: dict[str, Segment] | None = None) -> None:
        """Open the latest commit; segments in `opened` are used again.

        Raises `FileNotFoundError` when a writer took a file away meanwhile (open again), and whatever a damaged file
        makes numpy, pickle and Whoosh raise.
        """
        storage = FileStorage(str(path))
        self._index = FileIndex(storage, indexname=INDEX_NAME)
        toc = TOC.read(storage, INDEX_NAME)
        self.commit: int = toc.generation
        self.committed_at = datetime.fromtimestamp(self._index.last_modified(), UTC)
        self.segments: list[Segment] = []
        for part in toc.segments:
            known = (opened or {}).get(part.segment_id())
            self.segments.append(known or Segment(storage, toc.schema, part, load_columns(storage, part)))
        self.remembered = RememberedFacets()
        self.bodies = Bodies(path / BODIES)
        self._join([list(part.deleted_docs()) for part in toc.segments])

    def _join(self, deleted: Sequence[Sequence[int]]) -> None:
        sizes = [segment.size for segment in self.segments]
        self.bases: list[int] = np.cumsum([0, *sizes]).tolist()[:-1]
        self.size = sum(sizes)
        self.live = np.ones(self.size, dtype=np.bool_)
        for numbers, base in zip(deleted, self.bases, strict=True):
            self.live[[base + number for number in numbers]] = False
        self.entries = int(self.live.sum())
        columns = [segment.columns for segment in self.segments]
        self.years: npt.NDArray[np.int16] = np.concatenate(
            [column.years for column in columns] or [np.zeros(0, np.int16)]
        )
        newness = np.clip((self.years.astype(np.float32) - _NEWNESS_FROM) / _NEWNESS_YEARS, 0, 1)
        self.newness: npt.NDArray[np.float32] = (1 + _NEWNESS * newness).astype(np.float32)
        self.facets = {facet: FacetIndex(self.segments, self.bases, self.size, facet) for facet in Facet}
        lengths = np.concatenate(
            [column.lengths for column in columns] or [np.zeros((len(_FIELDS), 0), np.int32)], axis=1
        )
        # What a word counts for in each field of each document: less, the longer the field is against the others.
        present = np.maximum((lengths > 0).sum(axis=1), 1)
        average = np.maximum(lengths.sum(axis=1) / present, 1.0)
        self.norms: dict[IndexField, npt.NDArray[np.float32]] = {
            field: (1.0 / (1 - _LENGTH_PULL + _LENGTH_PULL * lengths[place] / average[place])).astype(np.float32)
            for place, field in enumerate(_FIELDS)
        }

    def key(self, document: int) -> str:
        """The key of a document."""
        segment, base = self.part_of(document)
        return segment.columns.keys[document - base]

    @property
    def is_latest(self) -> bool:
        """Whether nothing was committed since."""
        return bool(self._index.latest_generation() == self.commit)

    def title(self, document: int) -> str:
        """The title of a document as it was given."""
        segment, base = self.part_of(document)
        return segment.columns.titles[document - base]

    def part_of(self, document: int) -> tuple[Segment, int]:
        """The segment of a document and the number of the segment's first document."""
        place = bisect_right(self.bases, document) - 1
        return self.segments[place], self.bases[place]
