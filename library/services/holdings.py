"""Copies as property: acts are entered, the records they speak of follow, and the accession book balances."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from library.db.holdings import BookLine, ListedAct
from library.db.outbox import Topic
from library.db.records import DescribedRecord
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Action, Actor, require
from library.domain.errors import N_, InvalidAct
from library.domain.holdings import Act, ActKind, ActLine, Balance, require_sound
from library.domain.journal import Deed
from library.domain.marc import Dialect, MarcRecord
from library.domain.record import CatalogueRecord, Status
from library.marc import dialects
from library.marc.copies import ReceivedCopy, with_copy, without_copies, without_unnumbered

# Records whose copies are one act of opening stock.
OPENING_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPage:
    """Lines of the accession book; `next` is what to give as `after` for those that follow."""

    lines: tuple[BookLine, ...]
    next: tuple[int, int] | None


class Holdings:
    """Each method is one transaction. An act that can't be entered is `InvalidAct` and changes nothing."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def enter(self, act: Act, *, actor: Actor) -> int:
        """Enter an act: its copies stand in their records and in the accession book at once; its number.

        Copies come by whoever keeps the holdings, and go by the head of the library.
        """
        require(actor, Action.WRITE_OFF if act.kind is ActKind.WRITE_OFF else Action.HOLDINGS)
        require_sound(act)
        at = self._clock()
        with self._database.writing() as tx:
            records = tx.records.many(sorted({line.record_id for line in act.lines}))
            for line in act.lines:
                _require_usable(line, records.get(line.record_id), act.kind)
            if act.kind is ActKind.WRITE_OFF:
                act = _with_prices(tx, act)
                changed = _written_off(act, records)
            else:
                changed = _received(tx, act, records)
            number = tx.holdings.add(act, actor, at)
            _save(tx, records, changed, actor, at)
            tx.journal.add(actor, Deed.ACT_ENTERED, f"act:{number}", at, after=_facts(act))
            tx.commit()
        return number

    def take_over(self, on: date, *, actor: Actor) -> int:
        """Enter the copies that stand in the catalogue and in no act as stock of this day; how many there were.

        For a library that comes with its catalogue: without it the book would begin at nothing. Once done, it finds
        only what was imported since.
        """
        require(actor, Action.WRITE_OFF)
        at = self._clock()
        total, after, part = 0, 0, 0
        with self._database.writing() as tx:
            known: set[str] = set()
            while numbers := tx.holdings.records_with_copies(after, OPENING_CHUNK):
                found = tx.holdings.uncovered(numbers)
                after = numbers[-1]
                lines = [line for line in map(_opening_line, found) if not _is_known(line, known)]
                lines = [line for line in lines if line.inventory_number or not tx.holdings.unnumbered(line.record_id)]
                if lines:
                    part += 1
                    act = Act(kind=ActKind.OPENING, number=f"{at:%Y%m%d%H%M%S}-{part}", date=on, lines=tuple(lines))
                    number = tx.holdings.add(act, actor, at)
                    tx.journal.add(actor, Deed.ACT_ENTERED, f"act:{number}", at, after=_facts(act))
                    total += sum(line.quantity for line in lines)
            tx.commit()
        return total

    def lines_of(self, numbers: Sequence[str], *, actor: Actor) -> tuple[ActLine, ...]:
        """What the accession book says of copies with these inventory numbers; `InvalidAct` names one it has not."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            found = view.holdings.received(numbers)
        for number in numbers:
            if number not in found:
                raise InvalidAct(N_("The accession book has no copy {number}."), number=number)
        return tuple(found[number] for number in numbers)

    def act(self, act_id: int, *, actor: Actor) -> ListedAct:
        """An act with its lines. Raises `NotFound`."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            return view.holdings.get(act_id)

    def latest(self, limit: int, offset: int = 0, *, actor: Actor) -> list[ListedAct]:
        """The newest acts first, without their lines."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            return view.holdings.latest(limit, offset)

    def book(self, after: tuple[int, int], limit: int, *, actor: Actor) -> BookPage:
        """A page of the accession book, behind this act and position."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            found = view.holdings.book(after, limit + 1)
        shown = tuple(found[:limit])
        return BookPage(lines=shown, next=(shown[-1].act_id, shown[-1].position) if len(found) > limit else None)

    def balance(self, first: date, last: date, *, actor: Actor) -> Balance:
        """The stock before a period, what came and went in it, and what is there at its end."""
        require(actor, Action.SEE_WORK)
        if last < first:
            raise InvalidAct(N_("The period ends before it begins."))
        with self._database.reading() as view:
            return view.holdings.balance(first, last)


def _require_usable(line: ActLine, record: CatalogueRecord | None, kind: ActKind) -> None:
    if record is None or (record.status is Status.WITHDRAWN and kind is not ActKind.WRITE_OFF):
        raise InvalidAct(N_("There is no record {id} that could have copies."), id=line.record_id)
    if not line.inventory_number and record.dialect is not Dialect.IRBIS:
        raise InvalidAct(
            N_("Record {id} can have copies with inventory numbers only: only IRBIS counts copies without them."),
            id=line.record_id,
        )


