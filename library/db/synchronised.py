"""The items of the open archive as programs keep copies of them: by number, and by when they changed.

Nothing is written, so that none needs a unit of work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, tuple_

from library.db.open_archive import seconds_of
from library.db.published import Changed
from library.db.tables import archive_items, records
from library.db.unit_of_work import Database

_PLACE = (archive_items.c.datestamp, archive_items.c.record_id)
_PRESENT = archive_items.c.deleted.is_(False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in the order of changes: a datestamp in seconds since 1970 and the number of a record."""

    seconds: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The last change of a record: when, and whether it was the end of it."""

    number: int
    changed_at: datetime
    deleted: bool


class Synchronised:
    """What has ever been open to readers."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine

    def parts(self, size: int) -> list[Changed]:
        """The parts that have records open to readers, when the numbers are cut after every `size`-th, from 1 on."""
        part = (archive_items.c.record_id - 1) // size
        newest = func.max(archive_items.c.datestamp).label("newest")
        query = select(part.label("part"), newest).where(_PRESENT).group_by(part).order_by(part)
        return [Changed(number=row.part + 1, changed_at=_moment(row.newest)) for row in self._rows(query)]

    def part(self, number: int, size: int) -> list[Changed]:
        """The records of one part that are open to readers, in the order of their numbers."""
        last = number * size
        within = archive_items.c.record_id.between(last - size + 1, last)
        query = select(*_PLACE).where(_PRESENT, within).order_by(archive_items.c.record_id)
        return [Changed(number=row.record_id, changed_at=_moment(row.datestamp)) for row in self._rows(query)]

    def pages(self, since: datetime, size: int) -> list[Position]:
        """Where each page of so many changes begins, from this moment on."""
        place = func.row_number().over(order_by=_PLACE).label("place")
        numbered = select(*_PLACE, place).where(archive_items.c.datestamp >= seconds_of(since)).subquery("numbered")
        query = (
            select(numbered.c.datestamp, numbered.c.record_id)
            .where((numbered.c.place - 1) % size == 0)
            .order_by(numbered.c.place)
        )
        return [Position(seconds=row.datestamp, number=row.record_id) for row in self._rows(query)]

    def changes(self, start: Position, limit: int) -> list[Change]:
        """The changes from this position on, the earliest first; of each record there is only the last one."""
        query = (
            select(*_PLACE, archive_items.c.deleted)
            .where(tuple_(*_PLACE) >= tuple_(start.seconds, start.number))
            .order_by(*_PLACE)
            .limit(limit)
        )
        return [
            Change(number=row.record_id, changed_at=_moment(row.datestamp), deleted=row.deleted)
            for row in self._rows(query)
        ]

    def first_since(self, moment: datetime) -> int:
        """The lowest number of a record that came at this moment or later, or one above all numbers.

        Numbers are given in the order of arrival, so that some twenty records tell.
        """
        low, high = 1, 1 + (self._rows(select(func.max(records.c.id)))[0][0] or 0)
        while low < high:
            middle = (low + high) // 2
            query = select(records.c.id, records.c.created_at).where(records.c.id >= middle).order_by(records.c.id)
            (row,) = self._rows(query.limit(1))
            if row.created_at >= moment:
                high = middle
            else:
                low = row.id + 1
        return low

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with self._engine.connect() as connection:
            return connection.execute(query).all()


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
