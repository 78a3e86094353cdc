"""Records written in the way of their dialect: as ISO 2709, and as text for people."""

from __future__ import annotations

from library.domain.marc import ControlField, Dialect, Field, MarcRecord
from library.marc import iso2709
from library.marc.irbis import iso as irbis_iso
from library.marc.irbis import text as irbis_text


def encode_iso2709(dialect: Dialect, marc: MarcRecord) -> bytes:
    """The record in ISO 2709 and UTF-8 as programs of its dialect read it; `NotExpressible` where it does not fit."""
    match dialect:
        case Dialect.MARC21:
            return iso2709.encode(marc)
        case Dialect.UNIMARC:
            return iso2709.encode_unimarc(marc)
        case Dialect.IRBIS:
            return irbis_iso.encode(marc)


def encode_text(dialect: Dialect, marc: MarcRecord) -> str:
    """The record in lines: the text format of IRBIS, else a line for each field ("245 10 $aTitle $bRemainder").

    Blank indicators are shown as "#". An empty line ends a record of MARC 21 or UNIMARC.
    """
    if dialect is Dialect.IRBIS:
        return irbis_text.encode(marc)
    return "\n".join([f"LDR {marc.leader}", *map(field_line, marc.fields), "", ""])


def field_line(field: Field) -> str:
    """A field of any dialect on one line: "245 10 $aTitle $bRemainder", blank indicators as "#"."""
    if isinstance(field, ControlField):
        return f"{field.tag} {field.value}"
    indicators = field.indicators.replace(" ", "#")
    return " ".join([field.tag, indicators, *(f"${subfield.code}{subfield.value}" for subfield in field.subfields)])
