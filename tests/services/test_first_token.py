"""The first administrator comes in with a token that works once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from library.db.tables import first_tokens
from library.db.unit_of_work import Database
from library.domain.access import Actor
from library.domain.errors import SignInRefused
from library.domain.people import Order, Role
from library.services.accounts import Accounts, Wanted
from library.services.first_token import FirstToken
from library.services.keys import digest_of
from library.services.passwords import Passwords
from library.services.signing_in import Client
from tests.conftest import Clock


def _used(database: Database, token: str, clock: Clock) -> bool:
    with database.writing() as tx:
        used = tx.first_tokens.use(digest_of(token), clock())
        tx.commit()
    return used


def test_a_token_holds_until_it_is_used(database: Database, clock: Clock) -> None:
    service = FirstToken(database, clock)
    token = service.issue()
    assert token is not None
    assert len(token) >= 43
    for other in (token + "x", "", "\ud800"):
        assert not service.holds(other)
        assert not _used(database, other, clock)
    assert service.holds(token)
    assert _used(database, token, clock)
    assert not service.holds(token)
    assert not _used(database, token, clock)


def test_a_new_token_voids_the_one_that_was_not_used(database: Database, clock: Clock) -> None:
    service = FirstToken(database, clock)
    first, second = service.issue(), service.issue()
    assert first is not None
    assert second is not None
    assert first != second
    assert not service.holds(first)
    assert service.holds(second)
    assert _used(database, second, clock)
    assert service.issue() is not None


def test_where_there_is_an_administrator_no_token_is_issued_and_none_holds(database: Database, clock: Clock) -> None:
    service = FirstToken(database, clock)
    token = service.issue()
    assert token is not None
    boss = Wanted(
        login="boss",
        name="Boss",
        roles=frozenset({Role.ADMINISTRATOR}),
        order=Order(number="1", date=date(2026, 9, 1)),
    )
    accounts = Accounts(database, Passwords(), clock)
    accounts.add(boss, actor=Actor(key="console", name="command line", roles=frozenset(Role)))
    assert service.issue() is None
    assert not service.holds(token)
    with pytest.raises(SignInRefused):
        accounts.add_first_administrator(
            token, replace(boss, login="intruder"), "uch otli arava", Client(address="203.0.113.7", browser="")
        )


def test_the_database_does_not_hold_the_token(database: Database, clock: Clock) -> None:
    token = FirstToken(database, clock).issue()
    assert token is not None
    with database.engine.connect() as connection:
        rows = connection.execute(select(first_tokens)).all()
    assert token not in repr(rows)
