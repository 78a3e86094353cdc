"""A day of events becomes its counts, by the COUNTER Code of Practice 5.1; where the Code is silent, by our own rules.

A day is always counted whole, from all its events and those of the 30 seconds after it, so late, doubled and
disordered events change nothing. Our own rules: uniques are counted from what survives the double-click filter; a
range counts when it begins at the first byte; the pages that a visitor turns in one file within one session are one
act of reading; each event is found in the counts once, among the requests or the excluded, so totals can be proven.
Sessions, in which uniques are counted, never span an hour: a day is read hour by hour, and no more than an hour of it
is in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from library.domain.counter_types import BOOKS, AccessMethod, Metric
from library.domain.counting_visits import VisitCount
from library.domain.counts import Counts, Exclusion, Tally
from library.domain.usage import MACHINE_KINDS, Denial, Flag, Kind, UsageEvent, event_id, local_time, outcome_of
from library.domain.usage_rows import Row, row_of

RULES_VERSION = "2026-11"
"""Raised with every change of what is counted; kept with each report."""
DOUBLE_CLICK = timedelta(seconds=30)
"""Two clicks as far apart as this, and not more, are one; the later one stays (7.2)."""

# Plain words and numbers: what databases give is compared with them millions of times.
_SEARCH, _REFUSAL, _DOWNLOAD = Kind.SEARCH.value, Kind.REFUSAL.value, Kind.DOWNLOAD.value
_RECORD_VIEW, _PAGE_VIEW = Kind.RECORD_VIEW.value, Kind.PAGE_VIEW.value
_CLICKED_TWICE = frozenset({_RECORD_VIEW, _PAGE_VIEW, _DOWNLOAD, _REFUSAL})
_MACHINE_KINDS = frozenset(kind.value for kind in MACHINE_KINDS)
_BOOKS = frozenset(data_type.value for data_type in BOOKS)
_ANSWERED = frozenset({200, 304})
_OK = 200
_PARTIAL = 206
_ROBOT = Flag.ROBOT.value
_BY_FLAG = (
    (Flag.BULK.value, Exclusion.BULK),
    (Flag.STAFF.value, Exclusion.STAFF),
    (Flag.MONITOR.value, Exclusion.MONITOR),
    (Flag.JOB.value, Exclusion.JOB),
    (Flag.HEAD.value, Exclusion.HEAD),
    (Flag.CONTINUED.value, Exclusion.CONTINUED),
)
_DOUBLE_CLICK = DOUBLE_CLICK // timedelta(milliseconds=1)
_NO_CHANCE = bytes(10)
_FARTHEST_ZONE = timedelta(hours=14)
# No zone begins its hours at other moments.
_QUARTER = timedelta(minutes=15)

_PLACES = {metric: place for place, metric in enumerate(Metric)}
_SEARCHES = _PLACES[Metric.SEARCHES_PLATFORM]
_TOTAL_INVESTIGATIONS = _PLACES[Metric.TOTAL_ITEM_INVESTIGATIONS]
_TOTAL_REQUESTS = _PLACES[Metric.TOTAL_ITEM_REQUESTS]
_REFUSALS: Mapping[str, int] = {
    Denial.NO_LICENSE.value: _PLACES[Metric.NO_LICENSE],
    Denial.LIMIT_EXCEEDED.value: _PLACES[Metric.LIMIT_EXCEEDED],
}
_ADDED = (_TOTAL_INVESTIGATIONS, _TOTAL_REQUESTS, *_REFUSALS.values())
# Refusals are never told of the platform (3.3), and searches are of no title.
_OF_PLATFORM = tuple(place for place in _PLACES.values() if place and place not in _REFUSALS.values())
_OWN: Mapping[str, int] = {
    kind: place for place, kind in enumerate((_RECORD_VIEW, _PAGE_VIEW, _DOWNLOAD), len(_PLACES))
}

_Traits = tuple[str, str, str, str]
_Told = tuple[str, str, bool, bool, str, str, str, str]
_Weights = dict[tuple[bytes, int, int, _Traits], int]


def count_day(day: date, events: Iterable[UsageEvent]) -> Counts:
    """The counts of a day in the library's zone.

    `events` holds all events of the day and all from the 30 seconds after it, in any order, any of them many times;
    events of other times make no difference.
    """
    distinct = sorted({event.eid: event for event in events}.values(), key=lambda event: (event.at, event.eid))
    hours: defaultdict[int, list[int]] = defaultdict(list)
    for place, event in enumerate(distinct):
        if event.local_day == day:
            hours[event.local_hour].append(place)
    count = DayCount()
    for hour, places in hours.items():
        ends = distinct[places[-1]].at + DOUBLE_CLICK
        following = [row_of(event) for event in distinct[places[-1] + 1 :] if event.at <= ends]
        count.add_hour(hour, [row_of(distinct[place]) for place in places], following)
    return count.finish().counts()


def excluded(row: Row) -> Exclusion | None:
    """Why an event by itself is no use by a reader; None where it is one.

    Robots are readers of what is meant for programs, and where mining was agreed on (7.10).
    """
    kind, method, status, range_start, flags = row[4], row[11], row[12], row[13], row[21]
    welcome = kind in _MACHINE_KINDS or method == AccessMethod.TDM
    if flags & _ROBOT and not welcome:
        return Exclusion.ROBOT
    for flag, reason in _BY_FLAG:
        if flags & flag:
            return reason
    if range_start > 0:
        return Exclusion.CONTINUED
    is_answer = status in _ANSWERED or (kind == _DOWNLOAD and status == _PARTIAL)
    if not is_answer and kind not in (Kind.REFUSAL, Kind.ERROR):
        return Exclusion.STATUS
    return None


def day_hours(day: date, zone: tzinfo) -> list[tuple[int, bytes, bytes]]:
    """The hours of a local day with the first number that an event of it can have, and the first one after it.

    An hour that a clock goes through twice is one.
    """
    hours: dict[int, tuple[datetime, datetime]] = {}
    begins = datetime.combine(day, time(), UTC) - _FARTHEST_ZONE
    for place in range((2 * _FARTHEST_ZONE + timedelta(days=1)) // _QUARTER):
        at = begins + place * _QUARTER
        local_day, hour = local_time(at, zone)
        if local_day == day:
            hours[hour] = (hours.get(hour, (at,))[0], at + _QUARTER)
    return [(hour, event_id(first, _NO_CHANCE), event_id(end, _NO_CHANCE)) for hour, (first, end) in hours.items()]


class DayCount:
    """Counts a day, hour by hour in the order of time; `finish` tells what was counted."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.visits = VisitCount()
        self._traits: dict[_Traits, _Traits] = {}

    def add_hour(self, hour: int, rows: Sequence[Row], following: Sequence[Row]) -> None:
        """Count an hour. `rows` are its events and `following` those of the 30 seconds after it, each once, by time."""
        later: dict[tuple[bytes, int, int, int, str, str], int] = {}
        for row in reversed(following):
            if _is_plain(row) or excluded(row) is None:
                _is_repeated(row, later)
        survivors = self._survivors(self._uses(rows), later)
        self._count(hour, self._acts_of_reading(survivors))

    def finish(self) -> Tally:
        """What was counted, with the totals of titles, which are those of their items, and the sums of the platform."""
        tally = self.tally
        for (_, title, traits), figures in tally.items.items():
            of_title = tally.titles[title, traits]
            for place in _ADDED:
                of_title[place] += figures[place]
        for (_, traits), figures in tally.titles.items():
            if figures[_TOTAL_INVESTIGATIONS]:
                of_platform = tally.platform[traits]
                for place in _OF_PLATFORM:
                    of_platform[place] += figures[place]
        return tally

    def _uses(self, rows: Sequence[Row]) -> list[Row]:
        """The events that are uses by themselves; those of people are told to the visits."""
        uses, visits = [], self.visits
        for row in rows:
            reason = None if _is_plain(row) else excluded(row)
            if reason is not None:
                self.tally.excluded[row[3], reason] += 1
                continue
            uses.append(row)
            if row[4] not in _MACHINE_KINDS:
                visits.note(int.from_bytes(row[0][:6], "big"), row[1], row[2], row[3])
        return uses

    def _survivors(self, rows: Sequence[Row], later: dict[tuple[bytes, int, int, int, str, str], int]) -> Iterator[Row]:
        """The uses from the last to the first, but of those that a click repeats only the last.

        The address does not tell what is the same, because it carries words and tokens: item, file and deed do. In the
        first seconds of a new salt a visitor is found under the old one too. `later` holds the clicks that come after.
        """
        for row in reversed(rows):
            if _is_repeated(row, later):
                self.tally.excluded[row[3], Exclusion.DOUBLE_CLICK] += 1
            else:
                yield row

    def _acts_of_reading(self, rows: Iterable[Row]) -> Iterator[Row]:
        """All uses, but of the pages turned in one file within one session the last one only."""
        turned = set()
        for row in rows:
            if row[4] == _PAGE_VIEW:
                key = (row[1], row[7], row[5], row[6], row[3], row[9], row[10], row[11])
                if key in turned:
                    self.tally.excluded[row[3], Exclusion.TURNED_PAGE] += 1
                    continue
                turned.add(key)
            yield row

    def _count(self, hour: int, rows: Iterable[Row]) -> None:
        tally, traits_of, items = self.tally, self._traits, self.tally.items
        told: defaultdict[_Told, int] = defaultdict(int)
        investigated: _Weights = {}
        requested: _Weights = {}
        for row in rows:
            _, who, _, institution, kind, item, _, title, segments, data_type, access, method = row[:12]
            _, _, _, completed, denied, results, category, faculty = row[12:20]
            told[institution, kind, results > 0, bool(completed), denied, data_type, category, faculty] += 1
            if kind == _SEARCH:
                tally.platform[institution, data_type, access, method][_SEARCHES] += 1
                continue
            traits = (institution, data_type, access, method)
            traits = traits_of.setdefault(traits, traits)
            own = _OWN.get(kind) if item else None
            if own is None:
                if kind == _REFUSAL and denied in _REFUSALS and item:
                    items[item, title, traits][_REFUSALS[denied]] += 1
                continue
            if kind == _DOWNLOAD and not (completed or row[14] > 0):
                continue
            weight = segments if kind == _DOWNLOAD and data_type in _BOOKS else 1
            figures = items[item, title, traits]
            figures[own] += 1
            figures[_TOTAL_INVESTIGATIONS] += weight
            key = (who, title, item, traits)
            if investigated.get(key, 0) < weight:
                investigated[key] = weight
            if kind != _RECORD_VIEW:
                figures[_TOTAL_REQUESTS] += weight
                if requested.get(key, 0) < weight:
                    requested[key] = weight
        self._tell(hour, told)
        self._count_uniques(investigated, _PLACES[Metric.UNIQUE_ITEM_INVESTIGATIONS])
        self._count_uniques(requested, _PLACES[Metric.UNIQUE_ITEM_REQUESTS])

    def _tell(self, hour: int, told: Mapping[_Told, int]) -> None:
        """Count what the library itself reports: requests and what came of them."""
        tally = self.tally
        for (institution, kind, found, completed, denied, data_type, category, faculty), number in told.items():
            outcome = outcome_of(kind, results=found, completed=completed).value
            tally.requests[institution, kind, outcome, denied, data_type] += number
            tally.hours[institution, hour, kind, outcome] += number
            tally.readers[institution, category, faculty, kind, outcome] += number

    def _count_uniques(self, used: _Weights, place: int) -> None:
        """Items and titles once for each session and row of attributes (7.3). The place of titles follows the items'.

        Nearly all titles have no parts: they are counted without gathering their sessions.
        """
        titles, items = self.tally.titles, self.tally.items
        sessions: dict[tuple[bytes, int, _Traits], dict[int, int]] = {}
        for who, title, item, traits in used:
            if item != title:
                sessions[who, title, traits] = {}
        for (who, title, item, traits), weight in used.items():
            items[item, title, traits][place] += weight
            if sessions and (who, title, traits) in sessions:
                sessions[who, title, traits][item] = weight
                continue
            figures = titles[title, traits]
            figures[place] += weight
            figures[place + 1] += traits[1] in _BOOKS
        for (_, title, traits), weights in sessions.items():
            figures = titles[title, traits]
            figures[place] += _unique_items(title, weights)
            figures[place + 1] += traits[1] in _BOOKS


def _is_plain(row: Row) -> bool:
    """Whether nothing speaks against an event, which is so for nearly all."""
    return not row[21] and not row[13] and row[12] == _OK


def _is_repeated(row: Row, later: dict[tuple[bytes, int, int, int, str, str], int]) -> bool:
    """Whether the same visitor does the same again within 30 seconds; from now on this click comes later.

    A download that was broken off before its first byte is no click.
    """
    kind = row[4]
    if kind not in _CLICKED_TWICE or (kind == _DOWNLOAD and not row[15] and row[14] <= 0):
        return False
    at = int.from_bytes(row[0][:6], "big")
    key = (row[1], row[7], row[5], row[6], kind, row[16])
    following = later.get(key)
    later[key] = at
    if row[2]:
        later[row[2], *key[1:]] = at
    return following is not None and following - at <= _DOUBLE_CLICK


def _unique_items(title_id: int, weights: dict[int, int]) -> int:
    """How many items of a title they are; those of a book that was taken whole are among its chapters."""
    whole = weights.get(title_id, 0)
    return max(whole, len(weights) - 1) if whole > 1 else len(weights)
