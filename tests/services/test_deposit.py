"""A work from its author to the open archive: typed, sent, returned, confirmed, catalogued; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from library.db.unit_of_work import Database
from library.domain.access import Actor
from library.domain.access_level import AccessLevel
from library.domain.configuration import Division, Section
from library.domain.deposit import Deposit, DepositState, Stage
from library.domain.deposit_fields import AGREEMENT, Author, DepositKind, Fields
from library.domain.document import DocumentState
from library.domain.errors import (
    DepositNotReady,
    FourEyes,
    InvalidDeposit,
    NotEntitled,
    NotFound,
    StaleVersion,
)
from library.domain.marc import DataField, Dialect, Subfield
from library.domain.people import LibraryCard, Order, Person, ReaderCategory, Role
from library.marc import dialects
from library.services.cataloguing import Cataloguing
from library.services.configuration import Configuration
from library.services.deposit import MOST_A_DAY, Deposits
from library.services.deposit_record import DepositRecord
from library.services.deposit_review import DepositReview, Part
from library.services.documents import Documents
from library.services.transfers import Transfers
from storage.quarantine import Quarantine
from tests.conftest import Clock
from tests.documents import PDF
from tests.staff import AZIZA

TYPED = Fields(
    title="Yarimoʻtkazgichlar fizikasi",
    language="uzb",
    authors=(Author(name="Soatova, Dilnoza"),),
    abstract="Issiqlik oqimi.",
    keywords="issiqlik; fonon",
    year="2026",
    degree="PhD",
    supervisor="Toʻrayev, E.",
    defence_date="2026-10-01",
    licence="CC-BY-4.0",
)
BOTH_DIALECTS = pytest.mark.parametrize("dialect", [Dialect.IRBIS, Dialect.MARC21])


class House:
    """All that deposits need, and people in every part."""

    def __init__(self, database: Database, clock: Clock, directory: Path, dialect: Dialect = Dialect.IRBIS) -> None:
        self.database, self.clock = database, clock
        self.cataloguing = Cataloguing(database, clock)
        self.configuration = Configuration(database, directory, clock)
        quarantine = Quarantine(directory / "quarantine", new_id=lambda: uuid4().hex, clock=clock)
        self.documents = Documents(database, quarantine, self.configuration, 1 << 20, clock)
        self.transfers = Transfers(database, self.configuration, clock, "Asia/Tashkent")
        self.record = DepositRecord(
            database, self.cataloguing, self.documents, self.transfers, self.configuration, dialect, "uz-Latn"
        )
        self.deposits = Deposits(database, self.record, self.configuration, clock, "Asia/Tashkent", dialect, "uz-Latn")
        self.review = DepositReview(database, self.record, self.configuration, clock)
        self.dilnoza = self.somebody("dilnoza", Role.READER)
        self.other = self.somebody("botir", Role.DEPOSITOR)
        self.chair = self.somebody("chair", Role.DEPARTMENT, Role.READER)
        self.librarian = self.somebody("nodira", Role.CATALOGUER)
        self.head = self.somebody("head", Role.HEAD)

    def somebody(self, login: str, *roles: Role, card: LibraryCard | None = None) -> Actor:
        at = self.clock()
        person = Person(
            id=0,
            login=login,
            name=login.title(),
            roles=frozenset(roles),
            order=Order(number="1-k", date=date(2026, 9, 1)),
            card=card,
            created_at=at,
            changed_at=at,
        )
        with self.database.writing() as tx:
            person = tx.people.add(person)
            tx.commit()
        return Actor.person(person.id, person.name, person.roles)

    def typed(self, fields: Fields = TYPED, kind: DepositKind = DepositKind.DISSERTATION) -> Deposit:
        """Dilnoza's draft with a file."""
        begun = self.deposits.begin(kind, actor=self.dilnoza)
        saved = self.deposits.save(begun.id, fields, expected=begun.version, actor=self.dilnoza)
        self.record.receive(saved.id, BytesIO(PDF), "dissertatsiya.pdf", actor=self.dilnoza)
        return self.deposits.own(saved.id, actor=self.dilnoza)

    def send(self, deposit: Deposit) -> Deposit:
        return self.deposits.send(
            deposit.id, language="ru", has_accepted=True, expected=deposit.version, actor=self.dilnoza
        )

    def confirmed(self, fields: Fields = TYPED) -> Deposit:
        sent = self.send(self.typed(fields))
        return self.review.confirm(sent.id, expected=sent.version, actor=self.chair)

    def now(self, deposit: Deposit) -> Deposit:
        return self.deposits.view(deposit.id, actor=self.dilnoza).deposit

    def publish(self, deposit: Deposit) -> None:
        """The librarian saves and submits the record, the head approves it."""
        place = self.cataloguing.workplace(deposit.record_id, actor=self.librarian)
        stamp = self.cataloguing.save(deposit.record_id, place.marc, expected=place.stamp, actor=self.librarian)
        stamp = self.cataloguing.submit(deposit.record_id, expected=stamp, actor=self.librarian)
        self.cataloguing.approve(deposit.record_id, expected=stamp, actor=self.head)


