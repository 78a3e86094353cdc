"""Windows of maintenance: domain values to rows and back."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text, update

from library.db.tables import maintenance_windows
from library.domain.errors import N_, NotFound, StaleVersion
from library.domain.journal import facts_text
from library.domain.maintenance import Window


class ReadMaintenance:
    """Windows that were registered."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, window_id: int) -> Window:
        """A window; `NotFound` where there is none."""
        query = select(maintenance_windows).where(maintenance_windows.c.id == window_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(N_("There is no maintenance {id}."), id=window_id)
        return _window(row)

    def ahead(self, now: datetime) -> list[Window]:
        """Those that run or come, the next first."""
        query = select(maintenance_windows).where(
            maintenance_windows.c.ends_at > now,
            maintenance_windows.c.ended_at.is_(None),
            maintenance_windows.c.cancelled_at.is_(None),
        )
        return [_window(row) for row in self._connection.execute(query.order_by(maintenance_windows.c.begins_at))]

    def begun(self, until: datetime, limit: int, offset: int = 0) -> list[Window]:
        """Those that began and were not cancelled, the newest first."""
        query = (
            select(maintenance_windows)
            .where(maintenance_windows.c.begins_at <= until, maintenance_windows.c.cancelled_at.is_(None))
            .order_by(maintenance_windows.c.begins_at.desc(), maintenance_windows.c.id.desc())
        )
        return [_window(row) for row in self._connection.execute(query.limit(limit).offset(offset))]

    def latest(self, limit: int) -> list[Window]:
        """All, cancelled ones too, the newest first."""
        query = select(maintenance_windows).order_by(
            maintenance_windows.c.begins_at.desc(), maintenance_windows.c.id.desc()
        )
        return [_window(row) for row in self._connection.execute(query.limit(limit))]


class Maintenance(ReadMaintenance):
    """Windows that can be registered, ended and cancelled."""

    def hold(self) -> None:
        """Let nobody else register until this transaction ends; SQLite has one writer anyhow."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("LOCK TABLE maintenance_windows IN SHARE ROW EXCLUSIVE MODE"))

    def add(self, window: Window) -> int:
        """Write a new window; its number."""
        row = {
            "begins_at": window.begins_at,
            "ends_at": window.ends_at,
            "notice_hours": window.notice_hours,
            "texts": facts_text(window.texts),
            "registered_at": window.registered_at,
            "registered_by": window.registered_by,
            "registered_by_name": window.registered_by_name,
        }
        statement = insert(maintenance_windows).values(row).returning(maintenance_windows.c.id)
        return int(self._connection.execute(statement).scalar_one())

    def close(self, window: Window) -> None:
        """Write when it was ended or cancelled; `StaleVersion` where somebody else did that meanwhile."""
        statement = (
            update(maintenance_windows)
            .where(
                maintenance_windows.c.id == window.id,
                maintenance_windows.c.ended_at.is_(None),
                maintenance_windows.c.cancelled_at.is_(None),
            )
            .values(ended_at=window.ended_at, cancelled_at=window.cancelled_at)
        )
        if self._connection.execute(statement).rowcount != 1:
            raise StaleVersion(N_("This maintenance was ended or cancelled by somebody else meanwhile."))


def _window(row: Row[*tuple[Any, ...]]) -> Window:
    return Window(
        id=row.id,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        notice_hours=row.notice_hours,
        texts=json.loads(row.texts),
        registered_at=row.registered_at,
        registered_by=row.registered_by,
        registered_by_name=row.registered_by_name,
        ended_at=row.ended_at,
        cancelled_at=row.cancelled_at,
    )
