"""A snapshot as `answering` looks at it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from indexer import spelling
from indexer.fields import IndexField
from indexer.model import Facet, Hit, Query, Results, Snippet, Sort
from indexer.plan import Plan
from indexer.snippets import Wanted, first_snippet, snippet_of
from indexer.whoosh.cache import NO_PLACE, SOMEWHERE, Cache
from indexer.whoosh.lookup import Mask
from indexer.whoosh.matching import Matching
from indexer.whoosh.ranking import count_facets, filter_masks, most, page_of
from indexer.whoosh.snapshot import Snapshot

_VALUE_FACETS = {IndexField.AUTHOR: Facet.AUTHOR, IndexField.SUBJECT: Facet.SUBJECT}


class WhooshView:
    """One snapshot, searched."""

    def __init__(self, snapshot: Snapshot, cache: Cache) -> None:
        self._snapshot = snapshot
        self._cache = cache

    @property
    def entries(self) -> int:
        """See `Moment.entries`."""
        return self._snapshot.entries

    @property
    def committed_at(self) -> datetime:
        """See `Moment.committed_at`."""
        return self._snapshot.committed_at

    def answer(self, plan: Plan, query: Query, *, loose: bool) -> Results:
        """See `View.answer`."""
        snapshot = self._snapshot
        matching = Matching(snapshot, self._cache, loose=loose)
        matched, scores = matching.match(plan)
        masks = filter_masks(snapshot, query)
        hits = _passing(matched, masks.values())
        page = page_of(snapshot, query, hits, scores)
        wanted = matching.wanted(plan) if page else []
        return Results(
            hits=tuple(
                Hit(
                    key=snapshot.key(document),
                    score=score,
                    close=loose,
                    snippet=self._snippet(matching, plan, wanted, document),
                )
                for document, score in page
            ),
            total=int(hits.sum()),
            facets=snapshot.remembered.of(
                plan, query, lambda: count_facets(snapshot, query, matched, masks), loose=loose
            ),
        )

    def _snippet(self, matching: Matching, plan: Plan, wanted: list[Wanted], document: int) -> Snippet | None:
        place = matching.body_place(plan, document) if wanted else NO_PLACE
        if place == NO_PLACE:
            return None
        bodies, key = self._snapshot.bodies, self._snapshot.key(document)
        if place == SOMEWHERE:
            return first_snippet(bodies, key, wanted)
        page = bodies.page_with(key, place)
        return None if page is None else snippet_of(page, wanted)

    def count(self, plan: Plan, query: Query, *, loose: bool) -> int:
        """See `View.count`."""
        matched = Matching(self._snapshot, self._cache, loose=loose).mask(plan)
        return int(_passing(matched, filter_masks(self._snapshot, query).values()).sum())

    def near(self, key: str) -> list[spelling.Near]:
        """See `View.near`."""
        if not spelling.forgiven(key):
            return []
        documents: Counter[str] = Counter()
        for segment in self._snapshot.segments:
            lexicon = segment.columns.lexicon
            for place in spelling.may_be_near(key, lexicon.key_lengths, lexicon.key_letters):
                documents[lexicon.keys.words[int(place)]] += int(lexicon.key_documents[place])
        return spelling.nearest(key, list(documents), list(documents.values()))

    def spelled(self, key: str, like: str) -> str:
        """See `View.spelled`."""
        documents: Counter[str] = Counter()
        for segment in self._snapshot.segments:
            lexicon = segment.columns.lexicon
            for number in lexicon.keys.get(key):
                documents[lexicon.surfaces[number]] += int(lexicon.documents[number])
        return spelling.commonest(documents, like)

    def values(self, plan: Plan, field: IndexField, limit: int, *, loose: bool) -> list[tuple[str, int]]:
        """See `View.values`."""
        matched, scores = Matching(self._snapshot, self._cache, loose=loose).match(plan)
        if facet := _VALUE_FACETS.get(field):
            index = self._snapshot.facets[facet]
            counts = index.counts(matched)
            found = [(index.value(code), int(counts[code])) for code in most(counts, index, limit)]
            return sorted(found, key=lambda value: (-value[1], value[0]))
        newest = page_of(self._snapshot, Query(sort=Sort.NEWEST, size=limit), matched, scores)
        return list(Counter(self._snapshot.title(document) for document, _ in newest).items())


def _passing(matched: Mask, masks: Iterable[Mask]) -> Mask:
    for mask in masks:
        matched = matched & mask
    return matched
