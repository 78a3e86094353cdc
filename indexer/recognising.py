"""Telling which spellings of a page are meant by a query, where an engine does not say what it matched."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from indexer.analysis import Analyser, Word
from indexer.folding import initials, loosened
from indexer.plan import Leaf, PhraseIn, PrefixIn, WordIn
from indexer.snippets import Wanted

# How many letters all forms of a word have in common at the least: stems are cut at the end only.
_ALIKE = 2
# The stems of Russian words do not tell ё from е.
_YE_AND_YO = frozenset(("ye", "yo"))


def recognisers(leaf: Leaf, analyser: Analyser, *, loose: bool) -> Wanted:
    """What recognises each word of a part of a plan."""
    match leaf:
        case WordIn(_, word):
            return [_of_word(word, analyser, stems=True, loose=loose)]
        case PhraseIn(_, words):
            return [_of_word(word, analyser, stems=False, loose=loose) for word in words]
        case PrefixIn(_, beginnings):
            return [_of_beginning(beginnings, analyser, loose=loose)]


class _Recogniser:
    """Looks at each spelling once, and closely only at those with a fitting first letter."""

    def __init__(self, forms: Iterable[str], fits: Callable[[str], bool]) -> None:
        self._initials = frozenset().union(*map(initials, forms))
        self._fits = fits
        self._seen: set[str] = set()
        self._fitting: set[str] = set()

    def __call__(self, spellings: frozenset[str]) -> frozenset[str]:
        new = spellings - self._seen
        self._seen |= new
        self._fitting.update(spelling for spelling in new if spelling[0] in self._initials and self._fits(spelling))
        return spellings & self._fitting


def _of_word(word: Word, analyser: Analyser, *, stems: bool, loose: bool) -> _Recogniser:
    wanted = {*word.keys, *(word.stems if stems else ())}
    wanted_loose = frozenset(word.loose) if loose else frozenset()
    forms = word.loose if loose else word.keys
    beginnings = {form[:_ALIKE] for form in forms}
    if not beginnings.isdisjoint(_YE_AND_YO):
        beginnings |= _YE_AND_YO

    def fits(spelling: str) -> bool:
        if not spelling[0].isdigit() and beginnings.isdisjoint(
            form[:_ALIKE] for form in _keys(spelling, analyser, loose=loose)
        ):
            return False
        found = analyser.word(spelling)
        return not (
            wanted.isdisjoint((*found.keys, *found.parts, *(found.stems if stems else ())))
            and wanted_loose.isdisjoint(found.loose)
        )

    return _Recogniser(forms, fits)


def _of_beginning(beginnings: tuple[str, ...], analyser: Analyser, *, loose: bool) -> _Recogniser:
    wanted = tuple(form for beginning in beginnings for form in loosened(beginning)) if loose else beginnings
    return _Recogniser(
        wanted, lambda spelling: any(form.startswith(wanted) for form in _keys(spelling, analyser, loose=loose))
    )


def _keys(spelling: str, analyser: Analyser, *, loose: bool) -> tuple[str, ...]:
    keys = analyser.keys(spelling)
    return tuple(form for key in keys for form in loosened(key)) if loose else keys
