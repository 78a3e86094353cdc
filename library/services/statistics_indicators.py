"""The table of indicators that comes with the program."""

from __future__ import annotations

from functools import cache
from importlib import resources

from library.domain.statistics import IndicatorTable
from library.domain.statistics_table import table_from
from library.projections.uzbek_cyrillic import to_cyrillic

_FILE = "statistics_indicators.toml"


@cache
def indicator_table() -> IndicatorTable:
    """All indicators, named and defined in all languages; read once in a process."""
    return table_from(resources.files("library.services").joinpath(_FILE).read_text(encoding="utf-8"), to_cyrillic)
