"""Indicators, questions and reports: what may be asked, what is never told, and what a checksum is of."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.errors import InvalidQuestion, PeriodTooLong, UnknownIndicator
from library.domain.periods import ReportPeriod, Span, Step, period_from
from library.domain.statistics import (
    FEWEST_PEOPLE,
    MOST_LINES,
    Amount,
    Dimension,
    Figure,
    Line,
    NotAvailable,
    Question,
    Reason,
    Standing,
    report_of,
    require_few_lines,
    without_few,
)
from library.domain.statistics_table import words_from
from library.services.statistics_indicators import indicator_table
from library.services.statistics_sources import FIGURES

TABLE = indicator_table()
YEAR = Span(first=date(2026, 1, 1), last=date(2026, 12, 31))
MARCH = period_from("2026-03")
STANDING = Standing(
    data_as_of=datetime(2026, 4, 1, tzinfo=UTC), complete=True, revision=1, rules_version="r", robots_version="l"
)
LANGUAGES = {"uz-Latn", "uz-Cyrl", "ky", "ru", "en"}
# Names of protocols and of metrics stay as they are in every script.
LATIN_NAMES = re.compile(r"COUNTER|HEMIS|HTTP|OAI-PMH|SRU|[A-Z][a-z]+(_[A-Z][a-z]+)+")


def test_every_indicator_is_named_and_defined_in_every_language() -> None:
    for indicator in TABLE.indicators.values():
        assert indicator.names.keys() == indicator.definitions.keys() == LANGUAGES
        assert all(text.strip() for text in (*indicator.names.values(), *indicator.definitions.values()))
        assert indicator.source


def test_cyrillic_and_latin_do_not_mix_in_the_table() -> None:
    texts = [words for one in TABLE.indicators.values() for words in (one.names, one.definitions)]
    texts += [*TABLE.units.values(), *TABLE.dimensions.values(), *TABLE.reasons.values(), *TABLE.values.values()]
    for words in texts:
        for language in ("uz-Cyrl", "ky", "ru"):
            assert not re.search("[A-Za-z]", LATIN_NAMES.sub("", words[language])), words[language]
        for language in ("uz-Latn", "en"):
            assert not re.search("[\u0400-\u04ff]", words[language]), words[language]
        assert not re.search("['`\u2018\u2019]", words["uz-Latn"]), words["uz-Latn"]


def test_every_indicator_has_a_source_and_no_source_lacks_its_indicator() -> None:
    assert list(FIGURES) == list(TABLE.indicators)


def test_a_text_that_lacks_a_language_is_refused() -> None:
    with pytest.raises(ValueError, match="needed in"):
        words_from({"en": "Titles", "ru": "Названия", "ky": "Аталыштар"}, str.upper)
    with pytest.raises(ValueError, match="needed in"):
        words_from({"en": "Titles", "ru": " ", "ky": "Аталыштар", "uz-Latn": "Nomlar"}, str.upper)


@pytest.mark.parametrize(
    ("indicators", "by", "error", "told"),
    [
        (("holdings.books",), (), UnknownIndicator, "no indicator “holdings.books”"),
        ((), (), InvalidQuestion, "which indicators"),
        (("holdings.titles", "holdings.titles"), (), InvalidQuestion, "once"),
        (("holdings.titles",), (Dimension.TYPE, Dimension.TYPE), InvalidQuestion, "once"),
        (("holdings.titles",), (Dimension.FACULTY,), InvalidQuestion, "type + language + script + branch"),
        (("requests.all",), (Dimension.HOUR, Dimension.FACULTY), InvalidQuestion, "can't be told by hour + faculty"),
        (("users.young",), (Dimension.FACULTY,), InvalidQuestion, "told by: -"),
    ],
)
def test_a_question_that_has_no_answer_says_why(
    indicators: tuple[str, ...], by: tuple[Dimension, ...], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=re.escape(told)):
        Question(span=YEAR, step=Step.MONTH, indicators=indicators, by=by).periods(TABLE)


def test_too_long_an_answer_is_refused_and_never_cut() -> None:
    ten_years = Span(first=date(2016, 1, 1), last=date(2025, 12, 31))
    few = Question(span=ten_years, step=Step.DAY, indicators=("visits.virtual",))
    assert len(few.periods(TABLE)) == 3653
    with pytest.raises(PeriodTooLong, match="lines"):
        replace(few, indicators=tuple(TABLE.indicators)).periods(TABLE)
    with pytest.raises(PeriodTooLong):
        require_few_lines(MOST_LINES + 1)


def test_a_question_about_a_month_in_the_middle_tells_the_month_whole() -> None:
    span = Span(first=date(2026, 3, 10), last=date(2026, 3, 20))
    asked = Question(span=span, step=Step.MONTH, indicators=("visits.virtual",))
    assert asked.periods(TABLE) == (MARCH,)
    report = report_of((MARCH,), "BuxDU", (a_line(7),), STANDING)
    assert (report.span.first, report.span.last) == (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("indicator", "value", "told"),
    [
        ("visits.virtual", 3, "3"),
        ("requests.searches-without-share", Decimal("12.25"), "12.3"),
        ("requests.searches-without-share", Decimal(0), "0.0"),
        ("service.uptime", Decimal("99.995"), "100.00"),
        ("service.uptime", Decimal("99.9949"), "99.99"),
    ],
)
def test_figures_are_rounded_half_up_to_the_decimals_of_the_indicator(
    indicator: str, value: Decimal | int, told: str
) -> None:
    assert str(TABLE.get(indicator).amount(value).value) == told


def test_the_checksum_tells_apart_whatever_a_report_says() -> None:
    line = a_line(7, faculty="Kimyo")
    sums = [
        report_of((MARCH,), "BuxDU", lines, standing).checksum
        for lines, standing in [
            ((line,), STANDING),
            ((a_line(8, faculty="Kimyo"),), STANDING),
            ((a_line(7, faculty="Fizika"),), STANDING),
            ((replace(line, figure=NotAvailable(Reason.TOO_FEW)),), STANDING),
            ((replace(line, figure=NotAvailable(Reason.NOT_COUNTED)),), STANDING),
            ((a_line(0, faculty="Kimyo"),), STANDING),
            ((line,), replace(STANDING, revision=2)),
            ((line,), replace(STANDING, complete=False)),
            ((line,), replace(STANDING, data_as_of=datetime(2026, 4, 2, tzinfo=UTC))),
        ]
    ]
    assert len(set(sums)) == len(sums)
    assert report_of((MARCH,), "BuxDU", (line,), STANDING).checksum == sums[0]


def test_a_small_number_of_readers_is_not_told_nor_found_by_subtraction() -> None:
    told = without_few(
        [a_line(100), a_line(3, faculty="Kimyo"), a_line(7, faculty="Fizika"), a_line(90, faculty="Til")]
    )
    assert [line.figure for line in told] == [
        Amount(Decimal(100)),
        NotAvailable(Reason.TOO_FEW),
        NotAvailable(Reason.TOO_FEW),
        Amount(Decimal(90)),
    ]


def test_nobody_is_no_secret() -> None:
    assert without_few([a_line(0, faculty="Kimyo"), a_line(9, faculty="Fizika")])[0].figure == Amount(Decimal(0))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 12), max_size=8))
def test_what_is_hidden_is_five_or_more_together_or_all_there_is(numbers: list[int]) -> None:
    lines = [a_line(number, faculty=f"F{place}") for place, number in enumerate(numbers)]
    told = without_few(lines)
    hidden = [number for number, line in zip(numbers, told, strict=True) if isinstance(line.figure, NotAvailable)]
    shown = [number for number, line in zip(numbers, told, strict=True) if isinstance(line.figure, Amount)]
    assert all(number == 0 or number >= FEWEST_PEOPLE for number in shown)
    assert sum(hidden) == 0 or sum(hidden) >= FEWEST_PEOPLE or not any(shown)
    assert bool(hidden) == any(0 < number < FEWEST_PEOPLE for number in numbers)


def a_line(value: int, *, faculty: str = "", period: ReportPeriod = MARCH) -> Line:
    """A figure of active readers, by faculty where one is named."""
    figure: Figure = Amount(Decimal(value))
    dimensions = ((Dimension.FACULTY, faculty),) if faculty else ()
    return Line(indicator="users.active", period=period, dimensions=dimensions, figure=figure)
