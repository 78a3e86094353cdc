"""A record as MARCXML for harvesters: what XML or the schema of MARC 21 slim has no room for is left out."""

from __future__ import annotations

import re

from harvest.provider.characters import attribute, legal
from library.domain.errors import NotExpressible
from library.domain.marc import ControlField, DataField, Dialect, Field, MarcRecord, Subfield
from library.marc import dialects, marcxml
from library.marc.encodings import UNPRINTABLE
from library.projections.oai_item import XSI

SLIM_SCHEMA = "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd"
MARCXCHANGE_SCHEMA = "http://www.loc.gov/standards/iso25577/marcxchange-1-1.xsd"
SLIM, MARCXCHANGE = marcxml.SLIM, marcxml.MARCXCHANGE

_LEADER = re.compile(r"[\d ]{5}[\dA-Za-z ][\dA-Za-z][\dA-Za-z ]{3}[2 ]{2}[\d ]{5}[\dA-Za-z ]{3}(?:4500| {4})")
_PLAIN_LEADER = "00000nam a2200000 a 4500"
_CONTROL_TAG = re.compile(r"00[1-9A-Za-z]")
_DATA_TAG = re.compile(r"0[1-9A-Z][0-9A-Z]|0[1-9a-z][0-9a-z]|[1-9A-Z][0-9A-Z]{2}|[1-9a-z][0-9a-z]{2}")
_INDICATOR = re.compile(r"[\da-z ]")
_CODE = re.compile(r"[\dA-Za-z!\"#$%&'()*+,\-./:;<=>?{}_^`~\[\]\\]")
_TYPE_PLACE = slice(5, 8)
_ROOT = b"<record "


def in_marc21(dialect: Dialect, marc: MarcRecord) -> bytes:
    """The record in MARC 21 slim, by crosswalk where it is of another dialect."""
    converted = dialects.to_marc21(dialect, marc)
    fields = [field for field in map(_slim, converted.fields) if field is not None]
    # The schema wants all control fields before the others.
    fields.sort(key=lambda field: isinstance(field, DataField))
    return _element(Dialect.MARC21, MarcRecord(_leader(converted.leader), tuple(fields)), SLIM, SLIM_SCHEMA)


def in_own_dialect(dialect: Dialect, marc: MarcRecord) -> bytes:
    """The record as it is, in MarcXchange (ISO 25577): for UNIMARC and IRBIS."""
    return _element(dialect, marc, MARCXCHANGE, MARCXCHANGE_SCHEMA)


def _element(dialect: Dialect, marc: MarcRecord, namespace: str, schema: str) -> bytes:
    try:
        written = marcxml.encode(dialect, marc)
    except NotExpressible:
        written = marcxml.encode(dialect, _printable_record(marc))
    location = f"xmlns:xsi={attribute(XSI)} xsi:schemaLocation={attribute(f'{namespace} {schema}')} "
    # Some clients drop the line ends between elements, and others don't: without any all have the same.
    return written.rstrip().replace(b">\n<", b"><").replace(_ROOT, _ROOT + location.encode(), 1)


def _leader(leader: str) -> str:
    """The leader, or the plain one with what can be kept of its type where the schema does not let it pass."""
    if _LEADER.fullmatch(leader):
        return leader
    mended = _PLAIN_LEADER[:5] + leader[_TYPE_PLACE].ljust(3) + _PLAIN_LEADER[8:]
    return mended if _LEADER.fullmatch(mended) else _PLAIN_LEADER


def _slim(field: Field) -> Field | None:
    if isinstance(field, ControlField):
        return field if _CONTROL_TAG.fullmatch(field.tag) else None
    if not _DATA_TAG.fullmatch(field.tag):
        return None
    subfields = tuple([subfield for subfield in field.subfields if _CODE.fullmatch(subfield.code)])
    if not subfields:
        return None
    first, second = field.indicators[0], field.indicators[1]
    if _INDICATOR.fullmatch(first) and _INDICATOR.fullmatch(second) and len(subfields) == len(field.subfields):
        return field
    indicators = "".join(one if _INDICATOR.fullmatch(one) else " " for one in field.indicators)
    return DataField(field.tag, indicators, subfields)


def _printable_record(marc: MarcRecord) -> MarcRecord:
    return MarcRecord(_printable(marc.leader), tuple([_printable_field(field) for field in marc.fields]))


def _printable_field(field: Field) -> Field:
    if isinstance(field, ControlField):
        return ControlField(_printable(field.tag), _printable(field.value))
    subfields = tuple([Subfield(_printable(one.code), _printable(one.value)) for one in field.subfields])
    return DataField(_printable(field.tag), "".join(_printable(one) or " " for one in field.indicators), subfields)


def _printable(text: str) -> str:
    return UNPRINTABLE.sub("", legal(text))
