"""Reports and forms of statistics as tables: CSV for programs, a workbook with what was told and how for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from library.domain.statistics import StatisticsReport
from library.projections.delimited import Cell, lines
from library.projections.statistics_answer import Answer, FormAnswer, Issuer, facts, told
from library.projections.workbook import Sheet, workbook

_FIRST = ("indicator", "name", "unit", "period", "from", "to")
_WIDTHS = (28, 44, 14, 12, 12, 12)
_OF_INDICATORS = ("id", "code", "name", "definition", "unit", "kind", "source")
_WIDTHS_OF_INDICATORS = (28, 8, 44, 90, 14, 8, 50)
_OF_FORM = ("number", "title", "indicator", "where", "unit", "value", "reason")
_WIDTHS_OF_FORM = (10, 60, 28, 30, 14, 16, 14)
_BETWEEN = "; "

Facts = list[tuple[str, str | int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """What the sheets of a workbook are called."""

    figures: str
    about: str
    indicators: str


def headings(answer: Answer) -> tuple[str, ...]:
    """The columns of a report; they are called as in JSON, whatever the language."""
    return (*_FIRST, *(dimension.value for dimension in answer.by), "value", "reason")


def csv(answer: Answer, separator: str) -> Iterator[str]:
    """The lines of the file. Each carries what is told of the whole report too, so that a table stands alone."""
    return _alone(headings(answer), _rows(answer), _facts(answer.report, answer.issuer), separator)


def form_csv(answer: FormAnswer, separator: str) -> Iterator[str]:
    """The lines of a form as a file, in the same manner."""
    rows = ((*row, answer.period) for row in _form_rows(answer))
    return _alone((*_OF_FORM, "period"), rows, _facts(answer.filled.report, answer.issuer), separator)


def xlsx(answer: Answer, sheets: Sheets) -> bytes:
    """The workbook: the lines, what is told of the report, and its indicators.

    The same report makes the same bytes. Raises `NotExpressible` for more lines than a sheet can hold.
    """
    return workbook(
        [
            Sheet(name=sheets.figures, headings=headings(answer), rows=_rows(answer), widths=_WIDTHS),
            _about(_facts(answer.report, answer.issuer), sheets),
            Sheet(
                name=sheets.indicators,
                headings=_OF_INDICATORS,
                rows=_indicators(answer),
                widths=_WIDTHS_OF_INDICATORS,
            ),
        ],
        title=answer.report.institution,
        made_at=answer.report.data_as_of,
    )


def form_xlsx(answer: FormAnswer, sheets: Sheets) -> bytes:
    """A form as a workbook: its rows under its title, and what is told of them."""
    issuer = answer.issuer
    names = (answer.title, answer.basis, answer.filled.report.institution, issuer.library, answer.period)
    above = (*((name,) for name in names), (issuer.responsible_person,), (issuer.responsible_contact,), ())
    return workbook(
        [
            Sheet(
                name=sheets.figures,
                above=above,
                headings=_OF_FORM,
                rows=_form_rows(answer),
                widths=_WIDTHS_OF_FORM,
            ),
            _about(_facts(answer.filled.report, answer.issuer), sheets),
        ],
        title=answer.title,
        made_at=answer.filled.report.data_as_of,
    )


def _alone(names: tuple[str, ...], rows: Iterable[tuple[Cell, ...]], about: Facts, separator: str) -> Iterator[str]:
    # The days of the report would stand under the names of those of a line.
    whole = {name: value for name, value in about if name not in ("from", "to")}
    every = ((*row, *whole.values()) for row in rows)
    return lines(chain([(*names, *whole)], every), separator)


def _about(about: Facts, sheets: Sheets) -> Sheet:
    return Sheet(name=sheets.about, headings=("name", "value"), rows=about, widths=(22, 70))


def _facts(report: StatisticsReport, issuer: Issuer) -> Facts:
    found = facts(report, issuer)
    return [(name, str(value).lower() if isinstance(value, bool) else value) for name, value in found.items()]


def _form_rows(answer: FormAnswer) -> Iterator[tuple[Cell, ...]]:
    for row in answer.rows():
        where = _BETWEEN.join(f"{name}: {', '.join(values)}" for name, values in row.where)
        yield (row.number, row.title, row.indicator, where, row.unit, row.value, row.reason)


def _indicators(answer: Answer) -> Iterator[tuple[Cell, ...]]:
    for one in answer.indicators():
        names = (answer.words(one.names), answer.words(one.definitions))
        yield (one.id, one.code, *names, one.unit.value, one.kind.value, one.source)


def _rows(answer: Answer) -> Iterator[tuple[Cell, ...]]:
    known = {one.id: (answer.words(one.names), one.unit.value) for one in answer.indicators()}
    for line in told(answer.report):
        name, unit = known[line.indicator]
        values = dict(line.by)
        yield (
            *(line.indicator, name, unit, line.period, line.first, line.last),
            *(values.get(dimension.value) for dimension in answer.by),
            line.value,
            line.reason,
        )
