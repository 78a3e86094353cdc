"""What a partner's page holds, as records ready to be written: without asking the database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from harvest.errors import PartnerError
from harvest.intake.pages import ListPage
from harvest.intake.provenance import read_origin
from harvest.model import NAMESPACE, OaiRecord, Origin, write_datestamp
from harvest.provider.characters import content
from harvest.xml_reader import children, local_name, parse
from library.domain.errors import N_, LibraryError, Message
from library.domain.marc import MarcRecord
from library.domain.partners import KeptPartner, PartnerForm
from library.marc import foreign
from library.marc.harvested import has_title, of_dublin_core, without_copies
from library.marc.source import Format, ReadRecord, Source
from library.services.import_prepared import PreparedRecord, prepared_record
from library.services.partner_access import message_of

_NO_TITLE = N_("The record has no title.")
_LONGEST_EARLIER = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A living record, ready to be written; `earlier` is JSON, where the partner had it from."""

    prepared: PreparedRecord
    record: OaiRecord
    earlier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """A record that can't be taken in: its name, what came of it, and why."""

    identifier: str
    raw: bytes
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedPage:
    """A page told apart; each identifier stands in one of the three, as it came last."""

    coming: tuple[Coming, ...]
    deleted: tuple[str, ...]
    unfit: tuple[Unfit, ...]

    def parts(self, size: int) -> Iterator[SortedPage]:
        """The same in parts, none of which has more than so many of each."""
        most = max(map(len, (self.coming, self.deleted, self.unfit)))
        for start in range(0, most, size):
            span = slice(start, start + size)
            yield SortedPage(coming=self.coming[span], deleted=self.deleted[span], unfit=self.unfit[span])


def source_for(partner: KeptPartner) -> Source:
    """The partner as one of the sources of the catalogue."""
    dialect = partner.entry.form.dialect
    return Source(path=Path(), name=partner.source, format=Format.MARCXML, dialect=dialect, encoding="utf-8")


def sorted_page(page: ListPage, partner: KeptPartner) -> SortedPage:
    """The records of a page, read by the form that the partner gives."""
    source, form = source_for(partner), partner.entry.form
    found: dict[str, Coming | Unfit | None] = {}
    for record in page.records:
        found[record.identifier] = None if record.deleted else read_record(record, source, form)
    nameless = []
    for one in page.rejected:
        unfit = Unfit(identifier=one.identifier, raw=one.raw, reason=message_of(one.reason))
        if one.identifier:
            found[one.identifier] = unfit
        else:
            nameless.append(unfit)
    return SortedPage(
        coming=tuple(one for one in found.values() if isinstance(one, Coming)),
        deleted=tuple(name for name, one in found.items() if one is None),
        unfit=(*(one for one in found.values() if isinstance(one, Unfit)), *nameless),
    )


def read_record(record: OaiRecord, source: Source, form: PartnerForm) -> Coming | Unfit:
    """A living record, or why it is none."""
    try:
        marc = _marc(record.metadata, form)
    except PartnerError as error:
        return Unfit(identifier=record.identifier, raw=raw_of(record), reason=message_of(error))
    except LibraryError as error:
        return Unfit(identifier=record.identifier, raw=raw_of(record), reason=error.message)
    prepared = prepared_record(source, ReadRecord(number=0, offset=0, key=record.identifier, marc=marc))
    if not has_title(source.dialect, marc):
        return Unfit(identifier=record.identifier, raw=raw_of(record), reason=Message.of(_NO_TITLE))
    if isinstance(prepared.derived, Message):
        return Unfit(identifier=record.identifier, raw=raw_of(record), reason=prepared.derived)
    return Coming(prepared=prepared, record=record, earlier=_earlier(read_origin(record.abouts)))


def raw_of(record: OaiRecord) -> bytes:
    """A record as one element, as a page has it."""
    header = f"<header><identifier>{content(record.identifier)}</identifier>"
    header += f"<datestamp>{write_datestamp(record.datestamp)}</datestamp></header>"
    about = b"".join(b"\n<about>" + one + b"</about>" for one in record.abouts)
    start = f'<record xmlns="{NAMESPACE}">\n{header}\n<metadata>\n'.encode()
    return start + record.metadata + b"\n</metadata>" + about + b"\n</record>"


def origin_of(text: str) -> Origin | None:
    """Where the partner had a record from, out of `Coming.earlier`."""
    if not text:
        return None
    origin = None
    for url, identifier, datestamp, namespace, harvested, altered in json.loads(text):
        origin = Origin(
            base_url=url,
            identifier=identifier,
            datestamp=datestamp,
            namespace=namespace,
            harvested_at=datetime.fromisoformat(harvested),
            altered=altered,
            earlier=origin,
        )
    return origin


def _marc(metadata: bytes, form: PartnerForm) -> MarcRecord:
    if form is PartnerForm.OAI_DC:
        root = parse(metadata)
        return of_dublin_core([(local_name(one), "".join(map(str, one.itertext()))) for one in children(root)])
    return without_copies(form.dialect, foreign.from_xml(metadata, form.dialect).marc)


def _earlier(origin: Origin | None) -> str:
    """The stations of a record's way, the first one first; none where that is beyond all measure."""
    stations: list[list[object]] = []
    while origin is not None:
        moment = write_datestamp(origin.harvested_at)
        stations.insert(
            0, [origin.base_url, origin.identifier, origin.datestamp, origin.namespace, moment, origin.altered]
        )
        origin = origin.earlier
    text = json.dumps(stations, ensure_ascii=False) if stations else ""
    return text if len(text) <= _LONGEST_EARLIER else ""
