"""Cards, labels, lists and tables as a PDF: the only module that knows typst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import orjson
import typst

from library.projections.card import Card
from library.projections.labels import Label, LabelKind

LAYOUT = Path(__file__).with_name("cards.typ")
SHEET = Path(__file__).with_name("sheet.typ")
LABELS = Path(__file__).with_name("labels.typ")
TRANSFER_ACT = Path(__file__).with_name("transfer_act.typ")
TITLE_PAGE = Path(__file__).with_name("title_page.typ")
ANSWER_LETTER = Path(__file__).with_name("answer_letter.typ")
BIBLIOGRAPHY = Path(__file__).with_name("bibliography.typ")
STATISTICS = Path(__file__).with_name("statistics.typ")
LABELS_ON_A_SHEET = 24
LONGEST = {"heading": 150, "description": 900, "notes": 250, "abstract": 500, "tracings": 300}
MOST_INDICES = 3
MOST_INVENTORY_NUMBERS = 6
LONGEST_MARK = 40


class CardSize(StrEnum):
    """The sizes of cards: the international one of library drawers, and A6."""

    LIBRARY = "75x125"
    A6 = "a6"


# Width and height in millimetres; four of either make a sheet of A4.
MILLIMETRES = {CardSize.LIBRARY: (125, 75), CardSize.A6: (148, 105)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWording:
    """What is printed beside the facts, in the language of the reader."""

    title: str
    udc: str
    bbk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table for paper: lines above it, headings, and rows of cells; `widths` are the shares of the columns."""

    title: str
    library: str
    about: tuple[str, ...]
    headings: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSheets:
    """Labels for sheets of three by eight (70 x 37 mm); the first `skip` places of the first sheet are used up."""

    title: str
    library: str
    kind: LabelKind
    skip: int
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """A numbered description."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSection:
    """Descriptions under a heading, which may be empty."""

    heading: str
    entries: tuple[ListEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLine:
    """A name and the numbers of the descriptions that bear it."""

    name: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bibliography:
    """A bibliographic list for paper, with lines above it and an index of names."""

    title: str
    library: str
    about: tuple[str, ...]
    sections: tuple[ListSection, ...]
    index_heading: str
    index: tuple[IndexLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A place to sign: who, and what is written under the line."""

    heading: str
    name: str
    under: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAct:
    """An act of transfer: names and values, the table of files, and the signatures of both parties."""

    title: str
    institution: str
    library: str
    opening: str
    facts: tuple[tuple[str, str], ...]
    files_heading: str
    headings: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    total: str
    signatures: tuple[Party, Party]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLetter:
    """An answer to somebody: from whom, to whom, about what, its words, and a place to sign."""

    title: str
    institution: str
    library: str
    day: str
    addressee: str
    facts: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    under: str
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TitlePage:
    """A page before a file that was downloaded: names and values, and a line at its foot."""

    library: str
    creators: str
    title: str
    facts: tuple[tuple[str, str], ...]
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsPaperTable:
    """A table of statistics, perhaps under a chart: a whole file of SVG."""

    heading: str
    note: str
    picture: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsPaper:
    """Statistics for paper: figures with what they are compared with, tables, and the official who answers for them."""

    title: str
    institution: str
    library: str
    about: tuple[str, ...]
    figures: tuple[tuple[str, str, str], ...]
    tables: tuple[StatisticsPaperTable, ...]
    responsible: Party


class Printing:
    """Sets what goes to paper; the fonts are looked up once."""

    def __init__(self) -> None:
        self._fonts = typst.Fonts(include_system_fonts=True)

    def cards(self, cards: Sequence[Card], size: CardSize, wording: CardWording) -> bytes:
        """A PDF with four cards to a sheet of A4, in their order.

        Where a card is full the type gets smaller, then the abstract is left out; a part that is far too long for any
        card ends with an ellipsis.
        """
        width, height = MILLIMETRES[size]
        content = {
            "title": wording.title,
            "width": width,
            "height": height,
            "cards": [_content(card, wording) for card in cards],
        }
        return self._set(LAYOUT, "cards", content)

    def sheet(self, sheet: Sheet) -> bytes:
        """A PDF of the table over sheets of A4 across, numbered, with the headings on each."""
        return self._set(SHEET, "sheet", sheet)

    def labels(self, sheets: LabelSheets) -> bytes:
        """A PDF of labels on sheets of A4, three by eight to a sheet."""
        return self._set(LABELS, "labels", sheets)

    def transfer_act(self, act: TransferAct) -> bytes:
        """A PDF of an act of transfer on sheets of A4, numbered."""
        return self._set(TRANSFER_ACT, "act", act)

    def answer_letter(self, letter: AnswerLetter) -> bytes:
        """A PDF of a letter on sheets of A4, numbered."""
        return self._set(ANSWER_LETTER, "letter", letter)

    def bibliography(self, bibliography: Bibliography) -> bytes:
        """A PDF of a bibliographic list over sheets of A4, numbered."""
        return self._set(BIBLIOGRAPHY, "bibliography", bibliography)

    def statistics(self, paper: StatisticsPaper) -> bytes:
        """A PDF of statistics on sheets of A4, numbered, with the place where the responsible official signs."""
        return self._set(STATISTICS, "paper", paper)

    def title_page(self, page: TitlePage) -> bytes:
        """A PDF whose first page, of A4, has all of this as far as there is room."""
        return self._set(TITLE_PAGE, "page", page)

    def _set(self, layout: Path, name: str, content: object) -> bytes:
        return typst.compile(
            layout,
            root=layout.parent,
            font_paths=self._fonts,
            format="pdf",
            sys_inputs={name: orjson.dumps(content).decode()},
        )


def _content(card: Card, wording: CardWording) -> dict[str, str | list[str]]:
    parts = {name: _at_most(getattr(card, name), limit) for name, limit in LONGEST.items()}
    numbers = list(card.inventory_numbers[:MOST_INVENTORY_NUMBERS])
    if len(card.inventory_numbers) > MOST_INVENTORY_NUMBERS:
        numbers.append("…")
    indices = [(wording.udc, index) for index in card.udc] + [(wording.bbk, index) for index in card.bbk]
    return {
        **parts,
        "shelfmark": [_at_most(mark, LONGEST_MARK) for mark in card.shelfmark[:MOST_INDICES]],
        "indices": [_at_most(f"{name} {index}", LONGEST_MARK) for name, index in indices[:MOST_INDICES]],
        "inventory": ", ".join(_at_most(number, LONGEST_MARK) for number in numbers),
    }


def _at_most(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
