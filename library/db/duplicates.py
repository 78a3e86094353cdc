"""Which records share a key with what somebody types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from library.db.duplicate_keys import BETWEEN, BEYOND, KeyKind
from library.db.tables import duplicate_keys


@dataclass(frozen=True, slots=True)
class WorkKey:
    """A record and what its key of a work says: folded title and surname, and the year, empty where there is none."""

    record_id: int
    title: str
    surname: str
    year: str


class ReadDuplicates:
    """The keys of all records, as they are in this moment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def with_isbns(self, keys: Sequence[str], limit: int) -> list[int]:
        """The records with one of these keys of an ISBN."""
        query = (
            select(duplicate_keys.c.record_id)
            .where(duplicate_keys.c.kind == KeyKind.ISBN, duplicate_keys.c.key.in_(keys))
            .order_by(duplicate_keys.c.record_id)
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())

    def of_works(self, heads: Sequence[str], limit: int) -> list[WorkKey]:
        """The records whose key of a work begins with one of these heads, each of which ends with a bar."""
        ranges = [
            (duplicate_keys.c.key >= head) & (duplicate_keys.c.key < head.removesuffix(BETWEEN) + BEYOND)
            for head in heads
        ]
        query = (
            select(duplicate_keys.c.record_id, duplicate_keys.c.key)
            .where(duplicate_keys.c.kind == KeyKind.WORK, or_(*ranges))
            .order_by(duplicate_keys.c.key, duplicate_keys.c.record_id)
            .limit(limit)
        )
        return [WorkKey(row.record_id, *row.key.split(BETWEEN)) for row in self._connection.execute(query)]
