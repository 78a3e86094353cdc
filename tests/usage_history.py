"""Events of use for tests: examples of the rules, random histories, and a second way to count them.

It is slow, over all events at once, and written from the rules.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from library.domain.counter_types import BOOKS, AccessMethod, AccessType, DataType, Metric
from library.domain.robots import Addendum, robot_list
from library.domain.usage import (
    Denial,
    Flag,
    Kind,
    UsageEvent,
    best_identity,
    event_id,
    local_time,
    visitor_hash,
)

TASHKENT = ZoneInfo("Asia/Tashkent")
HALF_A_MINUTE = timedelta(seconds=30)
Row = tuple[str, DataType, AccessType, AccessMethod]
Figures = dict[date, Counter[tuple[int, int, Row, Metric]]]
"""By day: title, item (0 for the title as a whole, both 0 for the platform), row, metric."""

CASES = tomllib.loads((Path(__file__).parent / "data/counter/cases.toml").read_text("utf-8"))["case"]
ROBOTS = robot_list(("bot", "^.?$"), "short", Addendum(version="none"))
AGENTS = {
    "chrome": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36",
    "firefox": "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "googlebot": "Mozilla/5.0 (compatible; Googlebot/2.1)",
    "silent": "",
    "dash": "-",
}
MARKS = {"staff": Flag.STAFF, "monitor": Flag.MONITOR, "job": Flag.JOB, "continued": Flag.CONTINUED}


def an_event(number: int, at: datetime, kind: Kind, who: bytes = b"w" * 16, **facts: object) -> UsageEvent:
    """An event of an article that is open, unless told otherwise; `number` makes it another one."""
    day, hour = local_time(at, TASHKENT)
    given: dict[str, object] = {"institution": "buxdu"}
    if kind not in (Kind.SEARCH, Kind.SRU, Kind.OAI, Kind.ERROR):
        given |= {"item_id": 1, "data_type": DataType.ARTICLE, "access_type": AccessType.OPEN}
    given |= facts
    given.setdefault("title_id", given.get("item_id", 0))
    return UsageEvent(
        eid=event_id(at, number.to_bytes(10, "big")),
        at=at.astimezone(UTC),
        local_day=day,
        local_hour=hour,
        who=who,
        kind=kind,
        **given,  # type: ignore[arg-type]
    )


class Numbers:
    """Numbers for the names in the examples."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def of(self, name: str) -> int:
        return self.known.setdefault(name, len(self.known) + 1) if name else 0


def events_of(case: Mapping[str, Any]) -> list[UsageEvent]:
    """The events of an example; those that bear a name are one event however often they come."""
    items, files, named = Numbers(), Numbers(), Numbers()
    events = []
    for place, line in enumerate(case["events"]):
        at, kind, *words = line.split()
        said = {name: value for name, _, value in (word.partition("=") for word in words)}
        agent = AGENTS[said.get("agent", "chrome")]
        identity = best_identity(
            person=said.get("person", ""),
            cookie=said.get("cookie", ""),
            address=said.get("address", "192.0.2.7"),
            agent=agent,
        )
        flags = Flag.ROBOT if ROBOTS.is_robot(agent) else Flag.NONE
        for mark, flag in MARKS.items():
            flags |= flag if mark in said else Flag.NONE
        facts: dict[str, object] = {
            "file_id": files.of(said.get("file", "")),
            "status": int(said.get("status", 200)),
            "range_start": int(said.get("from", 0)),
            "sent": int(said.get("sent", 0)),
            "completed": "aborted" not in said,
            "segments": int(said.get("chapters", 1)),
            "denied": Denial(said.get("denied", "")),
            "results": int(said.get("results", 0)),
            "flags": flags,
        }
        if "item" in said:
            facts |= {"item_id": items.of(said["item"]), "title_id": items.of(said.get("title", said["item"]))}
        if "type" in said:
            facts["data_type"] = DataType(said["type"])
        number = 1000 + named.of(said["eid"]) if "eid" in said else place
        events.append(
            an_event(number, datetime.fromisoformat(at), Kind(kind), visitor_hash(b"salt", identity), **facts)
        )
    return events


