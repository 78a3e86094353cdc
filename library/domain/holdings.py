"""Copies as property of the library: acts bring them in and take them out, and the book balances between two days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from library.domain.errors import N_, InvalidAct

LONGEST_NUMBER = 64
LONGEST_TEXT = 500
MOST_LINES = 2_000
DEAREST = Decimal(10) ** 12
CENT = Decimal("0.01")


class ActKind(StrEnum):
    """What an act does to the stock."""

    OPENING = "opening"
    RECEIPT = "receipt"
    WRITE_OFF = "write-off"


class Source(StrEnum):
    """How copies came into the library."""

    PURCHASE = "purchase"
    SUBSCRIPTION = "subscription"
    EXCHANGE = "exchange"
    GIFT = "gift"
    OWN = "own"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """One copy under its inventory number, or `quantity` copies of a record without numbers; `price` is of one copy."""

    record_id: int
    inventory_number: str = ""
    quantity: int = 1
    price: Decimal = Decimal(0)
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A document by which copies came or went. `partner` is who sold or gave; `reason` is why they were written off."""

    kind: ActKind
    number: str
    date: date
    source: Source | None = None
    partner: str = ""
    document: str = ""
    reason: str = ""
    lines: tuple[ActLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number of copies and what they cost together."""

    copies: int = 0
    cost: Decimal = Decimal(0)

    def __add__(self, other: Amount) -> Amount:
        return Amount(copies=self.copies + other.copies, cost=self.cost + other.cost)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(copies=self.copies - other.copies, cost=self.cost - other.cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The stock at the beginning of a period, what came and went in it, and so the stock at its end."""

    opening: Amount
    received: dict[Source, Amount]
    written_off: Amount

    @property
    def received_in_all(self) -> Amount:
        """From all sources together."""
        return sum(self.received.values(), Amount())

    @property
    def closing(self) -> Amount:
        """Opening + received - written off; it can't be anything else."""
        return self.opening + self.received_in_all - self.written_off


def require_sound(act: Act) -> None:
    """Raise `InvalidAct` with the remedy unless this act can be entered."""
    if not act.number.strip() or len(act.number) > LONGEST_NUMBER:
        raise InvalidAct(N_("Write the number of the act, {longest} characters at most."), longest=LONGEST_NUMBER)
    if max(map(len, (act.partner, act.document, act.reason))) > LONGEST_TEXT:
        raise InvalidAct(N_("A text of the act has {longest} characters at most."), longest=LONGEST_TEXT)
    if act.kind is ActKind.RECEIPT and act.source is None:
        raise InvalidAct(N_("Say how the copies came: bought, subscribed, exchanged, given or made here."))
    if act.kind is ActKind.WRITE_OFF and not act.reason.strip():
        raise InvalidAct(N_("Say why the copies are written off."))
    if not 0 < len(act.lines) <= MOST_LINES:
        raise InvalidAct(N_("An act has from 1 to {most} lines."), most=MOST_LINES)
    _require_sound_lines(act.lines)


def _require_sound_lines(lines: Sequence[ActLine]) -> None:
    numbers = [line.inventory_number for line in lines if line.inventory_number]
    for number in numbers:
        if len(number) > LONGEST_NUMBER or not number.isprintable() or number != number.strip():
            raise InvalidAct(N_("This is no inventory number: {number}"), number=number[:LONGEST_NUMBER])
        if numbers.count(number) > 1:
            raise InvalidAct(N_("The inventory number {number} stands in the act twice."), number=number)
    for line in lines:
        if line.quantity < 1 or (line.inventory_number and line.quantity != 1):
            raise InvalidAct(N_("A line has one inventory number, or a number of copies without numbers."))
        if not 0 <= line.price < DEAREST or line.price != line.price.quantize(CENT):
            raise InvalidAct(N_("A price is a sum with two decimals at most."))


def numbers_between(text: str) -> tuple[str, ...]:
    """Inventory numbers as people write them: `1001-1010, 1015; К-7`; a range keeps its zeros and its beginning.

    Raises `InvalidAct` for a range that goes backwards or is longer than an act.
    """
    found: list[str] = []
    for part in text.replace(";", ",").replace("\n", ",").split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        head = first.rstrip("0123456789")
        start, end = first[len(head) :], last.removeprefix(head)
        if not dash or not (start and end.isascii() and end.isdecimal()):
            found += [part.strip()] if part.strip() else []
            continue
        if not 0 <= int(end) - int(start) < MOST_LINES:
            raise InvalidAct(N_("This range of numbers can't be used: {range}"), range=part.strip()[:LONGEST_NUMBER])
        found += [f"{head}{number:0{len(start)}}" for number in range(int(start), int(end) + 1)]
    if len(found) > MOST_LINES:
        raise InvalidAct(N_("An act has from 1 to {most} lines."), most=MOST_LINES)
    return tuple(found)
