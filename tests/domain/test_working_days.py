"""Deadlines in working days, with holidays and with days of rest that are worked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.errors import InvalidConfiguration
from library.domain.workdays import SUPPORT_DAYS, WorkCalendar, complaint_deadlines, require_sound

TASHKENT = ZoneInfo("Asia/Tashkent")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NAVRUZ = date(2026, 3, 21)
PLAIN = WorkCalendar(zone=TASHKENT)


def local(day: int, hour: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=TASHKENT)


def test_a_complaint_of_monday_is_looked_at_by_thursday_and_settled_by_tuesday() -> None:
    deadlines = complaint_deadlines(PLAIN, local(2, 10))
    assert deadlines.first_look == local(6)
    assert deadlines.measures == local(11)


def test_a_holiday_and_a_day_that_was_moved_count() -> None:
    calendar = WorkCalendar(zone=TASHKENT, holidays=frozenset({date(2026, 3, 20)}), workdays=frozenset({NAVRUZ}))
    assert calendar.due(local(18, 9), 3) == local(24)
    assert PLAIN.due(local(18, 9), 3) == local(24)
    assert [calendar.is_working(date(2026, 3, day)) for day in (19, 20, 21, 22, 23)] == [True, False, True, False, True]


def test_the_day_is_that_of_the_library_not_of_greenwich() -> None:
    assert PLAIN.due(datetime(2026, 3, 2, 18, 59, tzinfo=UTC), SUPPORT_DAYS) == local(4)
    assert PLAIN.due(datetime(2026, 3, 2, 19, 1, tzinfo=UTC), SUPPORT_DAYS) == local(5)


def test_hours_left_leave_out_the_days_of_rest() -> None:
    due = PLAIN.due(local(5, 12), 1)
    assert due == local(7)
    assert PLAIN.hours_left(local(5, 12), due) == 36
    assert PLAIN.hours_left(local(6, 23), local(10)) == 25
    assert PLAIN.hours_left(local(10, 5), due) == -29


@pytest.mark.parametrize("weekdays", [frozenset[int](), frozenset({1, 7})])
def test_a_week_that_is_none_is_refused(weekdays: frozenset[int]) -> None:
    with pytest.raises(InvalidConfiguration):
        require_sound(WorkCalendar(zone=TASHKENT, weekdays=weekdays))
    require_sound(PLAIN)


def test_a_calendar_of_holidays_alone_says_what_is_wrong() -> None:
    rest = frozenset(date(2026, 3, 1) + number * DAY for number in range(100))
    with pytest.raises(InvalidConfiguration, match="holidays"):
        WorkCalendar(zone=TASHKENT, holidays=rest).after(date(2026, 3, 1), 1)


dates = st.dates(date(2026, 1, 1), date(2026, 12, 31))
calendars = st.builds(
    WorkCalendar,
    zone=st.just(TASHKENT),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    holidays=st.frozensets(dates, max_size=12),
    workdays=st.frozensets(dates, max_size=4),
)


@settings(max_examples=150, deadline=None)
@given(calendars, dates, st.integers(1, 10))
def test_the_deadline_is_a_working_day_with_as_many_before_it(calendar: WorkCalendar, day: date, count: int) -> None:
    last = calendar.after(day, count)
    assert calendar.is_working(last)
    assert calendar.between(day, last) == count
    assert calendar.between(day, last - DAY) == count - 1
    assert calendar.after(calendar.after(day, 1), count) == calendar.after(day, count + 1)


@settings(max_examples=150, deadline=None)
@given(calendars, dates, st.integers(0, 23), st.integers(1, 6), st.integers(0, 400))
def test_hours_left_never_rise_and_are_those_of_the_working_days(
    calendar: WorkCalendar, day: date, hour: int, count: int, later: int
) -> None:
    received = datetime(day.year, day.month, day.day, hour, tzinfo=TASHKENT)
    due = calendar.due(received, count)
    left = calendar.hours_left(received, due)
    assert left == 24 * count + (24 - hour) * calendar.is_working(day)
    assert calendar.hours_left(received + later * HOUR, due) <= left
    assert calendar.hours_left(due + later * HOUR, due) <= 0 == calendar.hours_left(due, due)
