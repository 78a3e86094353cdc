"""View-only pages are taken at a pace: so many a minute, so many a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.db.unit_of_work import Database
from library.domain.errors import TooManyPages
from library.domain.people import Person, Role
from library.services.viewing_pace import Minutes, Pace

# Ten minutes before midnight in Tashkent.
EVENING = datetime(2026, 9, 1, 18, 50, tzinfo=UTC)


class Hand:
    """A clock whose hand is moved by the test."""

    def __init__(self, at: datetime = EVENING) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def people(database: Database) -> tuple[int, int]:
    """The numbers of two readers."""
    with database.writing() as tx:
        numbers = [
            tx.people.add(
                Person(
                    id=0,
                    login=login,
                    name=login,
                    roles=frozenset({Role.READER}),
                    created_at=EVENING,
                    changed_at=EVENING,
                )
            ).id
            for login in ("dilnoza", "aybek")
        ]
        tx.commit()
    return numbers[0], numbers[1]


@pytest.fixture
def a_pace(database: Database, hand: Hand) -> Callable[..., Pace]:
    def make(a_minute: int = 3, a_day: int = 100) -> Pace:
        return Pace(database, hand, "Asia/Tashkent", a_minute=a_minute, a_day=a_day)

    return make


def test_a_minute_has_so_many_pages_and_then_more_again(
    a_pace: Callable[..., Pace], hand: Hand, people: tuple[int, int]
) -> None:
    pace, (dilnoza, aybek) = a_pace(), people
    for _ in range(3):
        pace.take(dilnoza)
        hand.pass_by(seconds=10)
    with pytest.raises(TooManyPages) as refused:
        pace.take(dilnoza)
    assert refused.value.again_in == 30
    assert str(refused.value) == "You turned 3 pages within a minute. Reading goes on in 30 s."
    with pytest.raises(TooManyPages):
        pace.require(dilnoza)
    pace.take(aybek)
    hand.pass_by(seconds=30)
    pace.require(dilnoza)
    pace.take(dilnoza)


def test_a_day_has_so_many_pages_and_ends_at_midnight_here(
    a_pace: Callable[..., Pace], hand: Hand, people: tuple[int, int]
) -> None:
    pace, (dilnoza, aybek) = a_pace(a_minute=100, a_day=4), people
    for _ in range(4):
        pace.take(dilnoza)
    for refusing in (pace.take, pace.require):
        with pytest.raises(TooManyPages) as refused:
            refusing(dilnoza)
        assert refused.value.again_in == 600
        assert "after midnight" in str(refused.value)
    pace.take(aybek)
    hand.pass_by(minutes=10)
    pace.take(dilnoza)


def test_what_was_refused_is_not_counted(
    a_pace: Callable[..., Pace], hand: Hand, people: tuple[int, int], database: Database
) -> None:
    pace, (dilnoza, _) = a_pace(a_minute=2, a_day=3), people
    for _ in range(9):
        try:
            pace.take(dilnoza)
        except TooManyPages:
            hand.pass_by(seconds=20)
    with database.reading() as view:
        assert view.reading.pages_on(dilnoza, date(2026, 9, 1)) == 3


def test_the_day_is_counted_for_all_processes_together(a_pace: Callable[..., Pace], people: tuple[int, int]) -> None:
    one, other = a_pace(a_minute=100, a_day=4), a_pace(a_minute=100, a_day=4)
    for pace in (one, other, one, other):
        pace.take(people[0])
    with pytest.raises(TooManyPages):
        other.take(people[0])
    with pytest.raises(TooManyPages):
        one.require(people[0])


@settings(max_examples=60, deadline=None)
@given(
    most=st.integers(min_value=1, max_value=5),
    steps=st.lists(st.tuples(st.integers(0, 2), st.floats(0, 40)), max_size=60),
)
def test_no_minute_ever_has_more_than_its_pages(most: int, steps: list[tuple[int, float]]) -> None:
    minutes, at = Minutes(most), EVENING
    taken: list[tuple[int, datetime]] = []
    for person, seconds in steps:
        at += timedelta(seconds=seconds)
        last = [time for one, time in taken if one == person and time > at - timedelta(minutes=1)]
        try:
            minutes.take(person, at)
        except TooManyPages as refused:
            assert len(last) == most
            minutes.require(person, at + timedelta(seconds=refused.again_in))
        else:
            assert len(last) < most
            taken.append((person, at))


def test_readers_who_stopped_are_forgotten() -> None:
    minutes = Minutes(3)
    for person in range(3_000):
        minutes.take(person, EVENING + timedelta(seconds=person))
        minutes.require(person - 90, EVENING + timedelta(seconds=person))
    assert minutes.readers() <= 1_001
