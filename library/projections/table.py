"""Records as rows of a table (CSV): one row a record, one line a cell, and no cell that a spreadsheet would compute."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from io import StringIO

from library.domain.description import CreatorRole, Description
from library.domain.errors import N_
from library.projections.identifiers import printed_isbn
from library.projections.plain_text import clean

BYTE_ORDER_MARK = "\ufeff"
_BETWEEN = " | "
_FORMULA_SIGNS = frozenset("=+-@")
# A program that takes another sign for the separator would begin a cell after it, or a line.
_AFTER_SEPARATOR = re.compile(r"""(?<=[,;\t\r\n])(["'\s]*)(?=[=+\-@＝＋－＠﹦﹢﹣﹫])""")
_LINE_STARTS = ("\t", "\r", "\n")


def _host(facts: Description) -> tuple[str, ...]:
    host = facts.host
    return (", ".join(filter(None, (host.title, host.volume, host.issue, host.pages))),) if host is not None else ()


_COLUMNS: tuple[tuple[str, Callable[[Description], Iterable[str]]], ...] = (
    (N_("Title"), lambda facts: (facts.title,)),
    (N_("Other title information"), lambda facts: (facts.remainder,)),
    (N_("Authors"), lambda facts: (one.name for one in facts.creators if one.role is CreatorRole.AUTHOR)),
    (N_("Other persons"), lambda facts: (one.name for one in facts.creators if one.role is not CreatorRole.AUTHOR)),
    (N_("Published in"), _host),
    (N_("Edition statement"), lambda facts: (facts.edition,)),
    (N_("Place of publication"), lambda facts: facts.places),
    (N_("Publisher"), lambda facts: facts.publishers),
    (N_("Year"), lambda facts: (str(facts.year) if facts.year is not None else "",)),
    (N_("Extent"), lambda facts: (facts.extent,)),
    (N_("Series"), lambda facts: facts.series),
    (N_("ISBN"), lambda facts: map(printed_isbn, facts.isbns)),
    (N_("ISSN"), lambda facts: facts.issns),
    (N_("Subject headings"), lambda facts: facts.subjects),
    (N_("Keywords"), lambda facts: facts.keywords),
    (N_("UDC"), lambda facts: facts.udc),
    (N_("BBK"), lambda facts: facts.bbk),
    (N_("Shelfmark"), lambda facts: dict.fromkeys(copy.shelfmark for copy in facts.copies)),
    (N_("Number of copies"), lambda facts: (str(sum(copy.count for copy in facts.copies)) if facts.copies else "",)),
    (N_("On the web"), lambda facts: (link.url for link in facts.links)),
)
HEADINGS = (
    N_("Record number"),
    N_("Permanent link"),
    N_("Document type"),
    N_("Language of the text"),
    *(label for label, _ in _COLUMNS),
)


def row(record_id: int, description: Description, address: str, labels: Mapping[str, str]) -> tuple[str, ...]:
    """The cells of a record under `HEADINGS`; `labels` has the words for types and languages, by their codes."""
    material = description.material.value
    languages = _joined(labels.get(code, code) for code in description.languages)
    values = (_joined(values(description)) for _, values in _COLUMNS)
    return (str(record_id), address, labels.get(material, material), languages, *values)


def line(cells: Iterable[str], separator: str) -> str:
    """One line of the file (RFC 4180), every cell in quotation marks and safe from being computed."""
    stream = StringIO()
    csv.writer(stream, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(
        map(safe_cell, cells)
    )
    return stream.getvalue()


def safe_cell(text: str) -> str:
    """The text with an apostrophe before whatever a spreadsheet would take for a formula.

    That is = + - @ in any width, also after spaces of any kind and signs that cannot be seen, also after a sign that
    separates cells elsewhere; and a tabulator or line end at the beginning.
    """
    text = _AFTER_SEPARATOR.sub(r"\1'", text)
    return f"'{text}" if text.startswith(_LINE_STARTS) or _first_visible(text) in _FORMULA_SIGNS else text


def _first_visible(text: str) -> str:
    for letter in text:
        if not letter.isspace() and unicodedata.category(letter) not in ("Cc", "Cf"):
            return unicodedata.normalize("NFKC", letter)[:1]
    return ""


def _joined(values: Iterable[str]) -> str:
    return _BETWEEN.join(value for value in map(clean, values) if value)
