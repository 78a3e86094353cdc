"""Copies written into a record in the fields of its dialect: 910 of IRBIS, 899 of RUSMARC, 952 of MARC 21 (as Koha)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from library.domain.marc import DataField, Dialect, Field, MarcRecord, Subfield

_LONGEST_COUNT = 6
_TAGS = {Dialect.IRBIS: "910", Dialect.UNIMARC: "899", Dialect.MARC21: "952"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedCopy:
    """A copy as the act that brings it says; without an inventory number, `quantity` of them (IRBIS only)."""

    inventory_number: str
    quantity: int
    place: str
    price: Decimal
    act: str
    received_on: date


def with_copy(dialect: Dialect, marc: MarcRecord, copy: ReceivedCopy) -> MarcRecord:
    """The record with one more copy, behind its other copies."""
    tag = _TAGS[dialect]
    new = DataField(tag, "  ", tuple(Subfield(code, value) for code, value in _subfields(dialect, copy) if value))
    last = max((index for index, field in enumerate(marc.fields) if field.tag == tag), default=len(marc.fields) - 1)
    return marc.with_fields((*marc.fields[: last + 1], new, *marc.fields[last + 1 :]))


def without_copies(dialect: Dialect, marc: MarcRecord, inventory_numbers: Collection[str], act: str) -> MarcRecord:
    """The record with these copies marked as written off by this act; RUSMARC, which has no such mark, loses them."""
    fields: list[Field] = []
    for field in marc.fields:
        if (
            not isinstance(field, DataField)
            or field.tag != _TAGS[dialect]
            or _number(dialect, field) not in inventory_numbers
        ):
            fields.append(field)
        elif dialect is not Dialect.UNIMARC:
            fields.append(_marked(dialect, field, act))
    return marc.with_fields(fields)


def without_unnumbered(marc: MarcRecord, quantity: int) -> MarcRecord:
    """An IRBIS record with so many copies less of those without numbers (910 with status U); less than none never."""
    fields: list[Field] = []
    for field in marc.fields:
        count = _unnumbered(field)
        gone = min(count, quantity)
        quantity -= gone
        if not gone:
            fields.append(field)
        elif count > gone:
            assert isinstance(field, DataField), "only copies are counted"
            fields.append(_with(field, {"1": str(count - gone)}))
    return marc.with_fields(fields)


def _unnumbered(field: Field) -> int:
    """How many copies without numbers an IRBIS field counts."""
    if not isinstance(field, DataField) or field.tag != "910" or (field.first("aA") or "").upper() != "U":
        return 0
    count = field.first("1") or ""
    return int(count) if count.isascii() and count.isdecimal() and len(count) <= _LONGEST_COUNT else 0


def _subfields(dialect: Dialect, copy: ReceivedCopy) -> list[tuple[str, str]]:
    number, price = copy.inventory_number, str(copy.price) if copy.price else ""
    match dialect:
        case Dialect.IRBIS:
            head = [("a", "0"), ("b", number)] if number else [("a", "U"), ("1", str(copy.quantity))]
            day = copy.received_on.strftime("%Y%m%d")
            return [*head, ("c", day), ("d", copy.place), ("e", price), ("u", copy.act)]
        case Dialect.UNIMARC:
            return [("a", copy.place), ("p", number)]
        case Dialect.MARC21:
            day = copy.received_on.isoformat()
            return [("a", copy.place), ("b", copy.place), ("d", day), ("e", copy.act), ("g", price), ("i", number)]


def _number(dialect: Dialect, field: DataField) -> str:
    code = {Dialect.IRBIS: "bB", Dialect.UNIMARC: "p", Dialect.MARC21: "i"}[dialect]
    return (field.first(code) or "").strip()


def _marked(dialect: Dialect, field: DataField, act: str) -> DataField:
    return _with(field, {"a": "6", "v": act} if dialect is Dialect.IRBIS else {"0": "1"})


def _with(field: DataField, values: dict[str, str]) -> DataField:
    """The field with these subfields set, in whichever case their codes are written."""
    kept = [
        Subfield(subfield.code, values.pop(subfield.code.lower())) if subfield.code.lower() in values else subfield
        for subfield in field.subfields
    ]
    return DataField(field.tag, field.indicators, (*kept, *(Subfield(code, value) for code, value in values.items())))
