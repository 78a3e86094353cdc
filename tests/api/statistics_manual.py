"""For authors: writes the tables of docs/statistics-api.md out of the program, below the mark.

Run `python -m tests.api.statistics_manual` after a change of indicators, dimensions, reasons or refusals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from library.domain import errors, key_errors
from library.domain.errors import LibraryError
from library.domain.statistics import Indicator, IndicatorTable
from library.error_responses import STATUS
from library.services.statistics_indicators import indicator_table

MANUAL = Path(__file__).parents[2] / "docs/statistics-api.md"
MARK = "<!-- Below, all is written by tests/api/statistics_manual.py -->\n"
REFUSALS: tuple[type[LibraryError], ...] = (
    *(
        key_errors.KeyMissing,
        key_errors.KeyUnknown,
        key_errors.KeyExpired,
        key_errors.KeyRevoked,
        key_errors.KeyInAddress,
    ),
    *(key_errors.AddressNotAllowed, key_errors.OutOfScope, key_errors.TooManyCalls),
    *(errors.InvalidQuestion, errors.UnknownIndicator, errors.UnknownReportForm, key_errors.FormatNotOffered),
    *(errors.InvalidPeriod, errors.PeriodReversed, errors.PeriodInFuture, errors.PeriodTooLong),
)


def written() -> str:
    """What has to stand below the mark."""
    table = indicator_table()
    return "\n".join([MARK, *_refusals(), "", *_words(table), "", *_indicators(table), ""])


def _refusals() -> Iterator[str]:
    yield from _head("Status", "Code", "What it means")
    for kind in REFUSALS:
        meaning = (kind.__doc__ or "").splitlines()[0]
        yield _row([str(STATUS[kind]), f"`{kind.code}`", meaning])
    yield _row(["404", "`not-found`", "There is no such address."])
    yield _row(["429", "`too-many-requests`", "Too many calls from one address; try again in `Retry-After` seconds."])
    yield _row(["503", "`maintenance`", "Announced maintenance; try again in `Retry-After` seconds."])


def _words(table: IndicatorTable) -> Iterator[str]:
    yield from ("## Why there is no figure", "")
    yield from _head("`reason`", "English", "Oʻzbekcha", "Русский")
    for reason, names in table.reasons.items():
        yield _row([f"`{reason.value}`", names["en"], names["uz-Latn"], names["ru"]])
    yield from ("", "## What figures are told apart by", "")
    yield from _head("`by`", "English", "Oʻzbekcha", "Русский")
    for dimension, names in table.dimensions.items():
        yield _row([f"`{dimension.value}`", names["en"], names["uz-Latn"], names["ru"]])


def _indicators(table: IndicatorTable) -> Iterator[str]:
    yield from ("## Indicators", "")
    yield "`stock` is what there was at the end of a period, `flow` what happened in it."
    for indicator in table.indicators.values():
        yield from ("", f"### {indicator.id}", "", *_indicator(indicator, table))


def _indicator(indicator: Indicator, table: IndicatorTable) -> Iterator[str]:
    names, told = indicator.names, indicator.definitions
    yield f"**{names['en']}** · {names['uz-Latn']} · {names['ru']}"
    yield ""
    yield told["en"]
    yield ""
    decimals = f", {indicator.decimals} decimals" if indicator.decimals else ""
    yield f"* {indicator.code}, {indicator.kind.value}, in {table.units[indicator.unit]['en']}{decimals}"
    yield f"* from: {indicator.source}"
    combinations = "; ".join(" + ".join(f"`{one.value}`" for one in each) for each in indicator.combinations)
    yield f"* can be told by: {combinations or 'nothing'}"


def _head(*names: str) -> tuple[str, str]:
    return _row(names), "|" + "---|" * len(names)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> None:
    """Write the manual."""
    above = MANUAL.read_text(encoding="utf-8").split(MARK)[0]
    MANUAL.write_text(above + written(), encoding="utf-8")


if __name__ == "__main__":
    main()