@pytest.fixture
def house(database: Database, clock: Clock, tmp_path: Path) -> House:
    return House(database, clock, tmp_path)


def _problems(attempt: Callable[[], object]) -> set[str]:
    with pytest.raises(InvalidDeposit) as refused:
        attempt()
    return {one.field for one in refused.value.problems}


@BOTH_DIALECTS
def test_a_deposit_goes_all_the_way_and_its_depositor_sees_each_step(
    database: Database, clock: Clock, tmp_path: Path, dialect: Dialect
) -> None:
    house = House(database, clock, tmp_path, dialect)
    draft = house.typed()
    assert draft.stage is Stage.DRAFT
    sent = house.send(draft)
    assert sent.stage is Stage.SENT
    confirmed = house.review.confirm(sent.id, expected=sent.version, actor=house.chair)
    assert house.now(confirmed).stage is Stage.CATALOGUING
    house.publish(confirmed)
    published = house.now(confirmed)
    assert published.stage is Stage.PUBLISHED
    with database.reading() as view:
        described = view.records.described(published.record_id)
    assert described.description.title == TYPED.title
    assert described.record.dialect is dialect
    told = house.deposits.view(published.id, actor=house.dilnoza).events
    assert [one.deed.value for one in told] == [
        "deposit-begun",
        "document-received",
        "deposit-sent",
        "deposit-confirmed",
        "work-submitted",
        "record-approved",
    ]
    assert [one.actor_name for one in told][3:] == ["Chair", "Nodira", "Head"]


def test_a_draft_that_was_begun_twice_is_one(house: House) -> None:
    first = house.deposits.begin(DepositKind.ARTICLE, actor=house.dilnoza)
    assert house.deposits.begin(DepositKind.ARTICLE, actor=house.dilnoza).id == first.id
    assert house.deposits.begin(DepositKind.TEXTBOOK, actor=house.dilnoza).id != first.id
    assert house.deposits.begin(DepositKind.ARTICLE, actor=house.other).id != first.id
    house.deposits.save(first.id, replace(first.fields, title="A"), expected=1, actor=house.dilnoza)
    assert house.deposits.begin(DepositKind.ARTICLE, actor=house.dilnoza).id != first.id


def test_nobody_begins_deposits_without_end(house: House) -> None:
    for number in range(MOST_A_DAY):
        begun = house.deposits.begin(DepositKind.ARTICLE, actor=house.dilnoza)
        house.deposits.save(begun.id, Fields(title=str(number)), expected=1, actor=house.dilnoza)
    with pytest.raises(DepositNotReady, match="Go on tomorrow"):
        house.deposits.begin(DepositKind.ARTICLE, actor=house.dilnoza)
    house.deposits.begin(DepositKind.ARTICLE, actor=house.other)
    house.clock.time += timedelta(days=1)
    house.deposits.begin(DepositKind.ARTICLE, actor=house.dilnoza)


