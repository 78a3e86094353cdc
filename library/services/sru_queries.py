"""A search in CQL as a query of the index; what the index can't tell apart is declined, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from harvest.sru.diagnostics import Diagnosed, Number
from harvest.sru.model import ADJACENT, ANY, EQUAL, WITHIN, Condition, Sought
from harvest.sru.tree import Operator
from harvest.sru.words import TermWord, words_of
from indexer.analysis import split
from indexer.model import Facet, Years
from indexer.queries import EVERYTHING, And, InField, Node, Not, Or, Phrase, Prefix, SearchField, Words
from library.marc.dialects import irbis_fields
from library.services.sru_indexes import MEANT, Single

MOST_WORDS = 500
# A beginning stands for many words of the index.
MOST_BEGINNINGS = 4
_YEAR = re.compile("[0-9]{4}")
_RECORD = re.compile(r"(?:.*\D)?([0-9]{1,9})")
# Their names are in the order of a heading, not in that of speech.
_IN_ANY_ORDER = frozenset({SearchField.AUTHOR, SearchField.NUMBER, SearchField.UDC, SearchField.BBK})
_SINGLE_VALUED = frozenset({Facet.YEAR, Facet.MATERIAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of the index: all of it must hold. With `records` it is these and the index is not asked."""

    match: Node | None = None
    filters: Mapping[Facet, frozenset[str]] = field(default_factory=dict)
    years: Years | None = None
    records: frozenset[int] | None = None

    @property
    def node(self) -> Node:
        """The query for the words."""
        return self.match or EVERYTHING

    @property
    def words_only(self) -> Node:
        """The words, where there is nothing else. Raises `Diagnosed`."""
        if self.filters or self.years is not None or self.records is not None:
            raise Diagnosed(Number.INDEX_COMBINATION, "years, languages, types and numbers of records")
        return self.node


def wanted(condition: Condition) -> Wanted:
    """The query of this search. Raises `Diagnosed`."""
    return _Reader().read(condition)


class _Reader:
    """Counts what costs the index."""

    def __init__(self) -> None:
        self._words = 0
        self._beginnings = 0

    def read(self, condition: Condition) -> Wanted:
        """One part of the search."""
        if isinstance(condition, Sought):
            return self._sought(condition)
        left, right = self.read(condition.left), self.read(condition.right)
        if condition.operator is Operator.OR:
            return _either(left, right)
        if condition.operator is Operator.NOT:
            return _both(left, Wanted(match=Not(right.words_only)))
        return _both(left, right)

    def _sought(self, sought: Sought) -> Wanted:
        meant = MEANT[sought.index]
        words = words_of(sought.term)
        self._words += len(words)
        self._beginnings += sum(word.begun for word in words)
        if self._words > MOST_WORDS:
            raise Diagnosed(Number.QUERY_TOO_LONG, f"{MOST_WORDS} words")
        if self._beginnings > MOST_BEGINNINGS:
            raise Diagnosed(Number.TOO_MANY_MASKS, str(MOST_BEGINNINGS))
        if isinstance(meant, SearchField):
            return Wanted(match=_in_field(meant, sought.relation, words))
        texts = [_whole(sought, word) for word in words]
        match meant:
            case Single.EVERYTHING:
                if texts != ["1"]:
                    raise Diagnosed(Number.TERM_FORMAT, "1")
                return Wanted()
            case Single.RECORD:
                return Wanted(records=frozenset(_record(sought, text) for text in _some(sought, texts)))
            case Facet.YEAR:
                return _years(sought, texts)
            case Facet.LANGUAGE:
                codes = frozenset(irbis_fields.language(text) or text for text in _some(sought, texts))
                return Wanted(filters={Facet.LANGUAGE: codes})
            case _:
                return Wanted(filters={meant: frozenset(_some(sought, texts))})


