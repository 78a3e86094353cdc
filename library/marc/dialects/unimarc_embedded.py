"""UNIMARC fields 4--, which name another document: by embedded fields ($1), or by subfields of their own."""

from __future__ import annotations

from dataclasses import dataclass

from library.domain.marc import ControlField, DataField, Field, MarcRecord, Subfield

_EMBEDDED = "1"
_TAG = 3
_INDICATORS = 5
# Subfields of the technique without embedded fields, and the fields in which they would be embedded.
_STANDARD = {
    "t": ("200", "a"),
    "a": ("700", "a"),
    "d": ("210", "d"),
    "c": ("210", "a"),
    "x": ("011", "a"),
    "y": ("010", "a"),
}
_PLACE_IN_HOST = "vp"


@dataclass(frozen=True, slots=True)
class Linked:
    """The document that a field names: its fields, and the place in it ("Т. 5, № 3", pages)."""

    marc: MarcRecord
    place: str


def linked(field: DataField) -> Linked:
    """The document that this field names."""
    fields: list[Field] = []
    place: list[str] = []
    tag, indicators = "", "  "
    subfields: list[Subfield] = []
    for subfield in field.subfields:
        if subfield.code == _EMBEDDED:
            if tag:
                fields.append(DataField(tag, indicators, tuple(subfields)))
            tag, indicators, subfields = subfield.value[:_TAG], subfield.value[_TAG:_INDICATORS].ljust(2), []
            if tag.startswith("00"):
                fields.append(ControlField(tag, subfield.value[_TAG:]))
                tag = ""
        elif tag:
            subfields.append(subfield)
        elif subfield.code in _STANDARD:
            target, code = _STANDARD[subfield.code]
            fields.append(DataField(target, "  ", (Subfield(code, subfield.value),)))
        elif subfield.code in _PLACE_IN_HOST:
            place.append(subfield.value)
    if tag:
        fields.append(DataField(tag, indicators, tuple(subfields)))
    marc = MarcRecord(" " * 24, tuple(fields))
    embedded_place = [value for entry in marc.all("200") for value in entry.values("v")]
    return Linked(marc, ", ".join(embedded_place + place))
