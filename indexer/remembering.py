"""What was counted for a search is kept for its next pages, which ask for the same facets."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from indexer.model import Facet, FacetValue, Query
from indexer.plan import Plan

Facets = dict[Facet, tuple[FacetValue, ...]]

# Each takes some fifty kilobytes.
_KEPT = 200


class RememberedFacets:
    """The facets of the latest searches of one commit, which never change. May be used by several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Facets] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, plan: Plan, query: Query, count: Callable[[], Facets], *, loose: bool) -> Facets:
        """The facets that a query asks for of what a plan finds; `count` counts them if they were not counted yet."""
        name = (plan, loose, frozenset(query.filters.items()), query.years, query.facets, query.facet_size)
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        facets = count()
        with self._lock:
            self._kept[name] = facets
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return facets
