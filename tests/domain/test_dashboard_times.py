"""The times of the dashboard, and what their figures are compared with."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.dashboard import Compared, Preset, chosen_time, preset_time, sum_compared
from library.domain.errors import InvalidPeriod, PeriodInFuture, PeriodReversed
from library.domain.periods import Step

TODAY = date(2026, 11, 21)
COUNTS = st.lists(st.none() | st.integers(0, 10**9), min_size=1, max_size=40)


def test_the_usual_time_is_twelve_months_against_the_twelve_before() -> None:
    time = preset_time(Preset.TWELVE_MONTHS, TODAY)
    assert (time.span.first, time.span.last) == (date(2025, 12, 1), date(2026, 11, 30))
    assert (time.span_before.first, time.span_before.last) == (date(2024, 12, 1), date(2025, 11, 30))
    assert time.step is Step.MONTH


@pytest.mark.parametrize(
    ("preset", "first", "last", "step"),
    [
        (Preset.MONTH, date(2026, 11, 1), date(2026, 11, 30), Step.DAY),
        (Preset.LAST_MONTH, date(2026, 10, 1), date(2026, 10, 31), Step.DAY),
        (Preset.QUARTER, date(2026, 10, 1), date(2026, 12, 31), Step.MONTH),
        (Preset.ACADEMIC_YEAR, date(2026, 9, 1), date(2027, 8, 31), Step.MONTH),
        (Preset.LAST_ACADEMIC_YEAR, date(2025, 9, 1), date(2026, 8, 31), Step.MONTH),
        (Preset.YEAR, date(2026, 1, 1), date(2026, 12, 31), Step.MONTH),
        (Preset.LAST_YEAR, date(2025, 1, 1), date(2025, 12, 31), Step.MONTH),
    ],
)
def test_presets_are_whole_periods(preset: Preset, first: date, last: date, step: Step) -> None:
    time = preset_time(preset, TODAY)
    assert (time.span.first, time.span.last, time.step) == (first, last, step)


def test_decades_are_told_by_year() -> None:
    assert chosen_time("2010", "2026", TODAY).step is Step.YEAR


def test_times_that_are_none_say_why() -> None:
    with pytest.raises(PeriodReversed):
        chosen_time("2026-10", "2026-09", TODAY)
    with pytest.raises(PeriodInFuture):
        chosen_time("2027-01", "2027-02", TODAY)
    with pytest.raises(InvalidPeriod):
        chosen_time("٢٠٢٦-٠١", "2026", TODAY)


@settings(max_examples=80, deadline=None)
@given(
    first=st.dates(date(2000, 1, 1), TODAY),
    days=st.integers(0, 9000),
    today=st.dates(date(2001, 1, 1), date(2100, 1, 1)),
    preset=st.sampled_from(Preset),
)
def test_any_time_is_compared_with_as_many_periods_just_before_it(
    first: date, days: int, today: date, preset: Preset
) -> None:
    last = first + timedelta(days=days)
    for time in (chosen_time(first.isoformat(), last.isoformat(), first), preset_time(preset, today)):
        assert len(time.before) == len(time.periods) <= 200
        assert time.before[-1].following == time.periods[0]
        assert all(one.following == other for one, other in zip(time.before, time.before[1:], strict=False))
    assert chosen_time(first.isoformat(), last.isoformat(), first).span.first <= first


@settings(max_examples=80, deadline=None)
@given(now=COUNTS, data=st.data())
def test_only_what_was_counted_whole_is_compared(now: list[int | None], data: st.DataObject) -> None:
    before = data.draw(st.lists(st.none() | st.integers(0, 10**9), min_size=len(now), max_size=len(now)))
    both = sum_compared(now, before)
    known = [place for place, value in enumerate(now) if value is not None]
    assert both.now == (sum(now[place] or 0 for place in known) if known else None)
    if not known or any(before[place] is None for place in known):
        assert both.before is None
        assert both.change is None
    else:
        assert both.before == sum(before[place] or 0 for place in known)


def test_growth_from_nothing_is_no_percentage() -> None:
    assert Compared(now=5, before=0).change is None
    assert Compared(now=0, before=4).change == -100
    assert Compared(now=6, before=4).change == 50
