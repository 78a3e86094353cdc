"""Search: what the reader typed to a page of records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.model import Facet, FacetValue, Query, Snippet, Sort, Years
from indexer.parsing import MAX_CHARACTERS, MAX_WORDS, parse
from indexer.parsing import QueryTooLong as TooLongToParse
from indexer.queries import Node
from indexer.search_index import IndexUnavailable, SearchIndex
from library.db.unit_of_work import Database
from library.domain.description import Description
from library.domain.errors import N_, QueryTooLong, SearchUnavailable
from library.domain.marc import Dialect
from library.domain.record import Status
from library.projections.search_entry import record_number

FACETS = (
    Facet.MATERIAL,
    Facet.LANGUAGE,
    Facet.YEAR,
    Facet.AUTHOR,
    Facet.SUBJECT,
    Facet.UDC,
    Facet.BBK,
    Facet.AVAILABILITY,
    Facet.COLLECTION,
    Facet.SOURCE,
)
LARGEST_PAGE = 100
# Deeper pages cost the engine more than they give a reader; refining the search is the way on.
DEEPEST_HIT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What a reader asks for; `words` as typed, `page` from 1. Page and size out of bounds are brought into them."""

    words: str = ""
    filters: Mapping[Facet, frozenset[str]] = field(default_factory=dict)
    years: Years | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecord:
    """A record on a results page; `close` says that only a loosened spelling found it."""

    id: int
    dialect: Dialect
    description: Description
    close: bool = False
    snippet: Snippet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOutcome:
    """One page of results, how many there are in all, the counts of the facets, and another spelling to try.

    `page` and `size` are those that were used.
    """

    records: tuple[FoundRecord, ...]
    total: int
    facets: Mapping[Facet, tuple[FacetValue, ...]]
    suggestion: str | None
    page: int
    size: int

    @property
    def last_page(self) -> int:
        """The number of the last page that can be asked for, at least 1; a longer list wants narrowing."""
        return max(-(-min(self.total, DEEPEST_HIT) // self.size), 1)


class Search:
    """Asks the index for numbers and the database for the facts."""

    def __init__(self, database: Database, index: SearchIndex) -> None:
        self._database = database
        self._index = index

    def run(self, request: SearchRequest) -> SearchOutcome:
        """A page of results: one question to the index, one query to the database.

        A record that was withdrawn since the index was written is missing from the page. Raises `SearchUnavailable`
        and `QueryTooLong`.
        """
        size = min(max(request.size, 1), LARGEST_PAGE)
        page = min(max(request.page, 1), DEEPEST_HIT // size)
        query = Query(
            match=parsed(request.words),
            filters=request.filters,
            years=request.years,
            facets=FACETS,
            sort=request.sort,
            page=page,
            size=size,
        )
        try:
            results = self._index.search(query)
        except IndexUnavailable as error:
            raise SearchUnavailable(
                N_("The search index is being made anew. The catalogue can be browsed by title meanwhile.")
            ) from error
        numbers = [record_number(hit.key) for hit in results.hits]
        with self._database.reading() as view:
            rows = view.records.listed(numbers)
        found = tuple(
            FoundRecord(
                id=number,
                dialect=rows[number].dialect,
                description=rows[number].description,
                close=hit.close,
                snippet=hit.snippet,
            )
            for number, hit in zip(numbers, results.hits, strict=True)
            if number in rows and rows[number].status is Status.PUBLISHED
        )
        return SearchOutcome(
            records=found,
            total=results.total,
            facets=results.facets,
            suggestion=results.suggestion,
            page=page,
            size=size,
        )


def parsed(words: str) -> Node:
    """What was typed, as a query. Raises `QueryTooLong`, and nothing else for any text."""
    try:
        return parse(words)
    except TooLongToParse as error:
        raise QueryTooLong(
            N_("A query may have {characters} characters and {words} words. Leave the most important words."),
            characters=MAX_CHARACTERS,
            words=MAX_WORDS,
        ) from error
