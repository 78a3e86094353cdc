"""Percentiles from buckets, ranges of watched minutes, and what a time was like."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.service_quality import (
    LAST_BUCKET,
    MINUTE,
    Availability,
    Watch,
    availability,
    bucket_of,
    followed,
    percentile,
)

NOON = datetime(2026, 9, 5, 12, 0, tzinfo=UTC)


def _minutes(count: float) -> timedelta:
    return count * MINUTE


def _watch(first: int, last: int, *, is_up: bool) -> Watch:
    return Watch(begins_at=NOON + _minutes(first), ends_at=NOON + _minutes(last), is_up=is_up)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0.0011, 900), min_size=1, max_size=60), st.sampled_from([0.05, 0.5, 0.95, 1.0]))
def test_a_percentile_is_off_by_a_tenth_at_most(seconds: list[float], share: float) -> None:
    found = percentile(Counter(map(bucket_of, seconds)), share)
    exact = 1000 * next(value for count, value in enumerate(sorted(seconds), 1) if count >= share * len(seconds))
    assert found is not None
    assert 0.9 <= found / exact <= 1.1


def test_times_beyond_both_ends_have_a_bucket() -> None:
    assert (bucket_of(0), bucket_of(0.001), bucket_of(10**6)) == (0, 0, LAST_BUCKET)
    assert percentile({}, 0.5) is None


def test_minutes_that_follow_one_another_are_one_range() -> None:
    first = followed(None, NOON, is_up=True)
    assert first == _watch(0, 1, is_up=True)
    assert followed(first, NOON + MINUTE, is_up=True) == _watch(0, 2, is_up=True)
    assert followed(first, NOON + MINUTE, is_up=False) == _watch(1, 2, is_up=False)
    assert followed(first, NOON + _minutes(2), is_up=True) == _watch(2, 3, is_up=True), "a minute between is not known"
    assert followed(first, NOON, is_up=False) is None, "a minute is told once"
    assert followed(first, NOON - MINUTE, is_up=True) is None, "a clock was put back"


def test_announced_maintenance_is_told_apart_from_what_went_wrong() -> None:
    watches = [_watch(0, 30, is_up=True), _watch(30, 50, is_up=False), _watch(55, 60, is_up=True)]
    window = (NOON + _minutes(20), NOON + _minutes(40))
    found = availability(NOON, NOON + _minutes(60), watches, [window])
    assert found == Availability(measured=55, unmeasured=5, up=25, planned=20, unplanned=10)


def test_what_was_not_measured_is_neither_up_nor_down_and_maintenance_is_known_nevertheless() -> None:
    window = (NOON - _minutes(10), NOON + _minutes(10))
    found = availability(NOON, NOON + _minutes(60), [], [window])
    assert found == Availability(measured=0, unmeasured=60, up=0, planned=10, unplanned=0)


def test_a_time_that_has_not_begun_has_no_minutes() -> None:
    found = availability(NOON, NOON - MINUTE, [_watch(0, 9, is_up=True)], [(NOON - MINUTE, NOON)])
    assert found == Availability(measured=0, unmeasured=0, up=0, planned=0, unplanned=0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from([True, False, None])), max_size=12), st.integers(0, 60))
def test_every_minute_is_told_once(parts: list[tuple[int, bool | None]], cut: int) -> None:
    watches, at = [], 0
    for length, is_up in parts:
        if is_up is not None:
            watches.append(_watch(at, at + length, is_up=is_up))
        at += length
    halves = [(0, min(cut, at)), (min(cut, at), at)]
    told = [availability(NOON + _minutes(a), NOON + _minutes(b), watches, []) for a, b in halves]
    assert sum(one.measured + one.unmeasured for one in told) == at
    assert sum(one.up for one in told) == sum(length for length, is_up in parts if is_up)
    assert sum(one.unplanned for one in told) == sum(length for length, is_up in parts if is_up is False)
