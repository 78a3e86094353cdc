"""The runs of the importer: what was read when, with which counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from library.db.tables import import_runs


class RunState(StrEnum):
    """How a run ended; one that was killed stays `running`."""

    RUNNING = "running"
    COMPLETE = "complete"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the records of a source."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def read(self) -> int:
        """All of them; the report balances by construction."""
        return self.new + self.changed + self.unchanged + self.rejected

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            new=self.new + other.new,
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
            rejected=self.rejected + other.rejected,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """One source that was imported, once."""

    id: int
    source: str
    path: str
    state: RunState
    counts: Counts
    started_at: datetime
    finished_at: datetime | None
    rejects_file: str


class ReadImports:
    """Runs of the past."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest(self, limit: int) -> list[ImportRun]:
        """The newest runs first."""
        query = select(import_runs).order_by(import_runs.c.id.desc()).limit(limit)
        return [_run(row) for row in self._connection.execute(query)]


class Imports(ReadImports):
    """Runs that are written down as they go."""

    def start(self, source: str, path: str, at: datetime) -> int:
        """The number of a new run."""
        row = {"source": source, "path": path, "state": RunState.RUNNING.value, "started_at": at, "rejects_file": ""}
        counts = {"read": 0, "new": 0, "changed": 0, "unchanged": 0, "rejected": 0}
        key = self._connection.execute(insert(import_runs).values({**row, **counts})).inserted_primary_key
        assert key is not None
        return int(key[0])

    def advance(self, run_id: int, counts: Counts) -> None:
        """Note how far a run has come, in the transaction of the batch that brought it there."""
        self._connection.execute(update(import_runs).where(import_runs.c.id == run_id).values(_count_row(counts)))

    def finish(self, run_id: int, state: RunState, counts: Counts, rejects_file: str, at: datetime) -> None:
        """Note how a run ended."""
        values = {**_count_row(counts), "state": state.value, "finished_at": at, "rejects_file": rejects_file}
        self._connection.execute(update(import_runs).where(import_runs.c.id == run_id).values(values))


def _count_row(counts: Counts) -> dict[str, object]:
    return {
        "read": counts.read,
        "new": counts.new,
        "changed": counts.changed,
        "unchanged": counts.unchanged,
        "rejected": counts.rejected,
    }


def _run(row: Row[*tuple[Any, ...]]) -> ImportRun:
    return ImportRun(
        id=row.id,
        source=row.source,
        path=row.path,
        state=RunState(row.state),
        counts=Counts(new=row.new, changed=row.changed, unchanged=row.unchanged, rejected=row.rejected),
        started_at=row.started_at,
        finished_at=row.finished_at,
        rejects_file=row.rejects_file,
    )
