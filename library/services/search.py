"""Search: what the reader typed to a page of records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from indexer.model import Facet, FacetValue, Query, Snippet, Sort, Years
from indexer.parsing import MAX_CHARACTERS, MAX_WORDS, parse
from indexer.parsing import QueryTooLong as TooLongToParse
from indexer.queries import Node
from indexer.search_index import IndexUnavailable, SearchIndex
from library.db.unit_of_work import Database
from library.domain.access import Use, Visit, ruling
from library.domain.description import Description
from library.domain.document import Document
from library.domain.errors import N_, QueryTooLong, SearchUnavailable
from library.domain.marc import Dialect
from library.domain.record import Status
from library.projections.search_entry import record_number
from library.services.reading import ReadFile, ruled
from library.services.texts import Texts, first_pages
from library.services.viewing_search import find

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
MOST_TEXTS = 5
"""So many texts are read for a page of results, of records whose first match its visitor may not read."""


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
class Place:
    """Where in the full texts of a record something stands: the file, and the page of it, from 1."""

    document: Document
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecord:
    """A record on a results page; `close` says that only a loosened spelling found it.

    `files` are those that its visitor is told of. `snippet` is a piece of a text that the visitor may read and `place`
    where it stands; the pages of the snippet itself are those of all files of the record, one after the other.
    """

    id: int
    dialect: Dialect
    description: Description
    close: bool = False
    snippet: Snippet | None = None
    place: Place | None = None
    files: tuple[ReadFile, ...] = ()


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

    def __init__(self, database: Database, index: SearchIndex, texts: Texts) -> None:
        self._database = database
        self._index = index
        self._texts = texts

    def run(self, request: SearchRequest, visit: Visit | None = None) -> SearchOutcome:
        """A page of results: one question to the index, two queries to the database, three where a text was hit.

        A record that was withdrawn since the index was written is missing from the page. Pieces of texts and files are
        those for this visitor; without one there are none. Raises `SearchUnavailable` and `QueryTooLong`.
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
            documents = view.documents.of_records(numbers) if visit is not None else {}
            # Its pages may be counted otherwise by now, and its files may have other rights.
            hit_in_text = [number for number, hit in zip(numbers, results.hits, strict=True) if hit.snippet]
            stale = view.outbox.changed(hit_in_text) if hit_in_text and documents else frozenset()
        found, turns = [], iter(range(MOST_TEXTS))
        for number, hit in zip(numbers, results.hits, strict=True):
            if number not in rows or rows[number].status is not Status.PUBLISHED:
                continue
            record = FoundRecord(
                id=number, dialect=rows[number].dialect, description=rows[number].description, close=hit.close
            )
            if visit is not None and number in documents:
                snippet = None if number in stale else hit.snippet
                record = self._with_files(record, documents[number], snippet, visit, query.match, turns)
            found.append(record)
        return SearchOutcome(
            records=tuple(found),
            total=results.total,
            facets=results.facets,
            suggestion=results.suggestion,
            page=page,
            size=size,
        )

    def _with_files(
        self,
        record: FoundRecord,
        documents: Sequence[Document],
        snippet: Snippet | None,
        visit: Visit,
        match: Node,
        turns: Iterator[int],
    ) -> FoundRecord:
        """The record with its files, and with the first match in a file that its visitor may read."""
        record = replace(record, files=tuple(file for file in ruled(documents, visit) if file.is_for_readers))
        if snippet is None:
            return record
        place = _place(documents, snippet.page)
        if place is not None and ruling(place.document, Use.SNIPPET, visit).allowed:
            return replace(record, snippet=snippet, place=place)
        first = first_pages(documents)
        for document in documents:
            if document.id not in first or not ruling(document, Use.SNIPPET, visit).allowed:
                continue
            if next(turns, None) is None:
                break
            hits = find(self._texts.pages(document), match).hits
            if hits:
                place = Place(document=document, page=hits[0].page)
                return replace(record, snippet=replace(hits[0], page=first[document.id] + place.page - 1), place=place)
        return record


def _place(documents: Sequence[Document], page: int) -> Place | None:
    """The file and its page for a page of all files together; None where there is no such page."""
    first = first_pages(documents)
    for document in documents:
        begins = first.get(document.id)
        if begins is not None and begins <= page < begins + document.contents.pages:
            return Place(document=document, page=page - begins + 1)
    return None


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
