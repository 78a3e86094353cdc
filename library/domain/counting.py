"""A day of events becomes its counts, by the COUNTER Code of Practice 5.1; where the Code is silent, by our own rules.

A day is always counted whole, from all its events and those of the 30 seconds after it, so late, doubled and
disordered events change nothing. Our own rules: uniques are counted from what survives the double-click filter; a
range counts when it begins at the first byte; the pages that a visitor turns in one file within one session are one
act of reading; each event is found in the counts once, among the requests or the excluded, so totals can be proven.
Every rule holds within one title: a day may be read title by title and the counts of the parts be added (`total`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from library.domain.counter_types import BOOKS, AccessMethod, Metric
from library.domain.counts import Attributes, Counts, Exclusion, Reader, Request
from library.domain.usage import MACHINE_KINDS, Denial, Flag, Kind, UsageEvent

RULES_VERSION = "2026-11"
"""Raised with every change of what is counted; kept with each report."""
DOUBLE_CLICK = timedelta(seconds=30)
"""Two clicks as far apart as this, and not more, are one; the later one stays (7.2)."""

_REQUESTS = frozenset({Kind.PAGE_VIEW, Kind.DOWNLOAD})
_INVESTIGATIONS = _REQUESTS | {Kind.RECORD_VIEW}
_CLICKED_TWICE = _INVESTIGATIONS | {Kind.REFUSAL}
_ANSWERED = frozenset({200, 304})
_PARTIAL = 206
_REFUSALS = {Denial.NO_LICENSE: Metric.NO_LICENSE, Denial.LIMIT_EXCEEDED: Metric.LIMIT_EXCEEDED}
_BY_FLAG = (
    (Flag.BULK, Exclusion.BULK),
    (Flag.STAFF, Exclusion.STAFF),
    (Flag.MONITOR, Exclusion.MONITOR),
    (Flag.JOB, Exclusion.JOB),
    (Flag.HEAD, Exclusion.HEAD),
    (Flag.CONTINUED, Exclusion.CONTINUED),
)

_Session = tuple[bytes, int]


def count_day(day: date, events: Iterable[UsageEvent]) -> Counts:
    """The counts of a day in the library's zone.

    `events` holds all events of the day and all from the 30 seconds after it, in any order, any of them many times;
    events of other times make no difference.
    """
    counts = Counts()
    kept: list[UsageEvent] = []
    for event in {event.eid: event for event in events}.values():
        reason = excluded(event)
        if reason is None:
            kept.append(event)
        elif event.local_day == day:
            counts.excluded[event.institution, reason] += 1
    survivors = []
    for event, is_doubled in _double_clicks(kept):
        if event.local_day != day:
            continue
        if is_doubled:
            counts.excluded[event.institution, Exclusion.DOUBLE_CLICK] += 1
        else:
            survivors.append(event)
    readings = list(_acts_of_reading(survivors, counts))
    for event in readings:
        _tell(event, counts)
    _count_totals(readings, counts)
    _count_uniques(readings, counts)
    return counts


def excluded(event: UsageEvent) -> Exclusion | None:
    """Why an event by itself is no use by a reader; None where it is one.

    Robots are readers of what is meant for programs, and where mining was agreed on (7.10).
    """
    welcome = event.kind in MACHINE_KINDS or event.access_method is AccessMethod.TDM
    if event.flags & Flag.ROBOT and not welcome:
        return Exclusion.ROBOT
    for flag, reason in _BY_FLAG:
        if event.flags & flag:
            return reason
    if event.range_start > 0:
        return Exclusion.CONTINUED
    is_answer = event.status in _ANSWERED or (event.kind is Kind.DOWNLOAD and event.status == _PARTIAL)
    if not is_answer and event.kind not in (Kind.REFUSAL, Kind.ERROR):
        return Exclusion.STATUS
    return None


def _is_used(event: UsageEvent) -> bool:
    """Whether something reached the reader; a download that was broken off before its first byte did not."""
    return event.kind is not Kind.DOWNLOAD or event.completed or event.sent > 0


def _moment(event: UsageEvent) -> tuple[datetime, str]:
    return event.at, event.eid


def _double_clicks(events: Iterable[UsageEvent]) -> Iterator[tuple[UsageEvent, bool]]:
    """Each event, and whether the same visitor did the same again within 30 seconds: chains leave their last link.

    The address does not tell what is the same, because it carries words and tokens: item, file and deed do. In the
    first seconds of a new salt a visitor is found under the old one too.
    """
    clicks: defaultdict[tuple[object, ...], list[UsageEvent]] = defaultdict(list)
    for event in sorted(events, key=_moment):
        if event.kind not in _CLICKED_TWICE or not _is_used(event):
            yield event, False
            continue
        for who in {event.who, event.who_before or event.who}:
            clicks[who, event.title_id, event.item_id, event.file_id, event.kind, event.denied].append(event)
    for key, chain in clicks.items():
        for place, event in enumerate(chain):
            if event.who == key[0]:
                following = chain[place + 1] if place + 1 < len(chain) else None
                yield event, following is not None and following.at - event.at <= DOUBLE_CLICK


def _acts_of_reading(events: Sequence[UsageEvent], counts: Counts) -> Iterator[UsageEvent]:
    """All events, but of the pages turned in one file within one session the last one only."""
    turned: dict[tuple[object, ...], UsageEvent] = {}
    for event in sorted(events, key=_moment):
        if event.kind is not Kind.PAGE_VIEW:
            yield event
            continue
        key = (_session(event), event.title_id, event.item_id, event.file_id, Attributes.of(event))
        if key in turned:
            counts.excluded[event.institution, Exclusion.TURNED_PAGE] += 1
        turned[key] = event
    yield from turned.values()


def _session(event: UsageEvent) -> _Session:
    """The visitor's hour, in which unique items are counted (7.3)."""
    return event.who, event.local_hour