@st.composite
def histories(draw: st.DrawFn) -> list[UsageEvent]:
    """Few visitors, few items, and moments close to one another, to hours, to midnight and to the ends of months."""
    near = draw(
        st.sampled_from(
            [
                datetime(2026, 3, 10, 6, tzinfo=UTC),
                datetime(2026, 3, 10, 19, tzinfo=UTC),
                datetime(2026, 3, 31, 19, tzinfo=UTC),
                datetime(2026, 12, 31, 19, tzinfo=UTC),
            ]
        )
    )
    moments = st.builds(
        lambda leap, seconds: near + timedelta(minutes=leap, seconds=seconds),
        st.sampled_from([-60, 0, 0, 0, 60]),
        st.one_of(st.integers(-95, 95), st.sampled_from([-30, -15, 0, 15, 30])),
    )
    items = [(1, 1, DataType.ARTICLE, 1), (2, 2, DataType.BOOK, 2), (3, 2, DataType.BOOK, 1), (4, 2, DataType.BOOK, 1)]
    events = []
    for number in range(draw(st.integers(0, 14))):
        kind = draw(st.sampled_from([*Kind, Kind.DOWNLOAD, Kind.RECORD_VIEW, Kind.PAGE_VIEW]))
        facts: dict[str, object] = {"institution": draw(st.sampled_from(["buxdu", "buxdu", "oshmu"]))}
        if kind in (Kind.RECORD_VIEW, Kind.PAGE_VIEW, Kind.DOWNLOAD, Kind.REFUSAL):
            item, title, data_type, segments = draw(st.sampled_from(items))
            facts |= {"item_id": item, "title_id": title, "data_type": data_type, "segments": segments}
            facts["file_id"] = draw(st.integers(0, 1))
            facts["access_type"] = draw(st.sampled_from([AccessType.OPEN, AccessType.OPEN, AccessType.CONTROLLED]))
        if kind is Kind.REFUSAL:
            facts["denied"] = draw(st.sampled_from(list(Denial)))
        if kind is Kind.DOWNLOAD:
            facts["range_start"] = draw(st.sampled_from([0, 0, 0, 65536]))
            facts["completed"] = draw(st.booleans())
            facts["sent"] = draw(st.sampled_from([0, 4096]))
        facts["status"] = draw(st.sampled_from([200, 200, 200, 206, 304, 302, 401, 500]))
        facts["access_method"] = draw(st.sampled_from([AccessMethod.REGULAR, AccessMethod.REGULAR, AccessMethod.TDM]))
        facts["flags"] = draw(st.sampled_from([Flag.NONE] * 8 + list(Flag)))
        who, before = draw(st.sampled_from([(b"a" * 16, b""), (b"b" * 16, b""), (b"b" * 16, b"a" * 16)]))
        events.append(an_event(number, draw(moments), kind, who, who_before=before, **facts))
    return events


def counted_slowly(events: Sequence[UsageEvent]) -> Figures:
    """All figures of COUNTER of all days, each event compared with each other one."""
    distinct = sorted({event.eid: event for event in events}.values(), key=lambda event: (event.at, event.eid))
    valid = [event for event in distinct if _is_valid(event)]
    single = [event for place, event in enumerate(valid) if not _comes_again(event, valid[place + 1 :])]
    acts = [event for place, event in enumerate(single) if not _goes_on_reading(event, single[place + 1 :])]
    figures: Figures = {}
    for day in {event.local_day for event in acts}:
        figures[day] = Counter()
        for row in {_row(event) for event in acts}:
            _count(figures[day], row, [event for event in acts if event.local_day == day and _row(event) == row])
        figures[day] = Counter({key: number for key, number in figures[day].items() if number})
    return figures


def _row(event: UsageEvent) -> Row:
    return event.institution, event.data_type, event.access_type, event.access_method


