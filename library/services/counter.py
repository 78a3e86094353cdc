"""Reports of the COUNTER Code of Practice 5.1: the counts of months, with the names of what was used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from library.db.unit_of_work import Database, ReadingUnit
from library.domain.counter_asked import question_from, required_customer
from library.domain.counter_faults import Fault, Remark, remark
from library.domain.counter_reports import (
    REPORTS,
    WORLD_ID,
    Attribute,
    CounterQuestion,
    Entry,
    Level,
    Performance,
    ReportId,
    Used,
    month_of,
)
from library.domain.counter_types import ITEM_TYPES, PARENT_TYPES, DataType, Metric
from library.domain.description import Description
from library.domain.periods import Span, Step
from library.domain.usage_figures import TitleUse
from library.projections.counter_used import article_parent, is_named, used_from

OWN_ID = "1"
"""The university that the library belongs to: all who use it are its readers or its guests."""
CUSTOMERS = frozenset({OWN_ID, WORLD_ID})
_AT_ONCE = 500
_DAY = timedelta(days=1)

_Key = tuple[DataType, str, str, str]
_Figures = defaultdict[_Key, dict[Metric, dict[date, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterReport:
    """A report. `remarks` are what was not followed or is not there; `made_at` is in UTC."""

    question: CounterQuestion
    entries: tuple[Entry, ...]
    remarks: tuple[Remark, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Available:
    """The months that reports can be had of, by their first days; both None where none is over."""

    first: date | None
    last: date | None


class Counter:
    """Reads what was counted; a report is made anew each time, from months that change no more once they are closed."""

    def __init__(self, database: Database, zone: tzinfo, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._zone = zone
        self._clock = clock

    def available(self) -> Available:
        """From which month to which there are reports."""
        with self._database.reading() as view:
            return self._available(view)

    def report(self, report: ReportId, arguments: Sequence[tuple[str, str]], *, platform: str) -> CounterReport:
        """The report that these arguments ask for; `platform` is our name in it.

        Raises `CounterRefused` where the Code has no report given.
        """
        at = self._clock()
        customer = required_customer(arguments, CUSTOMERS)
        kind = REPORTS[report]
        question, remarks = question_from(kind, arguments, customer, platform, at.astimezone(self._zone).date())
        with self._database.reading() as view:
            available = self._available(view)
            span = _within(question, available)
            entries = tuple(_entries(view, question, span)) if span else ()
        remarks = (*remarks, *_of_time(question, available, has_usage=bool(entries)))
        return CounterReport(question=question, entries=entries, remarks=remarks, made_at=at)

    def _available(self, view: ReadingUnit) -> Available:
        first, as_of = view.usage_counts.first_day(), view.usage_counts.data_as_of(self._clock(), self._zone)
        if first is None or as_of is None:
            return Available(first=None, last=None)
        open_month = month_of(as_of.astimezone(self._zone).date())
        # A month is over when the counts reach to the midnight after it.
        if as_of < datetime.combine(open_month, time(), tzinfo=self._zone):
            open_month = month_of(open_month - _DAY)
        last = month_of(open_month - _DAY)
        if last < month_of(first):
            return Available(first=None, last=None)
        return Available(first=month_of(first), last=last)


def _within(question: CounterQuestion, available: Available) -> Span | None:
    """Those days of the question that there are figures of."""
    if available.first is None or available.last is None:
        return None
    first = max(question.first, available.first)
    last = min(question.last, Span(first=available.last, last=available.last).periods(Step.MONTH)[0].last)
    return Span(first=first, last=last) if first <= last else None


def _of_time(question: CounterQuestion, available: Available, *, has_usage: bool) -> Iterator[Remark]:
    """What is to be said of months without figures; where that is said, 3030 is not (Appendix D)."""
    months = question.months
    early = [one for one in months if available.first is not None and one < available.first]
    late = [one for one in months if available.last is None or one > available.last]
    for fault, missing in ((Fault.NOT_READY, late), (Fault.NO_LONGER_AVAILABLE, early)):
        if missing:
            yield remark(fault, f"{missing[0]:%Y-%m} to {missing[-1]:%Y-%m}" if missing[1:] else f"{missing[0]:%Y-%m}")
    if not has_usage and not early and not late:
        yield remark(Fault.NO_USAGE)


def _entries(view: ReadingUnit, question: CounterQuestion, span: Span) -> Iterator[Entry]:
    if question.kind.level is Level.PLATFORM:
        performances = tuple(_told(question, _of_platform(view, question, span)))
        return iter([Entry(used=None, performances=performances)] if performances else [])
    if question.kind.level is Level.TITLE:
        return _by_record(view, question, view.usage_counts.titles(span.first, month_of(span.last)))
    return _by_record(view, question, view.usage_counts.items(span.first, month_of(span.last)))


def _of_platform(view: ReadingUnit, question: CounterQuestion, span: Span) -> _Figures:
    found = _no_figures()
    for use in view.usage_counts.platform(span, Step.MONTH, ("data_type", "access_type", "access_method")):
        data_type, access_type, access_method = use.key
        _add(found, question, DataType(data_type), access_type, access_method, "", use.when, use.figures)
    return found


def _by_record(view: ReadingUnit, question: CounterQuestion, uses: Iterable[TitleUse]) -> Iterator[Entry]:
    """The entries of a report by title or item, in the order of the records' numbers."""
    of_items = question.kind.level is Level.ITEM
    numbers: dict[tuple[int, int], list[TitleUse]] = defaultdict(list)
    for use in uses:
        data_type = ITEM_TYPES.get(use.data_type, use.data_type) if of_items else use.data_type
        if data_type in (question.data_types or question.kind.data_types):
            numbers[(use.item_id if of_items else use.title_id), use.title_id].append(use)
    pairs = sorted(numbers)
    for begin in range(0, len(pairs), _AT_ONCE):
        some = pairs[begin : begin + _AT_ONCE]
        described = _described(view, {number for pair in some for number in pair})
        for number, title in some:
            entry = _entry(question, number, title, numbers[number, title], described)
            if entry is not None:
                yield entry


