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
from indexer.whoosh.segment import Postings, Segment
from indexer.whoosh.strings import Codes, Ints

Norms = dict[IndexField, Scores]

# What a match by each form is worth against the exact spelling.
EXACT, FOLDED, STEMMED, LOOSENED = 1.0, 0.85, 0.6, 0.4
# How soon more of a word in one entry stops to count (k1 of BM25).
_SATURATION = 1.2
_CONSTANT_SCORE = 0.5
# What a match in the full text is worth at most, a match outside it being worth 1 at most.
_BODY_SHARE = 0.25
_NOWHERE = np.int32(2**31 - 1)


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


def _prefix(leaf: PrefixIn, segment: Segment, *, loose: bool) -> Found:
    """All alike, however many words begin so."""
    lexicon = segment.columns.lexicon
    table, wanted = lexicon.keys, set(leaf.beginnings)
    if loose:
        table, wanted = lexicon.loose, {form for beginning in leaf.beginnings for form in loosened(beginning)}
    numbers = np.unique(np.concatenate([table.of_beginning(beginning) for beginning in wanted]))
    having = {field: segment.documents_with(field, numbers) for field in leaf.fields}
    documents = np.flatnonzero(np.logical_or.reduce(list(having.values()))).astype(np.int32)
    in_body = having[IndexField.BODY][documents] if IndexField.BODY in having else np.zeros(len(documents), np.bool_)
    return Found(
        documents,
        np.full(len(documents), _CONSTANT_SCORE, np.float32),
        np.where(in_body, SOMEWHERE, NO_PLACE).astype(np.int32),
    )


def _words(levels: dict[int, float], fields: tuple[IndexField, ...], segment: Segment, norms: Norms) -> Found:
    """BM25 over several fields: how often, by the weight and length of the field, summed before it saturates.

    A full text counts by itself and less: a word that stands in it fifty times says less of it than the title does.
    """
    documents, outside, inside, worth, places = [], [], [], [], []
    lexicon = segment.columns.lexicon
    for number, level in levels.items():
        for field in lexicon.fields_of(number, fields):
            postings = segment.postings(field, lexicon.surfaces.raw(number))
            weights = postings.frequencies * norms[field][postings.documents] * np.float32(WEIGHTS[field])
            nothing = np.zeros_like(weights)
            in_body = field is IndexField.BODY
            documents.append(postings.documents)
            outside.append(nothing if in_body else weights)
            inside.append(weights if in_body else nothing)
            worth.append(nothing + np.float32(level))
            places.append(_first_places(postings) if in_body else np.full(len(nothing), _NOWHERE, np.int32))
    if not documents:
        return NOTHING_FOUND
    found, where = np.unique(np.concatenate(documents), return_inverse=True)
    best = np.zeros(len(found), np.float32)
    np.maximum.at(best, where, np.concatenate(worth))
    first = np.full(len(found), _NOWHERE, np.int32)
    np.minimum.at(first, where, np.concatenate(places))
    scores = best * (_saturated(where, outside) + _BODY_SHARE * _saturated(where, inside))
    return Found(found, scores.astype(np.float32), np.where(first == _NOWHERE, np.int32(NO_PLACE), first))


def _saturated(where: Ints, weights: Sequence[Scores]) -> npt.NDArray[np.float64]:
    summed = np.bincount(where, np.concatenate(weights))
    saturated: npt.NDArray[np.float64] = summed / (_SATURATION + summed)
    return saturated


def _first_places(postings: Postings) -> Codes:
    ends = np.cumsum(postings.frequencies).astype(np.int64)
    return postings.places[ends - postings.frequencies.astype(np.int64)].astype(np.int32)


def _phrase(
    fields: Sequence[IndexField], words: Sequence[Word], segment: Segment, cache: Cache, *, loose: bool
) -> Found:
    lexicon = segment.columns.lexicon
    numbers = [phrase_spellings(word, segment, loose=loose) for word in words]
    found: list[Codes] = []
    places: list[Codes] = []
    for field in fields:
        # Nothing is decoded unless each word stands in the field at all.
        inside = [tuple(number for number in row if lexicon.fields_of(number, (field,))) for row in numbers]
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
