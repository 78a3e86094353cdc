"""Rescan: every kept file is scanned again each week, and after new signatures; what is found later is closed.

A file that was closed and is found clean later stays closed: an answer that changed twice is for a person to weigh.
`reopen` is that person's, and scans first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.document import DocumentState
from library.domain.errors import N_, DocumentNotReady, Message
from library.services.custody_audit import Audit
from library.services.custody_closing import close, reopen, scan_of
from library.services.custody_scanner import ScannerCondition, ScannerWatch
from library.services.custody_sidecars import Sidecars
from library.services.stored import told
from storage.content_store import ContentStore
from storage.errors import NotKept
from storage.fixity import Condition
from storage.gate import Gate
from storage.model import Digest, Finding, Verdict

# New signatures come several times a day, so the whole store is not scanned at once for them: one file a minute, and
# in a large store so many that all have their turn within a day.
SLOWEST = timedelta(minutes=1)
ALL_WITHIN = timedelta(days=1)
# A file that could not be scanned is not in the way of the others.
SET_ASIDE = timedelta(hours=1)
LOOKED_FOR_EVERY = timedelta(seconds=20)


class Rescan:
    """One file at a time; `step` is for the worker."""

    def __init__(
        self,
        database: Database,
        store: ContentStore,
        gate: Gate,
        sidecars: Sidecars,
        watch: ScannerWatch,
        audit: Audit,
        *,
        every: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._store = store
        self._gate = gate
        self._sidecars = sidecars
        self._watch = watch
        self._audit = audit
        self._every = every
        self._clock = clock
        self._aside: dict[str, datetime] = {}
        self._rests_until: datetime | None = None
        self._spread_from: datetime | None = None

    def step(self) -> bool:
        """Scan the file whose turn it is; False where none is due or the scanner can't be trusted."""
        now = self._clock()
        if self._rests_until is not None and now < self._rests_until:
            return False
        digest = self._due(now) if self._watch.state().condition is ScannerCondition.GOOD else None
        if digest is None:
            self._rests_until = now + LOOKED_FOR_EVERY
            return False
        self.scan(digest)
        return True

    def scan(self, digest: str) -> Finding:
        """Scan one file of the store now, and close its documents unless it is clean; what was found.

        A digest that the store doesn't have is nobody's.
        """
        verdict = self._look(Digest(digest))
        if verdict is None or verdict.finding is Finding.RETRY:
            self._aside[digest] = self._clock() + SET_ASIDE
            self._audit.check(digest)
            return Finding.RETRY
        # The store before the rows: from here on nobody is given what was found unclean.
        self._sidecars.note_verdict(verdict.digest, verdict)
        with self._database.writing() as tx:
            tx.documents.note_scan(digest, scan_of(verdict))
            if verdict.finding is not Finding.CLEAN:
                close(tx, verdict.digest, _reason(verdict), {"engine": verdict.engine}, self._clock())
            tx.commit()
        return verdict.finding

    def doubt(self, digest: str) -> None:
        """An upload with these bytes was found infected: if the store has them too, they are scanned at once."""
        with self._database.reading() as view:
            kept = [one for one in view.documents.with_digest(digest) if one.kept_at is not None]
        if kept:
            self.scan(digest)

    def reopen(self, document_id: int, *, actor: Actor) -> None:
        """Open the documents of a closed file again, after it was read and scanned anew and nothing was found.

        Raises `DocumentNotReady` if something is, or if nothing was closed.
        """
        require(actor, Action.APPROVE)
        with self._database.reading() as view:
            document = view.documents.get(document_id)
        if document.state is not DocumentState.CLOSED:
            raise DocumentNotReady(N_("The file “{name}” is not closed."), name=document.name)
        digest = Digest(document.digest)
        verdict = self._look(digest)
        if verdict is None or self._audit.condition(digest) is not Condition.SOUND:
            raise DocumentNotReady(
                N_("The bytes of “{name}” are lost or altered. The administrator has to mend them from a backup."),
                name=document.name,
            )
        if verdict.finding is not Finding.CLEAN:
            raise DocumentNotReady(
                N_("“{name}” stays closed: the scan did not find it clean ({detail})."),
                name=document.name,
                detail=verdict.detail,
            )
        self._sidecars.note_verdict(digest, verdict)
        with self._database.writing() as tx:
            reopen(tx, digest, verdict, actor, self._clock())
            tx.commit()

    def _look(self, digest: Digest) -> Verdict | None:
        """What the scanner says of a file today; None if the store has lost it."""
        with told():
            try:
                with self._store.open_unchecked(digest) as file:
                    return self._gate.scan_again(self._store.describe(digest), file)
            except NotKept:
                return None

    def _due(self, now: datetime) -> str | None:
        aside = self._set_aside(now)
        state = self._watch.state()
        with self._database.reading() as view:
            overdue = [one.digest for one in view.documents.scanned_before(now - self._every, len(aside) + 1)]
            found = next((digest for digest in overdue if digest not in aside), None)
            if found is not None or (self._spread_from is not None and now < self._spread_from):
                return found
            others = view.custody.scanned_by_others(state.engine, state.signatures, len(aside) + 1)
            found = next((digest for digest in others if digest not in aside), None)
            if found is not None:
                files = len(view.documents.digests())
                self._spread_from = now + min(SLOWEST, ALL_WITHIN / max(files, 1))
        return found

    def _set_aside(self, now: datetime) -> frozenset[str]:
        self._aside = {digest: until for digest, until in self._aside.items() if now < until}
        return frozenset(self._aside)


def _reason(verdict: Verdict) -> Message:
    if verdict.finding is Finding.INFECTED:
        return Message.of(N_("A later virus scan found {virus} in the file."), virus=verdict.detail)
    return Message.of(N_("A later virus scan could not look into the whole file ({detail})."), detail=verdict.detail)
