"""Signing in: what opens, what does not and why, how often it may be tried, and how long it lasts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event, func, select

from library.db.engine import open_engine
from library.db.tables import failed_attempts, sessions
from library.db.unit_of_work import Database
from library.domain.errors import StorageFull
from library.domain.people import LibraryCard, ReaderCategory, Role, Standing
from library.services.signing_in import Step
from tests.conftest import Clock
from tests.services.doors import HERE, MINUTE, PASSWORD, House


@pytest.fixture
def house(migrated_sqlite: Path, clock: Clock, tmp_path: Path) -> Iterator[House]:
    shutil.copy(migrated_sqlite, tmp_path / "library.sqlite")
    database = Database(open_engine(f"sqlite:///{tmp_path / 'library.sqlite'}"), b"k" * 32)
    yield House(database, clock, tmp_path)
    database.close()


@pytest.fixture
def any_house(database: Database, clock: Clock, tmp_path: Path) -> House:
    """On SQLite and on PostgreSQL, where the databases could differ."""
    return House(database, clock, tmp_path)


def test_login_and_password_open_a_session_whatever_the_case(any_house: House) -> None:
    house = any_house
    person = house.person("n.karimova", Role.CATALOGUER)
    begun = house.signing_in.sign_in("N.Karimova", PASSWORD, HERE)
    visit = house.signing_in.visit(begun.number)
    assert visit is not None
    assert (visit.person.id, visit.step, visit.actor.roles) == (person.id, Step.NONE, frozenset({Role.CATALOGUER}))
    assert house.deeds() == [("signed-in", f"person:{person.id}")]


def test_a_reader_comes_in_by_card_or_hemis_number_and_is_not_journalled(any_house: House) -> None:
    house = any_house
    card = LibraryCard(number="K-1042", hemis_number="391201", category=ReaderCategory.STUDENT)
    aziz = house.person("aziz", Role.READER, card=card, order=None)
    other = replace(card, number="391201", hemis_number="K-1042")
    house.person("other", Role.READER, card=other, order=None)
    for login, whose in (("aziz", aziz.id), ("K-1042", aziz.id), ("391201", aziz.id + 1)):
        visit = house.signing_in.visit(house.signing_in.sign_in(login, PASSWORD, HERE).number)
        assert visit is not None
        assert visit.person.id == whose, "a card counts before a HEMIS number"
    assert house.deeds() == []


def test_all_logins_of_a_person_are_counted_together(house: House) -> None:
    card = LibraryCard(number="K-1042", hemis_number="391201", category=ReaderCategory.STUDENT)
    house.person("aziz", Role.READER, card=card, order=None)
    told = [house.try_(login) for login in ("aziz", "K-1042", "391201", "AZIZ", "K-1042")]
    assert all("is wrong" in text for text in told)
    assert "Try again" in house.try_("391201", PASSWORD)


def test_the_database_holds_no_number_that_opens(house: House) -> None:
    house.person("nodira", Role.CATALOGUER)
    begun = house.signing_in.sign_in("nodira", PASSWORD, HERE)
    with house.database.engine.connect() as connection:
        row = connection.execute(select(sessions)).one()
    assert begun.number not in repr(row)
    assert house.signing_in.visit(row.digest) is None


def test_which_of_both_was_wrong_is_not_told(house: House) -> None:
    house.person("nodira", Role.CATALOGUER)
    house.person("closed", Role.CATALOGUER, standing=Standing.CLOSED)
    nobody = house.try_("nobody")
    assert nobody == house.try_("nodira") == house.try_("closed", PASSWORD)
    assert [deed for deed, _ in house.deeds()] == ["sign-in-failed"] * 3
    assert "nobody" not in repr(house.deeds()), "what was typed may be a password"


@pytest.mark.parametrize("login", ["", "x" * 65, "x" * 100_000, "a\x00b", "a\nb", "\ud800"])
def test_what_can_be_no_login_is_refused_at_once(house: House, login: str) -> None:
    assert house.try_(login, PASSWORD) == house.try_("nobody")


def test_a_card_that_ended_does_not_open_and_says_so_to_its_holder_alone(house: House) -> None:
    card = LibraryCard(number="K-1", category=ReaderCategory.STUDENT, valid_until=date(2026, 9, 1))
    house.person("k-1", Role.READER, card=card, order=None)
    begun = house.signing_in.sign_in("k-1", PASSWORD, HERE)
    house.clock.time = datetime.fromisoformat("2026-09-01T18:59:00+00:00")
    assert house.signing_in.visit(house.signing_in.sign_in("k-1", PASSWORD, HERE).number)
    house.clock.time = datetime.fromisoformat("2026-09-01T19:00:00+00:00")  # midnight in Tashkent
    assert house.signing_in.visit(begun.number) is None
    assert "ended on 01.09.2026" in house.try_("k-1", PASSWORD)
    assert "ended" not in house.try_("k-1")


def test_staff_come_in_whatever_their_card_says(house: House) -> None:
    card = LibraryCard(number="K-1", category=ReaderCategory.EMPLOYEE, valid_until=date(2020, 1, 1))
    house.person("nodira", Role.CATALOGUER, Role.READER, card=card)
    assert house.try_("nodira", PASSWORD) == ""


def test_after_five_failures_an_account_waits_whether_it_is_there_or_not(any_house: House) -> None:
    house = any_house
    house.person("nodira", Role.CATALOGUER)
    for login in ("nodira", "nobody"):
        told = [house.try_(login, client=replace(HERE, address=f"203.0.113.{number}")) for number in range(7)]
        assert all("is wrong" in text for text in told[:5])
        assert all("Try again in 15 min" in text for text in told[5:])
    assert "Try again" in house.try_("NODIRA", PASSWORD), "the right password waits too"


def test_nobody_is_locked_out_for_longer_than_the_window(house: House) -> None:
    house.person("nodira", Role.CATALOGUER)
    for _ in range(5):
        house.try_("nodira")
    for _ in range(20):
        house.clock.time += timedelta(seconds=40)
        house.try_("nodira")  # attempts while waiting count nothing
    house.clock.time += timedelta(minutes=2)
    assert house.try_("nodira", PASSWORD) == ""


def test_after_twenty_failures_an_address_waits_and_others_do_not(house: House) -> None:
    house.person("nodira", Role.CATALOGUER)
    told = [house.try_("x" * 65) for _ in range(22)]
    assert "is wrong" in told[19]
    assert "Try again" in told[20]
    assert "Try again" in house.try_("nodira", PASSWORD)
    assert house.try_("nodira", PASSWORD, replace(HERE, address="203.0.113.8")) == ""


def test_a_whole_network_of_ipv6_counts_as_one_address(house: House) -> None:
    for number in range(20):
        house.try_("x" * 65, client=replace(HERE, address=f"2001:db8:1:2::{number:x}"))
    assert "Try again" in house.try_("other", client=replace(HERE, address="2001:db8:1:2:ffff::1"))
    assert "is wrong" in house.try_("other", client=replace(HERE, address="2001:db8:1:3::1"))


def test_a_lecture_hall_behind_one_address_is_counted_by_account_alone(house: House) -> None:
    hall = replace(HERE, address="::ffff:10.1.2.3")
    for _ in range(25):
        assert "is wrong" in house.try_("x" * 65, client=hall)
    for _ in range(5):
        house.try_("nodira", client=hall)
    assert "Try again" in house.try_("nodira", client=hall)


def test_many_attempts_at_once_are_no_way_around(any_house: House) -> None:
    house = any_house
    house.person("nodira", Role.CATALOGUER)
    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(lambda _: house.try_("nodira"), range(12)))
    assert sum("is wrong" in text for text in told) == 5
    assert sum("Try again" in text for text in told) == 7


def test_success_forgives_the_account_and_old_failures_are_forgotten(any_house: House) -> None:
    house = any_house
    house.person("nodira", Role.CATALOGUER)
    for _ in range(2):
        for _ in range(3):
            house.try_("nodira")
        assert house.try_("nodira", PASSWORD) == ""
        house.clock.time += timedelta(minutes=16)
    house.try_("nodira")
    with house.database.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(failed_attempts)).scalar_one() == 2


def test_a_password_hashed_with_other_parameters_is_hashed_anew(house: House) -> None:
    person = house.person("nodira", Role.CATALOGUER)
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    house.credential(person, password_hash=old)
    assert house.try_("nodira", PASSWORD) == ""
    renewed = house.credential(person).password_hash
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert house.try_("nodira", PASSWORD) == ""


@pytest.mark.parametrize(("role", "idle"), [(Role.CATALOGUER, 30 * MINUTE), (Role.READER, timedelta(hours=8))])
def test_a_session_ends_when_it_is_not_used(house: House, role: Role, idle: timedelta) -> None:
    house.person("somebody", role)
    begun = house.signing_in.sign_in("somebody", PASSWORD, HERE)
    house.clock.time += idle - 2 * MINUTE
    assert house.signing_in.visit(begun.number)
    house.clock.time += idle - 2 * MINUTE
    assert (house.signing_in.visit(begun.number) is None) == (role is Role.READER and idle * 2 > timedelta(hours=12))
    house.clock.time += idle
    assert house.signing_in.visit(begun.number) is None


def test_no_session_lasts_longer_than_twelve_hours(house: House) -> None:
    house.person("nodira", Role.CATALOGUER)
    begun = house.signing_in.sign_in("nodira", PASSWORD, HERE)
    for _ in range(35):
        house.clock.time += 20 * MINUTE
        assert house.signing_in.visit(begun.number)
    house.clock.time += 21 * MINUTE
    assert house.signing_in.visit(begun.number) is None


def test_the_last_use_is_noted_once_a_minute(any_house: House, statements) -> None:
    house = any_house
    house.person("nodira", Role.CATALOGUER)
    begun = house.signing_in.sign_in("nodira", PASSWORD, HERE)
    with statements(house.database.engine) as sent:
        for _ in range(10):
            house.signing_in.visit(begun.number)
    assert len(sent) == 10
    house.clock.time += MINUTE
    with statements(house.database.engine) as sent:
        for _ in range(10):
            house.signing_in.visit(begun.number)
    assert len(sent) == 11


def test_a_full_disk_keeps_nobody_from_reading(house: House) -> None:
    house.person("nodira", Role.CATALOGUER)
    begun = house.signing_in.sign_in("nodira", PASSWORD, HERE)
    with house.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    event.listen(house.database.engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages}"))
    house.database.engine.dispose()
    house.clock.time += MINUTE

    def fill() -> None:
        for number in range(2000):
            house.try_("x" * 65, client=replace(HERE, address=f"198.51.{number // 200}.{number % 200}"))

    with pytest.raises(StorageFull):
        fill()
    house.clock.time += MINUTE
    assert house.signing_in.visit(begun.number)


def test_signing_out_ends_it_on_the_server(any_house: House) -> None:
    house = any_house
    person = house.person("nodira", Role.CATALOGUER)
    begun, other = (house.signing_in.sign_in("nodira", PASSWORD, HERE) for _ in range(2))
    house.signing_in.sign_out(begun.number)
    assert house.signing_in.visit(begun.number) is None
    assert house.signing_in.visit(other.number)
    assert house.deeds()[-1] == ("signed-out", f"person:{person.id}")


@pytest.mark.parametrize("number", ["", "x", "x" * 10_000, "ў" * 43, "\ud800" * 43])
def test_no_other_number_opens(house: House, number: str) -> None:
    assert house.signing_in.visit(number) is None
    house.signing_in.sign_out(number)
