"""The shapes of the answers of the service for statistics as JSON Schema 2020-12."""

from __future__ import annotations

from collections.abc import Mapping

from library.api.schemas import COUNT, SCHEMAS, TEXT, TEXTS, TIME, Schema, listed, one_of, reference, whole
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
_FIGURE: Mapping[str, Schema] = {
    "value": {"type": ["number", "null"], "description": "The figure; null where there is none, which is never 0."},
    "reason": {
        "type": ["string", "null"],
        "enum": [*_REASONS, None],
        "description": "Why there is no figure; null where there is one.",
    },
}
_LINE = whole(
    {
        "indicator": TEXT,
        "period": {"type": "string", "description": "2026-09-05, 2026-09, 2026-Q3, 2026 or 2026/2027."},
        "from": DAY,
        "to": DAY,
        "by": _BY,
        **_FIGURE,
    }
)
_OF_REPORT = whole({"id": TEXT, "name": TEXT, "unit": one_of(Unit), "decimals": COUNT})
_FACTS: Mapping[str, Schema] = {
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
    "library": {"type": "string", "description": "The name of the library."},
    "responsible_person": {
        "type": "string",
        "description": "Who answers for the figures; empty where nobody is named.",
    },
    "responsible_contact": {"type": "string", "description": "The telephone and e-mail of that person."},
}
_REPORT = whole(
    {
        **_FACTS,
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
_WHERE: Schema = {
    **_BY,
    "description": "The values of dimensions that the row keeps, added up.",
    "properties": {dimension.value: TEXTS for dimension in Dimension},
}
_ROW = whole(
    {
        "number": TEXT,
        "title": TEXT,
        "indicator": {"type": ["string", "null"], "description": "Null where the row is a heading."},
        "where": _WHERE,
        "unit": {"type": ["string", "null"], "enum": [*(unit.value for unit in Unit), None]},
        **_FIGURE,
    }
)
_FORM = whole(
    {
        **_FACTS,
        "form": {"type": "string", "description": "The id of the form."},
        "title": TEXT,
        "basis": {"type": "string", "description": "Who asks for the form."},
        "period": TEXT,
        "rows": listed(reference("Row")),
    }
)
_FORMS = whole(
    {
        "forms": listed(
            whole({"id": TEXT, "titles": reference("Words"), "basis": reference("Words"), "indicators": TEXTS})
        )
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
        "Row": _ROW,
        "Form": _FORM,
        "Forms": _FORMS,
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
