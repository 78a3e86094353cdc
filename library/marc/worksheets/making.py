"""Records that begin: empty ones with what every record needs, and copies of others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from library.domain.marc import ControlField, DataField, Dialect, Field, MarcRecord, Subfield
from library.marc.worksheets.filling import fill
from library.marc.worksheets.form_values import parse_form
from library.marc.worksheets.model import Worksheet, WorksheetField

# What tells a record or its copies from others. ISBN and ISMN go too: another edition has its own.
_OWN_FIELDS = {
    Dialect.MARC21: frozenset({
        "001", "003", "005", "015", "016", "019", "020", "029", "035", "049", "852", "856", "863", "866", "876", "877",
        "878", "942", "949", "952", "999",
    }),
    Dialect.UNIMARC: frozenset({
        "001", "003", "005", "010", "013", "020", "021", "033", "035", "071", "073", "079", "316", "317", "318", "850",
        "852", "856", "899", "930", "990", "995",
    }),
    Dialect.IRBIS: frozenset({
        "10", "20", "391", "902", "903", "905", "907", "910", "929", "940", "941", "951", "953", "999", "1119",
        "2147483647",
    }),
}  # fmt: skip
_STATUS, _NEW = 5, "n"


def new_record(worksheet: Worksheet, defaults: Iterable[tuple[str, str]], at: datetime) -> MarcRecord:
    """An empty record of this kind, entered on that day, with these values (names of inputs) filled in."""
    fields = [made for shape in worksheet.fields if (made := _begun(shape, at)) is not None]
    if worksheet.dialect is not Dialect.IRBIS:
        fields.sort(key=lambda field: field.tag)
    return fill(worksheet, parse_form(defaults, MarcRecord(worksheet.leader, tuple(fields))))


def copy_record(dialect: Dialect, marc: MarcRecord, at: datetime) -> MarcRecord:
    """A new record like this one, entered on that day.

    It lacks what was the other's own: identifiers, times, ISBN, copies and inventory numbers, addresses of its text.
    """
    kept = [field for field in marc.fields if field.tag not in _OWN_FIELDS[dialect]]
    dated = kept if dialect is Dialect.IRBIS else [_entered(field, at) for field in kept]
    return MarcRecord(marc.leader[:_STATUS] + _NEW + marc.leader[_STATUS + 1 :], tuple(dated))


def _begun(shape: WorksheetField, at: datetime) -> Field | None:
    """The field that a new record has from the beginning."""
    if not shape.begun:
        return None
    if shape.template and not shape.coded:
        return _entered(ControlField(shape.tag, shape.template), at)
    if shape.template:
        return _entered(DataField(shape.tag, shape.indicators, (Subfield(shape.coded, shape.template),)), at)
    given = tuple(Subfield(part.code, part.default) for part in shape.subfields if part.default)
    return DataField(shape.tag, shape.indicators, given)


def _entered(field: Field, at: datetime) -> Field:
    """The field with this day as the one on which the record was entered, where that stands in it."""
    if field.tag == "008" and isinstance(field, ControlField):
        return ControlField(field.tag, f"{at:%y%m%d}{field.value[6:]}")
    if field.tag == "100" and isinstance(field, DataField) and field.subfields and field.subfields[0].code == "a":
        first, *others = field.subfields
        if len(first.value) > len("YYYYMMDD") and first.value[:8].isdigit():
            return DataField(field.tag, field.indicators, (Subfield("a", f"{at:%Y%m%d}{first.value[8:]}"), *others))
    return field
