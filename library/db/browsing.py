"""What browsing asks the database: titles by their first letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select, union_all

from library.db.tables import records
from library.db.unit_of_work import Database
from library.domain.record import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRange:
    """The titles with keys from `first` up to, not including, `end`; an empty `end` is that of the list."""

    first: str
    end: str


class BrowsedRecords:
    """Numbers of published records; one statement."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine

    def titles(self, ranges: Sequence[KeyRange], after: int | None, limit: int) -> list[int]:
        """Those in these ranges, at least one, in the order of titles, from the one after record `after`."""
        # Each is read from the index of titles alone and no further than the page goes.
        parts = [select(_titles(one, after, limit).subquery()) for one in ranges]
        found = union_all(*parts).subquery()
        query = select(found.c.id).order_by(found.c.title_key, found.c.id).limit(limit)
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())


def _titles(of: KeyRange, after: int | None, limit: int) -> Select[tuple[int, str]]:
    key = records.c.title_key
    query = (
        select(records.c.id, key)
        .where(records.c.status == Status.PUBLISHED, key >= of.first)
        .order_by(key, records.c.id)
        .limit(limit)
    )
    if of.end:
        query = query.where(key < of.end)
    if after is not None:
        reached = select(key).where(records.c.id == after).scalar_subquery()
        query = query.where(key >= reached, or_(key > reached, records.c.id > after))
    return query
