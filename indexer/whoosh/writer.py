"""Writing with Whoosh: entries in, segments with their columns out."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.
from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from whoosh.codec.base import Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex, LockError
from whoosh.writing import SegmentWriter

from indexer.bodies import BODIES, Bodies
from indexer.fields import words_of
from indexer.model import Entry
from indexer.search_index import IndexBusy
from indexer.whoosh.codec import Codec
from indexer.whoosh.columns import facts_of
from indexer.whoosh.schema import schema
from indexer.whoosh.segment import ensure_columns
from indexer.whoosh.snapshot import INDEX_NAME

_MEMORY_MB = 256


def create(path: Path) -> None:
    """Make an empty index in an empty directory."""
    FileIndex.create(FileStorage(str(path)), schema(), INDEX_NAME)
    Bodies(path / BODIES, create=True).close()


def apply(path: Path, replaced: Mapping[str, Entry], removed: Sequence[str]) -> None:
    """Replace and remove entries in one commit."""
    with ExitStack() as stack:
        bodies = Bodies(path / BODIES)
        stack.callback(bodies.close)
        writer = Writer(path)
        stack.callback(writer.give_up)
        for key in (*replaced, *removed):
            writer.delete_by_term("key", key)
        pages = {key: writer.add(entry) for key, entry in replaced.items()}
        # Before the commit: a snippet of a later text is better than a place in an earlier one.
        bodies.replace({key: entry.body for key, entry in replaced.items()} | dict.fromkeys(removed, ()), pages)
        writer.commit()


class Writer(SegmentWriter):
    """Whoosh's writer, which also writes the columns of each segment before the segment is made known."""

    def __init__(self, path: Path) -> None:
        index = FileIndex(FileStorage(str(path)), indexname=INDEX_NAME)
        try:
            super().__init__(index, limitmb=_MEMORY_MB, compound=False, codec=Codec())
        except LockError as error:
            raise IndexBusy("Another process is writing to the index.") from error

    def add(self, entry: Entry) -> tuple[int, ...]:
        """Add an entry whose key is not there; returns how many words each page of its body has."""
        words = words_of(entry)
        fields = {field.value: values for field, values in words.fields.items()}
        self.add_document(key=entry.key, facts=facts_of(entry, words), **fields)
        return words.pages

    def give_up(self) -> None:
        """Forget what was not committed."""
        if not self.is_closed:
            self.cancel()

    def _commit_toc(self, segments: Sequence[Segment]) -> None:
        for segment in segments:
            ensure_columns(self.storage, segment)
        super()._commit_toc(segments)


class WhooshBuilding:
    """A new generation that is being filled; see `Building`."""

    def __init__(self, path: Path) -> None:
        create(path)
        with ExitStack() as stack:
            self._bodies = Bodies(path / BODIES)
            stack.callback(self._bodies.close)
            self._writer = Writer(path)
            stack.callback(self._writer.give_up)
            self._held = stack.pop_all()

    def add(self, entries: Sequence[Entry]) -> None:
        """See `Building.add`."""
        pages = {entry.key: self._writer.add(entry) for entry in entries}
        self._bodies.replace({entry.key: entry.body for entry in entries if entry.body}, pages)

    def commit(self) -> None:
        """See `Building.commit`."""
        self._writer.commit()
        self._bodies.close()

    def close(self) -> None:
        """See `Building.close`."""
        self._held.close()
