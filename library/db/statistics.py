"""Figures that are not of use: what is held and what came and went, copies by the acts, readers who were there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Select, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite

from library.db.tables import (
    people,
    statistics_active_readers,
    statistics_changes,
    statistics_held,
)
from library.domain.statistics_stocks import Measure

Key = tuple[str, ...]


class ReadStatistics:
    """Sums; `columns` name what they are told apart by, and keys have the values in that order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stock(self, measure: Measure, until: date, columns: Sequence[str]) -> dict[Key, int]:
        """What there was at the end of this day; what is 0 is left out."""
        changes = statistics_changes.c
        by = [changes[name] for name in columns]
        amount = _whole(changes.came - changes.went + changes.moved)
        query = select(*by, amount).where(changes.measure == measure.value, changes.day <= until).group_by(*by)
        return {tuple(row[:-1]): row[-1] for row in self._connection.execute(query) if row[-1]}

    def changes(
        self, measure: Measure, first: date, last: date, columns: Sequence[str]
    ) -> list[tuple[date, Key, int, int, int]]:
        """What came, went and moved on each of these days, in the order of the days."""
        changes = statistics_changes.c
        by = [changes.day, *(changes[name] for name in columns)]
        sums = [_whole(column) for column in (changes.came, changes.went, changes.moved)]
        query = (
            select(*by, *sums)
            .where(changes.measure == measure.value, changes.day.between(first, last))
            .group_by(*by)
            .order_by(changes.day)
        )
        return [(row[0], tuple(row[1:-3]), row[-3], row[-2], row[-1]) for row in self._connection.execute(query)]

    def first_change(self, measure: Measure) -> date | None:
        """The first day on which something came or went; None where nothing ever did."""
        changes = statistics_changes.c
        query = select(func.min(changes.day)).where(changes.measure == measure.value)
        return self._connection.execute(query).scalar_one_or_none()

    def active_readers(self, first_month: date, last_month: date, columns: Sequence[str]) -> dict[Key, int]:
        """Different readers who were signed in in these months, by what their cards say today."""
        query, by = self._active(first_month, last_month, columns)
        return {tuple(row[:-1]): row[-1] for row in self._connection.execute(query.group_by(*by)) if row[-1]}

    def active_by_month(
        self, first_month: date, last_month: date, columns: Sequence[str]
    ) -> list[tuple[date, Key, int]]:
        """The same for each of these months by itself."""
        month = statistics_active_readers.c.month
        query, by = self._active(first_month, last_month, columns)
        rows = self._connection.execute(query.add_columns(month).group_by(month, *by))
        return [(row[-1], tuple(row[:-2]), row[-2]) for row in rows]

    def _active(
        self, first_month: date, last_month: date, columns: Sequence[str]
    ) -> tuple[Select[Any], list[Column[str]]]:
        active = statistics_active_readers.c
        by = [people.c[name] for name in columns]
        query = select(*by, func.count(active.person_id.distinct())).where(
            active.month.between(first_month, last_month)
        )
        return (query.join(people, people.c.id == active.person_id) if by else query), by

    def first_active_month(self) -> date | None:
        """The first month in which a reader was noted; None where there was none yet."""
        return self._connection.execute(select(func.min(statistics_active_readers.c.month))).scalar_one_or_none()

    def with_text_among(self, record_ids: Sequence[int]) -> int:
        """How many of these records have a full text that readers see."""
        held, found = statistics_held.c, 0
        for start in range(0, len(record_ids), _CHUNK):
            query = select(func.count()).where(
                held.measure == Measure.TEXT.value, held.object_id.in_(record_ids[start : start + _CHUNK])
            )
            found += self._connection.execute(query).scalar_one()
        return found


class Statistics(ReadStatistics):
    """What is noted for statistics in the transactions of others; months begin in `zone`."""

    def __init__(self, connection: Connection, zone: tzinfo) -> None:
        super().__init__(connection)
        self._zone = zone

    def was_here(self, person_id: int, at: datetime) -> None:
        """Note that a reader was signed in in the month of this moment; once is enough."""
        upsert = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        row = {"month": at.astimezone(self._zone).date().replace(day=1), "person_id": person_id}
        self._connection.execute(upsert(statistics_active_readers).values(row).on_conflict_do_nothing())


_CHUNK = 500


def _whole(column: ColumnElement[int]) -> ColumnElement[int]:
    """The sum as a whole number: PostgreSQL would else answer in decimals."""
    return cast(func.coalesce(func.sum(column), 0), BigInteger)
