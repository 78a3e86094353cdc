"""Reports: each indicator against a plain reading of what happened, and sums that agree however time is cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from library.db.unit_of_work import Database
from library.domain.counter_types import AccessType, DataType
from library.domain.errors import InvalidReportForm, UnknownReportForm
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
from library.services.statistics import Statistics
from tests.services.reported import NOW, WINTER, YEAR, a_library, ask, count, figure, numbers, statistics_of
from tests.usage_history import TASHKENT, an_event, counted_slowly

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
