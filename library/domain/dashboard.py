"""What the dashboard shows: the time that was chosen, the time it is compared with, and figures of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from library.domain.periods import ReportPeriod, Span, Step, period_of, span_from
from library.domain.usage import Kind, Outcome

INVENTED = "sample year of use, invented"
"""The agent of the events that the sample installation made up: where it is known, pages say that nobody did this."""
WEEK = 7
HOURS = 24
_MOST_DAYS = 31
_MOST_MONTHS = 36
_YEAR = 12


class Preset(StrEnum):
    """Times that are chosen with one click."""

    TWELVE_MONTHS = "12-months"
    MONTH = "month"
    LAST_MONTH = "last-month"
    QUARTER = "quarter"
    ACADEMIC_YEAR = "academic-year"
    LAST_ACADEMIC_YEAR = "last-academic-year"
    YEAR = "year"
    LAST_YEAR = "last-year"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenTime:
    """Whole periods in order, and as many before them that they are compared with."""

    preset: Preset | None
    periods: tuple[ReportPeriod, ...]
    before: tuple[ReportPeriod, ...]

    @property
    def step(self) -> Step:
        """How long each period is."""
        return self.periods[0].step

    @property
    def span(self) -> Span:
        """From the first day to the last."""
        return Span(first=self.periods[0].first, last=self.periods[-1].last)

    @property
    def span_before(self) -> Span:
        """The same of what it is compared with."""
        return Span(first=self.before[0].first, last=self.before[-1].last)


def preset_time(preset: Preset, today: date) -> ChosenTime:
    """The time of a preset on this day; what of it lies ahead belongs to it."""
    month = period_of(today, Step.MONTH)
    if preset is Preset.TWELVE_MONTHS:
        months = [month]
        while len(months) < _YEAR:
            months.insert(0, months[0].before)
        return _chosen(Span(first=months[0].first, last=month.last), preset)
    period = {
        Preset.MONTH: month,
        Preset.LAST_MONTH: month.before,
        Preset.QUARTER: period_of(today, Step.QUARTER),
        Preset.ACADEMIC_YEAR: period_of(today, Step.ACADEMIC_YEAR),
        Preset.LAST_ACADEMIC_YEAR: period_of(today, Step.ACADEMIC_YEAR).before,
        Preset.YEAR: period_of(today, Step.YEAR),
        Preset.LAST_YEAR: period_of(today, Step.YEAR).before,
    }[preset]
    return _chosen(Span(first=period.first, last=period.last), preset)


def chosen_time(begin: str, end: str, today: date) -> ChosenTime:
    """The time between two periods as people write them; raises `InvalidPeriod` and its children."""
    return _chosen(span_from(begin, end, today), None)


def _chosen(span: Span, preset: Preset | None) -> ChosenTime:
    periods = span.periods(_step(span))
    earlier = [periods[0].before]
    while len(earlier) < len(periods):
        earlier.insert(0, earlier[0].before)
    return ChosenTime(preset=preset, periods=periods, before=tuple(earlier))


def _step(span: Span) -> Step:
    """Days for a month, months for up to three years, else years: bars that can be told apart."""
    if (span.last - span.first).days < _MOST_DAYS:
        return Step.DAY
    months = (span.last.year - span.first.year) * _YEAR + span.last.month - span.first.month
    return Step.MONTH if months < _MOST_MONTHS else Step.YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A figure of the chosen time and of the time before; None is "not known", never 0."""

    now: int | None
    before: int | None

    @property
    def change(self) -> int | None:
        """By how many hundredths it grew or shrank; None where that says nothing."""
        if self.now is None or not self.before:
            return None
        return round((self.now - self.before) * 100 / self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """How often something was used: a code (a category, a class) or a name (an author, the words of a search)."""

    name: str
    figure: Compared


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTitle:
    """A record, and how often it was looked at, read here and taken away."""

    record_id: int
    title: str
    languages: tuple[str, ...]
    views: int
    readings: int
    downloads: int

    @property
    def uses(self) -> int:
        """How often its text was used: what titles are ranked by."""
        return self.readings + self.downloads


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMonth:
    """How often a record was used in a month."""

    month: ReportPeriod
    views: int
    readings: int
    downloads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """Twelve months in a few figures, for everybody; None is "not known"."""

    months: tuple[ReportPeriod, ...]
    requests: tuple[int | None, ...]
    titles: int | None
    texts: int | None
    visits: int | None
    searches: int | None
    readings: int | None
    downloads: int | None
    data_as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All figures of the dashboard.

    `requests` and `before` have a figure for each period; `results` for each outcome of each period. `hours` has a line
    of 24 for each day of the week, Monday first. `has_data` says that something was counted in either time.
    `is_invented` is the sample installation, whose use nobody made.
    """

    time: ChosenTime
    has_data: bool
    requests: tuple[int | None, ...]
    before: tuple[int | None, ...]
    results: Mapping[Outcome, tuple[int, ...]]
    results_compared: Mapping[Outcome, Compared]
    kinds: Mapping[Kind, Compared]
    hours: tuple[tuple[int, ...], ...]
    categories: tuple[Named, ...]
    faculties: tuple[Named, ...]
    titles: tuple[ReadTitle, ...]
    authors: tuple[Named, ...]
    classes: tuple[Named, ...]
    unsuccessful: tuple[Named, ...]
    excluded: tuple[Named, ...]
    data_as_of: datetime
    complete: bool
    is_invented: bool

    @property
    def all_requests(self) -> Compared:
        """Requests of the whole time; of the time before, as much of it as has passed of this one."""
        return sum_compared(self.requests, self.before)


def sum_compared(now: Sequence[int | None], before: Sequence[int | None]) -> Compared:
    """Both sums over the periods that are known now; None where none is, or where not all of the earlier ones are."""
    known = [place for place, value in enumerate(now) if value is not None]
    earlier = [value for value in (before[place] for place in known) if value is not None]
    return Compared(
        now=sum(now[place] or 0 for place in known) if known else None,
        before=sum(earlier) if known and len(earlier) == len(known) else None,
    )
