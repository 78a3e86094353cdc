"""Figures that are not of use: what is held, came and went, copies by the acts, who was there, what audits found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Select,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from library.db.tables import (
    journal,
    people,
    statistics_active_readers,
    statistics_active_sums,
    statistics_changes,
    statistics_held,
)
from library.domain.journal import Deed
from library.domain.periods import ReportPeriod, Step
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
        """Different readers who were signed in in these months, none of which is forgotten, by their cards of today."""
        query, by = self._active(first_month, last_month, columns)
        return {tuple(row[:-1]): row[-1] for row in self._connection.execute(query.group_by(*by)) if row[-1]}

    def active_by_month(
        self, first_month: date, last_month: date, columns: Sequence[str]
    ) -> list[tuple[date, Key, int]]:
        """The same for each of these months by itself, forgotten or not."""
        month = statistics_active_readers.c.month
        query, by = self._active(first_month, last_month, columns)
        rows = self._connection.execute(query.add_columns(month).group_by(month, *by))
        known = [(row[-1], tuple(row[:-2]), row[-2]) for row in rows]
        return known + self.active_sums(Step.MONTH, first_month, last_month, columns)

    def active_sums(self, step: Step, first: date, last: date, columns: Sequence[str]) -> list[tuple[date, Key, int]]:
        """Different readers in the periods of this kind that began from `first` to `last` and have forgotten months."""
        sums = statistics_active_sums.c
        by = [sums.first_day, *(sums[name] for name in columns)]
        query = (
            select(*by, _whole(sums.readers))
            .where(sums.step == step.value, sums.first_day.between(first, last))
            .group_by(*by)
        )
        return [(row[0], tuple(row[1:-1]), row[-1]) for row in self._connection.execute(query)]

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
        """The first month in which a reader was noted, forgotten or not; None where there was none yet."""
        sums = statistics_active_sums.c
        forgotten = select(func.min(sums.first_day)).where(sums.step == Step.MONTH.value)
        known = self._connection.execute(forgotten).scalar_one_or_none()
        return known or self.first_kept_month()

    def first_kept_month(self) -> date | None:
        """The first month of which it is known who was there; None where there is none."""
        return self._connection.execute(select(func.min(statistics_active_readers.c.month))).scalar_one_or_none()

    def audits(self, since: datetime, before: datetime) -> list[tuple[datetime, str]]:
        """When audits of the store told a result, by the journal, and the digest where they closed a file of it."""
        at, deed = journal.c.at, journal.c.deed
        query = select(at, deed, journal.c.after).where(
            deed.in_([Deed.STORE_AUDITED.value, Deed.DOCUMENT_CLOSED.value]), at >= since, at < before
        )
        found = []
        for row in self._connection.execute(query.order_by(journal.c.seq)):
            facts = orjson.loads(row.after)
            is_closed = row.deed == Deed.DOCUMENT_CLOSED
            # A scan closes files too; what an audit closes bears the condition in which it was found.
            if not is_closed or "condition" in facts:
                found.append((row.at, facts["digest"] if is_closed else ""))
        return found

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

    def keep_sums(self, period: ReportPeriod) -> None:
        """Keep how many different readers were there in a period that is over; what is kept already stays."""
        sums, active = statistics_active_sums.c, statistics_active_readers.c
        is_kept = exists().where(sums.step == period.step.value, sums.first_day == period.first)
        cell = (people.c.category, people.c.faculty)
        readers = (
            select(literal(period.step.value), literal(period.first), *cell, func.count(active.person_id.distinct()))
            .join_from(statistics_active_readers, people, people.c.id == active.person_id)
            .where(active.month.between(period.first, period.last), ~is_kept)
            .group_by(*cell)
        )
        names = ["step", "first_day", "category", "faculty", "readers"]
        self._connection.execute(insert(statistics_active_sums).from_select(names, readers))

    def forget_readers(self, month: date) -> None:
        """Forget who was there in this month."""
        active = statistics_active_readers
        self._connection.execute(delete(active).where(active.c.month == month))


_CHUNK = 500


def _whole(column: ColumnElement[int]) -> ColumnElement[int]:
    """The sum as a whole number: PostgreSQL would else answer in decimals."""
    return cast(func.coalesce(func.sum(column), 0), BigInteger)
