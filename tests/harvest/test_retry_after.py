"""Retry-After, as servers really write it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.retry_after import LONGEST_WAIT, seconds_to_wait

NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("000600", 600),
        ("601", 600),
        ("999999", 600),
        ("9" * 5000, 600),
        ("Tue, 01 Sep 2026 09:02:00 GMT", 120),
        ("Tuesday, 01-Sep-26 09:02:00 GMT", 120),
        ("Tue, 01 Sep 2026 14:02:00 +0500", 120),
        ("Tue, 01 Sep 2026 08:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 600),
        ("", None),
        ("-5", None),
        ("+5", None),
        ("1.5", None),
        ("१२", None),
        ("soon", None),
        ("Tue, 99 Sep 2026 09:02:00 GMT", None),
    ],
)
def test_what_is_said(header: str, seconds: int | None) -> None:
    assert seconds_to_wait(header, NOW) == seconds


def test_the_own_time_zone_does_not_matter() -> None:
    tashkent = NOW.astimezone(timezone(timedelta(hours=5)))
    assert seconds_to_wait("Tue, 01 Sep 2026 09:02:00 GMT", tashkent) == 120


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(), st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,6} \d\d:\d\d(:\d\d)? [+-]?\w+")))
def test_whatever_is_said_is_a_bounded_wait_or_nothing(header: str) -> None:
    seconds = seconds_to_wait(header, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_WAIT
