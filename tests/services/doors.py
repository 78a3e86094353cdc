"""A door with a keeper: the service of signing in over a database, with a clock that is set by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyotp
from sqlalchemy import select

from library.db.credentials import Credential
from library.db.tables import journal
from library.db.unit_of_work import Database
from library.domain.errors import SignInRefused, TooManyAttempts
from library.domain.people import Order, Person, Role
from library.services.attempts import Attempts
from library.services.passwords import Passwords
from library.services.second_factor import SecondFactor
from library.services.signing_in import Client, SigningIn
from tests.conftest import Clock

PASSWORD = "uch otli arava"
HERE = Client(address="203.0.113.7", browser="Mozilla/5.0 Firefox/140.0")
MINUTE = timedelta(minutes=1)
HASHED = Passwords().hash(PASSWORD)


class House:
    """The service over a database, and a clock that is set by hand."""

    def __init__(self, database: Database, clock: Clock, directory: Path) -> None:
        self.database = database
        self.clock = clock
        self.second_factor = SecondFactor(directory / "second-factor.key")
        self.signing_in = SigningIn(
            database, Passwords(), self.second_factor, Attempts(["10.0.0.0/8"]), clock, "Asia/Tashkent"
        )

    def person(self, login: str, *roles: Role, **other: object) -> Person:
        at = self.clock()
        person = Person(
            id=0,
            login=login,
            name=login.title(),
            roles=frozenset(roles),
            order=Order(number="12-k", date=date(2026, 9, 1)),
            created_at=at,
            changed_at=at,
        )
        person = replace(person, **other)  # type: ignore[arg-type]
        with self.database.writing() as tx:
            person = tx.people.add(person)
            tx.credentials.save(Credential(person_id=person.id, password_hash=HASHED, changed_at=at))
            tx.commit()
        return person

    def credential(self, person: Person, **other: object) -> Credential:
        """Change what a person proves themselves by."""
        with self.database.writing() as tx:
            known = tx.credentials.find(person.id)
            assert known is not None
            changed = replace(known, **other)  # type: ignore[arg-type]
            tx.credentials.save(changed)
            tx.commit()
        return changed

    def with_second_factor(self, person: Person) -> pyotp.TOTP:
        sealed = self.second_factor.with_new_secret(self.credential(person), self.clock.time)
        self.credential(person, totp_sealed=sealed.totp_sealed, totp_confirmed=True)
        return pyotp.TOTP(self.second_factor.secret(sealed))

    def try_(self, login: str, password: str = "a wrong password", client: Client = HERE) -> str:
        """What is told of an attempt."""
        try:
            self.signing_in.sign_in(login, password, client)
        except (SignInRefused, TooManyAttempts) as error:
            return str(error)
        return ""

    def deeds(self) -> list[tuple[str, str]]:
        with self.database.engine.connect() as connection:
            rows = connection.execute(select(journal.c.deed, journal.c.object).order_by(journal.c.seq)).all()
        return [(row.deed, row.object) for row in rows]
