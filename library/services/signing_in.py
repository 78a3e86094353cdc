"""Signing in and out: passwords and codes are tried a few times, sessions are known by a number in a cookie."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from library.db.credentials import Credential
from library.db.sessions import Held, Session
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import GUEST, Actor
from library.domain.errors import N_, SignInRefused, StorageFull
from library.domain.journal import Deed
from library.domain.people import LONGEST_LOGIN, Person
from library.services import attempts
from library.services.attempts import Attempts
from library.services.keys import digest_of
from library.services.passwords import LONGEST, Passwords
from library.services.second_factor import SecondFactor

log = logging.getLogger(__name__)

NUMBER_BYTES = 32
IDLE_STAFF = timedelta(minutes=30)
IDLE_READER = timedelta(hours=8)
LONGEST_SESSION = timedelta(hours=12)
TIME_FOR_THE_CODE = timedelta(minutes=10)
NOTED_EVERY = timedelta(minutes=1)
LONGEST_BROWSER = 200
REFUSED = N_("The login or the password is wrong.")


class Step(StrEnum):
    """What a person has to do before anything else."""

    NONE = "none"
    CODE = "code"
    PASSWORD = "password"  # noqa: S105  (a step)
    SECOND_FACTOR = "second-factor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """From where somebody signs in: the address, and what the browser calls itself."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A session that holds, whose it is, and what they have to do first."""

    session: Session
    person: Person
    step: Step

    @property
    def actor(self) -> Actor:
        """Who acts in it: a guest until the code of the second factor was given."""
        if self.step is Step.CODE:
            return GUEST
        return Actor.person(self.person.id, self.person.name, self.person.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A session that just began: its number, for the cookie and nothing else, and the first step in it."""

    number: str
    step: Step


class SigningIn:
    """Opens sessions, finds them by their number, ends them.

    Failed attempts are counted by account, known or not, and by address; each attempt counts before it is tried, so
    that many at once are no way around. Whoever tried too often waits until the first failure is 15 minutes old.
    """

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        second_factor: SecondFactor,
        counted: Attempts,
        clock: Callable[[], datetime],
        time_zone: str,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._second_factor = second_factor
        self._attempts = counted
        self._clock = clock
        self._zone = ZoneInfo(time_zone)

    def sign_in(self, login: str, password: str, client: Client) -> Begun:
        """Begin a session by login, card or HEMIS number, and password; `SignInRefused` or `TooManyAttempts` else."""
        at = self._clock()
        if not 0 < len(login) <= LONGEST_LOGIN or not login.isprintable() or not 0 < len(password) <= LONGEST:
            with self._database.writing() as tx:
                attempts.count(tx, self._attempts.places(client.address), at)
                _journal_failure(tx, None, client, at)
                tx.commit()
            raise SignInRefused(REFUSED)
        with self._database.writing() as tx:
            person = tx.people.by_login(login)
            subjects = self._attempts.subjects(person, login, client.address)
            attempts.count(tx, subjects, at)
            credential = tx.credentials.find(person.id) if person else None
            tx.commit()
        matched = self._passwords.matches(password, credential.password_hash if credential else "")
        if person is None or credential is None or not matched or not person.may_come_in(self._today(at)):
            raise self._refusal(person, client, at, matched=matched)
        known = credential.password_hash
        renewed = self._passwords.hash(password) if self._passwords.is_dated(known) else known
        with self._database.writing() as tx:
            credential = tx.credentials.find(person.id)
            if credential is None or credential.password_hash != known:
                raise SignInRefused(REFUSED)  # somebody set another password this very moment
            if renewed != known:
                credential = replace(credential, password_hash=renewed)
                tx.credentials.save(credential)
            tx.sessions.forget_before(at - LONGEST_SESSION)
            begun = begin(tx, person, credential, client, at, second_factor=False)
            # Whoever knows the password alone has not come in: wrong codes go on being counted.
            settle = attempts.take_back if begun.step is Step.CODE else attempts.forgive
            settle(tx, subjects, at)
            tx.commit()
        return begun

    def give_code(self, number: str, code: str, client: Client) -> Begun:
        """Go on with the code of the second factor, or with one for its loss; the session gets a new number."""
        at = self._clock()
        visit = self.visit(number)
        if visit is None or visit.step is not Step.CODE:
            raise SignInRefused(N_("Too much time went by. Begin the sign-in again."))
        person = visit.person
        subjects = self._attempts.subjects(person, person.login, client.address)
        with self._database.writing() as tx:
            attempts.count(tx, subjects, at)
            tx.commit()
        with self._database.writing() as tx:
            credential = tx.credentials.find(person.id)
            if credential is None or not self._second_factor.accepts(tx, credential, code, at):
                _journal_failure(tx, person, client, at)
                tx.commit()
                raise SignInRefused(N_("This code is wrong, or was used already. Wait for the next one."))
            tx.sessions.end(visit.session.digest, person.id)
            attempts.forgive(tx, subjects, at)
            begun = begin(tx, person, credential, client, at, second_factor=True)
            tx.commit()
        return begun

    def visit(self, number: str) -> Visit | None:
        """The session with this number, if it holds; one query, and once a minute a note of when it was used."""
        if not number or len(number) > 2 * NUMBER_BYTES or not number.isascii():
            return None
        at = self._clock()
        with self._database.reading() as view:
            held = view.sessions.find(digest_of(number))
        if held is None or not self._holds(held, at):
            return None
        if at - held.session.seen_at >= NOTED_EVERY:
            self._note_use(held, at)
        return Visit(session=held.session, person=held.person, step=_step(held))

    def _note_use(self, held: Held, at: datetime) -> None:
        try:
            with self._database.writing() as tx:
                tx.sessions.seen(held.session.digest, at)
                _note_reader(tx, held.person, at)
                tx.commit()
        except StorageFull as error:
            log.warning("the use of a session could not be noted: %s", error)  # reading goes on

    def sign_out(self, number: str) -> None:
        """End the session with this number."""
        visit = self.visit(number)
        if visit is None:
            return
        with self._database.writing() as tx:
            tx.sessions.end(visit.session.digest, visit.person.id)
            if visit.person.is_staff and visit.step is not Step.CODE:
                tx.journal.add(_actor(visit.person), Deed.SIGNED_OUT, _name(visit.person), self._clock())
            tx.commit()

    def _holds(self, held: Held, at: datetime) -> bool:
        idle = IDLE_STAFF if held.person.is_staff else IDLE_READER
        if held.has_second_factor and not held.session.second_factor:
            idle = TIME_FOR_THE_CODE
        return (
            at - held.session.seen_at < idle
            and at - held.session.began_at < LONGEST_SESSION
            and held.person.may_come_in(self._today(at))
        )

    def _refusal(self, person: Person | None, client: Client, at: datetime, *, matched: bool) -> SignInRefused:
        with self._database.writing() as tx:
            _journal_failure(tx, person, client, at)
            tx.commit()
        ended = person.card_ended(self._today(at)) if person and matched else None
        if ended:
            return SignInRefused(
                N_("Your library card ended on {date}. Have it prolonged in the library, then sign in."),
                date=f"{ended:%d.%m.%Y}",
            )
        return SignInRefused(REFUSED)

    def _today(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()


def begin(
    tx: UnitOfWork, person: Person, credential: Credential, client: Client, at: datetime, *, second_factor: bool
) -> Begun:
    """Open a new session in this transaction; staff are noted in the journal once they are all the way in."""
    number = secrets.token_urlsafe(NUMBER_BYTES)
    session = Session(
        digest=digest_of(number),
        person_id=person.id,
        second_factor=second_factor,
        browser=client.browser[:LONGEST_BROWSER],
        address=client.address,
        began_at=at,
        seen_at=at,
    )
    tx.sessions.add(session)
    _note_reader(tx, person, at)
    held = Held(
        session=session,
        person=person,
        must_change=credential.must_change,
        has_second_factor=credential.totp_confirmed,
    )
    step = _step(held)
    if person.is_staff and step is not Step.CODE:
        tx.journal.add(_actor(person), Deed.SIGNED_IN, _name(person), at, after={"address": client.address})
    return Begun(number=number, step=step)


def _note_reader(tx: UnitOfWork, person: Person, at: datetime) -> None:
    if person.card is not None:
        tx.statistics.was_here(person.id, at)


def _step(held: Held) -> Step:
    if held.has_second_factor and not held.session.second_factor:
        return Step.CODE
    if held.must_change:
        return Step.PASSWORD
    if held.person.is_administrator and not held.has_second_factor:
        return Step.SECOND_FACTOR
    return Step.NONE


def _journal_failure(tx: UnitOfWork, person: Person | None, client: Client, at: datetime) -> None:
    # What was typed for a login that nobody has may be a password: it is kept nowhere.
    name = _name(person) if person else "person:unknown"
    of_reader = person is not None and not person.is_staff
    tx.journal.add(GUEST, Deed.SIGN_IN_FAILED, name, at, after={} if of_reader else {"address": client.address})


def _actor(person: Person) -> Actor:
    return Actor.person(person.id, person.name, person.roles)


def _name(person: Person) -> str:
    return f"person:{person.id}"
