"""Rebuilding: documents, their records and transfers come back from the store alone, into an empty catalogue.

What stands in no sidecar can't come back: records without files, earlier versions of records, accounts, settings, the
journal. A backup has all of it; this is for the day on which there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from library.db.outbox import Topic
from library.db.records import DescribedRecord
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Action, Actor, require
from library.domain.document import Document, DocumentState
from library.domain.errors import N_, LibraryError, Message
from library.domain.journal import Deed
from library.marc import dialects
from library.services.custody_audit import REASONS, STORE
from library.services.custody_facts import FileFacts, newest_records, newest_transfers, read
from library.services.stored import told
from storage.content_store import ContentStore
from storage.errors import NotKept
from storage.fixity import Condition
from storage.model import Digest, Finding, StoredFile
from storage.quarantine import Quarantine

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Something of the store that could not be brought back, below the store or as a digest, and why."""

    what: str
    why: Message


@dataclass(slots=True, kw_only=True)
class Rebuilt:
    """How many came back, and what could not.

    `waiting` files lie in quarantine, of which the store knows nothing: they have to be taken in again.
    """

    records: int = 0
    transfers: int = 0
    documents: int = 0
    waiting: int = 0
    lost: list[Lost] = field(default_factory=list)


class Rebuilding:
    """Makes the catalogue of files from the store."""

    def __init__(
        self, database: Database, store: ContentStore, quarantine: Quarantine, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._store = store
        self._quarantine = quarantine
        self._clock = clock

    def run(self, *, actor: Actor) -> Rebuilt:
        """Bring everything back under its number, in one transaction; `LibraryError` unless the catalogue is empty.

        A file without bytes, and one whose last scan didn't find it clean, comes back closed.
        """
        require(actor, Action.SYSTEM)
        result = Rebuilt()
        with told():
            files = list(self._read(result))
            result.waiting = len(self._quarantine.whole()) + len(self._quarantine.locked())
        at = self._clock()
        with self._database.writing() as tx:
            if not tx.custody.is_vacant():
                raise LibraryError(
                    N_("There are records here already. Files are rebuilt into an empty catalogue only.")
                )
            self._put_back(tx, files, result, at)
            tx.custody.number_on()
            facts = {
                "records": result.records,
                "transfers": result.transfers,
                "documents": result.documents,
                "faults": len(result.lost),
            }
            tx.journal.add(actor, Deed.STORE_REBUILT, STORE, at, after=facts)
            tx.commit()
        return result

    def _read(self, result: Rebuilt) -> list[FileFacts]:
        found = []
        for stored in self._store.files():
            try:
                facts = read(stored)
            except ValueError as error:
                why = Message.of(N_("its sidecar does not tell of which record it is ({reason})"), reason=str(error))
                result.lost.append(Lost(what=stored.digest.hex, why=why))
                continue
            found.append(replace(facts, documents=tuple(self._sound(one, stored) for one in facts.documents)))
        result.lost += [
            Lost(what=one.path, why=Message.of(N_("it is not as it should be ({fault})"), fault=one.fault.value))
            for one in self._store.faults()
        ]
        return found

    def _sound(self, document: Document, stored: StoredFile) -> Document:
        """The document, closed unless its bytes are there and were found clean."""
        if document.state not in (DocumentState.KEPT, DocumentState.WITHDRAWN):
            return document
        if stored.verdict.finding is not Finding.CLEAN:
            reason = Message.of(
                N_("The last virus scan did not find the file clean ({finding})."), finding=stored.verdict.finding.value
            )
            return replace(document, state=DocumentState.CLOSED, reason=reason)
        try:
            self._store.open_unchecked(Digest(document.digest)).close()
        except NotKept:
            return replace(document, state=DocumentState.CLOSED, reason=Message.of(REASONS[Condition.MISSING]))
        return document

    def _put_back(self, tx: UnitOfWork, files: list[FileFacts], result: Rebuilt, at: datetime) -> None:
        records, transfers = newest_records(files), newest_transfers(files)
        numbers = {one.record.id for one in records}
        known = {one.id for one in transfers}
        documents = {one.id: one for facts in files for one in facts.documents}
        kept = []
        for one in (documents[number] for number in sorted(documents)):
            if one.record_id not in numbers:
                why = Message.of(N_("its record {id} stands in no sidecar"), id=one.record_id)
                result.lost.append(Lost(what=one.digest, why=why))
                continue
            kept.append(one if one.transfer_id in known else replace(one, transfer_id=None))
        for begin in range(0, len(records), CHUNK):
            some = [one.record for one in records[begin : begin + CHUNK]]
            tx.records.add(
                [DescribedRecord(record=one, description=dialects.describe(one.dialect, one.marc)) for one in some]
            )
            tx.outbox.add(Topic.INDEX_RECORD, [one.id for one in some], at)
        tx.origins.add([origin for one in records for origin in one.origins])
        tx.custody.put_back(transfers, kept)
        result.records, result.transfers, result.documents = len(records), len(transfers), len(kept)
