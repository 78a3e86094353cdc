"""An index of Tantivy's at one moment, as `answering` looks at it."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import tantivy
from tantivy import Query as TantivyQuery

from indexer import spelling
from indexer.analysis import Analyser
from indexer.bodies import Bodies
from indexer.fields import IndexField
from indexer.model import Facet, FacetValue, Hit, Query, Results, Snippet, Sort
from indexer.plan import AnyOf, PhraseIn, Plan, PrefixIn, WordIn, body_leaves
from indexer.snippets import Wanted, snippet_of
from indexer.tantivy.compile import Compiler, all_of, filters
from indexer.tantivy.recognising import recognisers
from indexer.tantivy.schema import (
    AUTHOR_ORDER,
    KEY,
    NEWEST,
    NEWNESS,
    OLDEST,
    SPELLING,
    TITLE,
    TITLE_ORDER,
    facet_field,
    spelling_form,
)

# How many pages of a full text are looked through for a snippet.
_PAGES = 200
_ALL_YEARS = 5_000
# So many times the values wanted are asked for, as the last of them is often as common as many others.
_AHEAD = 4
# Tantivy refuses to count more than 65,000 values at once.
_MANY = 60_000
_SORTS = {
    Sort.NEWEST: (NEWEST, tantivy.Order.Desc),
    Sort.OLDEST: (OLDEST, tantivy.Order.Asc),
    Sort.TITLE: (TITLE_ORDER, tantivy.Order.Asc),
    Sort.AUTHOR: (AUTHOR_ORDER, tantivy.Order.Asc),
}
_VALUE_FACETS = {IndexField.AUTHOR: Facet.AUTHOR, IndexField.SUBJECT: Facet.SUBJECT}


@dataclass(frozen=True, slots=True)
class Commit:
    """What is open: the searcher of one commit, the schema it was opened with, the texts beside it."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    bodies: Bodies
    vocabulary: spelling.Vocabulary
    committed_at: datetime


