"""From a mask over documents to what a reader sees: filters, facet counts, and one page in the order asked for."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.model import Facet, FacetValue, Query, Sort, Years
from indexer.whoosh.cache import Scores
from indexer.whoosh.columns import NO_YEAR
from indexer.whoosh.lookup import Mask
from indexer.whoosh.snapshot import FacetIndex, Snapshot

Documents = npt.NDArray[np.int64]


def filter_masks(snapshot: Snapshot, query: Query) -> dict[Facet, Mask]:
    """For each facet that is filtered by, which documents pass. A range of years is the year facet's."""
    masks: dict[Facet, Mask] = {}
    for facet, values in query.filters.items():
        if values:
            masks[facet] = _having(snapshot, facet, values)
    if query.years is not None:
        mask = _between(snapshot, query.years)
        masks[Facet.YEAR] = masks[Facet.YEAR] & mask if Facet.YEAR in masks else mask
    return masks


def _having(snapshot: Snapshot, facet: Facet, values: frozenset[str]) -> Mask:
    index = snapshot.facets[facet]
    mask = np.zeros(snapshot.size, dtype=np.bool_)
    for code in index.codes_of(values):
        mask[index.documents[index.codes == code]] = True
    return mask


def _between(snapshot: Snapshot, years: Years) -> Mask:
    mask: Mask = snapshot.years != NO_YEAR
    if years.first is not None:
        mask &= snapshot.years >= max(-32767, min(32767, years.first))
    if years.last is not None:
        mask &= snapshot.years <= max(-32767, min(32767, years.last))
    return mask


def count_facets(
    snapshot: Snapshot, query: Query, matched: Mask, masks: Mapping[Facet, Mask]
) -> dict[Facet, tuple[FacetValue, ...]]:
    """The counts of the facets asked for, each without its own filter."""
    counted = {}
    for facet in query.facets:
        hits = matched
        for other, mask in masks.items():
            if other is not facet:
                hits = hits & mask
        limit = None if facet is Facet.YEAR else query.facet_size
        counted[facet] = _counts(snapshot.facets[facet], hits, limit, query.filters.get(facet, frozenset()))
    return counted


def _counts(index: FacetIndex, hits: Mask, limit: int | None, chosen: frozenset[str]) -> tuple[FacetValue, ...]:
    counts = index.counts(hits)
    codes = most(counts, index, limit)
    values = [FacetValue(value=index.value(code), count=int(counts[code])) for code in codes]
    shown = {value.value for value in values}
    values += [
        FacetValue(value=index.value(code), count=int(counts[code]))
        for code in index.codes_of(chosen)
        if index.value(code) not in shown
    ]
    return tuple(sorted(values, key=lambda value: (-value.count, value.value)))


def most(counts: npt.NDArray[np.int64], index: FacetIndex, limit: int | None) -> list[int]:
    """The codes with the largest counts above 0; of equal ones the first by value."""
    present = np.flatnonzero(counts)
    if limit is None or len(present) <= limit:
        return [int(code) for code in present]
    if not limit:
        return []
    least = np.partition(counts[present], len(present) - limit)[len(present) - limit]
    above = [int(code) for code in present[counts[present] > least]]
    tied = present[counts[present] == least]
    room = limit - len(above)
    # Most codes are in the order of their values, so only as many as there is room for need be looked at.
    candidates = [*tied[tied < index.in_order][:room], *tied[tied >= index.in_order]]
    return above + heapq.nsmallest(room, map(int, candidates), key=index.value)


def page_of(snapshot: Snapshot, query: Query, hits: Mask, scores: Scores) -> list[tuple[int, float]]:
    """The documents of the page asked for with their scores."""
    first = (query.page - 1) * query.size
    documents = np.flatnonzero(hits)
    if first >= len(documents) or query.size <= 0 or query.page <= 0:
        return []
    ranked = _ranked(snapshot, query.sort, documents, scores, first + query.size)
    return [
        (int(document), float(scores[document] * snapshot.newness[document]))
        for document in ranked[first : first + query.size]
    ]


def _ranked(snapshot: Snapshot, sort: Sort, documents: Documents, scores: Scores, wanted: int) -> Documents:
    match sort:
        case Sort.RELEVANCE:
            return _smallest(documents, -scores[documents] * snapshot.newness[documents], wanted)
        case Sort.NEWEST:
            years = snapshot.years[documents].astype(np.int32)
            return _smallest(documents, -years, wanted)
        case Sort.OLDEST:
            years = snapshot.years[documents].astype(np.int32)
            return _smallest(documents, np.where(years == NO_YEAR, 40000, years), wanted)
        case Sort.TITLE | Sort.AUTHOR:
            return _alphabetic(snapshot, sort, documents, wanted)


def _smallest(documents: Documents, values: npt.NDArray[Any], wanted: int) -> Documents:
    """The documents with the smallest values, in order; equal ones as they stand in the index."""
    if len(documents) > wanted:
        least = np.partition(values, wanted - 1)[wanted - 1]
        kept = values <= least
        documents, values = documents[kept], values[kept]
    chosen: Documents = documents[np.argsort(values, kind="stable")][:wanted]
    return chosen


def _alphabetic(snapshot: Snapshot, sort: Sort, documents: Documents, wanted: int) -> Documents:
    """The first by sort key; entries without one come last."""
    found: list[tuple[bool, bytes, int]] = []
    for segment, base in zip(snapshot.segments, snapshot.bases, strict=True):
        inside = documents[(documents >= base) & (documents < base + segment.size)] - base
        keys, ranks = segment.columns.sort_keys[sort], segment.columns.sort_ranks[sort]
        found += [
            (not (key := keys.raw(int(document))), key, int(document) + base)
            for document in _smallest(inside, ranks[inside], wanted)
        ]
    return np.array([document for _, _, document in sorted(found)[:wanted]], dtype=np.int64)
