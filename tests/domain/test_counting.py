"""What a day of events comes to: the examples of the rules, and random histories counted in two ways."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.counter_types import AccessMethod, AccessType, DataType, Metric
from library.domain.counting import DOUBLE_CLICK, count_day
from library.domain.counts import Attributes, Counts, Exclusion, impossible, total
from library.domain.usage import Flag, Kind, Outcome, UsageEvent
from tests.usage_history import CASES, TASHKENT, Figures, an_event, counted_slowly, events_of, histories

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)


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


@settings(max_examples=100, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_disorder_and_repetition_change_nothing_and_both_ways_agree(
    events: list[UsageEvent], chance: random.Random
) -> None:
    arrived = events + [event for event in events if chance.random() < 0.4]
    chance.shuffle(arrived)
    slowly = {day: cells for day, cells in counted_slowly(events).items() if cells}
    assert as_figures(counted(arrived)) == slowly
    assert counted(arrived) == counted(events)


@settings(max_examples=60, deadline=None)
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


@settings(max_examples=40, deadline=None)
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
