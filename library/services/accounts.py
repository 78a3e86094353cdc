"""Accounts of staff: the administrator adds, changes and closes them; the first one is made with the one-time token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from library.db.credentials import Credential, Purpose
from library.db.people import PeopleFilter
from library.db.sessions import Session
from library.db.unit_of_work import Database, ReadingUnit, UnitOfWork
from library.domain.access import Action, Actor, may, require
from library.domain.errors import N_, InvalidAccount, NotFound, SignInRefused, StaleVersion
from library.domain.journal import Deed
from library.domain.people import Order, Person, Role, Standing, require_sound
from library.services.keys import digest_of
from library.services.passwords import Passwords
from library.services.second_factor import plain_code, written_code
from library.services.signing_in import LONGEST_SESSION, Begun, Client, begin

LINK_HOLDS = timedelta(hours=24)
LINK_BYTES = 20
TOKEN_REFUSED = N_(
    "This token is not the newest one, or there is an administrator already, who can let you in. The manual says how "
    "another one is made on the server."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an account shall be like."""

    login: str
    name: str
    roles: frozenset[Role]
    order: Order | None = None
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A code by which a person sets a password, once, until it ends; it is told once and kept nowhere."""

    person: Person
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAccount:
    """A line of a list of accounts."""

    person: Person
    has_password: bool
    has_second_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """An account with what an administrator sees of it."""

    person: Person
    has_password: bool
    has_second_factor: bool
    sessions: tuple[Session, ...]


class Accounts:
    """Each method is one transaction, with its line in the journal.

    `NotEntitled` where the actor may not; `NotFound` for an unknown number; `InvalidAccount` with the remedy for what
    no account may be like; `StaleVersion` where somebody else changed it meanwhile.
    """

    def __init__(self, database: Database, passwords: Passwords, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock

    def listed(
        self, wanted: PeopleFilter, *, actor: Actor, limit: int, offset: int = 0
    ) -> tuple[tuple[ListedAccount, ...], int]:
        """Accounts by name, and how many there are in all; of readers alone to whoever keeps only those."""
        require(actor, Action.READERS if wanted.staff is False and not may(actor, Action.STAFF) else Action.STAFF)
        with self._database.reading() as view:
            found = view.people.found(wanted, limit, offset)
            numbers = [person.id for person in found]
            factors, without = view.credentials.with_second_factor(numbers), view.credentials.without_password(numbers)
            total = view.people.count(wanted)
        lines = (
            ListedAccount(person=one, has_password=one.id not in without, has_second_factor=one.id in factors)
            for one in found
        )
        return tuple(lines), total

    def one(self, person_id: int, *, actor: Actor) -> AccountState:
        """An account, and where its person is signed in."""
        with self._database.reading() as view:
            person = _kept_by(view, person_id, actor)
            return AccountState(
                person=person,
                has_password=not view.credentials.without_password([person_id]),
                has_second_factor=bool(view.credentials.with_second_factor([person_id])),
                sessions=tuple(view.sessions.of_person(person_id, self._clock() - LONGEST_SESSION)),
            )

    def by_login(self, login: str, *, actor: Actor) -> Person:
        """The account with this login or card number."""
        with self._database.reading() as view:
            person = view.people.by_login(login)
            if person is None:
                raise NotFound(N_("There is no account {login}."), login=login)
            return _kept_by(view, person.id, actor)

    def add_first_administrator(self, token: str, wanted: Wanted, password: str, client: Client) -> Begun:
        """Make an administrator, where there is none, with the one-time token, and begin a session.

        The token goes only if that worked.
        """
        _require_sound(wanted)
        self._passwords.require_good(password, login=wanted.login, name=wanted.name, second_factor=False)
        hashed = self._passwords.hash(password)
        at = self._clock()
        with self._database.writing() as tx:
            if tx.people.administrators() or not tx.first_tokens.use(digest_of(token), at):
                raise SignInRefused(TOKEN_REFUSED)
            person = tx.people.add(_new(wanted, at))
            credential = Credential(person_id=person.id, password_hash=hashed, changed_at=at)
            tx.credentials.save(credential)
            own = Actor.person(person.id, person.name, person.roles)
            tx.journal.add(own, Deed.ACCOUNT_ADDED, object_of(person), at, after=facts(person))
            begun = begin(tx, person, credential, client, at, second_factor=False)
            tx.commit()
        return begun

    def add(self, wanted: Wanted, *, actor: Actor) -> Link:
        """Make an account; its person sets the password by the link."""
        require(actor, Action.STAFF)
        _require_sound(wanted)
        at = self._clock()
        with self._database.writing() as tx:
            person = tx.people.add(_new(wanted, at))
            tx.journal.add(actor, Deed.ACCOUNT_ADDED, object_of(person), at, after=facts(person))
            link = _issue(tx, person, at)
            tx.commit()
        return link

    def change(self, person_id: int, wanted: Wanted, *, expected: int, actor: Actor) -> None:
        """Change an account; other roles or another login end all its sessions. Nobody changes their own roles."""
        require(actor, Action.STAFF)
        _require_sound(wanted)
        at = self._clock()
        with self._database.writing() as tx:
            before = _expected(tx.people.get(person_id), expected)
            after = replace(
                before,
                login=wanted.login,
                name=wanted.name,
                roles=wanted.roles,
                order=wanted.order,
                email=wanted.email,
                version=before.version + 1,
                changed_at=at,
            )
            if after.roles != before.roles:
                _refuse_own(before, actor, N_("Another administrator has to change your own roles."))
                _keep_an_administrator(tx, before, after)
            tx.people.replace(before, after)
            if (after.roles, after.login) != (before.roles, before.login):
                tx.sessions.end_all(person_id)
            tx.journal.add(actor, Deed.ACCOUNT_CHANGED, object_of(before), at, before=facts(before), after=facts(after))
            tx.commit()

    def close(self, person_id: int, *, expected: int, actor: Actor) -> None:
        """Let a person in no more: sessions end, links are void; the account stays for the journal's sake."""
        with self._database.writing() as tx:
            before = _expected(_kept_by(tx, person_id, actor), expected)
            _refuse_own(before, actor, N_("Another administrator has to close your own account."))
            after = self._standing(before, Standing.CLOSED)
            _keep_an_administrator(tx, before, after)
            tx.people.replace(before, after)
            tx.sessions.end_all(person_id)
            tx.credentials.drop_codes(person_id, Purpose.PASSWORD)
            tx.journal.add(actor, Deed.ACCOUNT_CLOSED, object_of(before), after.changed_at, before=facts(before))
            tx.commit()

    def reopen(self, person_id: int, *, expected: int, actor: Actor) -> None:
        """Let a person in again."""
        with self._database.writing() as tx:
            before = _expected(_kept_by(tx, person_id, actor), expected)
            after = self._standing(before, Standing.ACTIVE)
            tx.people.replace(before, after)
            tx.journal.add(
                actor,
                Deed.ACCOUNT_CHANGED,
                object_of(before),
                after.changed_at,
                before=facts(before),
                after=facts(after),
            )
            tx.commit()

    def link(self, person_id: int, *, actor: Actor) -> Link:
        """A new link for the person to set a password; the present one leads only to a change of it from now on."""
        at = self._clock()
        with self._database.writing() as tx:
            person = _kept_by(tx, person_id, actor)
            if person.standing is Standing.CLOSED:
                raise InvalidAccount(N_("The account is closed. Open it first."))
            credential = tx.credentials.find(person_id)
            if credential is not None:
                tx.credentials.save(replace(credential, must_change=True))
            link = _issue(tx, person, at)
            tx.journal.add(actor, Deed.RESET_LINK_ISSUED, object_of(person), at)
            tx.commit()
        return link

    def remove_second_factor(self, person_id: int, *, actor: Actor) -> None:
        """For a person who lost device and codes; sessions end. Nobody does it for themselves."""
        require(actor, Action.STAFF)
        at = self._clock()
        with self._database.writing() as tx:
            person = tx.people.get(person_id)
            _refuse_own(person, actor, N_("Another administrator has to remove your second factor."))
            credential = tx.credentials.find(person_id)
            if credential is None or not credential.totp_sealed:
                raise InvalidAccount(N_("This account has no second factor."))
            tx.credentials.save(credential.without_second_factor(at))
            tx.credentials.drop_codes(person_id, Purpose.RECOVERY)
            tx.sessions.end_all(person_id)
            tx.journal.add(actor, Deed.SECOND_FACTOR_REMOVED, object_of(person), at)
            tx.commit()

    def end_session(self, person_id: int, digest: str, *, actor: Actor) -> None:
        """End a session of somebody."""
        with self._database.writing() as tx:
            person = _kept_by(tx, person_id, actor)
            if not tx.sessions.end(digest, person_id):
                raise NotFound(N_("There is no such session any more."))
            tx.journal.add(actor, Deed.SESSION_ENDED, object_of(person), self._clock())
            tx.commit()

    def _standing(self, person: Person, standing: Standing) -> Person:
        return replace(person, standing=standing, version=person.version + 1, changed_at=self._clock())


