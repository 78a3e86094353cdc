"""Files that come: whole or in pieces, twice, from two people; described, approved by another person, taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest

from library.db.outbox import Topic
from library.db.unit_of_work import Database
from library.domain.access import Actor
from library.domain.access_level import AccessLevel, Rights
from library.domain.configuration import Section
from library.domain.document import Document, DocumentState, Scan
from library.domain.errors import (
    DocumentNotReady,
    FileTooLarge,
    FourEyes,
    InvalidDocument,
    LibraryError,
    NotEntitled,
    NotFound,
    PapersMissing,
    RecordNotFound,
    StaleVersion,
    UploadConflict,
)
from library.domain.holdings import Source
from library.domain.intake_rules import DefaultRights, RightsRule
from library.domain.journal import Deed
from library.domain.record import Status
from library.domain.transfer import Paper, PaperKind, Transfer
from library.services.configuration import Configuration
from library.services.documents import Documents
from storage.errors import BrokenOff
from storage.quarantine import Quarantine
from tests.builders import add_records
from tests.conftest import Clock
from tests.staff import AZIZA, BOTIR, NODIRA

LARGEST = 1_000
STRANGER = Actor.person(9, "Bobur", frozenset())


@pytest.fixture
def quarantine(tmp_path: Path, clock: Clock) -> Quarantine:
    numbers = count(1)
    return Quarantine(tmp_path / "quarantine", new_id=lambda: f"{next(numbers):032x}", clock=clock, reserve=0)


@pytest.fixture
def configuration(database: Database, tmp_path: Path, clock: Clock) -> Configuration:
    return Configuration(database, tmp_path, clock)


@pytest.fixture
def documents(database: Database, quarantine: Quarantine, configuration: Configuration, clock: Clock) -> Documents:
    return Documents(database, quarantine, configuration, LARGEST, clock)


@pytest.fixture
def record(database: Database) -> int:
    return add_records(database, "Oliy matematika")[0]


def _left(tmp_path: Path) -> list[str]:
    directory = tmp_path / "quarantine"
    return sorted(path.suffix for path in directory.iterdir()) if directory.exists() else []


def _deeds(database: Database) -> list[tuple[Deed, str]]:
    with database.reading() as view:
        return [(one.entry.deed, one.entry.object) for one in view.journal.after(0)]


def _one(database: Database, number: int) -> Document:
    with database.reading() as view:
        return view.documents.get(number)


def _transfer(database: Database, *papers: PaperKind, source: Source = Source.GIFT) -> int:
    with database.writing() as tx:
        made = tx.transfers.add(
            Transfer(
                source=source,
                partner="Matematika kafedrasi",
                taken_on=date(2026, 9, 1),
                papers=tuple(Paper(kind=kind, number="7", date=date(2026, 9, 1)) for kind in papers),
                entered_by=NODIRA.key,
                entered_by_name=NODIRA.name,
                entered_at=datetime(2026, 9, 1, tzinfo=UTC),
            )
        )
        tx.commit()
    return made.id


def test_a_file_that_came_whole_waits_for_the_checks_and_stands_in_the_journal(
    documents: Documents, database: Database, quarantine: Quarantine, record: int
) -> None:
    came = documents.receive(record, BytesIO(b"%PDF-1.7 text"), "algebra.pdf", label="1-qism", actor=NODIRA)
    with database.reading() as view:
        due = view.documents.to_inspect(datetime(2027, 1, 1, tzinfo=UTC))
    assert due == came == _one(database, came.id)
    assert (came.state, came.label, came.size) == (DocumentState.QUARANTINED, "1-qism", 13)
    assert quarantine.intake(came.intake_id).digest.hex == came.digest
    assert _deeds(database) == [(Deed.DOCUMENT_RECEIVED, f"document:{came.id}")]


def test_a_file_begins_with_the_rights_that_the_library_rules(
    documents: Documents, database: Database, configuration: Configuration, record: int
) -> None:
    protected = documents.receive(record, BytesIO(b"one"), "a.pdf", actor=NODIRA)
    own = documents.receive(
        record, BytesIO(b"two"), "b.pdf", transfer_id=_transfer(database, source=Source.OWN), actor=NODIRA
    )
    rules = DefaultRights(rules=(RightsRule(source=Source.GIFT, level=AccessLevel.CAMPUS),), otherwise=AccessLevel.OPEN)
    configuration.save_rules(rules, expected=0, actor=BOTIR)
    given = documents.receive(record, BytesIO(b"3"), "c.pdf", transfer_id=_transfer(database), actor=NODIRA)
    chosen = documents.receive(record, BytesIO(b"4"), "d.pdf", rights=Rights(level=AccessLevel.CLOSED), actor=NODIRA)
    levels = [document.rights.level for document in (protected, own, given, chosen)]
    assert levels == [AccessLevel.VIEW_ONLY, AccessLevel.OPEN, AccessLevel.CAMPUS, AccessLevel.CLOSED]
    assert configuration.section(Section.RIGHTS, actor=BOTIR).content == rules


@pytest.mark.parametrize("in_pieces", [True, False])
def test_what_a_record_can_not_have_leaves_nothing_behind(
    documents: Documents, database: Database, tmp_path: Path, record: int, in_pieces: bool
) -> None:
    gone = add_records(database, "Yoʻqolgan", status=Status.WITHDRAWN)[0]

    def send(number: int, content: bytes, *, transfer: int | None = None, label: str = "", who: Actor = NODIRA) -> None:
        if in_pieces:
            documents.begin(number, "a.pdf", len(content), label=label, transfer_id=transfer, actor=who)
        else:
            documents.receive(number, BytesIO(content), "a.pdf", label=label, transfer_id=transfer, actor=who)

    attempts: list[tuple[type[LibraryError], Callable[[], None]]] = [
        (InvalidDocument, lambda: send(gone, b"a")),
        (RecordNotFound, lambda: send(999, b"a")),
        (NotFound, lambda: send(record, b"a", transfer=999)),
        (InvalidDocument, lambda: send(record, b"a", label="x" * 201)),
        (FileTooLarge, lambda: send(record, b"a" * (LARGEST + 1))),
        (NotEntitled, lambda: send(record, b"a", who=AZIZA)),
    ]
    for error, attempt in attempts:
        with pytest.raises(error):
            attempt()
    assert _left(tmp_path) == []
    assert _deeds(database) == []


def test_a_file_that_the_record_has_already_is_told_and_let_go(
    documents: Documents, database: Database, tmp_path: Path, record: int
) -> None:
    other = add_records(database, "Algebra")[0]
    first = documents.receive(record, BytesIO(b"same"), "a.pdf", actor=NODIRA)
    with pytest.raises(InvalidDocument, match=f"file {first.id}, “a.pdf”"):
        documents.receive(record, BytesIO(b"same"), "b.pdf", actor=NODIRA)
    begun = documents.begin(record, "c.pdf", 4, actor=NODIRA)
    documents.append(begun.id, BytesIO(b"same"), offset=0, actor=NODIRA)
    with pytest.raises(InvalidDocument, match=f"file {first.id}"):
        documents.finish(begun.id, actor=NODIRA)
    with pytest.raises(NotFound):
        _one(database, begun.id)
    assert _left(tmp_path) == [".bytes", ".intake"]
    assert documents.receive(other, BytesIO(b"same"), "a.pdf", actor=NODIRA).digest == first.digest


def test_an_upload_goes_on_where_it_was_broken_off(documents: Documents, database: Database, record: int) -> None:
    class Cut(BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            if not (block := super().read(3)):
                raise OSError
            return block

    begun = documents.begin(record, "kitob.pdf", 10, actor=NODIRA)
    with pytest.raises(UploadConflict):
        documents.append(begun.id, Cut(b"012"), offset=0, actor=NODIRA)
    assert documents.upload(begun.id, actor=NODIRA).received == 3
    with pytest.raises(UploadConflict, match="byte 3"):
        documents.append(begun.id, BytesIO(b"0123456789"), offset=0, actor=NODIRA)
    with pytest.raises(UploadConflict, match="3 of 10"):
        documents.finish(begun.id, actor=NODIRA)
    assert documents.append(begun.id, BytesIO(b"3456789"), offset=3, actor=NODIRA).received == 10
    came = documents.finish(begun.id, actor=NODIRA)
    assert (came.state, came.size) == (DocumentState.QUARANTINED, 10)
    assert documents.finish(begun.id, actor=NODIRA) == came
    assert documents.upload(begun.id, actor=NODIRA).received == 10
    with pytest.raises(DocumentNotReady):
        documents.append(begun.id, BytesIO(b"x"), offset=10, actor=NODIRA)
    assert _deeds(database) == [(Deed.DOCUMENT_RECEIVED, f"document:{came.id}")]


def test_more_than_was_announced_is_not_taken(documents: Documents, record: int) -> None:
    begun = documents.begin(record, "kitob.pdf", 4, actor=NODIRA)
    with pytest.raises(FileTooLarge):
        documents.append(begun.id, BytesIO(b"01234"), offset=0, actor=NODIRA)
    assert documents.upload(begun.id, actor=NODIRA).received == 0


def test_an_upload_is_continued_by_who_began_it_or_looks_after_files(documents: Documents, record: int) -> None:
    begun = documents.begin(record, "kitob.pdf", 4, actor=NODIRA)
    for stranger in (AZIZA, STRANGER):
        with pytest.raises(NotEntitled):
            documents.upload(begun.id, actor=stranger)
        with pytest.raises(NotEntitled):
            documents.append(begun.id, BytesIO(b"0123"), offset=0, actor=stranger)
        with pytest.raises(NotEntitled):
            documents.discard(begun.id, expected=1, actor=stranger)
    no_longer_a_cataloguer = replace(NODIRA, roles=frozenset())
    documents.append(begun.id, BytesIO(b"01"), offset=0, actor=no_longer_a_cataloguer)
    documents.append(begun.id, BytesIO(b"23"), offset=2, actor=BOTIR)
    assert documents.finish(begun.id, actor=BOTIR).received.by == NODIRA.key


def test_a_file_without_papers_is_not_approved(documents: Documents, database: Database, record: int) -> None:
    came = documents.receive(record, BytesIO(b"one"), "a.pdf", actor=NODIRA)
    with pytest.raises(PapersMissing, match="Nobody entered"):
        documents.approve(came.id, expected=1, actor=AZIZA)
    bought = _transfer(database, PaperKind.ACT, source=Source.PURCHASE)
    came = documents.describe(came.id, label="", rights=came.rights, transfer_id=bought, expected=1, actor=NODIRA)
    with pytest.raises(PapersMissing, match="contract / invoice"):
        documents.approve(came.id, expected=came.version, actor=AZIZA)
    given = _transfer(database, PaperKind.ACT)
    came = documents.describe(came.id, label="", rights=came.rights, transfer_id=given, expected=2, actor=NODIRA)
    approved = documents.approve(came.id, expected=came.version, actor=AZIZA)
    assert approved.approved is not None
    assert approved.approved.by == AZIZA.key
    assert (approved.state, approved.is_published) == (DocumentState.QUARANTINED, False)


def test_nobody_approves_what_they_took_in_or_described(documents: Documents, database: Database, record: int) -> None:
    head_too = Actor.person(3, "Botir", BOTIR.roles)
    came = documents.receive(
        record, BytesIO(b"1"), "a.pdf", transfer_id=_transfer(database, PaperKind.ACT), actor=BOTIR
    )
    with pytest.raises(FourEyes):
        documents.approve(came.id, expected=1, actor=head_too)
    with pytest.raises(NotEntitled):
        documents.approve(came.id, expected=1, actor=NODIRA)
    assert documents.approve(came.id, expected=1, actor=AZIZA).approved


def test_wider_rights_need_a_new_approval_and_narrower_ones_do_not(
    documents: Documents, database: Database, record: int
) -> None:
    transfer = _transfer(database, PaperKind.ACT)
    came = documents.receive(record, BytesIO(b"1"), "a.pdf", transfer_id=transfer, actor=NODIRA)
    came = documents.approve(came.id, expected=1, actor=AZIZA)

    def described(level: AccessLevel, transfer_id: int | None) -> Document:
        return documents.describe(
            came.id, label="", rights=Rights(level=level), transfer_id=transfer_id, expected=came.version, actor=NODIRA
        )

    came = described(AccessLevel.CLOSED, transfer)
    assert came.approved
    came = described(AccessLevel.OPEN, transfer)
    assert not came.approved
    came = documents.approve(came.id, expected=came.version, actor=AZIZA)
    assert not described(AccessLevel.OPEN, _transfer(database, PaperKind.ACT)).approved


def test_an_old_version_changes_nothing(documents: Documents, database: Database, record: int) -> None:
    came = documents.receive(record, BytesIO(b"1"), "a.pdf", actor=NODIRA)
    documents.describe(came.id, label="1", rights=came.rights, transfer_id=None, expected=1, actor=NODIRA)
    before = _deeds(database)
    rights = Rights(level=AccessLevel.OPEN)
    attempts: list[Callable[[], object]] = [
        lambda: documents.describe(came.id, label="2", rights=rights, transfer_id=None, expected=1, actor=NODIRA),
        lambda: documents.approve(came.id, expected=1, actor=AZIZA),
        lambda: documents.withdraw(came.id, "x", expected=1, actor=AZIZA),
        lambda: documents.try_again(came.id, expected=1, actor=NODIRA),
        lambda: documents.discard(came.id, expected=1, actor=NODIRA),
    ]
    for attempt in attempts:
        with pytest.raises(StaleVersion):
            attempt()
    assert _deeds(database) == before
    assert _one(database, came.id).label == "1"


def _kept(database: Database, document: Document, finding: str = "clean") -> Document:
    at = datetime(2026, 9, 2, tzinfo=UTC)
    scan = Scan(finding=finding, engine="ClamAV 1.4", signatures="27000", at=at)
    with database.writing() as tx:
        saved = tx.documents.save(document.kept(media_type="application/pdf", scan=scan, at=at))
        tx.commit()
    return saved


def test_a_kept_file_is_withdrawn_and_comes_back_unapproved(
    documents: Documents, database: Database, record: int
) -> None:
    transfer = _transfer(database, PaperKind.ACT)
    came = documents.receive(record, BytesIO(b"1"), "a.pdf", transfer_id=transfer, actor=NODIRA)
    kept = _kept(database, documents.approve(came.id, expected=1, actor=AZIZA))
    assert kept.is_published
    with pytest.raises(InvalidDocument):
        documents.withdraw(kept.id, " ", expected=kept.version, actor=AZIZA)
    away = documents.withdraw(kept.id, "a {page} is missing", expected=kept.version, actor=AZIZA)
    assert (away.state, str(away.reason)) == (DocumentState.WITHDRAWN, "a {page} is missing")
    back = documents.restore(kept.id, expected=away.version, actor=AZIZA)
    assert (back.state, back.approved) == (DocumentState.KEPT, None)
    with database.reading() as view:
        assert {task.topic for task in view.outbox.first(10)} == {Topic.INDEX_RECORD}
    with pytest.raises(DocumentNotReady):
        documents.discard(kept.id, expected=back.version, actor=NODIRA)


def test_an_infected_file_does_not_come_back_by_way_of_withdrawal(
    documents: Documents, database: Database, record: int
) -> None:
    kept = _kept(database, documents.receive(record, BytesIO(b"1"), "a.pdf", actor=NODIRA), finding="infected")
    away = documents.withdraw(kept.id, "virus", expected=kept.version, actor=AZIZA)
    with pytest.raises(DocumentNotReady, match="stays withdrawn"):
        documents.restore(kept.id, expected=away.version, actor=AZIZA)


def test_what_was_never_kept_can_be_removed(
    documents: Documents, database: Database, tmp_path: Path, record: int
) -> None:
    waiting = documents.receive(record, BytesIO(b"1"), "a.pdf", actor=NODIRA)
    arriving = documents.begin(record, "b.pdf", 5, actor=NODIRA)
    for document in (waiting, arriving):
        documents.discard(document.id, expected=1, actor=NODIRA)
        with pytest.raises(NotFound):
            documents.upload(document.id, actor=NODIRA)
    assert _left(tmp_path) == []
    assert [deed for deed, _ in _deeds(database)] == [
        Deed.DOCUMENT_RECEIVED,
        Deed.DOCUMENT_DISCARDED,
        Deed.DOCUMENT_DISCARDED,
    ]


def test_a_waiting_file_is_tried_at_once(documents: Documents, database: Database, clock: Clock, record: int) -> None:
    came = documents.receive(record, BytesIO(b"1"), "a.pdf", actor=NODIRA)
    with database.writing() as tx:
        came = tx.documents.save(replace(came, next_try_at=None))
        tx.commit()
    documents.try_again(came.id, expected=came.version, actor=NODIRA)
    with database.reading() as view:
        due = view.documents.to_inspect(clock())
    assert due is not None
    assert due.id == came.id


def test_the_brokenness_of_a_stream_leaves_nothing(documents: Documents, tmp_path: Path, record: int) -> None:
    class Broken(BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise OSError

    with pytest.raises(UploadConflict) as caught:
        documents.receive(record, Broken(), "a.pdf", actor=NODIRA)
    assert isinstance(caught.value.__cause__, BrokenOff)
    assert _left(tmp_path) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\books\\algebra.pdf", "algebra.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("fdp.\u202eexe.pdf", "fdp.exe.pdf"),
        ("k" * 300 + ".pdf", "k" * 196 + ".pdf"),
        ("CON<>.pdf", "CON__.pdf"),
        ("...", "file"),
    ],
)
def test_hostile_names_are_made_fit_and_are_never_paths(
    documents: Documents, tmp_path: Path, record: int, sent: str, kept: str
) -> None:
    came = documents.receive(record, BytesIO(b"1"), sent, actor=NODIRA)
    begun = documents.begin(record, sent, 3, actor=NODIRA)
    assert (came.name, begun.name) == (kept, kept)
    assert {path.stem for path in (tmp_path / "quarantine").iterdir()} == {came.intake_id, begun.intake_id}
