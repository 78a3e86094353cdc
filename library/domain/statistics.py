"""Statistics for those who supervise and lead the library: indicators, questions, and reports that answer them.

An indicator is a line of a table that is data (`statistics_indicators.toml`), so that a name or a definition is mended
without code. A figure is an amount or says why there is none: what is not known is never 0.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from hashlib import sha256
from typing import TypeAlias

from library.domain.errors import N_, InvalidQuestion, PeriodTooLong, UnknownIndicator
from library.domain.periods import ReportPeriod, Span, Step

FEWEST_PEOPLE = 5
"""Fewer people than this, told by category or faculty, could be recognised: outsiders are not told the number."""
MOST_LINES = 100_000
"""A longer report is refused, never cut."""

Words: TypeAlias = Mapping[str, str]
"""A text by language: uz-Latn, uz-Cyrl, ky, ru, en."""


class IndicatorKind(StrEnum):
    """Whether a figure is what there was at the end of a period, or what happened in it."""

    STOCK = "stock"
    FLOW = "flow"


class Dimension(StrEnum):
    """What figures are told apart by; the values are codes of the catalogue, the accounts and the rules of use."""

    TYPE = "type"
    """`Material` of a record."""
    LANGUAGE = "language"
    """The first language of a record by ISO 639-2/B; empty where it says none."""
    SCRIPT = "script"
    """latin, cyrillic or other, as the title is written."""
    BRANCH = "branch"
    """The main class of UDC, one digit; empty where a record has none."""
    SOURCE = "source"
    """How it came (`holdings.Source`); empty where that is not known."""
    OPERATOR = "operator"
    """Who entered it, as the journal numbers people."""
    REQUEST = "request"
    """`usage.Kind`."""
    RESULT = "result"
    """`usage.Outcome`."""
    REASON = "reason"
    """`usage.Denial`."""
    HOUR = "hour"
    """00 to 23, local time."""
    DATA_TYPE = "data-type"
    ACCESS_TYPE = "access-type"
    ACCESS_METHOD = "access-method"
    CATEGORY = "category"
    """`ReaderCategory`; empty for visitors without an account."""
    FACULTY = "faculty"
    EXCLUSION = "exclusion"
    APPEAL = "appeal"
    """What an appeal is: a complaint, a request for support, a suggestion."""


PERSONAL = frozenset({Dimension.CATEGORY, Dimension.FACULTY})
"""Told apart by these, few people could be recognised."""


class Unit(StrEnum):
    """What a figure counts or measures."""

    TITLES = "titles"
    COPIES = "copies"
    FILES = "files"
    BYTES = "bytes"
    PEOPLE = "people"
    VISITS = "visits"
    SESSIONS = "sessions"
    REQUESTS = "requests"
    USES = "uses"
    WINDOWS = "windows"
    MINUTES = "minutes"
    MILLISECONDS = "milliseconds"
    DAYS = "days"
    APPEALS = "appeals"
    PERCENT = "percent"
    RATIO = "ratio"


class Reason(StrEnum):
    """Why there is no figure."""

    AHEAD = "ahead"
    """The period has not begun."""
    NOT_COUNTED = "not-counted"
    """Nothing counted or measured it in this period."""
    NOT_RECORDED = "not-recorded"
    """The library keeps no such data."""
    TOO_FEW = "too-few"
    """Fewer than `FEWEST_PEOPLE`, so nobody is told."""
    NO_BASE = "no-base"
    """A share or a mean of nothing."""


class Audience(StrEnum):
    """Who reads a report: the library itself, or anybody else."""

    HOUSE = "house"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure that is known, in the unit of its indicator and with its decimals."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class NotAvailable:
    """A figure that is not known, and why."""

    reason: Reason


Figure: TypeAlias = Amount | NotAvailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """What can be asked for.

    `code` is its place in the table of the library's duties (H1, R2), `source` where its figures are from and which
    duty asks for it. `combinations` are the sets of dimensions that it can be told by at once, and any part of them.
    """

    id: str
    code: str
    names: Words
    definitions: Words
    unit: Unit
    kind: IndicatorKind
    source: str
    decimals: int = 0
    combinations: tuple[tuple[Dimension, ...], ...] = ()

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """All it can be told by, each once."""
        return tuple(dict.fromkeys(one for combination in self.combinations for one in combination))

    def can_be_told_by(self, by: Iterable[Dimension]) -> bool:
        """Whether these dimensions can be had at once."""
        wanted = set(by)
        return not wanted or any(wanted <= set(combination) for combination in self.combinations)

    def amount(self, value: Decimal | int) -> Amount:
        """A figure of it, rounded half up to its decimals."""
        if not self.decimals and isinstance(value, int):
            return Amount(Decimal(value))
        return Amount(Decimal(value).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorTable:
    """All indicators by their ids, in the order of the table, and what units, dimensions and reasons are called.

    `values` names values of dimensions that have no names elsewhere in the library.
    """

    indicators: Mapping[str, Indicator]
    units: Mapping[Unit, Words]
    dimensions: Mapping[Dimension, Words]
    reasons: Mapping[Reason, Words]
    values: Mapping[tuple[Dimension, str], Words] = field(default_factory=dict)

    def get(self, indicator_id: str) -> Indicator:
        """An indicator; `UnknownIndicator` says where the list is."""
        if indicator_id not in self.indicators:
            raise UnknownIndicator(
                N_("There is no indicator “{id}”. Take one from the list of indicators."), id=indicator_id[:80]
            )
        return self.indicators[indicator_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: the figures of these indicators for the periods of a span, told apart `by` dimensions.

    The answer is of whole periods: the first and the last one are told whole, even where the span holds a part of them.
    """

    span: Span
    step: Step
    indicators: tuple[str, ...]
    by: tuple[Dimension, ...] = ()
    audience: Audience = Audience.OUTSIDE

    def periods(self, table: IndicatorTable) -> tuple[ReportPeriod, ...]:
        """The periods it asks for, once it is found sound.

        Raises `UnknownIndicator`; `InvalidQuestion` where nothing is asked for or an indicator can't be told by these
        dimensions; `PeriodTooLong` where the answer would have more than `MOST_LINES`.
        """
        if not self.indicators:
            raise InvalidQuestion(N_("Say which indicators are wanted."))
        if len(set(self.indicators)) != len(self.indicators) or len(set(self.by)) != len(self.by):
            raise InvalidQuestion(N_("Name each indicator and each dimension once."))
        for indicator in map(table.get, self.indicators):
            if not indicator.can_be_told_by(self.by):
                raise InvalidQuestion(
                    N_("The indicator “{id}” can't be told by {by}. It can be told by: {possible}."),
                    id=indicator.id,
                    by=" + ".join(self.by),
                    possible="; ".join(" + ".join(one) for one in indicator.combinations) or "-",
                )
        periods = self.span.periods(self.step)
        require_few_lines(len(periods) * len(self.indicators))
        return periods


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure. `dimensions` are values in the order that was asked for.

    Told by dimensions, a period has a line for each combination that is not 0; where there is none it has one line
    without dimensions: 0, or why there is no figure.
    """

    indicator: str
    period: ReportPeriod
    dimensions: tuple[tuple[Dimension, str], ...] = ()
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How sure the figures of a report are.

    `data_as_of` is the moment up to which everything is counted, never later than the end of the span. `complete` says
    that it is the end of the span. `revision` is 0 as long as no month of the span is closed; then 1, and one more with
    each correction of any of its closed months, so it never falls.
    """

    data_as_of: datetime
    complete: bool
    revision: int
    rules_version: str
    robots_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsReport:
    """The answer to a question. `span` is the time of its periods; `checksum` is the SHA-256 of `canonical`."""

    span: Span
    step: Step
    institution: str
    lines: tuple[Line, ...]
    data_as_of: datetime
    complete: bool
    revision: int
    rules_version: str
    robots_version: str
    checksum: str


