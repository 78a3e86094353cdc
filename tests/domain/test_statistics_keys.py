"""What a key opens, until when and from where; and that nobody reads one in a list of addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.key_errors import AddressNotAllowed, InvalidStatisticsKey, KeyExpired, KeyRevoked, OutOfScope
from library.domain.periods import Span
from library.domain.statistics_keys import (
    KeyEntry,
    KeyState,
    Scope,
    StatisticsKey,
    masked,
    prefix_of,
    require_sound,
)

TODAY = date(2026, 10, 2)
SECRET = f"stat_0a1b2c3d_{'A-b_' * 10}xyz"
ENTRY = KeyEntry(label="Letter 12", official="S. Karimova", scope=Scope(), expires_on=date(2027, 1, 31))
KEY = StatisticsKey(
    id=1,
    prefix="0a1b2c3d",
    entry=ENTRY,
    issued_at=datetime(2026, 9, 1, tzinfo=UTC),
    issued_by="person:3",
    issued_by_name="Botir",
)
YEAR = Span(first=date(2026, 1, 1), last=date(2026, 12, 31))


def _with(**changes: object) -> StatisticsKey:
    return replace(KEY, entry=replace(ENTRY, **changes))  # type: ignore[arg-type]


def test_a_key_works_on_its_last_day_and_not_on_the_next() -> None:
    KEY.require_valid(date(2027, 1, 31), "")
    with pytest.raises(KeyExpired, match="2027-01-31"):
        KEY.require_valid(date(2027, 2, 1), "")


def test_a_revoked_key_is_called_revoked_even_after_its_end() -> None:
    revoked = replace(KEY, revoked_at=datetime(2026, 10, 1, tzinfo=UTC))
    assert revoked.state(TODAY) is revoked.state(date(2030, 1, 1)) is KeyState.REVOKED
    with pytest.raises(KeyRevoked):
        revoked.require_valid(date(2030, 1, 1), "")


@pytest.mark.parametrize(
    ("address", "works"),
    [
        ("195.158.3.4", True),
        ("::ffff:195.158.3.4", True),
        ("195.159.0.1", False),
        ("2001:db8::1", True),
        ("2001:db9::1", False),
        ("", False),
        ("socket", False),
    ],
)
def test_a_key_with_addresses_works_from_them_alone(address: str, works: bool) -> None:
    key = _with(networks=("195.158.0.0/16", "2001:db8::/32"))
    if works:
        key.require_valid(TODAY, address)
    else:
        with pytest.raises(AddressNotAllowed):
            key.require_valid(TODAY, address)


def test_a_key_for_all_opens_all() -> None:
    Scope().require(["a", "b"], YEAR)


def test_a_key_for_some_indicators_says_which() -> None:
    scope = Scope(indicators=("a", "b"))
    scope.require(["b", "a"], YEAR)
    with pytest.raises(OutOfScope, match=r"“c”\. It opens: a, b"):
        scope.require(["a", "c"], YEAR)


@pytest.mark.parametrize(
    ("scope", "is_open"),
    [
        (Scope(first=date(2026, 1, 1), last=date(2026, 12, 31)), True),
        (Scope(first=date(2026, 1, 2)), False),
        (Scope(last=date(2026, 12, 30)), False),
        (Scope(first=date(2026, 1, 1)), True),
        (Scope(last=date(2027, 1, 1)), True),
    ],
)
def test_a_key_for_some_time_opens_no_day_outside_it(scope: Scope, is_open: bool) -> None:
    if is_open:
        scope.require(["a"], YEAR)
    else:
        with pytest.raises(OutOfScope, match="2026-01-01 to 2026-12-31"):
            scope.require(["a"], YEAR)


def test_reports_of_counter_are_opened_by_name() -> None:
    Scope(counter=True).require_counter()
    with pytest.raises(OutOfScope, match="COUNTER"):
        Scope().require_counter()


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (replace(ENTRY, official=" "), "whose key"),
        (replace(ENTRY, label="x" * 201), "200"),
        (replace(ENTRY, official="a\nb"), "whose key"),
        (replace(ENTRY, expires_on=date(2026, 10, 1)), "between today"),
        (replace(ENTRY, expires_on=date(2029, 10, 5)), "between today"),
        (replace(ENTRY, scope=Scope(first=date(2026, 2, 1), last=date(2026, 1, 1))), "before the first"),
        (replace(ENTRY, scope=Scope(indicators=("a", "nowhere"))), "nowhere"),
        (replace(ENTRY, networks=("195.158.0.0/99",)), "195.158.0.0/99"),
        (replace(ENTRY, networks=("10.0.0.1",) * 21), "20 address ranges"),
    ],
)
def test_what_no_key_can_be_is_told_with_the_remedy(entry: KeyEntry, told: str) -> None:
    with pytest.raises(InvalidStatisticsKey, match=told):
        require_sound(entry, ["a"], TODAY)


def test_a_key_can_be_for_one_day_and_for_three_years() -> None:
    for day in (TODAY, date(2029, 10, 4)):
        require_sound(replace(ENTRY, expires_on=day, scope=Scope(indicators=("a",))), ["a"], TODAY)


def test_the_part_that_may_be_seen() -> None:
    assert prefix_of(SECRET) == "0a1b2c3d"
    for other in ("", SECRET[:-1], f"{SECRET}x", f" {SECRET}", SECRET.upper(), "stat_0a1b2c3d_"):
        assert prefix_of(other) == ""


@pytest.mark.parametrize(
    "query",
    [
        f"api_key={SECRET}&from=2026",
        f"from=2026&API_KEY={SECRET}",
        "api_key=secret&requestor_id=secret&customer_id=1",
        f"indicators={SECRET}",
        f"q=a{SECRET}b",
    ],
)
def test_no_key_is_read_in_the_list_of_calls(query: str) -> None:
    text = masked("/stat/v1/reports", query)
    assert SECRET not in text
    assert "=secret" not in text
    assert "***" in text


def test_everything_else_stays_in_the_list_of_calls() -> None:
    query = "indicators=a.b,c&from=2026-01&to=2026/2027&by="
    assert masked("/stat/v1/reports.csv", query) == f"/stat/v1/reports.csv?{query}"
    assert masked("/stat/v1/indicators", "") == "/stat/v1/indicators"


def test_a_very_long_address_ends_visibly() -> None:
    text = masked("/stat/v1/reports", "x=" + "y" * 5_000)
    assert len(text) == 1_000
    assert text.endswith("…")


@given(st.text(max_size=60), st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_whatever_was_sent_stands_in_one_line(path: str, query: str) -> None:
    assert len(masked(path, query)) <= 1_000


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_nothing_that_is_no_address_gets_through_the_gate(address: str) -> None:
    with pytest.raises(AddressNotAllowed):
        _with(networks=("10.0.0.0/8",)).require_valid(TODAY, f"{address}!")
