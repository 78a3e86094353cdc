"""Answers questions about the use and the holdings of the library: the same figures for pages, officials and forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, tzinfo

from library.db.unit_of_work import Database
from library.domain.counting import RULES_VERSION
from library.domain.periods import Span
from library.domain.statistics import (
    PERSONAL,
    Audience,
    Figure,
    Indicator,
    IndicatorTable,
    Line,
    NotAvailable,
    Question,
    Reason,
    Standing,
    StatisticsReport,
    report_of,
    require_few_lines,
    without_few,
)
from library.domain.usage_figures import MonthState
from library.services.statistics_asked import Asked, Found
from library.services.statistics_sources import FIGURES, Sources


class Statistics:
    """Reports out of the counts of days and months and the book of holdings; events are never read.

    `institution` tells the name that stands on each report.
    """

    def __init__(
        self,
        database: Database,
        table: IndicatorTable,
        institution: Callable[[], str],
        clock: Callable[[], datetime],
        zone: tzinfo,
    ) -> None:
        self.table = table
        self._database = database
        self._institution = institution
        self._clock = clock
        self._zone = zone

    def report(self, question: Question) -> StatisticsReport:
        """The figures that are asked for.

        Raises `UnknownIndicator`, `InvalidQuestion`, and `PeriodTooLong` where the answer would be too long.
        """
        periods = question.periods(self.table)
        with self._database.reading() as view:
            asked = Asked(view=view, periods=periods, by=question.by, now=self._clock(), zone=self._zone)
            sources = Sources(asked)
            lines: list[Line] = []
            for indicator in map(self.table.get, question.indicators):
                lines += _lines(indicator, asked, FIGURES[indicator.id](sources))
                require_few_lines(len(lines))
            standing = _standing(sources)
        hides = question.audience is Audience.OUTSIDE and bool(PERSONAL & set(question.by))
        told = without_few(lines) if hides else tuple(lines)
        return report_of(periods, self._institution(), told, standing)


def _lines(indicator: Indicator, asked: Asked, found: Found) -> Iterator[Line]:
    cells: dict[int, list[tuple[tuple[str, ...], Figure]]] = {}
    for (place, key), number in found.cells.items():
        cells.setdefault(place, []).append((key, indicator.amount(number)))
    for place, period in enumerate(asked.periods):
        reason = Reason.AHEAD if period.first > asked.today else found.missing.get(place)
        if reason is not None:
            yield Line(indicator=indicator.id, period=period, figure=NotAvailable(reason))
            continue
        for key, figure in sorted(cells.get(place, [((), indicator.amount(0))]), key=lambda cell: cell[0]):
            dimensions = tuple(zip(asked.by, key, strict=True)) if key else ()
            yield Line(indicator=indicator.id, period=period, dimensions=dimensions, figure=figure)


def _standing(sources: Sources) -> Standing:
    """How sure the figures are that came out of these sources."""
    asked = sources.asked
    begins = datetime.combine(asked.span.first, time.min, asked.zone).astimezone(UTC)
    ends = asked.end_of(asked.span.last)
    as_of = min([ends, asked.now, *(at or begins for at in sources.as_of())])
    is_complete = as_of == ends
    if not sources.is_of_use:
        return Standing(
            data_as_of=as_of,
            complete=is_complete,
            revision=int(is_complete),
            rules_version=RULES_VERSION,
            robots_version="",
        )
    months = asked.view.usage_counts.months(Span(first=asked.span.first.replace(day=1), last=asked.span.last))
    closed = [month.revision for month in months if month.state is MonthState.CLOSED]
    return Standing(
        data_as_of=max(as_of, min(begins, asked.now)),
        complete=is_complete,
        revision=1 + sum(revision - 1 for revision in closed) if closed else 0,
        rules_version=", ".join(dict.fromkeys(month.rules_version for month in months)) or RULES_VERSION,
        robots_version=", ".join(dict.fromkeys(month.robots_version for month in months)),
    )