def _in_field(meant: SearchField, relation: str, words: Sequence[TermWord]) -> Node:
    whole = " ".join(word.text for word in words if not word.begun)
    if not any(split(word.text) for word in words):
        raise Diagnosed(Number.EMPTY_TERM)
    begun: list[Node] = [Prefix(word.text) for word in words if word.begun]
    if relation == ADJACENT and begun:
        raise Diagnosed(Number.ADJACENT_AND_MASKED)
    if relation == ANY:
        node = _one_of([*(Words(word.text) for word in words if not word.begun and split(word.text)), *begun])
    elif relation == ADJACENT or (relation == EQUAL and not begun and meant not in _IN_ANY_ORDER):
        node = Phrase(whole)
    else:
        node = _all_of([*([Words(whole)] if split(whole) else []), *begun])
    return node if meant is SearchField.ANY else InField(meant, node)


def _all_of(nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))


def _one_of(nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))


def _whole(sought: Sought, word: TermWord) -> str:
    if word.begun:
        raise Diagnosed(Number.MASKING, sought.index.name)
    return word.text


def _some(sought: Sought, texts: Sequence[str]) -> Sequence[str]:
    """Several values mean any of them, which must be said."""
    if len(texts) > 1 and sought.relation != ANY:
        raise Diagnosed(Number.TERM_FORMAT, " ".join(texts))
    return texts


def _record(sought: Sought, text: str) -> int:
    """The number at the end of an address or identifier of a record, or alone."""
    found = _RECORD.fullmatch(text)
    if found is None:
        raise Diagnosed(Number.TERM_FORMAT, sought.index.name)
    return int(found[1])


def _years(sought: Sought, texts: Sequence[str]) -> Wanted:
    wrong = next((text for text in texts if not _YEAR.fullmatch(text)), None)
    if wrong is not None:
        raise Diagnosed(Number.TERM_FORMAT, wrong)
    years = [int(text) for text in texts]
    if sought.relation == WITHIN:
        if len(years) != len(("first", "last")):
            raise Diagnosed(Number.TERM_FORMAT, " ".join(texts))
        return Wanted(years=Years(first=min(years), last=max(years)))
    (year, *_) = _some(sought, texts)
    match sought.relation:
        case "<" | "<=":
            return Wanted(years=Years(last=int(year) - (sought.relation == "<")))
        case ">" | ">=":
            return Wanted(years=Years(first=int(year) + (sought.relation == ">")))
        case _:
            return Wanted(filters={Facet.YEAR: frozenset(map(str, years))})


def _both(left: Wanted, right: Wanted) -> Wanted:
    if left.records is not None or right.records is not None:
        raise Diagnosed(Number.INDEX_COMBINATION, "rec.identifier")
    filters = dict(left.filters)
    for facet, values in right.filters.items():
        if facet in filters and facet not in _SINGLE_VALUED and filters[facet] != values:
            raise Diagnosed(Number.INDEX_COMBINATION, facet)
        filters[facet] = filters.get(facet, values) & values
    match = _joined(And, [node for node in (left.match, right.match) if node is not None])
    return Wanted(match=match, filters=filters, years=_common(left.years, right.years))


def _common(left: Years | None, right: Years | None) -> Years | None:
    if left is None or right is None:
        return left or right
    firsts = [year for year in (left.first, right.first) if year is not None]
    lasts = [year for year in (left.last, right.last) if year is not None]
    return Years(first=max(firsts, default=None), last=min(lasts, default=None))


def _either(left: Wanted, right: Wanted) -> Wanted:
    if left.records is not None and right.records is not None:
        return Wanted(records=left.records | right.records)
    same = _only_facet(left)
    if same is not None and same == _only_facet(right):
        return replace(left, filters={same: left.filters[same] | right.filters[same]})
    return Wanted(match=_joined(Or, [left.words_only, right.words_only]))


def _only_facet(one: Wanted) -> Facet | None:
    """The facet, where the search has one and nothing else."""
    if one.match is not None or one.years is not None or one.records is not None or len(one.filters) != 1:
        return None
    return next(iter(one.filters))


def _joined(kind: type[And] | type[Or], nodes: Iterable[Node]) -> Node | None:
    """These nodes joined, flat, however the query was bracketed."""
    flat: list[Node] = []
    for node in nodes:
        flat += node.nodes if isinstance(node, kind) else [node]
    return (flat[0] if len(flat) == 1 else kind(tuple(flat))) if flat else None
