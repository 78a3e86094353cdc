"""Readers of an IRBIS base of readers (RDR).

Taken are the name (10, 11, 12), the ticket (30), the category (50), the dates of registration (51, 52) and, of the
student's data (90), the subfields that were named. Nothing else is ever looked at: no password (130), birth date (21),
address (13), telephone (17), picture (950), loan (40), nor anything on health.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from library.domain.errors import N_, Message
from library.domain.marc import MarcRecord
from library.domain.people import LibraryCard
from library.domain.readers import Incoming, IncomingReader, RefusedReader, category_with_doubt, date_of
from library.marc.irbis.values import text_of
from library.marc.source import ReadRecord, RejectedRecord

_NAME = ("10", "11", "12")
_TICKET, _CATEGORY, _STUDENT = "30", "50", "90"
_REGISTERED = ("51", "52")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a base of readers does not say by itself.

    `faculty` and `group` are the codes of the subfields of field 90 that hold them: libraries differ. A card holds for
    a year from the last registration, as IRBIS has readers registered anew each year, unless `valid_until` is set.
    """

    faculty: str = ""
    group: str = ""
    valid_until: date | None = None


def readers(records: Iterable[ReadRecord | RejectedRecord], reading: Reading) -> Iterator[Incoming]:
    """The readers in these records; logically deleted ones are left out."""
    for record in records:
        if isinstance(record, RejectedRecord):
            yield RefusedReader(number=record.number, reason=record.reason)
        elif not record.deleted:
            yield _reader(record.number, record.marc, reading)


def _reader(number: int, marc: MarcRecord, reading: Reading) -> Incoming:
    ticket = _text(marc, _TICKET)
    name = " ".join(filter(None, (_text(marc, tag) for tag in _NAME)))
    if not ticket or not name:
        return RefusedReader(number=number, reason=Message.of(N_("It has no ticket (30) or no name (10, 11).")))
    category, doubts = category_with_doubt(_text(marc, _CATEGORY))
    until = reading.valid_until
    if until is None:
        registered = _registered(marc)
        until = _a_year_after(registered) if registered else None
        if registered is None:
            doubts = (*doubts, Message.of(N_("It has no date of registration (51, 52); the card holds without end.")))
    card = LibraryCard(
        number=ticket,
        category=category,
        faculty=_student(marc, reading.faculty),
        group=_student(marc, reading.group),
        valid_until=until,
    )
    return IncomingReader(number=number, name=name, card=card, doubts=doubts)


def _text(marc: MarcRecord, tag: str) -> str:
    """The text of the first such field, before its subfields."""
    for field in marc.all(tag):
        return text_of(field).partition("^")[0].strip()
    return ""


def _student(marc: MarcRecord, code: str) -> str:
    return (marc.first(_STUDENT, code + code.swapcase()) or "").strip() if code else ""


def _registered(marc: MarcRecord) -> date | None:
    """The last day of a registration; its date stands before the subfields."""
    days = [date_of(text_of(field).partition("^")[0]) for field in marc.all(*_REGISTERED)]
    return max((day for day in days if day is not None), default=None)


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
