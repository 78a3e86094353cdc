"""MARC-in-JSON, the form in which the catalogue keeps its records, and the digest that tells whether two are equal.

{"leader": "…", "fields": [{"001": "…"}, {"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "…"}]}}]}, as drafted by
Ross Singer and written by pymarc; the text before the first subfield mark of an IRBIS field has the code "".
"""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from library.domain.marc import ControlField, DataField, Field, MarcRecord, Subfield


def to_json(marc: MarcRecord) -> str:
    """The record as MARC-in-JSON on one line; equal records give equal texts."""
    return _dump(marc).decode()


def from_json(text: str) -> MarcRecord:
    """The record of a MARC-in-JSON text; `ValueError` where it is none."""
    try:
        document = orjson.loads(text)
        return MarcRecord(document["leader"], tuple([_field(entry) for entry in document["fields"]]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a record in MARC-in-JSON: {error!r}") from error


def digest(marc: MarcRecord) -> str:
    """SHA-256 of the record's MARC-in-JSON, in hexadecimal digits."""
    return hashlib.sha256(_dump(marc)).hexdigest()


def _dump(marc: MarcRecord) -> bytes:
    fields: list[dict[str, Any]] = []
    for field in marc.fields:
        if isinstance(field, ControlField):
            fields.append({field.tag: field.value})
        else:
            subfields = [{subfield.code: subfield.value} for subfield in field.subfields]
            indicators = field.indicators
            fields.append({field.tag: {"ind1": indicators[0], "ind2": indicators[1], "subfields": subfields}})
    return orjson.dumps({"leader": marc.leader, "fields": fields})


def _field(entry: dict[str, Any]) -> Field:
    ((tag, content),) = entry.items()
    if isinstance(content, str):
        return ControlField(tag, content)
    subfields = [Subfield(code, value) for pair in content["subfields"] for code, value in pair.items()]
    return DataField(tag, content["ind1"] + content["ind2"], tuple(subfields))
