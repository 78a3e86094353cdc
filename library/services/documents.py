"""Full texts from their coming to the approval: whole or in pieces into quarantine, described, approved, withdrawn.

Bytes are safe in quarantine before a row speaks of them; a file whose arrival was confirmed is never lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from library.db.documents import DocumentFilter
from library.db.outbox import Topic
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Action, Actor, require, require_second_person_for
from library.domain.access_level import Rights
from library.domain.document import Document, DocumentState, Signed
from library.domain.errors import N_, DocumentNotReady, InvalidDocument, LibraryError
from library.domain.journal import Deed
from library.projections.plain_text import clean
from library.services.configuration import Configuration
from library.services.documents_rules import (
    Terms,
    facts,
    require_not_there,
    require_open_to_files,
    require_papers,
    settled,
    sound,
    wrote_papers,
)
from library.services.stored import told
from storage.names import fit_name
from storage.quarantine import Quarantine

LONGEST_REASON = 500
MOST_AT_ONCE = 1_000
APPROVABLE = frozenset({DocumentState.QUARANTINED, DocumentState.KEPT})
NOT_KEPT = frozenset({DocumentState.ARRIVING, DocumentState.QUARANTINED, DocumentState.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An upload in pieces, and how many of its bytes are safe. One that came whole has all of them."""

    document: Document
    received: int


