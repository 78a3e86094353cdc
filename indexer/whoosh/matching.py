"""A plan matched against a snapshot: masks for and, or, not; scores of all documents at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import numpy as np

from indexer.analysis import Analyser
from indexer.plan import AllOf, AnyOf, Leaf, PhraseIn, Plan, PrefixIn, Whatever, Without, WordIn, body_leaves
from indexer.recognising import recognisers
from indexer.snippets import Among, Wanted
from indexer.whoosh.cache import NO_PLACE, SOMEWHERE, Cache, Found, Scores
from indexer.whoosh.lookup import Mask, find, holding, phrase_spellings, spellings
from indexer.whoosh.segment import Segment
from indexer.whoosh.snapshot import Snapshot

_NOTHING = np.zeros(0, np.bool_)


class Matching:
    """One search of one snapshot, strict or loosened."""

    def __init__(self, snapshot: Snapshot, cache: Cache, *, loose: bool) -> None:
        self._snapshot = snapshot
        self._cache = cache
        self._loose = loose

    def mask(self, plan: Plan) -> Mask:
        """Which documents match, deleted ones left out: sooner known than their scores."""
        return self._mask(plan) & self._snapshot.live

    def _mask(self, plan: Plan) -> Mask:
        match plan:
            case WordIn() | PrefixIn():
                return np.concatenate(
                    [holding(plan, segment, loose=self._loose) for segment in self._snapshot.segments] or [_NOTHING]
                )
            case PhraseIn():
                return self._leaf(plan)[0]
            case AllOf(plans):
                mask = self._mask(plans[0])
                for part in plans[1:]:
                    if not mask.any():
                        break
                    mask &= self._mask(part)
                return mask
            case AnyOf(plans):
                mask = self._nothing()[0]
                for part in plans:
                    mask |= self._mask(part)
                return mask
            case Without(part):
                return ~Matching(self._snapshot, self._cache, loose=False).mask(part)
            case Whatever():
                return np.ones(self._snapshot.size, np.bool_)

    def match(self, plan: Plan) -> tuple[Mask, Scores]:
        """Which documents match, deleted ones left out, and their scores."""
        mask, scores = self._match(plan)
        return mask & self._snapshot.live, scores

    def _match(self, plan: Plan) -> tuple[Mask, Scores]:
        match plan:
            case WordIn() | PhraseIn() | PrefixIn():
                return self._leaf(plan)
            case AllOf(plans):
                mask, scores = self._match(plans[0])
                for part in plans[1:]:
                    # A long query is soon answered: few entries have even ten of its words.
                    if not mask.any():
                        break
                    other, more = self._match(part)
                    mask &= other
                    scores += more
                return mask, scores
            case AnyOf(plans):
                mask, scores = self._nothing()
                for part in plans:
                    other, more = self._match(part)
                    mask |= other
                    scores += more
                return mask, scores
            case Without():
                return self._mask(plan), self._nothing()[1]
            case Whatever():
                return self._mask(plan), self._nothing()[1]

    def _nothing(self) -> tuple[Mask, Scores]:
        return np.zeros(self._snapshot.size, np.bool_), np.zeros(self._snapshot.size, np.float32)

    def _leaf(self, leaf: Leaf) -> tuple[Mask, Scores]:
        mask, scores = self._nothing()
        found = [(base, self._found(leaf, segment, base)) for segment, base in self._parts()]
        count = sum(len(part.documents) for _, part in found)
        total = max(self._snapshot.entries, count)
        rarity = np.float32(np.log(1 + (total - count + 0.5) / (count + 0.5)))
        for base, part in found:
            documents = part.documents + base
            mask[documents] = True
            scores[documents] = part.scores * rarity
        return mask, scores

    def _parts(self) -> Iterator[tuple[Segment, int]]:
        return zip(self._snapshot.segments, self._snapshot.bases, strict=True)

    def _found(self, leaf: Leaf, segment: Segment, base: int) -> Found:
        name = (segment.id, self._loose, leaf)
        known = self._cache.get(name)
        if isinstance(known, Found):
            return known
        norms = {field: norm[base : base + segment.size] for field, norm in self._snapshot.norms.items()}
        found = find(leaf, segment, norms, self._cache, loose=self._loose)
        self._cache.put(name, found)
        return found

    def body_place(self, plan: Plan, document: int) -> int:
        """The place of the first match in the full text of a document, or `NO_PLACE`, or `SOMEWHERE`."""
        segment, base = self._snapshot.part_of(document)
        places = []
        for leaf in body_leaves(plan):
            found = self._found(leaf, segment, base)
            at = int(np.searchsorted(found.documents, document - base))
            if at < len(found.documents) and found.documents[at] == document - base:
                places.append(int(found.body_places[at]))
        if SOMEWHERE in places:
            return SOMEWHERE
        return min((place for place in places if place != NO_PLACE), default=NO_PLACE)

    def wanted(self, plan: Plan) -> list[Wanted]:
        """What to mark in full texts."""
        rows: list[Wanted] = []
        for leaf in body_leaves(plan):
            match leaf:
                case WordIn(_, word):
                    rows.append([self._among(partial(spellings, word, loose=self._loose))])
                case PrefixIn():
                    rows.append(recognisers(leaf, Analyser(), loose=self._loose))
                case PhraseIn(_, words):
                    rows.append([self._among(partial(phrase_spellings, word, loose=self._loose)) for word in words])
        return rows

    def _among(self, numbers: Callable[[Segment], Iterable[int]]) -> Among:
        return frozenset(
            segment.columns.lexicon.surfaces[number]
            for segment in self._snapshot.segments
            for number in numbers(segment)
        ).intersection
