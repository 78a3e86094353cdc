"""Full texts: domain values to rows and back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, false, func, insert, not_, or_, select, update

from library.db.tables import documents, records, transfer_papers, transfers
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Contents, Document, DocumentState, Scan, Signed, TextState
from library.domain.errors import N_, Message, NotFound, StaleVersion
from library.domain.intake_rules import PapersNeeded
from library.domain.record import Status
from library.domain.transfer import PaperKind

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """Which documents a list shows; what is None or empty leaves all in."""

    states: frozenset[DocumentState] = frozenset()
    texts: frozenset[TextState] = frozenset()
    record_id: int | None = None
    transfer_id: int | None = None
    unapproved: bool = False
    unfinished: bool = False
    """Those that are neither kept and approved nor withdrawn."""
    words: str = ""
    lacking: PapersNeeded | None = None
    """Those without a transfer, and those whose transfer lacks a paper that these rules ask for."""


class ReadDocuments:
    """Documents as they are, each with the state of its record and the end of its subscription."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, document_id: int) -> Document:
        """The document with this number; `NotFound` where there is none."""
        row = self._connection.execute(_select().where(documents.c.id == document_id)).one_or_none()
        if row is None:
            raise NotFound(N_("There is no file {id}."), id=document_id)
        return _document(row)

    def by_intake(self, intake_id: str) -> Document | None:
        """The document that has this number in quarantine."""
        row = self._connection.execute(_select().where(documents.c.intake_id == intake_id)).first()
        return None if row is None else _document(row)

    def of_record(self, record_id: int) -> list[Document]:
        """All documents of a record, in the order in which they came: one query."""
        return self._some(_select().where(documents.c.record_id == record_id).order_by(documents.c.id))

    def of_records(self, record_ids: Sequence[int]) -> Mapping[int, list[Document]]:
        """The documents of these records by their numbers; a record without any is left out. One query for 500."""
        found: dict[int, list[Document]] = {}
        for begin in range(0, len(record_ids), CHUNK):
            some = documents.c.record_id.in_(record_ids[begin : begin + CHUNK])
            for document in self._some(_select().where(some).order_by(documents.c.id)):
                found.setdefault(document.record_id, []).append(document)
        return found

    def with_digest(self, digest: str) -> list[Document]:
        """All documents whose bytes these are."""
        return self._some(_select().where(documents.c.digest == digest).order_by(documents.c.id))

    def some(self, document_ids: Collection[int]) -> list[Document]:
        """Those of these that exist, by number."""
        return self._some(_select().where(documents.c.id.in_(document_ids)).order_by(documents.c.id))

    def page(self, after: int, limit: int, wanted: DocumentFilter | None = None) -> list[Document]:
        """Documents with numbers above `after`, by number."""
        query = _select().where(documents.c.id > after, *_conditions(wanted or DocumentFilter()))
        return self._some(query.order_by(documents.c.id).limit(limit))

    def all(self) -> Iterator[Document]:
        """Every document by number."""
        after = 0
        while page := self.page(after, CHUNK):
            yield from page
            after = page[-1].id

    def found(self, wanted: DocumentFilter, limit: int, offset: int = 0) -> list[Document]:
        """A page of a list, the oldest first."""
        query = _select().where(*_conditions(wanted)).order_by(documents.c.received_at, documents.c.id)
        return self._some(query.limit(limit).offset(offset))

    def count(self, wanted: DocumentFilter) -> int:
        """How many the list has."""
        query = select(func.count()).select_from(documents).where(*_conditions(wanted))
        return self._connection.execute(query).scalar_one()

    def counts(self) -> Mapping[DocumentState, int]:
        """How many documents are in each state."""
        query = select(documents.c.state, func.count()).group_by(documents.c.state)
        return {DocumentState(state): count for state, count in self._connection.execute(query)}

    def to_inspect(self, now: datetime) -> Document | None:
        """The document in quarantine whose checks have been due for longest."""
        due = (documents.c.state == DocumentState.QUARANTINED, documents.c.next_try_at <= now)
        return self._first(_select().where(*due).order_by(documents.c.next_try_at, documents.c.id))

    def with_text(self, state: TextState) -> Document | None:
        """The kept document whose text has been in this state for longest."""
        due = (documents.c.state == DocumentState.KEPT, documents.c.text_state == state)
        return self._first(_select().where(*due).order_by(documents.c.id))

    def scanned_before(self, at: datetime, limit: int) -> list[Document]:
        """Kept documents whose last scan was before this time, the longest ago first."""
        due = (
            documents.c.state.in_([DocumentState.KEPT, DocumentState.CLOSED, DocumentState.WITHDRAWN]),
            documents.c.scanned_at < at,
        )
        return self._some(_select().where(*due).order_by(documents.c.scanned_at, documents.c.id).limit(limit))

    def with_sidecar_due(self, limit: int) -> list[Document]:
        """Documents whose sidecars have to be written anew."""
        return self._some(_select().where(documents.c.sidecar_due.is_(True)).order_by(documents.c.id).limit(limit))

    def audited(self) -> Mapping[str, datetime | None]:
        """When each digest of the store was audited last, None for one that never was."""
        query = (
            select(
                documents.c.digest, func.min(documents.c.audited_at), func.count(documents.c.audited_at), func.count()
            )
            .where(documents.c.kept_at.is_not(None))
            .group_by(documents.c.digest)
        )
        return {digest: at if known == every else None for digest, at, known, every in self._connection.execute(query)}

    def intake_ids(self) -> frozenset[str]:
        """All numbers in quarantine that documents have."""
        query = select(documents.c.intake_id).where(documents.c.intake_id != "")
        return frozenset(self._connection.execute(query).scalars())

    def digests(self) -> frozenset[str]:
        """The digests of all documents that are in the store."""
        query = select(documents.c.digest).where(documents.c.kept_at.is_not(None)).distinct()
        return frozenset(self._connection.execute(query).scalars())

    def _first(self, query: Select[Any]) -> Document | None:
        row = self._connection.execute(query.limit(1)).first()
        return None if row is None else _document(row)

    def _some(self, query: Select[Any]) -> list[Document]:
        return [_document(row) for row in self._connection.execute(query)]


