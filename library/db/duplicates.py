"""Which records share a key with what somebody types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from library.db.duplicate_keys import KeyKind, doi_keys, isbn_keys
from library.db.tables import duplicate_keys

_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A record and its key of a work."""

    record_id: int
    key: int


class ReadDuplicates:
    """The keys of all records, as they are in this moment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def with_isbns(self, isbns: Iterable[str], limit: int) -> list[int]:
        """The records with one of these ISBNs, given in digits and X."""
        return self._with(KeyKind.ISBN, list(isbn_keys(isbns)), limit)

    def with_dois(self, dois: Iterable[str], limit: int) -> list[int]:
        """The records with one of these DOIs, given without a resolver."""
        return self._with(KeyKind.DOI, list(doi_keys(dois)), limit)

    def _with(self, kind: KeyKind, keys: list[int], limit: int) -> list[int]:
        if not keys:
            return []
        query = (
            select(duplicate_keys.c.record_id)
            .where(duplicate_keys.c.kind == kind, duplicate_keys.c.key.in_(keys))
            .distinct()
            .order_by(duplicate_keys.c.record_id)
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())

    def having(self, kind: KeyKind, keys: Iterable[int]) -> dict[int, int]:
        """For each of these keys that some record has, the number of the first such record."""
        wanted = sorted(set(keys))
        found: dict[int, int] = {}
        for start in range(0, len(wanted), _CHUNK):
            query = (
                select(duplicate_keys.c.key, func.min(duplicate_keys.c.record_id))
                .where(duplicate_keys.c.kind == kind, duplicate_keys.c.key.in_(wanted[start : start + _CHUNK]))
                .group_by(duplicate_keys.c.key)
            )
            found.update((row[0], row[1]) for row in self._connection.execute(query))
        return found

    def of_works(self, span: tuple[int, int], limit: int) -> list[FoundKey]:
        """The records whose key of a work lies in this span (`WorkKeys.span`)."""
        query = (
            select(duplicate_keys.c.record_id, duplicate_keys.c.key)
            .where(duplicate_keys.c.kind == KeyKind.WORK, duplicate_keys.c.key.between(*span))
            .order_by(duplicate_keys.c.key, duplicate_keys.c.record_id)
            .limit(limit)
        )
        return [FoundKey(row.record_id, row.key) for row in self._connection.execute(query)]
