"""The times that reports are of: days, months, quarters, years, academic years, and spans of them.

Written as `2026-09-05`, `2026-09`, `2026-Q3`, `2026`, `2026/2027`; in addresses a hyphen may stand for the stroke.
Any other time is written by its first and its last day, `2026-09-05/2026-09-20`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from library.domain.errors import (
    N_,
    InvalidPeriod,
    PeriodInFuture,
    PeriodNotClosed,
    PeriodReversed,
    PeriodTooLong,
)

ACADEMIC_YEAR_BEGINS = 9
"""September, on its first day."""
EARLIEST_YEAR = 2000
"""No library here counted before; whoever writes an earlier year mistyped it."""
MOST_PERIODS = 3_700
"""Ten years by day; a longer series is refused, never cut."""

_FARTHEST_YEAR = 2200
_OLDEST_OWN_YEAR = 1900
_LONGEST_TYPED = 40
_DAY = timedelta(days=1)
# Latin letters would be written in Cyrillic with the words around them.
_QUARTER_EXAMPLE = "2026-Q3"
_MONTHS = 12
_QUARTER = 3
_FORMS = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?|-?[Qq](?P<quarter>\d)|[/-](?P<next>\d{4}))?", re.ASCII
)
_TWO_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})", re.ASCII)


class Step(StrEnum):
    """How long a period is."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ACADEMIC_YEAR = "academic-year"
    SPAN = "span"
    """As long as it was asked for, told at once."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ReportPeriod:
    """A whole day, month, quarter, year or academic year, or any time, with its first and its last day."""

    first: date
    last: date
    step: Step

    @property
    def name(self) -> str:
        """The period as it is written; `period_from` reads it again."""
        year = self.first.year
        if self.step is Step.DAY:
            return self.first.isoformat()
        if self.step is Step.SPAN:
            return f"{self.first.isoformat()}/{self.last.isoformat()}"
        if self.step is Step.MONTH:
            return f"{year:04}-{self.first.month:02}"
        if self.step is Step.QUARTER:
            return f"{year:04}-Q{(self.first.month - 1) // _QUARTER + 1}"
        return f"{year:04}" if self.step is Step.YEAR else f"{year:04}/{year + 1:04}"

    @property
    def before(self) -> ReportPeriod:
        """The one before it, of the same kind or length: what it is compared with."""
        if self.step is Step.SPAN:
            return replace(self, first=self.first - (self.last - self.first) - _DAY, last=self.first - _DAY)
        return period_of(self.first - _DAY, self.step)

    @property
    def following(self) -> ReportPeriod:
        """The one after it, of the same kind or length."""
        if self.step is Step.SPAN:
            return replace(self, first=self.last + _DAY, last=self.last + (self.last - self.first) + _DAY)
        return period_of(self.last + _DAY, self.step)

    def is_closed(self, today: date) -> bool:
        """Whether all its days are over."""
        return self.last < today


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From the first day to the last one, both in it."""

    first: date
    last: date

    @property
    def before(self) -> Span:
        """The span of as many days that ended when this one began."""
        return Span(first=self.first - (self.last - self.first) - _DAY, last=self.first - _DAY)

    def periods(self, step: Step) -> tuple[ReportPeriod, ...]:
        """The periods that hold its days, in order; the first and the last may reach beyond it.

        `Step.SPAN` gives one, of just these days. Raises `PeriodTooLong` for more than `MOST_PERIODS`.
        """
        if step is Step.SPAN:
            return (ReportPeriod(first=self.first, last=self.last, step=step),)
        found = [period_of(self.first, step)]
        while found[-1].last < self.last:
            if len(found) == MOST_PERIODS:
                raise PeriodTooLong(
                    N_("This is more than {most} periods at once. Ask for longer periods or for a shorter time."),
                    most=MOST_PERIODS,
                )
            found.append(found[-1].following)
        return tuple(found)


def period_of(day: date, step: Step) -> ReportPeriod:
    """The period of this kind that the day lies in; a span of the day alone."""
    if step in (Step.DAY, Step.SPAN):
        return ReportPeriod(first=day, last=day, step=step)
    months = {Step.MONTH: 1, Step.QUARTER: _QUARTER}.get(step, _MONTHS)
    begins = ACADEMIC_YEAR_BEGINS if step is Step.ACADEMIC_YEAR else 1
    past = (day.month - begins) % months
    year, month = divmod(day.year * _MONTHS + day.month - 1 - past, _MONTHS)
    last_year, last_month = divmod(year * _MONTHS + month + months - 1, _MONTHS)
    last = date(last_year, last_month + 1, monthrange(last_year, last_month + 1)[1])
    return ReportPeriod(first=date(year, month + 1, 1), last=last, step=step)


