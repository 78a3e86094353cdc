"""Events in the database become the counts of days and months: whatever the order, and whoever comes in between."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from library.db.tables import metadata
from library.db.unit_of_work import Database
from library.db.usage_counts_written import DayCounted, UsageCounts
from library.db.usage_events import Agent
from library.domain.counter_types import AccessType, DataType, Metric
from library.domain.counts import Exclusion
from library.domain.errors import LibraryError, NotFound, PeriodNotClosed
from library.domain.periods import Span, Step, period_from
from library.domain.robots import Addendum, RobotList, robot_list
from library.domain.usage import Kind, UsageEvent, agent_number, event_id
from library.domain.usage_figures import MonthState, Ranking, RecordUse, RevisionReason, TitleUse
from library.services.usage_counting import UsageCounting
from tests.usage_history import CASES, TASHKENT, an_event, counted_slowly, events_of, histories

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
MARCH = Span(first=date(2026, 3, 1), last=date(2026, 3, 31))
ALWAYS = Span(first=date(2026, 1, 1), last=date(2027, 12, 31))
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
TRAITS = ("institution", "data_type", "access_type", "access_method")
ROBOTS = robot_list(("bot",), "list 1", Addendum(version="1"))


class Now:
    """A clock that is set."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 12, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def counting(database: Database, now: Now) -> UsageCounting:
    return a_counting(database, now)


def a_counting(database: Database, now: Now, robots: RobotList = ROBOTS) -> UsageCounting:
    return UsageCounting(database, robots, TASHKENT, now)


MARKS = count(1)


def append(database: Database, events: Sequence[UsageEvent], at: datetime = NOON) -> int:
    with database.writing() as tx:
        late = tx.usage_events.append(events, event_id(at, next(MARKS).to_bytes(10, "big")), TASHKENT)
        tx.commit()
    return late


def empty(database: Database) -> None:
    with database.engine.begin() as connection:
        for name in metadata.tables:
            if name.startswith("usage_"):
                connection.execute(text(f"DELETE FROM {name}"))


def by_month(uses: Iterable[TitleUse]) -> Counter[tuple[Any, ...]]:
    found: Counter[tuple[Any, ...]] = Counter()
    for use in uses:
        row = (use.institution, use.data_type, use.access_type, use.access_method)
        for metric, number in use.figures.items():
            found[use.month, use.title_id, use.item_id, row, metric] = number
    return found


def told(database: Database) -> tuple[Counter[tuple[Any, ...]], Counter[tuple[Any, ...]]]:
    """All figures of COUNTER: of the platform by day, of titles and items by month."""
    platform: Counter[tuple[Any, ...]] = Counter()
    with database.reading() as view:
        for use in view.usage_counts.platform(ALWAYS, Step.DAY, TRAITS):
            for metric, number in use.figures.items():
                platform[use.when, use.key, metric] = number
        titles = by_month(view.usage_counts.titles(ALWAYS.first, ALWAYS.last))
        items = by_month(view.usage_counts.items(ALWAYS.first, ALWAYS.last))
    return platform, titles + items


def expected(events: Sequence[UsageEvent]) -> tuple[Counter[tuple[Any, ...]], Counter[tuple[Any, ...]]]:
    platform: Counter[tuple[Any, ...]] = Counter()
    records: Counter[tuple[Any, ...]] = Counter()
    for day, cells in counted_slowly(events).items():
        for (title, item, row, metric), number in cells.items():
            if title:
                records[day.replace(day=1), title, item, row, metric] += number
            else:
                platform[day, tuple(str(value) for value in row), metric] += number
    return platform, records


def of_march(database: Database) -> Mapping[Metric, int]:
    with database.reading() as view:
        (use,) = view.usage_counts.platform(MARCH)
    return use.figures


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=histories(), chance=st.randoms(use_true_random=False))
def test_whatever_order_events_come_in_the_tables_hold_what_brute_force_counts(
    database: Database, counting: UsageCounting, events: list[UsageEvent], chance: random.Random
) -> None:
    empty(database)
    arrived = events + [event for event in events if chance.random() < 0.4]
    chance.shuffle(arrived)
    while arrived:
        some = chance.randrange(1, 9)
        append(database, arrived[:some])
        del arrived[:some]
        if chance.random() < 0.5:
            counting.roll_up_all()
    counting.roll_up_all()
    assert told(database) == expected(events)
    with database.reading() as view:
        kept = sum(one.number for one in view.usage_counts.requests(ALWAYS))
        left_out = sum(one.number for one in view.usage_counts.excluded(ALWAYS))
        assert kept + left_out == len(events) == view.usage_events.count()


