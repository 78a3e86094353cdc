"""Accounts of staff: the administrator adds, changes and closes them; the first one is made with the one-time token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from library.db.credentials import Credential
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Actor
from library.domain.errors import N_, SignInRefused
from library.domain.journal import Deed
from library.domain.people import Order, Person, Role, require_sound
from library.services.keys import digest_of
from library.services.passwords import Passwords
from library.services.signing_in import Begun, Client, begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an account shall be like."""

    login: str
    name: str
    roles: frozenset[Role]
    order: Order | None = None
    email: str = ""


class Accounts:
    """Each method is one transaction, with its line in the journal."""

    def __init__(self, database: Database, passwords: Passwords, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock

    def add_first_administrator(self, token: str, wanted: Wanted, password: str, client: Client) -> Begun:
        """Make an administrator with the one-time token and begin a session; the token goes only if that worked."""
        _require_sound(wanted)
        self._passwords.require_good(password, login=wanted.login, name=wanted.name, second_factor=False)
        hashed = self._passwords.hash(password)
        at = self._clock()
        with self._database.writing() as tx:
            if not tx.first_tokens.use(digest_of(token), at):
                raise SignInRefused(TOKEN_REFUSED)
            person = _add(tx, wanted, at)
            credential = Credential(person_id=person.id, password_hash=hashed, changed_at=at)
            tx.credentials.save(credential)
            own = Actor.person(person.id, person.name, person.roles)
            tx.journal.add(own, Deed.ACCOUNT_ADDED, f"person:{person.id}", at, after=facts(person))
            begun = begin(tx, person, credential, client, at, second_factor=False)
            tx.commit()
        return begun


TOKEN_REFUSED = N_("This token is not the newest one, or it was used already. A new one is printed at every start.")


def facts(person: Person) -> dict[str, object]:
    """What the journal tells of an account."""
    told: dict[str, object] = {
        "login": person.login,
        "name": person.name,
        "roles": sorted(person.roles),
        "standing": person.standing.value,
    }
    if person.order:
        told["order"] = f"{person.order.number}, {person.order.date.isoformat()}"
    if person.card:
        told["card"] = person.card.number
    return told


def _require_sound(wanted: Wanted) -> None:
    require_sound(login=wanted.login, name=wanted.name, roles=wanted.roles, order=wanted.order)


def _add(tx: UnitOfWork, wanted: Wanted, at: datetime) -> Person:
    person = Person(
        id=0,
        login=wanted.login,
        name=wanted.name,
        roles=wanted.roles,
        order=wanted.order,
        email=wanted.email,
        created_at=at,
        changed_at=at,
    )
    return tx.people.add(person)
