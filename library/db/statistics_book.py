"""The book of what the library holds: how things stand in their own tables, and how they stood at its last entry.

How a record stood on any day is known from its former states; of files and readers the times in their rows are known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, and_, case, delete, func, insert, literal, select, update

from library.db.tables import (
    act_lines,
    acts,
    documents,
    journal,
    people,
    record_revisions,
    records,
    statistics_changes,
    statistics_followed,
    statistics_held,
    transfers,
)
from library.db.tables.statistics import CELL
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import DocumentState
from library.domain.errors import N_, StaleVersion
from library.domain.holdings import ActKind
from library.domain.marc import Dialect
from library.domain.people import Standing
from library.domain.record import Status
from library.domain.statistics_stocks import Cell, Held, Measure, title_cell
from library.marc import codec
from library.marc.dialects import describe

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordState:
    """One state of a record, from `since` to the next one. The cell of a former state is told by its MARC."""

    status: Status
    since: datetime
    by: str
    description: str = ""
    material: str = ""
    dialect: str = ""
    marc: str = ""

    def held(self) -> Held | None:
        """What it is counted as; None where readers do not see the record."""
        if self.status is not Status.PUBLISHED:
            return None
        if self.description:
            facts = orjson.loads(self.description)
            return Held(
                title_cell(
                    material=self.material,
                    title=facts["title"],
                    languages=facts.get("languages", ()),
                    udc=facts.get("udc", ()),
                )
            )
        described = describe(Dialect(self.dialect), codec.from_json(self.marc))
        return Held(
            title_cell(
                material=described.material.value,
                title=described.title,
                languages=described.languages,
                udc=described.udc,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFile:
    """A file that readers may see where its record is published, since `since`; `source` is that of its transfer.

    Everybody may read it where its rights are open, and the term of its transfer is not over.
    """

    id: int
    record_id: int
    size: int
    source: str
    since: datetime
    rights: Rights
    term_ends: date | None

    def is_open(self, day: date) -> bool:
        """Whether everybody may read it on this day."""
        begins, ends = self.rights.embargo_until, self.term_ends
        is_in_force = (begins is None or begins <= day) and (ends is None or day <= ends)
        return self.rights.level is AccessLevel.OPEN and is_in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class CardHolder:
    """A reader as the account stands; it was changed last at `changed_at`."""

    id: int
    category: str
    faculty: str
    is_closed: bool
    valid_until: date | None
    created_at: datetime
    changed_at: datetime


class ReadStatisticsBook:
    """What the book is written from."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def followed(self) -> tuple[date, date] | None:
        """The first and the last day that stand in the book; None while it is empty."""
        row = self._connection.execute(select(statistics_followed)).one_or_none()
        return None if row is None else (row.first_day, row.last_day)

    def beginning(self) -> datetime | None:
        """When the first record, file or reader was entered; None in an empty library."""
        firsts = (
            self._connection.execute(select(func.min(column))).scalar_one_or_none()
            for column in (records.c.created_at, documents.c.received_at, people.c.created_at)
        )
        return min((first for first in firsts if first is not None), default=None)

    def changed_records(self, since: datetime, after: int, limit: int) -> list[int]:
        """Records above this number that were changed since then, in the order of their numbers."""
        query = (
            select(records.c.id)
            .where(records.c.id > after, records.c.changed_at >= since)
            .order_by(records.c.id)
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())

    def states(self, record_ids: Sequence[int]) -> dict[int, list[RecordState]]:
        """All states of these records, the first one first."""
        found: dict[int, list[RecordState]] = {number: [] for number in record_ids}
        former = select(record_revisions).where(record_revisions.c.record_id.in_(record_ids))
        for row in self._connection.execute(former.order_by(record_revisions.c.record_id, record_revisions.c.version)):
            found[row.record_id].append(
                RecordState(
                    status=Status(row.status),
                    since=row.changed_at,
                    by=row.changed_by,
                    dialect=row.dialect,
                    marc=row.marc,
                )
            )
        columns = (records.c.id, records.c.status, records.c.changed_at, records.c.changed_by, records.c.material)
        now = select(*columns, records.c.description).where(records.c.id.in_(record_ids))
        for row in self._connection.execute(now):
            found[row.id].append(
                RecordState(
                    status=Status(row.status),
                    since=row.changed_at,
                    by=row.changed_by,
                    material=row.material,
                    description=row.description,
                )
            )
        return found

    def held(self, measure: Measure, object_ids: Collection[int] | None = None) -> dict[int, Held]:
        """How things stood at the end of the last day that was followed: all of a measure, or these."""
        query = select(statistics_held).where(statistics_held.c.measure == measure.value)
        if object_ids is not None:
            query = query.where(statistics_held.c.object_id.in_(object_ids))
        return {row.object_id: Held(_cell(row), row.amount) for row in self._connection.execute(query)}

    def shown_files(self, before: datetime) -> list[ShownFile]:
        """Files that are kept and were approved and kept before then."""
        is_kept = documents.c.state == DocumentState.KEPT
        query = (
            select(documents, transfers.c.source, transfers.c.term_ends)
            .outerjoin(transfers, transfers.c.id == documents.c.transfer_id)
            .where(is_kept, documents.c.approved_at < before, documents.c.kept_at < before)
            .order_by(documents.c.id)
        )
        return [
            ShownFile(
                id=row.id,
                record_id=row.record_id,
                size=row.size,
                source=row.source or "",
                since=max(row.approved_at, row.kept_at),
                rights=Rights(level=AccessLevel(row.level), embargo_until=row.embargo_until),
                term_ends=row.term_ends,
            )
            for row in self._connection.execute(query)
        ]

    def files_changed_at(self, document_ids: Sequence[int]) -> dict[int, datetime]:
        """When something was done to each of these files last, by the journal, as far as it knows of them."""
        names = {f"document:{number}": number for number in document_ids}
        found: dict[int, datetime] = {}
        keys = list(names)
        for start in range(0, len(keys), CHUNK):
            query = (
                select(journal.c.object, func.max(journal.c.at))
                .where(journal.c.object.in_(keys[start : start + CHUNK]))
                .group_by(journal.c.object)
            )
            found |= {names[name]: at for name, at in self._connection.execute(query)}
        return found

    def records_of_files(self, document_ids: Sequence[int]) -> dict[int, int]:
        """The records that these files belong to."""
        found: dict[int, int] = {}
        for start in range(0, len(document_ids), CHUNK):
            query = select(documents.c.id, documents.c.record_id).where(
                documents.c.id.in_(document_ids[start : start + CHUNK])
            )
            found |= {row.id: row.record_id for row in self._connection.execute(query)}
        return found

    def files_entered(self, since: datetime, before: datetime) -> list[tuple[datetime, str]]:
        """When files were taken in, and by whom."""
        query = select(documents.c.received_at, documents.c.received_by).where(
            documents.c.received_at >= since,
            documents.c.received_at < before,
            documents.c.state != DocumentState.ARRIVING,
        )
        return [(row.received_at, row.received_by) for row in self._connection.execute(query)]

    def card_holders(self) -> list[CardHolder]:
        """All who have a library card, in the order of their numbers."""
        columns = ("id", "category", "faculty", "standing", "valid_until", "created_at", "changed_at")
        query = select(*(people.c[name] for name in columns)).where(people.c.card_number.is_not(None))
        return [
            CardHolder(
                id=row.id,
                category=row.category,
                faculty=row.faculty,
                is_closed=Standing(row.standing) is Standing.CLOSED,
                valid_until=row.valid_until,
                created_at=row.created_at,
                changed_at=row.changed_at,
            )
            for row in self._connection.execute(query.order_by(people.c.id))
        ]


