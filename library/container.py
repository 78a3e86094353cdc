"""Builds engines, unit of work and services from the settings; the only module that knows all the classes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

from harvest.transport import Transport
from indexer.extraction.drawing import Drawing
from indexer.extraction.drawing_cache import DrawingCache
from indexer.search_index import SearchIndex
from indexer.whoosh.engine import WhooshIndex
from library.db import migrating
from library.db.engine import open_engine
from library.db.journal_head import JOURNAL_HEAD, HeadFile
from library.db.unit_of_work import Database
from library.domain.errors import N_, InvalidSettings
from library.domain.marc import Dialect
from library.services.accounts import Accounts
from library.services.appeals import Appeals
from library.services.appeals_files import AppealFiles
from library.services.appeals_upkeep import AppealsUpkeep
from library.services.arrivals import Arrivals
from library.services.attempts import Attempts
from library.services.author import AuthorPages
from library.services.authorities import Authorities
from library.services.batches import MOST_RECORDS, Batches
from library.services.browsing import Browsing
from library.services.catalogue import Catalogue
from library.services.cataloguing import Cataloguing
from library.services.configuration import Configuration
from library.services.copy_cataloguing import CopyCataloguing
from library.services.counter import Counter
from library.services.custody import Custody
from library.services.custody_audit import Audit
from library.services.custody_folder import WatchedFolder
from library.services.custody_inspection import Inspection
from library.services.custody_mending import Mending
from library.services.custody_packages import Packages
from library.services.custody_rebuilding import Rebuilding
from library.services.custody_rescan import Rescan
from library.services.custody_scanner import STATE_FILE, ScannerWatch
from library.services.custody_sidecars import Sidecars
from library.services.dashboard import Dashboard
from library.services.deposit import Deposits
from library.services.deposit_record import DepositRecord
from library.services.deposit_review import DepositReview
from library.services.derivation import Derivation
from library.services.documents import Documents
from library.services.documents_queue import DocumentsQueue
from library.services.drafts import Drafts
from library.services.duplicates import Duplicates
from library.services.embargoes import Embargoes
from library.services.exporting import Exporting
from library.services.first_token import FirstToken
from library.services.health import Health
from library.services.holdings import Holdings
from library.services.importing import Importing
from library.services.indexing import Indexing
from library.services.installation import claim
from library.services.journal import JournalReading
from library.services.journal_proof import JournalProof
from library.services.keys import installation_key
from library.services.link_check import PATIENCE, LinkCheck, WebLinks
from library.services.listing import Listing
from library.services.loosening import Loosening
from library.services.maintenance import Maintenance
from library.services.open_archive import OpenArchive
from library.services.open_archive_upkeep import OpenArchiveUpkeep
from library.services.own_account import OwnAccount
from library.services.partner_access import open_catalogues, open_transport, reach_of
from library.services.partners import Partners
from library.services.partners_harvesting import Harvesting
from library.services.partners_provenance import PartnerOrigins
from library.services.partners_rejects import Rejects
from library.services.partners_twins import Twins
from library.services.passwords import Passwords
from library.services.printing import Printing
from library.services.quality import Quality
from library.services.readers import Readers
from library.services.readers_import import ReadersImport
from library.services.reading import Reading
from library.services.reading_covers import Covers
from library.services.resource_sync import ResourceSync
from library.services.review import Review
from library.services.search import Search
from library.services.second_factor import SecondFactor
from library.services.service_quality import AnswerTimes, Probe
from library.services.signing_in import SigningIn
from library.services.similar import Similar
from library.services.sitemap import Sitemap
from library.services.sru import Sru
from library.services.statistics import Statistics
from library.services.statistics_following import StatisticsFollowing
from library.services.statistics_indicators import indicator_table
from library.services.statistics_keys import StatisticsKeys
from library.services.suggestions import Suggestions
from library.services.targets import Targets
from library.services.texts import Texts
from library.services.transfers import Transfers
from library.services.uploaded_imports import UploadedImports
from library.services.uploaded_imports_intake import Intake
from library.services.uploaded_imports_work import UploadedImportsWork
from library.services.usage import Usage
from library.services.usage_counting import UsageCounting
from library.services.usage_robots import shipped_robots
from library.services.versions import Versions
from library.services.viewing import Viewing
from library.services.viewing_pace import Pace
from library.services.viewing_pages import Pages
from library.services.viewing_signatures import Signatures
from library.services.worker import Chore, Worker
from library.settings import Settings
from storage.antivirus import Scanner
from storage.canary import Canary
from storage.configured_scanner import ConfiguredScanner
from storage.containers import Limits as ContainerLimits
from storage.content_store import ContentStore
from storage.gate import Gate, Limits
from storage.quarantine import Quarantine
from storage.text_store import TextStore

JOURNAL_KEY = "journal.key"


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def open_index(settings: Settings) -> SearchIndex:
    """The search engine that was chosen; `InvalidSettings` with the remedy where its package is missing."""
    if settings.search_engine == "whoosh":
        return WhooshIndex(settings.index_dir)
    try:
        # An optional extra: it can be imported only where it was chosen.
        from indexer.tantivy.engine import TantivyIndex
    except ImportError as error:
        raise InvalidSettings(
            N_("Settings to mend: {problems}"),
            problems=f"LIBRARY_SEARCH_ENGINE: tantivy can't be used ({error}); install the package tantivy "
            "(pip install tantivy) where the library is installed, or choose whoosh",
        ) from error
    return TantivyIndex(settings.index_dir)


# Bytes of page images that are kept for the next reader.
LARGEST_CACHE = 2 << 30

# How other servers see us.
AGENT = "Kutubxona"


class Container:
    """Everything an entry point needs, made once; `close()` lets the connections go."""

    def __init__(self, settings: Settings) -> None:
        claim(settings)
        self.settings = settings
        self.worker_lock = settings.data_dir / "worker.lock"
        journal_key = installation_key(settings.data_dir / JOURNAL_KEY)
        journal_head = HeadFile(settings.data_dir / JOURNAL_HEAD)
        zone = ZoneInfo(settings.time_zone)
        self.database = Database(open_engine(settings.database), journal_key, journal_head.follow, zone)
        self.index = open_index(settings)
        self.printing = Printing()
        self.configuration = Configuration(self.database, settings.data_dir, now)
        self.maintenance = Maintenance(self.database, settings.data_dir, now)
        self.answer_times = AnswerTimes(self.database, now, zone)
        host = next(iter(settings.trusted_hosts), "")
        self.probe = Probe(self.database, settings.probe_address, host, now)
        self.journal = JournalReading(self.database, zone, now)
        self.statistics = Statistics(self.database, self.configuration, settings, now)
        self.dashboard = Dashboard(self.database, self.statistics.report, zone, now)
        self.statistics_following = StatisticsFollowing(self.database, now, zone)
        self.statistics_keys = StatisticsKeys(self.database, indicator_table().indicators, zone, now)
        self.journal_proof = JournalProof(
            self.database, journal_key, journal_head, settings.data_dir / "journal.anchors", now
        )
        self.counter = Counter(self.database, zone, now)
        self.usage = Usage(self.database, settings.data_dir, shipped_robots(), zone, now)
        self.usage_counting = UsageCounting(self.database, shipped_robots(), zone, now)
        self._open_portal()
        self._open_cataloguing()
        self._open_partners(settings)
        self._open_accounts(settings)
        self._open_files(settings)
        self._open_custody(settings)
        self._open_data(settings)
        chores, lanes = self._chores(settings), self._lanes()
        self.worker = Worker(self.database, self.indexing, now, chores, lanes, self.harvesting.stop)

    def _open_portal(self) -> None:
        self.arrivals = Arrivals(self.database, self.index)
        self.author = AuthorPages(self.database, self.index)
        self.browsing = Browsing(self.database, self.index)
        self.catalogue = Catalogue(self.database)
        self.listing = Listing(self.database, self.index)
        self.loosening = Loosening(self.index)
        self.resource_sync = ResourceSync(self.database, now)
        self.similar = Similar(self.database, self.index)
        self.sitemap = Sitemap(self.database)
        self.sru = Sru(self.database, self.index, now, ZoneInfo(self.settings.time_zone))
        self.suggestions = Suggestions(self.index)

    def _open_cataloguing(self) -> None:
        self.authorities = Authorities(self.database, self.index, now)
        self.batches = Batches(self.database, now)
        self.cataloguing = Cataloguing(self.database, now)
        self.drafts = Drafts(self.database, now)
        self.duplicates = Duplicates(self.database)
        self.embargoes = Embargoes(self.database, now)
        self.holdings = Holdings(self.database, now)
        self.quality = Quality(self.database, now)
        self.review = Review(self.database, self.cataloguing)
        self.selecting = Listing(self.database, self.index, MOST_RECORDS)
        self.versions = Versions(self.database)

    def _open_partners(self, settings: Settings) -> None:
        partners = partial(open_catalogues, settings)
        self.copy_cataloguing = CopyCataloguing(self.database, partners, self.cataloguing, self.duplicates, now)
        self.targets = Targets(self.database, partners, now)
        transport, zone = partial(open_transport, settings), ZoneInfo(settings.time_zone)
        host = urlsplit(settings.base_url).hostname
        own = f"oai:{host}:" if host else ""
        self.partners = Partners(self.database, transport, reach_of(settings), zone, now)
        self.partner_rejects = Rejects(self.database, own, now)
        self.partner_twins = Twins(self.database, now)
        self.partner_origins = PartnerOrigins(self.database)
        self.harvesting = Harvesting(self.database, transport, settings.data_dir / "locks", own, zone, now)

    def _open_accounts(self, settings: Settings) -> None:
        passwords, second_factor = Passwords(), SecondFactor(settings.data_dir / "second-factor.key")
        counted = Attempts(settings.campus_networks)
        self.accounts = Accounts(self.database, passwords, now)
        self.first_token = FirstToken(self.database, now)
        self.own_account = OwnAccount(self.database, passwords, second_factor, counted, now, settings.time_zone)
        self.readers = Readers(self.database, now)
        self.readers_import = ReadersImport(self.database, now)
        self.signing_in = SigningIn(self.database, passwords, second_factor, counted, now, settings.time_zone)

    def _open_data(self, settings: Settings) -> None:
        self.derivation = Derivation(self.database, now)
        self.exporting = Exporting(self.database, self.index)
        self.health = Health(self.database, self.index, self.worker_lock, self.custody.scanner_state, now)
        import_lock, uploads = settings.data_dir / "import.lock", settings.data_dir / "imports"
        intake = Intake(uploads, settings.import_megabytes)
        self.importing = Importing(self.database, settings.rejects_dir, import_lock, now)
        self.uploaded_imports = UploadedImports(self.database, intake, now)
        self.uploaded_imports_work = UploadedImportsWork(self.database, intake, uploads, import_lock, now)
        self.indexing = Indexing(self.database, self.index, self.full_texts)
        archive_key = installation_key(settings.data_dir / "archive.key")
        self.open_archive = OpenArchive(self.database, self.configuration, settings, archive_key, now)

    def _open_files(self, settings: Settings) -> None:
        largest = settings.file_megabytes << 20
        scanner = ConfiguredScanner(Path(settings.scanner_configuration), largest=largest, clock=now)
        self.quarantine = Quarantine(settings.quarantine_dir, new_id=lambda: uuid4().hex, clock=now)
        self.canary = Canary(scanner, now)
        standard = ContainerLimits()
        limits = Limits(containers=replace(standard, member=min(standard.member, largest), total=largest))
        self.gate = Gate(self.quarantine, scanner, self.canary, limits)
        self.store = ContentStore(settings.originals_dir, self.quarantine, now)
        self.texts = TextStore(settings.text_dir)
        self.drawing = Drawing(DrawingCache(settings.drawings_dir, LARGEST_CACHE))
        self.full_texts = Texts(self.database, self.store, self.texts, self.drawing, now)
        self.search = Search(self.database, self.index, self.full_texts)
        self.documents = Documents(self.database, self.quarantine, self.configuration, largest, now)
        self.documents_queue = DocumentsQueue(self.database, self.configuration, now)
        self.transfers = Transfers(self.database, self.configuration, now, settings.time_zone)
        self.reading = Reading(self.database, self.store, now, settings.campus_networks, settings.time_zone)
        self.covers = Covers(self.reading, self.store, self.drawing)
        self._open_viewing(settings)
        self._open_deposits(settings)
        self._open_appeals(settings, scanner, limits)

    def _open_viewing(self, settings: Settings) -> None:
        zone, a_minute, a_day = settings.time_zone, settings.pages_a_minute, settings.pages_a_day
        pace = Pace(self.database, now, zone, a_minute=a_minute, a_day=a_day)
        pages = Pages(self.drawing, self.store, self.texts)
        signatures = Signatures(installation_key(settings.data_dir / "viewing.key"))
        self.viewing = Viewing(self.database, self.reading, pages, signatures, pace, now, zone)

    def _open_deposits(self, settings: Settings) -> None:
        dialect, language = Dialect(settings.cataloguing_dialect), settings.default_language
        self.deposit_record = DepositRecord(
            self.database,
            self.cataloguing,
            self.documents,
            self.transfers,
            self.configuration,
            dialect=dialect,
            default_language=language,
        )
        self.deposits = Deposits(
            self.database,
            self.deposit_record,
            self.configuration,
            now,
            settings.time_zone,
            dialect=dialect,
            default_language=language,
        )
        self.deposit_review = DepositReview(self.database, self.deposit_record, self.configuration, now)

    def _open_appeals(self, settings: Settings, scanner: Scanner, limits: Limits) -> None:
        database, configuration, zone = self.database, self.configuration, ZoneInfo(settings.time_zone)
        place = settings.data_dir / "appeals"
        quarantine = Quarantine(place / "quarantine", new_id=lambda: uuid4().hex, clock=now)
        gate = Gate(quarantine, scanner, self.canary, limits)
        self.appeal_files = AppealFiles(database, place, quarantine, gate, now)
        key, keep = installation_key(settings.data_dir / "appeals.key"), timedelta(days=settings.appeal_days)
        self.appeals = Appeals(database, self.appeal_files, configuration, key, zone, now)
        self.appeals_upkeep = AppealsUpkeep(database, self.appeal_files, configuration, keep, zone, now)

    def _open_custody(self, settings: Settings) -> None:
        database, store, quarantine = self.database, self.store, self.quarantine
        self.scanner_watch = ScannerWatch(database, self.canary, settings.data_dir / STATE_FILE, now)
        self.custody = Custody(database, store, quarantine, self.scanner_watch, now)
        self.sidecars = Sidecars(database, store, quarantine, settings.data_dir / "custody.lock", now)
        self.audit = Audit(database, store, settings.originals_dir, self.sidecars, now)
        self.rescan = Rescan(
            database,
            store,
            self.gate,
            self.sidecars,
            self.scanner_watch,
            self.audit,
            every=timedelta(days=settings.rescan_days),
            clock=now,
        )
        self.inspection = Inspection(
            database,
            quarantine,
            self.gate,
            self.sidecars,
            self.scanner_watch,
            doubted=self.rescan.doubt,
            clock=now,
        )
        self.mending = Mending(database, store, quarantine, self.gate, self.sidecars, now)
        self.packages = Packages(database, store, self.sidecars, settings.institution, now)
        self.rebuilding = Rebuilding(database, store, quarantine, now)

    def _lanes(self) -> list[list[Chore]]:
        """What the worker does beside the index, because it may take minutes."""
        intake: list[Chore] = [self.scanner_watch.step, self.inspection.step, self.sidecars.step]
        intake.append(self.appeal_files.step)
        if self.settings.intake_folder:
            intake.append(WatchedFolder(Path(self.settings.intake_folder), self.documents, now).step)
        return [
            intake,
            [self.rescan.step, self.audit.step, self.custody.sweep_step],
            [self.full_texts.restore_step, self.full_texts.extract_step],
            [self.full_texts.recognise_step],
            [self.harvesting.step],
            [self.usage.step, self.usage_counting.step],
            [self.statistics_following.step],
            *([[self.probe.step]] if self.settings.probe_address else []),
        ]

    def _chores(self, settings: Settings) -> list[Chore]:
        """What the worker does between two steps for the index."""
        zone = ZoneInfo(settings.time_zone)
        archive = OpenArchiveUpkeep(self.database, self.configuration, now, zone)
        chores: list[Chore] = [self.batches.step, self.journal_proof.keep_anchor, self.quality.step, archive.step]
        chores += [self.appeals_upkeep.step, self.embargoes.step]
        if settings.check_links:
            links = WebLinks(Transport(agent=AGENT, limits=PATIENCE))
            chores.append(LinkCheck(self.quality, links, now, zone).step)
        return [*chores, self.uploaded_imports_work.step]

    def migrate(self) -> None:
        """Bring the database to the tables of this release."""
        migrating.upgrade(self.database.engine)

    def prepare(self) -> None:
        """Make the tables of an empty database; `LibraryError` with the remedy for one of another release."""
        migrating.require_current(self.database.engine)

    def close(self) -> None:
        """Close all connections and end the processes that draw."""
        self.usage.close()
        self.drawing.close()
        self.answer_times.close()
        self.database.close()
