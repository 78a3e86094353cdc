"""Figures of use, out of the counts of days and months."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from library.domain.counter_types import Metric
from library.domain.periods import Span, Step
from library.domain.statistics import Dimension
from library.domain.usage import Denial, Kind, Outcome
from library.domain.usage_figures import Count, PlatformUse, Ranking, Visits
from library.services.statistics_asked import Asked, Found, added

_COLUMNS = {
    Dimension.REQUEST: "kind",
    Dimension.RESULT: "outcome",
    Dimension.REASON: "denied",
    Dimension.DATA_TYPE: "data_type",
    Dimension.ACCESS_TYPE: "access_type",
    Dimension.ACCESS_METHOD: "access_method",
    Dimension.HOUR: "hour",
    Dimension.CATEGORY: "category",
    Dimension.FACULTY: "faculty",
    Dimension.EXCLUSION: "reason",
}
_OF_READERS = frozenset({Dimension.CATEGORY, Dimension.FACULTY})
_MOST_RECORDS = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which requests are counted; empty means all."""

    kinds: frozenset[Kind] = frozenset()
    outcome: Outcome | None = None
    denied: Denial | None = None


class UsageFigures:
    """The figures of use for one question; what several indicators need is read once."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._counts = asked.view.usage_counts
        self.as_of: datetime | None = self._counts.data_as_of(asked.now, asked.zone)
        first, last = self._counts.first_day(), asked.day_of(self.as_of) if self.as_of else None
        self._missing = asked.unless(
            lambda period: first is not None and last is not None and first <= period.last and period.first <= last
        )
        self._places = {period.first: place for place, period in enumerate(asked.periods)}
        self._requests: list[Count] | None = None
        self._platform: list[PlatformUse] | None = None

    def requests(self, wanted: Wanted) -> Found:
        """Requests of these kinds, with this outcome, refused for this reason."""
        asked, names = self._asked, self._names_of_requests()
        found = self._requests if self._requests is not None else self._read_requests(names)
        self._requests = found
        kind, outcome = names.index("kind"), names.index("outcome")
        denied = names.index("denied") if "denied" in names else None
        keys = [names.index(_COLUMNS[dimension]) for dimension in asked.by]
        rows = (
            (self._places[count.when], tuple(count.key[at] for at in keys), count.number)
            for count in found
            if (not wanted.kinds or count.key[kind] in wanted.kinds)
            and (wanted.outcome is None or count.key[outcome] == wanted.outcome)
            and (wanted.denied is None or (denied is not None and count.key[denied] == wanted.denied))
        )
        return self._found(rows)

    def metric(self, metric: Metric) -> Found:
        """A metric of COUNTER for the whole platform."""
        if self._platform is None:
            names = [_COLUMNS[dimension] for dimension in self._asked.by]
            self._platform = self._counts.platform(self._asked.span, self._step(), names)
        rows = ((self._places[use.when], use.key, use.figures.get(metric, 0)) for use in self._platform)
        return self._found(row for row in rows if row[2])

    def visits(self) -> Found:
        """Virtual visits that began in a period."""
        return self._found((self._places[one.when], (), one.visits) for one in self._read_visits())

    def peak(self) -> Found:
        """The most visits at one moment."""
        return self._found((self._places[one.when], (), one.peak) for one in self._read_visits())

    def excluded(self) -> Found:
        """Events that are not among the requests."""
        names = [_COLUMNS[dimension] for dimension in self._asked.by]
        counts = self._counts.excluded(self._asked.span, self._step(), names)
        return self._found((self._places[count.when], count.key, count.number) for count in counts)

    def used_texts(self) -> Found:
        """Different titles, among those that have a full text now, of which one was read or downloaded."""
        rows = []
        for place, period in enumerate(self._asked.periods):
            if place not in self._missing:
                span = Span(first=period.first, last=period.last)
                uses = self._counts.top_records(span, Ranking.USES, _MOST_RECORDS)
                used = [use.record_id for use in uses if use.readings or use.downloads]
                rows.append((place, (), self._asked.view.statistics.with_text_among(used)))
        return self._found(rows)

    def _names_of_requests(self) -> list[str]:
        wanted = [_COLUMNS[dimension] for dimension in self._asked.by]
        plain = ["kind", "outcome"]
        if not (_OF_READERS | {Dimension.HOUR}) & set(self._asked.by):
            plain.append("denied")
        return [*plain, *(name for name in wanted if name not in plain)]

    def _read_requests(self, names: list[str]) -> list[Count]:
        read = self._counts.requests
        if _OF_READERS & set(self._asked.by):
            read = self._counts.readers
        elif Dimension.HOUR in self._asked.by:
            read = self._counts.hours
        return read(self._asked.span, self._step(), names)

    def _read_visits(self) -> list[Visits]:
        return self._counts.visits(self._asked.span, self._step())

    def _step(self) -> Step | None:
        return None if self._asked.step is Step.SPAN else self._asked.step

    def _found(self, rows: Iterable[tuple[int, tuple[str, ...], int]]) -> Found:
        known = (row for row in rows if row[0] not in self._missing)
        return Found(cells=added(known), missing=self._missing)
