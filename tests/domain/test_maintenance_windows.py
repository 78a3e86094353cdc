"""Windows of maintenance and the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.errors import InvalidMaintenance, NotFound
from library.domain.maintenance import Window, WindowState, require_sound

NOON = datetime(2026, 9, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def a_window(begins_at: datetime = NOON, lasts: timedelta = 2 * HOUR, notice_hours: int = 24) -> Window:
    return Window(
        id=1,
        begins_at=begins_at,
        ends_at=begins_at + lasts,
        notice_hours=notice_hours,
        texts={"ru": "Замена дисков"},
        registered_at=NOON - 100 * HOUR,
        registered_by="person:1",
        registered_by_name="Botir",
    )


@pytest.mark.parametrize(
    ("now", "state", "told"),
    [
        (NOON - 24 * HOUR - SECOND, WindowState.COMING, False),
        (NOON - 24 * HOUR, WindowState.COMING, True),
        (NOON - SECOND, WindowState.COMING, True),
        (NOON, WindowState.RUNNING, False),
        (NOON + 2 * HOUR - SECOND, WindowState.RUNNING, False),
        (NOON + 2 * HOUR, WindowState.OVER, False),
    ],
)
def test_a_window_is_told_then_runs_then_is_over(now: datetime, state: WindowState, told: bool) -> None:
    assert (a_window().state(now), a_window().is_told(now)) == (state, told)


def test_one_that_is_ended_is_over_at_once_and_took_as_long_as_it_took() -> None:
    ended = a_window().end(NOON + HOUR)
    assert ended.state(NOON + HOUR) is WindowState.OVER
    assert ended.state(NOON + HOUR - SECOND) is WindowState.RUNNING
    assert ended.lasts == HOUR


def test_one_that_is_cancelled_never_runs() -> None:
    cancelled = a_window().cancel(NOON - SECOND)
    assert {cancelled.state(NOON + moment) for moment in (-HOUR, HOUR, 5 * HOUR)} == {WindowState.CANCELLED}
    assert not cancelled.is_told(NOON - HOUR)


@pytest.mark.parametrize("at", [NOON - SECOND, NOON + 2 * HOUR])
def test_only_one_that_runs_is_ended(at: datetime) -> None:
    with pytest.raises(NotFound):
        a_window().end(at)


@pytest.mark.parametrize("at", [NOON, NOON + 3 * HOUR])
def test_only_one_that_did_not_begin_is_cancelled(at: datetime) -> None:
    with pytest.raises(NotFound):
        a_window().cancel(at)
    with pytest.raises(NotFound):
        a_window().cancel(NOON - HOUR).cancel(NOON - HOUR)


@settings(max_examples=200, deadline=None)
@given(st.integers(-300, 300), st.integers(1, 200))
def test_two_windows_overlap_where_a_minute_is_in_both(shift: int, lasts: int) -> None:
    one = a_window(lasts=timedelta(minutes=100))
    other = a_window(NOON + timedelta(minutes=shift), timedelta(minutes=lasts))
    shared = set(range(100)) & set(range(shift, shift + lasts))
    assert one.overlaps(other) == other.overlaps(one) == bool(shared)
    assert not one.overlaps(replace(other, cancelled_at=NOON))


@pytest.mark.parametrize(
    ("window", "problem"),
    [
        (a_window(NOON - HOUR - SECOND), "in the past"),
        (a_window(lasts=timedelta()), "after the beginning"),
        (a_window(lasts=-HOUR), "after the beginning"),
        (a_window(lasts=timedelta(days=15)), "after the beginning"),
        (a_window(notice_hours=-1), "hours before"),
        (a_window(notice_hours=10_000), "hours before"),
        (replace(a_window(), texts={}), "one language at least"),
        (replace(a_window(), texts={"ru": "x" * 501}), "500 characters"),
    ],
)
def test_what_cannot_be_registered_is_told(window: Window, problem: str) -> None:
    with pytest.raises(InvalidMaintenance, match=problem):
        require_sound(window, NOON - HOUR)
    require_sound(a_window(), NOON - HOUR)
