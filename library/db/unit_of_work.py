"""One use case, one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, tzinfo

from sqlalchemy import Connection, Engine

from library.db import migrating
from library.db.actor_names import ReadActorNames
from library.db.appeals import Appeals, ReadAppeals
from library.db.appeals_files import AppealFiles, ReadAppealFiles
from library.db.authorities import Authorities, ReadAuthorities
from library.db.backups import Backups, ReadBackups
from library.db.batches import Batches, ReadBatches
from library.db.configuration import Configurations, ReadConfigurations
from library.db.credentials import Credentials, ReadCredentials
from library.db.custody import Custody, ReadCustody
from library.db.deposits import Deposits, ReadDeposits
from library.db.documents import Documents, ReadDocuments
from library.db.duplicates import ReadDuplicates
from library.db.embargoes import Embargoes, ReadEmbargoes
from library.db.engine import WRITING
from library.db.first_tokens import FirstTokens
from library.db.form_drafts import FormDrafts, ReadFormDrafts
from library.db.holdings import Holdings, ReadHoldings
from library.db.imports import Imports, ReadImports
from library.db.index_builds import IndexBuilds, ReadIndexBuilds
from library.db.journal import Journal, ReadJournal
from library.db.journal_head import nowhere
from library.db.maintenance import Maintenance, ReadMaintenance
from library.db.migrating import SchemaState
from library.db.open_archive import ReadOpenArchive
from library.db.open_archive_following import OpenArchive
from library.db.origins import Origins, ReadOrigins
from library.db.outbox import Outbox, ReadOutbox
from library.db.partners import Partners, ReadPartners
from library.db.partners_records import PartnerRecords, ReadPartnerRecords
from library.db.partners_rejects import PartnerRejects, ReadPartnerRejects
from library.db.people import People, ReadPeople
from library.db.quality import Quality, ReadQuality
from library.db.reading import Reading, ReadReading
from library.db.records import ReadRecords, Records
from library.db.sample_use import ReadSampleUse
from library.db.service_quality import ReadServiceQuality, ServiceQualities
from library.db.sessions import ReadSessions, Sessions
from library.db.statistics import ReadStatistics, Statistics
from library.db.statistics_book import ReadStatisticsBook, StatisticsBook
from library.db.statistics_keys import ReadStatisticsKeys, StatisticsKeys
from library.db.targets import ReadTargets, Targets
from library.db.transfers import ReadTransfers, Transfers
from library.db.uploaded_imports import ReadUploadedImports, UploadedImports
from library.db.usage_counts import ReadUsageCounts
from library.db.usage_counts_written import UsageCounts
from library.db.usage_events import ReadUsageEvents, UsageEvents
from library.db.works import ReadWorks, Works
from library.domain.errors import LibraryError
from library.domain.journal_proof import Anchor


class ReadingUnit:
    """One consistent view of the database; nothing can be written through it."""

    def __init__(self, connection: Connection) -> None:
        self.records = ReadRecords(connection)
        self.origins = ReadOrigins(connection)
        self.outbox = ReadOutbox(connection)
        self.imports = ReadImports(connection)
        self.backups = ReadBackups(connection)
        self.index_builds = ReadIndexBuilds(connection)
        self.works = ReadWorks(connection)
        self.actor_names = ReadActorNames(connection)
        self.duplicates = ReadDuplicates(connection)
        self.form_drafts = ReadFormDrafts(connection)
        self.people = ReadPeople(connection)
        self.credentials = ReadCredentials(connection)
        self.sessions = ReadSessions(connection)
        self.batches = ReadBatches(connection)
        self.targets = ReadTargets(connection)
        self.partners = ReadPartners(connection)
        self.partner_records = ReadPartnerRecords(connection)
        self.partner_rejects = ReadPartnerRejects(connection)
        self.uploaded_imports = ReadUploadedImports(connection)
        self.quality = ReadQuality(connection)
        self.authorities = ReadAuthorities(connection)
        self.holdings = ReadHoldings(connection)
        self.documents = ReadDocuments(connection)
        self.deposits = ReadDeposits(connection)
        self.embargoes = ReadEmbargoes(connection)
        self.appeals = ReadAppeals(connection)
        self.appeal_files = ReadAppealFiles(connection)
        self.custody = ReadCustody(connection)
        self.transfers = ReadTransfers(connection)
        self.reading = ReadReading(connection)
        self.configurations = ReadConfigurations(connection)
        self.maintenance = ReadMaintenance(connection)
        self.service_quality = ReadServiceQuality(connection)
        self.statistics = ReadStatistics(connection)
        self.statistics_book = ReadStatisticsBook(connection)
        self.statistics_keys = ReadStatisticsKeys(connection)
        self.journal = ReadJournal(connection)
        self.archive = ReadOpenArchive(connection)
        self.usage_events = ReadUsageEvents(connection)
        self.usage_counts = ReadUsageCounts(connection)
        self.sample_use = ReadSampleUse(connection)


class UnitOfWork:
    """One transaction; what is not committed when its block is left is undone."""

    def __init__(
        self, connection: Connection, journal_key: bytes, note_head: Callable[[Anchor], None], zone: tzinfo
    ) -> None:
        self._connection = connection
        self._note_head = note_head
        self.records = Records(connection)
        self.origins = Origins(connection)
        self.outbox = Outbox(connection)
        self.imports = Imports(connection)
        self.backups = Backups(connection)
        self.index_builds = IndexBuilds(connection)
        self.first_tokens = FirstTokens(connection)
        self.works = Works(connection)
        self.form_drafts = FormDrafts(connection)
        self.people = People(connection)
        self.credentials = Credentials(connection)
        self.sessions = Sessions(connection)
        self.batches = Batches(connection)
        self.targets = Targets(connection)
        self.partners = Partners(connection)
        self.partner_records = PartnerRecords(connection)
        self.partner_rejects = PartnerRejects(connection)
        self.uploaded_imports = UploadedImports(connection)
        self.quality = Quality(connection)
        self.authorities = Authorities(connection)
        self.holdings = Holdings(connection)
        self.documents = Documents(connection)
        self.deposits = Deposits(connection)
        self.embargoes = Embargoes(connection)
        self.appeals = Appeals(connection)
        self.appeal_files = AppealFiles(connection)
        self.custody = Custody(connection)
        self.transfers = Transfers(connection)
        self.reading = Reading(connection)
        self.configurations = Configurations(connection)
        self.maintenance = Maintenance(connection)
        self.service_quality = ServiceQualities(connection)
        self.statistics = Statistics(connection, zone)
        self.statistics_book = StatisticsBook(connection)
        self.statistics_keys = StatisticsKeys(connection)
        self.journal = Journal(connection, journal_key)
        self.archive = OpenArchive(connection, zone)
        self.usage_events = UsageEvents(connection)
        self.usage_counts = UsageCounts(connection)

    def commit(self) -> None:
        """Make all that was written permanent, at once, with what harvesters are told of it."""
        self.archive.follow(self.outbox.hand_over())
        newest = self.journal.hand_over()
        self._connection.commit()
        if newest is not None:
            self._note_head(newest)


class Database:
    """Opens units of work on one engine.

    `journal_key` seals what is written into the journal; `note_head` is told the newest entry after each commit. In
    `zone` days begin on which embargoes end.
    """

    def __init__(
        self,
        engine: Engine,
        journal_key: bytes,
        note_head: Callable[[Anchor], None] = nowhere,
        zone: tzinfo = UTC,
    ) -> None:
        self.engine = engine
        self._journal_key = journal_key
        self._note_head = note_head
        self._zone = zone

    @property
    def zone(self) -> tzinfo:
        """Where the days of the library begin."""
        return self._zone

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """A transaction for writing; leaving the block without `commit()` undoes it."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(**{WRITING: True})
            yield UnitOfWork(connection, self._journal_key, self._note_head, self._zone)

    @contextmanager
    def reading(self) -> Iterator[ReadingUnit]:
        """A view for reading that other people's writing does not change while it lasts."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield ReadingUnit(connection)

    def schema_state(self) -> SchemaState | None:
        """How its tables stand to those of this release; None where the database does not answer."""
        try:
            return migrating.schema_state(self.engine)
        except LibraryError:
            return None

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
