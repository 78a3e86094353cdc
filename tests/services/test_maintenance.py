"""Maintenance that is registered, told, in force, ended and cancelled; and what it costs a page to know."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from library.db.unit_of_work import Database
from library.domain.access import Actor
from library.domain.errors import InvalidMaintenance, LibraryError, NotEntitled, NotFound
from library.domain.journal import Deed
from library.domain.maintenance import Window
from library.domain.people import Role
from library.services.maintenance import Maintenance
from library.services.remembered import Remembered
from tests.staff import BOTIR, NODIRA

JASUR = Actor.person(9, "Jasur", frozenset({Role.ADMINISTRATOR}))
NOON = datetime(2026, 9, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEXTS = {"uz-Latn": "Disklar almashtiriladi", "ru": " Замена\u202e дисков\n", "xx": "?"}


class Hands:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.time = NOON - 48 * HOUR

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def maintenance(database: Database, tmp_path: Path, hands: Hands) -> Maintenance:
    return Maintenance(database, tmp_path, hands)


def _register(maintenance: Maintenance, begins_at: datetime = NOON, lasts: timedelta = 2 * HOUR) -> int:
    return maintenance.register(begins_at, begins_at + lasts, 24, TEXTS, actor=JASUR)


def _seen(window: Window | None) -> int:
    return window.id if window else 0


def test_a_window_is_told_comes_into_force_and_is_over_by_the_clock_alone(
    maintenance: Maintenance, hands: Hands
) -> None:
    number = _register(maintenance)
    for hour, told, running in ((-25, 0, 0), (-24, number, 0), (0, number, number), (1, number, number), (2, 0, 0)):
        hands.time = NOON + hour * HOUR
        assert (_seen(maintenance.told()), _seen(maintenance.running())) == (told, running), hour


def test_its_text_is_cleaned_and_kept_in_our_languages(maintenance: Maintenance, hands: Hands) -> None:
    _register(maintenance)
    hands.time = NOON
    window = maintenance.running()
    assert window is not None
    assert window.texts == {"uz-Latn": "Disklar almashtiriladi", "ru": "Замена дисков"}
    assert maintenance.seconds_left(window) == 7200
    hands.time = NOON + 2 * HOUR - timedelta(milliseconds=1)
    assert maintenance.seconds_left(window) == 1


def test_overlapping_windows_are_refused_and_adjoining_ones_are_not(maintenance: Maintenance) -> None:
    number = _register(maintenance)
    for begins_at, lasts in ((NOON - HOUR, 2 * HOUR), (NOON + HOUR, HOUR), (NOON - HOUR, 5 * HOUR)):
        with pytest.raises(InvalidMaintenance, match="Another maintenance"):
            _register(maintenance, begins_at, lasts)
    _register(maintenance, NOON + 2 * HOUR, HOUR)
    _register(maintenance, NOON - HOUR, HOUR)
    maintenance.cancel(number, actor=JASUR)
    _register(maintenance)


def test_one_that_is_over_before_its_time_frees_the_rest(maintenance: Maintenance, hands: Hands) -> None:
    number = _register(maintenance)
    hands.time = NOON + HOUR
    maintenance.end(number, actor=JASUR)
    assert maintenance.running() is None
    _register(maintenance, NOON + HOUR, HOUR)
    (window,) = [one for one in maintenance.public(10)[1] if one.id == number]
    assert window.lasts == HOUR
    with pytest.raises(NotFound):
        maintenance.end(number, actor=JASUR)


def test_one_that_begins_now_needs_no_guess_of_the_second(maintenance: Maintenance, hands: Hands) -> None:
    hands.time = NOON + timedelta(seconds=40)
    number = _register(maintenance)
    window = maintenance.running()
    assert window is not None
    assert (window.id, window.begins_at) == (number, hands.time)
    hands.time = NOON + HOUR
    with pytest.raises(InvalidMaintenance, match="in the past"):
        _register(maintenance, NOON + HOUR / 2)


def test_everybody_may_know_what_was_and_what_is_told_but_not_what_was_given_up(
    maintenance: Maintenance, hands: Hands
) -> None:
    first, second, third = (_register(maintenance, NOON + days * 24 * HOUR) for days in (0, 1, 3))
    maintenance.cancel(third, actor=JASUR)
    hands.time = NOON + 3 * HOUR
    coming, begun = maintenance.public(10)
    assert [one.id for one in coming] == [second]
    assert [one.id for one in begun] == [first]
    hands.time = NOON + 100 * 24 * HOUR
    coming, begun = maintenance.public(1, 1)
    assert [one.id for one in begun] == [first]
    assert [one.id for one in maintenance.listed(10, actor=JASUR)] == [third, second, first]


def test_every_deed_is_in_the_journal(maintenance: Maintenance, database: Database, hands: Hands) -> None:
    first = _register(maintenance)
    second = _register(maintenance, NOON + 10 * HOUR)
    maintenance.cancel(second, actor=JASUR)
    hands.time = NOON
    maintenance.end(first, actor=JASUR)
    with database.reading() as view:
        entries = [sealed.entry for sealed in view.journal.after(0)]
    assert [(entry.deed, entry.object) for entry in entries] == [
        (Deed.MAINTENANCE_ANNOUNCED, f"maintenance:{first}"),
        (Deed.MAINTENANCE_ANNOUNCED, f"maintenance:{second}"),
        (Deed.MAINTENANCE_CANCELLED, f"maintenance:{second}"),
        (Deed.MAINTENANCE_ENDED, f"maintenance:{first}"),
    ]
    assert entries[0].after["begins_at"] == "2026-09-05T12:00+00:00"


@pytest.mark.parametrize("actor", [NODIRA, BOTIR])
def test_only_administrators_close_the_library(maintenance: Maintenance, actor: Actor) -> None:
    number = _register(maintenance)
    for deed in (
        lambda: maintenance.register(NOON, NOON + HOUR, 1, TEXTS, actor=actor),
        lambda: maintenance.end(number, actor=actor),
        lambda: maintenance.cancel(number, actor=actor),
        lambda: maintenance.listed(5, actor=actor),
    ):
        with pytest.raises(NotEntitled):
            deed()


def test_two_at_once_do_not_register_the_same_hours(database: Database, tmp_path: Path, hands: Hands) -> None:
    start, refused = threading.Barrier(4), []

    def register() -> None:
        own = Maintenance(database, tmp_path, hands)
        start.wait()
        try:
            _register(own)
        except InvalidMaintenance as error:
            refused.append(error)

    threads = [threading.Thread(target=register) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3


def test_another_process_learns_of_it_and_knowing_costs_no_query(
    maintenance: Maintenance, database: Database, tmp_path: Path, hands: Hands, statements: Callable[..., object]
) -> None:
    other = Maintenance(database, tmp_path, hands)
    assert other.told() is None
    number = _register(maintenance)
    hands.time = NOON
    assert _seen(other.running()) == number
    with statements(database.engine) as sent:  # type: ignore[attr-defined]
        for _ in range(5):
            other.running()
            other.told()
    assert not len(sent)
    maintenance.end(number, actor=JASUR)
    assert other.running() is None


def test_what_is_remembered_outlives_a_database_that_is_away(tmp_path: Path) -> None:
    answers: list[int | None] = [None, 1, None, 2]
    seconds = 0.0

    def read() -> int:
        answer = answers.pop(0)
        if answer is None:
            raise LibraryError("away")
        return answer

    remembered = Remembered(read, tmp_path / "counter", 0, lambda: seconds)
    assert remembered.get() == 0
    assert remembered.get() == 0, "it is not asked again at once"
    seconds = 6.0
    assert remembered.get() == 1
    remembered.changed()
    assert remembered.get() == 1
    seconds = 12.0
    assert remembered.get() == 2
    assert remembered.get() == 2
    assert not answers


def test_a_counter_that_cannot_be_written_spoils_nothing(tmp_path: Path) -> None:
    values = [1, 2]
    remembered = Remembered(lambda: values.pop(0), tmp_path / "nowhere" / "counter", 0)
    assert remembered.get() == 1
    remembered.changed()
    assert remembered.get() == 2
