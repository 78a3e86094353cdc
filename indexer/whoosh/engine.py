"""The default engine: Whoosh keeps, commits and merges the words; numpy matches, counts and ranks."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.
from __future__ import annotations

import pickle
import struct
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh.filedb.filetables import FileFormatError
from whoosh.index import IndexError as WhooshIndexError
from whoosh.reading import CorruptIndexError

from indexer import answering
from indexer.generations import Generations
from indexer.model import Completion, Entry, IndexState, Query, Results
from indexer.queries import SearchField
from indexer.search_index import IndexUnavailable
from indexer.whoosh import writer
from indexer.whoosh.cache import Cache
from indexer.whoosh.schema import SCHEMA_VERSION
from indexer.whoosh.snapshot import Snapshot
from indexer.whoosh.view import WhooshView

_CACHE_BYTES = 48 * 1024 * 1024
_OPENING_TRIES = 12
_PAUSE_SECONDS = 0.005
# What a cut or overwritten file makes Whoosh, numpy and pickle raise.
_DAMAGE = (
    OSError, EOFError, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, ImportError,
    struct.error, pickle.UnpicklingError, zipfile.BadZipFile,
    CorruptIndexError, FileFormatError, WhooshIndexError, MemoryError, OverflowError,
)  # fmt: skip


class WhooshIndex:
    """A `SearchIndex` over one directory, kept by Whoosh. May be used by several threads."""

    def __init__(self, directory: Path) -> None:
        self._generations = Generations(directory, SCHEMA_VERSION)
        self._cache = Cache(_CACHE_BYTES)
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None

    def search(self, query: Query) -> Results:
        """Answer a query; see `SearchIndex.search`."""
        with self._reading() as view:
            return answering.answer(view, query)

    def count(self, query: Query) -> int:
        """How many entries a query finds; see `SearchIndex.count`."""
        with self._reading() as view:
            return answering.count(view, query)

    def complete(self, text: str, field: SearchField, limit: int = 10) -> tuple[Completion, ...]:
        """What a reader may be typing; see `SearchIndex.complete`."""
        with self._reading() as view:
            return answering.complete(view, text, field, limit)

    def state(self) -> IndexState:
        """What stands on the disk; see `SearchIndex.state`."""
        snapshot = self._latest()
        with self._failing():
            generation = self._generations.current()
            return IndexState(
                generation=generation.number,
                schema_version=generation.schema_version,
                entries=snapshot.entries,
                committed_at=snapshot.committed_at,
            )

    def apply(self, replaced: Iterable[Entry], removed: Iterable[str]) -> None:
        """Replace and remove entries; see `SearchIndex.apply`."""
        entries = {entry.key: entry for entry in replaced}
        gone = [key for key in dict.fromkeys(removed) if key not in entries]
        with self._generations.writing():
            if not self._generations.exists:
                generation = self._generations.begin()
                writer.create(generation.path)
                self._generations.publish(generation)
            path = self._generations.current().path
            self._generations.sweep(now=time.time())
            with self._failing():
                writer.apply(path, entries, gone)

    def rebuild(self) -> writer.WhooshRebuild:
        """Build anew; see `SearchIndex.rebuild`."""
        return writer.WhooshRebuild(self._generations)

    @contextmanager
    def _reading(self) -> Iterator[WhooshView]:
        snapshot = self._latest()
        with self._failing():
            yield WhooshView(snapshot, self._cache)

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """What goes wrong with an index is the fault of its files; they are opened anew the next time."""
        try:
            yield
        except _DAMAGE as error:
            with self._lock:
                self._snapshot = None
            raise IndexUnavailable(f"The index is damaged: {error}") from error

    def _latest(self) -> Snapshot:
        with self._lock:
            for attempt in range(_OPENING_TRIES):
                try:
                    self._snapshot = self._opened(self._snapshot)
                    return self._snapshot
                except FileNotFoundError as error:
                    # A writer took a file away between our reading of its list and our opening of it.
                    missing = error
                except _DAMAGE as error:
                    raise IndexUnavailable(f"The index is damaged: {error}") from error
                time.sleep(attempt * _PAUSE_SECONDS)
            raise IndexUnavailable(f"The index lacks a file: {missing}") from missing

    def _opened(self, former: Snapshot | None) -> Snapshot:
        """The latest commit; the former snapshot if it is still that. Searches that use the former go on using it."""
        path = self._generations.current().path
        if former is None or former.path != path:
            return Snapshot(path)
        if former.is_latest:
            return former
        return Snapshot(path, {segment.id: segment for segment in former.segments})
