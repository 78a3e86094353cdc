"""Which worksheet a record is edited in."""

from __future__ import annotations

from collections.abc import Mapping

from library.domain.description import Material
from library.domain.marc import Dialect, MarcRecord
from library.marc import dialects
from library.marc.worksheets import irbis, marc21, unimarc
from library.marc.worksheets.model import Worksheet

WORKSHEETS: Mapping[str, Worksheet] = {
    worksheet.key: worksheet for worksheet in (*marc21.WORKSHEETS, *unimarc.WORKSHEETS, *irbis.WORKSHEETS)
}


def worksheets(dialect: Dialect) -> tuple[Worksheet, ...]:
    """The worksheets of a dialect, in the order of a menu."""
    return tuple(worksheet for worksheet in WORKSHEETS.values() if worksheet.dialect is dialect)


def worksheet(dialect: Dialect, material: Material) -> Worksheet:
    """The worksheet for this kind of document; textbooks and whatever has none of its own are books."""
    return WORKSHEETS.get(f"{dialect}-{material}", WORKSHEETS[f"{dialect}-{Material.BOOK}"])


def worksheet_for(dialect: Dialect, marc: MarcRecord) -> Worksheet:
    """The worksheet that fits a record: by what it is in the catalogue; of a set, its volume before its genre."""
    if _is_volume(dialect, marc):
        return worksheet(dialect, Material.VOLUME)
    return worksheet(dialect, dialects.describe(dialect, marc).material)


def _is_volume(dialect: Dialect, marc: MarcRecord) -> bool:
    """Whether the record is a volume of a set of books, whatever is in it."""
    match dialect:
        case Dialect.MARC21:
            return marc.leader[7] == "m" and marc.leader[19] in "bc"
        case Dialect.UNIMARC:
            return marc.leader[7] == "m" and marc.leader[8] == "2" and bool(marc.all("461")) and not marc.all("463")
        case Dialect.IRBIS:
            return any((field.text or field.first("aA") or "").strip().upper() == "SPEC" for field in marc.all("920"))