def _tell(event: UsageEvent, counts: Counts) -> None:
    """Count what the library itself reports: requests and what came of them."""
    request = Request(
        institution=event.institution,
        hour=event.local_hour,
        kind=event.kind,
        outcome=event.outcome,
        denied=event.denied,
        data_type=event.data_type,
    )
    counts.requests[request] += 1
    counts.readers[
        Reader(
            institution=event.institution,
            category=event.category,
            faculty=event.faculty,
            kind=event.kind,
            outcome=event.outcome,
        )
    ] += 1


def _weight(event: UsageEvent) -> int:
    """How many items it is: a whole book that was downloaded is each of its known chapters (7.3)."""
    return event.segments if event.kind is Kind.DOWNLOAD and event.data_type in BOOKS else 1


def _metrics(event: UsageEvent) -> Iterator[Metric]:
    """The totals that it belongs to."""
    if event.kind is Kind.REFUSAL and event.denied in _REFUSALS:
        yield _REFUSALS[event.denied]
    if event.kind in _INVESTIGATIONS and _is_used(event):
        yield Metric.TOTAL_ITEM_INVESTIGATIONS
        if event.kind in _REQUESTS:
            yield Metric.TOTAL_ITEM_REQUESTS


def _count_totals(events: Sequence[UsageEvent], counts: Counts) -> None:
    """Searches (7.6), totals, and refusals, which the platform's own report never shows (3.3)."""
    for event in events:
        attributes = Attributes.of(event)
        if event.kind is Kind.SEARCH:
            counts.platform[attributes, Metric.SEARCHES_PLATFORM] += 1
        weight = _weight(event)
        for metric in _metrics(event):
            counts.items[event.item_id, event.title_id, attributes, metric] += weight
            counts.titles[event.title_id, attributes, metric] += weight
            if metric not in _REFUSALS.values():
                counts.platform[attributes, metric] += weight


def _count_uniques(events: Sequence[UsageEvent], counts: Counts) -> None:
    """Items and titles once for each session and row of attributes."""
    investigated = [event for event in events if event.kind in _INVESTIGATIONS and _is_used(event)]
    requested = [event for event in investigated if event.kind in _REQUESTS]
    for used, item_metric, title_metric in (
        (investigated, Metric.UNIQUE_ITEM_INVESTIGATIONS, Metric.UNIQUE_TITLE_INVESTIGATIONS),
        (requested, Metric.UNIQUE_ITEM_REQUESTS, Metric.UNIQUE_TITLE_REQUESTS),
    ):
        sessions: defaultdict[tuple[_Session, int, Attributes], Counter[int]] = defaultdict(Counter)
        for event in used:
            items = sessions[_session(event), event.title_id, Attributes.of(event)]
            items[event.item_id] = max(items[event.item_id], _weight(event))
        for (_, title_id, attributes), items in sessions.items():
            unique = _unique_items(title_id, items)
            counts.platform[attributes, item_metric] += unique
            counts.titles[title_id, attributes, item_metric] += unique
            if attributes.data_type in BOOKS:
                counts.platform[attributes, title_metric] += 1
                counts.titles[title_id, attributes, title_metric] += 1
            for item_id, weight in items.items():
                counts.items[item_id, title_id, attributes, item_metric] += weight


def _unique_items(title_id: int, items: Counter[int]) -> int:
    """How many items of a title they are; those of a book that was taken whole are among its chapters."""
    whole = items[title_id]
    return max(whole, len(items) - 1) if whole > 1 else len(items)
