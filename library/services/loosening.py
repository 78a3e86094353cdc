"""What to loosen in a search that found nothing, and how much each change would find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from indexer.model import Query
from indexer.queries import And, InField, Node, Not, Or, Phrase, Words
from indexer.search_index import IndexUnavailable, SearchIndex
from indexer.typed import typed
from library.domain.errors import N_, SearchUnavailable
from library.services.asked import LONGEST_QUERY, Asked
from library.services.search import parsed

# Each change costs a question to the index.
MOST_COUNTS = 10
MOST_WORDS = 5


class Change(StrEnum):
    """What is given up."""

    FILTER = "filter"
    YEARS = "years"
    ALL_FILTERS = "all-filters"
    WORD = "word"
    ORDER = "order"
    ANY_WORD = "any-word"
    ANY_WORD_ANYWHERE = "any-word-anywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loosened:
    """The changed search and how many records it finds; `what` is the facet or the word that was given up."""

    change: Change
    asked: Asked
    what: str = ""
    count: int = 0


class Loosening:
    """Asks the index for counts alone."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def ways(self, asked: Asked) -> tuple[Loosened, ...]:
        """The changes that find something, at most `MOST_COUNTS` questions to the index.

        Raises `SearchUnavailable` and `QueryTooLong`.
        """
        # Signs between the words can make a query longer than the results page takes.
        changes = (way for way in _changes(asked) if len(way.asked.words) <= LONGEST_QUERY)
        tried = (replace(way, count=self.count(way.asked)) for way in islice(changes, MOST_COUNTS))
        return tuple(way for way in tried if way.count)

    def count(self, asked: Asked) -> int:
        """How many records a search finds: one question to the index."""
        request = asked.request()
        try:
            return self._index.count(Query(match=parsed(request.words), filters=request.filters, years=request.years))
        except IndexUnavailable as error:
            raise SearchUnavailable(
                N_("The search index is being made anew. The catalogue can be browsed by title meanwhile.")
            ) from error


def _changes(asked: Asked) -> Iterator[Loosened]:
    narrowed = len(asked.filters) + (asked.years is not None)
    node = parsed(asked.words)
    units = _units(node)
    any_word = asked.saying(typed(Or(tuple(units)))) if len(units) > 1 else None
    if narrowed > 1:
        yield Loosened(change=Change.ALL_FILTERS, asked=asked.without_filters())
    for facet in list(asked.filters)[:MOST_WORDS]:
        yield Loosened(change=Change.FILTER, asked=asked.without(facet), what=facet.value)
    if asked.years is not None:
        yield Loosened(change=Change.YEARS, asked=asked.between(None))
    if any_word is not None:
        yield Loosened(change=Change.ANY_WORD, asked=any_word)
        if narrowed:
            yield Loosened(change=Change.ANY_WORD_ANYWHERE, asked=any_word.without_filters())
    plain = _without_order(node)
    if plain != node:
        yield Loosened(change=Change.ORDER, asked=asked.saying(typed(plain)))
    for place, unit in enumerate(units[:MOST_WORDS] if len(units) > 1 else ()):
        rest = [*units[:place], *units[place + 1 :]]
        if not all(isinstance(node, Not) for node in rest):
            yield Loosened(change=Change.WORD, asked=asked.saying(typed(And(tuple(rest)))), what=typed(unit))


def _units(node: Node) -> list[Node]:
    """What all has to be met: single words, phrases, fields, brackets."""
    match node:
        case Words(text):
            return [Words(word) for word in dict.fromkeys(text.split())]
        case And(nodes):
            return [unit for part in nodes for unit in _units(part)]
        case _:
            return [node]


def _without_order(node: Node) -> Node:
    """The same with the words of phrases in any order."""
    match node:
        case Phrase(text) if len(text.split()) > 1:
            return Words(text)
        case InField(field, part):
            return InField(field, _without_order(part))
        case And(nodes):
            return And(tuple(map(_without_order, nodes)))
        case Or(nodes):
            return Or(tuple(map(_without_order, nodes)))
        case _:
            return node
