"""Sessions of people who signed in, and attempts that failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from library.db.people import person_of
from library.db.tables import credentials, failed_attempts, people, sessions
from library.domain.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser in which somebody signed in. `digest` is the SHA-256 of the number in its cookie."""

    digest: str
    person_id: int
    second_factor: bool
    browser: str
    address: str
    began_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A session, whose it is, and what of their credentials decides where they may go."""

    session: Session
    person: Person
    must_change: bool
    has_second_factor: bool


_SESSION = (
    sessions.c.digest,
    sessions.c.person_id,
    sessions.c.second_factor,
    sessions.c.browser,
    sessions.c.address,
    sessions.c.began_at,
    sessions.c.seen_at,
)


class ReadSessions:
    """Sessions as they are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, digest: str) -> Held | None:
        """The session with its person, in one query."""
        query = (
            select(people, *_SESSION, credentials.c.must_change, credentials.c.totp_confirmed)
            .select_from(sessions)
            .join(people, people.c.id == sessions.c.person_id)
            .outerjoin(credentials, credentials.c.person_id == sessions.c.person_id)
            .where(sessions.c.digest == digest)
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return Held(
            session=_session(row),
            person=person_of(row),
            must_change=bool(row.must_change),
            has_second_factor=bool(row.totp_confirmed),
        )

    def of_person(self, person_id: int, began_after: datetime) -> list[Session]:
        """The sessions of a person that began after this time, the newest use first."""
        query = (
            select(*_SESSION)
            .where(sessions.c.person_id == person_id, sessions.c.began_at > began_after)
            .order_by(sessions.c.seen_at.desc(), sessions.c.digest)
        )
        return [_session(row) for row in self._connection.execute(query)]

    def people(self, seen_after: datetime) -> int:
        """How many people used a session after this time."""
        query = select(func.count(sessions.c.person_id.distinct())).where(sessions.c.seen_at > seen_after)
        return self._connection.execute(query).scalar_one()

    def failures(self, subjects: Iterable[str], since: datetime) -> Mapping[str, tuple[int, datetime]]:
        """How often each of these failed since then, and when first; those that did not are left out."""
        query = (
            select(failed_attempts.c.subject, func.count(), func.min(failed_attempts.c.at))
            .where(failed_attempts.c.subject.in_(list(subjects)), failed_attempts.c.at > since)
            .group_by(failed_attempts.c.subject)
        )
        return {subject: (count, first) for subject, count, first in self._connection.execute(query)}


class Sessions(ReadSessions):
    """Sessions that can be written."""

    def add(self, session: Session) -> None:
        """Write a new session."""
        self._connection.execute(
            insert(sessions).values(
                digest=session.digest,
                person_id=session.person_id,
                second_factor=session.second_factor,
                browser=session.browser,
                address=session.address,
                began_at=session.began_at,
                seen_at=session.seen_at,
            )
        )

    def seen(self, digest: str, at: datetime) -> None:
        """Note when a session was used last."""
        self._connection.execute(update(sessions).where(sessions.c.digest == digest).values(seen_at=at))

    def end(self, digest: str, person_id: int) -> bool:
        """Whether the person had this session; it is gone then."""
        statement = delete(sessions).where(sessions.c.digest == digest, sessions.c.person_id == person_id)
        return self._connection.execute(statement).rowcount == 1

    def end_all(self, person_id: int) -> int:
        """End all sessions of a person; how many there were."""
        return self._connection.execute(delete(sessions).where(sessions.c.person_id == person_id)).rowcount

    def forget_before(self, began_before: datetime) -> None:
        """Take away sessions that are older than any may be."""
        self._connection.execute(delete(sessions).where(sessions.c.began_at <= began_before))

    def one_at_a_time(self, subjects: Iterable[str]) -> None:
        """Let no other transaction count failures of these until this one ends; SQLite has one writer anyway."""
        if self._connection.dialect.name == "postgresql":
            for subject in sorted(subjects):
                self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(subject))))

    def note_failures(self, subjects: Iterable[str], at: datetime) -> None:
        """Count a failed attempt against each of these."""
        rows = [{"subject": subject, "at": at} for subject in subjects]
        if rows:
            self._connection.execute(insert(failed_attempts), rows)

    def forget_failures(self, subjects: Iterable[str], at: datetime) -> None:
        """Take the failures noted at this very time back."""
        self._connection.execute(
            delete(failed_attempts).where(failed_attempts.c.subject.in_(list(subjects)), failed_attempts.c.at == at)
        )

    def forgive(self, subject: str) -> None:
        """Forget all failures of this subject."""
        self._connection.execute(delete(failed_attempts).where(failed_attempts.c.subject == subject))

    def forget_failures_before(self, at: datetime) -> None:
        """Take away failures that no limit counts any more."""
        self._connection.execute(delete(failed_attempts).where(failed_attempts.c.at <= at))


def _session(row: Row[*tuple[Any, ...]]) -> Session:
    return Session(
        digest=row.digest,
        person_id=row.person_id,
        second_factor=row.second_factor,
        browser=row.browser,
        address=row.address,
        began_at=row.began_at,
        seen_at=row.seen_at,
    )
