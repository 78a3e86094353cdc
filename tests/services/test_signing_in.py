"""Signing in: what opens, what does not and why, how often it may be tried, and how long it lasts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from library.db.credentials import Credential
from library.db.engine import open_engine
from library.db.tables import failed_attempts, journal, sessions
from library.db.unit_of_work import Database
from library.domain.access import GUEST
from library.domain.errors import SignInRefused, TooManyAttempts
from library.domain.people import LibraryCard, Order, Person, ReaderCategory, Role, Standing
from library.services.attempts import Attempts
from library.services.passwords import Passwords
from library.services.second_factor import SecondFactor
from library.services.signing_in import Client, SigningIn, Step
from tests.conftest import Clock

PASSWORD = "uch otli arava"
HERE = Client(address="203.0.113.7", browser="Mozilla/5.0 Firefox/140.0")
MINUTE = timedelta(minutes=1)
HASHED = Passwords().hash(PASSWORD)


class House:
    """The service over a database, and a clock that is set by hand."""

    def __init__(self, database: Database, clock: Clock, directory: Path) -> None:
        self.database = database
        self.clock = clock
        self.second_factor = SecondFactor(directory / "second-factor.key")
        self.signing_in = SigningIn(
            database, Passwords(), self.second_factor, Attempts(["10.0.0.0/8"]), clock, "Asia/Tashkent"
        )

    def person(self, login: str, *roles: Role, **other: object) -> Person:
        at = self.clock()
        person = Person(
            id=0,
            login=login,
            name=login.title(),
            roles=frozenset(roles),
            order=Order(number="12-k", date=date(2026, 9, 1)),
            created_at=at,
            changed_at=at,
        )
        person = replace(person, **other)  # type: ignore[arg-type]
        with self.database.writing() as tx:
            person = tx.people.add(person)
            tx.credentials.save(Credential(person_id=person.id, password_hash=HASHED, changed_at=at))
            tx.commit()
        return person

    def credential(self, person: Person, **other: object) -> Credential:
        """Change what a person proves themselves by."""
        with self.database.writing() as tx:
            known = tx.credentials.find(person.id)
            assert known is not None
            changed = replace(known, **other)  # type: ignore[arg-type]
            tx.credentials.save(changed)
            tx.commit()
        return changed

    def with_second_factor(self, person: Person) -> pyotp.TOTP:
        sealed = self.second_factor.with_new_secret(self.credential(person), self.clock.time)
        self.credential(person, totp_sealed=sealed.totp_sealed, totp_confirmed=True)
        return pyotp.TOTP(self.second_factor.secret(sealed))

    def try_(self, login: str, password: str = "a wrong password", client: Client = HERE) -> str:
        """What is told of an attempt."""
        try:
            self.signing_in.sign_in(login, password, client)
        except (SignInRefused, TooManyAttempts) as error:
            return str(error)
        return ""

    def deeds(self) -> list[tuple[str, str]]:
        with self.database.engine.connect() as connection:
            rows = connection.execute(select(journal.c.deed, journal.c.object).order_by(journal.c.seq)).all()
        return [(row.deed, row.object) for row in rows]


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


def test_a_reader_comes_in_by_the_card_and_is_not_journalled(any_house: House) -> None:
    house = any_house
    card = LibraryCard(number="K-1042", category=ReaderCategory.STUDENT)
    house.person("aziz", Role.READER, card=card, order=None)
    begun = house.signing_in.sign_in("K-1042", PASSWORD, HERE)
    assert house.signing_in.visit(begun.number)
    assert house.deeds() == []


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