class TantivyView:
    """One commit, searched."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._searcher = commit.searcher

    @property
    def entries(self) -> int:
        """See `Moment.entries`."""
        return self._searcher.num_docs

    @property
    def committed_at(self) -> datetime:
        """See `Moment.committed_at`."""
        return self._commit.committed_at

    def answer(self, plan: Plan, query: Query, *, loose: bool) -> Results:
        """See `View.answer`."""
        compiler = Compiler(self._commit.schema, loose=loose)
        matched = compiler.query(plan)
        passing = filters(self._commit.schema, query)
        hits = all_of((matched, *passing.values()))
        total = self._count(hits)
        page = self._page(hits, query, total)
        keys = [key for key, _ in page]
        snippets = self._snippets(plan, keys, loose=loose) if keys else {}
        return Results(
            hits=tuple(Hit(key=key, score=score, close=loose, snippet=snippets.get(key)) for key, score in page),
            total=total,
            facets=self._facets(query, matched, passing),
        )

    def count(self, plan: Plan, query: Query, *, loose: bool) -> int:
        """See `View.count`."""
        matched = Compiler(self._commit.schema, loose=loose).query(plan)
        return self._count(all_of((matched, *filters(self._commit.schema, query).values())))

    def _count(self, query: TantivyQuery) -> int:
        return int(self._searcher.search(query, 1, count=True).count)  # type: ignore[attr-defined]

    def _page(self, hits: TantivyQuery, query: Query, total: int) -> list[tuple[str, float]]:
        first = (query.page - 1) * query.size
        if query.page < 1 or query.size < 1 or first >= total:
            return []
        limit = min(query.size, total - first)
        if query.sort is Sort.RELEVANCE:
            found = self._searcher.search(hits, limit, count=False, offset=first, weight_by_field=NEWNESS)
        else:
            field, order = _SORTS[query.sort]
            found = self._searcher.search(hits, limit, count=False, offset=first, order_by_field=field, order=order)
        return [
            (self._stored(address, KEY), float(score) if query.sort is Sort.RELEVANCE else 0.0)
            for score, address in found.hits
        ]

    def _stored(self, address: tantivy.DocAddress, field: str) -> str:
        return str(self._searcher.doc(address).get_first(field))

    def _facets(
        self, query: Query, matched: TantivyQuery, passing: Mapping[Facet, TantivyQuery]
    ) -> dict[Facet, tuple[FacetValue, ...]]:
        """The facets that are not filtered by are counted in one go, each other one by itself."""
        free = [facet for facet in query.facets if facet not in passing]
        counted = self._counts(all_of((matched, *passing.values())), free, query) if free else {}
        for facet in query.facets:
            if facet in passing:
                others = [mask for other, mask in passing.items() if other is not facet]
                counted |= self._counts(all_of((matched, *others)), [facet], query)
        return {facet: counted[facet] for facet in query.facets}

    def _counts(self, hits: TantivyQuery, facets: Sequence[Facet], query: Query) -> dict[Facet, tuple[FacetValue, ...]]:
        sizes = {facet: _ALL_YEARS if facet is Facet.YEAR else query.facet_size for facet in facets}
        counted = self._commonest(hits, sizes)
        return {
            facet: self._with_chosen(hits, facet, counted[facet], query.filters.get(facet, frozenset()))
            for facet in facets
        }

    def _commonest(self, hits: TantivyQuery, sizes: Mapping[Facet, int]) -> dict[Facet, list[FacetValue]]:
        """The commonest values of each facet; where the last place is shared, the first by value get it."""
        asked = {facet: _AHEAD * size + 1 for facet, size in sizes.items() if _AHEAD * size < _MANY}
        found = self._buckets(hits, asked)
        # If the last one wanted and the last one got are as common, there may be more like them.
        tied = [
            facet
            for facet, values in found.items()
            if len(values) == asked[facet] > 1 and values[sizes[facet] - 1].count == values[-1].count
        ]
        found |= self._buckets(hits, dict.fromkeys(tied, _MANY))
        for facet in sizes:
            if facet not in found or len(found[facet]) == _MANY:
                terms = self._searcher.terms_with_prefix(facet_field(facet), "", hits, None)
                found[facet] = [FacetValue(value=value, count=count) for value, count in terms if count]
        return {facet: heapq.nsmallest(size, found[facet], key=_rank) for facet, size in sizes.items()}

    def _buckets(self, hits: TantivyQuery, sizes: Mapping[Facet, int]) -> dict[Facet, list[FacetValue]]:
        if not sizes:
            return {}
        answer = self._searcher.aggregate(hits, {facet.value: _terms(facet, size) for facet, size in sizes.items()})
        return {
            facet: [
                FacetValue(value=found["key"], count=found["doc_count"]) for found in answer[facet.value]["buckets"]
            ]
            for facet in sizes
        }

    def _with_chosen(
        self, hits: TantivyQuery, facet: Facet, values: list[FacetValue], chosen: frozenset[str]
    ) -> tuple[FacetValue, ...]:
        listed = {value.value for value in values}
        for value in sorted(chosen - listed):
            term = TantivyQuery.term_query(self._commit.schema, facet_field(facet), value)
            if self._count(term):
                values.append(FacetValue(value=value, count=self._count(all_of((hits, term)))))
        return tuple(sorted(values, key=_rank))

    def _snippets(self, plan: Plan, keys: Sequence[str], *, loose: bool) -> dict[str, Snippet]:
        leaves = tuple(body_leaves(plan))
        if not leaves:
            return {}
        in_body = AnyOf(tuple(_in_body(leaf) for leaf in leaves))
        schema = self._commit.schema
        query = all_of(
            (TantivyQuery.term_set_query(schema, KEY, list(keys)), Compiler(schema, loose=loose).query(in_body))
        )
        found = [self._stored(address, KEY) for _, address in self._searcher.search(query, len(keys), count=False).hits]
        analyser = Analyser()
        wanted = [recognisers(leaf, analyser, loose=loose) for leaf in leaves]
        snippets = {key: self._first_snippet(key, wanted) for key in found}
        return {key: snippet for key, snippet in snippets.items() if snippet is not None}

    def _first_snippet(self, key: str, wanted: Sequence[Wanted]) -> Snippet | None:
        pages = self._commit.bodies.pages(key, _PAGES)
        return next((snippet for page in pages if (snippet := snippet_of(page, wanted)) is not None), None)

    def near(self, key: str) -> list[spelling.Near]:
        """See `View.near`."""
        return self._commit.vocabulary.near(key)

    def spelled(self, key: str, like: str) -> str:
        """See `View.spelled`."""
        beginning = spelling_form(key, "")
        terms = self._searcher.terms_with_prefix(SPELLING, beginning, None, None)
        return spelling.commonest({term.removeprefix(beginning): count for term, count in terms} or {key: 1}, like)

    def values(self, plan: Plan, field: IndexField, limit: int, *, loose: bool) -> list[tuple[str, int]]:
        """See `View.values`."""
        hits = Compiler(self._commit.schema, loose=loose).query(plan)
        if facet := _VALUE_FACETS.get(field):
            return [(value.value, value.count) for value in self._commonest(hits, {facet: limit})[facet]]
        found = self._searcher.search(hits, limit, count=False, order_by_field=NEWEST, order=tantivy.Order.Desc)
        return list(Counter(self._stored(address, TITLE) for _, address in found.hits).items())


def _rank(value: FacetValue) -> tuple[int, str]:
    return -value.count, value.value


def _terms(facet: Facet, size: int) -> dict[str, Any]:
    # Each segment reports far more than is asked for, so that sums over segments are right.
    return {"terms": {"field": facet_field(facet), "size": size, "segment_size": 1_000_000}}


def _in_body(leaf: WordIn | PhraseIn | PrefixIn) -> Plan:
    match leaf:
        case WordIn(_, word):
            return WordIn((IndexField.BODY,), word)
        case PhraseIn(_, words):
            return PhraseIn((IndexField.BODY,), words)
        case PrefixIn(_, beginnings, limit):
            return PrefixIn((IndexField.BODY,), beginnings, limit)
