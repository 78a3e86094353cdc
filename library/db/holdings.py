"""Acts and their lines: domain values to rows and back, and the sums of the accession book."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select

from library.db.tables import act_lines, acts, copies, records
from library.domain.access import Actor
from library.domain.description import CopyStatus
from library.domain.errors import N_, InvalidAct, NotFound
from library.domain.holdings import Act, ActKind, ActLine, Amount, Balance, Source
from library.domain.record import Status

CHUNK = 500
_HUNDREDTHS = 100
_INCOMING = (ActKind.OPENING, ActKind.RECEIPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAct:
    """An act with how many copies it speaks of, what they cost, and who entered it."""

    id: int
    act: Act
    amount: Amount
    entered_by_name: str
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLine:
    """A line of the accession book: a copy, how it came, and how it went if it did."""

    act_id: int
    position: int
    came_on: date
    act_number: str
    source: Source | None
    partner: str
    record_id: int
    title: str
    inventory_number: str
    quantity: int
    price: Decimal
    place: str
    written_off: tuple[str, date] | None


class ReadHoldings:
    """What came and went."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, act_id: int) -> ListedAct:
        """The act with this number and all its lines; `NotFound` where there is none."""
        row = self._connection.execute(_with_sums().where(acts.c.id == act_id)).one_or_none()
        if row is None:
            raise NotFound(N_("There is no act {id}."), id=act_id)
        query = select(act_lines).where(act_lines.c.act_id == act_id).order_by(act_lines.c.position)
        return _listed(row, tuple(_line(line) for line in self._connection.execute(query)))

    def latest(self, limit: int, offset: int = 0) -> list[ListedAct]:
        """The newest acts first, without their lines."""
        query = _with_sums().order_by(acts.c.date.desc(), acts.c.id.desc()).limit(limit).offset(offset)
        return [_listed(row, ()) for row in self._connection.execute(query)]

    def book(self, after: tuple[int, int], limit: int) -> list[BookLine]:
        """Lines of the accession book behind this act and position, in the order in which they were entered."""
        gone_lines, gone_acts = act_lines.alias(), acts.alias()
        query = (
            select(
                act_lines,
                acts.c.number,
                acts.c.date,
                acts.c.source,
                acts.c.partner,
                records.c.title,
                gone_acts.c.number.label("gone_number"),
                gone_acts.c.date.label("gone_date"),
            )
            .join(acts, acts.c.id == act_lines.c.act_id)
            .join(records, records.c.id == act_lines.c.record_id)
            .outerjoin(gone_lines, gone_lines.c.written_off_number == act_lines.c.received_number)
            .outerjoin(gone_acts, gone_acts.c.id == gone_lines.c.act_id)
            .where(acts.c.kind.in_(_INCOMING))
            .where(
                (act_lines.c.act_id > after[0]) | ((act_lines.c.act_id == after[0]) & (act_lines.c.position > after[1]))
            )
            .order_by(act_lines.c.act_id, act_lines.c.position)
            .limit(limit)
        )
        return [_book_line(row) for row in self._connection.execute(query)]

    def received(self, numbers: Collection[str]) -> dict[str, ActLine]:
        """Which of these inventory numbers stand in the accession book, with their lines."""
        return self._by_number(act_lines.c.received_number, numbers)

    def written_off(self, numbers: Collection[str]) -> dict[str, ActLine]:
        """Which of these inventory numbers were written off."""
        return self._by_number(act_lines.c.written_off_number, numbers)

    def unnumbered(self, record_id: int) -> int:
        """How many copies without numbers a record has by the acts."""
        query = (
            select(acts.c.kind, func.sum(act_lines.c.quantity))
            .join(acts, acts.c.id == act_lines.c.act_id)
            .where(
                act_lines.c.record_id == record_id,
                act_lines.c.received_number.is_(None),
                act_lines.c.written_off_number.is_(None),
            )
            .group_by(acts.c.kind)
        )
        sums = {ActKind(kind): int(count) for kind, count in self._connection.execute(query)}
        return sum(sums.get(kind, 0) for kind in _INCOMING) - sums.get(ActKind.WRITE_OFF, 0)

    def records_with_copies(self, after: int, limit: int) -> list[int]:
        """Records with numbers above `after` that have copies and are not withdrawn, in the order of their numbers."""
        query = (
            select(copies.c.record_id)
            .join(records, records.c.id == copies.c.record_id)
            .where(copies.c.record_id > after, records.c.status != Status.WITHDRAWN)
            .distinct()
            .order_by(copies.c.record_id)
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())

    def uncovered(self, record_ids: Sequence[int]) -> list[tuple[int, str, int, str]]:
        """Copies of these records that no act speaks of and that were not written off.

        Record, inventory number (empty where there is none), how many, place.
        """
        covered = select(act_lines.c.received_number).where(act_lines.c.received_number == copies.c.inventory_number)
        query = (
            select(copies.c.record_id, copies.c.inventory_number, copies.c.count, copies.c.place)
            .where(
                copies.c.record_id.in_(record_ids),
                copies.c.status != CopyStatus.WRITTEN_OFF,
                (copies.c.inventory_number == "") | ~covered.exists(),
            )
            .order_by(copies.c.record_id, copies.c.position)
        )
        return [
            (record_id, number, count, place) for record_id, number, count, place in self._connection.execute(query)
        ]

    def in_catalogue(self, numbers: Collection[str]) -> dict[str, list[int]]:
        """The records that have copies with these inventory numbers."""
        found: dict[str, list[int]] = {}
        for some in _chunks(numbers):
            query = select(copies.c.inventory_number, copies.c.record_id).where(copies.c.inventory_number.in_(some))
            for number, record_id in self._connection.execute(query):
                found.setdefault(number, []).append(record_id)
        return found

    def balance(self, first: date, last: date) -> Balance:
        """The stock on the eve of `first`, what came and went up to and with `last`: two queries."""
        before = self._sums(acts.c.date < first)
        within = self._sums((acts.c.date >= first) & (acts.c.date <= last))
        opening = sum((amount for (kind, _), amount in before.items() if kind in _INCOMING), Amount())
        # Stock that was taken over within the period was there before it.
        opening += sum((amount for (kind, _), amount in within.items() if kind is ActKind.OPENING), Amount())
        opening -= sum((amount for (kind, _), amount in before.items() if kind is ActKind.WRITE_OFF), Amount())
        return Balance(
            opening=opening,
            received={source: within.get((ActKind.RECEIPT, source.value), Amount()) for source in Source},
            written_off=within.get((ActKind.WRITE_OFF, ""), Amount()),
        )

    def _sums(self, condition: Any) -> dict[tuple[ActKind, str], Amount]:
        query = (
            select(acts.c.kind, acts.c.source, _QUANTITY, _COST)
            .join(act_lines, act_lines.c.act_id == acts.c.id)
            .where(condition)
            .group_by(acts.c.kind, acts.c.source)
        )
        return {
            (ActKind(kind), source): Amount(copies=int(quantity), cost=_sum(cost))
            for kind, source, quantity, cost in self._connection.execute(query)
        }

    def _by_number(self, column: Any, numbers: Collection[str]) -> dict[str, ActLine]:
        found: dict[str, ActLine] = {}
        for some in _chunks(numbers):
            for row in self._connection.execute(select(act_lines).where(column.in_(some))):
                line = _line(row)
                found[line.inventory_number] = line
        return found