class StatisticsBook(ReadStatisticsBook):
    """The book as it is written: whole days, each once."""

    def follow(self, before: tuple[date, date] | None, now: tuple[date, date]) -> None:
        """Note that these days stand in the book now; `StaleVersion` where another process wrote them meanwhile."""
        if before is None:
            row = {"id": 1, "first_day": now[0], "last_day": now[1]}
            self._connection.execute(insert(statistics_followed).values(row))
            return
        statement = update(statistics_followed).where(statistics_followed.c.last_day == before[1])
        if self._connection.execute(statement.values(last_day=now[1])).rowcount != 1:
            raise StaleVersion(N_("Somebody else wrote the book of holdings meanwhile."))

    def hold(self, measure: Measure, things: Mapping[int, Held | None]) -> None:
        """Note how these things stand now; None for those that are not held any more."""
        numbers, table = list(things), statistics_held
        for start in range(0, len(numbers), CHUNK):
            some = numbers[start : start + CHUNK]
            gone = delete(table).where(table.c.measure == measure.value, table.c.object_id.in_(some))
            self._connection.execute(gone)
            rows = [
                {"measure": measure.value, "object_id": number, **held.cell._asdict(), "amount": held.amount}
                for number in some
                if (held := things[number]) is not None
            ]
            if rows:
                self._connection.execute(insert(table), rows)

    def add(self, changes: Mapping[tuple[Measure, date, Cell], Sequence[int]]) -> None:
        """Write what came, went and moved, by measure, day and cell."""
        rows = [
            {"measure": measure.value, "day": day, **cell._asdict(), "came": came, "went": went, "moved": moved}
            for (measure, day, cell), (came, went, moved) in changes.items()
            if came or went or moved
        ]
        for start in range(0, len(rows), CHUNK):
            self._connection.execute(insert(statistics_changes), rows[start : start + CHUNK])

    def count_copies(self, until: date) -> None:
        """Write all copies that came and went by acts up to this day anew, in the cells in which their titles are held.

        The source is that of the act; it is empty for the opening stock and for writing off.
        """
        lines, held = act_lines.c, statistics_held.c
        self._connection.execute(delete(statistics_changes).where(statistics_changes.c.measure == Measure.COPY.value))
        of_title = [func.coalesce(held[name], "") for name in ("material", "language", "script", "branch")]
        is_gone = acts.c.kind == ActKind.WRITE_OFF.value
        came = func.sum(case((is_gone, 0), else_=lines.quantity))
        went = func.sum(case((is_gone, lines.quantity), else_=0))
        by = [acts.c.date, *of_title, func.coalesce(acts.c.source, "")]
        copies = (
            select(literal(Measure.COPY.value), *by, literal(""), literal(""), literal(""), came, went, literal(0))
            .join_from(act_lines, acts, acts.c.id == lines.act_id)
            .outerjoin(statistics_held, and_(held.measure == Measure.TITLE.value, held.object_id == lines.record_id))
            .where(acts.c.date <= until)
            .group_by(*by)
        )
        names = ["measure", "day", *CELL, "came", "went", "moved"]
        self._connection.execute(insert(statistics_changes).from_select(names, copies))


def _cell(row: Row[*tuple[Any, ...]]) -> Cell:
    return Cell(*(getattr(row, name) for name in CELL))