def test_readers_from_outside_and_those_without_the_right_give_nothing(house: House) -> None:
    card = LibraryCard(number="7", category=ReaderCategory.EXTERNAL)
    guest = house.somebody("guest", Role.READER, card=card)
    with pytest.raises(NotEntitled, match="people of the university"):
        house.deposits.begin(DepositKind.ARTICLE, actor=guest)
    inspector = house.somebody("inspector", Role.INSPECTOR)
    with pytest.raises(NotEntitled):
        house.deposits.begin(DepositKind.ARTICLE, actor=inspector)


def test_what_others_gave_is_not_there(house: House) -> None:
    draft = house.typed()
    file = house.deposits.view(draft.id, actor=house.dilnoza).files[0]
    attempts: list[Callable[[], object]] = [
        lambda: house.deposits.own(draft.id, actor=house.other),
        lambda: house.deposits.view(draft.id, actor=house.other),
        lambda: house.deposits.view(draft.id, actor=house.librarian),
        lambda: house.deposits.save(draft.id, TYPED, expected=draft.version, actor=house.other),
        lambda: house.deposits.send(
            draft.id, language="ru", has_accepted=True, expected=draft.version, actor=house.other
        ),
        lambda: house.deposits.withdraw(draft.id, expected=draft.version, actor=house.other),
        lambda: house.record.receive(draft.id, BytesIO(b"x"), "x.pdf", actor=house.other),
        lambda: house.record.upload(draft.id, file.id, actor=house.other),
        lambda: house.record.remove(draft.id, file.id, expected=file.version, actor=house.other),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    theirs = house.deposits.begin(DepositKind.ARTICLE, actor=house.other)
    house.record.receive(theirs.id, BytesIO(PDF), "meniki.pdf", actor=house.other)
    with pytest.raises(NotFound):
        house.record.remove(theirs.id, file.id, expected=file.version, actor=house.other)
    sent = house.send(draft)
    assert house.deposits.view(sent.id, actor=house.librarian).deposit.id == sent.id
    with pytest.raises(NotFound):
        house.deposits.view(sent.id, actor=house.other)


def test_what_is_missing_is_named_field_by_field(house: House) -> None:
    begun = house.deposits.begin(DepositKind.DISSERTATION, actor=house.dilnoza)
    wrong = Fields(
        authors=(Author(name="Soatova, D.", orcid="0000-0002-1825-0098"), Author(orcid="1")),
        year="20262",
        defence_date="ertaga",
        licence="hamma",
    )
    saved = house.deposits.save(begun.id, wrong, expected=1, actor=house.dilnoza)
    found = _problems(
        lambda: house.deposits.send(
            saved.id, language="ru", has_accepted=False, expected=saved.version, actor=house.dilnoza
        )
    )
    assert found == {
        *("title", "language", "year", "degree", "supervisor", "defence_date", "abstract", "licence"),
        *("authors.0.orcid", "authors.1.name", "authors.1.orcid", "files", "accepted"),
    }
    assert house.now(saved).fields == wrong


def test_a_wrong_isbn_is_told(house: House) -> None:
    draft = house.typed(
        Fields(
            title="Fizika", language="uzb", authors=TYPED.authors, year="2026", licence=AGREEMENT, isbn="9789943000002"
        ),
        DepositKind.TEXTBOOK,
    )
    assert _problems(lambda: house.send(draft)) == {"isbn"}


def test_a_stale_page_changes_nothing(house: House) -> None:
    draft = house.typed()
    house.deposits.save(draft.id, replace(TYPED, title="Yangi"), expected=draft.version, actor=house.dilnoza)
    for attempt in (
        lambda: house.deposits.save(draft.id, TYPED, expected=draft.version, actor=house.dilnoza),
        lambda: house.send(draft),
        lambda: house.deposits.withdraw(draft.id, expected=draft.version, actor=house.dilnoza),
    ):
        with pytest.raises(StaleVersion):
            attempt()
    assert house.now(draft).fields.title == "Yangi"


def test_a_file_does_not_make_the_open_form_stale(house: House) -> None:
    begun = house.deposits.begin(DepositKind.DISSERTATION, actor=house.dilnoza)
    house.record.receive(begun.id, BytesIO(PDF), "a.pdf", actor=house.dilnoza)
    saved = house.deposits.save(begun.id, TYPED, expected=begun.version, actor=house.dilnoza)
    assert saved.record_id


def test_what_was_sent_is_not_changed_by_its_depositor(house: House) -> None:
    sent = house.send(house.typed())
    file = house.deposits.view(sent.id, actor=house.dilnoza).files[0]
    for attempt in (
        lambda: house.deposits.save(sent.id, replace(TYPED, title="X"), expected=sent.version, actor=house.dilnoza),
        lambda: house.send(sent),
        lambda: house.record.receive(sent.id, BytesIO(b"%PDF-1.4 x"), "b.pdf", actor=house.dilnoza),
        lambda: house.record.remove(sent.id, file.id, expected=file.version, actor=house.dilnoza),
    ):
        with pytest.raises(DepositNotReady):
            attempt()


def test_nobody_confirms_their_own_work(house: House) -> None:
    both = house.somebody("both", Role.DEPARTMENT, Role.READER)
    house.dilnoza = both
    sent = house.send(house.typed())
    with pytest.raises(FourEyes):
        house.review.confirm(sent.id, expected=sent.version, actor=both)
    assert not house.review.may_confirm(sent, actor=both)
    for actor in (house.librarian, house.head, house.other):
        with pytest.raises(NotEntitled):
            house.review.confirm(sent.id, expected=sent.version, actor=actor)
    assert house.review.confirm(sent.id, expected=sent.version, actor=house.chair).state is DepositState.CONFIRMED


def test_a_department_sees_and_confirms_the_works_of_its_faculty(house: House) -> None:
    house.configuration.add_division(
        Section.FACULTIES, Division(code="fizika", names={"uz-Latn": "Fizika"}), expected=0, actor=house.head
    )
    house.configuration.add_division(
        Section.FACULTIES, Division(code="tarix", names={"uz-Latn": "Tarix"}), expected=1, actor=house.head
    )
    historian = house.somebody(
        "tarixchi",
        Role.DEPARTMENT,
        card=LibraryCard(number="8", category=ReaderCategory.TEACHER, faculty="tarix"),
    )
    assert _problems(lambda: house.send(house.typed())) == {"faculty"}
    sent = house.send(house.typed(replace(TYPED, faculty="fizika", title="Boshqa")))
    with pytest.raises(NotEntitled, match="another faculty"):
        house.review.confirm(sent.id, expected=sent.version, actor=historian)
    assert house.review.page(Part.TO_CONFIRM, 10, actor=historian).deposits == ()
    assert [one.id for one in house.review.page(Part.TO_CONFIRM, 10, actor=house.chair).deposits] == [sent.id]
    assert house.review.waiting(actor=house.chair) == {Part.TO_CONFIRM: 1}
    assert house.review.waiting(actor=historian) == {}
    with house.database.reading() as view:
        creators = view.records.described(sent.record_id).description.creators
    assert "Fizika" in [one.name for one in creators]


def test_a_record_is_not_submitted_before_its_department_confirmed(house: House) -> None:
    sent = house.send(house.typed())
    with pytest.raises(DepositNotReady, match="not confirmed"):
        house.publish(sent)
    house.publish(house.review.confirm(sent.id, expected=sent.version, actor=house.chair))


def test_neither_depositor_nor_librarian_approves_what_they_made(house: House) -> None:
    confirmed = house.confirmed()
    approver = replace(house.dilnoza, roles=frozenset({Role.HEAD, Role.APPROVER}))
    stamp = house.cataloguing.workplace(confirmed.record_id, actor=house.librarian).stamp
    stamp = house.cataloguing.submit(confirmed.record_id, expected=stamp, actor=house.librarian)
    with pytest.raises(FourEyes):
        house.cataloguing.approve(confirmed.record_id, expected=stamp, actor=approver)
    file = house.deposits.view(confirmed.id, actor=house.dilnoza).files[0]
    with pytest.raises(FourEyes):
        house.documents.approve(file.id, expected=file.version, actor=approver)
    house.documents.approve(file.id, expected=file.version, actor=AZIZA)


def test_the_file_has_its_papers_rights_and_the_day_of_the_defence(house: House) -> None:
    sent = house.send(house.typed())
    file = house.deposits.view(sent.id, actor=house.dilnoza).files[0]
    assert (file.rights.level, file.rights.licence) == (AccessLevel.OPEN, "CC-BY-4.0")
    assert file.rights.embargo_until == date(2026, 10, 1)
    assert file.transfer_id == sent.transfer_id
    view = house.transfers.one(sent.transfer_id, actor=house.librarian)
    assert view.missing == ()
    assert [one.number for one in view.transfer.papers] == [f"D-{sent.id}"]
    assert view.transfer.partner == "Dilnoza"


def test_a_later_embargo_goes_before_the_defence_and_the_agreement_opens_as_the_library_rules(house: House) -> None:
    sent = house.send(house.typed(replace(TYPED, licence=AGREEMENT, embargo_until="2027-01-15")))
    file = house.deposits.view(sent.id, actor=house.dilnoza).files[0]
    assert file.rights.embargo_until == date(2027, 1, 15)
    assert file.rights.level is AccessLevel.OPEN
    assert file.rights.licence == "Kutubxonaning muallif bilan shartnomasi"


def test_the_agreement_is_kept_as_it_was_accepted(house: House) -> None:
    sent = house.send(house.typed())
    assert sent.agreement is not None
    assert sent.agreement.language == "ru"
    assert sent.agreement.version == 0
    assert sent.agreement.text.startswith("Я автор")
    terms = replace(house.configuration.current().deposits, agreement={"ru": "Иные слова.\n\n  Второй  абзац."})
    house.configuration.save_terms(terms, expected=0, actor=house.head)
    kept = house.now(sent).agreement
    assert kept == sent.agreement
    later = house.deposits.agreement("ky")
    assert (later.text, later.language, later.version) == ("Иные слова.\nВторой абзац.", "ru", 1)


def test_what_is_returned_is_mended_and_sent_again(house: House) -> None:
    sent = house.send(house.typed())
    with pytest.raises(DepositNotReady, match="has to be mended"):
        house.review.return_(sent.id, "  ", expected=sent.version, actor=house.chair)
    with pytest.raises(NotEntitled):
        house.review.return_(sent.id, "x", expected=sent.version, actor=house.librarian)
    back = house.review.return_(sent.id, "Yil notoʻgʻri", expected=sent.version, actor=house.chair)
    assert (back.stage, back.remark) == (Stage.RETURNED, "Yil notoʻgʻri")
    saved = house.deposits.save(back.id, replace(TYPED, year="2025"), expected=back.version, actor=house.dilnoza)
    again = house.send(saved)
    assert (again.remark, again.record_id, again.transfer_id) == ("", sent.record_id, sent.transfer_id)
    with house.database.reading() as view:
        assert view.records.described(sent.record_id).description.year == 2025
    events = house.deposits.view(again.id, actor=house.dilnoza).events
    assert "Yil notoʻgʻri" in [one.remark for one in events]


def test_a_librarian_returns_it_from_the_approval_and_keeps_what_was_catalogued(house: House) -> None:
    confirmed = house.confirmed()
    place = house.cataloguing.workplace(confirmed.record_id, actor=house.librarian)
    classed = DataField("621", "  ", (Subfield("", "22.37"),))
    worked = place.marc.with_fields((*place.marc.fields, classed))
    stamp = house.cataloguing.save(confirmed.record_id, worked, expected=place.stamp, actor=house.librarian)
    house.cataloguing.submit(confirmed.record_id, expected=stamp, actor=house.librarian)
    waiting = house.now(confirmed)
    assert waiting.stage is Stage.APPROVAL
    assert house.review.waiting(actor=house.librarian) == {}
    with pytest.raises(NotEntitled):
        house.review.return_(waiting.id, "Annotatsiya", expected=waiting.version, actor=house.chair)
    back = house.review.return_(waiting.id, "Annotatsiya", expected=waiting.version, actor=house.librarian)
    place = house.cataloguing.workplace(confirmed.record_id, actor=house.librarian)
    assert place.work is not None
    assert place.work.remark == "Annotatsiya"
    saved = house.deposits.save(
        back.id, replace(TYPED, abstract="Toʻliq annotatsiya."), expected=back.version, actor=house.dilnoza
    )
    house.send(saved)
    marc = house.cataloguing.workplace(confirmed.record_id, actor=house.librarian).marc
    facts = dialects.describe(Dialect.IRBIS, marc)
    assert (facts.bbk, facts.abstract) == (("22.37",), "Toʻliq annotatsiya.")


def test_what_is_given_up_leaves_no_file_and_no_work(house: House) -> None:
    sent = house.send(house.typed())
    gone = house.deposits.withdraw(sent.id, expected=sent.version, actor=house.dilnoza)
    assert gone.stage is Stage.WITHDRAWN
    assert house.deposits.view(gone.id, actor=house.dilnoza).files == ()
    assert house.cataloguing.workplace(gone.record_id, actor=house.librarian).work is None
    for attempt in (
        lambda: house.review.confirm(gone.id, expected=gone.version, actor=house.chair),
        lambda: house.send(gone),
    ):
        with pytest.raises(DepositNotReady):
            attempt()


def test_a_published_work_is_withdrawn_by_the_library_on_request(house: House) -> None:
    confirmed = house.confirmed()
    house.publish(confirmed)
    published = house.now(confirmed)
    with pytest.raises(DepositNotReady, match="Ask it"):
        house.deposits.withdraw(published.id, expected=published.version, actor=house.dilnoza)
    asked = house.deposits.ask_to_withdraw(
        published.id, "Nashriyot talabi", expected=published.version, actor=house.dilnoza
    )
    assert house.review.waiting(actor=house.head) == {Part.TO_WITHDRAW: 1}
    stamp = house.cataloguing.workplace(asked.record_id, actor=house.head).stamp
    house.cataloguing.withdraw(asked.record_id, "Muallif soʻrovi", expected=stamp, actor=house.head)
    assert house.now(asked).stage is Stage.WITHDRAWN
    assert house.review.waiting(actor=house.head) == {}


def test_a_file_can_be_taken_back_and_sent_in_pieces(house: House) -> None:
    draft = house.typed()
    file = house.deposits.view(draft.id, actor=house.dilnoza).files[0]
    house.record.remove(draft.id, file.id, expected=file.version, actor=house.dilnoza)
    assert house.deposits.view(draft.id, actor=house.dilnoza).files == ()
    other = PDF + b"\n"
    begun = house.record.begin(draft.id, "boshqa.pdf", len(other), actor=house.dilnoza)
    assert _problems(lambda: house.send(draft)) == {"files"}
    house.record.append(draft.id, begun.id, BytesIO(other[:100]), offset=0, actor=house.dilnoza)
    assert house.record.upload(draft.id, begun.id, actor=house.dilnoza).received == 100
    house.record.append(draft.id, begun.id, BytesIO(other[100:]), offset=100, actor=house.dilnoza)
    came = house.record.finish(draft.id, begun.id, actor=house.dilnoza)
    assert came.state is DocumentState.QUARANTINED
    assert came.rights.level is AccessLevel.CLOSED
    house.send(draft)
