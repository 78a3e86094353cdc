"""The rows of letters that lists are browsed by, each in the order of its language."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from indexer.folding import APOSTROPHES
from indexer.sorting import LANGUAGES as ALPHABETS
from indexer.sorting import sort_key
from library.db.browsing import Beginnings

__all__ = ["ALPHABETS", "LETTERS", "OTHER", "beginnings", "head_of", "letter_of"]

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
_LATIN = (("a", "{"), ("\u00c0", "\u0250"))
_BY_KEY: Mapping[str, Mapping[str, str]] = {
    alphabet: {sort_key(letter, alphabet): letter for letter in letters} for alphabet, letters in LETTERS.items()
}
_IN_TITLES: Mapping[str, tuple[str, ...]] = {
    "Oʻ": (*(f"o{sign}" for sign in APOSTROPHES), "ö", "õ"),
    "Gʻ": (*(f"g{sign}" for sign in APOSTROPHES), "ğ"),
    "Sh": ("sh", "ş"),
    "Ch": ("ch", "ç"),
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


def beginnings(letter: str, alphabet: str) -> Beginnings:
    """The titles that stand under a letter of an alphabet, or under `OTHER`."""
    if letter == OTHER:
        firsts = tuple(dict.fromkeys(head[0] for one in LETTERS[alphabet] for head in _heads(one, alphabet)))
        return Beginnings(but=firsts, ranges=_LATIN if _is_cyrillic(alphabet) else (_CYRILLIC,))
    heads = _heads(letter, alphabet)
    others = (head for other in LETTERS[alphabet] if other != letter for head in _heads(other, alphabet))
    return Beginnings(heads=heads, but=tuple(head for head in others if len(head) > 1 and head[0] in heads))


def _heads(letter: str, alphabet: str) -> tuple[str, ...]:
    if alphabet == "uz-Latn" and letter in _IN_TITLES:
        return _IN_TITLES[letter]
    # Russian ё stands with е.
    return ("е", "ё") if alphabet == "ru" and letter == "Е" else (letter.lower(),)


def _is_cyrillic(alphabet: str) -> bool:
    return LETTERS[alphabet][0] == "А"
