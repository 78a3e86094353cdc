"""What is counted: the figures of a day, and of any longer time as the sum of its days.

They may be added because sessions, in which uniques are counted, never span an hour and so never span days.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from library.domain.counter_types import AccessMethod, AccessType, DataType, Metric
from library.domain.usage import Denial, Kind, Outcome


class Exclusion(StrEnum):
    """Why an event isn't counted; each event that is not among the requests is told here, once."""

    ROBOT = "robot"
    BULK = "bulk"
    STAFF = "staff"
    MONITOR = "monitor"
    JOB = "job"
    HEAD = "head"
    CONTINUED = "continued"
    """Not the first range of a file; another page or order of results."""
    STATUS = "status"
    """Neither an answer nor a refusal, such as a redirection to the sign-in page."""
    DOUBLE_CLICK = "double-click"
    TURNED_PAGE = "turned-page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """What the figures of COUNTER are told apart by. They are kept apart, so that sums over any of them agree."""

    institution: str
    data_type: DataType
    access_type: AccessType
    access_method: AccessMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the library's own figures are told apart by: what was asked for, and what came of it."""

    institution: str
    kind: Kind
    outcome: Outcome
    denied: Denial
    data_type: DataType


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who asked, as far as it is told: category and faculty, empty for visitors without an account."""

    institution: str
    category: str
    faculty: str
    kind: Kind
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Figures; what was not counted is 0 and not kept.

    `platform` is for PR; `titles`, by record, for TR and what is shown of books; `items`, by record and its parent,
    for IR. `requests`, `hours` (by institution, hour, kind and outcome) and `readers` each hold every event that is not
    in `excluded` (by institution and reason) once.
    """

    platform: Counter[tuple[Attributes, Metric]] = field(default_factory=Counter)
    titles: Counter[tuple[int, Attributes, Metric]] = field(default_factory=Counter)
    items: Counter[tuple[int, int, Attributes, Metric]] = field(default_factory=Counter)
    requests: Counter[Request] = field(default_factory=Counter)
    hours: Counter[tuple[str, int, Kind, Outcome]] = field(default_factory=Counter)
    readers: Counter[Reader] = field(default_factory=Counter)
    excluded: Counter[tuple[str, Exclusion]] = field(default_factory=Counter)


def total(parts: Iterable[Counts]) -> Counts:
    """The sum: a month of its days, a year of its months."""
    whole = Counts()
    for part in parts:
        whole.platform.update(part.platform)
        whole.titles.update(part.titles)
        whole.items.update(part.items)
        whole.requests.update(part.requests)
        whole.hours.update(part.hours)
        whole.readers.update(part.readers)
        whole.excluded.update(part.excluded)
    return whole


_Traits = tuple[str, str, str, str]
_METRICS = tuple(Metric)
USES = 3
"""How many figures of our own follow the metrics of an item: record views, acts of reading, downloads."""


class Tally:
    """The figures of a day while they are counted, by plain keys in the order of their tables' columns.

    A row of `platform`, `titles` and `items` has a number for each `Metric` in the order of that list; items have
    `USES` more. `traits` are institution, data type, access type and access method.
    """

    def __init__(self) -> None:
        self.platform: defaultdict[_Traits, list[int]] = defaultdict(_row)
        self.titles: defaultdict[tuple[int, _Traits], list[int]] = defaultdict(_row)
        self.items: defaultdict[tuple[int, int, _Traits], list[int]] = defaultdict(_item_row)
        self.requests: defaultdict[tuple[str, str, str, str, str], int] = defaultdict(int)
        self.hours: defaultdict[tuple[str, int, str, str], int] = defaultdict(int)
        self.readers: defaultdict[tuple[str, str, str, str, str], int] = defaultdict(int)
        self.excluded: defaultdict[tuple[str, Exclusion], int] = defaultdict(int)

    def counts(self) -> Counts:
        """The same, in words."""
        counts = Counts(excluded=Counter(self.excluded))
        for traits, row in self.platform.items():
            for metric, number in _told(row):
                counts.platform[_attributes(traits), metric] = number
        for (title, traits), row in self.titles.items():
            for metric, number in _told(row):
                counts.titles[title, _attributes(traits), metric] = number
        for (item, title, traits), row in self.items.items():
            for metric, number in _told(row):
                counts.items[item, title, _attributes(traits), metric] = number
        for (institution, kind, outcome, denied, data_type), number in self.requests.items():
            counts.requests[
                Request(
                    institution=institution,
                    kind=Kind(kind),
                    outcome=Outcome(outcome),
                    denied=Denial(denied),
                    data_type=DataType(data_type),
                )
            ] = number
        for (institution, hour, kind, outcome), number in self.hours.items():
            counts.hours[institution, hour, Kind(kind), Outcome(outcome)] = number
        for (institution, category, faculty, kind, outcome), number in self.readers.items():
            reader = Reader(
                institution=institution, category=category, faculty=faculty, kind=Kind(kind), outcome=Outcome(outcome)
            )
            counts.readers[reader] = number
        return counts


def _row() -> list[int]:
    return [0] * len(_METRICS)


def _item_row() -> list[int]:
    return [0] * (len(_METRICS) + USES)


def _told(row: list[int]) -> Iterator[tuple[Metric, int]]:
    return ((metric, number) for metric, number in zip(_METRICS, row, strict=False) if number)


def _attributes(traits: _Traits) -> Attributes:
    institution, data_type, access_type, access_method = traits
    return Attributes(
        institution=institution,
        data_type=DataType(data_type),
        access_type=AccessType(access_type),
        access_method=AccessMethod(access_method),
    )


_NEVER_LESS = (
    (Metric.TOTAL_ITEM_INVESTIGATIONS, Metric.UNIQUE_ITEM_INVESTIGATIONS),
    (Metric.TOTAL_ITEM_INVESTIGATIONS, Metric.TOTAL_ITEM_REQUESTS),
    (Metric.TOTAL_ITEM_INVESTIGATIONS, Metric.UNIQUE_ITEM_REQUESTS),
    (Metric.UNIQUE_ITEM_INVESTIGATIONS, Metric.UNIQUE_ITEM_REQUESTS),
    (Metric.TOTAL_ITEM_REQUESTS, Metric.UNIQUE_ITEM_REQUESTS),
    (Metric.TOTAL_ITEM_INVESTIGATIONS, Metric.UNIQUE_TITLE_INVESTIGATIONS),
    (Metric.UNIQUE_ITEM_INVESTIGATIONS, Metric.UNIQUE_TITLE_INVESTIGATIONS),
    (Metric.TOTAL_ITEM_REQUESTS, Metric.UNIQUE_TITLE_REQUESTS),
    (Metric.UNIQUE_ITEM_REQUESTS, Metric.UNIQUE_TITLE_REQUESTS),
    (Metric.UNIQUE_TITLE_INVESTIGATIONS, Metric.UNIQUE_TITLE_REQUESTS),
)


def impossible(figures: Mapping[Metric, int]) -> tuple[tuple[Metric, Metric], ...]:
    """Pairs of which the first is less than the second, in one row of a report: such a report is refused everywhere."""
    return tuple(pair for pair in _NEVER_LESS if figures.get(pair[0], 0) < figures.get(pair[1], 0))
