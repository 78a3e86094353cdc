"""The table of indicators as it stands in its file (TOML): read whole, and refused whole where anything is missing."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from library.domain.statistics import (
    Dimension,
    Indicator,
    IndicatorKind,
    IndicatorTable,
    Reason,
    Unit,
    Words,
)

WRITTEN = ("uz-Latn", "ky", "ru", "en")
"""The languages that the file is written in; the fifth is made from the first."""

ToCyrillic = Callable[[str], str]
_Name = TypeVar("_Name", bound=StrEnum)


def table_from(text: str, to_cyrillic: ToCyrillic) -> IndicatorTable:
    """The table out of TOML; `ValueError` or `KeyError` where it is not one, for it comes with the program."""
    facts = tomllib.loads(text)
    indicators = [_indicator(row, to_cyrillic) for row in facts["indicator"]]
    table = IndicatorTable(
        indicators={indicator.id: indicator for indicator in indicators},
        units=_named(Unit, facts["units"], to_cyrillic),
        dimensions=_named(Dimension, facts["dimensions"], to_cyrillic),
        reasons=_named(Reason, facts["reasons"], to_cyrillic),
        values={
            (Dimension(dimension), value): words_from(words, to_cyrillic)
            for dimension, values in facts["values"].items()
            for value, words in values.items()
        },
    )
    if len(table.indicators) != len(indicators):
        message = "two indicators have one id"
        raise ValueError(message)
    return table


def words_from(texts: Mapping[str, str], to_cyrillic: ToCyrillic) -> Words:
    """A text in all languages; `ValueError` where one of those that are written by hand is missing or empty."""
    if texts.keys() != set(WRITTEN) or not all(isinstance(text, str) and text.strip() for text in texts.values()):
        message = f"a text is needed in {', '.join(WRITTEN)}, and there is: {dict(texts)}"
        raise ValueError(message)
    return {**texts, "uz-Cyrl": to_cyrillic(texts["uz-Latn"])}


def _indicator(row: Mapping[str, Any], to_cyrillic: ToCyrillic) -> Indicator:
    unknown = row.keys() - {"id", "code", "kind", "unit", "source", "decimals", "by", "name", "definition"}
    if unknown:
        message = f"{row['id']}: unknown: {sorted(unknown)}"
        raise ValueError(message)
    return Indicator(
        id=row["id"],
        code=row["code"],
        names=words_from(row["name"], to_cyrillic),
        definitions=words_from(row["definition"], to_cyrillic),
        unit=Unit(row["unit"]),
        kind=IndicatorKind(row["kind"]),
        source=row["source"],
        decimals=row.get("decimals", 0),
        combinations=tuple(tuple(map(Dimension, combination)) for combination in row.get("by", ())),
    )


def _named(names: type[_Name], texts: Mapping[str, Mapping[str, str]], to_cyrillic: ToCyrillic) -> dict[_Name, Words]:
    """What each of these is called; `ValueError` unless just these are."""
    if texts.keys() != {name.value for name in names}:
        message = f"{names.__name__}: named are {sorted(texts)}"
        raise ValueError(message)
    return {names(name): words_from(words, to_cyrillic) for name, words in texts.items()}
