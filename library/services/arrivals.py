"""New arrivals: what came into the catalogue last, all of it or of one search."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from indexer.model import Query, Sort
from indexer.search_index import IndexUnavailable, SearchIndex
from library.db.published import Arrived, Published
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalsPage:
    """The last to come first; `next` is what to give as `before` for the page that follows."""

    records: tuple[Arrival, ...]
    next: int | None


class Arrivals:
    """Answers with the newest first; numbers are given in the order of arrival."""

    def __init__(self, database: Database, index: SearchIndex) -> None:
        self._database = database
        self._published = Published(database)
        self._index = index

    def page(self, before: int | None, limit: int) -> ArrivalsPage:
        """The last records to come, from the one before record `before`: two queries, and no index."""
        arrived = self._published.newest(before, limit + 1)
        shown = arrived[:limit]
        return ArrivalsPage(records=self._described(shown), next=shown[-1].number if len(arrived) > limit else None)

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
        newest = heapq.nlargest(limit, (record_number(hit.key) for hit in hits))
        return self._described(self._published.arrived(newest))

    def _described(self, arrived: Sequence[Arrived]) -> tuple[Arrival, ...]:
        with self._database.reading() as view:
            listed = view.records.listed([one.number for one in arrived])
        return tuple(
            Arrival(
                id=one.number,
                description=listed[one.number].description,
                created_at=one.created_at,
                changed_at=one.changed_at,
            )
            for one in arrived
            if one.number in listed and listed[one.number].status is Status.PUBLISHED
        )
