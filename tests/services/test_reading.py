"""The service that reads: visits, files of records, and bytes for those who may have them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from library.container import Container
from library.domain.access import GUEST, Actor, Rule, Use
from library.domain.access_level import AccessLevel
from library.domain.document import DocumentState
from library.domain.errors import NotFound, ReadingRefused, StorageUnreadable
from library.domain.people import Role
from library.domain.record import Status
from library.services.reading import Reading
from storage.content_store import place_of
from storage.model import Digest, Finding, Verdict
from tests.builders import add_records
from tests.conftest import Statements
from tests.documents import KEPT_AT, PDF, a_document, keep
from tests.signed_in import a_person
from tests.staff import NODIRA

CAMPUS, HOME = "10.20.3.4", "203.0.113.9"
Recording = Callable[[Engine], AbstractContextManager[Statements]]


@pytest.fixture
def record_id(container: Container) -> int:
    return add_records(container.database, "Oliy matematika")[0]


@pytest.fixture
def reading(container: Container) -> Reading:
    return Reading(
        container.database,
        container.store,
        lambda: datetime(2026, 9, 30, 20, 30, tzinfo=UTC),
        ("10.20.0.0/16", "2001:db8:7::/48"),
        "Asia/Tashkent",
    )


def _reader(container: Container) -> Actor:
    person = a_person(container, "dilnoza", Role.READER)
    return Actor.person(person.id, person.name, person.roles)


@pytest.mark.parametrize(
    ("address", "on_campus"),
    [
        (CAMPUS, True),
        ("10.21.0.1", False),
        ("::ffff:10.20.3.4", True),
        ("2001:db8:7::1", True),
        ("2001:db8:8::1", False),
        (HOME, False),
        ("127.0.0.1", False),
        ("", False),
        ("10.20.3.4, 203.0.113.9", False),
        ("10.20.3.04", False),
    ],
)
def test_the_campus_is_known_by_the_address_alone(reading: Reading, address: str, on_campus: bool) -> None:
    assert reading.visit(GUEST, address).on_campus is on_campus


def test_a_day_begins_at_midnight_of_the_library_and_lifts_an_embargo_by_itself(
    container: Container, reading: Reading, record_id: int
) -> None:
    assert reading.visit(GUEST, HOME).today == date(2026, 10, 1)  # half past one in Tashkent
    file = keep(container, a_document(record_id, embargo_until=date(2026, 10, 1)))
    assert reading.allowed(file.id, Use.DOWNLOAD, GUEST, HOME)[1] is Rule.OPEN
    later = keep(container, a_document(record_id, embargo_until=date(2026, 10, 2)))
    with pytest.raises(ReadingRefused, match="opens on 2026-10-02"):
        reading.open(later.id, GUEST, HOME)


def test_a_subscription_lets_read_on_its_last_day_and_not_on_the_next(
    container: Container, reading: Reading, record_id: int
) -> None:
    last = keep(container, a_document(record_id), term_ends=date(2026, 10, 1))
    assert reading.allowed(last.id, Use.DOWNLOAD, GUEST, HOME)[1] is Rule.OPEN
    ended = keep(container, a_document(record_id), term_ends=date(2026, 9, 30))
    with pytest.raises(ReadingRefused) as refused:
        reading.open(ended.id, GUEST, HOME)
    assert refused.value.rule == Rule.TERM


def test_grants_are_looked_for_only_where_they_would_change_something(
    container: Container, reading: Reading, record_id: int, statements: Recording
) -> None:
    reader = _reader(container)
    held = keep(container, a_document(record_id, AccessLevel.VIEW_ONLY))
    members = keep(container, a_document(record_id, AccessLevel.MEMBERS))
    with statements(container.database.engine) as sent:
        reading.visit(GUEST, HOME, held)
        reading.visit(reader, HOME, members)
        reading.visit(reader, HOME)
        assert len(sent) == 0
        assert not reading.visit(reader, HOME, held).has_text_grant
        assert len(sent) == 1
    with container.database.writing() as tx:
        person = int(reader.key.removeprefix("person:"))
        tx.reading.add_grant(held.id, person, "Koʻzi ojiz", by="person:2", by_name="Aziza", at=KEPT_AT)
        tx.commit()
    assert reading.visit(reader, HOME, held).has_text_grant
    assert reading.allowed(held.id, Use.TEXT, reader, HOME)[1] is Rule.GRANT
    with pytest.raises(ReadingRefused):
        reading.open(held.id, reader, HOME)


def test_whoever_may_gets_the_bytes_with_all_that_a_download_needs(
    container: Container, reading: Reading, record_id: int
) -> None:
    file = keep(container, a_document(record_id))
    download = reading.open(file.id, GUEST, HOME)
    with download.file:
        assert download.file.read() == PDF
    assert (download.size, download.media_type) == (len(PDF), "application/pdf")
    assert (download.digest, download.modified_at) == (Digest.of(PDF).hex, KEPT_AT)


@pytest.mark.parametrize("state", sorted(set(DocumentState) - {DocumentState.KEPT}))
def test_nothing_but_a_kept_file_is_opened_and_what_readers_are_not_told_of_never_was(
    container: Container, reading: Reading, record_id: int, state: DocumentState
) -> None:
    file = keep(container, a_document(record_id, state=state))
    for actor in (GUEST, NODIRA):
        if state is DocumentState.CLOSED:
            with pytest.raises(ReadingRefused):
                reading.open(file.id, actor, HOME)
        else:
            with pytest.raises(NotFound) as hidden:
                reading.open(file.id, actor, HOME)
            with pytest.raises(NotFound) as never:
                reading.open(999_999, actor, HOME)
            assert str(hidden.value).replace(str(file.id), "") == str(never.value).replace("999999", "")


def test_a_file_of_a_draft_or_one_that_nobody_approved_is_not_there(container: Container, reading: Reading) -> None:
    (draft,) = add_records(container.database, "Qoralama", status=Status.DRAFT)
    (published,) = add_records(container.database, "Kitob")
    for hidden in (a_document(draft), a_document(published, approved=False)):
        for state in (DocumentState.KEPT, DocumentState.CLOSED):
            file = keep(container, replace(hidden, state=state))
            with pytest.raises(NotFound):
                reading.open(file.id, GUEST, HOME)


def test_bytes_that_a_later_scan_did_not_find_clean_are_never_opened_even_before_the_catalogue_knows(
    container: Container, reading: Reading, record_id: int
) -> None:
    file = keep(container, a_document(record_id))
    digest = Digest(file.digest)
    infected = Verdict(
        finding=Finding.INFECTED, digest=digest, engine="ClamAV", signatures="27501", scanned_at=KEPT_AT, detail="Eicar"
    )
    container.store.note_verdict(digest, infected)
    with pytest.raises(ReadingRefused) as refused:
        reading.open(file.id, GUEST, HOME)
    assert refused.value.rule == Rule.CLOSED


def test_missing_bytes_are_our_fault_not_the_readers(container: Container, reading: Reading, record_id: int) -> None:
    file = keep(container, a_document(record_id))
    place_of(container.settings.originals_dir, Digest(file.digest)).unlink()
    with pytest.raises(StorageUnreadable):
        reading.open(file.id, GUEST, HOME)


def test_the_files_of_a_record_and_of_a_page_of_records_cost_one_query(
    container: Container, reading: Reading, record_id: int, statements: Recording
) -> None:
    (other, bare) = add_records(container.database, "Kimyo", "Faylsiz")
    shown = [keep(container, a_document(record_id, level)) for level in AccessLevel]
    hidden = keep(container, a_document(record_id, approved=False))
    theirs = keep(container, a_document(other))
    unseen = keep(container, a_document(bare, state=DocumentState.QUARANTINED))
    guest, staff = reading.visit(GUEST, HOME), reading.visit(NODIRA, HOME)
    with statements(container.database.engine) as sent:
        files = reading.of_record(record_id, guest)
        assert len(sent) == 1
        listed = reading.of_records([record_id, other, bare], guest)
        assert len(sent) == 2
    assert [file.document.id for file in files] == [file.id for file in shown]
    assert [file.may(Use.VIEW) for file in files] == [True, False, False, False, False]
    assert {number: len(some) for number, some in listed.items()} == {record_id: 5, other: 1}
    assert listed[other][0].document == theirs
    assert [file.document.id for file in reading.of_record(record_id, staff)][-1] == hidden.id
    assert [file.document for file in reading.of_record(bare, staff)] == [unseen]
    # Staff look after such files at their desk; a list for readers never names them.
    assert bare not in reading.of_records([bare], staff)


def test_what_is_told_of_a_file_changes_with_the_day(container: Container, record_id: int) -> None:
    keep(container, a_document(record_id, embargo_until=date(2026, 10, 1)))
    before = datetime(2026, 9, 30, 18, 59, tzinfo=UTC)
    moments = iter((before, before + timedelta(minutes=1)))
    reading = Reading(container.database, container.store, lambda: next(moments), (), "Asia/Tashkent")
    for rule in (Rule.EMBARGO, Rule.OPEN):
        assert reading.of_record(record_id, reading.visit(GUEST, HOME))[0].rulings[Use.DOWNLOAD].rule is rule
