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

_REQUESTS = frozenset({Kind.PAGE_VIEW, Kind.DOWNLOAD})
_INVESTIGATIONS = _REQUESTS | {Kind.RECORD_VIEW}
_CLICKED_TWICE = _INVESTIGATIONS | {Kind.REFUSAL}
_ANSWERED = frozenset({200, 304})
_OK = 200
_PARTIAL = 206
_REFUSALS: Mapping[str, Metric] = {Denial.NO_LICENSE: Metric.NO_LICENSE, Denial.LIMIT_EXCEEDED: Metric.LIMIT_EXCEEDED}
_BY_FLAG = (
    (Flag.BULK, Exclusion.BULK),
    (Flag.STAFF, Exclusion.STAFF),
    (Flag.MONITOR, Exclusion.MONITOR),
    (Flag.JOB, Exclusion.JOB),
    (Flag.HEAD, Exclusion.HEAD),
    (Flag.CONTINUED, Exclusion.CONTINUED),
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
_UNIQUES = (
    (0, _PLACES[Metric.UNIQUE_ITEM_INVESTIGATIONS], _PLACES[Metric.UNIQUE_TITLE_INVESTIGATIONS]),
    (1, _PLACES[Metric.UNIQUE_ITEM_REQUESTS], _PLACES[Metric.UNIQUE_TITLE_REQUESTS]),
)
_OWN: Mapping[str, int] = {
    kind: place for place, kind in enumerate((Kind.RECORD_VIEW, Kind.PAGE_VIEW, Kind.DOWNLOAD), len(_PLACES))
}

_Traits = tuple[str, str, str, str]
_Sessions = defaultdict[tuple[bytes, int, _Traits], dict[int, list[int]]]


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
    return count.tally.counts()


def excluded(row: Row) -> Exclusion | None:
    """Why an event by itself is no use by a reader; None where it is one.

    Robots are readers of what is meant for programs, and where mining was agreed on (7.10).
    """
    kind, method, status, range_start, flags = row[4], row[11], row[12], row[13], row[21]
    welcome = kind in MACHINE_KINDS or method == AccessMethod.TDM
    if flags & Flag.ROBOT and not welcome:
        return Exclusion.ROBOT
    for flag, reason in _BY_FLAG:
        if flags & flag:
            return reason
    if range_start > 0:
        return Exclusion.CONTINUED
    is_answer = status in _ANSWERED or (kind == Kind.DOWNLOAD and status == _PARTIAL)
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
    """Counts a day, hour by hour in the order of time; `tally` holds what was counted so far."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.visits = VisitCount()
        self._traits: dict[_Traits, _Traits] = {}

    def add_hour(self, hour: int, rows: Sequence[Row], following: Sequence[Row]) -> None:
        """Count an hour. `rows` are its events and `following` those of the 30 seconds after it, each once, by time."""
        later: dict[tuple[object, ...], int] = {}
        for _ in self._survivors(following, later):
            pass
        acts = self._acts_of_reading(self._survivors(rows, later, self.tally.excluded))
        self._count(hour, acts)
        for row in rows:
            if row[4] not in MACHINE_KINDS and excluded(row) is None:
                self.visits.note(int.from_bytes(row[0][:6], "big"), row[1], row[2], row[3])

    def _survivors(
        self,
        rows: Sequence[Row],
        later: dict[tuple[object, ...], int],
        told: dict[tuple[str, Exclusion], int] | None = None,
    ) -> Iterator[Row]:
        """The uses by readers, from the last to the first, but of those that a click repeats only the last.

        The address does not tell what is the same, because it carries words and tokens: item, file and deed do. In the
        first seconds of a new salt a visitor is found under the old one too. `later` holds the clicks that come after.
        """
        for row in reversed(rows):
            eid, who, before, institution, kind, item, file, title, *_ = row
            reason = excluded(row) if row[21] or row[13] or row[12] != _OK else None
            if reason is None and kind in _CLICKED_TWICE and _is_used(row):
                at = int.from_bytes(eid[:6], "big")
                key = (title, item, file, kind, row[16])
                following = later.get((who, key))
                later[who, key] = at
                if before:
                    later[before, key] = at
                if following is not None and following - at <= _DOUBLE_CLICK:
                    reason = Exclusion.DOUBLE_CLICK
            if reason is None:
                yield row
            elif told is not None:
                told[institution, reason] += 1

    def _acts_of_reading(self, rows: Iterable[Row]) -> Iterator[Row]:
        """All uses, but of the pages turned in one file within one session the last one only."""
        turned = set()
        for row in rows:
            if row[4] == Kind.PAGE_VIEW:
                key = (row[1], row[7], row[5], row[6], row[3], row[9], row[10], row[11])
                if key in turned:
                    self.tally.excluded[row[3], Exclusion.TURNED_PAGE] += 1
                    continue
                turned.add(key)
            yield row

    def _count(self, hour: int, rows: Iterable[Row]) -> None:
        tally, traits_of = self.tally, self._traits
        told: defaultdict[tuple[str, ...], int] = defaultdict(int)
        sessions: _Sessions = defaultdict(dict)
        for row in rows:
            (_, who, _, institution, kind, item, _, title, segments, data_type, access, method) = row[:12]
            completed, denied, results, category, faculty = row[15:20]
            outcome = outcome_of(kind, results=results, completed=completed)
            told[institution, kind, outcome, denied, data_type, category, faculty] += 1
            traits = (institution, data_type, access, method)
            traits = traits_of.setdefault(traits, traits)
            if kind == Kind.SEARCH:
                tally.platform[traits][_SEARCHES] += 1
            elif kind == Kind.REFUSAL:
                if denied in _REFUSALS and item:
                    place = _PLACES[_REFUSALS[denied]]
                    tally.titles[title, traits][place] += 1
                    tally.items[item, title, traits][place] += 1
            elif kind in _INVESTIGATIONS and _is_used(row):
                is_request = kind != Kind.RECORD_VIEW
                weight = segments if kind == Kind.DOWNLOAD and data_type in BOOKS else 1
                figures = tally.items[item, title, traits]
                figures[_OWN[kind]] += 1
                for cells in (tally.platform[traits], tally.titles[title, traits], figures):
                    cells[_TOTAL_INVESTIGATIONS] += weight
                    if is_request:
                        cells[_TOTAL_REQUESTS] += weight
                weights = sessions[who, title, traits].setdefault(item, [0, 0])
                weights[0] = max(weights[0], weight)
                if is_request:
                    weights[1] = max(weights[1], weight)
        self._tell(hour, told)
        self._count_uniques(sessions)

    def _tell(self, hour: int, told: dict[tuple[str, ...], int]) -> None:
        """Count what the library itself reports: requests and what came of them."""
        tally = self.tally
        for (institution, kind, outcome, denied, data_type, category, faculty), number in told.items():
            tally.requests[institution, kind, outcome, denied, data_type] += number
            tally.hours[institution, hour, kind, outcome] += number
            tally.readers[institution, category, faculty, kind, outcome] += number

    def _count_uniques(self, sessions: _Sessions) -> None:
        """Items and titles once for each session and row of attributes (7.3)."""
        tally = self.tally
        for (_, title, traits), items in sessions.items():
            is_book = traits[1] in BOOKS
            for which, item_place, title_place in _UNIQUES:
                weights = {item: weight[which] for item, weight in items.items() if weight[which]}
                if not weights:
                    continue
                unique = _unique_items(title, weights)
                for cells in (tally.platform[traits], tally.titles[title, traits]):
                    cells[item_place] += unique
                    cells[title_place] += is_book
                for item, weight in weights.items():
                    tally.items[item, title, traits][item_place] += weight


def _is_used(row: Row) -> bool:
    """Whether something reached the reader; a download that was broken off before its first byte did not."""
    return row[4] != Kind.DOWNLOAD or bool(row[15]) or row[14] > 0


def _unique_items(title_id: int, weights: dict[int, int]) -> int:
    """How many items of a title they are; those of a book that was taken whole are among its chapters."""
    whole = weights.get(title_id, 0)
    return max(whole, len(weights) - 1) if whole > 1 else len(weights)
