"""The default engine: Whoosh keeps, commits and merges the words; numpy matches, counts and ranks."""

# mypy: allow-untyped-calls
# Whoosh is typed in part.
from __future__ import annotations

import pickle
import struct
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from whoosh.codec.base import Segment as WhooshSegment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.reading import CorruptIndexError
from whoosh.writing import SegmentWriter

from indexer.analysis import Analyser
from indexer.bodies import Bodies
from indexer.fields import IndexField, tokens_of
from indexer.generations import Generation, Generations
from indexer.model import Entry, Hit, IndexState, Query, Results
from indexer.plan import AllOf, AnyOf, PhraseIn, Plan, PrefixIn, Whatever, Without, WordIn, make_plan
from indexer.search_index import IndexUnavailable
from indexer.snippets import Wanted, first_snippet
from indexer.whoosh.columns import facts_of
from indexer.whoosh.matching import Cache, Matching
from indexer.whoosh.ranking import count_facets, filter_masks, newer_first, page_of
from indexer.whoosh.schema import SCHEMA_VERSION, schema
from indexer.whoosh.segment import ensure_columns
from indexer.whoosh.snapshot import INDEX_NAME, Snapshot

_WRITER_MEMORY_MB = 256
_CACHE_BYTES = 48 * 1024 * 1024
_OPENING_TRIES = 12
_PAUSE_SECONDS = 0.005
# What a cut or overwritten file makes the parts below raise.
_DAMAGE = (
    OSError, EOFError, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, ImportError,
    struct.error, pickle.UnpicklingError, zipfile.BadZipFile, CorruptIndexError, MemoryError, OverflowError,
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
        plan = make_plan(query.match, Analyser())
        with self._reading() as snapshot:
            results = self._answer(snapshot, query, plan, loosened=False)
            if results.total == 0:
                loosened = self._answer(snapshot, query, plan, loosened=True)
                if loosened.total:
                    return loosened
            return results

    def _answer(self, snapshot: Snapshot, query: Query, plan: Plan, *, loosened: bool) -> Results:
        matching = Matching(snapshot, self._cache, loosened=loosened)
        matched, scores = matching.match(plan)
        masks = filter_masks(snapshot, query)
        hits = matched
        for mask in masks.values():
            hits = hits & mask
        page = page_of(snapshot, query, hits, newer_first(snapshot, scores))
        keys = [snapshot.key(document) for document, _ in page]
        wanted = list(_wanted(plan, matching))
        bodies = snapshot.bodies.pages(keys) if wanted else {}
        return Results(
            hits=tuple(
                Hit(key=key, score=score, close=loosened, snippet=first_snippet(bodies.get(key, ()), wanted))
                for key, (_, score) in zip(keys, page, strict=True)
            ),
            total=int(hits.sum()),
            facets=count_facets(snapshot, query, matched, masks),
        )

    def state(self) -> IndexState:
        """What stands on the disk; see `SearchIndex.state`."""
        with self._reading() as snapshot:
            generation = self._generations.current()
            written = (snapshot.path / TOC._filename(INDEX_NAME, snapshot.commit)).stat().st_mtime  # noqa: SLF001
            return IndexState(
                generation=generation.number,
                schema_version=generation.schema_version,
                entries=snapshot.entries,
                committed_at=datetime.fromtimestamp(written, UTC),
            )

    def apply(self, replaced: Iterable[Entry], removed: Iterable[str]) -> None:
        """Replace and remove entries; see `SearchIndex.apply`."""
        entries = {entry.key: entry for entry in replaced}
        gone = [key for key in dict.fromkeys(removed) if key not in entries]
        with self._generations.writing():
            if not self._generations.exists:
                generation = self._generations.begin()
                create(generation.path)
                self._generations.publish(generation)
            path = self._generations.current().path
            bodies = Bodies(path / "bodies.sqlite")
            try:
                writer = _Writer(FileIndex(FileStorage(str(path)), indexname=INDEX_NAME))
                try:
                    for key in (*entries, *gone):
                        writer.delete_by_term("key", key)
                    for entry in entries.values():
                        writer.add(entry)
                except BaseException:
                    writer.cancel()
                    raise
                bodies.replace({key: entry.body for key, entry in entries.items()}, gone)
                writer.commit()
            except _DAMAGE as error:
                raise IndexUnavailable(f"The index cannot be written: {error}") from error
            finally:
                bodies.close()

    def rebuild(self) -> WhooshRebuild:
        """Build anew; see `SearchIndex.rebuild`."""
        return WhooshRebuild(self._generations)

    @contextmanager
    def _reading(self) -> Iterator[Snapshot]:
        """The latest commit. What goes wrong while it is read is the fault of its files."""
        snapshot = self._latest()
        try:
            yield snapshot
        except _DAMAGE as error:
            with self._lock:
                self._snapshot = None
            raise IndexUnavailable(f"The index cannot be read: {error}") from error

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
                    raise IndexUnavailable(f"The index cannot be read: {error}") from error
                time.sleep(attempt * _PAUSE_SECONDS)
            raise IndexUnavailable(f"The index lacks a file: {missing}") from missing

    def _opened(self, former: Snapshot | None) -> Snapshot:
        """The latest commit; the former snapshot if it is still that. Searches that use the former go on using it."""
        path = self._generations.current().path
        commit = FileIndex(FileStorage(str(path)), schema=schema(), indexname=INDEX_NAME).latest_generation()
        if commit < 0:
            raise IndexUnavailable("The index has no table of contents; it has to be built again.")
        if former is None or former.path != path:
            return Snapshot(path)
        if former.commit == commit:
            return former
        return Snapshot(path, {segment.id: segment for segment in former.segments})


class _Writer(SegmentWriter):
    """Whoosh's writer, which also writes the columns of each segment before the segment is made known."""

    def __init__(self, index: FileIndex) -> None:
        super().__init__(index, limitmb=_WRITER_MEMORY_MB, compound=False)

    def add(self, entry: Entry) -> None:
        """Add an entry whose key is not there."""
        tokens = tokens_of(entry)
        words = {field.value: values for field, values in tokens.items()}
        self.add_document(key=entry.key, facts=facts_of(entry, tokens), **words)

    def _commit_toc(self, segments: Sequence[WhooshSegment]) -> None:
        for segment in segments:
            ensure_columns(self.storage, segment)
        super()._commit_toc(segments)


def create(path: Path) -> None:
    """Make an empty index in an empty directory."""
    FileIndex.create(FileStorage(str(path)), schema(), INDEX_NAME)
    Bodies(path / "bodies.sqlite", create=True).close()


class WhooshRebuild:
    """A new generation under construction; see `Rebuild`."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._published = False

    def __enter__(self) -> Self:
        """Begin; raises `IndexBusy`."""
        self._writing = self._generations.writing()
        self._writing.__enter__()
        try:
            self._generations.sweep()
            self._generation: Generation = self._generations.begin()
            create(self._generation.path)
            self._bodies = Bodies(self._generation.path / "bodies.sqlite")
            self._writer = _Writer(FileIndex(FileStorage(str(self._generation.path)), indexname=INDEX_NAME))
        except BaseException:
            self._writing.__exit__(None, None, None)
            raise
        return self

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries whose keys are not in this generation yet."""
        bodies: dict[str, tuple[str, ...]] = {}
        for entry in entries:
            self._writer.add(entry)
            if entry.body:
                bodies[entry.key] = entry.body
        self._bodies.replace(bodies)

    def publish(self) -> None:
        """Make this generation the one that is read."""
        self._writer.commit()
        self._bodies.close()
        self._generations.publish(self._generation)
        self._published = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Discard what was not published."""
        try:
            if not self._published:
                if not self._writer.is_closed:
                    self._writer.cancel()
                self._bodies.close()
                self._generations.discard(self._generation)
        finally:
            self._writing.__exit__(None, None, None)


def _wanted(plan: Plan, matching: Matching) -> Iterator[Wanted]:
    """The words to look for in full texts."""
    match plan:
        case WordIn(fields, word) if IndexField.BODY in fields:
            yield (matching.recogniser(word),)
        case PhraseIn(fields, words) if IndexField.BODY in fields:
            yield tuple(matching.recogniser(word) for word in words)
        case PrefixIn(fields, beginnings) if IndexField.BODY in fields:
            yield (matching.beginning_recogniser(beginnings),)
        case AllOf(plans) | AnyOf(plans):
            for part in plans:
                yield from _wanted(part, matching)
        case Without() | Whatever() | WordIn() | PhraseIn() | PrefixIn():
            return
