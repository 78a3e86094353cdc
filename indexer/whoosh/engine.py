"""The default engine: Whoosh keeps, commits and merges the words; numpy matches, counts and ranks."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.
from __future__ import annotations

import pickle
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from whoosh.filedb.filetables import FileFormatError
from whoosh.index import IndexError as WhooshIndexError
from whoosh.reading import CorruptIndexError

from indexer.embedded import EmbeddedIndex
from indexer.model import Entry
from indexer.search_index import IndexUnavailable
from indexer.whoosh import writer
from indexer.whoosh.cache import Cache
from indexer.whoosh.schema import SCHEMA_VERSION
from indexer.whoosh.snapshot import Snapshot
from indexer.whoosh.view import WhooshView

_CACHE_BYTES = 48 * 1024 * 1024
# What a cut or overwritten file makes Whoosh, numpy and pickle raise.
_DAMAGE = (
    OSError, EOFError, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, ImportError,
    struct.error, pickle.UnpicklingError, zipfile.BadZipFile,
    CorruptIndexError, FileFormatError, WhooshIndexError, MemoryError, OverflowError,
)  # fmt: skip


class WhooshIndex(EmbeddedIndex):
    """A `SearchIndex` over one directory, kept by Whoosh. May be used by several threads."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, WhooshEngine())


class WhooshEngine:
    """See `Engine`."""

    name = "whoosh"
    schema_version = SCHEMA_VERSION

    def __init__(self) -> None:
        self._cache = Cache(_CACHE_BYTES)

    @contextmanager
    def failing(self) -> Iterator[None]:
        """See `Engine.failing`."""
        try:
            yield
        except _DAMAGE as error:
            raise IndexUnavailable(f"The index is damaged: {error}") from error

    def create(self, path: Path) -> None:
        """See `Engine.create`."""
        writer.create(path)

    def open(self, path: Path) -> WhooshOpened:
        """See `Engine.open`."""
        return WhooshOpened(path, self._cache)

    def apply(self, path: Path, replaced: Mapping[str, Entry], removed: Sequence[str]) -> None:
        """See `Engine.apply`."""
        writer.apply(path, replaced, removed)

    def build(self, path: Path) -> writer.WhooshBuilding:
        """See `Engine.build`."""
        return writer.WhooshBuilding(path)


class WhooshOpened:
    """A generation that is open, and its latest commit."""

    def __init__(self, path: Path, cache: Cache) -> None:
        self._path = path
        self._cache = cache
        self._snapshot = Snapshot(path)

    def latest(self) -> WhooshView:
        """See `Opened.latest`."""
        if not self._snapshot.is_latest:
            self._snapshot = Snapshot(self._path, {segment.id: segment for segment in self._snapshot.segments})
        return WhooshView(self._snapshot, self._cache)
