"""The journal's rows: read in their order, and only ever added to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, Text, func, insert, select, text, type_coerce
from sqlalchemy.sql.elements import ColumnElement

from library.db.tables import journal
from library.domain.access import Actor
from library.domain.journal import FIRST_HASH, Deed, Entry, Facts, Line, Sealed, sealed_line
from library.domain.journal_proof import Anchor

CHUNK = 1_000
NOTHING: Facts = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are wanted; empty means all.

    `actors` are keys, any of which will do; `since` is the first moment and `until` the first one after the period.
    """

    actors: tuple[str, ...] = ()
    object: str = ""
    deed: str = ""
    since: datetime | None = None
    until: datetime | None = None


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

    def lines(self) -> Iterator[Line]:
        """All entries as they stand, whatever was done to them, in the order of their numbers, read in chunks."""
        last: int | None = None
        while True:
            query = select(*self._words()).order_by(journal.c.seq).limit(CHUNK)
            rows = self._connection.execute(query if last is None else query.where(journal.c.seq > last)).all()
            for row in rows:
                last = row.seq
                yield _line(row)
            if len(rows) < CHUNK:
                return

    def newest(self, wanted: Wanted, below: int | None, limit: int) -> list[Line]:
        """Wanted entries with numbers under `below` (None: from the newest on), the newest first."""
        query = select(*self._words()).where(*_conditions(wanted)).order_by(journal.c.seq.desc()).limit(limit)
        if below is not None:
            query = query.where(journal.c.seq < below)
        return [_line(row) for row in self._connection.execute(query)]

    def count(self, wanted: Wanted) -> int:
        """How many entries are wanted."""
        query = select(func.count()).select_from(journal).where(*_conditions(wanted))
        return self._connection.execute(query).scalar_one()

    def head(self) -> tuple[int, str]:
        """Number and link of the newest entry; 0 and `FIRST_HASH` in an empty journal."""
        row = self._connection.execute(
            select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)
        ).one_or_none()
        return (row.seq, row.hash) if row is not None else (0, FIRST_HASH)

    def _words(self) -> tuple[ColumnElement[Any], ...]:
        """The columns; times as text, for one that was tampered with may be none that a clock can show."""
        at: ColumnElement[str] = type_coerce(journal.c.at, Text)
        if self._connection.dialect.name == "postgresql":
            at = func.to_char(func.timezone("UTC", journal.c.at), "YYYY-MM-DD HH24:MI:SS.US", type_=Text)
        return tuple(at.label("at") if column is journal.c.at else column for column in journal.c)


class Journal(ReadJournal):
    """A journal that the deeds of this transaction are added to."""

    def __init__(self, connection: Connection, key: bytes) -> None:
        super().__init__(connection)
        self._key = key
        self._added: Anchor | None = None

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
        number, former = self._newest()
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
        line = sealed_line(self._key, former, entry)
        self._connection.execute(insert(journal), {**asdict(line), "at": at})
        self._added = Anchor(at=at, seq=line.seq, hash=line.hash)

    def hand_over(self) -> Anchor | None:
        """The newest entry of this transaction, which ends now; None where it added none."""
        added, self._added = self._added, None
        return added

    def _newest(self) -> tuple[int, str]:
        if self._added is not None:
            return self._added.seq, self._added.hash
        if self._connection.dialect.name == "postgresql":
            # Held to the end of the transaction: who adds next waits for the link that it will continue.
            self._connection.execute(text("LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE"))
        return self.head()


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.actors:
        yield journal.c.actor.in_(wanted.actors)
    if wanted.object:
        yield journal.c.object == wanted.object
    if wanted.deed:
        yield journal.c.deed == wanted.deed
    if wanted.since is not None:
        yield journal.c.at >= wanted.since
    if wanted.until is not None:
        yield journal.c.at < wanted.until


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    seq, at, *words = row
    actor, actor_name, deed, thing, before, after, link = map(str, words)
    return Line(
        seq=seq,
        at=f"{at}+00:00".replace(" ", "T"),
        actor=actor,
        actor_name=actor_name,
        deed=deed,
        object=thing,
        before=before,
        after=after,
        hash=link,
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
