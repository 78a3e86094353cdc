"""Reports of what registers hold: titles and copies, files, readers, complaints, and how well the service works."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from library.db.unit_of_work import Database
from library.domain.access_level import AccessLevel
from library.domain.appeals import Appeal, AppealKind, By
from library.domain.holdings import Act, ActKind, ActLine, Source
from library.domain.journal import Deed
from library.domain.maintenance import Window
from library.domain.people import LibraryCard, Person, ReaderCategory, Role
from library.domain.periods import Span, Step
from library.domain.statistics import (
    Amount,
    Dimension,
    Line,
    NotAvailable,
    Reason,
)
from library.domain.usage import Kind, event_id
from library.domain.workdays import Deadlines
from library.services.custody_closing import KEEPER
from library.services.statistics import Statistics
from library.services.statistics_following import StatisticsFollowing
from library.services.usage_counting import UsageCounting
from library.services.usage_robots import shipped_robots
from tests.builders import add_records
from tests.documents import a_document
from tests.services.reported import MARCH, NOW, WINTER, ask, figure, numbers, statistics_of
from tests.staff import NODIRA
from tests.usage_history import TASHKENT, an_event


@pytest.fixture
def statistics(database: Database, tmp_path: Path) -> Statistics:
    return statistics_of(database, tmp_path)


def test_holdings_begin_with_what_there_was_and_end_with_what_came_and_went(
    database: Database, statistics: Statistics
) -> None:
    add_records(database, "Oliy matematika", "Олий математика", "Kimyo")
    StatisticsFollowing(database, lambda: NOW, TASHKENT).follow(date(2026, 6, 9))
    years = Span(first=date(2020, 1, 1), last=date(2020, 12, 31))
    months = ask(statistics, years, Step.MONTH, "holdings.titles", "additions.titles", "withdrawals.titles")
    held, came, went = (
        [line.figure for line in months if line.indicator == one]
        for one in ("holdings.titles", "additions.titles", "withdrawals.titles")
    )
    assert held[0] == NotAvailable(Reason.NOT_COUNTED), "records were entered in February"
    assert (held[1], came[1], went[1]) == (Amount(Decimal(3)), Amount(Decimal(3)), Amount(Decimal(0)))
    assert (held[11], came[11]) == (Amount(Decimal(3)), Amount(Decimal(0)))
    scripts = ask(statistics, years, Step.YEAR, "holdings.titles", by=(Dimension.SCRIPT, Dimension.TYPE))
    assert numbers(scripts) == {
        ("holdings.titles", "2020", ("latin", "textbook")): 2,
        ("holdings.titles", "2020", ("cyrillic", "textbook")): 1,
    }
    assert figure(statistics, "holdings.text-share", years) == Decimal("0.0")
    by_operator = ask(statistics, years, Step.YEAR, "work.records", by=(Dimension.OPERATOR,))
    assert numbers(by_operator) == {("work.records", "2020", ("nodira",)): 3}


def test_copies_are_those_of_the_acts(database: Database, statistics: Statistics) -> None:
    (record_id,) = add_records(database, "Oliy matematika")
    acts = [
        Act(kind=ActKind.OPENING, number="1", date=date(2026, 1, 5), lines=(ActLine(record_id=record_id, quantity=7),)),
        Act(
            kind=ActKind.RECEIPT,
            number="2",
            date=date(2026, 2, 5),
            source=Source.GIFT,
            lines=(ActLine(record_id=record_id, quantity=3),),
        ),
        Act(
            kind=ActKind.WRITE_OFF,
            number="3",
            date=date(2026, 3, 5),
            reason="Eskirgan",
            lines=(ActLine(record_id=record_id, quantity=2),),
        ),
    ]
    with database.writing() as tx:
        for act in acts:
            tx.holdings.add(act, NODIRA, NOW)
        tx.commit()
    StatisticsFollowing(database, lambda: NOW, TASHKENT).follow(date(2026, 6, 9))
    held = ask(statistics, WINTER, Step.MONTH, "holdings.copies")
    assert [line.figure for line in held] == [
        NotAvailable(Reason.NOT_COUNTED),
        *(Amount(Decimal(copies)) for copies in (7, 10, 8)),
    ]
    came = ask(statistics, WINTER, Step.SPAN, "additions.copies", by=(Dimension.TYPE, Dimension.SOURCE))
    assert numbers(came) == {
        ("additions.copies", "2025-12-01/2026-03-31", ("textbook", "")): 7,
        ("additions.copies", "2025-12-01/2026-03-31", ("textbook", "gift")): 3,
    }
    assert figure(statistics, "withdrawals.copies") == 2


def test_the_share_of_open_titles_is_of_those_with_a_full_text(here: Database, tmp_path: Path) -> None:
    numbers = add_records(here, "Algebra", "Botanika", "Kimyo", "Fizika")
    with here.writing() as tx:
        for number, level in zip(numbers, (AccessLevel.OPEN, AccessLevel.MEMBERS, AccessLevel.CAMPUS), strict=False):
            tx.documents.add(a_document(number, level))
        tx.commit()
    now = datetime(2026, 12, 10, 6, tzinfo=UTC)
    statistics = statistics_of(here, tmp_path, now)
    december = Span(first=date(2026, 12, 1), last=date(2026, 12, 31))
    (before,) = ask(statistics, december, Step.MONTH, "holdings.open-share")
    assert before.figure == NotAvailable(Reason.NOT_COUNTED)
    StatisticsFollowing(here, lambda: now, TASHKENT).follow(date(2026, 12, 9))
    (share,) = ask(statistics, december, Step.MONTH, "holdings.open-share")
    assert share.figure == Amount(Decimal("33.3"))


def test_a_file_that_an_audit_closed_is_one_failure_however_many_documents_it_has(
    here: Database, tmp_path: Path
) -> None:
    """Months in which no audit told anything have no figure; what a scan closed is no failure of the store."""

    def on(month: int, day: int) -> datetime:
        return datetime(2026, month, day, 0, 30, tzinfo=TASHKENT)

    lost = {"digest": "a" * 64, "condition": "missing"}
    with here.writing() as tx:
        for document in (1, 2):
            tx.journal.add(KEEPER, Deed.DOCUMENT_CLOSED, f"document:{document}", on(2, 1), after=lost)
        tx.journal.add(KEEPER, Deed.DOCUMENT_CLOSED, "document:3", on(2, 2), after={**lost, "digest": "b" * 64})
        tx.journal.add(KEEPER, Deed.STORE_AUDITED, "store", on(2, 2), after={"checked": 9, "faults": 2})
        # Found lost again, and closed already.
        tx.journal.add(KEEPER, Deed.STORE_AUDITED, "store", on(3, 5), after=lost)
        scanned = {"digest": "c" * 64, "engine": "ClamAV"}
        tx.journal.add(KEEPER, Deed.DOCUMENT_CLOSED, "document:4", on(4, 2), after=scanned)
        tx.commit()
    spring = Span(first=date(2026, 1, 1), last=date(2026, 4, 30))
    statistics = statistics_of(here, tmp_path)
    told = [line.figure for line in ask(statistics, spring, Step.MONTH, "holdings.fixity-failures")]
    unknown = NotAvailable(Reason.NOT_COUNTED)
    assert told == [unknown, Amount(Decimal(2)), Amount(Decimal(0)), unknown]
    assert figure(statistics, "holdings.fixity-failures", spring) == 2


def a_reader(login: str) -> Person:
    return Person(id=0, login=login, name=login, roles=frozenset({Role.READER}), created_at=NOW, changed_at=NOW)


def test_a_reader_who_comes_in_two_months_is_one_reader_of_the_quarter(
    database: Database, statistics: Statistics
) -> None:
    with database.writing() as tx:
        readers = [tx.people.add(a_reader(f"reader{one}")) for one in range(3)]
        for reader, month in ((0, 1), (0, 1), (0, 2), (1, 2), (2, 3)):
            tx.statistics.was_here(readers[reader].id, datetime(2026, month, 5, tzinfo=UTC))
        tx.commit()
    months = ask(statistics, Span(first=date(2026, 1, 1), last=date(2026, 3, 31)), Step.MONTH, "users.active")
    assert [line.figure for line in months] == [Amount(Decimal(number)) for number in (1, 2, 1)]
    (quarter,) = ask(statistics, Span(first=date(2026, 1, 1), last=date(2026, 3, 31)), Step.QUARTER, "users.active")
    assert quarter.figure == Amount(Decimal(3))
    (day,) = ask(statistics, Span(first=date(2026, 1, 5), last=date(2026, 1, 5)), Step.DAY, "users.active")
    assert day.figure == NotAvailable(Reason.NOT_COUNTED), "who came on which day is not kept"


def test_reports_tell_the_same_of_readers_when_it_is_forgotten_who_they_were(here: Database, tmp_path: Path) -> None:
    """Of months that nobody asked for together, it can't be told any more how many of their readers were the same."""
    cards = (("student", "Kimyo"), ("student", "Fizika"), ("teacher", "Kimyo"), ("student", "Kimyo"))
    with here.writing() as tx:
        people = []
        for number, (category, faculty) in enumerate(cards):
            card = LibraryCard(number=f"C{number}", category=ReaderCategory(category), faculty=faculty)
            people.append(tx.people.add(replace(a_reader(f"reader{number}"), card=card)))
        random = Random(5)
        for month in (date(2024 + past // 12, past % 12 + 1, 5) for past in range(8, 29)):
            for reader in random.sample(people, random.randint(1, 4)):
                tx.statistics.was_here(reader.id, datetime.combine(month, datetime.min.time(), UTC))
        tx.commit()
    statistics = statistics_of(here, tmp_path)
    following = StatisticsFollowing(here, lambda: NOW, TASHKENT)
    years = Span(first=date(2024, 1, 1), last=date(2026, 6, 30))
    steps = (Step.MONTH, Step.QUARTER, Step.YEAR, Step.ACADEMIC_YEAR)
    bys = ((), (Dimension.CATEGORY,), (Dimension.FACULTY, Dimension.CATEGORY))
    autumn = Span(first=date(2024, 10, 1), last=date(2025, 4, 30))
    year = Span(first=date(2025, 1, 1), last=date(2025, 12, 31))

    def told() -> list[list[Line]]:
        return [list(ask(statistics, years, step, "users.active", by=by)) for step in steps for by in bys]

    before = told()
    (of_year,) = ask(statistics, year, Step.SPAN, "users.active")
    assert following.forget_readers(NOW.date()) == 8, "from September 2024 to April 2025"
    assert told() == before
    assert list(ask(statistics, year, Step.SPAN, "users.active")) == [of_year]
    (of_autumn,) = ask(statistics, autumn, Step.SPAN, "users.active")
    assert of_autumn.figure == NotAvailable(Reason.NOT_RECORDED)
    with here.reading() as view:
        assert view.statistics.first_kept_month() == date(2025, 5, 1)
    assert following.forget_readers(NOW.date()) == 0
    assert following.forget_readers(date(2027, 7, 1)) == 13
    assert told() == before
    with here.reading() as view:
        assert view.statistics.first_kept_month() is None


def test_readers_of_a_month_are_kept_until_it_is_closed(database: Database) -> None:
    with database.writing() as tx:
        reader = tx.people.add(a_reader("reader"))
        tx.statistics.was_here(reader.id, datetime(2025, 3, 5, tzinfo=UTC))
        at = datetime(2025, 3, 5, 9, tzinfo=TASHKENT)
        tx.usage_events.append([an_event(1, at, Kind.SEARCH, results=1)], event_id(at, bytes(10)), TASHKENT)
        tx.commit()
    counting = UsageCounting(database, shipped_robots(), TASHKENT, lambda: NOW)
    counting.roll_up_all()
    following = StatisticsFollowing(database, lambda: NOW, TASHKENT)
    assert following.forget_readers(NOW.date()) == 0
    counting.close_months()
    assert following.forget_readers(NOW.date()) == 1
    with database.reading() as view:
        assert view.statistics.active_sums(Step.YEAR, date(2025, 1, 1), date(2025, 1, 1), ("faculty",)) == [
            (date(2025, 1, 1), ("",), 1)
        ]
        assert view.statistics.audits(datetime(2025, 1, 1, tzinfo=UTC), NOW) == []


@dataclass(frozen=True)
class Complaint:
    came: int
    answered: int | None


def test_complaints_and_how_well_the_service_works_come_from_their_registers(here: Database, tmp_path: Path) -> None:
    statistics = statistics_of(here, tmp_path)

    def on(day: int, hour: int = 9) -> datetime:
        return datetime(2026, 3, day, hour, tzinfo=TASHKENT)

    with here.writing() as tx:
        for one in (Complaint(2, 4), Complaint(2, 20), Complaint(30, None)):
            due = Deadlines(first_look=on(one.came) + timedelta(days=3), measures=on(one.came) + timedelta(days=8))
            appeal = tx.appeals.add(
                Appeal(
                    kind=AppealKind.COMPLAINT,
                    subject="Fayl ochilmaydi",
                    text="Ochilmaydi",
                    language="uz-Latn",
                    form_key=f"{one.came}-{one.answered}",
                    received_at=on(one.came),
                    deadlines=due,
                )
            )
            if one.answered:
                by = By(key="person:1", name="Nodira", at=on(one.answered))
                tx.appeals.save(replace(appeal, looked=by, answered=by, days_taken=one.answered - one.came))
        tx.maintenance.add(
            Window(
                id=0,
                begins_at=on(5),
                ends_at=on(5, 11),
                notice_hours=1,
                texts={"uz-Latn": "Yangilash"},
                registered_at=on(1),
                registered_by="person:1",
                registered_by_name="Nodira",
            )
        )
        for minute in range(4):
            tx.service_quality.watch(on(7) + timedelta(minutes=minute), is_up=minute != 3)
        tx.service_quality.add_answers(date(2026, 3, 7), 9, {8: 90, 40: 10}, {40: 5})
        tx.commit()
    told = {
        one: figure(statistics, one, MARCH)
        for one in statistics.table.indicators
        if one.startswith(("service.", "complaints.", "appeals."))
    }
    quick, slow = told.pop("service.response-p50"), told.pop("service.response-p95")
    assert isinstance(quick, Decimal)
    assert isinstance(slow, Decimal)
    assert 0 < quick < 10 < slow
    assert told == {
        "service.uptime": Decimal("75.00"),
        "service.down-unplanned": 1,
        "service.down-planned": 120,
        "service.maintenance-windows": 1,
        "service.error-share": Decimal("5.00"),
        "appeals.received": 3,
        "complaints.received": 3,
        "complaints.in-time": 1,
        "complaints.late": 1,
        "complaints.open": 1,
        "complaints.median-days": Decimal("10.0"),
    }
