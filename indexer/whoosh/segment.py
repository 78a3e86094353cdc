"""One segment of Whoosh's: its columns, and its postings decoded into arrays whole, not one at a time."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.
from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from whoosh.codec.base import Segment as WhooshSegment
from whoosh.columns import VarBytesColumn
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage

from indexer.fields import IndexField
from indexer.whoosh.codec import Frequencies, open_rows
from indexer.whoosh.columns import Columns, make_columns, read_columns, write_columns
from indexer.whoosh.strings import Codes, Ints


@dataclass(frozen=True, slots=True)
class Postings:
    """Documents in rising order and how often each has the word; with `places`, the places in each document's field."""

    documents: Codes
    frequencies: npt.NDArray[np.float32]
    places: npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Holding:
    """Documents, how often each has the spelling, and which of those asked for that is, by its place among them."""

    documents: Codes
    frequencies: Frequencies
    which: Ints


class Segment:
    """A segment that is being read, by several snapshots and threads; its files are closed with the last of them."""

    def __init__(self, storage: FileStorage, schema: Schema, segment: WhooshSegment, columns: Columns) -> None:
        self.id: str = segment.segment_id()
        self.columns = columns
        self.size: int = segment.doc_count_all()
        self._schema = schema
        self._terms = segment.codec().terms_reader(storage, segment)
        self._documents, self._frequencies = open_rows(storage, segment, columns.lexicon.postings)
        # The files have one position each.
        self._lock = threading.Lock()
        weakref.finalize(self, self._terms.close)

    def postings(self, field: IndexField, surface: bytes) -> Postings:
        """The postings of a word that is known to stand in the field."""
        with self._lock:
            return self._decoded(field, surface)

    def _decoded(self, field: IndexField, surface: bytes) -> Postings:
        matcher = self._terms.matcher(field.value, surface, self._schema[field.value].format)
        documents: list[Codes] = []
        frequencies: list[npt.NDArray[np.float32]] = []
        places: list[bytes] = []
        # Whole blocks as Whoosh unpickles them: asking its matcher for one posting after another is ten times slower.
        while matcher.is_active():
            matcher._read_data()  # noqa: SLF001
            steps, weights, values = matcher._data  # noqa: SLF001
            documents.append(np.cumsum(steps, dtype=np.int32))
            # One number stands for all postings of a block, none for 1.
            frequencies.append(np.full(len(steps), 1.0 if weights is None else weights, np.float32))
            places.extend(values)
            matcher._next_block()  # noqa: SLF001
        return Postings(
            np.concatenate(documents), np.concatenate(frequencies), np.frombuffer(b"".join(places), dtype="<u4")
        )

    def holders(self, field: IndexField, numbers: Codes) -> Holding:
        """The documents that have these spellings in a field."""
        inside, starts, ends = self.columns.lexicon.holders[field].ranges(numbers)
        lengths = ends - starts
        steps = np.cumsum(lengths)
        # All ranges one after another: from the start of each, as many as it has.
        places = np.arange(lengths.sum()) + np.repeat(starts - steps + lengths, lengths)
        return Holding(self._documents[places], self._frequencies[places], np.repeat(inside, lengths))


def load_columns(storage: FileStorage, segment: WhooshSegment) -> Columns:
    """The columns of a segment, which its writer left beside it."""
    return read_columns(_columns_path(storage, segment))


def ensure_columns(storage: FileStorage, segment: WhooshSegment) -> None:
    """Make the columns of a segment from what Whoosh keeps and write them, unless they are there."""
    path = _columns_path(storage, segment)
    if path.exists():
        return
    codec = segment.codec()
    documents = codec.per_document_reader(storage, segment)
    terms = codec.terms_reader(storage, segment)
    try:
        facts = documents.column_reader("facts", VarBytesColumn())
        columns = make_columns((facts[number] for number in range(segment.doc_count_all())), terms)
    finally:
        terms.close()
        documents.close()
    write_columns(path, columns)


def _columns_path(storage: FileStorage, segment: WhooshSegment) -> Path:
    """Whoosh removes the file with the segment because its name begins with the segment's."""
    return Path(storage.folder) / f"{segment.segment_id()}.columns.npz"
