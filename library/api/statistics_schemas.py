"""The shapes of the answers of the service for statistics as JSON Schema 2020-12."""

from __future__ import annotations

from collections.abc import Mapping

from library.api.schemas import COUNT, SCHEMAS, TEXT, TIME, Schema, listed, one_of, reference, whole
from library.domain.periods import Step
from library.domain.statistics import Dimension, IndicatorKind, IndicatorTable, Reason, Unit
from library.settings import LANGUAGES

DAY: Schema = {"type": "string", "format": "date"}
_WORDS: Schema = {
    "type": "object",
    "description": "A text by language.",
    "properties": dict.fromkeys(LANGUAGES, TEXT),
    "required": list(LANGUAGES),
    "additionalProperties": False,
}
_BY: Schema = {
    "type": "object",
    "description": "The values of the dimensions that were asked for. Empty where the figure is of all together.",
    "properties": {dimension.value: TEXT for dimension in Dimension},
    "additionalProperties": False,
}
_REASONS = [reason.value for reason in Reason]
_LINE = whole(
    {
        "indicator": TEXT,
        "period": {"type": "string", "description": "2026-09-05, 2026-09, 2026-Q3, 2026 or 2026/2027."},
        "from": DAY,
        "to": DAY,
        "by": _BY,
        "value": {"type": ["number", "null"], "description": "The figure; null where there is none, which is never 0."},
        "reason": {
            "type": ["string", "null"],
            "enum": [*_REASONS, None],
            "description": "Why there is no figure; null where there is one.",
        },
    }
)
_OF_REPORT = whole({"id": TEXT, "name": TEXT, "unit": one_of(Unit), "decimals": COUNT})
_REPORT = whole(
    {
        "institution": TEXT,
        "from": {**DAY, "description": "The first day of the first period."},
        "to": {**DAY, "description": "The last day of the last period."},
        "step": one_of(Step),
        "data_as_of": {**TIME, "description": "Everything up to this moment is counted."},
        "complete": {"type": "boolean", "description": "Whether the whole time is over and counted."},
        "revision": {**COUNT, "description": "0 until a month is closed; one more with each correction."},
        "rules_version": {"type": "string", "description": "The rules by which uses were counted."},
        "robots_version": {"type": "string", "description": "The list by which robots were left out."},
        "checksum": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256, see the manual."},
        "by": listed(one_of(Dimension)),
        "indicators": listed(_OF_REPORT),
        "lines": listed(reference("Line")),
    }
)
_INDICATOR = whole(
    {
        "id": {"type": "string", "description": "Stays the same for ever."},
        "code": {"type": "string", "description": "Its place in the table of the library's duties."},
        "names": reference("Words"),
        "definitions": reference("Words"),
        "unit": one_of(Unit),
        "kind": {**one_of(IndicatorKind), "description": "stock: as it stood at the end of a period; flow: in it."},
        "source": TEXT,
        "decimals": COUNT,
        "combinations": {
            **listed(listed(one_of(Dimension))),
            "description": "The sets of dimensions that it can be told by at once, and any part of them.",
        },
    }
)


def _named(codes: list[str]) -> Schema:
    return whole({code: reference("Words") for code in codes})


def schemas(table: IndicatorTable) -> Mapping[str, Schema]:
    """All shapes, for the indicators, units, dimensions and reasons of this table."""
    return {
        "Words": _WORDS,
        "Line": _LINE,
        "Report": _REPORT,
        "Indicator": _INDICATOR,
        "Indicators": whole(
            {
                "indicators": listed(reference("Indicator")),
                "units": _named([unit.value for unit in table.units]),
                "dimensions": _named([dimension.value for dimension in table.dimensions]),
                "reasons": _named([reason.value for reason in table.reasons]),
            }
        ),
        "Error": SCHEMAS["Error"],
    }
