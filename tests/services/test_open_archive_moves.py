"""Datestamps move with everything that harvesters are told, by whatever room of the library, and with nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from harvest.model import OaiRecord, Selection
from library.db.engine import open_engine
from library.db.outbox import Topic
from library.db.tables import archive_conversions, archive_items, archive_places
from library.db.unit_of_work import Database
from library.domain.access_level import AccessLevel, Rights
from library.domain.configuration import Division, Section
from library.domain.document import DocumentState
from library.domain.holdings import Source
from library.domain.marc import Dialect, MarcRecord
from library.domain.transfer import Paper, PaperKind, Transfer
from library.services.cataloguing import Cataloguing, Stamp
from library.services.configuration import Configuration
from library.services.documents import Documents
from library.services.open_archive_repository import ArchiveRepository
from library.services.open_archive_upkeep import OpenArchiveUpkeep
from library.services.transfers import Transfers
from storage.quarantine import Quarantine
from tests.builders import a_field, a_marc21_record, a_unimarc_record, an_irbis_record
from tests.documents import a_document
from tests.services.custodian import Standing
from tests.services.sql_archive import HOUSE
from tests.staff import AZIZA, BOTIR, NODIRA, published, revised, withdrawn

TASHKENT = ZoneInfo("Asia/Tashkent")
MORNING = datetime(2026, 9, 10, 5, 0, tzinfo=UTC)


@dataclass
class Library:
    """Rooms of the library over one clock, and what a harvester sees of one record."""

    database: Database
    clock: Standing
    cataloguing: Cataloguing
    configuration: Configuration
    documents: Documents
    transfers: Transfers
    upkeep: OpenArchiveUpkeep
    number: int = 0

    def seen(self, prefix: str = "oai_dc") -> OaiRecord:
        with self.database.reading() as view:
            repository = ArchiveRepository(view, HOUSE, self.clock().astimezone(TASHKENT).date())
            return repository.record(f"oai:{HOUSE.domain}:{self.number}", prefix)

    def later(self, **length: float) -> datetime:
        """Let time go by; what is told of the record from then on has this datestamp."""
        self.clock.pass_(**(length or {"minutes": 10}))
        return self.clock.time

    def a_file(self, **changes: object) -> int:
        """An approved open file of the record, as custody and a librarian leave it; its number."""
        with self.database.writing() as tx:
            transfer = Transfer(
                source=Source.OWN,
                partner="Matematika kafedrasi",
                taken_on=date(2026, 9, 1),
                papers=(Paper(kind=PaperKind.AUTHOR_AGREEMENT, number="7", date=date(2026, 9, 1)),),
                entered_at=self.clock(),
            )
            document = replace(a_document(self.number), transfer_id=tx.transfers.add(transfer).id, **changes)  # type: ignore[arg-type]
            added = tx.documents.add(document)
            tx.outbox.add(Topic.INDEX_RECORD, [self.number], self.clock())
            tx.commit()
        return added.id

    def version(self, document_id: int) -> int:
        with self.database.reading() as view:
            return view.documents.get(document_id).version

    def keep_up(self) -> None:
        """What the worker does until nothing is due."""
        for _ in range(10):
            if not self.upkeep.step():
                return
        raise AssertionError("the upkeep never ends")


def of_law_faculty(number: str) -> MarcRecord:
    record = a_marc21_record(number)
    return record.with_fields((*record.fields, a_field("710", "2 ", a="TDYU. Huquq fakulteti")))


@pytest.fixture
def library(database_address: str, tmp_path: Path) -> Iterator[Library]:
    database = Database(open_engine(database_address), b"k" * 32, zone=TASHKENT)
    clock = Standing(MORNING)
    configuration = Configuration(database, tmp_path, clock)
    quarantine = Quarantine(tmp_path / "quarantine", new_id=lambda: "0" * 32, clock=clock, reserve=0)
    library = Library(
        database=database,
        clock=clock,
        cataloguing=Cataloguing(database, clock),
        configuration=configuration,
        documents=Documents(database, quarantine, configuration, 1_000, clock),
        transfers=Transfers(database, configuration, clock, "Asia/Tashkent"),
        upkeep=OpenArchiveUpkeep(database, configuration, clock, TASHKENT),
    )
    library.number = published(library.cataloguing, Dialect.MARC21, a_marc21_record())
    library.keep_up()
    yield library
    database.close()


def test_a_record_comes_with_its_approval_and_not_before(library: Library) -> None:
    assert library.seen().datestamp == MORNING
    draft = library.cataloguing.create(Dialect.MARC21, a_marc21_record("kx0002"), actor=NODIRA)
    stamp = library.cataloguing.submit(draft, expected=Stamp(1, 1), actor=NODIRA)
    with library.database.reading() as view:
        assert view.archive.item(draft) is None
    at = library.later()
    library.cataloguing.approve(draft, expected=stamp, actor=AZIZA)
    library.number = draft
    assert library.seen().datestamp == at


def test_a_change_is_told_when_it_is_approved_and_not_while_it_waits(library: Library) -> None:
    library.later()
    stamp = library.cataloguing.workplace(library.number, actor=NODIRA).stamp
    stamp = library.cataloguing.save(library.number, a_marc21_record(title="Algebra"), expected=stamp, actor=NODIRA)
    stamp = library.cataloguing.submit(library.number, expected=stamp, actor=NODIRA)
    assert library.seen().datestamp == MORNING
    at = library.later()
    library.cataloguing.approve(library.number, expected=stamp, actor=AZIZA)
    assert library.seen().datestamp == at
    assert b"<dc:title>Algebra</dc:title>" in library.seen().metadata


def test_a_withdrawal_leaves_a_tombstone_and_a_new_approval_brings_the_record_back(library: Library) -> None:
    living = library.seen()
    at = library.later()
    withdrawn(library.cataloguing, library.number, "yoʻqolgan")
    assert library.seen() == OaiRecord(identifier=living.identifier, datestamp=at, sets=living.sets, deleted=True)
    at = library.later()
    revised(library.cataloguing, library.number, a_marc21_record())
    assert library.seen() == replace(living, datestamp=at)


def test_what_harvesters_are_not_told_moves_nothing(library: Library) -> None:
    library.later()
    with library.database.writing() as tx:
        # As authorities and texts do: the record is indexed again, and says the same.
        tx.outbox.add(Topic.INDEX_RECORD, [library.number], library.clock())
        tx.commit()
    library.a_file(state=DocumentState.QUARANTINED, approved=None)
    library.a_file(approved=None)
    library.keep_up()
    assert library.seen().datestamp == MORNING


def test_a_file_is_told_when_it_is_approved_with_its_address(library: Library) -> None:
    file = library.a_file(approved=None)
    at = library.later()
    library.documents.approve(file, expected=library.version(file), actor=AZIZA)
    told = library.seen()
    assert told.datestamp == at
    assert f"<dc:identifier>http://127.0.0.1/files/{file}/kitob.pdf</dc:identifier>".encode() in told.metadata
    assert b"info:eu-repo/semantics/openAccess" in told.metadata
    assert {"openarchive", "openaire"} <= set(told.sets)


def test_rights_withdrawal_and_return_of_a_file_move_the_record(library: Library) -> None:
    file = library.a_file()
    assert "openarchive" in library.seen().sets
    at = library.later()
    rights = Rights(level=AccessLevel.CLOSED)
    library.documents.describe(
        file, label="", rights=rights, transfer_id=1, expected=library.version(file), actor=NODIRA
    )
    told = library.seen()
    assert told.datestamp == at
    assert b"info:eu-repo/semantics/restrictedAccess" in told.metadata
    assert b"/files/" not in told.metadata
    assert not {"openarchive", "openaire"} & set(told.sets)
    at = library.later()
    library.documents.withdraw(file, "xato", expected=library.version(file), actor=AZIZA)
    assert library.seen().datestamp == at
    assert b"info:eu-repo" not in library.seen().metadata.replace(b"info:eu-repo/semantics/book", b"")
    library.later()
    library.documents.restore(file, expected=library.version(file), actor=AZIZA)
    assert library.seen().datestamp == at  # nobody sees it before it is approved anew
    at = library.later()
    library.documents.approve(file, expected=library.version(file), actor=AZIZA)
    assert library.seen().datestamp == at


def test_an_embargo_ends_at_midnight_of_the_library_by_itself(library: Library) -> None:
    library.a_file(rights=Rights(level=AccessLevel.OPEN, embargo_until=date(2026, 9, 12)))
    told = library.seen()
    assert "openaire" in told.sets
    assert "openarchive" not in told.sets
    assert b"info:eu-repo/semantics/embargoedAccess" in told.metadata
    assert b"info:eu-repo/date/embargoEnd/2026-09-12" in told.metadata
    assert b"/files/" not in told.metadata
    library.clock.time = datetime(2026, 9, 11, 18, 59, tzinfo=UTC)
    library.keep_up()
    assert library.seen().datestamp == told.datestamp
    library.clock.time = datetime(2026, 9, 11, 19, 0, tzinfo=UTC)
    library.keep_up()
    told = library.seen()
    assert told.datestamp == library.clock.time
    assert b"info:eu-repo/semantics/openAccess" in told.metadata
    assert b"embargoEnd" not in told.metadata
    assert b"/files/" in told.metadata
    assert "openarchive" in told.sets
    library.later(days=30)
    library.keep_up()
    assert library.seen().datestamp == told.datestamp


def test_a_subscription_ends_after_its_last_day(library: Library) -> None:
    file = library.a_file()
    with library.database.reading() as view:
        transfer = view.transfers.get(1)
    ending = replace(transfer, source=Source.SUBSCRIPTION, term_ends=date(2026, 9, 20))
    at = library.later()
    with library.database.writing() as tx:
        tx.transfers.save(ending)
        tx.outbox.add(Topic.INDEX_RECORD, [library.number], at)
        tx.commit()
    assert library.seen().datestamp == at
    assert "openarchive" in library.seen().sets
    library.clock.time = datetime(2026, 9, 20, 20, 0, tzinfo=UTC)
    library.keep_up()
    assert library.seen().datestamp == library.clock.time
    assert f"/files/{file}".encode() not in library.seen().metadata
    assert not {"openarchive", "openaire"} & set(library.seen().sets)


def test_collections_and_faculties_of_the_settings_move_those_records_alone_that_are_in_them(library: Library) -> None:
    other, library.number = (
        library.number,
        published(
            library.cataloguing,
            Dialect.MARC21,
            of_law_faculty("kx0003"),
        ),
    )
    at = library.later()
    law = Division(code="huquq", names={"uz-Latn": "Huquq fakulteti"})
    library.configuration.add_division(Section.FACULTIES, law, expected=0, actor=BOTIR)
    library.keep_up()
    assert library.seen().datestamp == at
    assert "faculty:huquq" in library.seen().sets
    at = library.later()
    library.configuration.remove_division(Section.FACULTIES, "huquq", expected=1, actor=BOTIR)
    library.keep_up()
    assert library.seen().datestamp == at
    assert "faculty:huquq" not in library.seen().sets
    library.number = other
    assert library.seen().datestamp == MORNING


def test_a_tombstone_stays_in_the_set_of_a_faculty_that_is_gone(library: Library) -> None:
    revised(library.cataloguing, library.number, of_law_faculty("kx0001"))
    law = Division(code="huquq", names={"uz-Latn": "Huquq fakulteti"})
    library.configuration.add_division(Section.FACULTIES, law, expected=0, actor=BOTIR)
    library.keep_up()
    withdrawn(library.cataloguing, library.number, "yoʻqolgan")
    library.configuration.remove_division(Section.FACULTIES, "huquq", expected=1, actor=BOTIR)
    library.keep_up()
    told = library.seen()
    assert told.deleted
    assert "faculty:huquq" in told.sets
    with library.database.reading() as view:
        specs = [one.spec for one in ArchiveRepository(view, HOUSE, date(2026, 9, 10)).sets()]
    assert specs.index("faculty") < specs.index("faculty:huquq")


def test_a_catalogue_from_before_there_was_an_archive_comes_in_with_the_time_of_its_coming(library: Library) -> None:
    gone = published(library.cataloguing, Dialect.MARC21, a_marc21_record("kx0004"))
    withdrawn(library.cataloguing, gone, "yoʻqolgan")
    with library.database.engine.begin() as connection:
        for table in (archive_conversions, archive_places, archive_items):
            connection.execute(delete(table))
    at = library.later()
    OpenArchiveUpkeep(library.database, library.configuration, library.clock, TASHKENT).step()
    assert library.seen().datestamp == at
    with library.database.reading() as view:
        assert view.archive.item(gone) is None


@pytest.mark.parametrize(
    ("dialect", "marc", "own"),
    [(Dialect.UNIMARC, a_unimarc_record(), "unimarc"), (Dialect.IRBIS, an_irbis_record(), "irbis")],
)
def test_marc21_is_the_same_made_ready_or_made_at_once(
    library: Library, dialect: Dialect, marc: MarcRecord, own: str
) -> None:
    library.number = published(library.cataloguing, dialect, marc)
    at_once = library.seen("marc21")
    library.keep_up()
    with library.database.reading() as view:
        assert view.archive.unconverted(10) == []
        assert view.archive.conversions([library.number]) == {library.number: at_once.metadata}
    assert library.seen("marc21") == at_once
    assert library.seen(own).metadata.startswith(b'<record xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"')
    new = a_unimarc_record(title="Новое") if dialect is Dialect.UNIMARC else an_irbis_record(title="Новое")
    revised(library.cataloguing, library.number, new)
    # What was made ready before is out of date, and is not given.
    assert "Новое".encode() in library.seen("marc21").metadata
    library.keep_up()
    assert "Новое".encode() in library.seen("marc21").metadata


def test_a_transaction_that_commits_late_is_found_by_the_next_harvest(library: Library) -> None:
    began = library.later()
    with library.database.writing() as tx:
        tx.outbox.add(Topic.INDEX_RECORD, [library.number], began)
        tx.documents.add(a_document(library.number))
        ended = library.later(seconds=20)
        with library.database.reading() as view:
            # What is answered meanwhile ends before the transaction began: it is told as of 30 seconds ago.
            repository = ArchiveRepository(view, HOUSE, date(2026, 9, 10))
            window = Selection(
                prefix="oai_dc", from_=MORNING + timedelta(seconds=1), until=ended - timedelta(seconds=30)
            )
            assert repository.page(window, None, 10).records == ()
        tx.commit()
    with library.database.reading() as view:
        repository = ArchiveRepository(view, HOUSE, date(2026, 9, 10))
        following = Selection(prefix="oai_dc", from_=ended - timedelta(seconds=30))
        assert [record.datestamp for record in repository.page(following, None, 10).records] == [began]
