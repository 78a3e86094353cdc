"""How files came into the library: from whom, by which papers, at what price, until when.

A file is taken in only with its transfer documents; which a source needs is a table in the settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from library.domain.errors import N_, InvalidTransfer, StaleVersion
from library.domain.holdings import CENT, DEAREST, Source

LONGEST_NUMBER = 64
LONGEST_TEXT = 500
MOST_PAPERS = 20


class PaperKind(StrEnum):
    """A document that accompanies a transfer."""

    ACT = "act"
    CONTRACT = "contract"
    AUTHOR_AGREEMENT = "author-agreement"
    INVOICE = "invoice"
    LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One such document by number and date."""

    kind: PaperKind
    number: str
    date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One taking over of files, on the day `taken_on`.

    `partner` is the supplier or giver; `price` is for all of it, in the country's currency; `term_ends` is the last
    day on which a subscription lets readers read, None where it has no end.
    """

    id: int = 0
    source: Source
    partner: str
    taken_on: date
    papers: tuple[Paper, ...] = ()
    price: Decimal = Decimal(0)
    licence: str = ""
    term_ends: date | None = None
    note: str = ""
    entered_by: str = ""
    entered_by_name: str = ""
    entered_at: datetime | None = None
    version: int = 1

    def expecting(self, version: int) -> Transfer:
        """This, if it still has the version that was read; else `StaleVersion`."""
        if version != self.version:
            raise StaleVersion(N_("This transfer was changed by somebody else meanwhile. Look at it again."))
        return self


def require_sound(transfer: Transfer) -> None:
    """Raise `InvalidTransfer` with the remedy unless a transfer may be like this."""
    if transfer.source is not Source.OWN and not transfer.partner:
        raise InvalidTransfer(N_("Write from whom the files came."))
    if transfer.source is Source.SUBSCRIPTION and transfer.term_ends is None:
        raise InvalidTransfer(N_("Write the last day of the subscription."))
    if not 0 <= transfer.price <= DEAREST or transfer.price != transfer.price.quantize(CENT):
        raise InvalidTransfer(N_("Write the price as a number with two decimals at most, such as 125000.00."))
    if len(transfer.papers) > MOST_PAPERS:
        raise InvalidTransfer(N_("There can be {most} papers at most."), most=MOST_PAPERS)
    for paper in transfer.papers:
        if not paper.number or len(paper.number) > LONGEST_NUMBER:
            raise InvalidTransfer(N_("Each paper has a number of {most} characters at most."), most=LONGEST_NUMBER)
    if any(len(text) > LONGEST_TEXT for text in (transfer.partner, transfer.licence, transfer.note)):
        raise InvalidTransfer(N_("A text may have {most} characters at most."), most=LONGEST_TEXT)
