"""Reports of statistics as tables: CSV for programs, a workbook with what was told and how for people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from library.projections.delimited import Cell, lines
from library.projections.statistics_answer import Answer, facts, told
from library.projections.workbook import Sheet, workbook

_FIRST = ("indicator", "name", "unit", "period", "from", "to")
_WIDTHS = (28, 44, 14, 12, 12, 12)
_OF_INDICATORS = ("id", "code", "name", "definition", "unit", "kind", "source")
_WIDTHS_OF_INDICATORS = (28, 8, 44, 90, 14, 8, 50)


def headings(answer: Answer) -> tuple[str, ...]:
    """The columns of a report; they are called as in JSON, whatever the language."""
    return (*_FIRST, *(dimension.value for dimension in answer.by), "value", "reason")


def csv(answer: Answer, separator: str) -> Iterator[str]:
    """The lines of the file. Each carries what is told of the whole report too, so that a table stands alone."""
    # The days of the report would stand under the names of those of the line.
    whole = {name: value for name, value in _facts(answer) if name not in ("from", "to")}
    rows = ((*row, *whole.values()) for row in _rows(answer))
    return lines(chain([(*headings(answer), *whole)], rows), separator)


def xlsx(answer: Answer, sheets: tuple[str, str, str]) -> bytes:
    """The workbook: the lines, what is told of the report, and its indicators; `sheets` are the names of the three.

    The same report makes the same bytes. Raises `NotExpressible` for more lines than a sheet can hold.
    """
    lines_name, about_name, indicators_name = sheets
    return workbook(
        [
            Sheet(name=lines_name, headings=headings(answer), rows=_rows(answer), widths=_WIDTHS),
            Sheet(name=about_name, headings=("name", "value"), rows=_facts(answer), widths=(18, 70)),
            Sheet(
                name=indicators_name,
                headings=_OF_INDICATORS,
                rows=_indicators(answer),
                widths=_WIDTHS_OF_INDICATORS,
            ),
        ],
        title=answer.report.institution,
        made_at=answer.report.data_as_of,
    )


def _facts(answer: Answer) -> list[tuple[str, str | int]]:
    return [
        (name, str(value).lower() if isinstance(value, bool) else value) for name, value in facts(answer.report).items()
    ]


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
