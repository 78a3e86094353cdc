"""Browsing: authors and subjects by letter, titles by letter, classes with their counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from indexer.model import Facet, FacetValue, IndexState, Query
from indexer.search_index import IndexUnavailable, SearchIndex
from indexer.sorting import sort_key
from library.db.browsing import BrowsedRecords
from library.db.records import ListedRecord
from library.db.unit_of_work import Database
from library.domain.errors import N_, SearchUnavailable
from library.domain.record import Status
from library.services.alphabets import LETTERS, OTHER, head_of, key_ranges, letter_of
from library.services.catalogue import BrowsePage

LISTED = (Facet.AUTHOR, Facet.SUBJECT)
SCHEMES = (Facet.UDC, Facet.BBK)
# Of more authors or subjects than this the rarest are left to the search: the lists are held in memory.
MOST_VALUES = 250_000
MOST_CLASSES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter of an alphabet, or `OTHER`, and how many values begin with it."""

    letter: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The values under one letter, a page of them, and all the letters there are; `letter` is empty if none has any."""

    letters: tuple[Letter, ...]
    letter: str
    values: tuple[FacetValue, ...]
    page: int
    pages: int


@dataclass(slots=True)
class _Kept:
    """All values of one facet as they stood in one state of the index; letters are sorted when first asked for."""

    state: IndexState
    values: tuple[FacetValue, ...]
    letters: dict[str, dict[str, list[FacetValue]]] = field(default_factory=dict)
    in_order: dict[tuple[str, str], tuple[FacetValue, ...]] = field(default_factory=dict)


class Browsing:
    """Asks the index for values and counts, the database for titles. One object may serve many threads."""

    def __init__(self, database: Database, index: SearchIndex) -> None:
        self._database = database
        self._browsed = BrowsedRecords(database)
        self._index = index
        self._kept: dict[Facet, _Kept] = {}
        self._lock = Lock()

    def values(self, facet: Facet, alphabet: str, letter: str, page: int, size: int) -> Stretch:
        """Authors or subjects under a letter of an alphabet, in its order; another letter means the first there is.

        One question to the index after it has changed, else none. Raises `SearchUnavailable`.
        """
        with self._lock:
            kept = self._latest(facet)
            by_letter = kept.letters.get(alphabet) or kept.letters.setdefault(alphabet, _by_letter(kept, alphabet))
            row = tuple(Letter(letter=one, count=len(by_letter.get(one, ()))) for one in (*LETTERS[alphabet], OTHER))
            chosen = letter if letter in by_letter else next((one.letter for one in row if one.count), "")
            values = _in_order(kept, alphabet, chosen) if chosen else ()
        pages = max(-(-len(values) // size), 1)
        page = min(max(page, 1), pages)
        return Stretch(
            letters=row, letter=chosen, values=values[(page - 1) * size : page * size], page=page, pages=pages
        )

    def classes(self, scheme: Facet) -> Mapping[str, int]:
        """How many records each class has, main classes and those under them: one question to the index.

        Raises `SearchUnavailable`.
        """
        return {found.value: found.count for found in self._ask(scheme, MOST_CLASSES)}

    def titles(self, alphabet: str, letter: str, after: int | None, limit: int) -> BrowsePage:
        """Published records whose titles begin so, from the one after record `after`: two queries, no index."""
        numbers = self._browsed.titles(key_ranges(letter, alphabet), after, limit + 1)
        shown = numbers[:limit]
        records = self._read(shown)
        return BrowsePage(
            records=tuple(records[number] for number in shown if number in records),
            next=shown[-1] if len(numbers) > limit else None,
        )

    def _read(self, numbers: Sequence[int]) -> dict[int, ListedRecord]:
        with self._database.reading() as view:
            listed = view.records.listed(numbers)
        return {number: record for number, record in listed.items() if record.status is Status.PUBLISHED}

    def _latest(self, facet: Facet) -> _Kept:
        try:
            state = self._index.state()
        except IndexUnavailable as error:
            raise _unavailable() from error
        kept = self._kept.get(facet)
        if kept is None or kept.state != state:
            kept = self._kept[facet] = _Kept(state, self._ask(facet, MOST_VALUES))
        return kept

    def _ask(self, facet: Facet, most: int) -> tuple[FacetValue, ...]:
        try:
            return self._index.search(Query(facets=(facet,), size=1, facet_size=most)).facets[facet]
        except IndexUnavailable as error:
            raise _unavailable() from error


def _unavailable() -> SearchUnavailable:
    return SearchUnavailable(
        N_("The search index is being made anew. The catalogue can be browsed by title meanwhile.")
    )


def _by_letter(kept: _Kept, alphabet: str) -> dict[str, list[FacetValue]]:
    letters: dict[str, list[FacetValue]] = {}
    # Names begin alike: far fewer heads than values.
    known: dict[str, str | None] = {}
    for found in kept.values:
        head = head_of(found.value)
        if head not in known:
            known[head] = letter_of(head, alphabet)
        letter = known[head]
        if letter is not None:
            letters.setdefault(letter, []).append(found)
    return letters


def _in_order(kept: _Kept, alphabet: str, letter: str) -> tuple[FacetValue, ...]:
    place = (alphabet, letter)
    if place not in kept.in_order:
        values = kept.letters[alphabet][letter]
        kept.in_order[place] = tuple(sorted(values, key=lambda found: (sort_key(found.value, alphabet), found.value)))
    return kept.in_order[place]
