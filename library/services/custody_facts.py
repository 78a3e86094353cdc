"""What a sidecar says of a file beside its bytes: its documents, their records and transfers; written and read back.

The form is described in docs/operations.md, "The store of files"; `FORMAT` rises when it changes, and what an earlier
release wrote can still be read. Of everything that is named by a number the number stands there, for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from library.db.origins import Origin
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Contents, Document, DocumentState, Scan, Signed, TextState
from library.domain.errors import Message
from library.domain.holdings import Source
from library.domain.marc import Dialect
from library.domain.record import CatalogueRecord, Status
from library.domain.transfer import Paper, PaperKind, Transfer
from library.marc import codec
from storage.model import Json, StoredFile

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """A record, its title for people, and the names that it bore where it was imported from."""

    record: CatalogueRecord
    title: str = ""
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """All that the catalogue knows of one file of the store."""

    documents: tuple[Document, ...]
    records: tuple[RecordFacts, ...]
    transfers: tuple[Transfer, ...]


def written(facts: FileFacts) -> Mapping[str, Json]:
    """The facts as JSON holds them."""
    return {
        "format": FORMAT,
        "documents": [_document(one) for one in facts.documents],
        "records": [_record(one) for one in facts.records],
        "transfers": [_transfer(one) for one in facts.transfers],
    }


def read(stored: StoredFile) -> FileFacts:
    """The facts of a sidecar; `ValueError` where it has none, or of a later form than this release knows."""
    facts: Mapping[str, Any] = stored.facts
    try:
        if facts["format"] != FORMAT:
            message = f"facts of the form {facts['format']}"
            raise ValueError(message)
        return FileFacts(
            documents=tuple(_read_document(one, stored) for one in facts["documents"]),
            records=tuple(_read_record(one) for one in facts["records"]),
            transfers=tuple(_read_transfer(one) for one in facts["transfers"]),
        )
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        message = f"facts that are not whole: {error!r}"
        raise ValueError(message) from error


def _document(document: Document) -> Mapping[str, Json]:
    rights = document.rights
    return {
        "number": document.id,
        "record": document.record_id,
        "transfer": document.transfer_id,
        "name": document.name,
        "label": document.label,
        "state": document.state.value,
        "reason": _message(document.reason),
        "rights": {
            "level": rights.level.value,
            "embargo_until": _day(rights.embargo_until),
            "licence": rights.licence,
        },
        "history": {
            "received": _signed(document.received),
            "edited": _signed(document.edited),
            "approved": _signed(document.approved),
            "kept_at": _moment(document.kept_at),
        },
        "contents": {"pages": document.contents.pages, "format": document.contents.format},
        "version": document.version,
    }


def _read_document(facts: Mapping[str, Any], stored: StoredFile) -> Document:
    rights, history, verdict = facts["rights"], facts["history"], stored.verdict
    received, edited = _read_signed(history["received"]), _read_signed(history["edited"])
    if received is None or edited is None:
        message = "nobody took the file in"
        raise ValueError(message)
    return Document(
        id=facts["number"],
        record_id=facts["record"],
        transfer_id=facts["transfer"],
        state=DocumentState(facts["state"]),
        name=facts["name"],
        label=facts["label"],
        size=stored.size,
        digest=stored.digest.hex,
        media_type=stored.media_type.value,
        reason=_read_message(facts["reason"]),
        scan=Scan(
            finding=verdict.finding.value,
            engine=verdict.engine,
            signatures=verdict.signatures,
            at=verdict.scanned_at,
        ),
        rights=Rights(
            level=AccessLevel(rights["level"]),
            embargo_until=_read_day(rights["embargo_until"]),
            licence=rights["licence"],
        ),
        received=received,
        edited=edited,
        approved=_read_signed(history["approved"]),
        kept_at=_read_moment(history["kept_at"]) or stored.kept_at,
        # The text is a derivative and is extracted again.
        contents=Contents(pages=facts["contents"]["pages"], format=facts["contents"]["format"], text=TextState.WAITING),
        version=facts["version"],
    )


def _record(facts: RecordFacts) -> Mapping[str, Json]:
    record = facts.record
    marc: Mapping[str, Json] = orjson.loads(codec.to_json(record.marc))
    return {
        "number": record.id,
        "title": facts.title,
        "dialect": record.dialect.value,
        "marc": marc,
        "status": record.status.value,
        "version": record.version,
        "created_at": _moment(record.created_at),
        "changed_at": _moment(record.changed_at),
        "changed_by": record.changed_by,
        "approved_by": record.approved_by,
        "withdrawal_reason": record.withdrawal_reason,
        "sources": [
            {
                "source": one.source,
                "key": one.key,
                "digest": one.digest,
                "version": one.imported_version,
                "base": one.base,
                "mfn": one.mfn,
            }
            for one in facts.origins
        ],
    }


def _read_record(facts: Mapping[str, Any]) -> RecordFacts:
    record = CatalogueRecord(
        id=facts["number"],
        dialect=Dialect(facts["dialect"]),
        marc=codec.from_json(orjson.dumps(facts["marc"]).decode()),
        status=Status(facts["status"]),
        version=facts["version"],
        created_at=datetime.fromisoformat(facts["created_at"]),
        changed_at=datetime.fromisoformat(facts["changed_at"]),
        changed_by=facts["changed_by"],
        approved_by=facts["approved_by"],
        withdrawal_reason=facts["withdrawal_reason"],
    )
    origins = tuple(
        Origin(
            source=one["source"],
            key=one["key"],
            record_id=record.id,
            digest=one["digest"],
            imported_version=one["version"],
            base=one["base"],
            mfn=one["mfn"],
        )
        for one in facts["sources"]
    )
    return RecordFacts(record=record, title=facts["title"], origins=origins)


def _transfer(transfer: Transfer) -> Mapping[str, Json]:
    return {
        "number": transfer.id,
        "source": transfer.source.value,
        "partner": transfer.partner,
        "taken_on": transfer.taken_on.isoformat(),
        "papers": [
            {"kind": paper.kind.value, "number": paper.number, "date": paper.date.isoformat()}
            for paper in transfer.papers
        ],
        "price": str(transfer.price),
        "licence": transfer.licence,
        "term_ends": _day(transfer.term_ends),
        "note": transfer.note,
        "entered_by": transfer.entered_by,
        "entered_by_name": transfer.entered_by_name,
        "entered_at": _moment(transfer.entered_at),
        "version": transfer.version,
    }


def _read_transfer(facts: Mapping[str, Any]) -> Transfer:
    return Transfer(
        id=facts["number"],
        source=Source(facts["source"]),
        partner=facts["partner"],
        taken_on=date.fromisoformat(facts["taken_on"]),
        papers=tuple(
            Paper(kind=PaperKind(one["kind"]), number=one["number"], date=date.fromisoformat(one["date"]))
            for one in facts["papers"]
        ),
        price=Decimal(facts["price"]),
        licence=facts["licence"],
        term_ends=_read_day(facts["term_ends"]),
        note=facts["note"],
        entered_by=facts["entered_by"],
        entered_by_name=facts["entered_by_name"],
        entered_at=_read_moment(facts["entered_at"]),
        version=facts["version"],
    )


def newest_records(of_files: Iterable[FileFacts]) -> Sequence[RecordFacts]:
    """Each record once, as the sidecar with its newest version says, by number."""
    found: dict[int, RecordFacts] = {}
    for facts in of_files:
        for one in facts.records:
            if one.record.id not in found or found[one.record.id].record.version < one.record.version:
                found[one.record.id] = one
    return [found[number] for number in sorted(found)]


def newest_transfers(of_files: Iterable[FileFacts]) -> Sequence[Transfer]:
    """Each transfer once, as the sidecar with its newest version says, by number."""
    found: dict[int, Transfer] = {}
    for facts in of_files:
        for one in facts.transfers:
            if one.id not in found or found[one.id].version < one.version:
                found[one.id] = one
    return [found[number] for number in sorted(found)]


def _signed(signed: Signed | None) -> Json:
    return None if signed is None else {"by": signed.by, "name": signed.by_name, "at": signed.at.isoformat()}


def _read_signed(facts: Mapping[str, str] | None) -> Signed | None:
    if facts is None:
        return None
    return Signed(by=facts["by"], by_name=facts["name"], at=datetime.fromisoformat(facts["at"]))


def _message(message: Message | None) -> Json:
    return None if message is None else {"template": message.template, "values": dict(message.values)}


def _read_message(facts: Mapping[str, Any] | None) -> Message | None:
    return None if facts is None else Message(facts["template"], tuple(facts["values"].items()))


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _read_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _read_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
