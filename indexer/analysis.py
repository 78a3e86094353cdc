"""The one normaliser that feeds every engine: text to words, and each word to the forms it can be found by.

Engines index what `split` gives and the forms `Analyser.word` names; a query goes through the same two steps. So all
engines see the same words, and what matches is decided here and nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer import folding
from indexer.stemming import Stems

# Words are cut after so many letters: nobody types longer ones, and engines refuse them.
_LETTERS = r"[^\W\d_]\w{0,79}(?:'\w{1,40}){0,3}(?:(?<=[ogõ])')?"
# In 'kino' the signs are quotation marks, though o' is a letter.
_QUOTED = r"(?<=')[^\W\d_]\w{0,79}(?='(?!\w))"
_DATE = r"\d{1,2}[./]\d{1,2}[./]\d{4}(?!\w)|\d{4}-\d{2}-\d{2}(?!\w)"
_STANDARD_NUMBER = (
    r"(?:\d[-‐‑–]?){9}[\dxх](?![\w-])|97[89][-‐‑–]?(?:\d[-‐‑–]?){9}\d(?![\w-])|\d{4}[-‐‑–]\d{3}[\dxх](?![\w-])"
)
_NUMBER = r"\d{1,40}(?:\.\d{1,20}){0,9}\w{0,40}"
_TOKEN = re.compile(f"{_QUOTED}|{_LETTERS}|{_DATE}|{_STANDARD_NUMBER}|{_NUMBER}")
_NOTATION = re.compile(r"\w{1,40}(?:\.\w{1,40}){0,9}")

_ISSN_LENGTH, _ISBN10_LENGTH = 8, 10
# In shorter words ё and е are two Uzbek words more often than one Russian: ёр, ер.
_LONG_ENOUGH_FOR_YO = 4
_UZBEK = re.compile("[ўқғҳ]")

_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})$")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})$")
_HYPHENS = str.maketrans("хХ", "xx", "-‐‑–")
_HYPHENATED = re.compile(r"\d[\d\-‐‑–]*[-‐‑–][\d\-‐‑–]*[\dxх]$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word and the forms it is found by, from the closest to the loosest.

    `keys` begins with the strict key; a second one is there when a word has two right spellings (Russian ё and е).
    `stems` are marked with their language. `parts` are found but do not find: the year of a date.
    """

    surface: str
    keys: tuple[str, ...]
    stems: tuple[str, ...]
    loose: tuple[str, ...]
    parts: tuple[str, ...] = ()


def split(text: str) -> list[str]:
    """The words of a text in order, as surfaces. A number, a date, an ISBN or ISSN is one word, without its hyphens."""
    words = _TOKEN.findall(folding.surface(text))
    if any(word[0].isdigit() and _HYPHENATED.match(word) for word in words):
        return [part for word in words for part in _standard_numbers(word)]
    return words


def split_notation(text: str) -> list[str]:
    """The parts of a class number as surfaces: 512.133(075.8) is 512.133 and 075.8."""
    return _NOTATION.findall(folding.surface(text))


def _standard_numbers(word: str) -> list[str]:
    if not _HYPHENATED.match(word) or _YEAR_FIRST.match(word):
        return [word]
    compact = word.translate(_HYPHENS)
    if len(compact) == _ISSN_LENGTH and not _is_issn(compact):
        # Two years.
        return [compact[:4], compact[4:]]
    return [compact]


class Analyser:
    """Gives words their forms. Not to be shared by threads."""

    def __init__(self) -> None:
        self._stems = Stems()

    def words(self, text: str) -> list[Word]:
        """The words of a text with their forms."""
        return [self.word(surface) for surface in split(text)]

    def word(self, surface: str) -> Word:
        """The forms of one surface."""
        if surface[:1].isdigit():
            return _number(surface)
        keys = self.keys(surface)
        return Word(surface, keys, self._stems.of(surface, keys[0]), folding.loosened(keys[0]))

    def keys(self, surface: str) -> tuple[str, ...]:
        """Only the keys of a surface, which are quicker to have."""
        if surface[:1].isdigit():
            return _number(surface).keys
        key = folding.fold_surface(surface)
        if "ё" in surface and len(surface) >= _LONG_ENOUGH_FOR_YO and not _UZBEK.search(surface):
            return key, folding.fold_surface(surface.replace("ё", "е"))
        return (key,)


def _number(surface: str) -> Word:
    if date := _DAY_FIRST.match(surface):
        day, month, year = date.groups()
        key = f"{year}-{month:0>2}-{day:0>2}"
        return Word(surface, (key,), (), (key,), (year,))
    if date := _YEAR_FIRST.match(surface):
        return Word(surface, (surface,), (), (surface,), (date[1],))
    key = folding.fold_surface(surface)
    if len(key) == _ISBN10_LENGTH and _is_isbn10(key):
        key = _isbn13(key)
    return Word(surface, (key,), (), (key,))


def _is_isbn10(number: str) -> bool:
    if not number[:9].isdecimal() or not (number[9].isdecimal() or number[9] == "x"):
        return False
    digits = [*map(int, number[:9]), 10 if number[9] == "x" else int(number[9])]
    return sum(weight * digit for weight, digit in zip(range(10, 0, -1), digits, strict=True)) % 11 == 0


def _isbn13(isbn10: str) -> str:
    body = "978" + isbn10[:9]
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return body + str(-total % 10)


def _is_issn(number: str) -> bool:
    digits = [*map(int, number[:7]), 10 if number[7] == "x" else int(number[7])]
    return sum(weight * digit for weight, digit in zip(range(8, 0, -1), digits, strict=True)) % 11 == 0
