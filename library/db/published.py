"""What is open to readers, by number and time: one statement each, so that none needs a unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from library.db.tables import records
from library.db.unit_of_work import Database
from library.domain.record import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A number and when what it stands for was last changed."""

    number: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """The number of a record, when it came and when it was last changed."""

    number: int
    created_at: datetime
    changed_at: datetime


class Published:
    """The numbers of published records; descriptions are read elsewhere."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine

    def newest(self, before: int | None, limit: int) -> list[Arrived]:
        """The last to come first, from the one before record `before`: numbers are given in the order of arrival."""
        query = select(*_ARRIVED).where(records.c.status == Status.PUBLISHED).order_by(records.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(records.c.id < before)
        return self._arrived(query)

    def arrived(self, numbers: Sequence[int]) -> list[Arrived]:
        """Those of these records that are published, the last to come first."""
        query = select(*_ARRIVED).where(records.c.status == Status.PUBLISHED, records.c.id.in_(numbers))
        return self._arrived(query.order_by(records.c.id.desc()))

    def parts(self, size: int) -> list[Changed]:
        """The parts of the catalogue that have published records, when it is cut after every `size`-th number.

        Part 1 begins with number 1. A part changes with any of its records, also when one is withdrawn.
        """
        part = (records.c.id - 1) // size
        # Each half is answered from an index alone; together they would read the records themselves.
        filled = (
            select(part.label("part")).where(records.c.status == Status.PUBLISHED).group_by(part).subquery("filled")
        )
        changed = (
            select(part.label("part"), func.max(records.c.changed_at).label("changed_at"))
            .group_by(part)
            .subquery("changed")
        )
        query = (
            select(changed.c.part, changed.c.changed_at)
            .join(filled, filled.c.part == changed.c.part)
            .order_by(changed.c.part)
        )
        with self._engine.connect() as connection:
            return [Changed(number=row.part + 1, changed_at=row.changed_at) for row in connection.execute(query)]

    def part(self, number: int, size: int) -> list[Changed]:
        """The published records of one part, in the order of their numbers."""
        last = number * size
        query = (
            select(records.c.id, records.c.changed_at)
            .where(records.c.status == Status.PUBLISHED, records.c.id > last - size, records.c.id <= last)
            .order_by(records.c.id)
        )
        with self._engine.connect() as connection:
            return [Changed(number=row.id, changed_at=row.changed_at) for row in connection.execute(query)]

    def _arrived(self, query: Select[tuple[int, datetime, datetime]]) -> list[Arrived]:
        with self._engine.connect() as connection:
            rows = connection.execute(query)
            return [Arrived(number=row.id, created_at=row.created_at, changed_at=row.changed_at) for row in rows]


_ARRIVED = (records.c.id, records.c.created_at, records.c.changed_at)
