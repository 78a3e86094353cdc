"""Answers questions about the use and the holdings of the library: the same figures for pages, officials and forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from library.db.unit_of_work import Database
from library.domain.counting import RULES_VERSION
from library.domain.periods import Span, Step
from library.domain.statistics import (
    Audience,
    Figure,
    Indicator,
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
from library.domain.statistics_forms import FilledForm, FilledRow, FormRow
from library.domain.usage_figures import MonthState
from library.services.configuration import Configuration, imprint
from library.services.statistics_asked import Asked, Found
from library.services.statistics_forms import DIRECTORY, StatisticsForms
from library.services.statistics_indicators import indicator_table
from library.services.statistics_sources import FIGURES, Sources
from library.settings import Settings


class Statistics:
    """Reports out of the counts of days and months and the book of holdings; events are never read.

    `table` holds the indicators and `forms` the forms that can be asked for.
    """

    def __init__(
        self, database: Database, configuration: Configuration, settings: Settings, clock: Callable[[], datetime]
    ) -> None:
        self.table = indicator_table()
        self.forms = StatisticsForms(self.table, settings.data_dir / DIRECTORY)
        self._database = database
        self._configuration = configuration
        self._settings = settings
        self._clock = clock
        self._zone = ZoneInfo(settings.time_zone)

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
            standing = _standing(asked, [sources])
        return report_of(periods, self._institution(), _told(lines, question.audience), standing)

    def filled(self, form_id: str, span: Span, step: Step, audience: Audience = Audience.OUTSIDE) -> FilledForm:
        """A form with its figures for the periods of a span.

        Raises `UnknownReportForm`, `InvalidReportForm`, and `PeriodTooLong` where it would be too long.
        """
        form = self.forms.get(form_id)
        periods = span.periods(step)
        require_few_lines(len(periods) * len(form.rows))
        with self._database.reading() as view:
            asked = Asked(view=view, periods=periods, by=(), now=self._clock(), zone=self._zone)
            by_dimensions = {row.by: Sources(replace(asked, by=row.by)) for row in form.rows}
            lines: list[Line] = []
            for row in form.rows:
                if row.indicator:
                    lines += _row_lines(self.table.get(row.indicator), row, by_dimensions[row.by])
            standing = _standing(asked, list(by_dimensions.values()))
        report = report_of(periods, self._institution(), _told(lines, audience), standing)
        figures = iter(report.lines)
        rows = tuple(
            FilledRow(row=row, figures=tuple(next(figures).figure for _ in periods) if row.indicator else ())
            for row in form.rows
        )
        return FilledForm(form=form, rows=rows, report=report)

    def _institution(self) -> str:
        facts = self._configuration.current().library
        return imprint(facts, self._settings.default_language, self._settings).institution


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


def _row_lines(indicator: Indicator, row: FormRow, sources: Sources) -> Iterator[Line]:
    """A line for each period: those cells together which the row is about."""
    found = FIGURES[indicator.id](sources)
    sums = dict.fromkeys(range(len(sources.asked.periods)), Decimal(0))
    for (place, key), number in found.cells.items():
        if all(value in kept for value, (_, kept) in zip(key, row.where, strict=True)):
            sums[place] += number
    dimensions = tuple((dimension, "|".join(values)) for dimension, values in row.where)
    for place, period in enumerate(sources.asked.periods):
        reason = Reason.AHEAD if period.first > sources.asked.today else found.missing.get(place)
        figure = indicator.amount(sums[place]) if reason is None else NotAvailable(reason)
        yield Line(indicator=indicator.id, period=period, dimensions=dimensions, figure=figure)


def _told(lines: list[Line], audience: Audience) -> tuple[Line, ...]:
    return without_few(lines) if audience is Audience.OUTSIDE else tuple(lines)


def _standing(asked: Asked, all_sources: list[Sources]) -> Standing:
    """How sure the figures are that came out of these sources."""
    begins = datetime.combine(asked.span.first, time.min, asked.zone).astimezone(UTC)
    ends = asked.end_of(asked.span.last)
    known = [at or begins for sources in all_sources for at in sources.as_of()]
    as_of = min([ends, asked.now, *known])
    months = []
    if any(sources.is_of_use for sources in all_sources):
        months = asked.view.usage_counts.months(Span(first=asked.span.first.replace(day=1), last=asked.span.last))
    closed = [month.revision for month in months if month.state is MonthState.CLOSED]
    corrections = sum(revision - 1 for revision in closed)
    return Standing(
        data_as_of=as_of,
        complete=as_of == ends,
        revision=1 + corrections if closed or (as_of == ends and not months) else 0,
        rules_version=", ".join(dict.fromkeys(month.rules_version for month in months)) or RULES_VERSION,
        robots_version=", ".join(dict.fromkeys(month.robots_version for month in months)),
    )
