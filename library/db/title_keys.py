"""The keys that titles are ordered by: each by the alphabet of its own language, all of them in one line.

`indexer.sorting` counts the letters of each language by themselves, so that one place is another letter in another
language. In these keys a letter has one place whatever the language: that can be, as no two of our alphabets disagree
about letters they share. What stays with the language is which letters it has: sh is one in Uzbek, two in English, and
Russian ё is е.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.sorting import LANGUAGES, alphabet_of, sort_key

TITLE_KEY_LENGTH = 200
LATIN = "abcdefghijklmnopqrstuvwxyzöğşç"
CYRILLIC = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюяўқғҳ"
_LATIN_START, _CYRILLIC_START = 0x100, 0x200
# Letters that no alphabet of ours has keep their own code points in a key.
LATIN_SPANS = ((0xC0, _CYRILLIC_START),)
CYRILLIC_SPANS = ((_CYRILLIC_START, 0x300), (0x400, 0x530))
PLACES = {letter: _LATIN_START + place for place, letter in enumerate(LATIN)} | {
    letter: _CYRILLIC_START + place for place, letter in enumerate(CYRILLIC)
}


def title_key(title: str, languages: Sequence[str]) -> str:
    """The key of a title of a record in these languages (ISO 639-2); signs, quotation marks and case do not count.

    It begins with the place of the first letter, one of `PLACES` for letters of our alphabets.
    """
    alphabet = _alphabet(title, languages)
    return sort_key(title, alphabet).translate(_TABLES[alphabet])[:TITLE_KEY_LENGTH]


def _alphabet(title: str, languages: Sequence[str]) -> str:
    """By the script a title begins in: a word in another one further on changes nothing."""
    alphabet = alphabet_of(next(filter(str.isalpha, title), ""), languages)
    # In the catalogues we take over, what is in Latin and says no language is Uzbek more often than not.
    return "uz-Latn" if alphabet == "en" and not languages else alphabet


def _table(alphabet: str) -> dict[int, int]:
    table: dict[int, int] = {}
    for letter, place in PLACES.items():
        # A letter that is spelled as another one, as Russian ё, comes after it and leaves it its place.
        table.setdefault(ord(sort_key(letter, alphabet)), place)
    return table


_TABLES = {alphabet: _table(alphabet) for alphabet in LANGUAGES}