class Documents(ReadDocuments):
    """Documents that can be taken in and changed."""

    def add(self, document: Document) -> Document:
        """Keep a new one; it comes back with its number."""
        key = self._connection.execute(insert(documents).values(document_row(document))).inserted_primary_key
        assert key is not None, "the row was written"
        return replace(document, id=int(key[0]))

    def save(self, document: Document) -> Document:
        """Write the next version of a document as it was read and changed; `StaleVersion` if somebody was quicker."""
        statement = (
            update(documents)
            .where(documents.c.id == document.id, documents.c.version == document.version)
            .values({**document_row(document), "version": document.version + 1})
        )
        if self._connection.execute(statement).rowcount != 1:
            raise StaleVersion(N_("The file “{name}” was changed meanwhile. Look at it again."), name=document.name)
        return replace(document, version=document.version + 1)

    def note_audit(self, digest: str, at: datetime) -> None:
        """These bytes were read and compared; the version does not rise."""
        self._connection.execute(update(documents).where(documents.c.digest == digest).values(audited_at=at))

    def note_scan(self, digest: str, scan: Scan) -> None:
        """A later scan found the same; the version does not rise."""
        values = {"engine": scan.engine, "signatures": scan.signatures, "scanned_at": scan.at, "finding": scan.finding}
        self._connection.execute(update(documents).where(documents.c.digest == digest).values(values))

    def note_contents(self, digest: str, contents: Contents) -> None:
        """What is inside these bytes, for all documents that have them; the version does not rise."""
        values = {
            "pages": contents.pages,
            "format": contents.format,
            "text_state": contents.text.value,
            "text_reason": message_text(contents.text_reason),
            "recognised": contents.recognised,
        }
        self._connection.execute(update(documents).where(documents.c.digest == digest).values(values))

    def note_sidecar(self, document: Document) -> None:
        """The sidecar of this version was written; a later version stays due."""
        this = (documents.c.id == document.id, documents.c.version == document.version)
        self._connection.execute(update(documents).where(*this).values(sidecar_due=False))

    def remove(self, document: Document) -> None:
        """Forget a document that was never kept; `StaleVersion` if somebody changed it meanwhile."""
        assert document.kept_at is None, "what was kept is withdrawn, not forgotten"
        this = (documents.c.id == document.id, documents.c.version == document.version)
        if self._connection.execute(documents.delete().where(*this)).rowcount != 1:
            raise StaleVersion(N_("The file “{name}” was changed meanwhile. Look at it again."), name=document.name)


def _select() -> Select[Any]:
    return (
        select(documents, records.c.status.label("record_status"), transfers.c.term_ends)
        .join(records, records.c.id == documents.c.record_id)
        .outerjoin(transfers, transfers.c.id == documents.c.transfer_id)
    )


