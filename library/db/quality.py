"""Flaws of records and the links in them: domain values to rows and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from library.db.duplicate_keys import KeyKind
from library.db.tables import duplicate_keys, flaw_sweeps, flaws, record_links, records
from library.domain.quality import Flaw, FlawKind
from library.domain.record import Status

_ONLY = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """How far the catalogue was looked through: the last record seen in the order of changes, None at the beginning."""

    changed_at: datetime | None
    record_id: int
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FlawedRecord:
    """A record with one of its flaws."""

    record_id: int
    title: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebLink:
    """An address in a record."""

    record_id: int
    position: int
    address: str


class ReadQuality:
    """What is known to be wrong."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counts(self) -> dict[FlawKind, int]:
        """How many records have each flaw."""
        query = select(flaws.c.kind, func.count()).group_by(flaws.c.kind)
        return {FlawKind(kind): count for kind, count in self._connection.execute(query)}

    def with_flaw(self, kind: FlawKind, after: int, limit: int) -> list[FlawedRecord]:
        """Records with this flaw and numbers above `after`, in the order of their numbers."""
        query = (
            select(flaws.c.record_id, records.c.title, flaws.c.detail)
            .join(records, records.c.id == flaws.c.record_id)
            .where(flaws.c.kind == kind, flaws.c.record_id > after)
            .order_by(flaws.c.record_id)
            .limit(limit)
        )
        return [
            FlawedRecord(record_id=row.record_id, title=row.title, detail=row.detail)
            for row in self._connection.execute(query)
        ]

    def sweep(self) -> Sweep | None:
        """How far the catalogue was looked through; None where nobody began yet."""
        row = self._connection.execute(select(flaw_sweeps)).one_or_none()
        if row is None:
            return None
        return Sweep(changed_at=row.changed_at, record_id=row.record_id, began_at=row.began_at)

    def changed_after(self, changed_at: datetime | None, record_id: int, limit: int) -> list[tuple[int, datetime]]:
        """Numbers and times of the records behind this one, in the order of their changes."""
        query = select(records.c.id, records.c.changed_at).order_by(records.c.changed_at, records.c.id).limit(limit)
        if changed_at is not None:
            query = query.where(
                or_(
                    records.c.changed_at > changed_at,
                    and_(records.c.changed_at == changed_at, records.c.id > record_id),
                )
            )
        return [(row.id, row.changed_at) for row in self._connection.execute(query)]

    def doubles(self, record_ids: Sequence[int]) -> dict[int, int]:
        """Which of these published records share an ISBN, a DOI, or title, author and year with another one."""
        mine, other = duplicate_keys.alias(), duplicate_keys.alias()
        query = (
            select(mine.c.record_id, func.min(other.c.record_id).label("double"))
            .join(other, and_(other.c.kind == mine.c.kind, other.c.key == mine.c.key))
            .join(records, records.c.id == other.c.record_id)
            .where(
                mine.c.record_id.in_(record_ids),
                mine.c.kind.in_([KeyKind.ISBN.value, KeyKind.DOI.value, KeyKind.WORK.value]),
                other.c.record_id != mine.c.record_id,
                records.c.status == Status.PUBLISHED,
            )
            .group_by(mine.c.record_id)
        )
        return {row.record_id: row.double for row in self._connection.execute(query)}

    def links_to_check(self, checked_before: datetime, limit: int) -> list[WebLink]:
        """Addresses that nobody looked at since then, those never looked at first."""
        query = (
            select(record_links.c.record_id, record_links.c.position, record_links.c.address)
            .where(or_(record_links.c.checked_at.is_(None), record_links.c.checked_at < checked_before))
            .order_by(record_links.c.checked_at.is_not(None), record_links.c.checked_at, record_links.c.record_id)
            .limit(limit)
        )
        return [
            WebLink(record_id=row.record_id, position=row.position, address=row.address)
            for row in self._connection.execute(query)
        ]


class Quality(ReadQuality):
    """Flaws that can be written."""

    def replace(self, record_ids: Sequence[int], found: Sequence[Flaw]) -> None:
        """Write what was found in these records, instead of what was known; dead links stay till they are tried."""
        kept = FlawKind.DEAD_LINK
        self._connection.execute(delete(flaws).where(flaws.c.record_id.in_(record_ids), flaws.c.kind != kept))
        if found:
            self._connection.execute(
                insert(flaws),
                [{"record_id": flaw.record_id, "kind": flaw.kind.value, "detail": flaw.detail} for flaw in found],
            )

    def replace_links(self, addresses: Mapping[int, Sequence[str]]) -> None:
        """Write which addresses these records have; one that stays keeps what is known of it."""
        rows = self._connection.execute(select(record_links).where(record_links.c.record_id.in_(list(addresses)))).all()
        known = {(row.record_id, row.address): row for row in rows}
        self._connection.execute(delete(record_links).where(record_links.c.record_id.in_(list(addresses))))
        new = []
        for number, of_record in addresses.items():
            for position, address in enumerate(of_record, start=1):
                before = known.get((number, address))
                new.append(
                    {
                        "record_id": number,
                        "position": position,
                        "address": address,
                        "checked_at": before.checked_at if before else None,
                        "problem": before.problem if before else "",
                    }
                )
        if new:
            self._connection.execute(insert(record_links), new)
        gone = [number for number, of_record in addresses.items() if not of_record]
        self._connection.execute(delete(flaws).where(flaws.c.record_id.in_(gone), flaws.c.kind == FlawKind.DEAD_LINK))

    def note_link(self, link: WebLink, problem: str, at: datetime) -> None:
        """Write whether an address answers; an empty problem says that it does."""
        this = and_(record_links.c.record_id == link.record_id, record_links.c.position == link.position)
        self._connection.execute(update(record_links).where(this).values(checked_at=at, problem=problem))
        dead = self._connection.execute(
            select(record_links.c.address)
            .where(record_links.c.record_id == link.record_id, record_links.c.problem != "")
            .order_by(record_links.c.position)
        ).scalars()
        first = next(iter(dead), "")
        self._connection.execute(
            delete(flaws).where(flaws.c.record_id == link.record_id, flaws.c.kind == FlawKind.DEAD_LINK)
        )
        if first:
            row = {"record_id": link.record_id, "kind": FlawKind.DEAD_LINK.value, "detail": first}
            self._connection.execute(insert(flaws), row)

    def note_sweep(self, sweep: Sweep) -> None:
        """Write how far the catalogue was looked through."""
        values = {"changed_at": sweep.changed_at, "record_id": sweep.record_id, "began_at": sweep.began_at}
        done = self._connection.execute(update(flaw_sweeps).where(flaw_sweeps.c.id == _ONLY).values(values))
        if done.rowcount == 0:
            self._connection.execute(insert(flaw_sweeps), {"id": _ONLY, **values})