def period_from(text: str) -> ReportPeriod:
    """The period that is written so; `InvalidPeriod` says what is wrong with it."""
    typed = text.strip()[:_LONGEST_TYPED]
    if any(letter.isdigit() and not letter.isascii() for letter in typed):
        raise InvalidPeriod(N_("Write “{text}” with the digits 0 to 9."), text=typed)
    if two_days := _TWO_DAYS.fullmatch(typed):
        return _between(*map(day_from, two_days.groups()))
    form = _FORMS.fullmatch(typed)
    if form is None:
        raise InvalidPeriod(
            N_(
                "“{text}” is no period. Write a day as 2026-09-05, a month as 2026-09, a quarter as {quarter}, a year "
                "as 2026, an academic year as 2026/2027."
            ),
            text=typed,
            quarter=_QUARTER_EXAMPLE,
        )
    year = _required_year(int(form["year"]))
    try:
        if form["day"]:
            return period_of(date(year, int(form["month"]), int(form["day"])), Step.DAY)
        if form["month"]:
            return period_of(date(year, int(form["month"]), 1), Step.MONTH)
        if form["quarter"]:
            quarter = int(form["quarter"])
            return period_of(date(year, quarter * _QUARTER - 2 if quarter else 0, 1), Step.QUARTER)
    except ValueError:
        raise InvalidPeriod(N_("“{text}” is not in the calendar."), text=typed) from None
    if not form["next"]:
        return period_of(date(year, 1, 1), Step.YEAR)
    if int(form["next"]) != year + 1:
        raise InvalidPeriod(N_("An academic year is two years in a row, such as 2026/2027."))
    return period_of(date(year, ACADEMIC_YEAR_BEGINS, 1), Step.ACADEMIC_YEAR)


def _between(first: date, last: date) -> ReportPeriod:
    if last < first:
        raise PeriodReversed(
            N_("The end ({end}) lies before the beginning ({begin})."), begin=first.isoformat(), end=last.isoformat()
        )
    return ReportPeriod(first=first, last=last, step=Step.SPAN)


def day_from(text: str) -> date:
    """A day that is written as `2026-09-05`; `InvalidPeriod` says what is wrong with it."""
    period = period_from(text)
    if period.step is not Step.DAY:
        raise InvalidPeriod(N_("“{text}” is no day. Write it as 2026-09-05."), text=text.strip()[:_LONGEST_TYPED])
    return period.first


def span_from(begin: str, end: str, today: date) -> Span:
    """The time between two periods, both in it: `2026-09` to `2026-Q4`.

    Raises `InvalidPeriod`, `PeriodReversed`, and `PeriodInFuture` where nothing of it has begun. The end may lie ahead.
    """
    whole = _between(period_from(begin).first, period_from(end).last)
    if whole.first > today:
        raise PeriodInFuture(N_("Nothing can be told yet: {begin} lies ahead."), begin=whole.first.isoformat())
    return Span(first=whole.first, last=whole.last)


def require_closed(period: ReportPeriod, today: date) -> None:
    """Raise `PeriodInFuture` or `PeriodNotClosed` unless all days of the period are over."""
    if period.first > today:
        raise PeriodInFuture(N_("Nothing can be told yet: {begin} lies ahead."), begin=period.first.isoformat())
    if not period.is_closed(today):
        raise PeriodNotClosed(N_("This period is not closed yet: it ends on {end}."), end=period.last.isoformat())


def _required_year(year: int) -> int:
    """The year; `InvalidPeriod` for one before libraries counted, or of another calendar."""
    if not _OLDEST_OWN_YEAR <= year <= _FARTHEST_YEAR:
        raise InvalidPeriod(N_("{year} is a year of another calendar. Write years such as 2026."), year=year)
    if year < EARLIEST_YEAR:
        raise InvalidPeriod(N_("There are no statistics from before {year}."), year=EARLIEST_YEAR)
    return year
