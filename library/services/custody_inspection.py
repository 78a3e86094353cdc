"""Inspection: every document in quarantine goes through the gate, and is kept, refused, or waits.

All of it may be killed at any point and done again: the store is written first, then the row, and the bytes leave
quarantine last. What is in doubt stays where it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

from library.db.outbox import Topic
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.document import Document, DocumentState
from library.domain.errors import N_, LibraryError, Message, NotFound
from library.domain.journal import Deed
from library.services.custody_closing import KEEPER, scan_of
from library.services.custody_scanner import ScannerWatch
from library.services.custody_sidecars import Sidecars
from library.services.stored import message
from storage.errors import Locked, StorageError, UnknownIntake
from storage.gate import Gate
from storage.model import (
    Admitted,
    Digest,
    MediaType,
    Reason,
    Refused,
    StoredFile,
    Undecided,
    Verdict,
    WaitsFor,
    quoted,
)
from storage.quarantine import Quarantine

# After a try that decided nothing the next one comes after this long; the last holds for all that follow.
PAUSES = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
# Whoever waits for longer than this is shown to staff as forgotten by the scanner.
TOO_LONG = timedelta(hours=24)

_VANISHED = Reason("vanished", N_("The file is no longer in quarantine. Upload it again."))
_OTHER_BYTES = Reason("altered", N_("The bytes of the file have changed since it came. Upload it again."))
_BROKEN_OFF = N_("The checks of the file broke off ({detail}). They are tried again.")

Decision: TypeAlias = Admitted | StoredFile | Undecided | Reason
"""What the gate said, of a refusal its reason; or that the store has these bytes already."""

log = logging.getLogger(__name__)


class Inspection:
    """One document at a time; `step` is for the worker, and for a command that doesn't want to wait for it.

    Two of them may meet over one document: the second finds it decided.
    """

    def __init__(
        self,
        database: Database,
        quarantine: Quarantine,
        gate: Gate,
        sidecars: Sidecars,
        watch: ScannerWatch,
        *,
        doubted: Callable[[str], None],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._quarantine = quarantine
        self._gate = gate
        self._sidecars = sidecars
        self._watch = watch
        self._doubted = doubted
        self._clock = clock

    def step(self) -> bool:
        """Inspect the document whose turn it is; False where none is due."""
        document = self.next()
        if document is None:
            return False
        self.inspect(document)
        return True

    def next(self) -> Document | None:
        """The document whose turn it is."""
        with self._database.reading() as view:
            return view.documents.to_inspect(self._clock())

    def hurry(self) -> None:
        """Let all that wait for another try have it now."""
        with self._database.writing() as tx:
            tx.custody.try_again(self._clock())
            tx.commit()

    def inspect(self, document: Document) -> Document | None:
        """Decide on a document in quarantine; as it is then, or None where it was discarded meanwhile."""
        try:
            return self._note(document, self._decide(document))
        except NotFound:
            return None
        except StorageError as error:
            reason = Message(error.template, tuple(error.values.items()))
        except LibraryError:
            raise
        # Whatever a file does to what looks into it: it waits, and those behind it are not held up.
        except Exception as error:
            log.exception("The checks of file %s broke off", document.id)
            reason = Message.of(_BROKEN_OFF, detail=quoted(f"{type(error).__name__}: {error}"))
        log.warning("File %s could not be inspected: %s", document.id, reason)
        return self._save(document, lambda one: self._waiting(one, reason))

    def _decide(self, document: Document) -> Decision:
        try:
            intake = self._quarantine.intake(document.intake_id)
            if intake.digest.hex != document.digest:
                self._quarantine.lock(Refused(intake=intake, reason=_OTHER_BYTES))
                return _OTHER_BYTES
            outcome = self._gate.inspect(intake)
        except Locked:
            # It was refused, and the end came before the row could say so.
            locked = {one.intake.id: one.reason for one in self._quarantine.locked()}
            return locked.get(document.intake_id, _VANISHED)
        except UnknownIntake:
            try:
                # So it is after a backup that was taken while the file moved: its row is older than its bytes.
                return self._sidecars.found_clean(Digest(document.digest))
            except StorageError:
                return _VANISHED
        return outcome.reason if isinstance(outcome, Refused) else outcome

    def _note(self, document: Document, decision: Decision) -> Document:
        match decision:
            case Admitted():
                return self._keep(document, decision)
            case StoredFile():
                return self._save_kept(document, decision.media_type, decision.verdict)
            case Undecided():
                return self._wait(document, decision)
            case Reason():
                return self._refuse(document, decision)

    def _keep(self, document: Document, admitted: Admitted) -> Document:
        verdict = admitted.verdict
        self._sidecars.keep(admitted, self._kept(document, admitted.media_type, verdict))
        saved = self._save_kept(document, admitted.media_type, verdict)
        self._quarantine.discard(admitted.intake.id)
        self._watch.notice(verdict.engine, verdict.signatures)
        return saved

    def _save_kept(self, document: Document, media_type: MediaType, verdict: Verdict) -> Document:
        facts = {"media_type": media_type.value, "engine": verdict.engine, "signatures": verdict.signatures}
        return self._save(document, lambda one: self._kept(one, media_type, verdict), Deed.DOCUMENT_KEPT, facts)

    def _kept(self, document: Document, media_type: MediaType, verdict: Verdict) -> Document:
        return document.kept(media_type=media_type.value, scan=scan_of(verdict), at=self._clock())

    def _refuse(self, document: Document, reason: Reason) -> Document:
        told = message(reason)
        facts = {"code": reason.code, "reason": str(told)}
        saved = self._save(document, lambda one: one.refused(told), Deed.DOCUMENT_REFUSED, facts)
        if reason.code == "infected":
            # The same bytes may have been kept before the scanner knew what is in them.
            self._doubted(document.digest)
        return saved

    def _wait(self, document: Document, undecided: Undecided) -> Document:
        reason = message(undecided.reason)
        if undecided.waits_for is WaitsFor.PERSON:
            facts = {"code": undecided.reason.code, "reason": str(reason)}
            return self._save(document, lambda one: one.waits(reason, again_at=None), Deed.DOCUMENT_CHANGED, facts)
        saved = self._save(document, lambda one: self._waiting(one, reason))
        self._watch.doubt()
        return saved

    def _waiting(self, document: Document, reason: Message) -> Document:
        return document.waits(reason, again_at=self._clock() + PAUSES[min(document.tries, len(PAUSES) - 1)])

    def _save(
        self,
        document: Document,
        change: Callable[[Document], Document],
        deed: Deed | None = None,
        facts: dict[str, str] | None = None,
    ) -> Document:
        """Write what was decided, unless somebody else decided meanwhile; what staff changed meanwhile stays."""
        at = self._clock()
        with self._database.writing() as tx:
            current = tx.documents.get(document.id)
            if current.state is not DocumentState.QUARANTINED or current.intake_id != document.intake_id:
                return current
            changed = tx.documents.save(change(current))
            if deed is not None:
                after = {"name": changed.name, "record": changed.record_id, "digest": changed.digest, **(facts or {})}
                tx.journal.add(KEEPER, deed, f"document:{changed.id}", at, after=after)
            if changed.state is DocumentState.KEPT and changed.scan is not None:
                # The sidecar that other documents with these bytes share has the newer verdict.
                tx.documents.note_scan(changed.digest, changed.scan)
            _index(tx, changed, at)
            tx.commit()
        return changed


def _index(tx: UnitOfWork, document: Document, at: datetime) -> None:
    if document.is_published:
        tx.outbox.add(Topic.INDEX_RECORD, [document.record_id], at)
