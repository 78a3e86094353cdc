"""All of custody over one container and the real scanner, with a clock that stands until a test moves it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

from library.container import Container
from library.db.journal import Wanted
from library.domain.document import Document, DocumentState
from library.domain.holdings import Source
from library.domain.journal import Deed
from library.domain.transfer import Paper, PaperKind, Transfer
from library.services.custody import Custody
from library.services.custody_audit import Audit
from library.services.custody_inspection import Inspection
from library.services.custody_mending import Mending
from library.services.custody_rescan import Rescan
from library.services.custody_scanner import STATE_FILE, ScannerWatch
from library.services.custody_sidecars import Sidecars
from storage.antivirus import Patience
from storage.canary import Canary
from storage.configured_scanner import ConfiguredScanner
from storage.containers import Limits as ContainerLimits
from storage.content_store import ContentStore, place_of
from storage.gate import Gate, Limits
from storage.model import Digest
from storage.quarantine import Quarantine
from tests.builders import add_records
from tests.staff import AZIZA, NODIRA
from tests.storage.clamd_daemon import MEGABYTES


@dataclass
class Standing:
    """A clock that goes on only when it is told to."""

    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.time

    def pass_(self, **length: float) -> None:
        self.time += timedelta(**length)


class Custodian:
    """Takes files in as a librarian does, and does what the worker does, step by step."""

    def __init__(self, container: Container) -> None:
        settings, database = container.settings, container.database
        self.container = container
        self.clock = clock = Standing()
        self.scanner = ConfiguredScanner(
            Path(settings.scanner_configuration),
            largest=settings.file_megabytes << 20,
            clock=clock,
            patience=Patience(silence=2, answer=5, total=20),
        )
        self.quarantine: Quarantine = container.quarantine
        self.canary = Canary(self.scanner, clock)
        limits = Limits(containers=ContainerLimits(member=MEGABYTES << 20))
        self.gate = Gate(self.quarantine, self.scanner, self.canary, limits)
        self.store = ContentStore(settings.originals_dir, self.quarantine, clock)
        self.watch = ScannerWatch(database, self.canary, settings.data_dir / STATE_FILE, clock)
        self.custody = Custody(database, self.store, self.quarantine, self.watch, clock)
        lock = settings.data_dir / "custody.lock"
        self.sidecars = Sidecars(database, self.store, self.quarantine, lock, clock)
        self.audit = Audit(database, self.store, settings.originals_dir, self.sidecars, clock)
        self.rescan = Rescan(
            database,
            self.store,
            self.gate,
            self.sidecars,
            self.watch,
            self.audit,
            every=timedelta(days=settings.rescan_days),
            clock=clock,
        )
        self.inspection = Inspection(
            database,
            self.quarantine,
            self.gate,
            self.sidecars,
            self.watch,
            doubted=self.rescan.doubt,
            clock=clock,
        )
        self.mending = Mending(database, self.store, self.quarantine, self.gate, self.sidecars, clock)
        self.record = add_records(database, "Oliy matematika")[0]
        act = Paper(kind=PaperKind.ACT, number="12-k", date=date(2026, 9, 1))
        gift = Transfer(source=Source.GIFT, partner="Soatov, Yo. U.", taken_on=date(2026, 9, 1), papers=(act,))
        self.transfer = container.transfers.enter(gift, actor=NODIRA)

    def send(self, data: bytes, name: str = "kitob.pdf", record: int | None = None) -> Document:
        """Nodira takes a file in."""
        document = self.container.documents.receive(
            record or self.record, BytesIO(data), name, transfer_id=self.transfer.id, actor=NODIRA
        )
        # The services that take files in have a clock of their own.
        self.clock.time = max(self.clock.time, datetime.now(UTC))
        return document

    def record_named(self, title: str) -> int:
        """Another record."""
        return add_records(self.container.database, title)[0]

    def keep(self, data: bytes, name: str = "kitob.pdf", record: int | None = None) -> Document:
        """Nodira takes a file in, and it is found clean."""
        document = self.inspected(self.send(data, name, record))
        assert document.state is DocumentState.KEPT, document.reason
        return document

    def approve(self, document: Document) -> Document:
        """Aziza approves a file, whose papers are there."""
        now = self.document(document)
        return self.container.documents.approve(now.id, expected=now.version, actor=AZIZA)

    def inspected(self, document: Document) -> Document:
        """The document after everything that was due was inspected."""
        while self.inspection.step():
            pass
        return self.document(document)

    def document(self, document: Document) -> Document:
        with self.container.database.reading() as view:
            return view.documents.get(document.id)

    def deeds(self, document: Document | None = None) -> list[Deed]:
        """What the journal tells of a document, or of everything, oldest first."""
        wanted = Wanted(object=f"document:{document.id}" if document else "")
        with self.container.database.reading() as view:
            return [Deed(line.deed) for line in reversed(view.journal.newest(wanted, None, 500))]

    def facts(self, deed: Deed) -> list[str]:
        """What the journal tells with each such deed, oldest first."""
        with self.container.database.reading() as view:
            return [line.after for line in reversed(view.journal.newest(Wanted(deed=deed.value), None, 500))]

    def indexed(self) -> int:
        """How many tasks wait for the index."""
        with self.container.database.reading() as view:
            return len(view.outbox.ids())

    def path(self, document: Document) -> Path:
        """Where its bytes lie in the store."""
        return place_of(self.container.settings.originals_dir, Digest(document.digest))

    def files(self) -> list[str]:
        """Every file in quarantine and store."""
        settings = self.container.settings
        return sorted(
            str(path.relative_to(settings.data_dir))
            for root in (settings.quarantine_dir, settings.originals_dir)
            for path in root.rglob("*")
            if path.is_file()
        )
