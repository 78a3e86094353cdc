"""A list of readers as a table of text (CSV): encoding, separator and columns are found out."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from itertools import islice

from library.domain.errors import N_, Message
from library.domain.people import LibraryCard
from library.domain.readers import Incoming, IncomingReader, RefusedReader, category_with_doubt, date_of
from library.marc import encodings
from library.services.asked import cleaned

SEPARATORS = ";,\t|"
MOST_LINES = 200_000
ENOUGH_LINES = 20
COLUMNS = ("card", "hemis", "name", "category", "faculty", "group", "until")
"""The columns in their order, where a table has no headings."""

# What headings begin with, in the languages of the universities; apostrophes, case and signs left out.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "hemis": ("hemis", "хемис"),
    "name": ("name", "fullname", "fish", "ismfamiliya", "familiya", "имя", "фио", "фамилия", "атыжөнү", "фиш"),
    "category": ("category", "toifa", "kategoriya", "категория", "тоифа", "түрү"),
    "faculty": ("faculty", "fakultet", "факультет"),
    "group": ("group", "guruh", "группа", "гуруҳ", "топ"),
    "until": ("valid", "until", "amal", "muddat", "действ", "срок", "амал", "муддат", "мөөнөт"),
    "card": ("card", "login", "ticket", "chipta", "karta", "bilet", "kutubxona", "номер", "билет", "читат", "чипта"),
}
_FEWEST_HEADINGS = 2


def read(data: bytes) -> Iterator[Incoming]:
    """The readers in the bytes of such a table, with the numbers of their lines, and the lines that are none."""
    text = _decoded(data).replace("\0", "")
    lines = csv.reader(StringIO(text, newline=""), delimiter=_separator(text))
    columns: Sequence[str] = COLUMNS
    begun = False
    while True:
        number = lines.line_num + 1
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            yield RefusedReader(
                number=number, reason=Message.of(N_("The line can't be read: {reason}"), reason=str(error))
            )
            return
        if number > MOST_LINES:
            yield RefusedReader(number=number, reason=Message.of(N_("The table is too long. Divide it.")))
            return
        if not any(cell.strip() for cell in cells):
            continue
        if not begun:
            begun = True
            if headings := _headings(cells):
                columns = headings
                continue
        yield _reader(number, dict(zip(columns, map(cleaned, cells), strict=False)))


def _reader(number: int, cells: Mapping[str, str]) -> Incoming:
    card, name, until = cells.get("card", ""), cells.get("name", ""), cells.get("until", "")
    if not card or not name:
        return RefusedReader(number=number, reason=Message.of(N_("It has no card number or no name.")))
    day = date_of(until)
    if until and day is None:
        return RefusedReader(number=number, reason=Message.of(N_("“{text}” is no date."), text=until[:40]))
    category, doubts = category_with_doubt(cells.get("category", ""))
    taken = LibraryCard(
        number=card,
        hemis_number=cells.get("hemis", ""),
        category=category,
        faculty=cells.get("faculty", ""),
        group=cells.get("group", ""),
        valid_until=day,
    )
    return IncomingReader(number=number, name=name, card=taken, doubts=doubts)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if encodings.is_utf8(data):
        return data.decode("utf-8-sig")
    return data.decode(encodings.code_page(data) or "cp1251", "replace")


def _separator(text: str) -> str:
    """The sign that the first lines have most of; each line must have one at least."""
    lines = [line for line in islice(StringIO(text), ENOUGH_LINES) if line.strip()]
    return max(
        SEPARATORS, key=lambda sign: (min((line.count(sign) for line in lines), default=0), -SEPARATORS.index(sign))
    )


def _headings(cells: Sequence[str]) -> tuple[str, ...]:
    """The columns that the headings of a table name; none where they are no headings."""
    found = tuple(_column(cell) for cell in cells)
    return found if len(set(filter(None, found))) >= _FEWEST_HEADINGS and "card" in found else ()


def _column(heading: str) -> str:
    plain = "".join(letter for letter in heading.casefold() if letter.isalnum())
    return next((column for column, beginnings in _HEADINGS.items() if plain.startswith(beginnings)), "")
