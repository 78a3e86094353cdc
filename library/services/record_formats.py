"""Records as bytes: which format can carry which dialect, and how one record is written in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import orjson

from library.domain.errors import N_, NotExpressible
from library.domain.marc import Dialect, MarcRecord
from library.domain.record import CatalogueRecord
from library.marc import codec, dialects, marcxml, writing


class ExportFormat(StrEnum):
    """How records are written."""

    MARCXML = "marcxml"
    ISO2709 = "iso2709"
    TXT = "txt"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file for a reader: its bytes, its media type, and the name it should be saved under."""

    content: bytes
    media_type: str
    filename: str


MEDIA_TYPES = {
    ExportFormat.MARCXML: "application/marcxml+xml",
    ExportFormat.ISO2709: "application/marc",
    ExportFormat.TXT: "text/plain; charset=utf-8",
    ExportFormat.JSON: "application/x-ndjson",
}
ENDINGS = {
    ExportFormat.MARCXML: ".xml",
    ExportFormat.ISO2709: ".mrc",
    ExportFormat.TXT: ".txt",
    ExportFormat.JSON: ".jsonl",
}


def begin(written_as: ExportFormat, dialect: Dialect | None) -> bytes:
    """What stands before the first record of a file; every MARCXML record names its own namespace too."""
    return marcxml.header(dialect or Dialect.MARC21) if written_as is ExportFormat.MARCXML else b""


def end(written_as: ExportFormat) -> bytes:
    """What stands after the last record of a file."""
    return marcxml.footer() if written_as is ExportFormat.MARCXML else b""


def in_dialect(record: CatalogueRecord, wanted: Dialect | None) -> MarcRecord:
    """The record in this dialect, or in its own for None; MARC 21 is made by the crosswalk.

    Raises `NotExpressible`: there is no way from one dialect to another but to MARC 21.
    """
    if wanted is None or wanted is record.dialect:
        return record.marc
    if wanted is Dialect.MARC21:
        return dialects.to_marc21(record.dialect, record.marc)
    raise NotExpressible(
        N_("Records of the dialect {own} can't be converted to {wanted}."), own=record.dialect, wanted=wanted
    )


def encode(record: CatalogueRecord, written_as: ExportFormat, wanted: Dialect | None) -> bytes:
    """One record in this format and dialect, for programs; `NotExpressible` where that can't carry it."""
    marc = in_dialect(record, wanted)
    dialect = wanted or record.dialect
    if written_as is ExportFormat.MARCXML:
        return marcxml.encode(dialect, marc)
    if written_as is ExportFormat.JSON:
        return _json_line(record, dialect, marc)
    if written_as is ExportFormat.ISO2709:
        return writing.encode_iso2709(dialect, marc)
    if dialect is not Dialect.IRBIS:
        raise NotExpressible(N_("The text format of IRBIS carries records of the dialect irbis only."))
    return writing.encode_text(dialect, marc).encode()


def encode_for_person(record: CatalogueRecord, written_as: ExportFormat, wanted: Dialect | None) -> bytes:
    """The same, but that text is of any dialect: lines that a person reads where it is not that of IRBIS."""
    if written_as is ExportFormat.TXT:
        return writing.encode_text(wanted or record.dialect, in_dialect(record, wanted)).encode()
    return encode(record, written_as, wanted)


def _json_line(record: CatalogueRecord, dialect: Dialect, marc: MarcRecord) -> bytes:
    values = {
        "id": record.id,
        "dialect": dialect.value,
        "status": record.status.value,
        "version": record.version,
        "marc": orjson.Fragment(codec.to_json(marc)),
    }
    return orjson.dumps(values) + b"\n"
