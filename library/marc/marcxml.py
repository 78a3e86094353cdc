"""MARCXML and MarcXchange: records as XML, for exports and for the open archive.

MARC 21 is written in MARC21 slim (Library of Congress), the other dialects in MarcXchange (ISO 25577), whose `format`
attribute names them. An IRBIS field's text before its first subfield mark is written as a subfield "_".
"""

from __future__ import annotations

import re

from library.domain.errors import N_, NotExpressible
from library.domain.marc import ControlField, Dialect, Field, MarcRecord
from library.marc.encodings import UNPRINTABLE

SLIM = "http://www.loc.gov/MARC21/slim"
MARCXCHANGE = "info:lc/xmlns/marcxchange-v1"
FORMATS = {Dialect.MARC21: "MARC21", Dialect.UNIMARC: "UNIMARC", Dialect.IRBIS: "IRBIS"}
LEADING_TEXT = "_"

# A carriage return must be a reference, or every reader makes it a line feed; in an attribute all blanks must.
_TO_REFERENCE = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\t": "&#9;", "\n": "&#10;"}
_IN_TEXT = str.maketrans({character: _TO_REFERENCE[character] for character in "&<>\r"})
_IN_ATTRIBUTE = str.maketrans(_TO_REFERENCE)
_SPECIAL = re.compile('[&<>"\r\t\n]')


def header(dialect: Dialect) -> bytes:
    """The beginning of a collection, before its first record."""
    space = SLIM if dialect is Dialect.MARC21 else MARCXCHANGE
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{space}">\n'.encode()


def footer() -> bytes:
    """The end of a collection, after its last record."""
    return b"</collection>\n"


def encode(dialect: Dialect, marc: MarcRecord) -> bytes:
    """One record element with its namespace, in UTF-8; `NotExpressible` for text that can't stand in XML."""
    if dialect is Dialect.MARC21:
        start = f'<record xmlns="{SLIM}">'
    else:
        start = f'<record xmlns="{MARCXCHANGE}" format="{FORMATS[dialect]}" type="Bibliographic">'
    fields = "".join([_field(field) for field in marc.fields])
    text = f"{start}\n<leader>{_text(marc.leader)}</leader>\n{fields}</record>\n"
    if UNPRINTABLE.search(text):
        raise NotExpressible(N_("The record has control characters, which XML can't hold."))
    return text.encode()


def _field(field: Field) -> str:
    if isinstance(field, ControlField):
        return f'<controlfield tag="{_attribute(field.tag)}">{_text(field.value)}</controlfield>\n'
    subfields = "".join(
        [
            f'<subfield code="{_attribute(subfield.code) or LEADING_TEXT}">{_text(subfield.value)}</subfield>\n'
            for subfield in field.subfields
        ]
    )
    first, second = _attribute(field.indicators[0]), _attribute(field.indicators[1])
    return f'<datafield tag="{_attribute(field.tag)}" ind1="{first}" ind2="{second}">\n{subfields}</datafield>\n'


def _text(value: str) -> str:
    return value.translate(_IN_TEXT) if _SPECIAL.search(value) else value


def _attribute(value: str) -> str:
    return value.translate(_IN_ATTRIBUTE) if _SPECIAL.search(value) else value
