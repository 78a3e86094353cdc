"""What goes into an index and what comes out of it. Nothing here knows of MARC, files or pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from indexer.queries import EVERYTHING, Node, SearchField


class Facet(StrEnum):
    """What results can be counted and filtered by."""

    MATERIAL = "material"
    LANGUAGE = "language"
    YEAR = "year"
    AUTHOR = "author"
    SUBJECT = "subject"
    UDC = "udc"
    BBK = "bbk"
    AVAILABILITY = "availability"
    COLLECTION = "collection"
    SOURCE = "source"


class Sort(StrEnum):
    """The order of results."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that can be found. `body` is its full text by pages; `key` is unique and made of letters and digits.

    `udc` and `bbk` are notations as printed; `numbers` are ISBN, ISSN and inventory numbers. `creator_forms` and
    `subject_forms` are other forms of the same names: they are found, but not counted in facets.
    """

    key: str
    title: str
    other_titles: tuple[str, ...] = ()
    creators: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    creator_forms: tuple[str, ...] = ()
    subject_forms: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    udc: tuple[str, ...] = ()
    bbk: tuple[str, ...] = ()
    year: int | None = None
    languages: tuple[str, ...] = ()
    material: str = ""
    availability: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    source: str = ""
    body: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """A range of years, both ends included; an open end is None."""

    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked of an index.

    Values chosen in one facet widen the answer (or), different facets narrow it (and). `page` counts from 1. Of each
    facet but the year the `facet_size` commonest values are counted, and all that are chosen.
    """

    match: Node = EVERYTHING
    filters: Mapping[Facet, frozenset[str]] = field(default_factory=dict)
    years: Years | None = None
    facets: tuple[Facet, ...] = ()
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = 20
    facet_size: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A piece of the body around the first match: the page it stands on (from 1) and what to mark in it."""

    page: int
    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result; `close` says that it was found only by a loosened spelling."""

    key: str
    score: float = 0.0
    close: bool = False
    snippet: Snippet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """A value of a facet and how many of the results have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page of hits, how many there are in all, and the counts of the facets that were asked for.

    When little or nothing is found, `suggestion` is a query that finds more, as a reader would type it.

    Counts of a facet leave that facet's own filter out, so that other values can still be chosen; they are ordered by
    count, largest first, then by value.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[Facet, tuple[FacetValue, ...]] = field(default_factory=dict)
    suggestion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What a reader may be typing: a title, author or subject as it stands in `entries` entries."""

    text: str
    field: SearchField
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """What stands on the disk: which generation, of which schema, with how many entries, last committed when."""

    generation: int
    schema_version: int
    entries: int
    committed_at: datetime