class Holdings(ReadHoldings):
    """Acts that can be entered; there is no way to change or remove one."""

    def add(self, act: Act, actor: Actor, at: datetime) -> int:
        """The number of a new act; `InvalidAct` where an act of this kind, number and date was entered before."""
        same = select(acts.c.id).where(acts.c.kind == act.kind, acts.c.number == act.number, acts.c.date == act.date)
        if self._connection.execute(same).first() is not None:
            raise InvalidAct(
                N_("Act {number} of {date} was entered before."), number=act.number, date=act.date.isoformat()
            )
        row = {
            "kind": act.kind.value,
            "number": act.number,
            "date": act.date,
            "source": act.source.value if act.source else "",
            "partner": act.partner,
            "document": act.document,
            "reason": act.reason,
            "entered_by": actor.key,
            "entered_by_name": actor.name,
            "entered_at": at,
        }
        key = self._connection.execute(insert(acts), row).inserted_primary_key
        assert key is not None, "the row was written"
        number = int(key[0])
        self._connection.execute(
            insert(act_lines),
            [_line_row(number, position, act.kind, line) for position, line in enumerate(act.lines, start=1)],
        )
        return number


_QUANTITY = func.coalesce(func.sum(act_lines.c.quantity), 0)
_COST = func.coalesce(func.sum(act_lines.c.quantity * act_lines.c.price), 0)


def _with_sums() -> Select[Any]:
    return (
        select(acts, _QUANTITY.label("quantity"), _COST.label("cost"))
        .outerjoin(act_lines, act_lines.c.act_id == acts.c.id)
        .group_by(acts.c.id)
    )


def _chunks(numbers: Collection[str]) -> list[list[str]]:
    ordered = sorted(set(numbers))
    return [ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK)]


def _sum(hundredths: Any) -> Decimal:
    return Decimal(int(hundredths)) / _HUNDREDTHS


def _line_row(act_id: int, position: int, kind: ActKind, line: ActLine) -> dict[str, object]:
    number = line.inventory_number or None
    return {
        "act_id": act_id,
        "position": position,
        "record_id": line.record_id,
        "received_number": None if kind is ActKind.WRITE_OFF else number,
        "written_off_number": number if kind is ActKind.WRITE_OFF else None,
        "quantity": line.quantity,
        "price": int(line.price * _HUNDREDTHS),
        "place": line.place,
    }


def _line(row: Row[*tuple[Any, ...]]) -> ActLine:
    return ActLine(
        record_id=row.record_id,
        inventory_number=row.received_number or row.written_off_number or "",
        quantity=row.quantity,
        price=_sum(row.price),
        place=row.place,
    )


def _listed(row: Row[*tuple[Any, ...]], lines: Sequence[ActLine]) -> ListedAct:
    act = Act(
        kind=ActKind(row.kind),
        number=row.number,
        date=row.date,
        source=Source(row.source) if row.source else None,
        partner=row.partner,
        document=row.document,
        reason=row.reason,
        lines=tuple(lines),
    )
    amount = Amount(copies=int(row.quantity), cost=_sum(row.cost))
    return ListedAct(id=row.id, act=act, amount=amount, entered_by_name=row.entered_by_name, entered_at=row.entered_at)


def _book_line(row: Row[*tuple[Any, ...]]) -> BookLine:
    return BookLine(
        act_id=row.act_id,
        position=row.position,
        came_on=row.date,
        act_number=row.number,
        source=Source(row.source) if row.source else None,
        partner=row.partner,
        record_id=row.record_id,
        title=row.title,
        inventory_number=row.received_number or "",
        quantity=row.quantity,
        price=_sum(row.price),
        place=row.place,
        written_off=(row.gone_number, row.gone_date) if row.gone_number is not None else None,
    )
