"""The rows of letters that lists are browsed by, each in the order of its language."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Mapping

from indexer.sorting import LANGUAGES as ALPHABETS
from indexer.sorting import PLACES, sort_key
from library.db.browsing import KeyRange
from library.db.title_keys import CYRILLIC_SPANS, LATIN_SPANS

__all__ = ["ALPHABETS", "LETTERS", "OTHER", "head_of", "key_ranges", "letter_of"]

# What begins with no letter of an alphabet: figures, letters of other languages.
OTHER = "other"
LETTERS: Mapping[str, tuple[str, ...]] = {
    "uz-Latn": (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "Oʻ", "Gʻ", "Sh", "Ch"),
    "uz-Cyrl": tuple("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЭЮЯЎҚҒҲ"),
    "ky": tuple("АБВГДЕЁЖЗИЙКЛМНҢОӨПРСТУҮФХЦЧШЩЫЭЮЯ"),
    "ru": tuple("АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЫЭЮЯ"),
    "en": tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
}
_CYRILLIC = ("\u0400", "\u0530")
_BY_KEY: Mapping[str, Mapping[str, str]] = {
    alphabet: {sort_key(letter, alphabet): letter for letter in letters} for alphabet, letters in LETTERS.items()
}
# A letter is two signs at most, and an apostrophe after it may part them; signs before it are passed over.
_HEAD = 3
_HEAD_AFTER_SIGNS = 12


def head_of(text: str) -> str:
    """As much of a text as tells its letter: equal heads stand under equal letters."""
    text = text.lstrip()
    return text[:_HEAD] if text[:1].isalnum() else text[:_HEAD_AFTER_SIGNS]


def letter_of(text: str, alphabet: str) -> str | None:
    """The letter a text stands under; None where it is of the other script and so stands in other alphabets."""
    first = next((letter for letter in text if letter.isalnum()), "")
    cyrillic = _CYRILLIC[0] <= first < _CYRILLIC[1]
    if _is_cyrillic(alphabet) != cyrillic and (cyrillic or unicodedata.name(first or " ").startswith("LATIN")):
        return None
    return _BY_KEY[alphabet].get(sort_key(head_of(text), alphabet)[:1], OTHER)


def key_ranges(letter: str, alphabet: str) -> tuple[KeyRange, ...]:
    """The keys of the titles that stand under a letter of an alphabet, or under `OTHER`."""
    stands = _LETTER_AT[alphabet]
    if letter != OTHER:
        return tuple(_range(place, place + 1) for place, under in stands.items() if under == letter)
    own = [(place, place + 1) for place, under in stands.items() if under not in (None, OTHER)]
    foreign = LATIN_SPANS if _is_cyrillic(alphabet) else CYRILLIC_SPANS
    return tuple(_range(low, high) for low, high in _between(sorted([*own, *foreign])))


def _between(taken: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    free = 0
    for low, high in taken:
        if free < low:
            yield free, low
        free = max(free, high)
    yield free, sys.maxunicode


def _range(low: int, high: int) -> KeyRange:
    return KeyRange(first=chr(low) if low else "", end=chr(high) if high < sys.maxunicode else "")


def _is_cyrillic(alphabet: str) -> bool:
    return LETTERS[alphabet][0] == "А"


_LETTER_AT: Mapping[str, Mapping[int, str | None]] = {
    alphabet: {place: letter_of(letter, alphabet) for letter, place in PLACES.items()} for alphabet in ALPHABETS
}
