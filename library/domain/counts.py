"""What is counted: the figures of a day, and of any longer time as the sum of its days.

They may be added because sessions, in which uniques are counted, never span an hour and so never span days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from library.domain.counter_types import AccessMethod, AccessType, DataType, Metric
from library.domain.usage import Denial, Kind, Outcome, UsageEvent


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

    @classmethod
    def of(cls, event: UsageEvent) -> Attributes:
        """Those of an event, frozen when it happened."""
        return cls(
            institution=event.institution,
            data_type=event.data_type,
            access_type=event.access_type,
            access_method=event.access_method,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the library's own figures are told apart by: what was asked for, what came of it, in which hour."""

    institution: str
    hour: int
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
    for IR. `requests` and `readers` each hold every event that is not in `excluded` (by institution and reason) once.
    """

    platform: Counter[tuple[Attributes, Metric]] = field(default_factory=Counter)
    titles: Counter[tuple[int, Attributes, Metric]] = field(default_factory=Counter)
    items: Counter[tuple[int, int, Attributes, Metric]] = field(default_factory=Counter)
    requests: Counter[Request] = field(default_factory=Counter)
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
        whole.readers.update(part.readers)
        whole.excluded.update(part.excluded)
    return whole


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
