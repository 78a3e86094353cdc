"""What readers may do beyond the rule, where they stopped reading, and how many page images they took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from library.db.tables import people, reading_places, text_grants, viewing_days
from library.domain.errors import N_, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class TextGrant:
    """The text of a file, given to one reader for a reason; it holds while `ended_at` is None."""

    id: int
    document_id: int
    person_id: int
    person_name: str
    reason: str
    granted_by_name: str
    granted_at: datetime
    ended_at: datetime | None


class ReadReading:
    """Grants, places and counts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def has_text_grant(self, person_id: int, document_id: int) -> bool:
        """Whether this reader has the text of this file."""
        query = select(text_grants.c.id).where(
            text_grants.c.person_id == person_id,
            text_grants.c.document_id == document_id,
            text_grants.c.ended_at.is_(None),
        )
        return self._connection.execute(query).first() is not None

    def grants(self, document_id: int) -> list[TextGrant]:
        """All grants of a file, the newest first."""
        query = (
            select(text_grants, people.c.name)
            .join(people, people.c.id == text_grants.c.person_id)
            .where(text_grants.c.document_id == document_id)
            .order_by(text_grants.c.id.desc())
        )
        return [_grant(row) for row in self._connection.execute(query)]

    def grant(self, grant_id: int) -> TextGrant:
        """The grant with this number; `NotFound` where there is none."""
        query = (
            select(text_grants, people.c.name)
            .join(people, people.c.id == text_grants.c.person_id)
            .where(text_grants.c.id == grant_id)
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(N_("There is no such permission any more."))
        return _grant(row)

    def place(self, person_id: int, document_id: int) -> int | None:
        """The page that this reader had open last."""
        query = select(reading_places.c.page).where(
            reading_places.c.person_id == person_id, reading_places.c.document_id == document_id
        )
        return self._connection.execute(query).scalar_one_or_none()

    def pages_on(self, person_id: int, day: date) -> int:
        """How many page images this reader took on a day."""
        query = select(viewing_days.c.pages).where(viewing_days.c.person_id == person_id, viewing_days.c.day == day)
        return self._connection.execute(query).scalar_one_or_none() or 0


class Reading(ReadReading):
    """What can be granted, remembered and counted."""

    def add_grant(self, document_id: int, person_id: int, reason: str, *, by: str, by_name: str, at: datetime) -> int:
        """Give a reader the text of a file; the number of the grant."""
        row = {
            "document_id": document_id,
            "person_id": person_id,
            "reason": reason,
            "granted_by": by,
            "granted_by_name": by_name,
            "granted_at": at,
        }
        key = self._connection.execute(insert(text_grants).values(row)).inserted_primary_key
        assert key is not None, "the row was written"
        return int(key[0])

    def end_grant(self, grant_id: int, at: datetime) -> None:
        """Take it back; one that ended already keeps its end."""
        this = (text_grants.c.id == grant_id, text_grants.c.ended_at.is_(None))
        self._connection.execute(update(text_grants).where(*this).values(ended_at=at))

    def remember(self, person_id: int, document_id: int, page: int, at: datetime) -> None:
        """Note the page that a reader has open; of two at once the later one stays."""
        place = {"page": page, "at": at}
        statement = self._upsert(reading_places).values(person_id=person_id, document_id=document_id, **place)
        keys = [reading_places.c.person_id, reading_places.c.document_id]
        self._connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=place))

    def count_page(self, person_id: int, day: date) -> int:
        """One more page image on this day; how many they are now."""
        statement = (
            self._upsert(viewing_days)
            .values(person_id=person_id, day=day, pages=1)
            .on_conflict_do_update(
                index_elements=[viewing_days.c.person_id, viewing_days.c.day],
                set_={"pages": viewing_days.c.pages + 1},
            )
            .returning(viewing_days.c.pages)
        )
        return int(self._connection.execute(statement).scalar_one())

    def _upsert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        return postgresql.insert(table) if self._connection.dialect.name == "postgresql" else sqlite.insert(table)


def _grant(row: Row[*tuple[Any, ...]]) -> TextGrant:
    return TextGrant(
        id=row.id,
        document_id=row.document_id,
        person_id=row.person_id,
        person_name=row.name,
        reason=row.reason,
        granted_by_name=row.granted_by_name,
        granted_at=row.granted_at,
        ended_at=row.ended_at,
    )