def facts(person: Person) -> dict[str, object]:
    """What the journal tells of an account: of a reader no more than name and number."""
    told: dict[str, object] = {"name": person.name, "standing": person.standing.value}
    if person.card:
        told["card"] = person.card.number
    if person.is_staff or not person.card:
        told |= {"login": person.login, "roles": sorted(person.roles)}
    if person.order:
        told["order"] = f"{person.order.number}, {person.order.date.isoformat()}"
    return told


def object_of(person: Person) -> str:
    """What the journal calls an account."""
    return f"person:{person.id}"


def _kept_by(view: ReadingUnit | UnitOfWork, person_id: int, actor: Actor) -> Person:
    """The account, if this actor keeps it: administrators all of them, the reading room those of readers."""
    if may(actor, Action.STAFF):
        return view.people.get(person_id)
    require(actor, Action.READERS)
    person = view.people.get(person_id)
    if person.is_staff:
        require(actor, Action.STAFF)
    return person


def _require_sound(wanted: Wanted) -> None:
    require_sound(login=wanted.login, name=wanted.name, roles=wanted.roles, order=wanted.order)


def _new(wanted: Wanted, at: datetime) -> Person:
    return Person(
        id=0,
        login=wanted.login,
        name=wanted.name,
        roles=wanted.roles,
        order=wanted.order,
        email=wanted.email,
        created_at=at,
        changed_at=at,
    )


def _issue(tx: UnitOfWork, person: Person, at: datetime) -> Link:
    code = written_code(LINK_BYTES)
    expires_at = at + LINK_HOLDS
    tx.credentials.give_codes(person.id, Purpose.PASSWORD, [digest_of(plain_code(code))], at, expires_at)
    return Link(person=person, code=code, expires_at=expires_at)


def _expected(person: Person, version: int) -> Person:
    if person.version != version:
        raise StaleVersion(N_("The account of {name} was changed by somebody else meanwhile."), name=person.name)
    return person


def _refuse_own(person: Person, actor: Actor, message: str) -> None:
    if actor.key == f"person:{person.id}":
        raise InvalidAccount(message)


def _keep_an_administrator(tx: UnitOfWork, before: Person, after: Person) -> None:
    stays = after.is_administrator and after.standing is Standing.ACTIVE
    if before.is_administrator and not stays and not tx.people.administrators() - {before.id}:
        raise InvalidAccount(N_("This is the last administrator. Appoint another one first."))
