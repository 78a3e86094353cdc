"""Whether the library can serve readers, and how far the index lags behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from indexer.model import IndexState
from indexer.search_index import IndexUnavailable, SearchIndex
from library.db.migrating import SchemaState
from library.db.unit_of_work import Database
from library.services.custody_scanner import ScannerState
from library.services.locks import is_held


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthState:
    """What is well and what is not.

    `database` is the state of its tables, or None where it can't be reached; `index` is None where it can't be used.
    `waiting` records are not indexed yet, the oldest since `oldest_seconds`. With a `scanner` that can't be trusted new
    files wait; readers are served.
    """

    database: SchemaState | None
    index: IndexState | None
    waiting: int
    oldest_seconds: float
    worker_alive: bool
    scanner: ScannerState

    @property
    def ready(self) -> bool:
        """Whether readers can be served whole: browsing and search."""
        return self.database is SchemaState.CURRENT and self.index is not None


class Health:
    """Looks at database, index and worker, and asks what the worker found of the scanner."""

    def __init__(
        self,
        database: Database,
        index: SearchIndex,
        worker_lock: Path,
        scanner: Callable[[], ScannerState],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._index = index
        self._worker_lock = worker_lock
        self._scanner = scanner
        self._clock = clock

    def state(self) -> HealthState:
        """The state of this moment; raises nothing."""
        schema = self._database.schema_state()
        waiting, oldest = self._backlog() if schema is SchemaState.CURRENT else (0, 0.0)
        return HealthState(
            database=schema,
            index=self._index_state(),
            waiting=waiting,
            oldest_seconds=oldest,
            worker_alive=is_held(self._worker_lock),
            scanner=self._scanner(),
        )

    def _backlog(self) -> tuple[int, float]:
        with self._database.reading() as view:
            waiting, oldest = view.outbox.waiting()
        return waiting, max(0.0, (self._clock() - oldest).total_seconds()) if oldest else 0.0

    def _index_state(self) -> IndexState | None:
        try:
            return self._index.state()
        except IndexUnavailable:
            return None
