"""Statistics as JSON: reports, and the table of indicators."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from library.domain.statistics import Indicator, IndicatorTable, Words
from library.projections.statistics_answer import Answer, Told, facts, told

Code = TypeVar("Code", bound=StrEnum)


def report(answer: Answer) -> dict[str, object]:
    """A report; figures are numbers, and null with a reason beside it where there is none."""
    return {
        **facts(answer.report),
        "by": [dimension.value for dimension in answer.by],
        "indicators": [
            {"id": one.id, "name": answer.words(one.names), "unit": one.unit.value, "decimals": one.decimals}
            for one in answer.indicators()
        ],
        "lines": [_line(line) for line in told(answer.report)],
    }


def indicators(table: IndicatorTable) -> dict[str, object]:
    """All indicators with their names and definitions in all languages, and what units, dimensions, reasons mean."""
    return {
        "indicators": [_indicator(one) for one in table.indicators.values()],
        "units": _named(table.units),
        "dimensions": _named(table.dimensions),
        "reasons": _named(table.reasons),
    }


def number(value: Decimal) -> int | float:
    """The figure as JSON has it: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def _line(line: Told) -> dict[str, object]:
    return {
        "indicator": line.indicator,
        "period": line.period,
        "from": line.first,
        "to": line.last,
        "by": dict(line.by),
        "value": None if line.value is None else number(line.value),
        "reason": line.reason,
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
