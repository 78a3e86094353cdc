"""A query after analysis: the words with their forms, the fields they are looked for in. Engines match plans only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indexer import folding
from indexer.analysis import Analyser, Word, split, split_notation
from indexer.classification import bbk_asked
from indexer.fields import SEARCHED, IndexField
from indexer.queries import And, Everything, InField, Node, Not, Or, Phrase, Prefix, SearchField, Words


@dataclass(frozen=True, slots=True)
class WordIn:
    """A word in any of these fields: by its keys and stems, and by its loose key when the search is loosened."""

    fields: tuple[IndexField, ...]
    word: Word


@dataclass(frozen=True, slots=True)
class PhraseIn:
    """Words side by side in one of these fields, by their keys, or by their loose keys when the search is loosened."""

    fields: tuple[IndexField, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class PrefixIn:
    """A word in any of these fields whose key begins with one of these."""

    fields: tuple[IndexField, ...]
    beginnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Entries that match every one."""

    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Entries that match at least one; nothing when there is none."""

    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Entries that do not match. Never loosened: what a reader excludes is excluded as typed."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Whatever:
    """All entries."""


Leaf = WordIn | PhraseIn | PrefixIn
Plan = WordIn | PhraseIn | PrefixIn | AllOf | AnyOf | Without | Whatever
NOTHING = AnyOf(())


def make_plan(node: Node, analyser: Analyser) -> Plan:
    """The plan of a query. A part without a single word is left out; if that is all there is, nothing matches."""
    return _plan(node, SearchField.ANY, analyser) or NOTHING


def _plan(node: Node, field: SearchField, analyser: Analyser) -> Plan | None:  # noqa: PLR0911 - one a kind of node
    match node:
        case Words(text):
            return _all_of([_word(word, field, analyser) for word in _split(text, field)])
        case Phrase(text):
            return _phrase(text, field, analyser)
        case Prefix(text):
            return _prefix(text, field, analyser)
        case InField(inner, part):
            return _plan(part, inner, analyser)
        case And(nodes):
            return _all_of([_plan(part, field, analyser) for part in nodes])
        case Or(nodes):
            plans = tuple(dict.fromkeys(plan for part in nodes if (plan := _plan(part, field, analyser)) is not None))
            return (plans[0] if len(plans) == 1 else AnyOf(plans)) if plans else None
        case Not(part):
            inside = _plan(part, field, analyser)
            return None if inside is None else Without(inside)
        case Everything():
            return Whatever()


def _all_of(parts: list[Plan | None]) -> Plan | None:
    plans = tuple(dict.fromkeys(plan for plan in parts if plan is not None))
    return (plans[0] if len(plans) == 1 else AllOf(plans)) if plans else None


def _split(text: str, field: SearchField) -> list[str]:
    if field in (SearchField.UDC, SearchField.BBK):
        return split_notation(text)
    if field is SearchField.NUMBER:
        # An ISBN typed with spaces is one number.
        whole = "".join(split_notation(text))
        if len(whole) in (8, 10, 13) and whole[:-1].isdecimal():
            return [whole]
    return split(text)


def _word(surface: str, field: SearchField, analyser: Analyser) -> Plan:
    fields = SEARCHED[field]
    # A class number means the class and all that is under it.
    if field is SearchField.UDC:
        return PrefixIn(fields, (folding.fold_surface(surface),))
    if field is SearchField.BBK:
        return PrefixIn(fields, tuple(map(folding.fold_surface, bbk_asked(surface))))
    return WordIn(fields, analyser.word(surface))


def _phrase(text: str, field: SearchField, analyser: Analyser) -> Plan | None:
    surfaces = _split(text, field)
    if len(surfaces) == 1 or field in (SearchField.UDC, SearchField.BBK):
        return _all_of([_word(surface, field, analyser) for surface in surfaces])
    return PhraseIn(SEARCHED[field], tuple(map(analyser.word, surfaces)))


def _prefix(text: str, field: SearchField, analyser: Analyser) -> Plan | None:
    *whole, last = _split(text, field) or [""]
    if not last:
        return None
    parts: list[Plan | None] = [_word(surface, field, analyser) for surface in whole]
    return _all_of([*parts, PrefixIn(SEARCHED[field], beginnings(last))])


# Half of a letter that old Latin writes with two signs.
_HALVES = {"s": "ş", "c": "ç", "o": "ö", "g": "ğ"}


def beginnings(surface: str) -> tuple[str, ...]:
    """The keys that a word typed so far may begin with: s may become sh, o may become oʻ."""
    key = folding.fold_surface(surface)
    if surface.isascii() and (other := _HALVES.get(surface[-1:])):
        return key, key[:-1] + other
    return (key,)


def body_leaves(plan: Plan) -> Iterator[Leaf]:
    """The parts of a plan that are looked for in full texts, those that are to be absent left out."""
    match plan:
        case WordIn() | PhraseIn() | PrefixIn():
            if IndexField.BODY in plan.fields:
                yield plan
        case AllOf(plans) | AnyOf(plans):
            for part in plans:
                yield from body_leaves(part)
        case Without() | Whatever():
            return
