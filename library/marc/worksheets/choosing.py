"""Which worksheet a record is edited in."""

from __future__ import annotations

from collections.abc import Mapping

from library.domain.description import Material
from library.domain.marc import Dialect, MarcRecord
from library.marc import dialects
from library.marc.dialects.unimarc_embedded import linked
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
    if not _is_part_of_set(dialect, marc):
        return worksheet(dialect, dialects.describe(dialect, marc).material)
    return worksheet(dialect, Material.ISSUE if _is_of_periodical(dialect, marc) else Material.VOLUME)


def _is_part_of_set(dialect: Dialect, marc: MarcRecord) -> bool:
    """Whether the record is a volume of a set or an issue of a periodical, whatever is in it."""
    match dialect:
        case Dialect.MARC21:
            return marc.leader[7] == "m" and marc.leader[19] in "bc"
        case Dialect.UNIMARC:
            return marc.leader[7] == "m" and marc.leader[8] == "2" and bool(marc.all("461")) and not marc.all("463")
        case Dialect.IRBIS:
            return any((field.text or field.first("aA") or "").strip().upper() == "SPEC" for field in marc.all("920"))


def _is_of_periodical(dialect: Dialect, marc: MarcRecord) -> bool:
    match dialect:
        case Dialect.MARC21:
            return bool(marc.all("022")) or marc.first("773", "x") is not None
        case Dialect.UNIMARC:
            return any(linked(field).marc.first("011", "a") for field in marc.all("461"))
        case Dialect.IRBIS:
            return False
