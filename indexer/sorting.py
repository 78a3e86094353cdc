"""The order of the alphabets, as keys that compare: Uzbek in both scripts, Kyrgyz, Russian, English.

In a list of several languages Latin stands before Cyrillic, as the first letters of the keys do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from indexer import folding

LANGUAGES = ("uz-Latn", "uz-Cyrl", "ky", "ru", "en")
# No two of our alphabets disagree about letters they share, so a letter has one place whatever the language: lists of
# several languages are in one order. What stays with the language is which letters it has: sh is one in Uzbek and two
# in English, and Russian ё is е.
LATIN = "abcdefghijklmnopqrstuvwxyzöğşç"
CYRILLIC = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюяўқғҳ"
# Keys are letters of one private alphabet: first what is no letter, then digits, Latin, Cyrillic.
LATIN_START = 0x100
CYRILLIC_START = 0x200
PLACES = {letter: LATIN_START + place for place, letter in enumerate(LATIN)} | {
    letter: CYRILLIC_START + place for place, letter in enumerate(CYRILLIC)
}
_TABLE = {ord(letter): place for letter, place in PLACES.items()}
_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]*)?")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN_ORDER = {"uz": "uz-Latn", "uzb": "uz-Latn", "kaa": "uz-Latn", "en": "en", "eng": "en"}
_CYRILLIC_ORDER = {
    "uz": "uz-Cyrl",
    "uzb": "uz-Cyrl",
    "kaa": "uz-Cyrl",
    "ky": "ky",
    "kir": "ky",
    "ru": "ru",
    "rus": "ru",
}


def alphabet_of(text: str, languages: Sequence[str]) -> str:
    """The one of `LANGUAGES` whose alphabet orders a text, by its script and the codes of its languages (uzb, …)."""
    orders, otherwise = (_CYRILLIC_ORDER, "ru") if _CYRILLIC.search(text) else (_LATIN_ORDER, "en")
    return next((orders[code] for code in languages if code in orders), otherwise)


def sort_key(text: str, language: str) -> str:
    """A key that orders texts by the alphabet of a language (one of `LANGUAGES`, any other as English).

    Signs and quotation marks do not count, words are compared one after another; Russian ё stands with е, as in
    catalogues.
    """
    words = _WORDS.findall(folding.surface(text))
    return "\t".join(_letters(word, language).translate(_TABLE) for word in words)


def _letters(word: str, language: str) -> str:
    if language == "uz-Latn":
        return (
            word.replace("o'", "ö").replace("õ", "ö").replace("g'", "ğ").replace("sh", "ş").replace("ch", "ç")
        ).replace("'", "")
    if language == "ru":
        word = word.replace("ё", "е")
    return "".join(map(_plain, word)) if not word.isascii() else word.replace("'", "")


def _plain(letter: str) -> str:
    """A Latin letter without the marks that other alphabets give it."""
    if letter == "'":
        return ""
    plain = unicodedata.normalize("NFD", letter)[0]
    return plain if plain.isascii() else letter
