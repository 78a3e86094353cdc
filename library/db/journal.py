"""The journal's rows: read in their order, and only ever added to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text

from library.db.tables import journal
from library.domain.access import Actor
from library.domain.journal import FIRST_HASH, Deed, Entry, Facts, Sealed, facts_text, seal

CHUNK = 1_000
NOTHING: Facts = MappingProxyType({})


class ReadJournal:
    """What was done."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def after(self, seq: int) -> Iterator[Sealed]:
        """The entries with numbers above `seq`, oldest first, read in chunks."""
        while True:
            query = select(journal).where(journal.c.seq > seq).order_by(journal.c.seq).limit(CHUNK)
            rows = self._connection.execute(query).all()
            for row in rows:
                seq = row.seq
                yield Sealed(entry=_entry(row), hash=row.hash)
            if len(rows) < CHUNK:
                return

    def head(self) -> tuple[int, str]:
        """Number and link of the newest entry; 0 and `FIRST_HASH` in an empty journal."""
        row = self._connection.execute(
            select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)
        ).one_or_none()
        return (row.seq, row.hash) if row is not None else (0, FIRST_HASH)


class Journal(ReadJournal):
    """A journal that the deeds of this transaction are added to."""

    def __init__(self, connection: Connection, key: bytes) -> None:
        super().__init__(connection)
        self._key = key

    def add(
        self,
        actor: Actor,
        deed: Deed,
        of: str,
        at: datetime,
        *,
        before: Facts = NOTHING,
        after: Facts = NOTHING,
    ) -> None:
        """Note a deed, done to the thing that `of` names; numbers have no gaps, on both databases."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE"))
        number, former = self.head()
        entry = Entry(
            seq=number + 1,
            at=at,
            actor=actor.key,
            actor_name=actor.name,
            deed=deed,
            object=of,
            before=before,
            after=after,
        )
        self._connection.execute(
            insert(journal),
            {
                "seq": entry.seq,
                "at": entry.at,
                "actor": entry.actor,
                "actor_name": entry.actor_name,
                "deed": entry.deed.value,
                "object": entry.object,
                "before": facts_text(entry.before),
                "after": facts_text(entry.after),
                "hash": seal(self._key, former, entry),
            },
        )


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    return Entry(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        actor_name=row.actor_name,
        deed=Deed(row.deed),
        object=row.object,
        before=json.loads(row.before),
        after=json.loads(row.after),
    )
