"""Periods of reports: how they are written, what is wrong with them, and how days fall into them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.errors import (
    InvalidPeriod,
    LibraryError,
    PeriodInFuture,
    PeriodNotClosed,
    PeriodReversed,
    PeriodTooLong,
)
from library.domain.periods import Span, Step, day_from, period_from, period_of, require_closed, span_from

TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)
days = st.dates(date(2001, 1, 1), date(2099, 1, 1))


@pytest.mark.parametrize(
    ("text", "first", "last", "name"),
    [
        ("2026-09-05", date(2026, 9, 5), date(2026, 9, 5), "2026-09-05"),
        (" 2028-02 ", date(2028, 2, 1), date(2028, 2, 29), "2028-02"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "2026-Q1"),
        ("2026q4", date(2026, 10, 1), date(2026, 12, 31), "2026-Q4"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026"),
        ("2026/2027", date(2026, 9, 1), date(2027, 8, 31), "2026/2027"),
        ("2026-2027", date(2026, 9, 1), date(2027, 8, 31), "2026/2027"),
        ("2026-09-05/2026-10-04", date(2026, 9, 5), date(2026, 10, 4), "2026-09-05/2026-10-04"),
    ],
)
def test_a_period_is_written_so(text: str, first: date, last: date, name: str) -> None:
    period = period_from(text)
    assert (period.first, period.last, period.name) == (first, last, name)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("٢٠٢٦-٠٩", "digits 0 to 9"),
        ("۱۴۰۵", "digits 0 to 9"),
        ("1448-03", "another calendar"),
        ("2569-09-05", "another calendar"),
        ("1999", "before 2000"),
        ("2026-02-30", "not in the calendar"),
        ("2026-13", "not in the calendar"),
        ("2026-Q0", "not in the calendar"),
        ("2026-Q5", "not in the calendar"),
        ("2026/2028", "two years in a row"),
        ("05.09.2026", "is no period"),
        ("", "is no period"),
        ("2026-09-05'; DROP TABLE", "is no period"),
        ("9" * 100_000, "is no period"),
        ("2026-09\n", None),
    ],
)
def test_what_is_wrong_with_a_period_is_told(text: str, told: str | None) -> None:
    if told is None:
        assert period_from(text).name == "2026-09"
        return
    with pytest.raises(InvalidPeriod, match=told):
        period_from(text)


def test_a_month_is_no_day() -> None:
    assert day_from("2026-09-05") == date(2026, 9, 5)
    with pytest.raises(InvalidPeriod, match="is no day"):
        day_from("2026-09")


def test_a_span_is_from_the_first_day_of_one_to_the_last_of_another() -> None:
    span = span_from("2026-Q1", "2026-12", TODAY)
    assert span == Span(first=date(2026, 1, 1), last=date(2026, 12, 31))
    assert span.before == Span(first=date(2025, 1, 1), last=date(2025, 12, 31))


def test_a_span_that_is_reversed_or_lies_ahead_is_refused() -> None:
    with pytest.raises(PeriodReversed, match=r"2026-02-28.*2026-03-01"):
        span_from("2026-03", "2026-02", TODAY)
    with pytest.raises(PeriodInFuture, match="2026-12-01"):
        span_from("2026-12", "2026-12", TODAY)


def test_ten_years_by_day_are_told_and_more_is_refused_not_cut() -> None:
    ten_years = Span(first=date(2016, 1, 1), last=date(2025, 12, 31))
    assert len(ten_years.periods(Step.DAY)) == 3653
    with pytest.raises(PeriodTooLong, match="3700"):
        Span(first=date(2015, 1, 1), last=date(2025, 12, 31)).periods(Step.DAY)
    assert len(Span(first=date(2015, 1, 1), last=date(2025, 12, 31)).periods(Step.MONTH)) == 132


@pytest.mark.parametrize(
    ("text", "error"),
    [("2026-10", None), ("2026-11", PeriodNotClosed), ("2026-11-21", PeriodNotClosed), ("2027", PeriodInFuture)],
)
def test_only_a_time_that_is_over_is_closed(text: str, error: type[LibraryError] | None) -> None:
    if error is None:
        require_closed(period_from(text), TODAY)
        return
    with pytest.raises(error):
        require_closed(period_from(text), TODAY)


def test_any_time_is_told_at_once_and_compared_with_one_as_long() -> None:
    (period,) = Span(first=date(2026, 9, 5), last=date(2026, 10, 4)).periods(Step.SPAN)
    assert (period.before.name, period.following.name) == ("2026-08-06/2026-09-04", "2026-10-05/2026-11-03")
    with pytest.raises(PeriodReversed):
        period_from("2026-10-04/2026-09-05")


@settings(max_examples=200, deadline=None)
@given(days, st.sampled_from(Step))
def test_every_day_lies_in_one_period_that_is_read_as_it_is_written(day: date, step: Step) -> None:
    period = period_of(day, step)
    assert period.first <= day <= period.last
    assert period_from(period.name) == period
    assert period.following.first == period.last + DAY
    assert period.following.before == period
    assert period_of(period.first, step) == period_of(period.last, step) == period


@settings(max_examples=100, deadline=None)
@given(days, st.integers(0, 800), st.sampled_from(Step))
def test_the_periods_of_a_span_hold_its_days_without_gaps(first: date, length: int, step: Step) -> None:
    span = Span(first=first, last=first + length * DAY)
    periods = span.periods(step)
    assert periods[0].first <= span.first <= periods[0].last
    assert periods[-1].first <= span.last <= periods[-1].last
    assert all(one.last + DAY == other.first for one, other in pairwise(periods))
    assert span.before.last + DAY == span.first
    assert span.before.last - span.before.first == span.last - span.first
