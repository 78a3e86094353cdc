"""What browsing asks the database: titles by their first letters, and records in the order they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, not_, or_, select

from library.db.tables import records
from library.db.unit_of_work import Database
from library.domain.record import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginnings:
    """Which titles are meant, by the first one or two characters of their keys.

    Those that begin with one of `heads` and with none of `but`. Without heads, those that begin with none of `but`
    and in none of the `ranges` of characters; an end of a range is the first character after it.
    """

    heads: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """The number of a record and when it came."""

    number: int
    created_at: datetime


class BrowsedRecords:
    """Numbers of published records; one statement each."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine

    def titles(self, beginnings: Beginnings, after: int | None, limit: int) -> list[int]:
        """In the order of titles, from the one after record `after`."""
        key = records.c.title_key
        query = (
            select(records.c.id)
            .where(records.c.status == Status.PUBLISHED, *_conditions(beginnings))
            .order_by(key, records.c.id)
            .limit(limit)
        )
        if after is not None:
            reached = select(key).where(records.c.id == after).scalar_subquery()
            query = query.where(key >= reached, or_(key > reached, records.c.id > after))
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def arrivals(self, before: int | None, limit: int) -> list[Arrived]:
        """The last to come first, from the one before record `before`: numbers are given in the order of arrival."""
        query = select(records.c.id, records.c.created_at).where(records.c.status == Status.PUBLISHED)
        if before is not None:
            query = query.where(records.c.id < before)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(records.c.id.desc()).limit(limit))
            return [Arrived(number=row.id, created_at=row.created_at) for row in rows]


def _conditions(beginnings: Beginnings) -> list[ColumnElement[bool]]:
    key = records.c.title_key
    conditions = [not_(condition) for condition in _begins(beginnings.but)]
    conditions += [or_(key < low, key >= high) for low, high in beginnings.ranges]
    if beginnings.heads:
        # The bounds let the database read a stretch of its index alone.
        firsts = [head[0] for head in beginnings.heads]
        conditions += [key >= min(firsts), key < chr(ord(max(firsts)) + 1), or_(*_begins(beginnings.heads))]
    return conditions


def _begins(heads: tuple[str, ...]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for length in (1, 2):
        of_length = [head for head in heads if len(head) == length]
        if of_length:
            conditions.append(func.substr(records.c.title_key, 1, length).in_(of_length))
    return conditions
