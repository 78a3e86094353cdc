"""The keys that titles are ordered by, each by the alphabet of its own language, all of them in one line."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.sorting import CYRILLIC_START, alphabet_of, sort_key

TITLE_KEY_LENGTH = 200
# Letters that no alphabet of ours has keep their own code points in a key.
LATIN_SPANS = ((0xC0, CYRILLIC_START),)
CYRILLIC_SPANS = ((CYRILLIC_START, 0x300), (0x400, 0x530))


def title_key(title: str, languages: Sequence[str]) -> str:
    """The key of a title of a record in these languages (ISO 639-2); signs, quotation marks and case do not count.

    It begins with the place of the first letter, one of `indexer.sorting.PLACES` for letters of our alphabets.
    """
    return sort_key(title, _alphabet(title, languages))[:TITLE_KEY_LENGTH]


def _alphabet(title: str, languages: Sequence[str]) -> str:
    """By the script a title begins in: a word in another one further on changes nothing."""
    alphabet = alphabet_of(next(filter(str.isalpha, title), ""), languages)
    # In the catalogues we take over, what is in Latin and says no language is Uzbek more often than not.
    return "uz-Latn" if alphabet == "en" and not languages else alphabet
