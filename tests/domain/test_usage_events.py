"""Numbers of events, hours in which they are counted, hashes that tell nothing of a visitor, and robots."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import library.services
from library.domain.access import Rule
from library.domain.access_level import AccessLevel
from library.domain.counter_types import (
    ITEM_TYPES,
    PARENT_TYPES,
    AccessType,
    DataType,
    access_type_of,
    data_type_of,
)
from library.domain.description import Material
from library.domain.robots import Addendum, addendum_from, robot_list
from library.domain.usage import (
    DENIALS,
    Denial,
    Kind,
    Outcome,
    agent_number,
    best_identity,
    event_id,
    event_time,
    local_time,
    salt_day,
    salt_day_before,
    visitor_hash,
)
from tests.usage_history import an_event

TASHKENT = ZoneInfo("Asia/Tashkent")
NIGHT = datetime(2026, 3, 10, 22, tzinfo=UTC)  # three in the morning in Tashkent
SECOND = timedelta(seconds=1)
OUR_ADDENDUM = Path(library.services.__file__).with_name("robots_addendum.toml").read_text("utf-8")
moments = st.integers(0, 10**12).map(lambda number: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(milliseconds=number))


def test_the_number_of_an_event_is_a_ulid() -> None:
    at = datetime(2016, 7, 30, 23, 54, 10, 259000, tzinfo=UTC)
    # 01ARZ3NDEKTSV4RRFFQ69G5FAV, the example of its specification
    example = bytes.fromhex("01563e3ab5d3d6764c61efb99302bd5b")
    assert event_id(at, example[6:]) == example
    assert event_time(example) == at


def test_the_words_of_an_agent_have_one_number_everywhere() -> None:
    assert agent_number("") == agent_number("") != agent_number("Firefox")
    assert 0 < agent_number("\ud800") < 1 << 63


def test_a_number_without_enough_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="10 random bytes"):
        event_id(NIGHT, b"few")


@settings(max_examples=100, deadline=None)
@given(moments, moments, st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_numbers_are_sorted_by_time_and_differ_by_chance(
    one: datetime, other: datetime, chance: bytes, more: bytes
) -> None:
    early, late = sorted((one, other))
    if late - early >= timedelta(milliseconds=1):
        assert event_id(early, chance) < event_id(late, more)
    assert (event_id(one, chance) == event_id(one, more)) == (chance == more)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 12, 31, 18, 59, 59, tzinfo=UTC), (date(2026, 12, 31), 23)),
        (datetime(2026, 12, 31, 19, tzinfo=UTC), (date(2027, 1, 1), 0)),
    ],
)
def test_the_day_and_the_hour_are_those_of_the_library(at: datetime, expected: tuple[date, int]) -> None:
    assert local_time(at, TASHKENT) == expected


def test_the_most_reliable_trace_of_a_visitor_is_taken() -> None:
    everything = {"person": "12", "cookie": "c", "session": "s", "address": "192.0.2.1", "agent": "x"}
    identities = []
    for gone in ("person", "cookie", "session", "address"):
        identities.append(best_identity(**everything))
        del everything[gone]
    assert [identity.split(b"\0")[0] for identity in identities] == [b"person", b"cookie", b"session", b"address"]
    assert best_identity(cookie="12") != best_identity(person="12")


def test_a_hash_differs_by_visitor_and_by_day_and_holds_no_word_of_them() -> None:
    one, other = best_identity(person="12"), best_identity(person="13")
    hashes = {visitor_hash(salt, who) for salt in (b"monday", b"tuesday") for who in (one, other)}
    assert len(hashes) == 4
    assert {len(found) for found in hashes} == {16}
    # HMAC-SHA256 of RFC 4231, test case 2, cut
    assert visitor_hash(b"Jefe", b"what do ya want for nothing?").hex() == "5bdcc146bf60754e6a042426089575c7"


@pytest.mark.parametrize(
    ("at", "day", "before"),
    [
        (NIGHT - SECOND, date(2026, 3, 10), None),
        (NIGHT, date(2026, 3, 11), date(2026, 3, 10)),
        (NIGHT + 29 * SECOND, date(2026, 3, 11), date(2026, 3, 10)),
        (NIGHT + 30 * SECOND, date(2026, 3, 11), None),
        (NIGHT - timedelta(hours=3), date(2026, 3, 10), None),
    ],
)
def test_the_salt_changes_at_three_and_the_old_one_is_known_for_half_a_minute(
    at: datetime, day: date, before: date | None
) -> None:
    assert (salt_day(at, TASHKENT), salt_day_before(at, TASHKENT)) == (day, before)


@settings(max_examples=100, deadline=None)
@given(moments, st.integers(0, 30_000))
def test_two_clicks_that_may_be_one_always_share_a_salt(first: datetime, milliseconds: int) -> None:
    second = first + timedelta(milliseconds=milliseconds)
    shared = {salt_day(second, TASHKENT), salt_day_before(second, TASHKENT)}
    assert salt_day(first, TASHKENT) in shared


def test_an_outcome_is_told_for_every_kind() -> None:
    outcomes = {kind: an_event(1, NIGHT, kind).outcome for kind in Kind}
    assert outcomes[Kind.SEARCH] is Outcome.NOTHING_FOUND
    assert an_event(1, NIGHT, Kind.SRU, results=3).outcome is Outcome.FOUND
    assert an_event(1, NIGHT, Kind.DOWNLOAD, completed=False).outcome is Outcome.ABORTED
    assert set(outcomes) == set(Kind)


def test_every_material_level_and_refusing_rule_has_its_word() -> None:
    assert {data_type_of(material) for material in Material}.isdisjoint({DataType.PLATFORM})
    assert data_type_of(Material.TEXTBOOK) is DataType.BOOK
    assert [level for level in AccessLevel if access_type_of(level) is AccessType.OPEN] == [AccessLevel.OPEN]
    assert set(DENIALS) == set(Rule) - {Rule.OPEN, Rule.STAFF, Rule.GRANT}
    assert DENIALS[Rule.MEMBERS] is Denial.SIGN_IN
    assert all(PARENT_TYPES[part] is whole for whole, part in ITEM_TYPES.items())


def test_our_addendum_knows_robots_and_lets_people_through() -> None:
    robots = robot_list(("bot", "^.?$"), "2025.11", addendum_from(OUR_ADDENDUM))
    assert robots.is_robot("")
    assert robots.is_robot("meta-externalagent/1.1")
    assert robots.is_robot("Mozilla/5.0 (compatible; GoogleBOT/2.1)")
    assert not robots.is_robot("Mozilla/5.0 (Linux; Android 9; CUBOT X19) Chrome/120 Mobile")
    assert not robots.is_robot("CUBOT")
    assert robots.is_robot("Mozilla/5.0 (Linux; CUBOT X19; compatible; Googlebot/2.1)")
    assert re.fullmatch(r"2025\.11\+\d{4}-\d\d-\d\d", robots.version)


def test_without_patterns_nobody_is_a_robot() -> None:
    assert not robot_list((), "none", Addendum(version="none")).is_robot("anything")


@pytest.mark.parametrize("text", ['robots = ["x"]', 'version = "1"\nmore = 1', "version = 1", "version"])
def test_what_is_no_addendum_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        addendum_from(text)


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(re.error):
        robot_list(("(",), "1", Addendum(version="1"))
