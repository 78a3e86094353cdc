"""An answer of the service for statistics: a report with what it takes to tell it, and the words of a language.

JSON, XML, CSV and XLSX are written from this one model, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal

from library.domain.configuration import said
from library.domain.periods import ReportPeriod
from library.domain.statistics import (
    Amount,
    Dimension,
    Indicator,
    IndicatorTable,
    Line,
    NotAvailable,
    StatisticsReport,
    Words,
)
from library.domain.statistics_forms import FilledForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who gives figures and answers for them: the library and its responsible official, empty where none is set."""

    library: str
    responsible_person: str
    responsible_contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A report, the dimensions that its figures are told by, and the language of names (`language`, else `default`)."""

    report: StatisticsReport
    issuer: Issuer
    by: tuple[Dimension, ...]
    table: IndicatorTable
    language: str
    default: str

    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators of the report in its order, each once."""
        return tuple(map(self.table.get, dict.fromkeys(line.indicator for line in self.report.lines)))

    def words(self, words: Words) -> str:
        """The text in the language of the answer."""
        return said(words, self.language, self.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line as every format tells it: `value` is None where there is no figure, and only then there is a `reason`."""

    indicator: str
    period: str
    first: str
    last: str
    by: tuple[tuple[str, str], ...]
    value: Decimal | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAnswer:
    """A form that was filled for one period, and the language of names (`language`, else `default`)."""

    filled: FilledForm
    issuer: Issuer
    table: IndicatorTable
    language: str
    default: str

    @property
    def period(self) -> str:
        """The period as it is written: 2026, 2026-Q3, 2026-09."""
        report = self.filled.report
        return ReportPeriod(first=report.span.first, last=report.span.last, step=report.step).name

    @property
    def title(self) -> str:
        """What the form is called."""
        return said(self.filled.form.titles, self.language, self.default)

    @property
    def basis(self) -> str:
        """Who asks for it; empty where that is not known."""
        return said(self.filled.form.basis, self.language, self.default)

    def rows(self) -> Iterator[ToldRow]:
        """The rows from the top."""
        for one in self.filled.rows:
            row = one.row
            figure = one.figures[0] if one.figures else None
            yield ToldRow(
                number=row.number,
                title=said(row.titles, self.language, self.default),
                indicator=row.indicator,
                where=tuple((dimension.value, values) for dimension, values in row.where),
                unit=self.table.get(row.indicator).unit.value if row.indicator else "",
                value=figure.value if isinstance(figure, Amount) else None,
                reason=figure.reason.value if isinstance(figure, NotAvailable) else None,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """A row of a form as every format tells it. A heading has no `indicator`, no `unit`, no `value`, no `reason`."""

    number: str
    title: str
    indicator: str
    where: tuple[tuple[str, tuple[str, ...]], ...]
    unit: str
    value: Decimal | None
    reason: str | None


def told(report: StatisticsReport) -> Iterator[Told]:
    """The lines of a report."""
    return map(_told, report.lines)


def facts(report: StatisticsReport, issuer: Issuer) -> dict[str, str | int | bool]:
    """What is told of a report beside its lines, under the names that every format has.

    The checksum is of what stands above it: the same report has the same one in every language.
    """
    return {
        "institution": report.institution,
        "from": report.span.first.isoformat(),
        "to": report.span.last.isoformat(),
        "step": report.step.value,
        "data_as_of": report.data_as_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "complete": report.complete,
        "revision": report.revision,
        "rules_version": report.rules_version,
        "robots_version": report.robots_version,
        "checksum": report.checksum,
        "library": issuer.library,
        "responsible_person": issuer.responsible_person,
        "responsible_contact": issuer.responsible_contact,
    }


def _told(line: Line) -> Told:
    return Told(
        indicator=line.indicator,
        period=line.period.name,
        first=line.period.first.isoformat(),
        last=line.period.last.isoformat(),
        by=tuple((dimension.value, value) for dimension, value in line.dimensions),
        value=line.figure.value if isinstance(line.figure, Amount) else None,
        reason=line.figure.reason.value if isinstance(line.figure, NotAvailable) else None,
    )
