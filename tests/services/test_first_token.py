"""The first administrator comes in with a token that works once."""

from __future__ import annotations

from sqlalchemy import select

from library.db.tables import first_tokens
from library.db.unit_of_work import Database
from library.services.first_token import FirstToken
from library.services.keys import digest_of
from tests.conftest import Clock


def _used(database: Database, token: str, clock: Clock) -> bool:
    with database.writing() as tx:
        used = tx.first_tokens.use(digest_of(token), clock())
        tx.commit()
    return used


def test_a_token_holds_until_it_is_used(database: Database, clock: Clock) -> None:
    service = FirstToken(database, clock)
    token = service.issue()
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
    assert first != second
    assert not service.holds(first)
    assert service.holds(second)
    assert _used(database, second, clock)
    assert service.holds(service.issue())


def test_the_database_does_not_hold_the_token(database: Database, clock: Clock) -> None:
    token = FirstToken(database, clock).issue()
    with database.engine.connect() as connection:
        rows = connection.execute(select(first_tokens)).all()
    assert token not in repr(rows)
