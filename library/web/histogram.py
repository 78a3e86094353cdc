"""Years as a row of bars: at most 24, each of as many years as it needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.model import FacetValue, Years

MOST_BARS = 24
HEIGHT = 48
BAR = 10
EARLIEST = 1400
SPANS = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A span of years: its place and height in the picture, and whether it lies in the chosen range."""

    x: int
    height: int
    first: int
    last: int
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Bars from the earliest year to the latest, and the range that was chosen."""

    bars: tuple[Bar, ...]
    width: int
    first: int
    last: int
    chosen_first: int | None
    chosen_last: int | None


def histogram(values: Iterable[FacetValue], chosen: Years | None) -> Histogram | None:
    """A picture of these counts; None where no year is known. Years that cannot be true are not drawn."""
    counts = {int(found.value): found.count for found in values if found.value.isdigit()}
    counts = {year: count for year, count in counts.items() if year >= EARLIEST} or counts
    if not counts:
        return None
    first, last = min(counts), max(counts)
    span = next((span for span in SPANS if last // span - first // span < MOST_BARS), SPANS[-1])
    start = first // span
    heights = [0] * (last // span - start + 1)
    for year, count in counts.items():
        heights[year // span - start] += count
    tallest = max(heights)
    low = chosen.first if chosen is not None and chosen.first is not None else first
    high = chosen.last if chosen is not None and chosen.last is not None else last
    bars = tuple(
        Bar(
            x=place * BAR,
            height=max(round(count / tallest * HEIGHT), 2),
            first=(start + place) * span,
            last=(start + place + 1) * span - 1,
            count=count,
            chosen=(start + place + 1) * span - 1 >= low and (start + place) * span <= high,
        )
        for place, count in enumerate(heights)
        if count
    )
    return Histogram(
        bars=bars,
        width=len(heights) * BAR,
        first=first,
        last=last,
        chosen_first=chosen.first if chosen is not None else None,
        chosen_last=chosen.last if chosen is not None else None,
    )
