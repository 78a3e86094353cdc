"""A plan matched against a snapshot: masks for and, or, not; BM25 over the fields for all documents at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer import folding
from indexer.analysis import Word
from indexer.fields import WEIGHTS, IndexField
from indexer.plan import AllOf, AnyOf, PhraseIn, Plan, PrefixIn, Whatever, Without, WordIn
from indexer.whoosh.segment import Segment
from indexer.whoosh.snapshot import Snapshot
from indexer.whoosh.strings import Codes

Mask = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float32]

# What a match by each form is worth against the exact spelling.
EXACT, FOLDED, STEMMED, LOOSENED = 1.0, 0.85, 0.6, 0.4
# How soon more of a word in one entry stops to count (k1 of BM25).
_SATURATION = 1.2
_CONSTANT_SCORE = 0.5
# How many spellings of a segment a prefix stands for at most; the commonest are taken.
PREFIX_CAP = 2000


@dataclass(frozen=True, slots=True)
class Found:
    """Documents of one segment in rising order and how well they match, before the rarity of the word is counted."""

    documents: Codes
    scores: Scores


_NONE = Found(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32))


class Cache:
    """What words were found in segments, the least used forgotten. Segments never change, so nothing in it gets old."""

    def __init__(self, limit: int) -> None:
        """Keep at most about `limit` bytes."""
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[object, Found] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: object) -> Found | None:
        """What was kept under this name."""
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def put(self, name: object, found: Found) -> None:
        """Keep it."""
        with self._lock:
            if name not in self._kept:
                self._kept[name] = found
                self._size += _bytes(found)
            while self._size > self._limit:
                self._size -= _bytes(self._kept.popitem(last=False)[1])


def _bytes(found: Found) -> int:
    return found.documents.nbytes + found.scores.nbytes + 500


class Matching:
    """One search of one snapshot, strict or loosened."""

    def __init__(self, snapshot: Snapshot, cache: Cache, *, loosened: bool) -> None:
        self._snapshot = snapshot
        self._cache = cache
        self._loosened = loosened

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
            case Without(part):
                strict = Matching(self._snapshot, self._cache, loosened=False)
                return ~strict._match(part)[0], self._nothing()[1]
            case Whatever():
                return np.ones(self._snapshot.size, dtype=np.bool_), self._nothing()[1]

    def recogniser(self, word: Word) -> Callable[[str], bool]:
        """What tells whether a spelling is one the word is found by, its stems included."""
        return frozenset(
            segment.columns.lexicon.surfaces[number]
            for segment in self._snapshot.segments
            for number in self._spellings(word, segment)
        ).__contains__

    def beginning_recogniser(self, beginnings: Sequence[str]) -> Callable[[str], bool]:
        """What tells whether the key of a spelling begins so."""
        return lambda surface: folding.fold_surface(surface).startswith(tuple(beginnings))

    def _nothing(self) -> tuple[Mask, Scores]:
        return np.zeros(self._snapshot.size, dtype=np.bool_), np.zeros(self._snapshot.size, dtype=np.float32)

    def _leaf(self, plan: WordIn | PhraseIn | PrefixIn) -> tuple[Mask, Scores]:
        mask, scores = self._nothing()
        found = [self._in_segment(plan, segment, base) for segment, base in self._parts()]
        count = sum(len(part.documents) for part in found)
        total = max(self._snapshot.entries, count)
        rarity = np.float32(np.log(1 + (total - count + 0.5) / (count + 0.5)))
        for part, (_, base) in zip(found, self._parts(), strict=True):
            documents = part.documents + base
            mask[documents] = True
            scores[documents] = part.scores * rarity
        return mask, scores

    def _parts(self) -> Iterator[tuple[Segment, int]]:
        return zip(self._snapshot.segments, self._snapshot.bases, strict=True)

    def _in_segment(self, plan: WordIn | PhraseIn | PrefixIn, segment: Segment, base: int) -> Found:
        name = (segment.id, self._loosened, plan)
        known = self._cache.get(name)
        if known is None:
            match plan:
                case WordIn(fields, word):
                    known = self._word(fields, word, segment, base)
                case PhraseIn(fields, words):
                    known = self._phrase(fields, words, segment)
                case PrefixIn(fields, beginnings):
                    known = self._prefix(fields, beginnings, segment)
            self._cache.put(name, known)
        return known

    def _spellings(self, word: Word, segment: Segment) -> dict[int, float]:
        """The numbers of the spellings a word is found by, and what each is worth."""
        lexicon = segment.columns.lexicon
        found: dict[int, float] = {}
        if self._loosened:
            for loose in word.loose:
                found.update(dict.fromkeys(lexicon.loose.get(loose), LOOSENED))
        for stem in word.stems:
            found.update(dict.fromkeys(lexicon.stems.get(stem), STEMMED))
        for key in word.keys:
            found.update(dict.fromkeys(lexicon.keys.get(key), FOLDED))
        exact = lexicon.surfaces.find(word.surface)
        if exact is not None:
            found[exact] = EXACT
        return found

    def _word(self, fields: Sequence[IndexField], word: Word, segment: Segment, base: int) -> Found:
        documents: list[Codes] = []
        weights: list[Scores] = []
        worth: list[Scores] = []
        surfaces = segment.columns.lexicon.surfaces
        for number, level in self._spellings(word, segment).items():
            for field in segment.fields_of(number, fields):
                postings = segment.postings(field, surfaces.raw(number))
                norm = self._snapshot.norms[field][base + postings.documents]
                documents.append(postings.documents)
                weights.append(postings.frequencies * norm * np.float32(WEIGHTS[field]))
                worth.append(np.full(len(postings.documents), level, dtype=np.float32))
        if not documents:
            return _NONE
        found, place = np.unique(np.concatenate(documents), return_inverse=True)
        weight = np.bincount(place, np.concatenate(weights))
        best = np.zeros(len(found), dtype=np.float32)
        np.maximum.at(best, place, np.concatenate(worth))
        return Found(found, (best * weight / (_SATURATION + weight)).astype(np.float32))

    def _prefix(self, fields: Sequence[IndexField], beginnings: Sequence[str], segment: Segment) -> Found:
        lexicon = segment.columns.lexicon
        numbers = {number for beginning in beginnings for number in lexicon.keys.of_beginning(beginning)}
        kept = sorted(numbers, key=lambda number: (-int(lexicon.documents[number]), number))[:PREFIX_CAP]
        documents = [
            segment.postings(field, lexicon.surfaces.raw(number)).documents
            for number in kept
            for field in segment.fields_of(number, fields)
        ]
        return _constant(documents)

    def _phrase(self, fields: Sequence[IndexField], words: Sequence[Word], segment: Segment) -> Found:
        found = []
        for field in fields:
            places = self._places(field, words[0], segment)
            for distance, word in enumerate(words[1:], 1):
                if not len(places):
                    break
                places = np.intersect1d(places, self._places(field, word, segment) - distance, assume_unique=True)
            found.append((places >> 32).astype(np.int32))
        return _constant(found)

    def _places(self, field: IndexField, word: Word, segment: Segment) -> npt.NDArray[np.int64]:
        """Where a word stands in a field, as document and place in one number; by its keys alone, not by its stems."""
        lexicon = segment.columns.lexicon
        numbers = {number for key in word.keys for number in lexicon.keys.get(key)}
        if self._loosened:
            numbers.update(number for loose in word.loose for number in lexicon.loose.get(loose))
        found = [np.zeros(0, dtype=np.int64)]
        for number in numbers:
            if segment.fields_of(number, (field,)):
                postings = segment.postings(field, lexicon.surfaces.raw(number))
                documents = np.repeat(postings.documents.astype(np.int64), postings.frequencies.astype(np.int64))
                found.append((documents << 32) + postings.places)
        return np.concatenate(found)


def _constant(documents: Sequence[Codes]) -> Found:
    if not documents:
        return _NONE
    found = np.unique(np.concatenate(documents))
    return Found(found, np.full(len(found), _CONSTANT_SCORE, dtype=np.float32))
