"""Arrays decoded once and kept while they are used."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.whoosh.strings import Codes, Ints

Scores = npt.NDArray[np.float32]

NO_PLACE, SOMEWHERE = -1, -2
# About what an entry of the cache costs beside its arrays.
_OVERHEAD = 600


@dataclass(frozen=True, slots=True)
class Found:
    """Documents of one segment in rising order and how well they match, before the rarity of the word is counted.

    `body_places` is the place of the first match in the full text, `NO_PLACE` where there is none, `SOMEWHERE` where
    there is one that has to be looked for.
    """

    documents: Codes
    scores: Scores
    body_places: Codes

    @property
    def size(self) -> int:
        """How many bytes the arrays take."""
        return self.documents.nbytes + self.scores.nbytes + self.body_places.nbytes


NOTHING_FOUND = Found(np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, np.int32))


class Cache:
    """What was found in segments, the least used forgotten. Segments never change, so nothing in it gets old."""

    def __init__(self, limit: int) -> None:
        """Keep at most about `limit` bytes."""
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[object, Found | Ints] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: object) -> Found | Ints | None:
        """What was kept under this name."""
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def put(self, name: object, value: Found | Ints) -> None:
        """Keep it."""
        with self._lock:
            if name not in self._kept:
                self._kept[name] = value
                self._size += _bytes(value)
            while self._size > self._limit:
                self._size -= _bytes(self._kept.popitem(last=False)[1])


def _bytes(value: Found | Ints) -> int:
    return _OVERHEAD + (value.size if isinstance(value, Found) else value.nbytes)
