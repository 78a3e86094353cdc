"""Statistics as JSON: reports, forms, and the table of indicators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from library.domain.statistics import Indicator, IndicatorTable, Words
from library.domain.statistics_forms import Form
from library.projections.statistics_answer import Answer, FormAnswer, Told, ToldRow, facts, told

Code = TypeVar("Code", bound=StrEnum)


def report(answer: Answer) -> dict[str, object]:
    """A report; figures are numbers, and null with a reason beside it where there is none."""
    return {
        **facts(answer.report, answer.issuer),
        "by": [dimension.value for dimension in answer.by],
        "indicators": [
            {"id": one.id, "name": answer.words(one.names), "unit": one.unit.value, "decimals": one.decimals}
            for one in answer.indicators()
        ],
        "lines": [_line(line) for line in told(answer.report)],
    }


def form(answer: FormAnswer) -> dict[str, object]:
    """A form with its figures; a row without an indicator is a heading."""
    filled = answer.filled
    return {
        **facts(filled.report, answer.issuer),
        "form": filled.form.id,
        "title": answer.title,
        "basis": answer.basis,
        "period": answer.period,
        "rows": [_row(row) for row in answer.rows()],
    }


def forms(all_of_them: Iterable[Form]) -> dict[str, object]:
    """All forms with what they are called in all languages, and the indicators that they need."""
    return {
        "forms": [
            {
                "id": one.id,
                "titles": dict(one.titles),
                "basis": dict(one.basis),
                "indicators": list(dict.fromkeys(row.indicator for row in one.rows if row.indicator)),
            }
            for one in all_of_them
        ]
    }


def indicators(table: IndicatorTable) -> dict[str, object]:
    """All indicators with their names and definitions in all languages, and what units, dimensions, reasons mean."""
    return {
        "indicators": [_indicator(one) for one in table.indicators.values()],
        "units": _named(table.units),
        "dimensions": _named(table.dimensions),
        "reasons": _named(table.reasons),
    }


def _number(value: Decimal) -> int | float:
    """The figure as JSON has it: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def _line(line: Told) -> dict[str, object]:
    return {
        "indicator": line.indicator,
        "period": line.period,
        "from": line.first,
        "to": line.last,
        "by": dict(line.by),
        "value": None if line.value is None else _number(line.value),
        "reason": line.reason,
    }


def _row(row: ToldRow) -> dict[str, object]:
    return {
        "number": row.number,
        "title": row.title,
        "indicator": row.indicator or None,
        "where": {name: list(values) for name, values in row.where},
        "unit": row.unit or None,
        "value": None if row.value is None else _number(row.value),
        "reason": row.reason,
    }


def _indicator(indicator: Indicator) -> dict[str, object]:
    return {
        "id": indicator.id,
        "code": indicator.code,
        "names": dict(indicator.names),
        "definitions": dict(indicator.definitions),
        "unit": indicator.unit.value,
        "kind": indicator.kind.value,
        "source": indicator.source,
        "decimals": indicator.decimals,
        "combinations": [[dimension.value for dimension in one] for one in indicator.combinations],
    }


def _named(words: Mapping[Code, Words]) -> dict[str, dict[str, str]]:
    return {code.value: dict(names) for code, names in words.items()}
