"""Datestamps of the protocol: two forms, and nothing that merely looks like one of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.model import Granularity, NotADatestamp, end_of, read_datestamp, write_datestamp

MOMENTS = st.datetimes(timezones=st.just(UTC))


@settings(max_examples=100, deadline=None)
@given(MOMENTS)
def test_what_is_written_is_read_to_the_second(moment):
    second = moment.replace(microsecond=0)
    assert read_datestamp(write_datestamp(moment)) == (second, Granularity.SECOND)
    day = second.replace(hour=0, minute=0, second=0)
    assert read_datestamp(write_datestamp(moment, Granularity.DAY)) == (day, Granularity.DAY)


@settings(max_examples=100, deadline=None)
@given(MOMENTS, MOMENTS)
def test_datestamps_sort_as_their_moments_do(one, other):
    one, other = one.replace(microsecond=0), other.replace(microsecond=0)
    assert (write_datestamp(one) < write_datestamp(other)) is (one < other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "junk",
        "2020",
        "2020-01",
        "2020-1-1",
        "20200101",
        "2020-02-30",
        "2021-02-29",
        "2020-13-01",
        "2020-01-01T00:00Z",
        "2020-01-01T00:00:00",
        "2020-01-01T00:00:00+00:00",
        "2020-01-01T00:00:00.5Z",
        "2020-01-01T00:00:60Z",
        "2020-01-01T24:00:00Z",
        "2020-01-01t00:00:00z",
        "2020-01-01 00:00:00Z",
        "0000-01-01",
        "-0001-01-01",
        "2020-01-01Z",
        " 2020-01-01",
        "2020-01-01\n",
        "2020-01-01T00:00:00Z\n",
        "٢٠٢٠-٠١-٠١",
        "10000-01-01",
        "2020-W01-1",
        "2020-001",
    ],
)
def test_everything_else_is_no_datestamp(text):
    with pytest.raises(NotADatestamp):
        read_datestamp(text)


def test_a_leap_day_and_the_ends_of_time_are_days():
    assert read_datestamp("2024-02-29")[0] == datetime(2024, 2, 29, tzinfo=UTC)
    assert read_datestamp("0001-01-01T00:00:00Z")[0] == datetime(1, 1, 1, tzinfo=UTC)
    assert read_datestamp("9999-12-31T23:59:59Z")[0] == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_a_day_counts_whole_and_a_second_is_a_second():
    noon = datetime(2024, 2, 29, 12, tzinfo=UTC)
    assert end_of(noon, Granularity.DAY) + timedelta(seconds=1) == datetime(2024, 3, 1, tzinfo=UTC)
    assert end_of(noon, Granularity.SECOND) == noon
