"""Counts of days are replaced whole; months are added up from them and kept in revisions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import Table, delete, func, insert, literal, select, text, update

from library.db.tables import usage_days, usage_dirty_days, usage_months
from library.db.tables.schema import metadata
from library.db.usage_counts import ReadUsageCounts
from library.db.usage_parts import insert_rows
from library.domain.counts import Tally
from library.domain.periods import ReportPeriod, Span
from library.domain.usage_figures import CountedDay, MonthState, RevisionReason

_NAMES = ("platform", "titles", "items", "requests", "hours", "readers", "excluded", "visits")
_OF_ITEMS = ("titles", "items")
_OF_DAYS = {name: metadata.tables[f"usage_day_{name}"] for name in _NAMES}
_OF_MONTHS = {name: metadata.tables[f"usage_month_{name}"] for name in _NAMES}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCounted:
    """What was counted of a day; `visits` are institution, visits and their peak, `peak` is that of all together."""

    day: date
    tally: Tally
    events: int
    visits: Sequence[tuple[str, int, int]]
    peak: int
    at: datetime
    rules_version: str
    robots_version: str


class UsageCounts(ReadUsageCounts):
    """Counts that can be written."""

    def hold(self) -> None:
        """Let nobody else write counts until this transaction ends; SQLite has one writer anyhow."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("LOCK TABLE usage_days IN SHARE ROW EXCLUSIVE MODE"))

    def day(self, day: date) -> CountedDay | None:
        """How a day was counted last."""
        return next(iter(self.days(Span(first=day, last=day))), None)

    def replace_day(self, counted: DayCounted) -> None:
        """Put these counts in the place of all that the day had."""
        day, known = counted.day, self.day(counted.day)
        for table in _OF_DAYS.values():
            self._connection.execute(delete(table).where(table.c.day == day))
        for name, rows in _rows(counted):
            insert_rows(self._connection, _OF_DAYS[name], list(rows))
        self._connection.execute(delete(usage_days).where(usage_days.c.day == day))
        row = {
            "day": day,
            "generation": 1 if known is None else known.generation + 1,
            "events": counted.events,
            "peak": counted.peak,
            "counted_at": counted.at,
            "rules_version": counted.rules_version,
            "robots_version": counted.robots_version,
            "is_final": False,
        }
        self._connection.execute(insert(usage_days).values(row))

    def add_up(self, month: ReportPeriod, at: datetime) -> None:
        """Make an open month of its days anew, where it has any; a closed one stays as it is."""
        newest = self.revisions(month.first)
        is_counted = bool(self.days(Span(first=month.first, last=month.last)))
        if is_counted and (not newest or newest[-1].state is MonthState.OPEN):
            self._make(month, 1, at, state=MonthState.OPEN, reason=RevisionReason.FIRST)

    def close(self, month: ReportPeriod, at: datetime) -> None:
        """Close the month as it is now; a month without any use too."""
        self._make(month, 1, at, state=MonthState.CLOSED, reason=RevisionReason.FIRST)

    def revise(self, month: ReportPeriod, at: datetime) -> bool:
        """Add an open month up; put a further revision beside those of a closed one, where its figures are others."""
        newest = self.revisions(month.first)[-1:]
        if not newest or newest[0].state is MonthState.OPEN:
            self.add_up(month, at)
            return True
        revision = newest[0].revision + 1
        self._make(month, revision, at, state=MonthState.CLOSED, reason=RevisionReason.LATE_EVENTS)
        if self.revisions(month.first)[-1].checksum != newest[0].checksum:
            return True
        generation = self._generation(month)
        self._clear(month.first, revision)
        same = (usage_months.c.month == month.first, usage_months.c.revision == newest[0].revision)
        self._connection.execute(update(usage_months).where(*same).values(generation=generation))
        return False

    def out_of_date(self) -> list[date]:
        """Months of which a day was counted after they were added up, and no day waits to be counted."""
        months = select(usage_months.c.month, usage_months.c.generation)
        in_order = months.order_by(usage_months.c.month, usage_months.c.revision)
        newest = {row.month: row.generation for row in self._connection.execute(in_order)}
        sums = dict.fromkeys(newest, 0)
        for day, generation in self._connection.execute(select(usage_days.c.day, usage_days.c.generation)):
            sums[day.replace(day=1)] = sums.get(day.replace(day=1), 0) + generation
        dirty = {day.replace(day=1) for day in self._dirty()}
        return sorted(month for month, of_days in sums.items() if of_days != newest.get(month) and month not in dirty)

    def open_months(self) -> list[date]:
        """The first days of the counted months that are not closed."""
        state = select(usage_months.c.month).where(usage_months.c.state == MonthState.OPEN.value)
        return list(self._connection.execute(state.order_by(usage_months.c.month)).scalars())

    def make_final(self, day: date) -> None:
        """The events of a day are gone: it is counted no more, and its records are told by the month."""
        for name in _OF_ITEMS:
            table = _OF_DAYS[name]
            self._connection.execute(delete(table).where(table.c.day == day))
        self._connection.execute(update(usage_days).where(usage_days.c.day == day).values(is_final=True))

    def oldest_with_events(self, before: date) -> date | None:
        """The earliest day before this one whose events are kept."""
        query = select(func.min(usage_days.c.day)).where(usage_days.c.day < before, usage_days.c.is_final.is_(False))
        return self._connection.execute(query).scalar_one_or_none()

    def checksum(self, month: date, revision: int) -> str:
        """SHA-256 of all figures of a revision, the same from both databases."""
        digest = sha256()
        for name, table in _OF_MONTHS.items():
            columns = [column for column in table.c if column.name not in ("month", "revision")]
            query = select(*columns).where(table.c.month == month, table.c.revision == revision)
            # Sorted here: databases sort words by rules of their own.
            rows = sorted(tuple(row) for row in self._connection.execute(query))
            digest.update(json.dumps([name, [column.name for column in columns], *rows]).encode())
        return digest.hexdigest()

    def _make(
        self, month: ReportPeriod, revision: int, at: datetime, *, state: MonthState, reason: RevisionReason
    ) -> None:
        self._clear(month.first, revision)
        for name, table in _OF_MONTHS.items():
            self._add_up(_OF_DAYS[name], table, month, revision)
        days = self.days(Span(first=month.first, last=month.last))
        row = {
            "month": month.first,
            "revision": revision,
            "state": state.value,
            "generation": sum(day.generation for day in days),
            "events": sum(day.events for day in days),
            "peak": max((day.peak for day in days), default=0),
            "counted_at": at,
            "closed_at": at if state is MonthState.CLOSED else None,
            "checksum": self.checksum(month.first, revision) if state is MonthState.CLOSED else "",
            "rules_version": _versions(day.rules_version for day in days),
            "robots_version": _versions(day.robots_version for day in days),
            "reason": reason.value,
        }
        self._connection.execute(insert(usage_months).values(row))

    def _add_up(self, of_days: Table, of_months: Table, month: ReportPeriod, revision: int) -> None:
        keys = [column for column in of_days.primary_key.columns if column.name != "day"]
        figures = [column for column in of_days.c if not column.primary_key]
        sums = [(func.max if column.name == "peak" else func.sum)(column) for column in figures]
        query = (
            select(literal(month.first), literal(revision), *keys, *sums)
            .where(of_days.c.day.between(month.first, month.last))
            .group_by(*keys)
        )
        names = ["month", "revision", *(column.name for column in (*keys, *figures))]
        self._connection.execute(insert(of_months).from_select(names, query))

    def _clear(self, month: date, revision: int) -> None:
        for table in (*_OF_MONTHS.values(), usage_months):
            self._connection.execute(delete(table).where(table.c.month == month, table.c.revision == revision))

    def _generation(self, month: ReportPeriod) -> int:
        return sum(day.generation for day in self.days(Span(first=month.first, last=month.last)))

    def _dirty(self) -> list[date]:
        return list(self._connection.execute(select(usage_dirty_days.c.day).distinct()).scalars())


def _rows(counted: DayCounted) -> Iterator[tuple[str, Iterator[tuple[object, ...]]]]:
    """The rows of each table, in the order of its columns. SQLite keeps days as words."""
    tally, day = counted.tally, counted.day.isoformat()
    yield "platform", ((day, *traits, *numbers) for traits, numbers in tally.platform.items())
    yield "titles", ((day, title, *traits, *numbers[1:]) for (title, traits), numbers in tally.titles.items())
    yield (
        "items",
        ((day, item, title, *traits, *numbers[1:]) for (item, title, traits), numbers in tally.items.items()),
    )
    yield "requests", ((day, *key, number) for key, number in tally.requests.items())
    yield "hours", ((day, *key, number) for key, number in tally.hours.items())
    yield "readers", ((day, *key, number) for key, number in tally.readers.items())
    yield "excluded", ((day, who, reason.value, number) for (who, reason), number in tally.excluded.items())
    yield "visits", ((day, *visits) for visits in counted.visits)


def _versions(found: Iterable[str]) -> str:
    """Several where days were counted by different ones."""
    return ", ".join(sorted(set(found)))
