"""The catalogue for other libraries' searches: hits from the index, records from the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from harvest.sru.diagnostics import Diagnosed, Number
from harvest.sru.model import Answer, Described, Order, Search
from harvest.sru.server import Server
from indexer.model import Query, Sort
from indexer.search_index import IndexUnavailable, SearchIndex
from library.db.unit_of_work import Database
from library.projections.search_entry import record_number
from library.services import sru_records
from library.services.search import DEEPEST_HIT, LARGEST_PAGE
from library.services.sru_indexes import INDEXES, SETS, SORTS
from library.services.sru_queries import wanted

USUAL_RECORDS = 10
_DESCRIPTION = (
    "Catalogue of published records. Words are found in any alphabet: Uzbek in Cyrillic and both Latin scripts, "
    "Kyrgyz, Russian. A star at the end of a word stands for any letters."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What is told of the library; `portal` is its public address without a slash at its end."""

    title: str
    contact: str
    portal: str


class Sru:
    """Answers requests of SRU: one question to the index and three queries to the database at most."""

    def __init__(self, database: Database, index: SearchIndex, clock: Callable[[], datetime], zone: tzinfo) -> None:
        self._database = database
        self._index = index
        self._clock = clock
        self._zone = zone

    def respond(self, arguments: Sequence[tuple[str, str]], house: House) -> bytes:
        """The document that answers these parameters; nothing is raised but what the database raises."""
        today = self._clock().astimezone(self._zone).date()
        return Server(_Searched(self._database, self._index, house, today)).respond(arguments)


@dataclass(frozen=True, slots=True)
class _Searched:
    """The catalogue as the server of the protocol asks it (`harvest.sru.model.Catalogue`)."""

    database: Database
    index: SearchIndex
    house: House
    today: date

    def described(self) -> Described:
        """What is told of it."""
        return Described(
            title=self.house.title,
            description=_DESCRIPTION,
            contact=self.house.contact,
            address=f"{self.house.portal}/sru",
            sets=SETS,
            indexes=INDEXES,
            schemas=tuple(sru_records.SCHEMAS),
            usual=USUAL_RECORDS,
            most=LARGEST_PAGE,
            deepest=DEEPEST_HIT,
        )

    def changed_at(self) -> datetime | None:
        """When a record was last changed: one query."""
        with self.database.reading() as view:
            return view.records.newest()

    def search(self, search: Search) -> Answer:
        """Hits from the index, records from the database; raises `Diagnosed`."""
        asked = wanted(search.condition)
        if asked.records is not None:
            with self.database.reading() as view:
                numbers = sru_records.published(view, sorted(asked.records))
            return self._answer(search, len(numbers), numbers[search.start - 1 :][: search.count])
        if any(not values for values in asked.filters.values()):
            return Answer(total=0)
        page, size = page_around(search.start, max(search.count, 1))
        query = Query(
            match=asked.node,
            filters=asked.filters,
            years=asked.years,
            sort=_sort(search.order),
            page=page,
            size=size,
        )
        try:
            results = self.index.search(query)
            # Beyond the last hit there is none that tells how all of them were found.
            told = results if results.hits else self.index.search(replace(query, page=1, size=1))
        except IndexUnavailable as error:
            raise Diagnosed(Number.TEMPORARILY_UNAVAILABLE, "The search index is being made anew.") from error
        # A loosened spelling helps a person who has mistyped; a program gets what it has asked for.
        if any(hit.close for hit in told.hits):
            return Answer(total=0)
        first = search.start - 1 - (page - 1) * size
        hits = results.hits[first : first + search.count]
        return self._answer(search, results.total, [record_number(hit.key) for hit in hits])

    def _answer(self, search: Search, total: int, numbers: Sequence[int]) -> Answer:
        if not numbers:
            return Answer(total=total)
        with self.database.reading() as view:
            return Answer(
                total=total, given=sru_records.given(view, search.schema, numbers, self.house.portal, self.today)
            )


def _sort(order: Order | None) -> Sort:
    return Sort.RELEVANCE if order is None else SORTS[order.index, order.descending]


def page_around(start: int, count: int) -> tuple[int, int]:
    """The number and size of the smallest page that holds `count` hits from place `start` (from 1) on."""
    before = start - 1
    size = next(size for size in range(count, before + count + 1) if before % size + count <= size)
    return before // size + 1, size
