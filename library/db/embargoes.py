"""Embargoes of whole records: rows to values and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from library.db.tables import record_embargoes
from library.domain.embargo import RecordEmbargo


class ReadEmbargoes:
    """Embargoes that were set and have not ended."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, record_id: int) -> RecordEmbargo | None:
        """That of this record, planned or in force."""
        query = select(record_embargoes).where(record_embargoes.c.record_id == record_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _embargo(row)

    def due(self, now: datetime, limit: int) -> list[RecordEmbargo]:
        """Those whose day has begun, the earliest first."""
        query = (
            select(record_embargoes)
            .where(record_embargoes.c.opens_at <= now)
            .order_by(record_embargoes.c.opens_at, record_embargoes.c.record_id)
            .limit(limit)
        )
        return [_embargo(row) for row in self._connection.execute(query)]


class Embargoes(ReadEmbargoes):
    """Embargoes that can be set and taken away."""

    def keep(self, embargo: RecordEmbargo) -> None:
        """Set it, instead of the one that the record had."""
        self.remove(embargo.record_id)
        row = {
            "record_id": embargo.record_id,
            "until": embargo.until,
            "opens_at": embargo.opens_at,
            "version": embargo.version,
        }
        self._connection.execute(insert(record_embargoes).values(row))

    def remove(self, record_id: int) -> None:
        """Take it away, if there is one."""
        self._connection.execute(delete(record_embargoes).where(record_embargoes.c.record_id == record_id))


def _embargo(row: Row[*tuple[Any, ...]]) -> RecordEmbargo:
    return RecordEmbargo(record_id=row.record_id, until=row.until, opens_at=row.opens_at, version=row.version)
