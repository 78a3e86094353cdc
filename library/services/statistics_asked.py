"""What a question comes to once it is sound, and what is found for one indicator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from library.db.unit_of_work import ReadingUnit
from library.domain.periods import ReportPeriod, Span, Step
from library.domain.statistics import Dimension, Reason

Key = tuple[str, ...]
Cells = Mapping[tuple[int, Key], Decimal | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The periods and dimensions that are wanted, in one view of the database, at one moment."""

    view: ReadingUnit
    periods: tuple[ReportPeriod, ...]
    by: tuple[Dimension, ...]
    now: datetime
    zone: tzinfo

    @property
    def span(self) -> Span:
        """From the first day of the first period to the last day of the last one."""
        return Span(first=self.periods[0].first, last=self.periods[-1].last)

    @property
    def step(self) -> Step:
        """Of what kind the periods are."""
        return self.periods[0].step

    @property
    def today(self) -> date:
        """The day in the library's zone."""
        return self.now.astimezone(self.zone).date()

    def day_of(self, at: datetime) -> date:
        """The day of a moment in the library's zone."""
        return at.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """When this day is over, in UTC."""
        return datetime.combine(day + timedelta(days=1), time.min, self.zone).astimezone(UTC)

    def unless(
        self, is_known: Callable[[ReportPeriod], bool], reason: Reason = Reason.NOT_COUNTED
    ) -> dict[int, Reason]:
        """The places of the periods that are not known, and why."""
        return {place: reason for place, period in enumerate(self.periods) if not is_known(period)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Figures of an indicator by the place of their period and by the values of the dimensions.

    A period in `missing` has no figure, whatever is in `cells`; one that is in neither is 0.
    """

    cells: Cells = field(default_factory=dict)
    missing: Mapping[int, Reason] = field(default_factory=dict)

    def total(self, place: int) -> Decimal:
        """All cells of a period together."""
        return sum((Decimal(value) for (at, _), value in self.cells.items() if at == place), Decimal(0))


def added(rows: Iterable[tuple[int, Key, Decimal | int]]) -> dict[tuple[int, Key], Decimal | int]:
    """The sums of numbers by place and key."""
    cells: dict[tuple[int, Key], Decimal | int] = {}
    for place, key, number in rows:
        cells[place, key] = cells.get((place, key), 0) + number
    return cells


def divided(asked: Asked, part: Found, whole: Found, times: int = 1) -> Found:
    """The one in `times` of the other, period by period; known where both are and there is something to divide by."""
    cells: dict[tuple[int, Key], Decimal | int] = {}
    missing = {**part.missing, **whole.missing}
    for place in range(len(asked.periods)):
        if place in missing:
            continue
        base = whole.total(place)
        if base:
            cells[place, ()] = part.total(place) * times / base
        else:
            missing[place] = Reason.NO_BASE
    return Found(cells=cells, missing=missing)