def test_all_examples_of_the_rules_come_out_of_the_tables(database: Database, counting: UsageCounting) -> None:
    for case in CASES:
        empty(database)
        append(database, events_of(case))
        counting.roll_up_all()
        found: dict[str, Counter[str]] = {}
        with database.reading() as view:
            for use in view.usage_counts.platform(ALWAYS, Step.MONTH):
                found.setdefault(f"{use.when:%Y-%m}", Counter()).update(use.figures)
            for title in view.usage_counts.titles(ALWAYS.first, ALWAYS.last):
                refused = {m: n for m, n in title.figures.items() if m in (Metric.NO_LICENSE, Metric.LIMIT_EXCEEDED)}
                if refused:
                    found.setdefault(f"{title.month:%Y-%m}", Counter()).update(refused)
        assert {month: dict(figures) for month, figures in found.items()} == case.get("expect", {}), case["id"]


def test_counting_twice_changes_nothing(database: Database, counting: UsageCounting) -> None:
    append(database, [an_event(number, NOON + number * 40 * SECOND, Kind.DOWNLOAD) for number in range(5)])
    assert counting.roll_up_all() == 1
    before = told(database)
    assert counting.roll_up(date(2026, 3, 10)) == 5
    assert told(database) == before
    assert counting.roll_up_all() == 0


def test_a_month_is_added_up_though_the_last_of_its_days_that_waited_has_no_use(
    database: Database, counting: UsageCounting
) -> None:
    midnight = datetime(2026, 3, 31, 19, tzinfo=UTC)
    append(database, [an_event(1, NOON, Kind.DOWNLOAD), an_event(2, midnight + 10 * SECOND, Kind.DOWNLOAD)])
    assert counting.roll_up_all() == 3
    assert of_march(database)[Metric.TOTAL_ITEM_REQUESTS] == 1


def test_a_month_that_a_killed_process_did_not_add_up_is_added_up_by_the_next(
    database: Database, counting: UsageCounting
) -> None:
    append(database, [an_event(1, NOON, Kind.DOWNLOAD)])
    counting.roll_up(date(2026, 3, 10), with_month=False)
    with database.reading() as view:
        assert view.usage_counts.months(MARCH) == []
    while counting.step():
        pass
    assert of_march(database)[Metric.TOTAL_ITEM_REQUESTS] == 1


def test_a_click_after_midnight_takes_the_one_before_it_out_of_a_day_that_was_counted(
    database: Database, counting: UsageCounting
) -> None:
    midnight = datetime(2026, 3, 31, 19, tzinfo=UTC)
    append(database, [an_event(1, midnight - 10 * SECOND, Kind.DOWNLOAD)])
    counting.roll_up_all()
    assert of_march(database)[Metric.TOTAL_ITEM_REQUESTS] == 1
    append(database, [an_event(2, midnight + 20 * SECOND, Kind.DOWNLOAD)])
    counting.roll_up_all()
    with database.reading() as view:
        (april,) = view.usage_counts.platform(ALWAYS, Step.MONTH)
        assert april.when == date(2026, 4, 1)
        assert [one.key for one in view.usage_counts.excluded(MARCH)] == [(Exclusion.DOUBLE_CLICK,)]


class Interrupting(UsageCounting):
    """Somebody writes while the day is counted."""

    def __init__(self, database: Database, now: Now, event: UsageEvent) -> None:
        super().__init__(database, ROBOTS, TASHKENT, now)
        self.late = [event]
        self.database = database

    def _count(self, view: Any, day: date) -> DayCounted:
        counted = super()._count(view, day)
        if self.late:
            append(self.database, [self.late.pop()])
        return counted


