"""An index of Tantivy's at one moment, as `answering` looks at it."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

import tantivy
from tantivy import Query as TantivyQuery

from indexer import spelling
from indexer.analysis import Analyser
from indexer.bodies import Bodies
from indexer.fields import IndexField
from indexer.model import Facet, FacetValue, Hit, Query, Results, Snippet, Sort
from indexer.plan import AnyOf, PhraseIn, Plan, PrefixIn, WordIn, body_leaves
from indexer.recognising import recognisers
from indexer.remembering import RememberedFacets
from indexer.snippets import first_snippet
from indexer.tantivy.compile import Compiler, all_of, filters
from indexer.tantivy.schema import (
    AUTHOR_ORDER,
    CODED,
    KEY,
    NEWEST,
    NEWNESS,
    OLDEST,
    SPELLING,
    TITLE,
    TITLE_ORDER,
    code_field,
    code_mark,
    facet_field,
    facet_term,
    spelling_form,
    value_of,
)

_ALL_YEARS = 5_000
# So many times the values wanted are asked for, as the last of them is often as common as many others.
_AHEAD = 4
# Tantivy refuses to count more than 65,000 values at once.
_MANY = 60_000
_NAMES_KEPT = 200_000
# Up to this place hits are counted and ranked in one go.
_REACH = 20_000
_SORTS = {
    Sort.NEWEST: (NEWEST, tantivy.Order.Desc),
    Sort.OLDEST: (OLDEST, tantivy.Order.Asc),
    Sort.TITLE: (TITLE_ORDER, tantivy.Order.Asc),
    Sort.AUTHOR: (AUTHOR_ORDER, tantivy.Order.Asc),
}
_VALUE_FACETS = {IndexField.AUTHOR: Facet.AUTHOR, IndexField.SUBJECT: Facet.SUBJECT}


class Names:
    """The values that codes stand for, kept when they were asked for. May be used by several threads."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def value(self, searcher: tantivy.Searcher, facet: Facet, key: int | str) -> str:
        """The value of a facet by which Tantivy counted so: itself, or its code."""
        if isinstance(key, str):
            return key
        value = self._known.get(key)
        if value is None:
            if len(self._known) >= _NAMES_KEPT:
                self._known.clear()
            ((term, _), *_) = searcher.terms_with_prefix(facet_field(facet), code_mark(key), None, 1)
            value = self._known[key] = value_of(facet, term)
        return value


@dataclass(frozen=True, slots=True)
class _Bucket:
    key: int | str
    count: int


@dataclass(frozen=True, slots=True)
class Commit:
    """What is open: the searcher of one commit, the schema it was opened with, the texts beside it."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    bodies: Bodies
    vocabulary: spelling.Vocabulary
    names: Names
    remembered: RememberedFacets
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
        page, total = self._page(all_of((matched, *passing.values())), query)
        keys = [key for key, _ in page]
        snippets = self._snippets(plan, keys, loose=loose) if keys else {}
        return Results(
            hits=tuple(Hit(key=key, score=score, close=loose, snippet=snippets.get(key)) for key, score in page),
            total=total,
            facets=self._commit.remembered.of(plan, query, lambda: self._facets(query, matched, passing), loose=loose),
        )

    def count(self, plan: Plan, query: Query, *, loose: bool) -> int:
        """See `View.count`."""
        matched = Compiler(self._commit.schema, loose=loose).query(plan)
        return self._count(all_of((matched, *filters(self._commit.schema, query).values())))

    def _count(self, query: TantivyQuery) -> int:
        return int(self._searcher.search(query, 1, count=True).count)  # type: ignore[attr-defined]

    def _page(self, hits: TantivyQuery, query: Query) -> tuple[list[tuple[str, float]], int]:
        """Keys and scores of the page asked for, and how many there are in all."""
        first, size = (query.page - 1) * query.size, query.size
        total = None
        if query.page < 1 or size < 1 or first + size > _REACH:
            # Room is made for as many as are asked for, so that must not be more than there are.
            total = self._count(hits)
            size = min(size, total - first)
            if query.page < 1 or size < 1:
                return [], total
        if query.sort is Sort.RELEVANCE:
            found = self._searcher.search(hits, size, count=total is None, offset=first, weight_by_field=NEWNESS)
        else:
            field, order = _SORTS[query.sort]
            found = self._searcher.search(
                hits, size, count=total is None, offset=first, order_by_field=field, order=order
            )
        page = [
            (self._stored(address, KEY), float(score) if query.sort is Sort.RELEVANCE else 0.0)
            for score, address in found.hits
        ]
        return page, int(found.count) if total is None else total  # type: ignore[attr-defined]

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
            for facet, buckets in found.items()
            if len(buckets) == asked[facet] > 1 and buckets[sizes[facet] - 1].count == buckets[-1].count
        ]
        found |= self._buckets(hits, dict.fromkeys(tied, _MANY))
        return {
            facet: self._named(facet, found[facet], size)
            if facet in found and len(found[facet]) < _MANY
            else heapq.nsmallest(size, self._all_values(hits, facet), key=_rank)
            for facet, size in sizes.items()
        }

    def _buckets(self, hits: TantivyQuery, sizes: Mapping[Facet, int]) -> dict[Facet, list[_Bucket]]:
        """So many of the most common values of each facet, the commonest first."""
        if not sizes:
            return {}
        answer = self._searcher.aggregate(hits, {facet.value: _terms(facet, size) for facet, size in sizes.items()})
        return {
            facet: [_Bucket(found["key"], found["doc_count"]) for found in answer[facet.value]["buckets"]]
            for facet in sizes
        }

    def _named(self, facet: Facet, buckets: Sequence[_Bucket], size: int) -> list[FacetValue]:
        """So many values from the beginning of the buckets, of equally common ones the first by value."""
        if not size:
            return []
        least = buckets[min(size, len(buckets)) - 1].count if buckets else 0
        values = [
            FacetValue(value=self._commit.names.value(self._searcher, facet, bucket.key), count=bucket.count)
            for bucket in takewhile(lambda bucket: bucket.count >= least, buckets)
        ]
        return heapq.nsmallest(size, values, key=_rank)

    def _all_values(self, hits: TantivyQuery, facet: Facet) -> list[FacetValue]:
        terms = self._searcher.terms_with_prefix(facet_field(facet), "", hits, None)
        return [FacetValue(value=value_of(facet, term), count=count) for term, count in terms if count]

    def _with_chosen(
        self, hits: TantivyQuery, facet: Facet, values: list[FacetValue], chosen: frozenset[str]
    ) -> tuple[FacetValue, ...]:
        listed = {value.value for value in values}
        for value in sorted(chosen - listed):
            term = TantivyQuery.term_query(self._commit.schema, facet_field(facet), facet_term(facet, value))
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
        snippets = {key: first_snippet(self._commit.bodies, key, wanted) for key in found}
        return {key: snippet for key, snippet in snippets.items() if snippet is not None}

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
    field = code_field(facet) if facet in CODED else facet_field(facet)
    return {"terms": {"field": field, "size": size, "segment_size": 1_000_000}}


def _in_body(leaf: WordIn | PhraseIn | PrefixIn) -> Plan:
    match leaf:
        case WordIn(_, word):
            return WordIn((IndexField.BODY,), word)
        case PhraseIn(_, words):
            return PhraseIn((IndexField.BODY,), words)
        case PrefixIn(_, beginnings):
            return PrefixIn((IndexField.BODY,), beginnings)
