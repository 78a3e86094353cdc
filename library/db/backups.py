"""Backups that were taken, and how their drills ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from library.db.tables import backups


class DrillOutcome(StrEnum):
    """How the last drill of a backup ended."""

    NOT_HELD = ""
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedBackup:
    """A backup; `seal` names it, `size` is in bytes, `directory` is where it was when it was last seen."""

    seal: str
    taken_at: datetime
    directory: str
    size: int
    encrypted: bool
    drilled_at: datetime | None = None
    outcome: DrillOutcome = DrillOutcome.NOT_HELD


class ReadBackups:
    """What is known of backups; whether they are still there, only their disk knows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest(self, limit: int) -> list[NotedBackup]:
        """The newest first."""
        return self._read(_NEWEST_FIRST.limit(limit))

    def proved(self) -> NotedBackup | None:
        """The newest backup whose last drill passed."""
        found = self._read(_NEWEST_FIRST.where(backups.c.outcome == DrillOutcome.PASSED).limit(1))
        return found[0] if found else None

    def _read(self, query: Select[*tuple[Any, ...]]) -> list[NotedBackup]:
        return [_noted(row) for row in self._connection.execute(query)]


class Backups(ReadBackups):
    """Backups that are noted as they are taken and drilled."""

    def note(self, backup: NotedBackup) -> None:
        """Note a backup, or what has become of one that is known by its seal."""
        values = {
            "taken_at": backup.taken_at,
            "directory": backup.directory,
            "bytes": backup.size,
            "encrypted": backup.encrypted,
            "drilled_at": backup.drilled_at,
            "outcome": backup.outcome.value,
        }
        known = update(backups).where(backups.c.seal == backup.seal).values(values)
        if not self._connection.execute(known).rowcount:
            self._connection.execute(insert(backups).values(seal=backup.seal, **values))

    def doubt(self, directory: str, at: datetime) -> None:
        """Note that a drill failed of whatever was known to lie in this directory."""
        values = {"drilled_at": at, "outcome": DrillOutcome.FAILED.value}
        self._connection.execute(update(backups).where(backups.c.directory == directory).values(values))


_NEWEST_FIRST = select(backups).order_by(backups.c.taken_at.desc(), backups.c.id.desc())


def _noted(row: Row[*tuple[Any, ...]]) -> NotedBackup:
    return NotedBackup(
        seal=row.seal,
        taken_at=row.taken_at,
        directory=row.directory,
        size=row.bytes,
        encrypted=row.encrypted,
        drilled_at=row.drilled_at,
        outcome=DrillOutcome(row.outcome),
    )