def _conditions(wanted: DocumentFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.states:
        conditions.append(documents.c.state.in_(wanted.states))
    if wanted.texts:
        conditions.append(documents.c.text_state.in_(wanted.texts))
    if wanted.record_id is not None:
        conditions.append(documents.c.record_id == wanted.record_id)
    if wanted.transfer_id is not None:
        conditions.append(documents.c.transfer_id == wanted.transfer_id)
    if wanted.unapproved:
        conditions.append(documents.c.approved_at.is_(None))
    if wanted.unfinished:
        is_finished = and_(documents.c.state == DocumentState.KEPT, documents.c.approved_at.is_not(None))
        conditions.append(not_(or_(documents.c.state == DocumentState.WITHDRAWN, is_finished)))
    if wanted.lacking is not None:
        conditions.append(_is_lacking(wanted.lacking))
    if wanted.words:
        conditions.append(documents.c.name.icontains(wanted.words, autoescape=True))
    return conditions


def _is_lacking(needed: PapersNeeded) -> ColumnElement[bool]:
    """Whether the file came by no transfer that is known, or by one that lacks a paper."""
    # The list joins the transfers already.
    own = transfers.alias()

    def has(kinds: Collection[PaperKind]) -> ColumnElement[bool]:
        of_it = transfer_papers.c.transfer_id == own.c.id
        return select(transfer_papers.c.kind).where(of_it, transfer_papers.c.kind.in_(kinds)).exists()

    faults = [
        and_(own.c.source == source, not_(has(kinds)))
        for source, rule in needed.by_source.items()
        for kinds in (*((kind,) for kind in rule.required), *((rule.one_of,) if rule.one_of else ()))
    ]
    lacking = select(own.c.id).where(or_(false(), *faults))
    return or_(documents.c.transfer_id.is_(None), documents.c.transfer_id.in_(lacking))


def message_text(message: Message | None) -> str:
    """A message as it is kept, empty where there is none."""
    return "" if message is None else json.dumps([message.template, dict(message.values)], ensure_ascii=False)


def message_of(text: str) -> Message | None:
    """A message that was kept."""
    if not text:
        return None
    template, values = json.loads(text)
    return Message(template, tuple(values.items()))


def _signed(row: Row[*tuple[Any, ...]], deed: str) -> Signed:
    of = row._mapping  # noqa: SLF001  (SQLAlchemy's own public name)
    return Signed(by=of[f"{deed}_by"], by_name=of[f"{deed}_by_name"], at=of[f"{deed}_at"])


def _document(row: Row[*tuple[Any, ...]]) -> Document:
    scan = None
    if row.scanned_at is not None:
        scan = Scan(finding=row.finding, engine=row.engine, signatures=row.signatures, at=row.scanned_at)
    return Document(
        id=row.id,
        record_id=row.record_id,
        transfer_id=row.transfer_id,
        state=DocumentState(row.state),
        name=row.name,
        label=row.label,
        size=row.size,
        digest=row.digest,
        media_type=row.media_type,
        intake_id=row.intake_id,
        reason=message_of(row.reason),
        tries=row.tries,
        next_try_at=row.next_try_at,
        scan=scan,
        rights=Rights(level=AccessLevel(row.level), embargo_until=row.embargo_until, licence=row.licence),
        received=_signed(row, "received"),
        edited=_signed(row, "edited"),
        approved=None if row.approved_at is None else _signed(row, "approved"),
        kept_at=row.kept_at,
        contents=Contents(
            pages=row.pages,
            format=row.format,
            text=TextState(row.text_state),
            text_reason=message_of(row.text_reason),
            recognised=row.recognised,
        ),
        audited_at=row.audited_at,
        sidecar_due=row.sidecar_due,
        version=row.version,
        record_status=Status(row.record_status),
        term_ends=row.term_ends,
    )


def document_row(document: Document) -> dict[str, object]:
    """The row of a document, without its number."""
    scan, approved, contents = document.scan, document.approved, document.contents
    return {
        "record_id": document.record_id,
        "transfer_id": document.transfer_id,
        "state": document.state.value,
        "name": document.name,
        "label": document.label,
        "size": document.size,
        "digest": document.digest,
        "media_type": document.media_type,
        "intake_id": document.intake_id,
        "reason": message_text(document.reason),
        "tries": document.tries,
        "next_try_at": document.next_try_at,
        "finding": scan.finding if scan else "",
        "engine": scan.engine if scan else "",
        "signatures": scan.signatures if scan else "",
        "scanned_at": scan.at if scan else None,
        "level": document.rights.level.value,
        "embargo_until": document.rights.embargo_until,
        "licence": document.rights.licence,
        "received_by": document.received.by,
        "received_by_name": document.received.by_name,
        "received_at": document.received.at,
        "edited_by": document.edited.by,
        "edited_by_name": document.edited.by_name,
        "edited_at": document.edited.at,
        "approved_by": approved.by if approved else "",
        "approved_by_name": approved.by_name if approved else "",
        "approved_at": approved.at if approved else None,
        "kept_at": document.kept_at,
        "pages": contents.pages,
        "format": contents.format,
        "text_state": contents.text.value,
        "text_reason": message_text(contents.text_reason),
        "recognised": contents.recognised,
        "audited_at": document.audited_at,
        "sidecar_due": document.sidecar_due,
        "version": document.version,
    }
