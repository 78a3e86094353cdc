"""The second engine: Tantivy matches, counts and ranks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import tantivy

from indexer.bodies import BODIES, Bodies
from indexer.embedded import EmbeddedIndex
from indexer.model import Entry
from indexer.remembering import RememberedFacets
from indexer.search_index import IndexUnavailable
from indexer.spelling import Vocabulary
from indexer.tantivy.schema import KEY, SCHEMA_VERSION, SPELLING, Documents, prepare, schema
from indexer.tantivy.view import Commit, Names, TantivyView

_META = "meta.json"
_WRITER_BYTES = 200_000_000
_APPLY_BYTES = 30_000_000
# Tantivy makes one segment of eight of like size. It is given the first entries so that it does: what is counted
# segment by segment has to be added up, which takes longer than the counting.
_SEGMENT, _SEGMENTS = 10_000, 8
# Words that came into the index since are suggested when this share of the entries is new.
_STALE = 0.01


class TantivyIndex(EmbeddedIndex):
    """A `SearchIndex` over one directory, kept by Tantivy. May be used by several threads."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, TantivyEngine())


class TantivyEngine:
    """See `Engine`."""

    name = "tantivy"
    schema_version = SCHEMA_VERSION

    @contextmanager
    def failing(self) -> Iterator[None]:
        """See `Engine.failing`. Tantivy says what is wrong by errors of value and by panic."""
        try:
            yield
        except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
            raise IndexUnavailable(f"The index is damaged: {error}") from error
        except BaseException as error:
            if type(error).__name__ == "PanicException":
                raise IndexUnavailable(f"The index is damaged: {error}") from error
            raise

    def create(self, path: Path) -> None:
        """See `Engine.create`."""
        _create(path)

    def open(self, path: Path) -> TantivyOpened:
        """See `Engine.open`."""
        return TantivyOpened(path)

    def apply(self, path: Path, replaced: Mapping[str, Entry], removed: Sequence[str]) -> None:
        """See `Engine.apply`."""
        with ExitStack() as stack:
            bodies = Bodies(path / BODIES)
            stack.callback(bodies.close)
            writer = prepare(tantivy.Index.open(str(path))).writer(_APPLY_BYTES, 1)
            for key in (*replaced, *removed):
                writer.delete_documents_by_term(KEY, key)
            _add(writer, bodies, Documents(), list(replaced.values()))
            bodies.replace(dict.fromkeys(removed, ()), {})
            writer.commit()
            writer.wait_merging_threads()

    def build(self, path: Path) -> TantivyBuilding:
        """See `Engine.build`."""
        return TantivyBuilding(path)


class TantivyOpened:
    """A generation that is open, and its latest commit."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bodies = Bodies(path / BODIES)
        self._index = prepare(tantivy.Index.open(str(path)))
        self._index.config_reader("manual")
        self._names = Names()
        self._file: tuple[int, int] | None = None
        self._commit: Commit | None = None

    def latest(self) -> TantivyView:
        """See `Opened.latest`."""
        status = (self._path / _META).stat()
        file = (status.st_ino, status.st_mtime_ns)
        if self._commit is None or file != self._file:
            self._index.reload()
            searcher = self._index.searcher()
            self._commit = Commit(
                searcher=searcher,
                schema=self._index.schema,
                bodies=self._bodies,
                vocabulary=self._vocabulary(searcher),
                names=self._names,
                remembered=RememberedFacets(),
                committed_at=datetime.fromtimestamp(status.st_mtime, UTC),
            )
            self._file = file
        return TantivyView(self._commit)

    def _vocabulary(self, searcher: tantivy.Searcher) -> Vocabulary:
        """The former one, unless much has changed: it has to be read whole, and only suggestions are made of it."""
        former = self._commit
        if former is not None and abs(searcher.num_docs - former.vocabulary.entries) <= _STALE * searcher.num_docs:
            return former.vocabulary
        return Vocabulary(searcher.num_docs, lambda: searcher.terms_with_prefix(SPELLING, "", None, None))


class TantivyBuilding:
    """A new generation that is being filled; see `Building`."""

    def __init__(self, path: Path) -> None:
        index = _create(path)
        with ExitStack() as stack:
            self._bodies = Bodies(path / BODIES)
            stack.callback(self._bodies.close)
            self._writer = index.writer(_WRITER_BYTES, 1)
            stack.callback(self._give_up)
            self._held = stack.pop_all()
        self._documents = Documents()
        self._added = 0
        self._segments = 0
        self._committed = False

    def add(self, entries: Sequence[Entry]) -> None:
        """See `Building.add`."""
        _add(self._writer, self._bodies, self._documents, entries)
        self._added += len(entries)
        if self._segments < _SEGMENTS and self._added >= (self._segments + 1) * _SEGMENT:
            self._writer.commit()
            self._segments += 1

    def commit(self) -> None:
        """See `Building.commit`."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self._bodies.close()
        self._committed = True

    def close(self) -> None:
        """See `Building.close`."""
        self._held.close()

    def _give_up(self) -> None:
        """Stop the threads of the writer, which would go on making files in a directory that is removed."""
        if not self._committed:
            try:
                self._writer.rollback()
            finally:
                self._writer.wait_merging_threads()


def _create(path: Path) -> tantivy.Index:
    Bodies(path / BODIES, create=True).close()
    return prepare(tantivy.Index(schema(), path=str(path)))


def _add(writer: tantivy.IndexWriter, bodies: Bodies, documents: Documents, entries: Sequence[Entry]) -> None:
    pages = {}
    for entry in entries:
        document, words = documents.document(entry)
        writer.add_document(document)
        pages[entry.key] = words.pages
    bodies.replace({entry.key: entry.body for entry in entries}, pages)
