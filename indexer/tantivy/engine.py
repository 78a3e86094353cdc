"""The second engine: Tantivy matches, counts and ranks."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy

from indexer import answering
from indexer.bodies import Bodies
from indexer.generations import Generations
from indexer.model import Completion, Entry, IndexState, Query, Results
from indexer.queries import SearchField
from indexer.search_index import IndexUnavailable
from indexer.spelling import Vocabulary
from indexer.tantivy.schema import KEY, SCHEMA_VERSION, SPELLING, Documents, prepare, schema
from indexer.tantivy.view import Moment, TantivyView

BODIES = "bodies.sqlite"
_META = "meta.json"
_WRITER_BYTES = 200_000_000
_APPLY_BYTES = 30_000_000
_OPENING_TRIES = 12
_PAUSE_SECONDS = 0.005
# Words that came into the index since are suggested when this share of the entries is new.
_STALE = 0.01


class TantivyIndex:
    """A `SearchIndex` over one directory, kept by Tantivy. May be used by several threads."""

    def __init__(self, directory: Path) -> None:
        self._generations = Generations(directory, SCHEMA_VERSION)
        self._lock = threading.Lock()
        self._opened: _Opened | None = None

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
        generation = self._generations.current()
        moment = self._latest()
        with _failing():
            committed = (generation.path / _META).stat().st_mtime
            return IndexState(
                generation=generation.number,
                schema_version=generation.schema_version,
                entries=moment.searcher.num_docs,
                committed_at=datetime.fromtimestamp(committed, UTC),
            )

    def apply(self, replaced: Iterable[Entry], removed: Iterable[str]) -> None:
        """Replace and remove entries; see `SearchIndex.apply`."""
        entries = {entry.key: entry for entry in replaced}
        gone = [key for key in dict.fromkeys(removed) if key not in entries]
        with self._generations.writing():
            if not self._generations.exists:
                generation = self._generations.begin()
                with _failing():
                    _create(generation.path)
                self._generations.publish(generation)
            path = self._generations.current().path
            self._generations.sweep(now=time.time())
            with _failing():
                _apply(path, entries, gone)

    def rebuild(self) -> TantivyRebuild:
        """Build anew; see `SearchIndex.rebuild`."""
        return TantivyRebuild(self._generations)

    @contextmanager
    def _reading(self) -> Iterator[TantivyView]:
        moment = self._latest()
        try:
            with _failing():
                yield TantivyView(moment)
        except IndexUnavailable:
            with self._lock:
                self._opened = None
            raise

    def _latest(self) -> Moment:
        with self._lock:
            for attempt in range(_OPENING_TRIES):
                path = self._generations.current().path
                try:
                    with _failing():
                        if self._opened is None or self._opened.path != path:
                            self._opened = _Opened(path)
                        return self._opened.latest()
                except IndexUnavailable as error:
                    # A writer may have taken a file away between the reading of its list and the opening.
                    self._opened = None
                    failed = error
                time.sleep(attempt * _PAUSE_SECONDS)
            raise failed


class _Opened:
    """A generation that is open, and its latest moment."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._bodies = Bodies(path / BODIES)
        self._index = prepare(tantivy.Index.open(str(path)))
        self._index.config_reader("manual")
        self._commit: tuple[int, int] | None = None
        self._moment: Moment | None = None

    def latest(self) -> Moment:
        """The latest commit."""
        status = (self.path / _META).stat()
        commit = (status.st_ino, status.st_mtime_ns)
        if self._moment is None or commit != self._commit:
            self._index.reload()
            searcher = self._index.searcher()
            self._moment = Moment(searcher, self._index.schema, self._bodies, self._vocabulary(searcher))
            self._commit = commit
        return self._moment

    def _vocabulary(self, searcher: tantivy.Searcher) -> Vocabulary:
        """The former one, unless much has changed: it has to be read whole, and only suggestions are made of it."""
        former = self._moment
        if former is not None and abs(searcher.num_docs - former.vocabulary.entries) <= _STALE * searcher.num_docs:
            return former.vocabulary
        return Vocabulary(searcher.num_docs, lambda: searcher.terms_with_prefix(SPELLING, "", None, None))


class TantivyRebuild:
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
            with _failing():
                index = _create(self._generation.path)
                self._bodies = Bodies(self._generation.path / BODIES)
                stack.callback(self._bodies.close)
                self._writer = index.writer(_WRITER_BYTES, 1)
                stack.callback(self._give_up)
            self._documents = Documents()
            self._held = stack.pop_all()
        return self

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries whose keys are not in this generation yet."""
        with _failing():
            _add(self._writer, self._bodies, self._documents, {entry.key: entry for entry in entries})

    def publish(self) -> None:
        """Make this generation the one that is read."""
        with _failing():
            self._writer.commit()
            self._writer.wait_merging_threads()
        self._bodies.close()
        self._generations.publish(self._generation)
        self._published = True

    def _give_up(self) -> None:
        """Stop the threads of the writer, which would go on making files in a directory that is removed."""
        if not self._published:
            self._writer.rollback()
            self._writer.wait_merging_threads()

    def _discard(self) -> None:
        if not self._published:
            self._generations.discard(self._generation)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Discard what was not published."""
        self._held.close()


def _create(path: Path) -> tantivy.Index:
    Bodies(path / BODIES, create=True).close()
    return prepare(tantivy.Index(schema(), path=str(path)))


def _apply(path: Path, replaced: dict[str, Entry], removed: list[str]) -> None:
    with ExitStack() as stack:
        bodies = Bodies(path / BODIES)
        stack.callback(bodies.close)
        writer = prepare(tantivy.Index.open(str(path))).writer(_APPLY_BYTES, 1)
        for key in (*replaced, *removed):
            writer.delete_documents_by_term(KEY, key)
        _add(writer, bodies, Documents(), replaced)
        bodies.replace(dict.fromkeys(removed, ()), {})
        writer.commit()
        writer.wait_merging_threads()


def _add(writer: tantivy.IndexWriter, bodies: Bodies, documents: Documents, entries: dict[str, Entry]) -> None:
    pages = {}
    for key, entry in entries.items():
        document, words = documents.document(entry)
        writer.add_document(document)
        pages[key] = words.pages
    bodies.replace({key: entry.body for key, entry in entries.items()}, pages)


@contextmanager
def _failing() -> Iterator[None]:
    """What goes wrong in Tantivy is the fault of the files; it says so by errors of value and by panic."""
    try:
        yield
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise IndexUnavailable(f"The index is damaged: {error}") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise IndexUnavailable(f"The index is damaged: {error}") from error
        raise
