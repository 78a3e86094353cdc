"""What everybody does with their own account: password, second factor, sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from library.db.credentials import Credential, Purpose
from library.db.sessions import Session
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Actor
from library.domain.errors import N_, InvalidAccount, NotFound, SignInRefused
from library.domain.journal import Deed
from library.domain.people import Person
from library.services import attempts
from library.services.attempts import Attempts
from library.services.keys import digest_of
from library.services.passwords import SHORTEST, SHORTEST_WITH_SECOND_FACTOR, Passwords
from library.services.second_factor import SecondFactor, plain_code
from library.services.signing_in import LONGEST_SESSION, Begun, Client, Visit, begin

CODE_REFUSED = N_("This link or code does not work any more. Ask the library for a new one.")
WRONG_CODE = N_("This code is wrong, or was used already. Wait for the next one.")
WRONG_PASSWORD = N_("The present password is wrong.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnState:
    """An account as its person sees it; `pending` says that a second factor was begun and not confirmed."""

    person: Person
    has_second_factor: bool
    pending: bool
    recovery_codes: int
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A secret of the second factor that waits for its first code: for the QR code, and to be typed."""

    address: str
    secret: str


class OwnAccount:
    """Each change is one transaction, with its line in the journal; a new password or factor ends other sessions."""

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

    def state(self, visit: Visit) -> OwnState:
        """The account of this session."""
        with self._database.reading() as view:
            credential = view.credentials.find(visit.person.id)
            return OwnState(
                person=visit.person,
                has_second_factor=credential is not None and credential.totp_confirmed,
                pending=credential is not None and bool(credential.totp_sealed) and not credential.totp_confirmed,
                recovery_codes=view.credentials.codes_left(visit.person.id, Purpose.RECOVERY),
                sessions=tuple(view.sessions.of_person(visit.person.id, self._clock() - LONGEST_SESSION)),
            )

    def change_password(self, visit: Visit, present: str, new: str, client: Client) -> Begun:
        """Set another password, knowing the present one; the session goes on under a new number, all others end."""
        at, person = self._clock(), visit.person
        if present == new:
            raise InvalidAccount(N_("The new password is the present one. Take another."))
        with self._database.reading() as view:
            credential = view.credentials.find(person.id) or Credential(person_id=person.id, changed_at=at)
        self._require_good(new, person, credential)
        self._count(person, client, at)
        if not self._passwords.matches(present, credential.password_hash):
            raise SignInRefused(WRONG_PASSWORD)
        hashed = self._passwords.hash(new)
        with self._database.writing() as tx:
            self._forgive(tx, person, client, at)
            credential = _credential(tx, person, at).with_password(hashed, at)
            begun = self._renewed(tx, person, credential, client, at, second_factor=visit.session.second_factor)
            tx.journal.add(visit.actor, Deed.PASSWORD_SET, f"person:{person.id}", at)
            tx.commit()
        return begun

    def holder(self, code: str) -> tuple[Person, int]:
        """Whose link or activation code this is, and how short their password may be; `SignInRefused` if nobody's."""
        at = self._clock()
        with self._database.reading() as view:
            number = view.credentials.holder(digest_of(plain_code(code)), Purpose.PASSWORD, at)
            if number is None:
                raise SignInRefused(CODE_REFUSED)
            person, credential = view.people.get(number), view.credentials.find(number)
        self._require_open(person, at)
        strong = credential is not None and credential.totp_confirmed
        return person, SHORTEST_WITH_SECOND_FACTOR if strong else SHORTEST

    def set_password(self, code: str, new: str, client: Client) -> Begun:
        """Set a password by a link or an activation code, which is used up by that, and begin a session."""
        at = self._clock()
        person, _ = self.holder(code)
        with self._database.reading() as view:
            credential = view.credentials.find(person.id) or Credential(person_id=person.id, changed_at=at)
        self._require_good(new, person, credential)
        hashed = self._passwords.hash(new)
        with self._database.writing() as tx:
            if not tx.credentials.use_code(person.id, Purpose.PASSWORD, digest_of(plain_code(code)), at):
                raise SignInRefused(CODE_REFUSED)
            credential = _credential(tx, person, at).with_password(hashed, at)
            begun = self._renewed(tx, person, credential, client, at, second_factor=False)
            own = Actor.person(person.id, person.name, person.roles)
            tx.journal.add(own, Deed.PASSWORD_SET, f"person:{person.id}", at)
            tx.commit()
        return begun

    def begin_second_factor(self, visit: Visit) -> None:
        """Make a secret that waits for its first code; one that is in use stays until then."""
        at, person = self._clock(), visit.person
        _require_staff(person)
        with self._database.writing() as tx:
            credential = _credential(tx, person, at)
            if credential.totp_confirmed:
                raise InvalidAccount(N_("You have a second factor already. Remove it first."))
            tx.credentials.save(self._second_factor.with_new_secret(credential, at))
            tx.commit()

    def pending(self, visit: Visit, issuer: str) -> Pending | None:
        """The secret that waits for its first code; None where none does."""
        with self._database.reading() as view:
            credential = view.credentials.find(visit.person.id)
        if credential is None or credential.totp_confirmed or not credential.totp_sealed:
            return None
        return Pending(
            address=self._second_factor.address(credential, login=visit.person.login, issuer=issuer),
            secret=self._second_factor.secret(credential),
        )

    def confirm_second_factor(self, visit: Visit, code: str, client: Client) -> tuple[Begun, tuple[str, ...]]:
        """Take the secret into use by its first code; the session's new number, and the codes to be printed."""
        at, person = self._clock(), visit.person
        _require_staff(person)
        self._count(person, client, at)
        with self._database.writing() as tx:
            credential = _credential(tx, person, at)
            if credential.totp_confirmed or not self._second_factor.accepts(tx, credential, code, at):
                raise SignInRefused(WRONG_CODE)
            self._forgive(tx, person, client, at)
            credential = replace(_credential(tx, person, at), totp_confirmed=True)
            codes = self._second_factor.give_recovery_codes(tx, person.id, at)
            begun = self._renewed(tx, person, credential, client, at, second_factor=True)
            tx.journal.add(visit.actor, Deed.SECOND_FACTOR_SET, f"person:{person.id}", at)
            tx.commit()
        return begun, codes

    def remove_second_factor(self, visit: Visit, code: str, client: Client) -> Begun:
        """Go on with the password alone; an administrator can't."""
        at, person = self._clock(), visit.person
        if person.is_administrator:
            raise InvalidAccount(N_("An administrator can't do without a second factor."))
        self._count(person, client, at)
        with self._database.writing() as tx:
            credential = _credential(tx, person, at)
            if not credential.totp_confirmed or not self._second_factor.accepts(tx, credential, code, at):
                raise SignInRefused(WRONG_CODE)
            self._forgive(tx, person, client, at)
            tx.credentials.drop_codes(person.id, Purpose.RECOVERY)
            begun = self._renewed(tx, person, credential.without_second_factor(at), client, at, second_factor=False)
            tx.journal.add(visit.actor, Deed.SECOND_FACTOR_REMOVED, f"person:{person.id}", at)
            tx.commit()
        return begun

    def renew_codes(self, visit: Visit, code: str, client: Client) -> tuple[str, ...]:
        """New codes on paper instead of all earlier ones, for a code of the device or the last of the old ones."""
        at, person = self._clock(), visit.person
        self._count(person, client, at)
        with self._database.writing() as tx:
            credential = _credential(tx, person, at)
            if not credential.totp_confirmed or not self._second_factor.accepts(tx, credential, code, at):
                raise SignInRefused(WRONG_CODE)
            self._forgive(tx, person, client, at)
            codes = self._second_factor.give_recovery_codes(tx, person.id, at)
            tx.journal.add(visit.actor, Deed.SECOND_FACTOR_SET, f"person:{person.id}", at)
            tx.commit()
        return codes

    def end_session(self, visit: Visit, digest: str) -> None:
        """End one of one's own sessions; `NotFound` where it is none of them."""
        with self._database.writing() as tx:
            if not tx.sessions.end(digest, visit.person.id):
                raise NotFound(N_("There is no such session any more."))
            tx.journal.add(visit.actor, Deed.SESSION_ENDED, f"person:{visit.person.id}", self._clock())
            tx.commit()

    def _count(self, person: Person, client: Client, at: datetime) -> None:
        """In a transaction of its own: the attempt stays counted where the rest is undone."""
        with self._database.writing() as tx:
            attempts.count(tx, self._attempts.subjects(person, person.login, client.address), at)
            tx.commit()

    def _forgive(self, tx: UnitOfWork, person: Person, client: Client, at: datetime) -> None:
        attempts.forgive(tx, self._attempts.subjects(person, person.login, client.address), at)

    def _require_good(self, password: str, person: Person, credential: Credential) -> None:
        self._passwords.require_good(
            password, login=person.login, name=person.name, second_factor=credential.totp_confirmed
        )

    def _require_open(self, person: Person, at: datetime) -> None:
        if not person.may_come_in(self._today(at)):
            raise SignInRefused(CODE_REFUSED)

    def _today(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    @staticmethod
    def _renewed(
        tx: UnitOfWork,
        person: Person,
        credential: Credential,
        client: Client,
        at: datetime,
        *,
        second_factor: bool,
    ) -> Begun:
        tx.credentials.save(credential)
        tx.sessions.end_all(person.id)
        return begin(tx, person, credential, client, at, second_factor=second_factor)


def _credential(tx: UnitOfWork, person: Person, at: datetime) -> Credential:
    return tx.credentials.find(person.id) or Credential(person_id=person.id, changed_at=at)


def _require_staff(person: Person) -> None:
    if not person.is_staff:
        raise InvalidAccount(N_("The second factor is for staff."))
