"""What people write to the library: taken once, looked at, answered in time or brought before the head, forgotten."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from library.container import Container
from library.db.unit_of_work import Database
from library.domain.access import GUEST, Actor
from library.domain.appeal_files import FileState
from library.domain.appeal_terms import AppealTerms, NamedDay
from library.domain.appeals import Appeal, AppealKind, AppealState, Channel, Outcome, together
from library.domain.errors import (
    AppealNotReady,
    DocumentNotReady,
    FileTooLarge,
    InvalidAppeal,
    NotEntitled,
    NotFound,
    StaleVersion,
)
from library.domain.journal import Deed
from library.domain.people import Role
from library.domain.periods import Span, Step, period_of
from library.services.appeals import Appeals, Part, Typed
from library.services.appeals_files import SentFile
from library.services.appeals_upkeep import AppealsUpkeep
from tests.signed_in import a_person
from tests.staff import BOTIR, NODIRA

TASHKENT = ZoneInfo("Asia/Tashkent")
INSPECTOR = Actor.person(9, "Nazorat", frozenset({Role.INSPECTOR}))
# A Tuesday, ten in the morning in Tashkent.
TUESDAY = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SEPTEMBER = Span(first=date(2026, 9, 1), last=date(2026, 9, 30))
COMPLAINT = Typed(
    form_key="k" * 22,
    kind=AppealKind.COMPLAINT,
    subject="Fayl ochilmaydi",
    text="Dissertatsiya\x00 fayli\n\n\n\nochilmaydi.",
    name="Dilnoza",
    contact="dilnoza@example.uz",
    language="uz-Latn",
)


@dataclass
class Office:
    """The services over one database, at a time that a test sets."""

    container: Container
    now: datetime = TUESDAY

    def __post_init__(self) -> None:
        parts = self.container
        self.appeals = Appeals(
            parts.database, parts.appeal_files, parts.configuration, b"k" * 32, TASHKENT, lambda: self.now
        )
        self.upkeep = AppealsUpkeep(
            parts.database, parts.appeal_files, parts.configuration, 365 * DAY, TASHKENT, lambda: self.now
        )

    def receive(self, typed: Typed = COMPLAINT, *files: SentFile) -> Appeal:
        return self.appeals.receive(typed, files, actor=GUEST)

    def newest(self, appeal: Appeal) -> Appeal:
        return self.appeals.case(appeal.id, actor=NODIRA).line.appeal

    def deeds(self, appeal: Appeal) -> list[Deed]:
        return [one.deed for one in self.appeals.case(appeal.id, actor=NODIRA).events]


@pytest.fixture
def office(container: Container) -> Office:
    return Office(container)


def test_a_complaint_is_kept_clean_with_both_clocks_running(office: Office) -> None:
    appeal = office.receive()
    assert appeal.text == "Dissertatsiya fayli\n\nochilmaydi."
    assert appeal.deadlines.first_look == datetime(2026, 9, 5, tzinfo=TASHKENT)
    assert appeal.deadlines.measures == datetime(2026, 9, 10, tzinfo=TASHKENT)
    assert office.deeds(appeal) == [Deed.APPEAL_RECEIVED]


def test_a_form_that_comes_again_makes_no_second_appeal(office: Office) -> None:
    first = office.receive()
    again = office.receive(replace(COMPLAINT, text="Boshqa matn"), SentFile(name="a.txt", stream=BytesIO(b"a")))
    assert again == first
    assert office.appeals.page(Part.WAITING, None, 10, actor=NODIRA).total == 1
    assert not list(office.container.settings.data_dir.glob("appeals/quarantine/*.bytes"))


def test_a_question_has_one_working_day_and_what_came_on_sunday_counts_from_friday(office: Office) -> None:
    office.now = datetime(2026, 9, 6, 9, tzinfo=TASHKENT)
    question = office.receive(replace(COMPLAINT, kind=AppealKind.SUPPORT))
    assert question.deadlines.first_look == question.deadlines.measures == datetime(2026, 9, 8, tzinfo=TASHKENT)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": " \u200b "}, "subject"),
        ({"text": "\x00\x07"}, "text"),
        ({"text": "a" * 10_001}, "text"),
        ({"subject": "a" * 201}, "subject"),
        ({"contact": "a" * 201}, "contact"),
        ({"kind": AppealKind.COPY, "contact": ""}, "contact"),
    ],
)
def test_what_is_missing_or_too_long_is_named(office: Office, change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidAppeal) as refused:
        office.receive(replace(COMPLAINT, **change))  # type: ignore[arg-type]
    assert [one.field for one in refused.value.problems] == [field]


def test_a_complaint_that_is_looked_at_late_and_answered_late_says_so_in_its_figures(office: Office) -> None:
    slow = office.receive()
    quick = office.receive(replace(COMPLAINT, form_key="q" * 22))
    answered = office.appeals.answer(quick.id, Outcome.DONE, "Tuzatildi.", expected=1, actor=NODIRA)
    assert (answered.state, answered.days_taken, answered.looked) == (AppealState.ANSWERED, 0, answered.answered)
    office.now = TUESDAY + 7 * DAY
    seen = office.appeals.look(slow.id, expected=1, actor=NODIRA)
    office.now = TUESDAY + 10 * DAY
    before = office.now - timedelta(seconds=1)
    office.appeals.answer(slow.id, Outcome.EXPLAINED, "Tushuntirildi.", expected=seen.version, actor=NODIRA)
    with office.container.database.reading() as view:
        found = view.appeals.figures(SEPTEMBER, at=office.now, zone=TASHKENT)
        then = view.appeals.figures(SEPTEMBER, at=before, zone=TASHKENT)[AppealKind.COMPLAINT]
        months = [period_of(date(2026, month, 1), Step.MONTH) for month in (8, 9, 10)]
        series = view.appeals.series(months, at=office.now, zone=TASHKENT)
    now = found[AppealKind.COMPLAINT]
    assert (now.received, now.answered_in_time, now.answered_late, now.open) == (2, 1, 1, 0)
    assert (now.late, now.looked_late, now.days, now.median_days) == (1, 1, (0, 8), Decimal(4))
    assert (then.answered_in_time, then.open, then.overdue, then.late) == (1, 1, 1, 1)
    assert found[AppealKind.SUPPORT].median_days is None
    assert [together(one.values()).received for one in series] == [0, 2, 0]


def test_when_a_clock_runs_out_the_head_is_told_once(office: Office) -> None:
    appeal = office.receive()
    assert not office.upkeep.escalate()
    office.now = datetime(2026, 9, 5, 0, 0, 1, tzinfo=TASHKENT)
    assert office.upkeep.escalate()
    assert not office.upkeep.escalate()
    assert office.newest(appeal).is_escalated
    assert office.appeals.page(Part.WITH_HEAD, None, 10, actor=BOTIR).total == 1
    office.now = datetime(2026, 9, 10, 0, 0, 1, tzinfo=TASHKENT)
    assert office.upkeep.escalate()
    assert office.deeds(appeal) == [Deed.APPEAL_RECEIVED, Deed.APPEAL_ESCALATED, Deed.APPEAL_ESCALATED]
    office.appeals.answer(appeal.id, Outcome.DONE, "Tuzatildi.", expected=office.newest(appeal).version, actor=BOTIR)
    assert not office.upkeep.escalate()
    assert not office.newest(appeal).is_escalated


def test_a_holiday_that_is_announced_moves_the_deadlines_of_what_waits(office: Office) -> None:
    appeal = office.receive()
    done = office.receive(replace(COMPLAINT, form_key="d" * 22))
    office.appeals.answer(done.id, Outcome.DONE, "Bajarildi.", expected=1, actor=NODIRA)
    rest = AppealTerms(holidays=(NamedDay(day=date(2026, 9, 3), name="Bayram"),))
    office.container.configuration.save_appeals(rest, expected=0, actor=BOTIR)
    office.now = datetime(2026, 9, 5, 12, tzinfo=TASHKENT)
    assert office.upkeep.step()
    assert office.newest(appeal).deadlines.first_look == datetime(2026, 9, 8, tzinfo=TASHKENT)
    assert office.newest(done).deadlines == done.deadlines
    assert office.deeds(appeal) == [Deed.APPEAL_RECEIVED, Deed.APPEAL_RECKONED]
    assert not office.upkeep.step()


def test_the_list_begins_with_what_ran_out_and_tells_the_hours(office: Office) -> None:
    late = office.receive()
    office.now = TUESDAY + 7 * DAY
    fresh = office.receive(replace(COMPLAINT, form_key="f" * 22, kind=AppealKind.SUPPORT))
    page = office.appeals.page(Part.WAITING, None, 10, actor=NODIRA)
    assert [line.appeal.id for line in page.lines] == [late.id, fresh.id]
    first, measures = page.lines[0].clocks
    assert (first.is_late, first.hours_left) == (True, -(10 + 24))
    assert (measures.is_late, measures.hours_left) == (False, 14 + 24)
    assert page.counts[Part.LATE] == office.appeals.late(actor=NODIRA) == 1
    assert office.appeals.page(Part.WAITING, AppealKind.SUPPORT, 10, actor=NODIRA).total == 1


def test_who_only_sees_does_not_see_who_wrote(office: Office) -> None:
    appeal = office.receive()
    seen = office.appeals.case(appeal.id, actor=INSPECTOR).line.appeal
    assert (seen.name, seen.contact, seen.text) == ("", "", appeal.text)
    listed = office.appeals.page(Part.WAITING, None, 10, actor=INSPECTOR).lines[0].appeal
    assert (listed.name, listed.contact) == ("", "")
    assert office.newest(appeal).contact == "dilnoza@example.uz"
    for deed in (office.appeals.look, office.appeals.erase):
        with pytest.raises(NotEntitled):
            deed(appeal.id, expected=1, actor=INSPECTOR)
    with pytest.raises(NotEntitled):
        office.appeals.page(Part.WAITING, None, 10, actor=GUEST)


def test_it_is_given_to_somebody_who_may_answer_and_closed_with_what_came_of_it(office: Office) -> None:
    appeal = office.receive()
    colleague = a_person(office.container, "aziza", Role.APPROVER)
    reader = a_person(office.container, "reader", Role.READER)
    with pytest.raises(NotEntitled, match="Choose another"):
        office.appeals.assign(appeal.id, reader.id, expected=1, actor=BOTIR)
    given = office.appeals.assign(appeal.id, colleague.id, expected=1, actor=BOTIR)
    assert (given.assigned_name, given.looked and given.looked.key) == ("Aziza", BOTIR.key)
    with pytest.raises(StaleVersion):
        office.appeals.answer(appeal.id, Outcome.DONE, "Bajarildi", expected=1, actor=NODIRA)
    with pytest.raises(AppealNotReady):
        office.appeals.close(appeal.id, "Hammasi joyida", expected=2, actor=NODIRA)
    office.appeals.answer(appeal.id, Outcome.DONE, "Bajarildi", expected=2, actor=NODIRA)
    closed = office.appeals.close(appeal.id, "Hammasi joyida", expected=3, actor=NODIRA)
    assert closed.state is AppealState.CLOSED
    with pytest.raises(AppealNotReady):
        office.appeals.answer(appeal.id, Outcome.DONE, "Yana", expected=closed.version, actor=NODIRA)


def test_the_page_of_an_appeal_opens_by_its_own_word_alone(office: Office) -> None:
    first, second = office.receive(), office.receive(replace(COMPLAINT, form_key="s" * 22))
    token = office.appeals.token(first.id)
    assert len(token) == 22
    assert office.appeals.status(first.id, token).line.appeal.id == first.id
    for number, word in ((second.id, token), (first.id, token[:-1]), (first.id, ""), (99, token), (first.id, "\ud800")):
        with pytest.raises(NotFound):
            office.appeals.status(number, word)


def test_a_letter_to_the_rector_is_entered_by_staff_with_the_day_on_which_it_came(office: Office) -> None:
    letter = replace(
        COMPLAINT, channel=Channel.LETTER, outside_number="01-17/45", received_at=TUESDAY - DAY, form_key="l" * 22
    )
    with pytest.raises(NotEntitled):
        office.appeals.receive(letter, actor=GUEST)
    entered = office.appeals.receive(letter, actor=NODIRA)
    assert (entered.received_at, entered.outside_number) == (TUESDAY - DAY, "01-17/45")
    ahead = replace(letter, received_at=TUESDAY + DAY, form_key="a" * 22)
    assert office.appeals.receive(ahead, actor=NODIRA).received_at == TUESDAY


def test_the_sender_is_forgotten_a_year_after_the_answer_and_not_before_it(office: Office) -> None:
    appeal = office.receive()
    with pytest.raises(AppealNotReady):
        office.appeals.erase(appeal.id, expected=1, actor=NODIRA)
    office.appeals.answer(appeal.id, Outcome.DONE, "Bajarildi", expected=1, actor=NODIRA)
    office.now = TUESDAY + 364 * DAY
    assert not office.upkeep.erase()
    office.now = TUESDAY + 366 * DAY
    assert office.upkeep.erase()
    assert not office.upkeep.erase()
    kept = office.newest(appeal)
    assert (kept.name, kept.contact, kept.text) == ("", "", appeal.text)


def test_nothing_of_the_sender_stands_in_the_journal(office: Office) -> None:
    appeal = office.receive()
    office.appeals.answer(appeal.id, Outcome.DONE, "Dilnozaga javob", expected=1, actor=NODIRA)
    office.appeals.erase(appeal.id, expected=2, actor=NODIRA)
    assert b"Dilnoza" not in _journal(office.container.database)


def test_files_that_are_not_taken_are_refused_at_once_and_leave_nothing(office: Office) -> None:
    for files, error in (
        ([SentFile(name="page.html", stream=BytesIO(b"<p>"))], InvalidAppeal),
        ([SentFile(name=f"{n}.txt", stream=BytesIO(b"a")) for n in range(4)], InvalidAppeal),
        (
            [
                SentFile(name="a.txt", stream=BytesIO(b"a")),
                SentFile(name="b.txt", stream=BytesIO(b"b" * (10 << 20) + b"b")),
            ],
            FileTooLarge,
        ),
    ):
        with pytest.raises(error):
            office.receive(COMPLAINT, *files)
    assert not [path for path in _files(office.container) if path.is_file()]
    assert office.appeals.page(Part.WAITING, None, 10, actor=NODIRA).total == 0


def test_a_clean_file_is_opened_to_staff_and_erased_with_the_sender(guarded: Container) -> None:
    office = Office(guarded)
    appeal = office.receive(COMPLAINT, SentFile(name="xat.txt", stream=BytesIO(b"Assalomu alaykum")))
    (file,) = office.appeals.case(appeal.id, actor=NODIRA).files
    with pytest.raises(DocumentNotReady):
        guarded.appeal_files.open(appeal.id, file.id, actor=NODIRA)
    assert guarded.appeal_files.step()
    assert not guarded.appeal_files.step()
    with guarded.appeal_files.open(appeal.id, file.id, actor=NODIRA)[1] as stream:
        assert stream.read() == b"Assalomu alaykum"
    with pytest.raises(NotEntitled):
        guarded.appeal_files.open(appeal.id, file.id, actor=INSPECTOR)
    with pytest.raises(NotFound):
        guarded.appeal_files.open(appeal.id + 1, file.id, actor=NODIRA)
    office.appeals.answer(appeal.id, Outcome.DONE, "Bajarildi", expected=1, actor=NODIRA)
    office.appeals.erase(appeal.id, expected=2, actor=NODIRA)
    assert not [path for path in _files(guarded) if path.is_file()]


def test_a_virus_is_refused_and_its_bytes_are_gone(guarded: Container) -> None:
    office = Office(guarded)
    virus = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    appeal = office.receive(COMPLAINT, SentFile(name="xat.txt", stream=BytesIO(virus)))
    assert guarded.appeal_files.step()
    (file,) = office.appeals.case(appeal.id, actor=NODIRA).files
    assert (file.state, "virus" in str(file.reason)) == (FileState.REFUSED, True)
    assert Deed.APPEAL_FILE_REFUSED in office.deeds(appeal)
    assert not [path for path in _files(guarded) if path.is_file()]
    with pytest.raises(DocumentNotReady):
        guarded.appeal_files.open(appeal.id, file.id, actor=NODIRA)


def test_without_a_scanner_a_file_waits_and_the_appeal_does_not(office: Office) -> None:
    appeal = office.receive(COMPLAINT, SentFile(name="xat.txt", stream=BytesIO(b"Salom")))
    assert office.container.appeal_files.step()
    (file,) = office.appeals.case(appeal.id, actor=NODIRA).files
    assert (file.state, file.tries) == (FileState.WAITING, 1)
    assert not office.container.appeal_files.step()
    assert office.appeals.look(appeal.id, expected=1, actor=NODIRA).looked


def test_bytes_without_a_row_are_swept(office: Office) -> None:
    office.receive()
    lost = office.container.settings.data_dir / "appeals" / "77"
    lost.mkdir(parents=True)
    (lost / "rest").write_bytes(b"a")
    office.container.appeal_files.sweep()
    assert not lost.exists()


def _files(container: Container) -> list[Path]:
    return list((container.settings.data_dir / "appeals").rglob("*"))


def _journal(database: Database) -> bytes:
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT before, after, actor_name FROM journal").all()
    return repr(rows).encode()
