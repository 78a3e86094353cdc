"""Transfers of files: entered, changed, their papers counted; what a change does to files that were approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest

from library.db.unit_of_work import Database
from library.domain.errors import FourEyes, InvalidTransfer, NotEntitled, StaleVersion
from library.domain.holdings import Source
from library.domain.intake_rules import PaperRule, PapersNeeded
from library.domain.journal import Deed
from library.domain.transfer import Paper, PaperKind, Transfer
from library.services.configuration import Configuration
from library.services.documents import Documents
from library.services.documents_queue import DocumentsQueue, Part
from library.services.transfers import Transfers
from storage.quarantine import Quarantine
from tests.builders import add_records
from tests.conftest import Clock
from tests.staff import AZIZA, BOTIR, NODIRA

TODAY = date(2026, 9, 1)
ACT = Paper(kind=PaperKind.ACT, number="12-A", date=TODAY)
CONTRACT = Paper(kind=PaperKind.CONTRACT, number="5/26", date=TODAY)
SUBSCRIPTION = Transfer(
    source=Source.SUBSCRIPTION,
    partner="“Elektron nashr” MChJ",
    taken_on=TODAY,
    papers=(CONTRACT,),
    price=Decimal("125000.50"),
    term_ends=date(2026, 12, 31),
)
GIFT = Transfer(source=Source.GIFT, partner="Fizika kafedrasi", taken_on=TODAY, papers=(ACT,))


@pytest.fixture
def configuration(database: Database, tmp_path: Path, clock: Clock) -> Configuration:
    return Configuration(database, tmp_path, clock)


@pytest.fixture
def transfers(database: Database, configuration: Configuration, clock: Clock) -> Transfers:
    return Transfers(database, configuration, clock, "Asia/Tashkent")


@pytest.fixture
def documents(database: Database, tmp_path: Path, configuration: Configuration, clock: Clock) -> Documents:
    numbers = count(1)
    quarantine = Quarantine(tmp_path / "quarantine", new_id=lambda: f"{next(numbers):032x}", clock=clock, reserve=0)
    return Documents(database, quarantine, configuration, 1_000, clock)


@pytest.fixture
def queue(database: Database, configuration: Configuration, clock: Clock) -> DocumentsQueue:
    return DocumentsQueue(database, configuration, clock)


def test_a_transfer_is_kept_as_it_was_entered(transfers: Transfers, database: Database) -> None:
    added = transfers.enter(replace(SUBSCRIPTION, partner="  “Elektron\u202e nashr” MChJ "), actor=NODIRA)
    kept = transfers.one(added.id, actor=AZIZA)
    assert kept.transfer == added
    assert (added.partner, added.price, added.entered_by_name) == (SUBSCRIPTION.partner, SUBSCRIPTION.price, "Nodira")
    assert (kept.missing, kept.documents) == ((), ())
    with database.reading() as view:
        assert [one.entry.deed for one in view.journal.after(0)] == [Deed.TRANSFER_ENTERED]


@pytest.mark.parametrize(
    "wrong",
    [
        replace(GIFT, partner="  "),
        replace(SUBSCRIPTION, term_ends=None),
        replace(GIFT, price=Decimal("-1")),
        replace(GIFT, price=Decimal("1.001")),
        replace(GIFT, papers=(Paper(kind=PaperKind.ACT, number=" ", date=TODAY),)),
        replace(GIFT, papers=(ACT,) * 21),
        replace(GIFT, note="x" * 501),
    ],
)
def test_a_transfer_that_can_not_be_is_told(transfers: Transfers, wrong: Transfer) -> None:
    with pytest.raises(InvalidTransfer):
        transfers.enter(wrong, actor=NODIRA)
    right = transfers.enter(GIFT, actor=NODIRA)
    with pytest.raises(InvalidTransfer):
        transfers.change(replace(wrong, id=right.id), expected=1, actor=NODIRA)
    with pytest.raises(NotEntitled):
        transfers.enter(GIFT, actor=AZIZA)


def test_two_people_do_not_overwrite_each_other(transfers: Transfers) -> None:
    added = transfers.enter(GIFT, actor=NODIRA)
    saved = transfers.change(replace(added, note="1"), expected=1, actor=BOTIR)
    with pytest.raises(StaleVersion):
        transfers.change(replace(added, note="2"), expected=1, actor=NODIRA)
    assert transfers.one(added.id, actor=AZIZA).transfer == saved
    assert (saved.note, saved.entered_by) == ("1", NODIRA.key)
    assert transfers.change(saved, expected=2, actor=BOTIR).version == 2, "nothing was changed"


@pytest.mark.parametrize(
    ("change", "stays"),
    [
        ({"note": "shelf 3"}, True),
        ({"term_ends": date(2026, 10, 1)}, True),
        ({"term_ends": date(2027, 12, 31)}, False),
        ({"partner": "Boshqa"}, False),
        ({"papers": ()}, False),
    ],
)
def test_whoever_lets_more_be_read_needs_a_second_person_again(
    transfers: Transfers, documents: Documents, database: Database, change: dict[str, object], stays: bool
) -> None:
    record = add_records(database, "Fizika")[0]
    transfer = transfers.enter(SUBSCRIPTION, actor=NODIRA)
    came = documents.receive(record, BytesIO(b"1"), "a.pdf", transfer_id=transfer.id, actor=NODIRA)
    documents.approve(came.id, expected=1, actor=AZIZA)
    transfers.change(replace(transfer, **change), expected=1, actor=BOTIR)  # type: ignore[arg-type]
    (now,) = transfers.one(transfer.id, actor=AZIZA).documents
    assert (now.approved is not None) is stays
    assert (now.edited.by == BOTIR.key) is not stays


def test_subscriptions_that_end_soon_are_told_the_soonest_first(transfers: Transfers) -> None:
    for end in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 8, 20), date(2026, 6, 1)):
        transfers.enter(replace(SUBSCRIPTION, term_ends=end), actor=NODIRA)
    ending = transfers.ending(actor=AZIZA)
    assert [one.days_left for one in ending] == [-12, 60]
    assert len(transfers.latest(10, actor=AZIZA)) == 4


def test_the_files_of_a_transfer_are_approved_together(
    transfers: Transfers, documents: Documents, database: Database
) -> None:
    record = add_records(database, "Fizika")[0]
    transfer = transfers.enter(GIFT, actor=NODIRA)
    for number, who in enumerate((NODIRA, NODIRA, BOTIR)):
        documents.receive(record, BytesIO(bytes([number])), "a.pdf", transfer_id=transfer.id, actor=who)
    assert documents.approve_all(transfer.id, actor=BOTIR) == 2
    assert documents.approve_all(transfer.id, actor=AZIZA) == 1
    assert documents.approve_all(transfer.id, actor=AZIZA) == 0


def test_the_queue_knows_which_files_lack_papers(
    transfers: Transfers, documents: Documents, database: Database, configuration: Configuration, clock: Clock
) -> None:
    record = add_records(database, "Fizika")[0]
    queue = DocumentsQueue(database, configuration, clock)
    complete = transfers.enter(GIFT, actor=NODIRA).id
    bought = transfers.enter(replace(GIFT, source=Source.PURCHASE), actor=NODIRA).id
    for number, transfer in enumerate((complete, bought, None)):
        documents.receive(record, BytesIO(bytes([number])), f"{number}.pdf", transfer_id=transfer, actor=NODIRA)

    def lacking() -> list[str]:
        page = queue.page(Part.WITHOUT_PAPERS, "", 10, actor=AZIZA)
        assert page.total == len(page.lines) == page.counts[Part.WITHOUT_PAPERS]
        assert all(line.missing is None or line.missing for line in page.lines)
        return [line.document.name for line in page.lines]

    assert lacking() == ["1.pdf", "2.pdf"]
    rules = PapersNeeded(by_source={Source.GIFT: PaperRule(required=(PaperKind.LETTER,))})
    configuration.save_rules(rules, expected=0, actor=BOTIR)
    assert lacking() == ["0.pdf", "2.pdf"]
    assert queue.page(Part.ALL, "1.p", 10, actor=AZIZA).total == 1


def test_whoever_wrote_the_papers_approves_no_file_that_came_by_them(
    transfers: Transfers, documents: Documents, queue: DocumentsQueue, database: Database
) -> None:
    (record,) = add_records(database, "Mexanika")
    entered = transfers.enter(replace(GIFT, papers=()), actor=NODIRA)
    file = documents.receive(record, BytesIO(b"1"), "a.pdf", transfer_id=entered.id, actor=NODIRA)
    changed = transfers.change(replace(entered, papers=(ACT,)), expected=entered.version, actor=BOTIR)
    transfers.change(replace(changed, note="asl nusxa"), expected=changed.version, actor=NODIRA)
    assert queue.one(file.id, actor=BOTIR).is_by_own_papers
    with pytest.raises(FourEyes, match="entered or changed the transfer"):
        documents.approve(file.id, expected=file.version, actor=BOTIR)
    with pytest.raises(FourEyes):
        documents.approve_all(entered.id, actor=BOTIR)
    assert not queue.one(file.id, actor=AZIZA).is_by_own_papers
    assert documents.approve_all(entered.id, actor=AZIZA) == 1