def _is_valid(event: UsageEvent) -> bool:
    marks = event.flags
    if event.access_method is AccessMethod.TDM:
        marks &= ~Flag.ROBOT
    if marks or event.range_start:
        return False
    if event.kind is Kind.REFUSAL:
        return event.denied in (Denial.NO_LICENSE, Denial.LIMIT_EXCEEDED)
    if event.kind is Kind.DOWNLOAD:
        return event.status in (200, 206, 304) and (event.completed or event.sent > 0)
    return event.kind in (Kind.SEARCH, Kind.RECORD_VIEW, Kind.PAGE_VIEW) and event.status in (200, 304)


def _comes_again(event: UsageEvent, later: Sequence[UsageEvent]) -> bool:
    return event.kind is not Kind.SEARCH and any(
        event.who in (other.who, other.who_before)
        and (event.title_id, event.item_id, event.file_id) == (other.title_id, other.item_id, other.file_id)
        and (event.kind, event.denied) == (other.kind, other.denied)
        and other.at <= event.at + HALF_A_MINUTE
        for other in later
    )


def _goes_on_reading(event: UsageEvent, later: Sequence[UsageEvent]) -> bool:
    return event.kind is Kind.PAGE_VIEW and any(
        other.kind is Kind.PAGE_VIEW
        and (event.who, event.local_day, event.local_hour) == (other.who, other.local_day, other.local_hour)
        and (event.title_id, event.item_id, event.file_id) == (other.title_id, other.item_id, other.file_id)
        and _row(event) == _row(other)
        for other in later
    )


def _chapters(event: UsageEvent) -> int:
    return event.segments if event.kind is Kind.DOWNLOAD and event.data_type in BOOKS else 1


def _count(figures: Counter[tuple[int, int, Row, Metric]], row: Row, events: Sequence[UsageEvent]) -> None:
    figures[0, 0, row, Metric.SEARCHES_PLATFORM] = sum(event.kind is Kind.SEARCH for event in events)
    requests = [event for event in events if event.kind in (Kind.DOWNLOAD, Kind.PAGE_VIEW)]
    investigations = requests + [event for event in events if event.kind is Kind.RECORD_VIEW]
    for title in {event.title_id for event in events if event.item_id}:
        for denial, metric in (
            (Denial.NO_LICENSE, Metric.NO_LICENSE),
            (Denial.LIMIT_EXCEEDED, Metric.LIMIT_EXCEEDED),
        ):
            for event in events:
                if event.denied is denial and event.title_id == title:
                    figures[title, 0, row, metric] += 1
                    figures[title, event.item_id, row, metric] += 1
        for used, total, unique, titles in (
            (
                investigations,
                Metric.TOTAL_ITEM_INVESTIGATIONS,
                Metric.UNIQUE_ITEM_INVESTIGATIONS,
                Metric.UNIQUE_TITLE_INVESTIGATIONS,
            ),
            (requests, Metric.TOTAL_ITEM_REQUESTS, Metric.UNIQUE_ITEM_REQUESTS, Metric.UNIQUE_TITLE_REQUESTS),
        ):
            of_title = [event for event in used if event.title_id == title]
            for session in {(event.who, event.local_hour) for event in of_title}:
                mine = [event for event in of_title if (event.who, event.local_hour) == session]
                whole = max((_chapters(event) for event in mine if event.item_id == title), default=0)
                parts = {event.item_id for event in mine if event.item_id != title}
                together = max(whole, len(parts)) if whole > 1 else whole + len(parts)
                for scope in ((0, 0), (title, 0)):
                    figures[*scope, row, total] += sum(map(_chapters, mine))
                    figures[*scope, row, unique] += together
                    figures[*scope, row, titles] += row[1] in BOOKS
                for item in {event.item_id for event in mine}:
                    weights = [_chapters(event) for event in mine if event.item_id == item]
                    figures[title, item, row, total] += sum(weights)
                    figures[title, item, row, unique] += max(weights)
