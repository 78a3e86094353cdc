"""The reports of the COUNTER Code of Practice 5.1 that a repository with books gives, and what may be asked of each.

Names are spelt as the Code spells them (4.1, 4.3, 4.4). A Standard View is a report whose filters are fixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from library.domain.counter_types import BOOKS, AccessMethod, AccessType, DataType, Metric
from library.domain.periods import Span, Step, period_of

RELEASE = "5.1"
WORLD_ID = "0000000000000000"
"""Who asks for the use by everybody, whoever they belong to (Global Report)."""
WORLD = "The World"
UNKNOWN_YEAR = "0001"
SHORTEST_NAME = 2


class ReportId(StrEnum):
    """The reports that are given."""

    PR = "PR"
    PR_P1 = "PR_P1"
    TR = "TR"
    TR_B1 = "TR_B1"
    TR_B2 = "TR_B2"
    TR_B3 = "TR_B3"
    IR = "IR"
    IR_A1 = "IR_A1"


class Level(StrEnum):
    """What a row of a report is about."""

    PLATFORM = "platform"
    TITLE = "title"
    ITEM = "item"


class Attribute(StrEnum):
    """What rows may be told apart by, or say, beyond what they must."""

    AUTHORS = "Authors"
    PUBLICATION_DATE = "Publication_Date"
    ARTICLE_VERSION = "Article_Version"
    YOP = "YOP"
    ACCESS_TYPE = "Access_Type"
    ACCESS_METHOD = "Access_Method"


class Filter(StrEnum):
    """What a report may be narrowed to."""

    PLATFORM = "Platform"
    METRIC_TYPE = "Metric_Type"
    DATA_TYPE = "Data_Type"
    ACCESS_METHOD = "Access_Method"
    ACCESS_TYPE = "Access_Type"
    YOP = "YOP"
    ITEM_ID = "Item_ID"
    AUTHOR = "Author"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportKind:
    """A report. `metrics` and `data_types` are all it may have; `fixed` are the filters of a Standard View.

    `shown` are attributes that it always has, `attributes` those that may be asked for, `filters` those that may be
    set. `has_parents` says that it tells of what each item is part of without being asked.
    """

    id: ReportId
    name: str
    description: str
    level: Level
    metrics: tuple[Metric, ...]
    data_types: tuple[DataType, ...]
    shown: tuple[Attribute, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    filters: tuple[Filter, ...] = (Filter.PLATFORM,)
    fixed: Mapping[Filter, tuple[str, ...]] = field(default_factory=dict)
    has_data_type: bool = True
    has_parents: bool = False

    @property
    def is_view(self) -> bool:
        """Whether it is a Standard View: nothing of it can be chosen but its time."""
        return bool(self.fixed)


_PLATFORM_METRICS = (
    Metric.SEARCHES_PLATFORM,
    Metric.TOTAL_ITEM_INVESTIGATIONS,
    Metric.TOTAL_ITEM_REQUESTS,
    Metric.UNIQUE_ITEM_INVESTIGATIONS,
    Metric.UNIQUE_ITEM_REQUESTS,
    Metric.UNIQUE_TITLE_INVESTIGATIONS,
    Metric.UNIQUE_TITLE_REQUESTS,
)
_TITLE_METRICS = (*_PLATFORM_METRICS[1:], Metric.LIMIT_EXCEEDED, Metric.NO_LICENSE)
_ITEM_METRICS = (*_PLATFORM_METRICS[1:5], Metric.LIMIT_EXCEEDED, Metric.NO_LICENSE)
_TITLE_TYPES = (
    DataType.BOOK,
    DataType.CONFERENCE,
    DataType.JOURNAL,
    DataType.NEWSPAPER_OR_NEWSLETTER,
    DataType.OTHER,
    DataType.PATENT,
    DataType.REFERENCE_WORK,
    DataType.REPORT,
    DataType.STANDARD,
    DataType.THESIS_OR_DISSERTATION,
)
_WHOLES = frozenset(
    {
        *(DataType.BOOK, DataType.CONFERENCE, DataType.JOURNAL, DataType.NEWSPAPER_OR_NEWSLETTER),
        *(DataType.REFERENCE_WORK, DataType.PLATFORM),
    }
)
_ITEM_TYPES = tuple(one for one in DataType if one not in _WHOLES)
_BOOK_TYPES = tuple(one for one in DataType if one in BOOKS)
_REGULAR = (AccessMethod.REGULAR.value,)
_MASTER = (Filter.PLATFORM, Filter.METRIC_TYPE, Filter.DATA_TYPE, Filter.ACCESS_METHOD)
_OF_BOOKS = {Filter.DATA_TYPE: tuple(one.value for one in _BOOK_TYPES)}

REPORTS: Mapping[ReportId, ReportKind] = {
    kind.id: kind
    for kind in (
        ReportKind(
            id=ReportId.PR,
            name="Platform Report",
            description="Activity across the platform; filters and attributes may be chosen.",
            level=Level.PLATFORM,
            metrics=_PLATFORM_METRICS,
            data_types=tuple(DataType),
            attributes=(Attribute.ACCESS_METHOD,),
            filters=_MASTER,
        ),
        ReportKind(
            id=ReportId.PR_P1,
            name="Platform Usage",
            description="Searches and requests across the platform.",
            level=Level.PLATFORM,
            metrics=(_PLATFORM_METRICS[0], _PLATFORM_METRICS[2], _PLATFORM_METRICS[4], _PLATFORM_METRICS[6]),
            data_types=tuple(DataType),
            fixed={Filter.ACCESS_METHOD: _REGULAR},
        ),
        ReportKind(
            id=ReportId.TR,
            name="Title Report",
            description="Activity by title; filters and attributes may be chosen.",
            level=Level.TITLE,
            metrics=_TITLE_METRICS,
            data_types=_TITLE_TYPES,
            attributes=(Attribute.YOP, Attribute.ACCESS_TYPE, Attribute.ACCESS_METHOD),
            filters=(*_MASTER, Filter.ACCESS_TYPE, Filter.YOP, Filter.ITEM_ID),
        ),
        ReportKind(
            id=ReportId.TR_B1,
            name="Book Requests (Controlled)",
            description="Requests of books that are not open to everybody.",
            level=Level.TITLE,
            metrics=(Metric.TOTAL_ITEM_REQUESTS, Metric.UNIQUE_TITLE_REQUESTS),
            data_types=_BOOK_TYPES,
            shown=(Attribute.YOP,),
            fixed={
                **_OF_BOOKS,
                Filter.ACCESS_TYPE: (AccessType.CONTROLLED.value,),
                Filter.ACCESS_METHOD: _REGULAR,
            },
        ),
        ReportKind(
            id=ReportId.TR_B2,
            name="Book Access Denied",
            description="Books that readers were refused.",
            level=Level.TITLE,
            metrics=(Metric.LIMIT_EXCEEDED, Metric.NO_LICENSE),
            data_types=_BOOK_TYPES,
            shown=(Attribute.YOP,),
            fixed={**_OF_BOOKS, Filter.ACCESS_METHOD: _REGULAR},
        ),
        ReportKind(
            id=ReportId.TR_B3,
            name="Book Usage by Access Type",
            description="All use of books, those that are open and those that are not told apart.",
            level=Level.TITLE,
            metrics=_PLATFORM_METRICS[1:],
            data_types=_BOOK_TYPES,
            shown=(Attribute.YOP, Attribute.ACCESS_TYPE),
            fixed={**_OF_BOOKS, Filter.ACCESS_METHOD: _REGULAR},
        ),
        ReportKind(
            id=ReportId.IR,
            name="Item Report",
            description="Activity by item; filters and attributes may be chosen.",
            level=Level.ITEM,
            metrics=_ITEM_METRICS,
            data_types=_ITEM_TYPES,
            attributes=tuple(Attribute),
            filters=(*_MASTER, Filter.ACCESS_TYPE, Filter.YOP, Filter.ITEM_ID, Filter.AUTHOR),
        ),
        ReportKind(
            id=ReportId.IR_A1,
            name="Journal Article Requests",
            description="Requests of articles.",
            level=Level.ITEM,
            metrics=(Metric.TOTAL_ITEM_REQUESTS, Metric.UNIQUE_ITEM_REQUESTS),
            data_types=(DataType.ARTICLE,),
            shown=(Attribute.AUTHORS, Attribute.PUBLICATION_DATE, Attribute.ARTICLE_VERSION, Attribute.ACCESS_TYPE),
            fixed={Filter.DATA_TYPE: (DataType.ARTICLE.value,), Filter.ACCESS_METHOD: _REGULAR},
            has_data_type=False,
            has_parents=True,
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRange:
    """Years of publication, both in it, as they are written in reports (0001 is unknown)."""

    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterQuestion:
    """What is asked for: whole months of one report. An empty filter is none.

    `customer` is the number of whose use it is; `shown` are the attributes of its rows, in the order of the report.
    """

    kind: ReportKind
    customer: str
    first: date
    last: date
    platform: str = ""
    metrics: tuple[Metric, ...] = ()
    data_types: tuple[DataType, ...] = ()
    access_methods: tuple[AccessMethod, ...] = ()
    access_types: tuple[AccessType, ...] = ()
    years: tuple[YearRange, ...] = ()
    item: str = ""
    author: str = ""
    shown: tuple[Attribute, ...] = ()
    has_totals_only: bool = False
    has_parents: bool = False

    @property
    def span(self) -> Span:
        """The days of the months."""
        return Span(first=self.first, last=self.last)

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each month."""
        return tuple(period.first for period in self.span.periods(Step.MONTH))

    @property
    def wanted(self) -> tuple[Metric, ...]:
        """The metrics that are told."""
        return self.metrics or self.kind.metrics


def month_of(day: date) -> date:
    """The first day of its month."""
    return period_of(day, Step.MONTH).first


def end_of(day: date) -> date:
    """The last day of its month."""
    return period_of(day, Step.MONTH).last


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An author as reports name one; `orcid` is empty where it is not known."""

    name: str
    orcid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A title or an item, as reports name it: identifiers that are not known are empty. `number` is the record's."""

    number: int
    title: str
    publisher: str = ""
    authors: tuple[Author, ...] = ()
    year: str = UNKNOWN_YEAR
    doi: str = ""
    isbn: str = ""
    issn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """A set of attributes with its figures by month; what is not shown is empty, what is 0 is left out."""

    data_type: DataType
    year: str = ""
    access_type: str = ""
    access_method: str = ""
    figures: Mapping[Metric, Mapping[date, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """All that a report tells of one item or title, or of the platform, where `used` is None.

    `parent` is what the item is part of, `parent_type` what kind of thing that is; None where it is not told.
    """

    used: Used | None
    performances: tuple[Performance, ...]
    parent: Used | None = None
    parent_type: DataType | None = None