def _described(view: ReadingUnit, numbers: Collection[int]) -> dict[int, Description]:
    listed = view.records.listed(sorted(numbers))
    return {number: record.description for number, record in listed.items()}


def _entry(
    question: CounterQuestion,
    number: int,
    title: int,
    uses: Sequence[TitleUse],
    described: Mapping[int, Description],
) -> Entry | None:
    of_items = question.kind.level is Level.ITEM
    used = used_from(number, described.get(number))
    if not _is_asked_for(question, used):
        return None
    found = _no_figures()
    for use in uses:
        data_type = ITEM_TYPES.get(use.data_type, use.data_type) if of_items else use.data_type
        _add(found, question, data_type, use.access_type, use.access_method, used.year, use.month, use.figures)
    performances = tuple(_told(question, found))
    if not performances:
        return None
    parent_type = PARENT_TYPES.get(performances[0].data_type) if of_items and question.has_parents else None
    if parent_type is None:
        return Entry(used=used, performances=performances)
    # A whole book is the one item of itself; an article may have its journal in its own description.
    whole = used_from(title, described.get(title))
    parent = article_parent(described.get(number)) if title == number and parent_type is DataType.JOURNAL else whole
    return Entry(used=used, performances=performances, parent=parent, parent_type=parent_type if parent else None)


def _is_asked_for(question: CounterQuestion, used: Used) -> bool:
    if question.years and not any(one.first <= used.year <= one.last for one in question.years):
        return False
    return is_named(used, question.item, question.author)


def _no_figures() -> _Figures:
    return defaultdict(dict)


def _add(
    found: _Figures,
    question: CounterQuestion,
    data_type: DataType,
    access_type: str,
    access_method: str,
    year: str,
    when: date,
    figures: Mapping[Metric, int],
) -> None:
    """Add figures to the row that shows them; values of columns that aren't shown are added up (4.4)."""
    if question.data_types and data_type not in question.data_types:
        return
    if question.access_types and access_type not in {*question.access_types}:
        return
    if question.access_methods and access_method not in {*question.access_methods}:
        return
    shown = frozenset(question.shown)
    row = found[
        data_type,
        year if Attribute.YOP in shown else "",
        str(access_type) if Attribute.ACCESS_TYPE in shown else "",
        str(access_method) if Attribute.ACCESS_METHOD in shown else "",
    ]
    for metric, number in figures.items():
        if number and metric in question.wanted:
            months = row.setdefault(metric, {})
            month = month_of(when)
            months[month] = months.get(month, 0) + number


def _told(question: CounterQuestion, found: _Figures) -> Iterator[Performance]:
    """The rows that have figures, their metrics in the order of the report."""
    for (data_type, year, access_type, access_method), figures in sorted(found.items()):
        told = {metric: figures[metric] for metric in question.wanted if figures.get(metric)}
        if told:
            yield Performance(
                data_type=data_type, year=year, access_type=access_type, access_method=access_method, figures=told
            )