def require_few_lines(lines: int) -> None:
    """Raise `PeriodTooLong` for more lines than a report may have."""
    if lines > MOST_LINES:
        raise PeriodTooLong(
            N_("The report would have more than {most} lines. Ask for longer periods, a shorter time or less at once."),
            most=MOST_LINES,
        )


def report_of(
    periods: tuple[ReportPeriod, ...], institution: str, lines: tuple[Line, ...], standing: Standing
) -> StatisticsReport:
    """These lines as a report with its checksum; periods are in order and at least one."""
    require_few_lines(len(lines))
    span, step = Span(first=periods[0].first, last=periods[-1].last), periods[0].step
    text = canonical(span, step, institution, lines, standing)
    return StatisticsReport(
        span=span,
        step=step,
        institution=institution,
        lines=lines,
        data_as_of=standing.data_as_of,
        complete=standing.complete,
        revision=standing.revision,
        rules_version=standing.rules_version,
        robots_version=standing.robots_version,
        checksum=sha256(text).hexdigest(),
    )


def canonical(span: Span, step: Step, institution: str, lines: tuple[Line, ...], standing: Standing) -> bytes:
    """The one form that a checksum is of: JSON in ASCII with sorted keys and no spaces.

    A figure is its digits, or null and the reason beside it; times are in UTC, to the second.
    """
    facts = {
        "span": [span.first.isoformat(), span.last.isoformat()],
        "step": step.value,
        "institution": institution,
        "data_as_of": standing.data_as_of.astimezone(UTC).isoformat(timespec="seconds"),
        "complete": standing.complete,
        "revision": standing.revision,
        "rules_version": standing.rules_version,
        "robots_version": standing.robots_version,
        "lines": [_line_facts(line) for line in lines],
    }
    return json.dumps(facts, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")


def _line_facts(line: Line) -> list[object]:
    cell = [[dimension, value] for dimension, value in line.dimensions]
    if isinstance(line.figure, NotAvailable):
        return [line.indicator, line.period.name, cell, None, line.figure.reason.value]
    return [line.indicator, line.period.name, cell, str(line.figure.value)]


def without_few(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The same without figures that could be about fewer than `FEWEST_PEOPLE` people whom their dimensions tell apart.

    Where what is hidden of one indicator and period would be fewer together, the next smallest figure is hidden too,
    so that no difference from the whole gives it away.
    """
    kept = list(lines)
    groups: dict[tuple[str, ReportPeriod], list[int]] = {}
    for place, line in enumerate(kept):
        if _value(line) > 0 and any(dimension in PERSONAL for dimension, _ in line.dimensions):
            groups.setdefault((line.indicator, line.period), []).append(place)
    for places in groups.values():
        hidden = Decimal(0)
        for place in sorted(places, key=lambda at: (_value(kept[at]), at)):
            value = _value(kept[place])
            if value >= FEWEST_PEOPLE and not 0 < hidden < FEWEST_PEOPLE:
                break
            hidden += value
            kept[place] = _hidden(kept[place])
    return tuple(kept)


def _value(line: Line) -> Decimal:
    return line.figure.value if isinstance(line.figure, Amount) else Decimal(0)


def _hidden(line: Line) -> Line:
    return Line(
        indicator=line.indicator,
        period=line.period,
        dimensions=line.dimensions,
        figure=NotAvailable(Reason.TOO_FEW),
    )
