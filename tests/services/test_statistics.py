"""Reports: each indicator against a plain reading of what happened, and sums that agree however time is cut."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.domain.access_level import AccessLevel
from library.domain.appeals import Appeal, AppealKind, By
from library.domain.counter_types import AccessType, DataType
from library.domain.errors import InvalidReportForm, UnknownReportForm
from library.domain.holdings import Act, ActKind, ActLine, Source
from library.domain.journal import Deed
from library.domain.maintenance import Window
from library.domain.people import LibraryCard, Person, ReaderCategory, Role
from library.domain.periods import Span, Step
from library.domain.statistics import (
    Amount,
    Audience,
    Dimension,
    Line,
    NotAvailable,
    Question,
    Reason,
    StatisticsReport,
    Unit,
)
from library.domain.usage import Denial, Flag, Kind, Outcome, UsageEvent, event_id
from library.domain.workdays import Deadlines
from library.services.configuration import Configuration
from library.services.custody_closing import KEEPER
from library.services.statistics import Statistics
from library.services.statistics_following import StatisticsFollowing
from library.services.usage_counting import UsageCounting
from library.services.usage_robots import shipped_robots
from library.settings import Settings
from tests.builders import add_records
from tests.documents import a_document
from tests.staff import NODIRA
from tests.usage_history import TASHKENT, an_event, counted_slowly

NOW = datetime(2026, 6, 10, 6, tzinfo=UTC)
YEAR = Span(first=date(2026, 1, 1), last=date(2026, 12, 31))
WINTER = Span(first=date(2025, 12, 1), last=date(2026, 3, 31))
MARCH = Span(first=date(2026, 3, 1), last=date(2026, 3, 31))
KINDS: Sequence[tuple[Kind, dict[str, object]]] = (
    (Kind.SEARCH, {"results": 12}),
    (Kind.SEARCH, {"results": 0}),
    (Kind.RECORD_VIEW, {"item_id": 1, "data_type": DataType.BOOK, "access_type": AccessType.OPEN}),
    (Kind.PAGE_VIEW, {"item_id": 2, "file_id": 4, "data_type": DataType.ARTICLE}),
    (Kind.DOWNLOAD, {"item_id": 1, "file_id": 3, "data_type": DataType.BOOK, "sent": 9}),
    (Kind.DOWNLOAD, {"item_id": 2, "file_id": 4, "completed": False, "sent": 4}),
    (Kind.REFUSAL, {"item_id": 3, "denied": Denial.NO_LICENSE, "status": 403}),
    (Kind.REFUSAL, {"item_id": 3, "denied": Denial.LIMIT_EXCEEDED, "status": 403}),
    (Kind.REFUSAL, {"denied": Denial.MAINTENANCE, "status": 503}),
    (Kind.ERROR, {"status": 500}),
    (Kind.OAI, {}),
    (Kind.SRU, {"results": 3}),
    (Kind.SEARCH, {"results": 5, "flags": Flag.STAFF}),
)
Told = Callable[[UsageEvent], bool]


def of_kind(kind: Kind, outcome: Outcome | None = None, denied: Denial | None = None) -> Told:
    return lambda event: (
        event.kind is kind
        and (outcome is None or event.outcome is outcome)
        and (denied is None or event.denied is denied)
    )


PLAINLY: dict[str, Told] = {
    "requests.all": lambda _: True,
    "requests.searches": of_kind(Kind.SEARCH),
    "requests.searches-found": of_kind(Kind.SEARCH, Outcome.FOUND),
    "requests.searches-without": of_kind(Kind.SEARCH, Outcome.NOTHING_FOUND),
    "requests.record-views": of_kind(Kind.RECORD_VIEW),
    "requests.readings": of_kind(Kind.PAGE_VIEW),
    "requests.downloads": of_kind(Kind.DOWNLOAD, Outcome.DOWNLOADED),
    "requests.downloads-aborted": of_kind(Kind.DOWNLOAD, Outcome.ABORTED),
    "requests.machine": lambda event: event.kind in (Kind.OAI, Kind.SRU),
    "requests.failed": of_kind(Kind.ERROR),
    "refusals.all": of_kind(Kind.REFUSAL),
    "refusals.maintenance": of_kind(Kind.REFUSAL, denied=Denial.MAINTENANCE),
    "counter.no-license": of_kind(Kind.REFUSAL, denied=Denial.NO_LICENSE),
    "counter.limit-exceeded": of_kind(Kind.REFUSAL, denied=Denial.LIMIT_EXCEEDED),
}
VALUES: dict[Dimension, Callable[[UsageEvent], str]] = {
    Dimension.REQUEST: lambda event: event.kind.value,
    Dimension.RESULT: lambda event: event.outcome.value,
    Dimension.REASON: lambda event: event.denied.value,
    Dimension.DATA_TYPE: lambda event: event.data_type.value,
    Dimension.HOUR: lambda event: f"{event.local_hour:02}",
    Dimension.CATEGORY: lambda event: event.category,
    Dimension.FACULTY: lambda event: event.faculty,
}
# They don't add up over time: means, shares, the most at once, and people who came in several months.
NOT_ADDED = {"visits.peak", "users.active", "complaints.median-days"}
MEANS = {Unit.PERCENT, Unit.RATIO, Unit.MILLISECONDS}


def a_winter(seed: int) -> list[UsageEvent]:
    """Events of different visitors, so that each counts as one; the first on the first day, the last on the last."""
    random = Random(seed)
    begins = datetime(2025, 12, 1, 1, tzinfo=TASHKENT)
    days = [0, 30, 31, 32, 61, 62, 89, 90, 118, 119]
    moments = [0.0, *sorted(random.choice(days) + random.uniform(0, 0.9) for _ in range(150)), 120.5]
    events = []
    for number, moment in enumerate(moments, 1):
        kind, facts = KINDS[number % len(KINDS)]
        reader = random.choice([("", ""), ("student", "Kimyo"), ("student", "Fizika"), ("teacher", "Kimyo")])
        of_whom = {"category": reader[0], "faculty": reader[1]}
        at = begins + timedelta(days=moment)
        events.append(an_event(number, at, kind, who=number.to_bytes(16, "big"), **facts, **of_whom))
    return events


EVENTS = a_winter(1)


def statistics_of(database: Database, directory: Path, now: datetime = NOW) -> Statistics:
    configuration = Configuration(database, directory, lambda: now)
    settings = Settings(data_dir=directory, institution="BuxDU")
    return Statistics(database, configuration, settings, lambda: now)


def count(database: Database, events: Sequence[UsageEvent], now: datetime = NOW) -> None:
    with database.writing() as tx:
        tx.usage_events.append(events, event_id(now, len(events).to_bytes(10, "big")), TASHKENT)
        tx.commit()
    counting = UsageCounting(database, shipped_robots(), TASHKENT, lambda: now)
    counting.roll_up_all()
    counting.close_months()


@pytest.fixture
def statistics(database: Database, tmp_path: Path) -> Statistics:
    return statistics_of(database, tmp_path)


def a_library(directory: Path, empty: Path) -> Database:
    shutil.copy(empty, directory / "library.sqlite")
    return Database(open_engine(f"sqlite:///{directory / 'library.sqlite'}"), b"k" * 32, zone=TASHKENT)


@pytest.fixture
def here(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Database]:
    """An empty library on SQLite, where the SQL is tried elsewhere."""
    database = a_library(tmp_path, migrated_sqlite)
    yield database
    database.close()


@pytest.fixture(scope="module")
def winter(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Statistics]:
    """A counted winter, which nobody changes."""
    directory = tmp_path_factory.mktemp("winter")
    database = a_library(directory, migrated_sqlite)
    count(database, EVENTS)
    with database.writing() as tx:
        tx.service_quality.add_answers(date(2026, 2, 3), 9, {8: 10}, {8: 1})
        tx.commit()
    yield statistics_of(database, directory)
    database.close()


def ask(statistics: Statistics, span: Span, step: Step, *indicators: str, by: tuple[Dimension, ...] = ()) -> list[Line]:
    question = Question(span=span, step=step, indicators=indicators, by=by, audience=Audience.HOUSE)
    return list(statistics.report(question).lines)


def numbers(lines: Sequence[Line]) -> Counter[tuple[str, str, tuple[str, ...]]]:
    found: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    for line in lines:
        if isinstance(line.figure, Amount):
            found[line.indicator, line.period.name, tuple(value for _, value in line.dimensions)] += int(
                line.figure.value
            )
    return +found


def figure(statistics: Statistics, indicator: str, span: Span = WINTER) -> object:
    (line,) = ask(statistics, span, Step.SPAN, indicator)
    return line.figure.value if isinstance(line.figure, Amount) else line.figure.reason


def test_requests_and_results_are_what_a_plain_reading_of_the_events_counts(winter: Statistics) -> None:
    counted = [event for event in EVENTS if not event.flags]
    for indicator_id, is_told in PLAINLY.items():
        indicator = winter.table.get(indicator_id)
        for by in ((), *((dimension,) for dimension in indicator.dimensions), *indicator.combinations):
            expected = Counter(
                (indicator_id, f"{event.local_day:%Y-%m}", tuple(VALUES[dimension](event) for dimension in by))
                for event in counted
                if is_told(event)
            )
            assert numbers(ask(winter, WINTER, Step.MONTH, indicator_id, by=by)) == expected, (indicator_id, by)
    excluded = ask(winter, WINTER, Step.SPAN, "excluded.all", by=(Dimension.EXCLUSION,))
    assert numbers(excluded) == {("excluded.all", "2025-12-01/2026-03-31", ("staff",)): len(EVENTS) - len(counted)}
    people = {event.who for event in counted if event.kind not in (Kind.OAI, Kind.SRU)}
    assert figure(winter, "visits.virtual") == len(people)


def test_metrics_of_counter_are_those_of_the_slow_reading(winter: Statistics) -> None:
    slowly: Counter[str] = Counter()
    for cells in counted_slowly(EVENTS).values():
        for (title, _, _, metric), number in cells.items():
            if not title:
                slowly[f"counter.{metric.value.lower().replace('_', '-')}"] += number
    indicators = [one for one in winter.table.indicators if one.startswith("counter.") and one not in PLAINLY]
    told = {line[0]: number for line, number in numbers(ask(winter, WINTER, Step.SPAN, *indicators)).items()}
    assert told == {one: number for one, number in slowly.items() if one in indicators}
    assert len(told) > 4


def test_what_happened_in_days_months_quarters_and_years_adds_up(winter: Statistics) -> None:
    two_years = Span(first=date(2025, 1, 1), last=date(2026, 12, 31))
    flows = [
        one.id
        for one in winter.table.indicators.values()
        if one.kind == "flow"
        and one.unit not in (Unit.PERCENT, Unit.RATIO, Unit.MILLISECONDS)
        and one.id not in NOT_ADDED
    ]
    sums = {step: totals(ask(winter, two_years, step, *flows)) for step in Step if step is not Step.ACADEMIC_YEAR}
    assert sums[Step.DAY] == sums[Step.MONTH] == sums[Step.QUARTER] == sums[Step.YEAR] == sums[Step.SPAN]
    assert sums[Step.YEAR]["requests.all"] > 100
    for dimension in (Dimension.HOUR, Dimension.FACULTY, Dimension.DATA_TYPE, Dimension.RESULT):
        by_day = totals(ask(winter, two_years, Step.DAY, "requests.all", by=(dimension,)))
        assert by_day == {"requests.all": sums[Step.SPAN]["requests.all"]}


def totals(lines: Sequence[Line]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for (indicator, _, _), number in numbers(lines).items():
        found[indicator] += number
    return dict(found)


def test_an_empty_library_knows_nothing_and_says_so(here: Database, tmp_path: Path) -> None:
    """Registers that the program itself keeps are known to be empty; everything else is not known, and not 0."""
    statistics = statistics_of(here, tmp_path)
    registers = ("service.down-planned", "service.maintenance-windows", "appeals.", "complaints.")
    lines = ask(statistics, WINTER, Step.MONTH, *statistics.table.indicators)
    unknown = [line for line in lines if not line.indicator.startswith(registers)]
    assert {type(line.figure) for line in unknown} == {NotAvailable}
    assert len(unknown) == 4 * (len(statistics.table.indicators) - 8)


def test_before_the_first_day_and_after_today_there_is_no_zero(here: Database, tmp_path: Path) -> None:
    statistics = statistics_of(here, tmp_path)
    count(here, [an_event(1, datetime(2026, 3, 2, 9, tzinfo=TASHKENT), Kind.SEARCH, results=1)])
    told = [line.figure for line in ask(statistics, YEAR, Step.QUARTER, "requests.downloads", "requests.searches")]
    assert told[:4] == [Amount(Decimal(0)), Amount(Decimal(0)), NotAvailable(Reason.AHEAD), NotAvailable(Reason.AHEAD)]
    assert told[4] == Amount(Decimal(1))
    months = ask(statistics, YEAR, Step.MONTH, "requests.downloads")
    assert [line.figure for line in months[:3]] == [
        NotAvailable(Reason.NOT_COUNTED),
        NotAvailable(Reason.NOT_COUNTED),
        Amount(Decimal(0)),
    ]


def test_a_share_of_nothing_is_no_figure(here: Database, tmp_path: Path) -> None:
    statistics = statistics_of(here, tmp_path)
    count(here, [an_event(1, datetime(2026, 3, 2, 9, tzinfo=TASHKENT), Kind.SEARCH, results=1)])
    assert figure(statistics, "refusals.share") == Decimal("0.0")
    assert figure(statistics, "requests.searches-without-share") == Decimal("0.0")
    assert figure(statistics, "quality.downloads-per-reader") is Reason.NOT_COUNTED
    (april,) = ask(statistics, Span(first=date(2026, 4, 1), last=date(2026, 4, 30)), Step.MONTH, "refusals.share")
    assert april.figure == NotAvailable(Reason.NO_BASE)


def test_a_report_says_up_to_when_it_knows_everything(here: Database, tmp_path: Path) -> None:
    event = an_event(1, datetime(2026, 3, 2, 9, tzinfo=TASHKENT), Kind.SEARCH, results=1)
    early = datetime(2026, 3, 20, 6, tzinfo=UTC)
    count(here, [event], early)
    march = Question(
        span=Span(first=date(2026, 3, 1), last=date(2026, 3, 31)), step=Step.MONTH, indicators=("requests.all",)
    )
    open_month = statistics_of(here, tmp_path, early).report(march)
    assert (open_month.complete, open_month.revision) == (False, 0)
    assert datetime(2026, 3, 19, tzinfo=UTC) < open_month.data_as_of <= early

    statistics = statistics_of(here, tmp_path)
    count(here, [])
    closed = statistics.report(march)
    assert (closed.complete, closed.revision) == (True, 1)
    assert closed.data_as_of == datetime(2026, 3, 31, 19, tzinfo=UTC), "the end of March in Tashkent"
    assert (closed.institution, closed.rules_version != "", closed.robots_version != "") == ("BuxDU", True, True)
    assert statistics_of(here, tmp_path, NOW + timedelta(days=99)).report(march) == closed

    count(here, [replace(event, eid=event_id(event.at, b"correction"), who=b"x" * 16)])
    mended = statistics.report(march)
    assert mended.revision == 2
    assert mended.checksum != closed.checksum


def test_readers_by_faculty_are_told_to_the_house_alone_where_they_are_few(here: Database, tmp_path: Path) -> None:
    statistics = statistics_of(here, tmp_path)
    noon = datetime(2026, 3, 2, 12, tzinfo=TASHKENT)
    faculties = ["Kimyo"] * 2 + ["Fizika"] * 6 + ["Til"] * 9
    searches = [
        an_event(number, noon, Kind.SEARCH, who=number.to_bytes(16, "big"), faculty=faculty, category="student")
        for number, faculty in enumerate(faculties, 1)
    ]
    count(here, searches)
    asked = Question(span=WINTER, step=Step.SPAN, indicators=("requests.all",), by=(Dimension.FACULTY,))
    inside = statistics.report(replace(asked, audience=Audience.HOUSE))
    assert by_value(inside) == {"Fizika": Decimal(6), "Kimyo": Decimal(2), "Til": Decimal(9)}
    assert by_value(statistics.report(asked)) == {"Fizika": Reason.TOO_FEW, "Kimyo": Reason.TOO_FEW, "Til": Decimal(9)}


def by_value(report: StatisticsReport) -> dict[str, object]:
    return {
        line.dimensions[0][1]: line.figure.value if isinstance(line.figure, Amount) else line.figure.reason
        for line in report.lines
    }


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


def test_the_shipped_forms_tell_what_a_report_tells(winter: Statistics) -> None:
    forms = winter.forms.all()
    assert [form.id for form in forms] == ["passport-16", "iso-2789-year", "6-nk"]
    assert winter.forms.problems() == ()
    for form in forms:
        filled = winter.filled(form.id, WINTER, Step.SPAN)
        for row in filled.rows:
            assert len(row.figures) == bool(row.row.indicator)
            if row.row.indicator and not row.row.where:
                (line,) = ask(winter, WINTER, Step.SPAN, row.row.indicator)
                assert row.figures == (line.figure,)
    rows = {row.row.number: row.figures for row in winter.filled("passport-16", WINTER, Step.SPAN).rows}
    by_reason = numbers(ask(winter, WINTER, Step.SPAN, "refusals.all", by=(Dimension.REASON,)))
    rights = sum(
        number for (_, _, (reason,)), number in by_reason.items() if reason in ("no-license", "limit-exceeded")
    )
    assert rows["3.3"] == (Amount(Decimal(rights)),)


def test_a_new_form_is_a_file_in_the_data_directory(here: Database, tmp_path: Path) -> None:
    statistics = statistics_of(here, tmp_path)
    own = tmp_path / "statistics-forms"
    own.mkdir()
    sheet = '[title]\nru = "Лист"\n[[row]]\nnumber = "1"\nindicator = "complaints.received"\n'
    (own / "oylik.toml").write_text(sheet, encoding="utf-8")
    filled = statistics.filled("oylik", WINTER, Step.MONTH)
    assert filled.rows[0].figures == (Amount(Decimal(0)),) * 4
    assert len(filled.report.lines) == 4
    (own / "broken.toml").write_text(sheet.replace("received", "lost"), encoding="utf-8")
    assert [form.id for form in statistics.forms.all()][-1] == "oylik"
    assert ["line 3" in str(problem) for problem in statistics.forms.problems()] == [True]
    with pytest.raises(InvalidReportForm, match=r"broken\.toml, line 3"):
        statistics.filled("broken", WINTER, Step.MONTH)
    (own / "passport-16.toml").write_text(sheet, encoding="utf-8")
    assert statistics.forms.get("passport-16").titles["ru"] == "Лист", "a library may mend a shipped form"
    with pytest.raises(UnknownReportForm, match="oylik"):
        statistics.filled("../settings", WINTER, Step.MONTH)
