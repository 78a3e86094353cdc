"""Figures of what is held and of who is registered, out of the book of changes, the acts and the months of readers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from library.domain.periods import ReportPeriod, Step, period_of
from library.domain.statistics import Dimension, Reason
from library.domain.statistics_stocks import Measure
from library.services.statistics_asked import Asked, Found, Key, added

_COLUMNS = {
    Dimension.TYPE: "material",
    Dimension.LANGUAGE: "language",
    Dimension.SCRIPT: "script",
    Dimension.BRANCH: "branch",
    Dimension.SOURCE: "source",
    Dimension.CATEGORY: "category",
    Dimension.FACULTY: "faculty",
    Dimension.OPERATOR: "operator",
}
_DAY = timedelta(days=1)


class StockFigures:
    """The figures of holdings and readers for one question."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._statistics = asked.view.statistics
        self._columns = [_COLUMNS[dimension] for dimension in asked.by if dimension in _COLUMNS]
        followed = asked.view.statistics_book.followed()
        self.as_of: datetime | None = asked.end_of(followed[1]) if followed else None
        self._last = followed[1] if followed else date.min
        first = followed[0] if followed else date.max
        self._missing = asked.unless(lambda period: first <= period.last and period.first <= self._last)
        self._copies: list[tuple[date, Key, int, int]] | None = None

    def stock(self, measure: Measure) -> Found:
        """What there was at the end of each period, or of the last day that was followed."""
        first, last = self._asked.periods[0].first, min(self._asked.periods[-1].last, self._last)
        held = defaultdict(int, self._statistics.stock(measure, first - _DAY, self._columns))
        changes = iter(self._statistics.changes(measure, first, last, self._columns))
        change = next(changes, None)
        cells: dict[tuple[int, Key], Decimal | int] = {}
        for place, period in enumerate(self._asked.periods):
            while change is not None and change[0] <= period.last:
                held[change[1]] += change[2] - change[3] + change[4]
                change = next(changes, None)
            if place not in self._missing:
                cells |= {(place, key): amount for key, amount in held.items() if amount}
        return Found(cells=cells, missing=self._missing)

    def came(self, measure: Measure) -> Found:
        """What came in each period."""
        return self._flow(((day, key, came) for day, key, came, _, _ in self._changes(measure)), self._missing)

    def went(self, measure: Measure) -> Found:
        """What went in each period."""
        return self._flow(((day, key, went) for day, key, _, went, _ in self._changes(measure)), self._missing)

    def copies(self) -> Found:
        """Copies by the acts at the end of each period, or today; not known where no act was ever entered."""
        rows, held = iter(self._acts()), defaultdict[Key, int](int)
        cells: dict[tuple[int, Key], Decimal | int] = {}
        row = next(rows, None)
        for place, period in enumerate(self._asked.periods):
            while row is not None and row[0] <= period.last:
                held[row[1]] += row[2] - row[3]
                row = next(rows, None)
            cells |= {(place, key): amount for key, amount in held.items() if amount}
        missing = self._without_acts()
        return Found(cells={at: number for at, number in cells.items() if at[0] not in missing}, missing=missing)

    def copies_came(self) -> Found:
        """Copies that came in each period by the acts."""
        return self._flow(((day, key, came) for day, key, came, _ in self._acts()), self._without_acts())

    def copies_went(self) -> Found:
        """Copies that went in each period by the acts."""
        return self._flow(((day, key, went) for day, key, _, went in self._acts()), self._without_acts())

    def active(self) -> Found:
        """Different readers who were signed in; known for periods of whole months since such months are noted."""
        first = self._statistics.first_active_month()
        cells: dict[tuple[int, Key], Decimal | int] = {}
        missing = self._asked.unless(
            lambda period: first is not None and first <= period.last and _is_of_months(period)
        )
        if self._asked.step is Step.MONTH:
            places = {period.first: place for place, period in enumerate(self._asked.periods)}
            span = self._asked.span
            for month, key, number in self._statistics.active_by_month(span.first, span.last, self._columns):
                cells[places[month], key] = number
            return Found(cells=cells, missing=missing)
        for place, period in enumerate(self._asked.periods):
            if place not in missing:
                found = self._statistics.active_readers(period.first, period.last, self._columns)
                cells |= {(place, key): number for key, number in found.items()}
        return Found(cells=cells, missing=missing)

    def _changes(self, measure: Measure) -> list[tuple[date, Key, int, int, int]]:
        span = self._asked.span
        return self._statistics.changes(measure, span.first, min(span.last, self._last), self._columns)

    def _flow(self, rows: Iterator[tuple[date, Key, int]], missing: Mapping[int, Reason]) -> Found:
        places = {period.first: place for place, period in enumerate(self._asked.periods)}
        if self._asked.step is Step.SPAN:
            known = ((0, key, number) for day, key, number in rows if day >= self._asked.span.first)
        else:
            known = (
                (place, key, number)
                for day, key, number in rows
                if (place := places.get(period_of(day, self._asked.step).first)) is not None
            )
        return Found(cells=added(row for row in known if row[2] and row[0] not in missing), missing=missing)

    def _acts(self) -> list[tuple[date, Key, int, int]]:
        if self._copies is None:
            last = min(self._asked.span.last, self._asked.today)
            self._copies = self._statistics.copies(last, self._columns)
        return self._copies

    def _without_acts(self) -> dict[int, Reason]:
        acts = self._acts()
        return self._asked.unless(lambda period: bool(acts) and acts[0][0] <= period.last)


def nothing_of(asked: Asked, reason: Reason) -> Found:
    """No figure for any period."""
    return Found(missing=asked.unless(lambda _: False, reason))


def _is_of_months(period: ReportPeriod) -> bool:
    return period.first.day == 1 and (period.last + _DAY).day == 1