def _received(tx: UnitOfWork, act: Act, records: Mapping[int, CatalogueRecord]) -> dict[int, MarcRecord]:
    """The records' contents with the new copies; a copy that its record names already is only taken into the book."""
    numbers = [line.inventory_number for line in act.lines if line.inventory_number]
    for number in tx.holdings.received(numbers):
        raise InvalidAct(N_("The inventory number {number} stands in the accession book already."), number=number)
    present = tx.holdings.in_catalogue(numbers)
    changed: dict[int, MarcRecord] = {}
    for line in act.lines:
        owners = present.get(line.inventory_number, []) if line.inventory_number else []
        if any(owner != line.record_id for owner in owners):
            raise InvalidAct(
                N_("The inventory number {number} belongs to a copy of record {id}."),
                number=line.inventory_number,
                id=next(owner for owner in owners if owner != line.record_id),
            )
        if not owners:
            record = records[line.record_id]
            copy = ReceivedCopy(
                inventory_number=line.inventory_number,
                quantity=line.quantity,
                place=line.place,
                price=line.price,
                act=act.number,
                received_on=act.date,
            )
            changed[record.id] = with_copy(record.dialect, changed.get(record.id, record.marc), copy)
    return changed


def _with_prices(tx: UnitOfWork, act: Act) -> Act:
    """The act with what its copies cost when they came; each copy must be there to go."""
    numbers = [line.inventory_number for line in act.lines if line.inventory_number]
    for number in tx.holdings.written_off(numbers):
        raise InvalidAct(N_("The copy {number} was written off before."), number=number)
    received = tx.holdings.received(numbers)
    lines = []
    for line in act.lines:
        if not line.inventory_number:
            asked = sum(
                other.quantity
                for other in act.lines
                if other.record_id == line.record_id and not other.inventory_number
            )
            if tx.holdings.unnumbered(line.record_id) < asked:
                raise InvalidAct(N_("Record {id} does not have so many copies without numbers."), id=line.record_id)
            lines.append(line)
            continue
        came = received.get(line.inventory_number)
        if came is None or came.record_id != line.record_id:
            raise InvalidAct(
                N_("The accession book has no copy {number} of record {id}."),
                number=line.inventory_number,
                id=line.record_id,
            )
        lines.append(replace(line, price=came.price, place=came.place))
    return replace(act, lines=tuple(lines))


def _written_off(act: Act, records: Mapping[int, CatalogueRecord]) -> dict[int, MarcRecord]:
    changed = {}
    for record in records.values():
        lines = [line for line in act.lines if line.record_id == record.id]
        numbers = {line.inventory_number for line in lines if line.inventory_number}
        content = without_copies(record.dialect, record.marc, numbers, act.number)
        changed[record.id] = without_unnumbered(content, _unnumbered(act, record.id))
    return changed


def _unnumbered(act: Act, record_id: int) -> int:
    """How many copies without numbers of this record the act speaks of."""
    return sum(line.quantity for line in act.lines if line.record_id == record_id and not line.inventory_number)


def _save(
    tx: UnitOfWork,
    records: Mapping[int, CatalogueRecord],
    changed: Mapping[int, MarcRecord],
    actor: Actor,
    at: datetime,
) -> None:
    """Write the contents that differ; an approval stays what it was, since no description was touched."""
    pairs = []
    for number, content in changed.items():
        before = records[number]
        if content != before.marc:
            after = replace(before.revise(content, by=actor.key, at=at), approved_by=before.approved_by)
            described = DescribedRecord(record=after, description=dialects.describe(after.dialect, content))
            pairs.append((before, described))
    tx.records.replace(pairs)
    tx.outbox.add(Topic.INDEX_RECORD, [before.id for before, _ in pairs], at)


def _opening_line(copy: tuple[int, str, int, str]) -> ActLine:
    record_id, number, count, place = copy
    return ActLine(record_id=record_id, inventory_number=number, quantity=1 if number else count, place=place)


def _is_known(line: ActLine, known: set[str]) -> bool:
    """Whether an inventory number came up before; catalogues that were never counted have doubles."""
    if line.inventory_number in known:
        return True
    if line.inventory_number:
        known.add(line.inventory_number)
    return False


def _facts(act: Act) -> dict[str, object]:
    lines: Sequence[dict[str, object]] = [
        {"record": line.record_id, "number": line.inventory_number, "quantity": line.quantity, "price": str(line.price)}
        for line in act.lines
    ]
    cost = sum((line.price * line.quantity for line in act.lines), Decimal(0))
    return {
        "kind": act.kind.value,
        "number": act.number,
        "date": act.date.isoformat(),
        "source": act.source.value if act.source else "",
        "partner": act.partner,
        "reason": act.reason,
        "cost": str(cost),
        "lines": list(lines),
    }
