"""Tables as workbooks (XLSX): texts are texts whatever they begin with, and numbers can be added up.

The only module that knows the package that writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from tempfile import TemporaryDirectory

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from library.domain.errors import N_, NotExpressible
from library.projections.delimited import Cell
from library.projections.plain_text import clean
from library.projections.table import safe_cell

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
"""Of one sheet, its headings among them; the format has no room for more."""

_LONGEST_TEXT = 32_767
_LONGEST_NAME = 31
_NOT_IN_NAMES = str.maketrans("[]:*?/\\", "()-- --")
_USUAL_WIDTH = 16
_DAY, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table with its name. `above` are rows before the headings; `widths` of columns are in characters."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    above: Sequence[Sequence[Cell]] = ()
    widths: Sequence[int] = ()


def workbook(sheets: Iterable[Sheet], *, title: str, made_at: datetime) -> bytes:
    """The file of these sheets, in their order; the same sheets at the same time make the same bytes.

    A row is let go as soon as it is written. Times stand in UTC, because cells know no zones. Raises `NotExpressible`
    for more than `MOST_ROWS` rows: nothing is ever cut.
    """
    stream = BytesIO()
    with TemporaryDirectory(prefix="workbook-") as directory:
        book = xlsxwriter.Workbook(stream, {"constant_memory": True, "tmpdir": directory})
        # Closed whatever happens: its files of rows lie in the directory.
        with closing(book):
            book.set_properties({"title": clean(title), "created": made_at.astimezone(UTC).replace(tzinfo=None)})
            looks = _Looks(book)
            for sheet in sheets:
                _write(book.add_worksheet(_name(sheet.name)), sheet, looks)
    return stream.getvalue()


class _Looks:
    """How cells look; a look is made when it is first needed."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._numbers: dict[int, Format] = {}
        self.heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        # What the apostrophe before a text says in a spreadsheet: never compute it, not even when the cell is edited.
        self.guarded = book.add_format({"quote_prefix": True})
        self.day = book.add_format({"num_format": _DAY})
        self.moment = book.add_format({"num_format": _MOMENT})

    def number(self, decimals: int) -> Format:
        if decimals not in self._numbers:
            form = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
            self._numbers[decimals] = self._book.add_format({"num_format": form})
        return self._numbers[decimals]


def _write(worksheet: Worksheet, sheet: Sheet, looks: _Looks) -> None:
    for column in range(len(sheet.headings)):
        width = sheet.widths[column] if column < len(sheet.widths) else _USUAL_WIDTH
        worksheet.set_column(column, column, width)
    worksheet.freeze_panes(len(sheet.above) + 1, 0)
    number = 0
    for row in sheet.above:
        _write_row(worksheet, number, row, looks)
        number += 1
    for column, heading in enumerate(sheet.headings):
        worksheet.write_string(number, column, clean(heading), looks.heading)
    for row in sheet.rows:
        number += 1
        if number == MOST_ROWS:
            raise NotExpressible(
                N_("A workbook has {most} rows at most. Ask for a shorter time, or for CSV."), most=MOST_ROWS
            )
        _write_row(worksheet, number, row, looks)


def _write_row(worksheet: Worksheet, number: int, row: Sequence[Cell], looks: _Looks) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            text = _fitting(clean(cell))
            worksheet.write_string(number, column, text, looks.guarded if safe_cell(text) != text else None)
        elif isinstance(cell, datetime):
            worksheet.write_datetime(number, column, cell.astimezone(UTC).replace(tzinfo=None), looks.moment)
        elif isinstance(cell, date):
            worksheet.write_datetime(number, column, cell, looks.day)
        elif cell is not None:
            exponent = cell.as_tuple().exponent if isinstance(cell, Decimal) else 0
            decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
            worksheet.write_number(number, column, float(cell), looks.number(decimals))


def _fitting(text: str) -> str:
    """The text, with an ellipsis where a cell has no room for the rest."""
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"


def _name(name: str) -> str:
    return clean(name).translate(_NOT_IN_NAMES)[:_LONGEST_NAME].strip("' ")
