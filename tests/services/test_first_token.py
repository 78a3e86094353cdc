"""The first administrator comes in with a token that works once."""

from __future__ import annotations

from sqlalchemy import select

from library.db.tables import first_tokens
from library.db.unit_of_work import Database
from library.services.first_token import FirstToken
from tests.conftest import Clock


def test_a_token_opens_once(database: Database, clock: Clock) -> None:
    service = FirstToken(database, clock)
    token = service.issue()
    assert len(token) >= 43
    assert not service.redeem(token + "x")
    assert not service.redeem("")
    assert not service.redeem("\ud800")
    assert service.redeem(token)
    assert not service.redeem(token)


def test_a_new_token_voids_the_one_that_was_not_used(database: Database, clock: Clock) -> None:
    service = FirstToken(database, clock)
    first, second = service.issue(), service.issue()
    assert first != second
    assert not service.redeem(first)
    assert service.redeem(second)
    assert service.redeem(service.issue())


def test_the_database_does_not_hold_the_token(database: Database, clock: Clock) -> None:
    token = FirstToken(database, clock).issue()
    with database.engine.connect() as connection:
        rows = connection.execute(select(first_tokens)).all()
    assert token not in repr(rows)
