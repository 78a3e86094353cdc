"""Accounts of staff: who makes them, what they may be like, and that nobody is left without an administrator."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from library.db.credentials import Credential, Purpose
from library.db.people import PeopleFilter
from library.db.tables import journal
from library.db.unit_of_work import Database
from library.domain.access import Actor
from library.domain.errors import (
    FourEyes,
    InvalidAccount,
    LibraryError,
    NotEntitled,
    NotFound,
    SignInRefused,
    StaleVersion,
)
from library.domain.people import LibraryCard, Order, Person, ReaderCategory, Role
from library.services.accounts import Accounts, Wanted
from library.services.first_token import FirstToken
from library.services.keys import digest_of
from library.services.passwords import Passwords
from library.services.readers import new_reader
from library.services.second_factor import plain_code
from library.services.signing_in import Client, begin
from tests.conftest import Clock

HERE = Client(address="203.0.113.7", browser="Firefox")
CONSOLE = Actor(key="console", name="command line", roles=frozenset(Role))
ORDER = Order(number="12-k", date=date(2026, 9, 1))
BOSS = Wanted(login="boss", name="Boss", roles=frozenset({Role.ADMINISTRATOR}), order=ORDER)
NODIRA = Wanted(login="nodira", name="Karimova Nodira", roles=frozenset({Role.CATALOGUER}), order=ORDER)


@pytest.fixture
def accounts(database: Database, clock: Clock) -> Accounts:
    return Accounts(database, Passwords(), clock)


def _actor(person: Person) -> Actor:
    return Actor.person(person.id, person.name, person.roles)


def _deeds(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        return list(connection.execute(select(journal.c.deed).order_by(journal.c.seq)).scalars())


def test_the_first_administrator_is_made_by_the_token_and_the_token_is_gone(
    accounts: Accounts, database: Database, clock: Clock
) -> None:
    token = FirstToken(database, clock).issue()
    assert token is not None
    for password in ("short", "boss boss boss"):
        with pytest.raises(InvalidAccount):
            accounts.add_first_administrator(token, BOSS, password, HERE)
    with pytest.raises(InvalidAccount, match="given by an order"):
        accounts.add_first_administrator(token, replace(BOSS, order=None), "uch otli arava", HERE)
    with pytest.raises(SignInRefused):
        accounts.add_first_administrator("another token", BOSS, "uch otli arava", HERE)
    assert FirstToken(database, clock).holds(token), "a slip in the form costs no token"
    accounts.add_first_administrator(token, BOSS, "uch otli arava", HERE)
    with pytest.raises(SignInRefused):
        accounts.add_first_administrator(token, replace(BOSS, login="other"), "uch otli arava", HERE)
    assert _deeds(database) == ["account-added", "signed-in"]


def test_an_administrator_takes_no_cataloguing_role(accounts: Accounts) -> None:
    cataloguing = Role.CATALOGUER
    both = frozenset({Role.ADMINISTRATOR, cataloguing})
    with pytest.raises(InvalidAccount, match="no cataloguing"):
        accounts.add(replace(BOSS, roles=both), actor=CONSOLE)
    person = accounts.add(BOSS, actor=CONSOLE).person
    accounts.add(replace(BOSS, login="second"), actor=CONSOLE)
    with pytest.raises(InvalidAccount, match="no cataloguing"):
        accounts.change(person.id, replace(BOSS, roles=both), expected=1, actor=CONSOLE)
    with pytest.raises(InvalidAccount, match="your own roles"):
        accounts.change(person.id, replace(BOSS, roles=frozenset({cataloguing})), expected=1, actor=_actor(person))


def test_a_login_is_given_once_whatever_its_case(accounts: Accounts) -> None:
    accounts.add(NODIRA, actor=CONSOLE)
    for login in ("nodira", "NODIRA", "ｎｏｄｉｒａ"):
        with pytest.raises(InvalidAccount, match="belongs to another account"):
            accounts.add(replace(NODIRA, login=login), actor=CONSOLE)
    other = accounts.add(replace(NODIRA, login="other"), actor=CONSOLE).person
    with pytest.raises(InvalidAccount, match="belongs to another account"):
        accounts.change(other.id, NODIRA, expected=1, actor=CONSOLE)


def test_only_administrators_keep_accounts(accounts: Accounts) -> None:
    person = accounts.add(NODIRA, actor=CONSOLE).person
    for role in frozenset(Role) - {Role.ADMINISTRATOR}:
        actor = Actor.person(77, "Somebody", frozenset({role}))
        for refused in (
            lambda actor=actor: accounts.add(replace(NODIRA, login="other"), actor=actor),
            lambda actor=actor: accounts.change(person.id, NODIRA, expected=1, actor=actor),
            lambda actor=actor: accounts.close(person.id, expected=1, actor=actor),
            lambda actor=actor: accounts.reopen(person.id, expected=1, actor=actor),
            lambda actor=actor: accounts.link(person.id, actor=actor),
            lambda actor=actor: accounts.one(person.id, actor=actor),
            lambda actor=actor: accounts.by_login("nodira", actor=actor),
            lambda actor=actor: accounts.remove_second_factor(person.id, actor=actor),
            lambda actor=actor: accounts.end_session(person.id, "x", actor=actor),
            lambda actor=actor: accounts.listed(PeopleFilter(staff=True), actor=actor, limit=10),
        ):
            with pytest.raises(NotEntitled) as caught:
                refused()
            assert not isinstance(caught.value, FourEyes)


def test_whoever_keeps_readers_keeps_those_alone(accounts: Accounts, database: Database, clock: Clock) -> None:
    accounts.add(NODIRA, actor=CONSOLE)
    with database.writing() as tx:
        reader = tx.people.add(new_reader("Aziz", LibraryCard(number="K-1", category=ReaderCategory.STUDENT), clock()))
        tx.commit()
    nodira = Actor.person(1, "Nodira", frozenset({Role.CATALOGUER}))
    lines, total = accounts.listed(PeopleFilter(staff=False), actor=nodira, limit=10)
    assert [line.person.login for line in lines] == ["K-1"]
    assert total == 1
    assert accounts.link(reader.id, actor=nodira).person.id == reader.id
    accounts.close(reader.id, expected=1, actor=nodira)
    with pytest.raises(InvalidAccount, match="closed"):
        accounts.link(reader.id, actor=nodira)
    accounts.reopen(reader.id, expected=2, actor=nodira)


def test_people_are_found_by_name_in_either_alphabet_by_login_and_by_number(
    accounts: Accounts, database: Database, clock: Clock
) -> None:
    accounts.add(replace(NODIRA, name="Gʻofurova Oʻgʻiloy"), actor=CONSOLE)
    card = LibraryCard(number="K-77", hemis_number="391", category=ReaderCategory.STUDENT)
    with database.writing() as tx:
        tx.people.add(new_reader("Ғафуров Ўткир", card, clock()))
        tx.commit()

    def found(words: str) -> set[str]:
        lines, total = accounts.listed(PeopleFilter(words=words), actor=CONSOLE, limit=10)
        assert total == len(lines)
        return {line.person.login for line in lines}

    assert found("ғофурова ўғилой") == {"nodira"} == found("NODI")
    assert found("g'afurov") == {"K-77"} == found("K-77") == found("391")
    assert found("") == {"nodira", "K-77"}
    for name in ("Zokirov Anvar", "Oripov Olim", "Oʻrinov Anvar", "Шарипов Чори"):
        accounts.add(replace(NODIRA, login=name.split()[0], name=name), actor=CONSOLE)
    lines, _ = accounts.listed(PeopleFilter(), actor=CONSOLE, limit=10)
    assert [line.person.name.split()[0] for line in lines] == [
        *("Oripov", "Zokirov", "Oʻrinov", "Gʻofurova"),
        *("Шарипов", "Ғафуров"),
    ]
    for nothing in ("%", "_", "'", "no such person", "\\"):
        assert found(nothing) == set()


def test_other_roles_end_all_sessions_and_another_name_does_not(
    accounts: Accounts, database: Database, clock: Clock
) -> None:
    person = accounts.add(NODIRA, actor=CONSOLE).person
    at = clock()
    with database.writing() as tx:
        credential = Credential(person_id=person.id, changed_at=at)
        tx.credentials.save(credential)
        begin(tx, person, credential, HERE, at, second_factor=False)
        tx.commit()
    accounts.change(person.id, replace(NODIRA, name="Other"), expected=1, actor=CONSOLE)
    assert len(accounts.one(person.id, actor=CONSOLE).sessions) == 1
    approver = replace(NODIRA, name="Other", roles=frozenset({Role.APPROVER}))
    accounts.change(person.id, approver, expected=2, actor=CONSOLE)
    assert accounts.one(person.id, actor=CONSOLE).sessions == ()
    with pytest.raises(StaleVersion):
        accounts.change(person.id, NODIRA, expected=2, actor=CONSOLE)


def test_the_last_administrator_can_neither_be_closed_nor_become_something_else(accounts: Accounts) -> None:
    boss = accounts.add(BOSS, actor=CONSOLE).person
    second = accounts.add(replace(BOSS, login="second"), actor=CONSOLE).person
    with pytest.raises(InvalidAccount, match="your own account"):
        accounts.close(boss.id, expected=1, actor=_actor(boss))
    accounts.close(second.id, expected=1, actor=_actor(boss))
    for refused in (
        lambda: accounts.close(boss.id, expected=1, actor=CONSOLE),
        lambda: accounts.change(boss.id, replace(BOSS, roles=NODIRA.roles), expected=1, actor=CONSOLE),
    ):
        with pytest.raises(InvalidAccount, match="last administrator"):
            refused()
    accounts.reopen(second.id, expected=2, actor=_actor(boss))
    accounts.close(boss.id, expected=1, actor=_actor(second))


def test_two_administrators_who_close_one_another_at_once_leave_one(accounts: Accounts) -> None:
    people = [accounts.add(replace(BOSS, login=login), actor=CONSOLE).person for login in ("one", "other")]

    def close(pair: tuple[Person, Person]) -> bool:
        by, whom = pair
        try:
            accounts.close(whom.id, expected=1, actor=_actor(by))
        except LibraryError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        closed = list(pool.map(close, [(people[0], people[1]), (people[1], people[0])]))
    assert sum(closed) == 1


def test_a_link_is_kept_as_a_digest_and_an_earlier_one_is_void(
    accounts: Accounts, database: Database, clock: Clock
) -> None:
    first = accounts.add(NODIRA, actor=CONSOLE)
    second = accounts.link(first.person.id, actor=CONSOLE)
    assert second.expires_at - clock.time <= timedelta(hours=24)
    with database.reading() as view:
        at = clock.time

        def holder(code: str) -> int | None:
            return view.credentials.holder(digest_of(plain_code(code)), Purpose.PASSWORD, at)

        assert holder(first.code) is None
        assert holder(second.code) == first.person.id
        at += timedelta(hours=25)
        assert holder(second.code) is None


def test_a_second_factor_is_removed_by_another_administrator_alone(
    accounts: Accounts, database: Database, clock: Clock
) -> None:
    boss = accounts.add(BOSS, actor=CONSOLE).person
    with pytest.raises(InvalidAccount, match="no second factor"):
        accounts.remove_second_factor(boss.id, actor=CONSOLE)
    with database.writing() as tx:
        tx.credentials.save(Credential(person_id=boss.id, totp_sealed="x", totp_confirmed=True, changed_at=clock()))
        tx.commit()
    with pytest.raises(InvalidAccount, match="Another administrator"):
        accounts.remove_second_factor(boss.id, actor=_actor(boss))
    accounts.remove_second_factor(boss.id, actor=CONSOLE)
    assert not accounts.one(boss.id, actor=CONSOLE).has_second_factor


def test_every_change_stands_in_the_journal_without_what_is_secret(accounts: Accounts, database: Database) -> None:
    link = accounts.add(replace(NODIRA, email="n@example.uz"), actor=CONSOLE)
    number = link.person.id
    accounts.change(number, replace(NODIRA, name="Other"), expected=1, actor=CONSOLE)
    renewed = accounts.link(number, actor=CONSOLE)
    accounts.close(number, expected=2, actor=CONSOLE)
    accounts.reopen(number, expected=3, actor=CONSOLE)
    assert _deeds(database) == [
        "account-added",
        "account-changed",
        "reset-link-issued",
        "account-closed",
        "account-changed",
    ]
    with database.engine.connect() as connection:
        rows = repr(connection.execute(select(journal)).all())
    for secret in (link.code, renewed.code, "n@example.uz"):
        assert secret not in rows


def test_an_unknown_account_is_not_found(accounts: Accounts) -> None:
    for asked in (lambda: accounts.one(99, actor=CONSOLE), lambda: accounts.by_login("nobody", actor=CONSOLE)):
        with pytest.raises(NotFound):
            asked()
