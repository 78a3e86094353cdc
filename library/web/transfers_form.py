"""The form of a transfer: what was typed, and the transfer that it makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from flask import request

from library.domain.errors import N_, InvalidTransfer
from library.domain.holdings import Source
from library.domain.intake_rules import PapersNeeded
from library.domain.transfer import LONGEST_NUMBER, LONGEST_TEXT, MOST_PAPERS, Paper, PaperKind, Transfer
from library.web import documents_words as words
from library.web.holdings import SOURCES
from library.web.languages import gettext
from library.web.pages import Page

TEXTS = ("source", "partner", "taken_on", "price", "licence", "term_ends", "note")
CELLS = ("kind", "number", "date")
EMPTY_ROWS = 3
LONGEST_TYPED = 2 * LONGEST_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFormPage(Page):
    """The form with whatever was typed; `record_id` is the record whose files are to come by it, 0 for none."""

    template: ClassVar[str] = "transfers/form.html"
    robots: ClassVar[str] = "noindex"

    csrf: str
    problem: str
    address: str
    record_id: int
    version: int
    values: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    needed: tuple[tuple[str, str], ...]
    longest_number: int
    longest_text: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the form."""

    values: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...]

    @classmethod
    def sent(cls) -> Typed:
        """What was sent; rows of papers in which nothing stands are left out."""
        form = request.form
        columns = [form.getlist(f"paper-{name}")[: MOST_PAPERS + EMPTY_ROWS] for name in CELLS]
        rows = (
            dict(zip(CELLS, (cell.strip() for cell in cells), strict=True)) for cells in zip(*columns, strict=False)
        )
        return cls(
            values={name: form.get(name, "").strip()[:LONGEST_TYPED] for name in TEXTS},
            rows=tuple(row for row in rows if row["number"] or row["date"]),
        )

    @classmethod
    def of(cls, transfer: Transfer) -> Typed:
        """What stands in the form of a transfer that is there."""
        values = {
            "source": transfer.source.value,
            "partner": transfer.partner,
            "taken_on": transfer.taken_on.isoformat(),
            "price": f"{transfer.price:.2f}" if transfer.price else "",
            "licence": transfer.licence,
            "term_ends": transfer.term_ends.isoformat() if transfer.term_ends else "",
            "note": transfer.note,
        }
        rows = tuple(
            {"kind": one.kind.value, "number": one.number, "date": one.date.isoformat()} for one in transfer.papers
        )
        return cls(values=values, rows=rows)

    def transfer(self, transfer_id: int = 0) -> Transfer:
        """The transfer that the form makes; `InvalidTransfer` with the remedy."""
        values = self.values
        if values["source"] not in list(Source):
            raise InvalidTransfer(N_("Choose how the files came."))
        taken_on = _day(values["taken_on"])
        if taken_on is None:
            raise InvalidTransfer(N_("Write the day on which the files were taken over."))
        return Transfer(
            id=transfer_id,
            source=Source(values["source"]),
            partner=values["partner"],
            taken_on=taken_on,
            papers=tuple(self._papers()),
            price=_price(values["price"]),
            licence=values["licence"],
            term_ends=_day(values["term_ends"]),
            note=values["note"],
        )

    def _papers(self) -> Iterator[Paper]:
        for row in self.rows:
            day = _day(row["date"])
            if row["kind"] not in list(PaperKind) or not row["number"] or day is None:
                raise InvalidTransfer(N_("Each paper needs its kind, its number and its date."))
            yield Paper(kind=PaperKind(row["kind"]), number=row["number"], date=day)


def form_page(
    typed: Typed, needed: PapersNeeded, *, csrf: str, address: str, version: int, record_id: int, problem: str = ""
) -> TransferFormPage:
    """The form with what was typed, and empty rows for more papers."""
    rules = ((source, needed.of(source)) for source in SOURCES)
    return TransferFormPage(
        csrf=csrf,
        problem=problem,
        address=address,
        record_id=record_id,
        version=version,
        values={name: typed.values.get(name, "") for name in TEXTS},
        rows=(*typed.rows, *(dict.fromkeys(CELLS, "") for _ in range(EMPTY_ROWS))),
        sources=tuple((source.value, gettext(label)) for source, label in SOURCES.items()),
        kinds=tuple((kind.value, gettext(label)) for kind, label in words.PAPERS.items()),
        needed=tuple((gettext(SOURCES[source]), words.papers(rule.missing(()))) for source, rule in rules),
        longest_number=LONGEST_NUMBER,
        longest_text=LONGEST_TEXT,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidTransfer(N_("This is no date: {typed}"), typed=text[:LONGEST_NUMBER]) from error


def _price(text: str) -> Decimal:
    try:
        price = Decimal(text.replace(" ", "").replace("\u00a0", "").replace(",", ".") or "0")
    except InvalidOperation as error:
        raise InvalidTransfer(N_("This is no price: {typed}"), typed=text[:LONGEST_NUMBER]) from error
    if not price.is_finite():
        raise InvalidTransfer(N_("This is no price: {typed}"), typed=text[:LONGEST_NUMBER])
    return price
