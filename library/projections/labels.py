"""Labels of copies: bars or a code of squares that a reader's device takes, and the marks a shelf is ordered by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import barcode
from barcode.errors import IllegalCharacterError

from library.domain.description import Copy, Description
from library.projections import qr
from library.projections.plain_text import clean

LONGEST_BARS = 24


class LabelKind(StrEnum):
    """What a label is for: the desk, the spine of a book, or a reader's telephone."""

    BARCODE = "barcode"
    SPINE = "spine"
    QR = "qr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One label. `bars` are the modules of Code 128 (ISO/IEC 15417), 1 for a bar; `code` is a QR code as SVG.

    A number that Code 128 can't express, one in Cyrillic letters, has a QR code instead of bars.
    """

    number: str
    title: str
    shelfmark: tuple[str, ...]
    bars: str = ""
    code: str = ""


def label(kind: LabelKind, copy: Copy, description: Description, address: str) -> Label:
    """The label of a copy; `address` is the permanent one of its record."""
    number = copy.barcode or copy.inventory_number
    bars = _bars(number) if kind is LabelKind.BARCODE else ""
    coded = address if kind is LabelKind.QR else number if kind is LabelKind.BARCODE and number and not bars else ""
    return Label(
        number=number,
        title=clean(description.title),
        shelfmark=tuple(part for part in copy.shelfmark.replace("/", "\n").split("\n") if part.strip()),
        bars=bars,
        code=qr.svg(coded).decode() if coded else "",
    )


def _bars(number: str) -> str:
    if not 0 < len(number) <= LONGEST_BARS:
        return ""
    try:
        modules: list[str] = barcode.get("code128", number).build()
    except IllegalCharacterError:
        return ""
    return modules[0]
