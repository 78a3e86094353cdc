"""Sidecars: beside each original in the store stands what the catalogue knows of it, so that either can be remade.

Whoever writes into the store does it here, one at a time, be it a thread of the worker or a command: two who replaced
the same sidecar at once could give a file back the verdict that it had before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from library.db.unit_of_work import Database, ReadingUnit, UnitOfWork
from library.domain.document import Document
from library.marc import dialects
from library.services.custody_facts import FileFacts, RecordFacts, written
from library.services.locks import in_turn
from library.services.stored import told
from storage.content_store import ContentStore, read_digest
from storage.errors import Altered, NotKept, told_plainly
from storage.model import Admitted, Digest, Finding, MediaType, StoredFile, Verdict
from storage.quarantine import Quarantine

LOOKED_FOR_EVERY = timedelta(seconds=2)
AT_ONCE = 50


class Sidecars:
    """The one hand that writes into the store. `step` is for the worker."""

    def __init__(
        self,
        database: Database,
        store: ContentStore,
        quarantine: Quarantine,
        lock: Path,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._store = store
        self._quarantine = quarantine
        self._lock = lock
        self._clock = clock
        self._rests_until: datetime | None = None

    def step(self) -> bool:
        """Write the sidecar of one file of which something changed; False where there is none."""
        now = self._clock()
        if self._rests_until is not None and now < self._rests_until:
            return False
        with self._database.reading() as view:
            due = view.documents.with_sidecar_due(1)
        if not due:
            self._rests_until = now + LOOKED_FOR_EVERY
            return False
        self.write(due[0])
        return True

    def write_all(self) -> None:
        """Write every sidecar that is due, now."""
        with self._database.reading() as view:
            due = view.documents.with_sidecar_due(AT_ONCE)
        while due:
            for document in due:
                self.write(document)
            with self._database.reading() as view:
                due = view.documents.with_sidecar_due(AT_ONCE)

    def write(self, document: Document) -> None:
        """Write the sidecar of a document's file from what the catalogue says; it is not due any more.

        What has no file in the store, and what has lost it, is left to the audit.
        """
        with in_turn(self._lock), self._database.writing() as tx:
            same = tx.documents.with_digest(document.digest) if document.kept_at is not None else []
            # First, so that a change that is made meanwhile waits for us and asks for the next sidecar.
            for one in (document, *same):
                tx.documents.note_sidecar(one)
            if same:
                with told(), suppress(NotKept, Altered):
                    self._write(tx, same)
            tx.commit()

    def keep(self, admitted: Admitted, document: Document) -> StoredFile:
        """Keep an admitted file with all that is known of it; the document is as it will be when it is kept.

        A copy of the same bytes that the store has already and that went bad is mended by those that came. Raises what
        the store does.
        """
        digest = admitted.intake.digest
        with in_turn(self._lock):
            with self._database.reading() as view:
                others = [one for one in view.documents.with_digest(digest.hex) if _is_in_store(one, document)]
                facts = written(_facts(view, [*others, document]))
            try:
                return self._store.keep(admitted, facts=facts)
            except Altered:
                with self._quarantine.open(admitted.intake) as copy:
                    self._store.mend(digest, copy)
                return self._store.keep(admitted, facts=facts)

    def found_clean(self, digest: Digest) -> StoredFile:
        """A file that the store has, whole and found clean. Raises `NotKept`, `NotClean`, `Altered` of the store."""
        stored = self._store.describe(digest)
        with self._store.open(digest) as file, told_plainly():
            if read_digest(file)[0] != digest:
                raise Altered
        return stored

    def note_verdict(self, digest: Digest, verdict: Verdict) -> None:
        """Put a later verdict into the sidecar: what isn't clean is no longer given out."""
        with in_turn(self._lock), told():
            self._store.note_verdict(digest, verdict)

    def mend(self, digest: Digest, copy: BinaryIO) -> None:
        """Put back lost or altered bytes from a copy. Raises `NotKept`, `Altered` of the store."""
        with in_turn(self._lock):
            self._store.mend(digest, copy)

    def _write(self, tx: UnitOfWork, documents: Sequence[Document]) -> None:
        digest, facts = Digest(documents[0].digest), written(_facts(tx, documents))
        try:
            self._store.note_facts(digest, facts)
        except NotKept:
            # The sidecar is lost or damaged: the catalogue knows what stood there.
            self._store.restore_sidecar(replace(_described(documents[0]), facts=facts))


def _is_in_store(one: Document, document: Document) -> bool:
    return one.kept_at is not None and one.id != document.id


def _facts(view: ReadingUnit | UnitOfWork, documents: Sequence[Document]) -> FileFacts:
    numbers = sorted({one.record_id for one in documents})
    records = view.records.many(numbers)
    transfers = view.transfers.some({one.transfer_id for one in documents if one.transfer_id is not None})
    return FileFacts(
        documents=tuple(documents),
        records=tuple(
            RecordFacts(
                record=record,
                title=dialects.describe(record.dialect, record.marc).title,
                origins=view.origins.of_record(number),
            )
            for number, record in sorted(records.items())
        ),
        transfers=tuple(transfers[number] for number in sorted(transfers)),
    )


def _described(document: Document) -> StoredFile:
    """What the store should say of a file, by its row."""
    assert document.scan is not None, "it was kept, so it was scanned"
    assert document.kept_at is not None, "it was kept"
    digest = Digest(document.digest)
    return StoredFile(
        digest=digest,
        size=document.size,
        media_type=MediaType(document.media_type),
        name=document.name,
        verdict=Verdict(
            finding=Finding(document.scan.finding),
            digest=digest,
            engine=document.scan.engine,
            signatures=document.scan.signatures,
            scanned_at=document.scan.at,
        ),
        kept_at=document.kept_at,
    )
