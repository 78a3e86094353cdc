"""Custody of the files: what is there and how it is, what needs a person, and what was left over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from library.db.documents import DocumentFilter
from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.document import Document, DocumentState
from library.domain.journal import Deed
from library.services.custody_closing import KEEPER
from library.services.custody_inspection import TOO_LONG
from library.services.custody_scanner import ScannerState, ScannerWatch
from library.services.stored import told
from storage.content_store import ContentStore, Fault, Faulty
from storage.errors import UnknownIntake
from storage.model import Digest
from storage.quarantine import Quarantine

# What is younger may still be on its way: an upload that goes on, a file whose row is being written.
LEFT_OVER_AFTER = timedelta(hours=24)
# An announced upload that nobody went on with for so long is given up without anybody asking.
GIVEN_UP_AFTER = timedelta(days=7)
SWEPT_EVERY = timedelta(days=1)
PAGE = 500
MOST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """A document with the title of its record."""

    document: Document
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """What a person should look at: the scanner, how many files wait for more than a day, how many are closed."""

    scanner: ScannerState
    waiting_long: int
    closed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What was removed from quarantine and store, and what a person should look at.

    `resumed` uploads had come whole and are inspected now; `given_up` ones never came. `unknown` files lie in the store
    with a sidecar but in no list: the database is older than the store, or somebody discarded them in the moment in
    which they were kept. They stay; `faults` are other things that are not as they should be.
    """

    removed: tuple[str, ...]
    resumed: int
    given_up: int
    unknown: tuple[Digest, ...]
    faults: tuple[Faulty, ...]


class Custody:
    """Tells staff and administrators how the files are."""

    def __init__(
        self,
        database: Database,
        store: ContentStore,
        quarantine: Quarantine,
        watch: ScannerWatch,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._store = store
        self._quarantine = quarantine
        self._watch = watch
        self._clock = clock
        self._swept_at: datetime | None = None

    def scanner_state(self) -> ScannerState:
        """Whether the virus scanner can be trusted, as the worker found it last; asks nobody, raises nothing."""
        return self._watch.state()

    def alerts(self, *, actor: Actor) -> Alerts:
        """What needs a person."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            return Alerts(
                scanner=self._watch.state(),
                waiting_long=view.custody.waiting_since_before(self._clock() - TOO_LONG),
                closed=view.documents.count(DocumentFilter(states=frozenset({DocumentState.CLOSED}))),
            )

    def listed(self, *, actor: Actor) -> Iterator[ListedFile]:
        """Every file that ever came and was not discarded, by number."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            after = 0
            while page := view.documents.page(after, PAGE):
                records = view.records.listed(sorted({one.record_id for one in page}))
                for one in page:
                    yield ListedFile(document=one, title=records[one.record_id].description.title)
                after = page[-1].id

    def sweep(self, *, actor: Actor, left_over_after: timedelta = LEFT_OVER_AFTER) -> Swept:
        """Remove what interrupted work left behind in quarantine and store, and tell what else is not in order."""
        require(actor, Action.SYSTEM)
        before = self._clock() - left_over_after
        with self._database.reading() as view:
            intakes = view.documents.intake_ids()
        with told():
            removed = self._quarantine.sweep(known=intakes, before=before)
            resumed, given_up = self._settle_uploads(before)
            with self._database.reading() as view:
                digests = {Digest(one) for one in view.documents.digests()}
                waiting = {Digest(one.digest) for one in view.documents.found(_QUARANTINED, limit=MOST)}
            removed += self._store.sweep(known=digests, before=before)
            # Of those that wait the store may have a copy already: its row follows.
            unknown = tuple(one.digest for one in self._store.files() if one.digest not in digests | waiting)
            faults = tuple(one for one in self._store.faults() if one.fault is not Fault.UNFINISHED)
        return Swept(removed=removed, resumed=resumed, given_up=given_up, unknown=unknown, faults=faults)

    def sweep_step(self) -> bool:
        """Once a day, give up the uploads that nobody went on with for a week; whether there were any. A chore."""
        at = self._clock()
        if self._swept_at is not None and at - self._swept_at < SWEPT_EVERY:
            return False
        with self._database.reading() as view:
            intakes = view.documents.intake_ids()
        with told():
            self._quarantine.sweep(known=intakes, before=at - GIVEN_UP_AFTER)
            settled = self._settle_uploads(at - GIVEN_UP_AFTER)
        self._swept_at = at
        return any(settled)

    def _settle_uploads(self, before: datetime) -> tuple[int, int]:
        """Uploads that nobody goes on with: one that had come whole goes on by itself, the others are given up."""
        with self._database.reading() as view:
            arriving = view.documents.found(_ARRIVING, limit=MOST)
        resumed = given_up = 0
        for document in arriving:
            if document.received.at < before:
                try:
                    resumed += self._resume(document)
                except UnknownIntake:
                    given_up += self._give_up(document)
        return resumed, given_up

    def _resume(self, document: Document) -> bool:
        intake = self._quarantine.intake(document.intake_id)
        with self._database.writing() as tx:
            current = tx.documents.get(document.id)
            if current.state is not DocumentState.ARRIVING:
                return False
            tx.documents.save(current.came(digest=intake.digest.hex, size=intake.size, at=self._clock()))
            tx.commit()
        return True

    def _give_up(self, document: Document) -> bool:
        with suppress(UnknownIntake):
            self._quarantine.arriving(document.intake_id)
            return False  # somebody still sends it
        with self._database.writing() as tx:
            current = tx.documents.get(document.id)
            if current.state is not DocumentState.ARRIVING:
                return False
            tx.documents.remove(current)
            facts = {"name": current.name, "record": current.record_id}
            tx.journal.add(KEEPER, Deed.DOCUMENT_DISCARDED, f"document:{current.id}", self._clock(), before=facts)
            tx.commit()
        return True


_QUARANTINED = DocumentFilter(states=frozenset({DocumentState.QUARANTINED}))
_ARRIVING = DocumentFilter(states=frozenset({DocumentState.ARRIVING}))
