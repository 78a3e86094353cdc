"""A small report with everything a report can have in it, for tests of what is written from one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from library.domain.periods import Step, period_from
from library.domain.statistics import (
    Amount,
    Dimension,
    Figure,
    Indicator,
    IndicatorKind,
    IndicatorTable,
    Line,
    NotAvailable,
    Reason,
    Standing,
    Unit,
    report_of,
)
from library.projections.statistics_answer import Answer, Issuer

FORMULA = '=HYPERLINK("http://example.org")'
SEARCHES = Indicator(
    id="requests.searches",
    code="R1",
    names={"en": "Searches", "uz-Latn": "Qidiruvlar", "ru": "Поисковые запросы"},
    definitions={"en": "Searches of readers."},
    unit=Unit.REQUESTS,
    kind=IndicatorKind.FLOW,
    source="events",
    combinations=((Dimension.FACULTY, Dimension.RESULT), (Dimension.HOUR,)),
)
SHARE = Indicator(
    id="service.uptime",
    code="S1",
    names={"en": FORMULA},
    definitions={"en": "=1+1"},
    unit=Unit.PERCENT,
    kind=IndicatorKind.FLOW,
    source="-probe",
    decimals=2,
    combinations=((Dimension.FACULTY,),),
)
TABLE = IndicatorTable(
    indicators={one.id: one for one in (SEARCHES, SHARE)},
    units={Unit.REQUESTS: {"en": "requests"}, Unit.PERCENT: {"en": "per cent"}},
    dimensions={Dimension.FACULTY: {"en": "faculty"}},
    reasons={Reason.NOT_COUNTED: {"en": "not counted"}},
)
STANDING = Standing(
    data_as_of=datetime(2026, 10, 2, 3, 4, 5, tzinfo=UTC),
    complete=False,
    revision=2,
    rules_version="5.1/3",
    robots_version="2025.11+1",
)

ISSUER = Issuer(
    library="Axborot-resurs markazi",
    responsible_person="Karimova D. S., direktor",
    responsible_contact="69 227-00-00, <arm@nmu.example>",
)


def a_line(indicator: Indicator, period: str, figure: Figure, faculty: str | None = None) -> Line:
    """A line of a month, of one faculty where it is named."""
    cell = ((Dimension.FACULTY, faculty),) if faculty is not None else ()
    return Line(indicator=indicator.id, period=period_from(period), dimensions=cell, figure=figure)


def an_answer(language: str = "en", institution: str = "Namangan <davlat> universiteti") -> Answer:
    """Figures that are whole, have decimals, are 0, are negative, are hidden and are not known; names of formulas."""
    lines = (
        a_line(SEARCHES, "2026-09", Amount(Decimal(1204567)), FORMULA),
        a_line(SEARCHES, "2026-09", NotAvailable(Reason.TOO_FEW), "Filologiya & <b>"),
        a_line(SEARCHES, "2026-09", Amount(Decimal(-3)), ""),
        a_line(SEARCHES, "2026-10", Amount(Decimal(0))),
        a_line(SHARE, "2026-09", Amount(Decimal("99.50")), "=1+1"),
        a_line(SHARE, "2026-10", NotAvailable(Reason.NOT_COUNTED)),
    )
    report = report_of((period_from("2026-09"), period_from("2026-10")), institution, lines, STANDING)
    assert report.step is Step.MONTH
    assert report.span.last == date(2026, 10, 31)
    return Answer(
        report=report,
        issuer=ISSUER,
        by=(Dimension.FACULTY,),
        table=TABLE,
        language=language,
        default="uz-Latn",
    )


def as_asked(answer: Answer, language: str) -> Answer:
    """The same in another language."""
    return replace(answer, language=language)
