"""The figures of use as they are told: counts of a time, records that were used, words that were searched for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from library.domain.counter_types import AccessMethod, AccessType, DataType, Metric


class MonthState(StrEnum):
    """Whether a month can still change."""

    OPEN = "open"
    CLOSED = "closed"
    """Kept for ever; what is mended afterwards is a further revision beside it."""


class RevisionReason(StrEnum):
    """Why a revision was made."""

    FIRST = "first"
    LATE_EVENTS = "late-events"
    """Something was written into a closed month, or counted again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedMonth:
    """One revision of a month. `month` is its first day; `events` are all of it, those that were excluded too.

    `peak` is the most visits at one moment. `checksum` is SHA-256 of all its rows, empty while it is open.
    """

    month: date
    revision: int
    state: MonthState
    events: int
    peak: int
    checksum: str
    rules_version: str
    robots_version: str
    counted_at: datetime
    closed_at: datetime | None
    reason: RevisionReason


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDay:
    """A day that was counted. A final one has no events any more and never changes."""

    day: date
    generation: int
    events: int
    peak: int
    counted_at: datetime
    rules_version: str
    robots_version: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class Count:
    """A number. `when` is the first day of its period, `key` the values of what it was asked by, in that order."""

    when: date
    key: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits that began in a period, and the most of them at one moment."""

    when: date
    visits: int
    peak: int


@dataclass(frozen=True, slots=True)
class PlatformUse:
    """Metrics of a period, those that are 0 left out."""

    when: date
    key: tuple[str, ...]
    figures: Mapping[Metric, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleUse:
    """Metrics of a title or of an item in a month, in one row of attributes; those that are 0 are left out.

    `item_id` is 0 for a title as a whole; `title_id` is the record that the item is part of, or the item itself.
    """

    month: date
    item_id: int
    title_id: int
    institution: str
    data_type: DataType
    access_type: AccessType
    access_method: AccessMethod
    figures: Mapping[Metric, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUse:
    """How often a record was used, in words for readers: a book that was taken whole is one download.

    `when` is the first day of the period; `record_id` is 0 for several records together.
    """

    when: date
    record_id: int
    record_views: int
    readings: int
    downloads: int

    @property
    def uses(self) -> int:
        """All of them."""
        return self.record_views + self.readings + self.downloads


class Ranking(StrEnum):
    """By what records are put in order."""

    USES = "uses"
    RECORD_VIEWS = "record-views"
    READINGS = "readings"
    DOWNLOADS = "downloads"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedWords:
    """Words that different visitors searched for, as keys of search, and how often something was found or not."""

    words: str
    found: int
    nothing_found: int
