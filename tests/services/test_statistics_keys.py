"""Keys of officials from the day they are issued to the moment they are revoked, on both databases."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from library.db.journal import Wanted
from library.db.tables import statistics_keys
from library.db.unit_of_work import Database
from library.domain.access import GUEST, Actor
from library.domain.errors import NotEntitled, NotFound, StaleVersion
from library.domain.key_errors import (
    AddressNotAllowed,
    InvalidStatisticsKey,
    KeyExpired,
    KeyMissing,
    KeyRevoked,
    KeyUnknown,
    TooManyCalls,
)
from library.domain.people import Role
from library.domain.statistics_keys import CALLS_A_MINUTE, KeyEntry, KeyState, Scope
from library.services.statistics_keys import StatisticsKeys
from tests.conftest import Clock
from tests.staff import AZIZA, BOTIR, NODIRA

INSPECTOR = Actor.person(9, "Inspektor", frozenset({Role.INSPECTOR}))
ADMINISTRATOR = Actor.person(8, "Admin", frozenset({Role.ADMINISTRATOR}))
ENTRY = KeyEntry(
    label="Letter 12",
    official="S. Karimova",
    scope=Scope(indicators=("a",), first=date(2026, 1, 1), counter=True),
    expires_on=date(2026, 9, 30),
    networks=("195.158.0.0/16",),
)
HERE = "195.158.1.1"
ZONE = ZoneInfo("Asia/Tashkent")


@pytest.fixture
def keys(database: Database, clock: Clock) -> StatisticsKeys:
    return StatisticsKeys(database, ("a", "b"), ZONE, clock)


def test_a_key_is_shown_once_and_kept_as_a_digest(keys: StatisticsKeys, database: Database) -> None:
    issued = keys.issue(ENTRY, actor=BOTIR)
    assert issued.secret.startswith(f"stat_{issued.key.prefix}_")
    with database.engine.connect() as connection:
        row = connection.execute(select(statistics_keys)).one()
    assert row.digest == hashlib.sha256(issued.secret.encode()).hexdigest()
    assert not any(issued.secret in str(value) for value in row)
    assert keys.find(issued.secret) == issued.key
    assert issued.key.entry == ENTRY
    assert issued.key.issued_by_name == "Botir"


def test_two_keys_differ(keys: StatisticsKeys) -> None:
    first, second = keys.issue(ENTRY, actor=BOTIR), keys.issue(ENTRY, actor=BOTIR)
    assert first.secret != second.secret
    assert keys.find(second.secret).id == second.key.id
    assert [line.key.id for line in keys.listed(actor=BOTIR)] == [second.key.id, first.key.id]


def test_wrong_keys_are_nobodys(keys: StatisticsKeys) -> None:
    secret = keys.issue(ENTRY, actor=BOTIR).secret
    last = "A" if secret[-1] != "A" else "B"
    for wrong in ("x", secret[:-1] + last, f"stat_ffffffff{secret[13:]}", "\ud800", secret + " "):
        with pytest.raises(KeyUnknown):
            keys.find(wrong)
    with pytest.raises(KeyMissing):
        keys.find("")


def test_a_key_is_let_in_as_long_as_it_holds(keys: StatisticsKeys, clock: Clock) -> None:
    key = keys.issue(ENTRY, actor=BOTIR).key
    keys.admit(key, HERE)
    with pytest.raises(AddressNotAllowed):
        keys.admit(key, "8.8.8.8")
    # Five hours before midnight of London it is the first of October in Tashkent.
    clock.time = datetime(2026, 9, 30, 18, 59, tzinfo=ZoneInfo("UTC"))
    keys.admit(key, HERE)
    clock.time = datetime(2026, 9, 30, 19, 0, tzinfo=ZoneInfo("UTC"))
    with pytest.raises(KeyExpired):
        keys.admit(key, HERE)
    assert keys.line(key.id, actor=INSPECTOR).state is KeyState.EXPIRED


def test_a_revoked_key_opens_nothing_from_that_moment(keys: StatisticsKeys) -> None:
    issued = keys.issue(ENTRY, actor=BOTIR)
    keys.revoke(issued.key.id, actor=BOTIR)
    with pytest.raises(KeyRevoked):
        keys.admit(keys.find(issued.secret), HERE)
    (line,) = keys.listed(actor=BOTIR)
    assert line.state is KeyState.REVOKED
    assert line.key.revoked_by_name == "Botir"
    with pytest.raises(StaleVersion):
        keys.revoke(issued.key.id, actor=BOTIR)
    with pytest.raises(NotFound):
        keys.revoke(99, actor=BOTIR)


@pytest.mark.parametrize("actor", [GUEST, NODIRA, AZIZA, ADMINISTRATOR, INSPECTOR])
def test_only_the_head_issues_and_revokes(keys: StatisticsKeys, actor: Actor) -> None:
    number = keys.issue(ENTRY, actor=BOTIR).key.id
    for deed in (lambda: keys.issue(ENTRY, actor=actor), lambda: keys.revoke(number, actor=actor)):
        with pytest.raises(NotEntitled):
            deed()


def test_the_inspector_sees_keys_and_calls_and_others_do_not(keys: StatisticsKeys) -> None:
    number = keys.issue(ENTRY, actor=BOTIR).key.id
    looks: tuple[Callable[[Actor], object], ...] = (
        lambda actor: keys.listed(actor=actor),
        lambda actor: keys.line(number, actor=actor),
        lambda actor: keys.calls(None, None, 10, actor=actor),
    )
    for look in looks:
        look(INSPECTOR)
        for other in (GUEST, NODIRA, ADMINISTRATOR):
            with pytest.raises(NotEntitled):
                look(other)


def test_a_key_without_an_end_or_for_what_there_is_not_is_refused(keys: StatisticsKeys) -> None:
    for wrong in (replace(ENTRY, expires_on=date(2036, 1, 1)), replace(ENTRY, scope=Scope(indicators=("c",)))):
        with pytest.raises(InvalidStatisticsKey):
            keys.issue(wrong, actor=BOTIR)
    assert keys.listed(actor=BOTIR) == []


def test_the_journal_tells_whose_key_was_issued_and_revoked_but_not_the_key(
    keys: StatisticsKeys, database: Database
) -> None:
    issued = keys.issue(ENTRY, actor=BOTIR)
    keys.revoke(issued.key.id, actor=BOTIR)
    with database.reading() as view:
        lines = view.journal.newest(Wanted(), None, 10)
    assert [(line.deed, line.object, line.actor_name) for line in lines] == [
        ("statistics-key-revoked", "statistics-key:1", "Botir"),
        ("statistics-key-issued", "statistics-key:1", "Botir"),
    ]
    assert "S. Karimova" in lines[1].after
    assert issued.secret[14:] not in "".join(line.before + line.after for line in lines)


def test_every_call_is_listed_the_newest_first(keys: StatisticsKeys) -> None:
    key, other = keys.issue(ENTRY, actor=BOTIR).key, keys.issue(ENTRY, actor=BOTIR).key
    keys.note(key, "/stat/v1/reports?from=2026", 200, "", 12)
    keys.note(None, "/stat/v1/reports", 401, "key-unknown", 0)
    keys.note(other, "/stat/v1/reports", 304, "", 0)
    every = keys.calls(None, None, 10, actor=BOTIR)
    assert [(noted.call.key_id, noted.call.status, noted.call.figures) for noted in every] == [
        (other.id, 304, 0),
        (0, 401, 0),
        (key.id, 200, 12),
    ]
    assert every[1].key is None
    assert [noted.call.path for noted in keys.calls(key.id, None, 10, actor=BOTIR)] == ["/stat/v1/reports?from=2026"]
    assert [noted.id for noted in keys.calls(None, every[0].id, 1, actor=BOTIR)] == [every[1].id]
    used = keys.line(key.id, actor=BOTIR).used
    assert used is not None
    assert (used.calls, used.last_at) == (1, every[2].call.at)


def test_a_key_that_asks_too_often_waits_a_minute_and_is_let_in_again(keys: StatisticsKeys, clock: Clock) -> None:
    entry = replace(ENTRY, networks=())
    key, other = keys.issue(entry, actor=BOTIR).key, keys.issue(entry, actor=BOTIR).key
    frozen = clock.time
    for _ in range(CALLS_A_MINUTE):
        clock.time = frozen
        keys.admit(key, "")
        keys.note(key, "/stat/v1/indicators", 200, "", 0)
    for _ in range(3):
        with pytest.raises(TooManyCalls):
            keys.admit(key, "")
        keys.note(key, "/stat/v1/indicators", 429, "too-many-calls", 0)
    keys.admit(other, "")
    clock.time = frozen + timedelta(minutes=1, seconds=1)
    keys.admit(key, "")
