"""The order of the alphabets, as keys that compare: Uzbek in both scripts, Kyrgyz, Russian, English.

In a list of several languages Latin stands before Cyrillic, as the first letters of the keys do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from indexer import folding

_ALPHABETS = {
    "uz-Latn": "a b c d e f g h i j k l m n o p q r s t u v w x y z ö ğ ş ç",
    "uz-Cyrl": "а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я ў қ ғ ҳ",
    "ky": "а б в г д е ё ж з и й к л м н ң о ө п р с т у ү ф х ц ч ш щ ъ ы ь э ю я",
    "ru": "а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я",
    "en": "a b c d e f g h i j k l m n o p q r s t u v w x y z",
}
LANGUAGES = tuple(_ALPHABETS)

# Keys are letters of one private alphabet: first what is no letter, then digits, Latin, Cyrillic.
_LATIN_START = 0x100
_CYRILLIC_START = 0x200


def _table(language: str) -> dict[int, str]:
    table: dict[int, str] = {}
    for alphabet, start in (("en", _LATIN_START), ("ru", _CYRILLIC_START)):
        table |= _places(_ALPHABETS[alphabet], start)
    own_start = _LATIN_START if language in ("uz-Latn", "en") else _CYRILLIC_START
    return table | _places(_ALPHABETS[language], own_start)


def _places(alphabet: str, start: int) -> dict[int, str]:
    return {ord(letter): chr(start + place) for place, letter in enumerate(alphabet.split())}


_TABLES = {language: _table(language) for language in LANGUAGES}
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
    table = _TABLES.get(language, _TABLES["en"])
    return "\t".join(_letters(word, language).translate(table) for word in words)


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
