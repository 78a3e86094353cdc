"""What proves who people are: hashes of passwords, sealed secrets, digests of codes that work once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, or_, select, update

from library.db.tables import credentials, one_time_codes


class Purpose(StrEnum):
    """What a code that works once is for."""

    PASSWORD = "password"  # noqa: S105  (a purpose)
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """How a person proves who they are.

    `password_hash` is Argon2's own text, empty where no password was ever set; `must_change` leads the person to a new
    one first. `totp_sealed` is the sealed secret of the second factor; before it is confirmed by a code it counts for
    nothing. `totp_last_step` is the newest step a code was taken of: none works twice.
    """

    person_id: int
    password_hash: str = ""
    must_change: bool = False
    totp_sealed: str = ""
    totp_confirmed: bool = False
    totp_last_step: int = 0
    changed_at: datetime

    def with_password(self, password_hash: str, at: datetime) -> Credential:
        """With a password that the person set."""
        return replace(self, password_hash=password_hash, must_change=False, changed_at=at)

    def without_second_factor(self, at: datetime) -> Credential:
        """With the password alone."""
        return replace(self, totp_sealed="", totp_confirmed=False, totp_last_step=0, changed_at=at)


class ReadCredentials:
    """Credentials as they are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, person_id: int) -> Credential | None:
        """What this person proves themselves by; None where nothing was ever set."""
        row = self._connection.execute(select(credentials).where(credentials.c.person_id == person_id)).one_or_none()
        if row is None:
            return None
        return Credential(
            person_id=row.person_id,
            password_hash=row.password_hash,
            must_change=row.must_change,
            totp_sealed=row.totp_sealed,
            totp_confirmed=row.totp_confirmed,
            totp_last_step=row.totp_last_step,
            changed_at=row.changed_at,
        )

    def with_second_factor(self, person_ids: Iterable[int]) -> frozenset[int]:
        """Which of these people have a second factor."""
        query = select(credentials.c.person_id).where(
            credentials.c.person_id.in_(list(person_ids)), credentials.c.totp_confirmed
        )
        return frozenset(self._connection.execute(query).scalars())

    def without_password(self, person_ids: Iterable[int]) -> frozenset[int]:
        """Which of these people never set a password."""
        numbers = frozenset(person_ids)
        query = select(credentials.c.person_id).where(
            credentials.c.person_id.in_(numbers), credentials.c.password_hash != ""
        )
        return numbers - frozenset(self._connection.execute(query).scalars())

    def holder(self, digest: str, purpose: Purpose, at: datetime) -> int | None:
        """Whose code this is, if it holds at this time."""
        code = one_time_codes.c
        query = select(code.person_id).where(
            code.digest == digest, code.purpose == purpose.value, or_(code.expires_at.is_(None), code.expires_at > at)
        )
        holder: int | None = self._connection.execute(query).scalar_one_or_none()
        return holder

    def codes_left(self, person_id: int, purpose: Purpose) -> int:
        """How many codes for this purpose the person has."""
        query = select(one_time_codes.c.digest).where(
            one_time_codes.c.person_id == person_id, one_time_codes.c.purpose == purpose.value
        )
        return len(self._connection.execute(query).all())


class Credentials(ReadCredentials):
    """Credentials that can be written."""

    def save(self, credential: Credential) -> None:
        """Write it, whether there was one or not."""
        values = {
            "person_id": credential.person_id,
            "password_hash": credential.password_hash,
            "must_change": credential.must_change,
            "totp_sealed": credential.totp_sealed,
            "totp_confirmed": credential.totp_confirmed,
            "totp_last_step": credential.totp_last_step,
            "changed_at": credential.changed_at,
        }
        statement = update(credentials).where(credentials.c.person_id == credential.person_id).values(values)
        if self._connection.execute(statement).rowcount == 0:
            self._connection.execute(insert(credentials).values(values))

    def take_step(self, person_id: int, step: int) -> bool:
        """Whether this step of the second factor is newer than all that were taken; it is taken then."""
        statement = update(credentials).where(credentials.c.person_id == person_id, credentials.c.totp_last_step < step)
        return self._connection.execute(statement.values(totp_last_step=step)).rowcount == 1

    def give_codes(
        self, person_id: int, purpose: Purpose, digests: Iterable[str], at: datetime, expires_at: datetime | None
    ) -> None:
        """Keep these codes instead of those the person had for this purpose."""
        self.drop_codes(person_id, purpose)
        rows = [
            {
                "digest": digest,
                "person_id": person_id,
                "purpose": purpose.value,
                "issued_at": at,
                "expires_at": expires_at,
            }
            for digest in digests
        ]
        if rows:
            self._connection.execute(insert(one_time_codes), rows)

    def use_code(self, person_id: int, purpose: Purpose, digest: str, at: datetime) -> bool:
        """Whether this is a code of the person that holds; it is gone then."""
        code = one_time_codes.c
        statement = delete(one_time_codes).where(
            code.digest == digest,
            code.person_id == person_id,
            code.purpose == purpose.value,
            or_(code.expires_at.is_(None), code.expires_at > at),
        )
        return self._connection.execute(statement).rowcount == 1

    def drop_codes(self, person_id: int, purpose: Purpose) -> None:
        """Take away all codes of the person for this purpose."""
        self._connection.execute(
            delete(one_time_codes).where(
                one_time_codes.c.person_id == person_id, one_time_codes.c.purpose == purpose.value
            )
        )
