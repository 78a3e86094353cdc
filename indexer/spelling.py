"""Words that are spelled nearly so, found among the keys of an index: to ask whether they were meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Letters = npt.NDArray[np.uint32]

# Two errors are forgiven in words at least so long, one in shorter ones, none in the shortest.
_LONG, _SHORT = 6, 3
_LETTERS = 32
NEAREST = 6


@dataclass(frozen=True, slots=True)
class Near:
    """A key that is nearly the wanted one: how many errors lie between, and in how many entries it stands."""

    key: str
    errors: int
    documents: int


def forgiven(key: str) -> int:
    """How many errors a word may have; a number may have none."""
    if len(key) < _SHORT or not key.isalpha():
        return 0
    return 2 if len(key) >= _LONG else 1


def letter_set(key: str) -> int:
    """The letters of a key as bits, some letters sharing one: keys with very different ones are not near."""
    bits = 0
    for letter in key:
        bits |= 1 << (ord(letter) % _LETTERS)
    return bits


def may_be_near(key: str, lengths: Ints, letter_sets: Letters) -> Ints:
    """The places of the keys that are worth comparing, by their lengths in letters and their sets of letters."""
    errors = forgiven(key)
    different = np.bitwise_count(letter_sets ^ np.uint32(letter_set(key)))
    return np.flatnonzero((different <= 2 * errors) & (np.abs(lengths - len(key)) <= errors))


def nearest(key: str, candidates: Sequence[str], documents: Sequence[int]) -> list[Near]:
    """The candidates within the forgiven errors, the fewest errors first, then the commonest; never the key itself."""
    errors = forgiven(key)
    if not errors or not candidates:
        return []
    counted = distances(key, candidates)
    near = [
        Near(candidate, int(distance), count)
        for candidate, distance, count in zip(candidates, counted, documents, strict=True)
        if 0 < distance <= errors and count
    ]
    # The first letter is seldom wrong.
    near.sort(key=lambda found: (found.errors, found.key[0] != key[0], -found.documents, found.key))
    return near[:NEAREST]


def distances(key: str, candidates: Sequence[str]) -> Ints:
    """How many letters have to be changed, added, left out or exchanged with their neighbour to get each candidate."""
    width = max(map(len, candidates))
    letters = np.array(candidates, dtype=f"<U{width}").view(np.uint32).reshape(len(candidates), width)
    former = np.zeros((width + 1, len(candidates)), np.int64)
    row = np.repeat(np.arange(width + 1)[:, None], len(candidates), axis=1)
    for place, letter in enumerate(map(ord, key), 1):
        before_former, former, row = former, row, np.full_like(row, place)
        for column in range(1, width + 1):
            same = letters[:, column - 1] == letter
            best = np.minimum(np.minimum(row[column - 1], former[column]) + 1, former[column - 1] + (1 - same))
            if place > 1 and column > 1:
                exchanged = (letters[:, column - 2] == letter) & (letters[:, column - 1] == ord(key[place - 2]))
                best = np.where(exchanged, np.minimum(best, before_former[column - 2] + 1), best)
            row[column] = best
    lengths = np.array([len(candidate) for candidate in candidates])
    counted: Ints = row[lengths, np.arange(len(candidates))]
    return counted


def commonest(documents: Mapping[str, int], like: str) -> str:
    """Of several spellings that of the most entries, in the script of `like` if one is."""
    cyrillic = _is_cyrillic(like)
    return min(documents, key=lambda word: (_is_cyrillic(word) != cyrillic, -documents[word], word))


def _is_cyrillic(word: str) -> bool:
    return any("\u0400" <= letter <= "\u04ff" for letter in word)


class Vocabulary:
    """The keys of an index of so many `entries`, read when the first suggestion is wanted."""

    def __init__(self, entries: int, spellings: Callable[[], Iterable[tuple[str, int]]]) -> None:
        """`spellings` gives each key with one of its spellings, joined by `=`, and how many entries have it."""
        self.entries = entries
        self._spellings = spellings

    def near(self, key: str) -> list[Near]:
        """Keys that are nearly this one, the best first."""
        if not forgiven(key):
            return []
        keys, documents, lengths, letters = self._columns
        places = may_be_near(key, lengths, letters)
        return nearest(key, [keys[place] for place in places], [documents[place] for place in places])

    @cached_property
    def _columns(self) -> tuple[list[str], list[int], Ints, Letters]:
        documents: Counter[str] = Counter()
        for spelling, count in self._spellings():
            documents[spelling.partition("=")[0]] += count
        keys = list(documents)
        lengths = np.array([len(key) for key in keys], np.int64)
        return keys, list(documents.values()), lengths, np.array([letter_set(key) for key in keys], np.uint32)
