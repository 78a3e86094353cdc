"""The second factor stands between the password and everything else; no code works twice or is tried often."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.domain.access import GUEST
from library.domain.errors import SignInRefused, TooManyAttempts
from library.domain.people import Role
from library.services.second_factor import SecondFactor
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


def test_the_second_factor_stands_between_the_password_and_everything_else(house: House) -> None:
    person = house.person("boss", Role.ADMINISTRATOR)
    totp = house.with_second_factor(person)
    begun = house.signing_in.sign_in("boss", PASSWORD, HERE)
    assert begun.step is Step.CODE
    half = house.signing_in.visit(begun.number)
    assert half is not None
    assert half.actor == GUEST
    assert house.deeds() == []
    with pytest.raises(SignInRefused):
        house.signing_in.give_code(begun.number, "000000", HERE)
    code = totp.at(house.clock.time)
    whole = house.signing_in.give_code(begun.number, f" {code[:3]} {code[3:]} ", HERE)
    assert whole.number != begun.number
    assert house.signing_in.visit(begun.number) is None, "the number from before the code is dead"
    visit = house.signing_in.visit(whole.number)
    assert visit is not None
    assert (visit.step, visit.actor.roles) == (Step.NONE, frozenset({Role.ADMINISTRATOR}))


def test_a_code_works_once_and_none_before_it_works_any_more(any_house: House) -> None:
    house = any_house
    totp = house.with_second_factor(house.person("boss", Role.ADMINISTRATOR))
    code, earlier = totp.at(house.clock.time), totp.at(house.clock.time - timedelta(seconds=30))
    begun = house.signing_in.sign_in("boss", PASSWORD, HERE)
    house.signing_in.give_code(begun.number, code, HERE)
    for used in (code, earlier):
        begun = house.signing_in.sign_in("boss", PASSWORD, HERE)
        with pytest.raises(SignInRefused, match="used already"):
            house.signing_in.give_code(begun.number, used, HERE)


@pytest.mark.parametrize("seconds", [-60, -90, 60, 90, 3600])
def test_a_code_of_another_time_does_not_open(house: House, seconds: int) -> None:
    house.clock.time = datetime.fromisoformat("2026-09-01T09:00:10+00:00")
    totp = house.with_second_factor(house.person("boss", Role.ADMINISTRATOR))
    begun = house.signing_in.sign_in("boss", PASSWORD, HERE)
    with pytest.raises(SignInRefused):
        house.signing_in.give_code(begun.number, totp.at(house.clock.time + timedelta(seconds=seconds)), HERE)


def test_codes_are_tried_as_seldom_as_passwords(house: House) -> None:
    totp = house.with_second_factor(house.person("boss", Role.ADMINISTRATOR))
    begun = house.signing_in.sign_in("boss", PASSWORD, HERE)
    for _ in range(5):
        with pytest.raises(SignInRefused):
            house.signing_in.give_code(begun.number, "000000", HERE)
    with pytest.raises(TooManyAttempts):
        house.signing_in.give_code(begun.number, totp.at(house.clock.time), HERE)


def test_the_password_alone_does_not_buy_more_codes(house: House) -> None:
    totp = house.with_second_factor(house.person("boss", Role.ADMINISTRATOR))
    for _ in range(5):
        begun = house.signing_in.sign_in("boss", PASSWORD, HERE)
        with pytest.raises(SignInRefused):
            house.signing_in.give_code(begun.number, "000000", HERE)
    with pytest.raises(TooManyAttempts):
        house.signing_in.sign_in("boss", PASSWORD, HERE)
    house.clock.time += timedelta(minutes=16)
    begun = house.signing_in.sign_in("boss", PASSWORD, HERE)
    assert house.signing_in.give_code(begun.number, totp.at(house.clock.time), HERE).step is Step.NONE


def test_there_are_ten_minutes_for_the_code(house: House) -> None:
    totp = house.with_second_factor(house.person("boss", Role.ADMINISTRATOR))
    begun = house.signing_in.sign_in("boss", PASSWORD, HERE)
    house.clock.time += 11 * MINUTE
    with pytest.raises(SignInRefused, match="Begin the sign-in again"):
        house.signing_in.give_code(begun.number, totp.at(house.clock.time), HERE)


def test_codes_on_paper_work_once_each_in_any_spelling(any_house: House) -> None:
    house = any_house
    person = house.person("boss", Role.ADMINISTRATOR)
    house.with_second_factor(person)
    with house.database.writing() as tx:
        codes = house.second_factor.give_recovery_codes(tx, person.id, house.clock())
        tx.commit()
    assert len(set(codes)) == 10
    spellings = (codes[0], codes[1].lower(), codes[2].replace("-", ""), f" {codes[3].replace('-', ' ')} ")
    for code in spellings:
        begun = house.signing_in.sign_in("boss", PASSWORD, HERE)
        assert house.signing_in.give_code(begun.number, code, HERE).step is Step.NONE
    begun = house.signing_in.sign_in("boss", PASSWORD, HERE)
    with pytest.raises(SignInRefused):
        house.signing_in.give_code(begun.number, codes[0], HERE)


def test_an_administrator_without_second_factor_has_to_set_one_up(house: House) -> None:
    house.person("boss", Role.ADMINISTRATOR)
    assert house.signing_in.sign_in("boss", PASSWORD, HERE).step is Step.SECOND_FACTOR
    house.person("nodira", Role.CATALOGUER)
    assert house.signing_in.sign_in("nodira", PASSWORD, HERE).step is Step.NONE


def test_the_secret_is_sealed_and_its_key_is_for_the_owner_alone(house: House, tmp_path: Path) -> None:
    person = house.person("boss", Role.ADMINISTRATOR)
    totp = house.with_second_factor(person)
    assert totp.secret not in house.credential(person).totp_sealed
    key = tmp_path / "second-factor.key"
    assert key.stat().st_mode & 0o077 == 0
    assert SecondFactor(key).secret(house.credential(person)) == totp.secret
