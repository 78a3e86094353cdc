"""What one part of a plan finds in one segment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indexer.analysis import Word
from indexer.fields import WEIGHTS, IndexField
from indexer.folding import loosened
from indexer.plan import Leaf, PhraseIn, PrefixIn, WordIn
from indexer.whoosh.cache import NO_PLACE, NOTHING_FOUND, SOMEWHERE, Cache, Found, Scores
from indexer.whoosh.segment import Segment
from indexer.whoosh.strings import Codes, Ints

Mask = npt.NDArray[np.bool_]
Norms = dict[IndexField, Scores]

# What a match by each form is worth against the exact spelling.
EXACT, FOLDED, STEMMED, LOOSENED = 1.0, 0.85, 0.6, 0.4
# How soon more of a word in one entry stops to count (k1 of BM25).
_SATURATION = 1.2
_CONSTANT_SCORE = 0.5
# What a match in the full text is worth at most, a match outside it being worth 1 at most.
_BODY_SHARE = 0.25


def find(leaf: Leaf, segment: Segment, norms: Norms, cache: Cache, *, loose: bool) -> Found:
    """The documents of a segment that match; `norms` are those of its documents."""
    match leaf:
        case WordIn(fields, word):
            return _words(spellings(word, segment, loose=loose), fields, segment, norms)
        case PrefixIn():
            return _prefix(leaf, segment, loose=loose)
        case PhraseIn(fields, words):
            return _phrase(fields, words, segment, cache, loose=loose)


def spellings(word: Word, segment: Segment, *, loose: bool) -> dict[int, float]:
    """The numbers of the spellings a word is found by, and what each is worth."""
    lexicon = segment.columns.lexicon
    found: dict[int, float] = {}
    if loose:
        for form in word.loose:
            found.update(dict.fromkeys(lexicon.loose.get(form), LOOSENED))
    for stem in word.stems:
        found.update(dict.fromkeys(lexicon.stems.get(stem), STEMMED))
    for key in word.keys:
        found.update(dict.fromkeys(lexicon.keys.get(key), FOLDED))
    exact = lexicon.surfaces.find(word.surface)
    if exact is not None:
        found[exact] = EXACT
    return found


def numbers_of(leaf: WordIn | PrefixIn, segment: Segment, *, loose: bool) -> Codes:
    """The numbers of the spellings that a word or a prefix stands for."""
    if isinstance(leaf, WordIn):
        return np.array(list(spellings(leaf.word, segment, loose=loose)), np.int32)
    lexicon = segment.columns.lexicon
    table, wanted = lexicon.keys, set(leaf.beginnings)
    if loose:
        table, wanted = lexicon.loose, {form for beginning in leaf.beginnings for form in loosened(beginning)}
    return np.unique(np.concatenate([table.of_beginning(beginning) for beginning in wanted]))


def holding(leaf: WordIn | PrefixIn, segment: Segment, *, loose: bool) -> Mask:
    """Which documents of a segment match a word or a prefix."""
    numbers = numbers_of(leaf, segment, loose=loose)
    having = np.zeros(segment.size, np.bool_)
    for field in leaf.fields:
        having[segment.holders(field, numbers).documents] = True
    return having


def _prefix(leaf: PrefixIn, segment: Segment, *, loose: bool) -> Found:
    """All alike, however many words begin so."""
    numbers = numbers_of(leaf, segment, loose=loose)
    rows = [(field, segment.holders(field, numbers).documents) for field in leaf.fields]
    documents, where = _distinct([row for _, row in rows], segment.size)
    return Found(
        documents, np.full(len(documents), _CONSTANT_SCORE, np.float32), _body_places(rows, where, len(documents))
    )


def _words(levels: dict[int, float], fields: tuple[IndexField, ...], segment: Segment, norms: Norms) -> Found:
    """BM25 over several fields: how often, by the weight and length of the field, summed before it saturates.

    A full text counts by itself and less: a word that stands in it fifty times says less of it than the title does.
    """
    if not levels:
        return NOTHING_FOUND
    numbers = np.array(list(levels), np.int32)
    worth = np.array(list(levels.values()), np.float32)
    holdings = [(field, segment.holders(field, numbers)) for field in fields]
    documents, where = _distinct([held.documents for _, held in holdings], segment.size)
    best, outside, inside = (np.zeros(len(documents), np.float64) for _ in range(3))
    at_level = np.concatenate([worth[held.which] for _, held in holdings])
    for level in (LOOSENED, STEMMED, FOLDED, EXACT):
        best[where[at_level == np.float32(level)]] = level
    start = 0
    for field, held in holdings:
        part = where[start : start + len(held.documents)]
        start += len(held.documents)
        weights = held.frequencies * norms[field][held.documents] * np.float32(WEIGHTS[field])
        summed = inside if field is IndexField.BODY else outside
        summed += np.bincount(part, weights, minlength=len(documents))
    scores = best * (_saturated(outside) + _BODY_SHARE * _saturated(inside))
    rows = [(field, held.documents) for field, held in holdings]
    return Found(documents, scores.astype(np.float32), _body_places(rows, where, len(documents)))


def _saturated(summed: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return summed / (_SATURATION + summed)


def _distinct(rows: Sequence[Codes], size: int) -> tuple[Codes, Codes]:
    """The documents of all rows in rising order, each once; and for each of each row its place among them."""
    documents = np.concatenate(rows)
    there = np.zeros(size, np.bool_)
    there[documents] = True
    distinct = np.flatnonzero(there).astype(np.int32)
    places = np.empty(size, np.int32)
    places[distinct] = np.arange(len(distinct), dtype=np.int32)
    return distinct, places[documents]


def _body_places(rows: Sequence[tuple[IndexField, Codes]], where: Codes, count: int) -> Codes:
    """In which documents the full text matches; where in it has to be looked for."""
    places = np.full(count, NO_PLACE, np.int32)
    start = 0
    for field, documents in rows:
        if field is IndexField.BODY:
            places[where[start : start + len(documents)]] = SOMEWHERE
        start += len(documents)
    return places


def _phrase(
    fields: Sequence[IndexField], words: Sequence[Word], segment: Segment, cache: Cache, *, loose: bool
) -> Found:
    lexicon = segment.columns.lexicon
    numbers = [phrase_spellings(word, segment, loose=loose) for word in words]
    found: list[Codes] = []
    places: list[Codes] = []
    for field in fields:
        # Nothing is decoded unless each word stands in the field at all.
        inside = [tuple(number for number in row if lexicon.stands_in(number, field)) for row in numbers]
        if not all(inside):
            continue
        at = _places(field, inside[0], segment, cache)
        for distance, row in enumerate(inside[1:], 1):
            at = np.intersect1d(at, _places(field, row, segment, cache) - distance, assume_unique=True)
            if not len(at):
                break
        documents, first = np.unique(at >> 32, return_index=True)
        found.append(documents.astype(np.int32))
        is_body = field is IndexField.BODY
        places.append((at[first] & 0xFFFFFFFF).astype(np.int32) if is_body else np.full(len(first), NO_PLACE, np.int32))
    if not found:
        return NOTHING_FOUND
    documents, where = np.unique(np.concatenate(found), return_inverse=True)
    body_places = np.full(len(documents), NO_PLACE, np.int32)
    np.maximum.at(body_places, where, np.concatenate(places))
    return Found(documents, np.full(len(documents), _CONSTANT_SCORE * len(words), np.float32), body_places)


def phrase_spellings(word: Word, segment: Segment, *, loose: bool) -> set[int]:
    """The spellings a word of a phrase is found by: its keys, not its stems."""
    lexicon = segment.columns.lexicon
    numbers = {number for key in word.keys for number in lexicon.keys.get(key)}
    if loose:
        numbers.update(number for form in word.loose for number in lexicon.loose.get(form))
    return numbers


def _places(field: IndexField, numbers: tuple[int, ...], segment: Segment, cache: Cache) -> Ints:
    """Where any of these spellings stands in a field: document and place in one number, rising."""
    name = (segment.id, field, numbers)
    known = cache.get(name)
    if isinstance(known, np.ndarray):
        return known
    found = []
    for number in numbers:
        postings = segment.postings(field, segment.columns.lexicon.surfaces.raw(number))
        documents = np.repeat(postings.documents.astype(np.int64), postings.frequencies.astype(np.int64))
        found.append((documents << 32) + postings.places)
    places: Ints = np.sort(np.concatenate(found))
    cache.put(name, places)
    return places
