"""What staff see of files: the queue in its parts, and one file with its transfer, papers, history and permissions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from library.db.documents import DocumentFilter
from library.db.journal import Wanted
from library.db.reading import TextGrant
from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.description import Material
from library.domain.document import Document, DocumentState, TextState
from library.domain.errors import N_, InvalidDocument
from library.domain.intake_rules import DefaultRights, PapersNeeded
from library.domain.journal import Deed, Line
from library.domain.record import Status
from library.domain.transfer import PaperKind, Transfer
from library.services.configuration import Configuration
from library.services.documents_rules import missing_papers, wrote_papers

HISTORY = 100
LONGEST_REASON = 500


class Part(StrEnum):
    """A part of the queue."""

    UNDER_WAY = "under-way"
    WAITING = "waiting"
    REFUSED = "refused"
    TO_APPROVE = "to-approve"
    WITHOUT_PAPERS = "without-papers"
    CLOSED = "closed"
    BEING_READ = "being-read"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """A file in the queue; `missing` as of `missing_papers`."""

    document: Document
    title: str
    missing: tuple[tuple[PaperKind, ...], ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A page of one part, the oldest first, how many files that part has, and how many each has."""

    lines: tuple[QueueLine, ...]
    total: int
    counts: Mapping[Part, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """One file; `history` has the newest entries of the journal first.

    `is_by_own_papers` says that whoever asks entered or changed its transfer, and so can't approve it.
    """

    document: Document
    title: str
    transfer: Transfer | None
    missing: tuple[tuple[PaperKind, ...], ...] | None
    history: tuple[Line, ...]
    grants: tuple[TextGrant, ...]
    is_by_own_papers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFiles:
    """A record that takes files: its title, its files with what each lacks, and what is ruled for new ones."""

    record_id: int
    title: str
    languages: tuple[str, ...]
    material: Material
    status: Status
    documents: tuple[Document, ...]
    missing: tuple[tuple[tuple[PaperKind, ...], ...] | None, ...]
    ruled: DefaultRights


class DocumentsQueue:
    """Reads for staff, each in one view, and the permissions of single readers. `NotEntitled`, `NotFound`."""

    def __init__(self, database: Database, configuration: Configuration, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._configuration = configuration
        self._clock = clock

    def page(self, part: Part, words: str, limit: int, offset: int = 0, *, actor: Actor) -> Queue:
        """A page of one part of the queue; `words` stand in the names of the files."""
        require(actor, Action.SEE_WORK)
        needed = self._configuration.current().papers
        with self._database.reading() as view:
            documents = view.documents.found(_filter(part, needed, words), limit, offset)
            total = view.documents.count(_filter(part, needed, words))
            counts = {one: view.documents.count(_filter(one, needed, "")) for one in Part}
            transfers = view.transfers.some({one.transfer_id for one in documents if one.transfer_id is not None})
            listed = view.records.listed(sorted({one.record_id for one in documents}))
        lines = tuple(
            QueueLine(
                document=one,
                title=listed[one.record_id].description.title,
                missing=missing_papers(transfers.get(one.transfer_id or 0), needed),
            )
            for one in documents
        )
        return Queue(lines=lines, total=total, counts=counts)

    def one(self, document_id: int, *, actor: Actor) -> FileView:
        """One file with everything that is known of it."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            document = view.documents.get(document_id)
            transfer = view.transfers.get(document.transfer_id) if document.transfer_id is not None else None
            return FileView(
                document=document,
                title=view.records.listed([document.record_id])[document.record_id].description.title,
                transfer=transfer,
                missing=missing_papers(transfer, self._configuration.current().papers),
                history=tuple(view.journal.newest(Wanted(object=f"document:{document_id}"), None, HISTORY)),
                grants=tuple(view.reading.grants(document_id)),
                is_by_own_papers=wrote_papers(view, document.transfer_id, actor),
            )

    def of_record(self, record_id: int, *, actor: Actor) -> RecordFiles:
        """A record with all its files, whatever their state."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            described = view.records.described(record_id)
            documents = tuple(view.documents.of_record(record_id))
            transfers = view.transfers.some({one.transfer_id for one in documents if one.transfer_id is not None})
        current = self._configuration.current()
        return RecordFiles(
            record_id=record_id,
            title=described.description.title,
            languages=described.description.languages,
            material=described.description.material,
            status=described.record.status,
            documents=documents,
            missing=tuple(missing_papers(transfers.get(one.transfer_id or 0), current.papers) for one in documents),
            ruled=current.rights,
        )

    def give_text(self, document_id: int, reader: str, reason: str, *, actor: Actor) -> None:
        """Give one reader, named by login, card or HEMIS number, the text of a kept file; `InvalidDocument`."""
        require(actor, Action.GRANT_TEXT)
        if not reason.strip():
            raise InvalidDocument(N_("Write why this reader gets the text."))
        at = self._clock()
        with self._database.writing() as tx:
            document = tx.documents.get(document_id)
            if document.state is not DocumentState.KEPT:
                raise InvalidDocument(N_("The text can be given only of a file that is kept and open to readers."))
            person = tx.people.by_login(reader.strip()) if reader.strip() else None
            if person is None:
                raise InvalidDocument(N_("There is no reader with this card number or login: {typed}"), typed=reader)
            if tx.reading.has_text_grant(person.id, document_id):
                raise InvalidDocument(N_("{name} has the text of this file already."), name=person.name)
            words = reason.strip()[:LONGEST_REASON]
            tx.reading.add_grant(document_id, person.id, words, by=actor.key, by_name=actor.name, at=at)
            after = {"reader": f"person:{person.id}"}
            tx.journal.add(actor, Deed.TEXT_GRANTED, f"document:{document_id}", at, after=after)
            tx.commit()

    def end_text(self, grant_id: int, *, actor: Actor) -> int:
        """Take such a permission back; the number of its file. One that ended already stays as it is."""
        require(actor, Action.GRANT_TEXT)
        at = self._clock()
        with self._database.writing() as tx:
            grant = tx.reading.grant(grant_id)
            if grant.ended_at is None:
                tx.reading.end_grant(grant_id, at)
                before = {"reader": f"person:{grant.person_id}"}
                tx.journal.add(actor, Deed.TEXT_GRANT_ENDED, f"document:{grant.document_id}", at, before=before)
                tx.commit()
        return grant.document_id


def _filter(part: Part, needed: PapersNeeded, words: str) -> DocumentFilter:
    coming = frozenset({DocumentState.QUARANTINED, DocumentState.KEPT})
    chosen: Mapping[Part, DocumentFilter] = {
        Part.UNDER_WAY: DocumentFilter(words=words, unfinished=True),
        Part.ALL: DocumentFilter(words=words),
        Part.WAITING: DocumentFilter(
            words=words, states=frozenset({DocumentState.ARRIVING, DocumentState.QUARANTINED})
        ),
        Part.REFUSED: DocumentFilter(words=words, states=frozenset({DocumentState.REFUSED})),
        Part.TO_APPROVE: DocumentFilter(words=words, states=coming, unapproved=True),
        Part.WITHOUT_PAPERS: DocumentFilter(words=words, states=coming, lacking=needed),
        Part.CLOSED: DocumentFilter(words=words, states=frozenset({DocumentState.CLOSED})),
        Part.BEING_READ: DocumentFilter(
            words=words,
            states=frozenset({DocumentState.KEPT}),
            texts=frozenset({TextState.WAITING, TextState.SCANNED}),
        ),
    }
    return chosen[part]
