"""Working days, and the deadlines that are counted in them.

A day counts from the next one: what came on Monday has to be answered in three working days by the end of Thursday,
what came on a day of rest as if it had come on the last working day before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from library.domain.errors import N_, InvalidConfiguration

FIRST_LOOK_DAYS = 3
"""A complaint is looked at within so many working days."""
MEASURES_DAYS = 3
"""Measures are taken within so many more."""
SUPPORT_DAYS = 1
"""A reader who needs help gets it within so many."""

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_WEEK = frozenset(range(7))
# A calendar with a longer rest than this was mistyped, and no deadline could be found.
_LONGEST_REST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """Which days are worked: those of the week (0 is Monday) without `holidays`, and `workdays` that were moved."""

    zone: tzinfo
    weekdays: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether it is worked on this day; a day that is in both lists is worked."""
        return day in self.workdays or (day.weekday() in self.weekdays and day not in self.holidays)

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after this one, `count` being 1 or more."""
        for _ in range(count):
            day = self._next(day)
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days lie after `first` and up to `last`; 0 where `last` is not later."""
        days = (first + _DAY * number for number in range(1, (last - first).days + 1))
        return sum(map(self.is_working, days))

    def due(self, at: datetime, count: int) -> datetime:
        """When what began at this moment has to be done: the midnight after the `count`-th working day, in the zone."""
        return self._midnight(self.after(at.astimezone(self.zone).date(), count) + _DAY)

    def hours_left(self, now: datetime, due: datetime) -> int:
        """Full hours of working days (24 of each) until the deadline; below 0, an hour or more of them after it."""
        if now > due:
            return -self.hours_left(due, now)
        worked, day = timedelta(), now.astimezone(self.zone).date()
        while self._midnight(day) < due:
            if self.is_working(day):
                worked += min(due, self._midnight(day + _DAY)) - max(now, self._midnight(day))
            day += _DAY
        return worked // _HOUR

    def _next(self, day: date) -> date:
        for _ in range(_LONGEST_REST):
            day += _DAY
            if self.is_working(day):
                return day
        raise InvalidConfiguration(
            N_("No working day within {days} days after {date}: check the list of holidays."),
            days=_LONGEST_REST,
            date=day.isoformat(),
        )

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Until when a complaint is looked at, and measures are taken."""

    first_look: datetime
    measures: datetime


def complaint_deadlines(calendar: WorkCalendar, received_at: datetime) -> Deadlines:
    """Three working days for the first look, three more for the measures, whenever the first look really was."""
    return Deadlines(
        first_look=calendar.due(received_at, FIRST_LOOK_DAYS),
        measures=calendar.due(received_at, FIRST_LOOK_DAYS + MEASURES_DAYS),
    )


def require_sound(calendar: WorkCalendar) -> None:
    """Raise `InvalidConfiguration` for a week without working days, or with days that no week has."""
    if not calendar.weekdays or not calendar.weekdays <= _WEEK:
        raise InvalidConfiguration(N_("Choose at least one working day of the week."))
