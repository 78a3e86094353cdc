"""Spans of datestamps: what a harvest asks for, and how it narrows down what a partner can't deliver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from harvest.model import Granularity, write_datestamp

# How much of what was harvested already is asked for again: partners commit late, and their clocks are set back.
_OVERLAP = {Granularity.SECOND: timedelta(hours=1), Granularity.DAY: timedelta(days=1)}
_GRANULE = {Granularity.SECOND: timedelta(seconds=1), Granularity.DAY: timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Window:
    """From one datestamp until another, both included; an end that is None is open."""

    from_: datetime | None = None
    until: datetime | None = None

    def arguments(self, granularity: Granularity) -> list[tuple[str, str]]:
        """The window as it is sent."""
        return [
            (name, write_datestamp(moment, granularity))
            for name, moment in (("from", self.from_), ("until", self.until))
            if moment is not None
        ]

    def halves(self, granularity: Granularity, earliest: datetime, now: datetime) -> tuple[Window, Window] | None:
        """Two windows that are this one, or None when it is a single second or day.

        For an open end it is cut between the partner's `earliest` datestamp and its clock, and stays open.
        """
        granule = _GRANULE[granularity]
        low = _floored(self.from_ or earliest, granularity)
        high = _floored(self.until or now, granularity)
        granules = (high - low) // granule
        if granules < 1:
            return None
        middle = low + (granules - 1) // 2 * granule
        return Window(self.from_, middle), Window(middle + granule, self.until)


def since(moment: datetime | None, granularity: Granularity) -> Window:
    """What may have changed since the last complete harvest began, by the partner's clock; everything without one."""
    if moment is None:
        return Window()
    try:
        moment -= _OVERLAP[granularity]
    except OverflowError:
        return Window()
    return Window(_floored(moment, granularity))


def _floored(moment: datetime, granularity: Granularity) -> datetime:
    if granularity is Granularity.DAY:
        return moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return moment.replace(microsecond=0)
