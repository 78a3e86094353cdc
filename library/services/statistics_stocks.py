"""Figures of what is held and of who is registered, out of the book of changes, the acts and the months of readers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from library.domain.periods import ReportPeriod, Step, period_of
from library.domain.statistics import Dimension, Reason
from library.domain.statistics_stocks import STEPS_OF_READERS, Measure
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
        self._read: dict[Measure, list[tuple[date, Key, int, int, int]]] = {}
        self._held: dict[Measure, Found] = {}

    def stock(self, measure: Measure) -> Found:
        """What there was at the end of each period, or of the last day that was followed."""
        if measure not in self._held:
            self._held[measure] = self._stock(measure)
        return self._held[measure]

    def _stock(self, measure: Measure) -> Found:
        before = self._asked.span.first - _DAY
        held = defaultdict(int, self._statistics.stock(measure, before, self._columns))
        changes = iter(self._changes(measure))
        change = next(changes, None)
        cells: dict[tuple[int, Key], Decimal | int] = {}
        for place, period in enumerate(self._asked.periods):
            while change is not None and change[0] <= period.last:
                held[change[1]] += change[2] - change[3] + change[4]
                change = next(changes, None)
            cells |= {(place, key): amount for key, amount in held.items() if amount}
        return Found(cells=cells, missing=self._missing)

    def came(self, measure: Measure) -> Found:
        """What came in each period."""
        return self._flow((day, key, came) for day, key, came, _, _ in self._changes(measure))

    def went(self, measure: Measure) -> Found:
        """What went in each period."""
        return self._flow((day, key, went) for day, key, _, went, _ in self._changes(measure))

    def copies(self) -> Found:
        """Copies by the acts at the end of each period; not known before the first act."""
        return replace(self.stock(Measure.COPY), missing=self._without_acts())

    def copies_came(self) -> Found:
        """Copies that came in each period by the acts."""
        return replace(self.came(Measure.COPY), missing=self._without_acts())

    def copies_went(self) -> Found:
        """Copies that went in each period by the acts."""
        return replace(self.went(Measure.COPY), missing=self._without_acts())

    def active(self) -> Found:
        """Different readers who were signed in; known for periods of whole months since such months are noted.

        Of a span with months of which it is forgotten who was there, nobody can tell how many were the same.
        """
        first = self._statistics.first_active_month()
        missing = self._asked.unless(
            lambda period: first is not None and first <= period.last and _is_of_months(period)
        )
        cells: dict[tuple[int, Key], Decimal | int] = {}
        if self._asked.step is Step.MONTH:
            places = {period.first: place for place, period in enumerate(self._asked.periods)}
            span = self._asked.span
            for month, key, number in self._statistics.active_by_month(span.first, span.last, self._columns):
                cells[places[month], key] = number
            return Found(cells=cells, missing=missing)
        for place, period in enumerate(self._asked.periods):
            if place in missing:
                continue
            found = self._active_in(period)
            if found is None:
                missing[place] = Reason.NOT_RECORDED
            else:
                cells |= {(place, key): number for key, number in found.items()}
        return Found(cells=cells, missing=missing)

    def _active_in(self, period: ReportPeriod) -> dict[Key, int] | None:
        for step in STEPS_OF_READERS:
            whole = period_of(period.first, step)
            if whole.last == period.last and whole.first == period.first:
                sums = self._statistics.active_sums(step, whole.first, whole.first, self._columns)
                if sums:
                    return {key: number for _, key, number in sums}
        if self._statistics.active_sums(Step.MONTH, period.first, period.last, ()):
            return None
        return self._statistics.active_readers(period.first, period.last, self._columns)

    def _changes(self, measure: Measure) -> list[tuple[date, Key, int, int, int]]:
        if measure not in self._read:
            span = self._asked.span
            last = min(span.last, self._last)
            self._read[measure] = self._statistics.changes(measure, span.first, last, self._columns)
        return self._read[measure]

    def _flow(self, rows: Iterable[tuple[date, Key, int]]) -> Found:
        places = {period.first: place for place, period in enumerate(self._asked.periods)}
        if self._asked.step is Step.SPAN:
            known = ((0, key, number) for day, key, number in rows if day >= self._asked.span.first)
        else:
            known = (
                (place, key, number)
                for day, key, number in rows
                if (place := places.get(period_of(day, self._asked.step).first)) is not None
            )
        return Found(cells=added(row for row in known if row[2]), missing=self._missing)

    def _without_acts(self) -> dict[int, Reason]:
        first = self._statistics.first_change(Measure.COPY)
        return self._asked.unless(
            lambda period: first is not None and first <= period.last and period.first <= self._last
        )


def nothing_of(asked: Asked, reason: Reason) -> Found:
    """No figure for any period."""
    return Found(missing=asked.unless(lambda _: False, reason))


def _is_of_months(period: ReportPeriod) -> bool:
    return period.first.day == 1 and (period.last + _DAY).day == 1
