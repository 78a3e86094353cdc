"""The figures of use: read from the counts of days and of months, never from events.

A span is told by the newest revisions of its whole months and by the days at its ends. With a step it is widened to
whole periods, and each of them is told by itself; without one it is told as one sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import Row, and_, func, select

from library.db.tables import (
    usage_day_excluded,
    usage_day_hours,
    usage_day_platform,
    usage_day_readers,
    usage_day_requests,
    usage_day_visits,
    usage_days,
    usage_dirty_days,
    usage_month_excluded,
    usage_month_hours,
    usage_month_platform,
    usage_month_readers,
    usage_month_requests,
    usage_month_visits,
    usage_months,
    usage_queries,
)
from library.db.usage_parts import COLUMNS, Pair, figures, newest_revisions, parts, widened
from library.db.usage_records import ReadUsageRecords
from library.domain.counter_types import Metric
from library.domain.periods import Span, Step, period_of
from library.domain.usage_figures import (
    Count,
    CountedDay,
    CountedMonth,
    MonthState,
    PlatformUse,
    RevisionReason,
    SearchedWords,
    Visits,
)

_STABLE = timedelta(minutes=10)
_LAG = timedelta(minutes=1)
_SEVERAL = 2
_Sums = dict[tuple[date, tuple[Any, ...]], list[int]]


_REQUESTS = Pair(of_days=usage_day_requests, of_months=usage_month_requests, figures=("number",))
_HOURS = Pair(of_days=usage_day_hours, of_months=usage_month_hours, figures=("number",))
_READERS = Pair(of_days=usage_day_readers, of_months=usage_month_readers, figures=("number",))
_EXCLUDED = Pair(of_days=usage_day_excluded, of_months=usage_month_excluded, figures=("number",))
_VISITS = Pair(of_days=usage_day_visits, of_months=usage_month_visits, figures=("visits",))
_PLATFORM = Pair(of_days=usage_day_platform, of_months=usage_month_platform, figures=tuple(COLUMNS.values()))


class ReadUsageCounts(ReadUsageRecords):
    """Counts of uses, of those that were excluded, of visits and of searches."""

    def requests(
        self, span: Span, step: Step | None = None, by: Sequence[str] = (), *, institution: str | None = None
    ) -> list[Count]:
        """Every use that is not excluded, once: by institution, kind, outcome, denied, data_type."""
        return self._counts(_REQUESTS, span, step, by, institution)

    def hours(
        self, span: Span, step: Step | None = None, by: Sequence[str] = ("hour",), *, institution: str | None = None
    ) -> list[Count]:
        """The same uses by institution, hour (00 to 23), kind, outcome."""
        return self._counts(_HOURS, span, step, by, institution)

    def readers(
        self,
        span: Span,
        step: Step | None = None,
        by: Sequence[str] = ("category", "faculty"),
        *,
        institution: str | None = None,
    ) -> list[Count]:
        """The same uses by institution, category, faculty, kind, outcome; small cells are told as they are."""
        return self._counts(_READERS, span, step, by, institution)

    def excluded(
        self, span: Span, step: Step | None = None, by: Sequence[str] = ("reason",), *, institution: str | None = None
    ) -> list[Count]:
        """All other events, by institution and reason."""
        return self._counts(_EXCLUDED, span, step, by, institution)

    def platform(
        self, span: Span, step: Step | None = None, by: Sequence[str] = (), *, institution: str | None = None
    ) -> list[PlatformUse]:
        """The metrics of the whole platform by institution, data_type, access_type, access_method."""
        sums = self._sums(_PLATFORM, span, step, by, institution)
        return [PlatformUse(when, key, figures(Metric, numbers)) for (when, key), numbers in sorted(sums.items())]

    def visits(self, span: Span, step: Step | None = None, *, institution: str | None = None) -> list[Visits]:
        """Visits, and the most at one moment; a visit ends with the day at the latest."""
        sums = self._sums(_VISITS, span, step, (), institution)
        peaks: dict[date, int] = {}
        for day, peak in self._peaks(span if step is None else widened(span, step), institution):
            when = span.first if step is None else period_of(day, step).first
            peaks[when] = max(peak, peaks.get(when, 0))
        return [Visits(when, numbers[0], peaks.get(when, 0)) for (when, _), numbers in sorted(sums.items())]

    def busy_hours(self, span: Span, *, institution: str | None = None) -> Mapping[tuple[int, int], int]:
        """Uses by weekday (Monday is 0) and hour."""
        table = usage_day_hours
        query = select(table.c.day, table.c.hour, func.sum(table.c.number)).group_by(table.c.day, table.c.hour)
        query = query.where(table.c.day.between(span.first, span.last))
        if institution is not None:
            query = query.where(table.c.institution == institution)
        found: dict[tuple[int, int], int] = {}
        for day, hour, number in self._connection.execute(query):
            cell = (day.weekday(), hour)
            found[cell] = found.get(cell, 0) + int(number)
        return found

    def searched_without_success(self, span: Span, limit: int = 50) -> list[SearchedWords]:
        """What was searched for and not found, most often first.

        Told is only what two different visitors searched for on one day: what one visitor types may say who it is.
        """
        table = usage_queries
        nothing = func.sum(table.c.nothing_found)
        query = (
            select(table.c.words, func.sum(table.c.found).label("found"), nothing.label("nothing_found"))
            .where(table.c.day.between(span.first, span.last))
            .group_by(table.c.words)
            .having(nothing > 0, func.max(table.c.visitors) >= _SEVERAL)
            .order_by(nothing.desc(), table.c.words)
            .limit(limit)
        )
        return [
            SearchedWords(words=row.words, found=int(row.found), nothing_found=int(row.nothing_found))
            for row in self._connection.execute(query)
        ]

    def months(self, span: Span) -> list[CountedMonth]:
        """The newest revision of each counted month that the span touches."""
        newest = newest_revisions(widened(span, Step.MONTH))
        query = select(usage_months).join(
            newest, and_(usage_months.c.month == newest.c.month, usage_months.c.revision == newest.c.revision)
        )
        return [_month(row) for row in self._connection.execute(query.order_by(usage_months.c.month))]

    def revisions(self, month: date) -> list[CountedMonth]:
        """All revisions of the month that this day lies in, the oldest first."""
        first = period_of(month, Step.MONTH).first
        query = select(usage_months).where(usage_months.c.month == first).order_by(usage_months.c.revision)
        return [_month(row) for row in self._connection.execute(query)]

    def days(self, span: Span) -> list[CountedDay]:
        """The counted days of the span; a day without any event is not among them."""
        query = select(usage_days).where(usage_days.c.day.between(span.first, span.last)).order_by(usage_days.c.day)
        return [_day(row) for row in self._connection.execute(query)]

    def first_day(self) -> date | None:
        """The first day that anything was counted on."""
        return self._connection.execute(select(func.min(usage_days.c.day))).scalar_one_or_none()

    def data_as_of(self, now: datetime, zone: tzinfo) -> datetime | None:
        """The moment up to which all uses are in the figures, in UTC; None where nothing was counted yet.

        While nothing waits it is a multiple of ten minutes, so that an unchanged answer says the same.
        """
        if self.first_day() is None:
            return None
        as_of = datetime.fromtimestamp((now - _LAG).timestamp() // _STABLE.seconds * _STABLE.seconds, UTC)
        dirty = select(func.min(usage_dirty_days.c.day))
        day = self._connection.execute(dirty).scalar_one_or_none()
        if day is None:
            return as_of
        begins = datetime.combine(day, time(), zone).astimezone(UTC)
        if day == now.astimezone(zone).date():
            counted = self.days(Span(first=day, last=day))
            begins = max([begins, *(one.counted_at - _LAG for one in counted)])
        return min(as_of, begins)

    def _counts(
        self, pair: Pair, span: Span, step: Step | None, by: Sequence[str], institution: str | None
    ) -> list[Count]:
        sums = self._sums(pair, span, step, by, institution)
        return [Count(when, _words(by, key), numbers[0]) for (when, key), numbers in sorted(sums.items())]

    def _sums(self, pair: Pair, span: Span, step: Step | None, by: Sequence[str], institution: str | None) -> _Sums:
        """Figures by the first day of their period and the values of these columns."""
        unknown = set(by) - {key.name for key in pair.of_days.primary_key.columns} | set(by) & {"day"}
        if unknown:
            message = f"figures are not told by {sorted(unknown)}"
            raise ValueError(message)
        sums: _Sums = {}
        for table, part in parts(pair, span if step is None else widened(span, step), by_day=step is Step.DAY):
            when = table.c["day" if "day" in table.c else "month"]
            keys = ([] if step is None else [when]) + [table.c[name] for name in by]
            query = part.add_columns(*keys, *(func.sum(table.c[name]) for name in pair.figures)).group_by(*keys)
            if institution is not None:
                query = query.where(table.c.institution == institution)
            for row in self._connection.execute(query):
                if row[-1] is None:
                    continue
                at = span.first if step is None else period_of(row[0], step).first
                key = tuple(row[len(keys) - len(by) : len(keys)])
                numbers = sums.setdefault((at, key), [0] * len(pair.figures))
                for place, number in enumerate(row[len(keys) :]):
                    numbers[place] += int(number)
        return sums

    def _peaks(self, span: Span, institution: str | None) -> Iterator[tuple[date, int]]:
        table = usage_days if institution is None else usage_day_visits
        query = select(table.c.day, table.c.peak).where(table.c.day.between(span.first, span.last))
        if institution is not None:
            query = query.where(table.c.institution == institution)
        yield from ((row.day, row.peak) for row in self._connection.execute(query))


def _words(by: Sequence[str], key: Sequence[Any]) -> tuple[str, ...]:
    return tuple(f"{value:02}" if name == "hour" else str(value) for name, value in zip(by, key, strict=True))


def _month(row: Row[*tuple[Any, ...]]) -> CountedMonth:
    return CountedMonth(
        month=row.month,
        revision=row.revision,
        state=MonthState(row.state),
        events=row.events,
        peak=row.peak,
        checksum=row.checksum,
        rules_version=row.rules_version,
        robots_version=row.robots_version,
        counted_at=row.counted_at,
        closed_at=row.closed_at,
        reason=RevisionReason(row.reason),
    )


def _day(row: Row[*tuple[Any, ...]]) -> CountedDay:
    return CountedDay(
        day=row.day,
        generation=row.generation,
        events=row.events,
        peak=row.peak,
        counted_at=row.counted_at,
        rules_version=row.rules_version,
        robots_version=row.robots_version,
        is_final=row.is_final,
    )
