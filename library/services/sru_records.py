"""Records in the schemas of SRU."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from harvest.sru.diagnostics import Diagnostic, Number
from harvest.sru.model import Given, Schema
from library.db.records import ListedRecord
from library.db.unit_of_work import ReadingUnit
from library.domain.marc import Dialect
from library.domain.record import CatalogueRecord, Status
from library.projections import oai_marc
from library.projections.oai_dublin_core import DC, OAI_DC, oai_dc
from library.projections.oai_item import Work, work_of
from library.projections.oai_mods import MODS, mods

# What stands around Dublin Core in SRU.
_DC = "info:srw/schema/1/dc-schema"

_MARC = {
    Schema(
        name="marcxml",
        identifier="info:srw/schema/1/marcxml-v1.1",
        title="MARC 21 in MARCXML, all records",
        others=("info:srw/schema/1/marcxml-v1.0", oai_marc.SLIM, "marc21"),
    ): Dialect.MARC21,
    Schema(
        name="unimarcxchange",
        identifier="urn:x-kutubxona:schema:unimarcxchange",
        title="UNIMARC (RUSMARC) in MarcXchange, the records that are kept in it",
        others=("unimarc",),
    ): Dialect.UNIMARC,
    Schema(
        name="irbisxchange",
        identifier="urn:x-kutubxona:schema:irbisxchange",
        title="IRBIS in MarcXchange, the records that are kept in it",
        others=("irbis",),
    ): Dialect.IRBIS,
}


def _as_dublin_core(work: Work) -> bytes:
    """The elements of `oai_dc` in the element that SRU has for them."""
    inside = oai_dc(work).partition(b">")[2].rpartition(b"</")[0]
    return b'<srw_dc:dc xmlns:srw_dc="%s" xmlns:dc="%s">%s</srw_dc:dc>' % (_DC.encode(), DC.encode(), inside)


_DESCRIBED: Mapping[Schema, Callable[[Work], bytes]] = {
    Schema(
        name="dc",
        identifier="info:srw/schema/1/dc-v1.1",
        title="Dublin Core",
        others=(_DC, DC, "info:srw/schema/1/dc-v1.0"),
    ): _as_dublin_core,
    Schema(name="oai_dc", identifier=OAI_DC, title="Dublin Core as in OAI-PMH"): oai_dc,
    Schema(
        name="mods",
        identifier="info:srw/schema/1/mods-v3.8",
        title="MODS 3.8",
        others=(MODS, *(f"info:srw/schema/1/mods-v3.{minor}" for minor in range(8))),
    ): mods,
}
SCHEMAS = (*_MARC, *_DESCRIBED)


def given(view: ReadingUnit, schema: Schema, numbers: Sequence[int], portal: str, today: date) -> tuple[Given, ...]:
    """These records in this order, each in the schema or with the reason why it is not: two queries at most.

    `portal` is the public address without a slash. A record that was withdrawn since the index was written keeps its
    place, without its content.
    """
    states: dict[int, CatalogueRecord] | dict[int, ListedRecord]
    contents: dict[int, bytes | Diagnostic]
    if schema in _MARC:
        states = records = view.records.many(numbers)
        contents = {number: _marc(record, _MARC[schema]) for number, record in records.items()}
    else:
        states = listed = view.records.listed(numbers)
        files = view.documents.of_records(numbers)
        contents = {
            number: _DESCRIBED[schema](
                work_of(one.description, f"{portal}/record/{number}", files.get(number, ()), portal, today)
            )
            for number, one in listed.items()
        }
    return tuple(
        Given(
            identifier=str(number),
            content=contents[number]
            if number in states and states[number].status is Status.PUBLISHED
            else Diagnostic(Number.RECORD_GONE, str(number)),
        )
        for number in numbers
    )


def published(view: ReadingUnit, numbers: Sequence[int]) -> list[int]:
    """Those of these records that are open to readers, in order: one query."""
    listed = view.records.listed(numbers)
    return [number for number in sorted(listed) if listed[number].status is Status.PUBLISHED]


def _marc(record: CatalogueRecord, dialect: Dialect) -> bytes | Diagnostic:
    if dialect is Dialect.MARC21:
        return oai_marc.in_marc21(record.dialect, record.marc)
    if record.dialect is dialect:
        return oai_marc.in_own_dialect(dialect, record.marc)
    return Diagnostic(Number.NOT_IN_SCHEMA, str(record.id))