def test_what_comes_while_a_day_is_counted_is_counted_the_next_time(database: Database, now: Now) -> None:
    append(database, [an_event(1, NOON, Kind.DOWNLOAD)])
    counting = Interrupting(database, now, an_event(2, NOON + 60 * SECOND, Kind.DOWNLOAD))
    counting.roll_up_all()
    assert of_march(database)[Metric.TOTAL_ITEM_REQUESTS] == 1
    assert counting.roll_up_all() == 1
    assert of_march(database)[Metric.TOTAL_ITEM_REQUESTS] == 2


def test_a_count_that_is_older_than_anothers_is_not_written(database: Database, now: Now) -> None:
    append(database, [an_event(1, NOON, Kind.DOWNLOAD)])
    other = a_counting(database, now)

    class Slow(UsageCounting):
        def _count(self, view: Any, day: date) -> DayCounted:
            counted = super()._count(view, day)
            append(database, [an_event(2, NOON + 60 * SECOND, Kind.DOWNLOAD)])
            other.roll_up(day)
            return counted

    Slow(database, ROBOTS, TASHKENT, now).roll_up(date(2026, 3, 10))
    assert of_march(database)[Metric.TOTAL_ITEM_REQUESTS] == 2


def test_figures_that_do_not_add_up_are_not_written(
    database: Database, counting: UsageCounting, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(database, [an_event(1, NOON, Kind.DOWNLOAD)])
    monkeypatch.setattr("library.domain.counting.DayCount._tell", lambda *_: None)
    with pytest.raises(LibraryError, match="2026-03-10 are 0 uses, but there are 1"):
        counting.roll_up_all()
    with database.reading() as view:
        assert view.usage_counts.first_day() is None
        assert [day.day for day in view.usage_events.dirty_days()] == [date(2026, 3, 10)]


def test_a_month_is_closed_on_the_third_day_and_a_late_event_makes_a_revision(
    database: Database, counting: UsageCounting, now: Now
) -> None:
    append(database, [an_event(1, NOON, Kind.DOWNLOAD)])
    while counting.step():
        pass
    assert counting.close_months() == 0
    now.time = datetime(2026, 4, 4, 9, tzinfo=UTC)
    assert counting.close_months() == 1
    append(database, [an_event(1, NOON, Kind.DOWNLOAD)])
    counting.roll_up_all()
    append(database, [an_event(2, NOON + 60 * SECOND, Kind.DOWNLOAD)])
    counting.roll_up_all()
    with database.reading() as view:
        first, second = view.usage_counts.revisions(MARCH.first)
        assert view.usage_counts.months(MARCH) == [second]
    assert (first.revision, first.state, first.reason) == (1, MonthState.CLOSED, RevisionReason.FIRST)
    assert (second.revision, second.state, second.reason) == (2, MonthState.CLOSED, RevisionReason.LATE_EVENTS)
    assert (first.events, second.events) == (1, 2)
    assert first.checksum != second.checksum
    assert of_march(database)[Metric.TOTAL_ITEM_REQUESTS] == 2
    with database.writing() as tx:
        assert tx.usage_counts.checksum(MARCH.first, 1) == first.checksum
        assert tx.usage_counts.checksum(MARCH.first, 2) == second.checksum


def test_the_checksum_is_the_same_from_both_databases(database: Database, counting: UsageCounting, now: Now) -> None:
    append(database, [an_event(1, NOON, Kind.DOWNLOAD, institution="buxdu"), an_event(2, NOON, Kind.SEARCH)])
    append(database, [an_event(3, NOON, Kind.RECORD_VIEW, institution="Ўзму", faculty="é", item_id=7)])
    now.time = datetime(2026, 4, 4, 9, tzinfo=UTC)
    month = counting.close(period_from("2026-03"))
    assert month.checksum == "946a858aac74bcf2c17cdc6d64fb5bf5b3fcdd47a8166cff5d6bc151088881ed"


def test_a_month_is_not_closed_before_its_end_nor_before_all_time(
    database: Database, counting: UsageCounting, now: Now
) -> None:
    append(database, [an_event(1, NOON, Kind.DOWNLOAD)])
    with pytest.raises(PeriodNotClosed):
        counting.close(period_from("2026-03"))
    now.time = datetime(2026, 4, 1, 9, tzinfo=UTC)
    with pytest.raises(NotFound):
        counting.close(period_from("2026-02"))
    assert counting.close(period_from("2026-03")).events == 1


def test_a_month_without_any_use_is_closed_too(database: Database, counting: UsageCounting, now: Now) -> None:
    append(database, [an_event(1, NOON, Kind.DOWNLOAD)])
    counting.roll_up_all()
    now.time = datetime(2026, 5, 10, 9, tzinfo=UTC)
    assert counting.close_months() == 2
    with database.reading() as view:
        assert [(month.month.month, month.events) for month in view.usage_counts.months(ALWAYS)] == [(3, 1), (4, 0)]


def test_a_longer_list_of_robots_takes_them_out_of_open_months_and_leaves_closed_ones(
    database: Database, counting: UsageCounting, now: Now
) -> None:
    agent = agent_number("Crawler 1")
    append(database, [an_event(1, NOON, Kind.DOWNLOAD, agent_id=agent)])
    append(database, [an_event(2, NOON + 31 * DAY, Kind.DOWNLOAD, agent_id=agent)])
    with database.writing() as tx:
        tx.usage_events.note_agents(
            [Agent(id=agent, words="Crawler 1", is_robot=False, list_version=ROBOTS.version)], date(2026, 3, 10)
        )
        tx.commit()
    now.time = datetime(2026, 4, 12, 9, tzinfo=UTC)
    counting.roll_up_all()
    counting.close_months()
    longer = a_counting(database, now, robot_list(("bot", "crawler"), "list 2", Addendum(version="1")))
    for _ in range(2):
        while longer.step():
            pass
        now.time += 60 * SECOND
    with database.reading() as view:
        assert [use.when for use in view.usage_counts.platform(ALWAYS, Step.MONTH)] == [MARCH.first]
        march, april = view.usage_counts.months(ALWAYS)
        assert (march.robots_version, april.robots_version) == (ROBOTS.version, longer.state().robots_version)
        assert [one.key for one in view.usage_counts.excluded(ALWAYS)] == [(Exclusion.ROBOT,)]


def test_after_thirteen_months_events_are_gone_and_the_figures_stay(
    database: Database, counting: UsageCounting, now: Now
) -> None:
    append(database, [an_event(1, NOON, Kind.DOWNLOAD), an_event(2, NOON + 10 * DAY, Kind.SEARCH)])
    counting.roll_up_all()
    before = told(database)
    now.time = datetime(2027, 5, 2, 9, tzinfo=UTC)
    while counting.step():
        pass
    assert append(database, [an_event(3, NOON + 60 * SECOND, Kind.DOWNLOAD)]) == 1
    assert counting.roll_up_all() == 0
    counting.roll_up(date(2026, 3, 10))
    with database.reading() as view:
        assert view.usage_events.count() == 0
        week = Span(first=date(2026, 3, 9), last=date(2026, 3, 15))
        assert view.usage_counts.item_span(week) == MARCH
        assert [use.downloads for use in view.usage_counts.top_records(week)] == [1]
    assert told(database) == before


def test_spans_are_added_up_of_months_and_the_days_at_their_ends(database: Database, counting: UsageCounting) -> None:
    days = [NOON + number * DAY for number in range(0, 120, 10)]
    append(database, [an_event(number, day, Kind.DOWNLOAD) for number, day in enumerate(days)])
    counting.roll_up_all()
    with database.reading() as view:
        for first, last in ((0, 119), (0, 2), (20, 80), (21, 60), (5, 30)):
            span = Span(first=date(2026, 3, 10) + first * DAY, last=date(2026, 3, 10) + last * DAY)
            inside = sum(span.first <= day.date() <= span.last for day in days)
            assert sum(one.number for one in view.usage_counts.requests(span)) == inside
            assert sum(one.downloads for one in view.usage_counts.top_records(span)) == inside
            assert sum(one.visits for one in view.usage_counts.visits(span)) == inside
        quarters = view.usage_counts.requests(ALWAYS, Step.QUARTER, ("kind", "outcome"))
        assert [(one.when, one.key) for one in quarters] == [
            (date(2026, quarter, 1), ("download", "downloaded")) for quarter in (1, 4)
        ]
        assert sum(one.number for one in quarters) == len(days)
        (year,) = view.usage_counts.requests(ALWAYS, Step.ACADEMIC_YEAR)
        assert (year.when, year.number) == (date(2025, 9, 1), len(days))
        with pytest.raises(ValueError, match="not told by"):
            view.usage_counts.requests(ALWAYS, None, ("who",))


def test_the_most_used_records_are_ranked_as_asked(database: Database, counting: UsageCounting) -> None:
    def uses(item: int, kind: Kind, number: int) -> list[UsageEvent]:
        return [
            an_event(
                item * 100 + len(kind) * 10 + place,
                NOON + place * 60 * SECOND,
                kind,
                bytes([place]) * 16,
                item_id=item,
                segments=9,
                data_type=DataType.BOOK,
                access_type=AccessType.CONTROLLED,
            )
            for place in range(number)
        ]

    append(database, [*uses(1, Kind.DOWNLOAD, 2), *uses(2, Kind.RECORD_VIEW, 5), *uses(3, Kind.PAGE_VIEW, 3)])
    counting.roll_up_all()
    with database.reading() as view:
        counts = view.usage_counts
        assert [use.record_id for use in counts.top_records(MARCH)] == [2, 3, 1]
        assert [use.record_id for use in counts.top_records(MARCH, Ranking.DOWNLOADS)] == [1]
        assert [use.uses for use in counts.top_records(MARCH, limit=1)] == [5]
        # A book of nine chapters that is taken whole is one download, whatever it is for COUNTER.
        assert counts.record_by_month(1, MARCH) == [
            RecordUse(when=MARCH.first, record_id=1, record_views=0, readings=0, downloads=2)
        ]
        assert [use.uses for use in counts.records_by_month([1, 3], MARCH)] == [5]
        assert counts.busy_hours(MARCH) == {(1, 12): 10}
        assert [(one.key, one.number) for one in counts.hours(MARCH)] == [(("12",), 10)]


def test_data_are_as_of_the_last_moment_before_which_nothing_waits(
    database: Database, counting: UsageCounting, now: Now
) -> None:
    def as_of() -> datetime | None:
        return counting.state().data_as_of

    assert as_of() is None
    append(database, [an_event(1, NOON, Kind.DOWNLOAD)])
    counting.roll_up_all()
    now.time = datetime(2026, 3, 12, 9, 7, tzinfo=UTC)
    assert as_of() == datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
    append(database, [an_event(2, now.time, Kind.DOWNLOAD)])
    assert as_of() == datetime(2026, 3, 11, 19, tzinfo=UTC)
    counting.roll_up_all()
    append(database, [an_event(3, now.time + 3 * SECOND, Kind.DOWNLOAD)])
    now.time += timedelta(hours=1)
    assert as_of() == datetime(2026, 3, 12, 9, 6, tzinfo=UTC)
    append(database, [an_event(4, NOON, Kind.DOWNLOAD)])
    assert as_of() == datetime(2026, 3, 9, 19, tzinfo=UTC)


def test_visits_end_after_half_an_hour_and_overlap(database: Database, counting: UsageCounting) -> None:
    def seen(number: int, who: bytes, minutes: int, kind: Kind = Kind.SEARCH) -> UsageEvent:
        return an_event(number, NOON + minutes * 60 * SECOND, kind, who * 16)

    append(database, [seen(1, b"a", 0), seen(2, b"a", 30), seen(3, b"a", 61), seen(4, b"b", 20), seen(5, b"b", 40)])
    append(database, [seen(6, b"c", 25, Kind.OAI), replace(seen(7, b"d", 25), institution="oshmu")])
    counting.roll_up_all()
    with database.reading() as view:
        (both,) = view.usage_counts.visits(MARCH)
        (own,) = view.usage_counts.visits(MARCH, Step.MONTH, institution="buxdu")
    assert (both.visits, both.peak) == (4, 3)
    assert (own.visits, own.peak) == (3, 2)


def test_counts_can_not_be_written_through_a_view(database: Database) -> None:
    with database.reading() as view:
        assert not isinstance(view.usage_counts, UsageCounts)
