"""Readers: who has a library card, and codes by which they set their first password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from library.db.credentials import Purpose
from library.db.people import PeopleFilter
from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.errors import N_, InvalidAccount, StaleVersion
from library.domain.journal import Deed
from library.domain.people import (
    LibraryCard,
    Person,
    Role,
    Standing,
    require_sound,
    require_sound_card,
)
from library.services.accounts import facts, object_of
from library.services.keys import digest_of
from library.services.second_factor import plain_code, written_code

CODE_BYTES = 10
CODES_HOLD = timedelta(days=60)
MOST_CODES = 1_000
READER = frozenset({Role.READER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """A code by which a reader sets the first password; it is told once and kept nowhere."""

    person: Person
    code: str
    expires_at: datetime


class Readers:
    """Each change is one transaction, with its line in the journal; accounts of staff are not changed here."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def add(self, name: str, card: LibraryCard, *, deposits: bool = False, actor: Actor) -> Person:
        """Make the account of a reader, whose login is the card's number; with `deposits` they may hand in works."""
        require(actor, Action.READERS)
        at = self._clock()
        person = new_reader(name, card, at)
        if deposits:
            person = replace(person, roles=READER | {Role.DEPOSITOR})
        _require_sound(person)
        with self._database.writing() as tx:
            person = tx.people.add(person)
            tx.journal.add(actor, Deed.ACCOUNT_ADDED, object_of(person), at, after=facts(person))
            tx.commit()
        return person

    def change(
        self, person_id: int, name: str, card: LibraryCard, *, deposits: bool, expected: int, actor: Actor
    ) -> None:
        """Change a reader; one who is on the staff too is changed by an administrator."""
        require(actor, Action.READERS)
        at = self._clock()
        with self._database.writing() as tx:
            before = tx.people.get(person_id)
            if before.is_staff:
                require(actor, Action.STAFF)
            if before.version != expected:
                raise StaleVersion(
                    N_("The account of {name} was changed by somebody else meanwhile."), name=before.name
                )
            after = with_card(before, name, card, at)
            after = replace(after, roles=before.roles - {Role.DEPOSITOR} | ({Role.DEPOSITOR} if deposits else set()))
            _require_sound(after)
            tx.people.replace(before, after)
            if after.roles != before.roles:
                tx.sessions.end_all(person_id)
            tx.journal.add(actor, Deed.ACCOUNT_CHANGED, object_of(before), at, before=facts(before), after=facts(after))
            tx.commit()

    def activation_codes(self, wanted: PeopleFilter, *, actor: Actor) -> tuple[Activation, ...]:
        """New codes for readers of a list who have no password yet, `MOST_CODES` at most; earlier codes are void."""
        require(actor, Action.READERS)
        chosen = replace(wanted, staff=False, standing=Standing.ACTIVE, without_password=True)
        at = self._clock()
        activations = []
        with self._database.writing() as tx:
            for person in tx.people.found(chosen, MOST_CODES):
                code = written_code(CODE_BYTES)
                digest = digest_of(plain_code(code))
                tx.credentials.give_codes(person.id, Purpose.PASSWORD, [digest], at, at + CODES_HOLD)
                tx.journal.add(actor, Deed.RESET_LINK_ISSUED, object_of(person), at)
                activations.append(Activation(person=person, code=code, expires_at=at + CODES_HOLD))
            if not activations:
                raise InvalidAccount(N_("All readers of this list have a password already."))
            tx.commit()
        return tuple(activations)


def new_reader(name: str, card: LibraryCard, at: datetime) -> Person:
    """A reader who is not in the database yet."""
    return Person(id=0, login=card.number, name=name, roles=READER, card=card, created_at=at, changed_at=at)


def with_card(person: Person, name: str, card: LibraryCard, at: datetime) -> Person:
    """The next version of a person; a login that was the number of the card stays so."""
    login = card.number if person.card is not None and person.login == person.card.number else person.login
    return replace(person, login=login, name=name, card=card, version=person.version + 1, changed_at=at)


def _require_sound(person: Person) -> None:
    require_sound(login=person.login, name=person.name, roles=person.roles, order=person.order)
    assert person.card is not None, "readers have a card"
    require_sound_card(person.card)
