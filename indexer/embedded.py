"""What engines inside this process have in common: generations in a directory, one writer, what is open for reading."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from indexer import answering
from indexer.generations import Generation, Generations
from indexer.model import Completion, Entry, IndexState, Query, Results
from indexer.queries import SearchField
from indexer.search_index import IndexOutdated, IndexUnavailable

_OPENING_SECONDS = 0.4
_PAUSE_SECONDS = 0.01


class Moment(answering.View, Protocol):
    """One commit, as it is read; later commits do not change it."""

    @property
    def entries(self) -> int:
        """How many entries it has."""

    @property
    def committed_at(self) -> datetime:
        """When it was committed."""


class Opened(Protocol):
    """A generation that is open."""

    def latest(self) -> Moment:
        """Its latest commit. Not for several threads at once."""


class Building(Protocol):
    """A generation that is being filled."""

    def add(self, entries: Sequence[Entry]) -> None:
        """Add entries whose keys are not in it yet."""

    def commit(self) -> None:
        """Write all of it; nothing is added afterwards."""

    def close(self) -> None:
        """Let all files go; what was not committed is forgotten."""


class Engine(Protocol):
    """What writes and reads the files of a generation. May be used by several threads."""

    @property
    def name(self) -> str:
        """Its name in small letters."""

    @property
    def schema_version(self) -> int:
        """Raised whenever what is written changes its meaning."""

    def failing(self) -> AbstractContextManager[None]:
        """Turns all that damaged files make it raise into `IndexUnavailable`."""

    def create(self, path: Path) -> None:
        """Make an empty index in an empty directory."""

    def open(self, path: Path) -> Opened:
        """Open an index for reading."""

    def apply(self, path: Path, replaced: Mapping[str, Entry], removed: Sequence[str]) -> None:
        """Replace entries by key and remove others, in one commit. May raise `IndexBusy`."""

    def build(self, path: Path) -> Building:
        """Begin to fill a new index in an empty directory."""


@dataclass(frozen=True, slots=True)
class _Open:
    generation: Generation
    files: Opened
    moment: Moment


class EmbeddedIndex:
    """A `SearchIndex` over one directory, kept by an engine. May be used by several threads.

    When a process of another release, or with another engine, takes the directory over, those that read go on with
    what they have open until they are started anew.
    """

    def __init__(self, directory: Path, engine: Engine) -> None:
        self._engine = engine
        self._generations = Generations(directory, engine.name, engine.schema_version)
        self._lock = threading.Lock()
        self._open: _Open | None = None

    def search(self, query: Query) -> Results:
        """Answer a query; see `SearchIndex.search`."""
        with self._reading() as moment:
            return answering.answer(moment, query)

    def count(self, query: Query) -> int:
        """How many entries a query finds; see `SearchIndex.count`."""
        with self._reading() as moment:
            return answering.count(moment, query)

    def complete(self, text: str, field: SearchField, limit: int = 10) -> tuple[Completion, ...]:
        """What a reader may be typing; see `SearchIndex.complete`."""
        with self._reading() as moment:
            return answering.complete(moment, text, field, limit)

    def state(self) -> IndexState:
        """What is read; see `SearchIndex.state`."""
        opened = self._latest()
        with self._engine.failing():
            return IndexState(
                generation=opened.generation.number,
                schema_version=opened.generation.schema_version,
                entries=opened.moment.entries,
                committed_at=opened.moment.committed_at,
            )

    def apply(self, replaced: Iterable[Entry], removed: Iterable[str]) -> None:
        """Replace and remove entries; see `SearchIndex.apply`."""
        entries = {entry.key: entry for entry in replaced}
        gone = [key for key in dict.fromkeys(removed) if key not in entries]
        with self._generations.writing():
            if not self._generations.exists:
                generation = self._generations.begin()
                with self._engine.failing():
                    self._engine.create(generation.path)
                self._generations.publish(generation)
            path = self._generations.current().path
            self._generations.sweep(now=time.time())
            with self._engine.failing():
                self._engine.apply(path, entries, gone)

    def rebuild(self) -> GenerationRebuild:
        """Build anew; see `SearchIndex.rebuild`."""
        return GenerationRebuild(self._generations, self._engine)

    @contextmanager
    def _reading(self) -> Iterator[Moment]:
        opened = self._latest()
        try:
            with self._engine.failing():
                yield opened.moment
        except IndexUnavailable:
            # What goes wrong is the fault of the files; they are opened anew the next time.
            with self._lock:
                self._open = None
            raise

    def _latest(self) -> _Open:
        with self._lock:
            tried_until = time.monotonic() + _OPENING_SECONDS
            while True:
                try:
                    generation = self._generations.current()
                except IndexOutdated:
                    if self._open is None:
                        raise
                    return self._open
                try:
                    with self._engine.failing():
                        self._open = self._opened(generation, self._open)
                        return self._open
                except IndexUnavailable:
                    # A writer may have taken a file away between the reading of its list and the opening.
                    if time.monotonic() > tried_until:
                        self._open = None
                        raise
                time.sleep(_PAUSE_SECONDS)

    def _opened(self, generation: Generation, former: _Open | None) -> _Open:
        """The latest commit of a generation. Searches that use the former go on using it."""
        if former is not None and former.generation == generation:
            files = former.files
        else:
            files = self._engine.open(generation.path)
        return _Open(generation, files, files.latest())


class GenerationRebuild:
    """A new generation under construction; see `Rebuild`."""

    def __init__(self, generations: Generations, engine: Engine) -> None:
        self._generations = generations
        self._engine = engine
        self._held = ExitStack()
        self._published = False

    def __enter__(self) -> Self:
        """Begin; raises `IndexBusy`."""
        with ExitStack() as stack:
            stack.enter_context(self._generations.writing())
            self._generations.sweep(now=time.time())
            self._generation = self._generations.begin()
            stack.callback(self._discard)
            with self._engine.failing():
                self._building = self._engine.build(self._generation.path)
            stack.callback(self._close)
            self._held = stack.pop_all()
        return self

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries whose keys are not in this generation yet."""
        added = list(entries)
        with self._engine.failing():
            self._building.add(added)

    def publish(self) -> None:
        """Make this generation the one that is read."""
        with self._engine.failing():
            self._building.commit()
        self._generations.publish(self._generation)
        self._published = True

    def _close(self) -> None:
        with self._engine.failing():
            self._building.close()

    def _discard(self) -> None:
        if not self._published:
            self._generations.discard(self._generation)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Discard what was not published."""
        self._held.close()
