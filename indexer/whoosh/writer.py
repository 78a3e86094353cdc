"""Writing with Whoosh: entries in, segments with their columns out."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.
from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from whoosh.codec.base import Segment
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex, LockError
from whoosh.writing import SegmentWriter

from indexer.bodies import Bodies
from indexer.fields import words_of
from indexer.generations import Generations
from indexer.model import Entry
from indexer.search_index import IndexBusy
from indexer.whoosh.columns import facts_of
from indexer.whoosh.schema import schema
from indexer.whoosh.segment import ensure_columns
from indexer.whoosh.snapshot import INDEX_NAME

BODIES = "bodies.sqlite"
_MEMORY_MB = 256
# Postings are read whole, so that large blocks and little packing are quicker than Whoosh's own choice.
_BLOCK, _COMPRESSION = 4096, 1


def create(path: Path) -> None:
    """Make an empty index in an empty directory."""
    FileIndex.create(FileStorage(str(path)), schema(), INDEX_NAME)
    Bodies(path / BODIES, create=True).close()


def apply(path: Path, replaced: dict[str, Entry], removed: Sequence[str]) -> None:
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
            super().__init__(
                index, limitmb=_MEMORY_MB, compound=False, codec=W3Codec(blocklimit=_BLOCK, compression=_COMPRESSION)
            )
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


class WhooshRebuild:
    """A new generation under construction; see `Rebuild`."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._held = ExitStack()
        self._published = False

    def __enter__(self) -> Self:
        """Begin; raises `IndexBusy`."""
        with ExitStack() as stack:
            stack.enter_context(self._generations.writing())
            self._generations.sweep(now=time.time())
            self._generation = self._generations.begin()
            stack.callback(self._discard)
            create(self._generation.path)
            self._bodies = Bodies(self._generation.path / BODIES)
            stack.callback(self._bodies.close)
            self._writer = Writer(self._generation.path)
            stack.callback(self._writer.give_up)
            self._held = stack.pop_all()
        return self

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries whose keys are not in this generation yet."""
        bodies: dict[str, tuple[str, ...]] = {}
        pages: dict[str, tuple[int, ...]] = {}
        for entry in entries:
            counts = self._writer.add(entry)
            if entry.body:
                bodies[entry.key] = entry.body
                pages[entry.key] = counts
        self._bodies.replace(bodies, pages)

    def publish(self) -> None:
        """Make this generation the one that is read."""
        self._writer.commit()
        self._bodies.close()
        self._generations.publish(self._generation)
        self._published = True

    def _discard(self) -> None:
        if not self._published:
            self._generations.discard(self._generation)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Discard what was not published."""
        self._held.close()
