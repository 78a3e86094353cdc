"""New arrivals: what came into the catalogue last, all of it or of one search."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from indexer.model import Query, Sort
from indexer.search_index import IndexUnavailable, SearchIndex
from library.db.published import Published
from library.db.unit_of_work import Database
from library.domain.description import Description
from library.domain.errors import N_, SearchUnavailable
from library.domain.record import Status
from library.projections.search_entry import record_number
from library.services.search import DEEPEST_HIT, SearchRequest, parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A published record, when it came and when it was last changed."""

    id: int
    description: Description
    created_at: datetime
    changed_at: datetime


class Arrivals:
    """Answers with the newest first; numbers are given in the order of arrival."""

    def __init__(self, database: Database, index: SearchIndex) -> None:
        self._database = database
        self._published = Published(database)
        self._index = index

    def newest(self, limit: int) -> tuple[Arrival, ...]:
        """The last records to come: three queries, and no index."""
        return self._read(self._published.newest(limit))

    def found(self, request: SearchRequest, limit: int) -> tuple[Arrival, ...]:
        """The last to come of what a search finds, whatever its order and page: two queries.

        Of more than `DEEPEST_HIT` records only those with the latest years of publication are looked at, as every hit
        costs the index time. Raises `SearchUnavailable` and `QueryTooLong`.
        """
        query = Query(
            match=parsed(request.words),
            filters=request.filters,
            years=request.years,
            sort=Sort.NEWEST,
            size=DEEPEST_HIT,
        )
        try:
            hits = self._index.search(query).hits
        except IndexUnavailable as error:
            raise SearchUnavailable(
                N_("The search index is being made anew. The catalogue can be browsed by title meanwhile.")
            ) from error
        return self._read(heapq.nlargest(limit, (record_number(hit.key) for hit in hits)))

    def _read(self, numbers: Sequence[int]) -> tuple[Arrival, ...]:
        with self._database.reading() as view:
            states = view.records.many(numbers)
            listed = view.records.listed(numbers)
        return tuple(
            Arrival(
                id=number,
                description=listed[number].description,
                created_at=states[number].created_at,
                changed_at=states[number].changed_at,
            )
            for number in numbers
            if number in states and number in listed and states[number].status is Status.PUBLISHED
        )
