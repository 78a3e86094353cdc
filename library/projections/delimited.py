"""Tables as text (CSV): numbers stay numbers, and no text is left that a spreadsheet would compute."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import TypeAlias

from library.projections.plain_text import clean
from library.projections.table import BYTE_ORDER_MARK, safe_cell

Cell: TypeAlias = str | int | Decimal | date | None
"""What stands in a cell: a text, a number, a day or an aware time; None where there is nothing to tell."""


def lines(rows: Iterable[Sequence[Cell]], separator: str) -> Iterator[str]:
    """The lines of a file in UTF-8 (RFC 4180), the first with the byte order mark by which Excel knows the encoding.

    Numbers have a point, days and times are those of ISO 8601; of text, what a spreadsheet would compute begins with an
    apostrophe.
    """
    mark = BYTE_ORDER_MARK
    for row in rows:
        yield mark + _line([_written(cell) for cell in row], separator)
        mark = ""


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return safe_cell(clean(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _line(cells: Sequence[str], separator: str) -> str:
    stream = StringIO()
    csv.writer(stream, delimiter=separator, lineterminator="\r\n").writerow(cells)
    return stream.getvalue()