class Documents:
    """Each change is one transaction, written into the journal.

    `largest` is the size of a file in bytes. All methods: `NotEntitled`; those that take a number: `NotFound`; those
    that take `expected`: `StaleVersion` where somebody changed the file since that version was read.
    """

    def __init__(
        self,
        database: Database,
        quarantine: Quarantine,
        configuration: Configuration,
        largest: int,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._quarantine = quarantine
        self._configuration = configuration
        self._largest = largest
        self._clock = clock

    def receive(
        self,
        record_id: int,
        stream: BinaryIO,
        name: str,
        *,
        label: str = "",
        rights: Rights | None = None,
        transfer_id: int | None = None,
        actor: Actor,
    ) -> Document:
        """Take a whole file in; when this returns, its bytes and its row are safe, and it waits for the checks.

        Without `rights` it begins with those that the library rules for such records and sources. Raises
        `FileTooLarge`, `UploadConflict` where the stream breaks off, `StorageFull`, `InvalidDocument` where the record
        can't have files or has this one already; nothing is left of a file then.
        """
        document = self._new(record_id, name, Terms(label=label, rights=rights, transfer_id=transfer_id), actor)
        with told():
            intake = self._quarantine.receive(stream, limit=self._largest, name=name)
        came = document.came(digest=intake.digest.hex, size=intake.size, at=self._clock())
        with self._dropping(intake.id), self._database.writing() as tx:
            require_open_to_files(tx.records.get(record_id).status, record_id)
            require_not_there(tx, came)
            added = tx.documents.get(tx.documents.add(replace(came, intake_id=intake.id)).id)
            tx.journal.add(actor, Deed.DOCUMENT_RECEIVED, _key(added), came.received.at, after=facts(added))
            tx.commit()
        return added

    def begin(
        self,
        record_id: int,
        name: str,
        size: int,
        *,
        label: str = "",
        rights: Rights | None = None,
        transfer_id: int | None = None,
        actor: Actor,
    ) -> Document:
        """Announce a file of `size` bytes that will come in pieces; errors as of `receive`."""
        document = self._new(record_id, name, Terms(label=label, rights=rights, transfer_id=transfer_id), actor)
        if size < 1:
            raise InvalidDocument(N_("The file “{name}” is empty."), name=document.name)
        with told():
            arriving = self._quarantine.begin(name, size=size, limit=self._largest)
        with self._dropping(arriving.id), self._database.writing() as tx:
            require_open_to_files(tx.records.get(record_id).status, record_id)
            number = tx.documents.add(replace(document, size=size, intake_id=arriving.id)).id
            added = tx.documents.get(number)
            tx.commit()
        return added

    def upload(self, document_id: int, *, actor: Actor) -> Upload:
        """How far an upload has come."""
        document = self._own(document_id, actor)
        if document.state is not DocumentState.ARRIVING:
            return Upload(document=document, received=document.size)
        with told():
            return Upload(document=document, received=self._quarantine.arriving(document.intake_id).received)

    def append(self, document_id: int, stream: BinaryIO, *, offset: int, actor: Actor) -> Upload:
        """Take the next piece, which begins at byte `offset`; when this returns, it is safe.

        Raises `UploadConflict` where the piece does not fit or breaks off; what had come before stays.
        """
        document = self._own(document_id, actor)
        if document.state is not DocumentState.ARRIVING:
            raise DocumentNotReady(N_("The file “{name}” has come whole already."), name=document.name)
        with told():
            arriving = self._quarantine.append(document.intake_id, stream, offset=offset)
        return Upload(document=document, received=arriving.received)

    def finish(self, document_id: int, *, actor: Actor) -> Document:
        """All pieces are there: the file waits for the checks. May be repeated; raises `UploadConflict` too early.

        A file that its record has already is given up, with `InvalidDocument`.
        """
        document = self._own(document_id, actor)
        if document.state is not DocumentState.ARRIVING:
            return document
        with told():
            intake = self._quarantine.finish(document.intake_id)
        try:
            with self._database.writing() as tx:
                document = tx.documents.get(document_id)
                if document.state is not DocumentState.ARRIVING:
                    return document
                came = document.came(digest=intake.digest.hex, size=intake.size, at=self._clock())
                require_not_there(tx, came)
                saved = tx.documents.save(came)
                tx.journal.add(actor, Deed.DOCUMENT_RECEIVED, _key(saved), self._clock(), after=facts(saved))
                tx.commit()
        except InvalidDocument:
            self.discard(document_id, expected=document.version, actor=actor)
            raise
        return saved

    def discard(self, document_id: int, *, expected: int, actor: Actor) -> None:
        """Remove a file that was never kept: one that arrives, waits, or was refused."""
        self._own(document_id, actor)
        with self._database.writing() as tx:
            document = tx.documents.get(document_id).expecting(expected)
            if document.state not in NOT_KEPT:
                raise DocumentNotReady(
                    N_("The file “{name}” is kept for good. It can be withdrawn, not removed."), name=document.name
                )
            tx.documents.remove(document)
            tx.journal.add(actor, Deed.DOCUMENT_DISCARDED, _key(document), self._clock(), before=facts(document))
            tx.commit()
        # The row first: bytes without one are swept, a row without bytes would be a lie.
        with told():
            self._quarantine.discard(document.intake_id)

    def try_again(self, document_id: int, *, expected: int, actor: Actor) -> Document:
        """Check a waiting file as soon as possible."""
        require(actor, Action.DOCUMENTS)

        def now(document: Document, at: datetime) -> Document:
            if document.state is not DocumentState.QUARANTINED:
                raise DocumentNotReady(N_("The file “{name}” waits for no check."), name=document.name)
            return replace(document, next_try_at=at)

        return self._change(document_id, expected, Deed.DOCUMENT_CHANGED, now, actor)

    def describe(
        self,
        document_id: int,
        *,
        label: str,
        rights: Rights,
        transfer_id: int | None,
        expected: int,
        actor: Actor,
    ) -> Document:
        """Change label, rights and transfer; `InvalidDocument` with the remedy. Wider rights need a new approval."""
        require(actor, Action.DOCUMENTS)
        cleaned = sound(label, rights)

        def described(document: Document, at: datetime) -> Document:
            by = Signed(by=actor.key, by_name=actor.name, at=at)
            return document.described(label=cleaned[0], rights=cleaned[1], transfer_id=transfer_id, by=by)

        if transfer_id is not None:
            with self._database.reading() as view:
                view.transfers.get(transfer_id)
        return self._change(document_id, expected, Deed.DOCUMENT_CHANGED, described, actor)

    def approve(self, document_id: int, *, expected: int, actor: Actor) -> Document:
        """Approve a file for readers, as another person than those who took it in or described it.

        It may be in quarantine still, and opens by itself when it is kept. Raises `FourEyes`, `PapersMissing`.
        """
        require(actor, Action.APPROVE)
        needed = self._configuration.current().papers
        with self._database.writing() as tx:
            before = tx.documents.get(document_id).expecting(expected)
            require_second_person_for(before, actor, wrote_papers=wrote_papers(tx, before.transfer_id, actor))
            transfer = tx.transfers.get(before.transfer_id) if before.transfer_id is not None else None
            require_papers(before, transfer, needed)
            at = self._clock()
            after = before.approve(Signed(by=actor.key, by_name=actor.name, at=at))
            saved = self._save(tx, actor, Deed.DOCUMENT_APPROVED, before, after)
            tx.commit()
        return saved

    def approve_all(self, transfer_id: int, *, actor: Actor) -> int:
        """Approve the files of a transfer that this actor may approve and that wait for it; how many."""
        require(actor, Action.APPROVE)
        needed = self._configuration.current().papers
        with self._database.writing() as tx:
            transfer = tx.transfers.get(transfer_id)
            wanted = DocumentFilter(transfer_id=transfer_id, states=APPROVABLE, unapproved=True)
            approved, by_own_papers = 0, wrote_papers(tx, transfer_id, actor)
            for before in tx.documents.found(wanted, MOST_AT_ONCE):
                if actor.key not in (before.received.by, before.edited.by):
                    require_second_person_for(before, actor, wrote_papers=by_own_papers)
                    require_papers(before, transfer, needed)
                    signed = Signed(by=actor.key, by_name=actor.name, at=self._clock())
                    self._save(tx, actor, Deed.DOCUMENT_APPROVED, before, before.approve(signed))
                    approved += 1
            tx.commit()
        return approved

    def withdraw(self, document_id: int, reason: str, *, expected: int, actor: Actor) -> Document:
        """Take a kept file away from readers; its bytes stay."""
        require(actor, Action.WITHDRAW)
        words = clean(reason)[:LONGEST_REASON]
        if not words:
            raise InvalidDocument(N_("Write why the file is withdrawn."))
        return self._change(
            document_id, expected, Deed.DOCUMENT_WITHDRAWN, lambda document, _: document.withdraw(words), actor
        )

    def restore(self, document_id: int, *, expected: int, actor: Actor) -> Document:
        """Bring a withdrawn file back; it needs a new approval. One that a later scan found unclean stays away."""
        require(actor, Action.WITHDRAW)
        return self._change(
            document_id, expected, Deed.DOCUMENT_REOPENED, lambda document, _: document.restore(), actor
        )

    def _change(
        self,
        document_id: int,
        expected: int,
        deed: Deed,
        change: Callable[[Document, datetime], Document],
        actor: Actor,
    ) -> Document:
        with self._database.writing() as tx:
            before = tx.documents.get(document_id).expecting(expected)
            saved = self._save(tx, actor, deed, before, change(before, self._clock()))
            tx.commit()
        return saved

    def _save(self, tx: UnitOfWork, actor: Actor, deed: Deed, before: Document, after: Document) -> Document:
        saved = tx.documents.save(after)
        was, now = facts(before), facts(saved)
        changed = [name for name in now if was[name] != now[name]]
        at = self._clock()
        gone, come = ({name: said[name] for name in changed} for said in (was, now))
        tx.journal.add(actor, deed, _key(saved), at, before=gone, after=come)
        tx.outbox.add(Topic.INDEX_RECORD, [saved.record_id], at)
        return saved

    def _new(self, record_id: int, name: str, terms: Terms, actor: Actor) -> Document:
        """A file that begins to come to this record; raises where the record or the transfer can't have it."""
        require(actor, Action.DOCUMENTS)
        with self._database.reading() as view:
            label, rights = settled(view, record_id, terms, self._configuration.current().rights)
        signed = Signed(by=actor.key, by_name=actor.name, at=self._clock())
        return Document(
            record_id=record_id,
            transfer_id=terms.transfer_id,
            state=DocumentState.ARRIVING,
            name=fit_name(name),
            label=label,
            size=0,
            rights=rights,
            received=signed,
            edited=signed,
        )

    def _own(self, document_id: int, actor: Actor) -> Document:
        """The file, for whoever began it or looks after files."""
        with self._database.reading() as view:
            document = view.documents.get(document_id)
        if actor.key != document.received.by:
            require(actor, Action.DOCUMENTS)
        return document

    @contextmanager
    def _dropping(self, intake_id: str) -> Iterator[None]:
        """Leave nothing in quarantine of what could not get its row."""
        try:
            yield
        except LibraryError:
            with told():
                self._quarantine.discard(intake_id)
            raise


def _key(document: Document) -> str:
    return f"document:{document.id}"
