"""What a day of events comes to: the examples of the rules, and random histories counted in two ways."""

from __future__ import annotations

import random
import tomllib
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.counter_types import AccessMethod, AccessType, DataType, Metric
from library.domain.counting import DOUBLE_CLICK, count_day
from library.domain.counts import Attributes, Counts, Exclusion, impossible, total
from library.domain.robots import Addendum, robot_list
from library.domain.usage import Denial, Flag, Kind, Outcome, UsageEvent, best_identity, visitor_hash
from tests.usage_history import TASHKENT, Figures, an_event, counted_slowly

CASES = tomllib.loads((Path(__file__).parents[1] / "data/counter/cases.toml").read_text("utf-8"))["case"]
ROBOTS = robot_list(("bot", "^.?$"), "short", Addendum(version="none"))
AGENTS = {
    "chrome": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36",
    "firefox": "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "googlebot": "Mozilla/5.0 (compatible; Googlebot/2.1)",
    "silent": "",
    "dash": "-",
}
MARKS = {"staff": Flag.STAFF, "monitor": Flag.MONITOR, "job": Flag.JOB, "continued": Flag.CONTINUED}
NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Numbers:
    """Numbers for the names in the examples."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def of(self, name: str) -> int:
        return self.known.setdefault(name, len(self.known) + 1) if name else 0


def events_of(case: dict[str, Any]) -> list[UsageEvent]:
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


def counted(events: list[UsageEvent]) -> dict[date, Counts]:
    """Each day by itself, from its events and those of the half minute after it."""
    days = {event.local_day for event in events}
    return {day: count_day(day, [event for event in events if _belongs(event, day)]) for day in days}


def _belongs(event: UsageEvent, day: date) -> bool:
    return day in (event.local_day, (event.at - DOUBLE_CLICK).astimezone(TASHKENT).date())


def by_month(days: dict[date, Counts]) -> dict[str, Counts]:
    months: defaultdict[str, list[Counts]] = defaultdict(list)
    for day, counts in days.items():
        months[f"{day:%Y-%m}"].append(counts)
    return {month: total(parts) for month, parts in months.items()}


def figures(counts: Counts) -> Counter[Metric]:
    """All figures of the platform, and the refusals, which stand with the titles only."""
    found: Counter[Metric] = Counter()
    for (_, metric), number in counts.platform.items():
        found[metric] += number
    for (_, _, metric), number in counts.titles.items():
        found[metric] += number if metric in (Metric.NO_LICENSE, Metric.LIMIT_EXCEEDED) else 0
    return +found


@pytest.mark.parametrize("case", CASES, ids=[f"{case['id']} {case['story']}" for case in CASES])
def test_the_examples_of_the_rules_are_counted_so(case: dict[str, Any]) -> None:
    events = events_of(case)
    months = by_month(counted(events))
    assert {month: dict(figures(counts)) for month, counts in months.items() if figures(counts)} == case.get(
        "expect", {}
    )
    nothing_found = sum(
        number
        for counts in months.values()
        for request, number in counts.requests.items()
        if request.outcome is Outcome.NOTHING_FOUND
    )
    assert nothing_found == case.get("nothing_found", 0)


def test_all_the_examples_are_there() -> None:
    assert [case["id"] for case in CASES] == [f"C{number:02}" for number in range(1, 27)]


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


def as_figures(days: dict[date, Counts]) -> Figures:
    found: Figures = {}
    for day, counts in days.items():
        cells: Counter[tuple[int, int, Any, Metric]] = Counter()
        for (attributes, metric), number in counts.platform.items():
            cells[0, 0, _row(attributes), metric] = number
        for (title, attributes, metric), number in counts.titles.items():
            cells[title, 0, _row(attributes), metric] = number
        for (item, title, attributes, metric), number in counts.items.items():
            cells[title, item, _row(attributes), metric] = number
        if cells:
            found[day] = cells
    return found


def _row(attributes: Attributes) -> tuple[str, DataType, AccessType, AccessMethod]:
    return attributes.institution, attributes.data_type, attributes.access_type, attributes.access_method


@settings(max_examples=300, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_disorder_and_repetition_change_nothing_and_both_ways_agree(
    events: list[UsageEvent], chance: random.Random
) -> None:
    arrived = events + [event for event in events if chance.random() < 0.4]
    chance.shuffle(arrived)
    slowly = {day: cells for day, cells in counted_slowly(events).items() if cells}
    assert as_figures(counted(arrived)) == slowly
    assert counted(arrived) == counted(events)


@settings(max_examples=150, deadline=None)
@given(histories())
def test_each_event_is_told_once_and_no_row_is_impossible(events: list[UsageEvent]) -> None:
    for day, counts in counted(events).items():
        of_day = sum(event.local_day == day for event in events)
        assert counts.requests.total() + counts.excluded.total() == of_day
        assert counts.readers.total() == counts.requests.total()
        rows: defaultdict[object, dict[Metric, int]] = defaultdict(dict)
        for (attributes, metric), number in counts.platform.items():
            rows[attributes][metric] = number
        for (title, attributes, metric), number in counts.titles.items():
            rows[title, attributes][metric] = number
        assert [impossible(row) for row in rows.values() if impossible(row)] == []
        assert all(number > 0 for number in counts.platform.values())


@settings(max_examples=100, deadline=None)
@given(histories())
def test_a_day_may_be_counted_title_by_title(events: list[UsageEvent]) -> None:
    titles = {event.title_id for event in events}
    for day, counts in counted(events).items():
        assert total(count_day(day, [e for e in events if e.title_id == title]) for title in titles) == counts


def test_a_row_with_more_uniques_than_totals_is_impossible() -> None:
    row = {Metric.TOTAL_ITEM_INVESTIGATIONS: 1, Metric.UNIQUE_ITEM_INVESTIGATIONS: 2}
    assert impossible(row) == ((Metric.TOTAL_ITEM_INVESTIGATIONS, Metric.UNIQUE_ITEM_INVESTIGATIONS),)
    assert impossible({Metric.UNIQUE_ITEM_REQUESTS: 1}) != ()


def test_a_chain_of_clicks_is_one_and_it_is_the_last() -> None:
    start = datetime(2026, 3, 10, 18, 59, 10, tzinfo=UTC)
    chain = [an_event(number, start + number * 20 * SECOND, Kind.DOWNLOAD) for number in range(4)]
    days = counted(chain)
    assert dict(figures(days[date(2026, 3, 10)])) == {}
    assert days[date(2026, 3, 10)].excluded == {("buxdu", Exclusion.DOUBLE_CLICK): 3}
    assert figures(days[date(2026, 3, 11)])[Metric.TOTAL_ITEM_REQUESTS] == 1


def test_a_click_on_either_side_of_a_new_salt_is_one() -> None:
    night = datetime(2026, 3, 10, 22, tzinfo=UTC)
    first = an_event(1, night - 10 * SECOND, Kind.DOWNLOAD, b"old" * 5)
    second = an_event(2, night + 10 * SECOND, Kind.DOWNLOAD, b"new" * 5, who_before=b"old" * 5)
    third = an_event(3, night + 35 * SECOND, Kind.DOWNLOAD, b"new" * 5)
    found = figures(count_day(date(2026, 3, 11), [third, first, second]))
    assert found[Metric.TOTAL_ITEM_REQUESTS] == 1


def test_the_pages_turned_in_an_hour_are_one_act_of_reading() -> None:
    pages = [an_event(number, NOON + number * 60 * SECOND, Kind.PAGE_VIEW, file_id=5) for number in range(12)]
    counts = count_day(date(2026, 3, 10), pages)
    assert figures(counts)[Metric.TOTAL_ITEM_REQUESTS] == 1
    assert counts.excluded == {("buxdu", Exclusion.TURNED_PAGE): 11}


def test_chapters_of_a_book_that_was_taken_whole_are_not_unique_once_more() -> None:
    book = DataType.BOOK
    events = [an_event(1, NOON, Kind.DOWNLOAD, item_id=2, title_id=2, segments=2, data_type=book)]
    events += [an_event(item, NOON, Kind.DOWNLOAD, item_id=item, title_id=2, data_type=book) for item in (3, 4)]
    found = figures(count_day(date(2026, 3, 10), events))
    assert (found[Metric.TOTAL_ITEM_REQUESTS], found[Metric.UNIQUE_ITEM_REQUESTS]) == (4, 2)
    assert found[Metric.UNIQUE_TITLE_REQUESTS] == 1


def test_harvesters_and_miners_with_an_agreement_are_no_robots() -> None:
    robot = Flag.ROBOT
    events = [
        an_event(1, NOON, Kind.OAI, flags=robot),
        an_event(2, NOON, Kind.DOWNLOAD, flags=robot, access_method=AccessMethod.TDM),
        an_event(3, NOON, Kind.DOWNLOAD, flags=robot),
    ]
    counts = count_day(date(2026, 3, 10), events)
    assert counts.excluded == {("buxdu", Exclusion.ROBOT): 1}
    assert {attributes.access_method for attributes, _ in counts.platform} == {AccessMethod.TDM}


def test_nobody_reads_by_asking_for_headers_and_a_file_that_never_came_is_aborted_only() -> None:
    head = an_event(1, NOON, Kind.DOWNLOAD, flags=Flag.HEAD)
    never = an_event(2, NOON, Kind.DOWNLOAD, completed=False, sent=0)
    counts = count_day(date(2026, 3, 10), [head, never])
    assert not counts.platform
    assert counts.excluded == {("buxdu", Exclusion.HEAD): 1}
    assert [request.outcome for request in counts.requests] == [Outcome.ABORTED]
