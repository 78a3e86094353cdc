"""TXT: the encoding is told by the bytes, the pages by form feeds; without them a text is cut into pieces."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from indexer.extraction import telling
from indexer.extraction.cleaning import PIECE, in_pages
from indexer.extraction.telling import Message

# Bytes; a novel in Cyrillic has two million in UTF-8.
_LONGEST = 64 << 20
_LONGEST_PAGE = 4 * PIECE
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CALLED = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "koi8-r": "KOI8-R"}
_CODE_PAGES = ("cp1251", "cp866", "koi8-r")
_SAMPLE = 1 << 16
_ASCII = bytes(range(0x80))
_HIGH_WORD = re.compile(rb"[\x80-\xff]+")
# The letters of our Cyrillic alphabets, the commonest first: the average of Uzbek, Kyrgyz and Russian.
_COMMON = "аиноетрлсдкбумыгйшзвпхчяюўқғҳжцөүңъьэёщф"
_COST = {letter: place / 8 for place, letter in enumerate(_COMMON)}
_VOWELS = frozenset("аиоеуыэяюёўөү")
_STRANGE, _NO_LETTER, _CAPITAL_INSIDE, _ALL_CAPITALS, _ALIKE = 6.0, 8.0, 4.0, 0.5, 1.5
_SIGNS = frozenset("«»„“”‘’–—…№\xa0•§©°")


def encoding_of(data: bytes) -> str:
    """The encoding of a text, by the name of a codec: UTF-8, UTF-16 that has its mark, cp1251, cp866 or KOI8-R.

    A text in UTF-8 with a few faults is that still. Of the code pages it is the one in which the letters look most like
    words of ours.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    beyond = len(data.translate(None, _ASCII))
    whole = len(data.decode("utf-8", "ignore").encode().translate(None, _ASCII))
    # By chance, only some bytes of a code page make characters of UTF-8.
    if beyond <= whole * 4 / 3:
        return "utf-8"
    sample = b" ".join(_HIGH_WORD.findall(data[:_SAMPLE]))
    return min(_CODE_PAGES, key=lambda name: _strangeness(sample.decode(name, "replace")))


def _strangeness(text: str) -> float:
    """How little this looks like words in Cyrillic: letters that are common, in turns, capitals where they stand."""
    cost = 0.0
    before = " "
    for character in text:
        letter = character.lower()
        if letter in _COST:
            cost += _COST[letter]
            if before.isalpha():
                if character.isupper():
                    cost += _CAPITAL_INSIDE if before.islower() else _ALL_CAPITALS
                # In words, vowels and consonants take turns.
                if (letter in _VOWELS) == (before.lower() in _VOWELS):
                    cost += _ALIKE
        elif character.isalpha():
            cost += _STRANGE
        elif character not in _SIGNS and not character.isspace():
            cost += _NO_LETTER
        before = character
    return cost


def tell(stream: BinaryIO, *, most: int) -> Iterator[Message]:
    """Tell a text (in a child process): at most so many pages."""
    data = stream.read(_LONGEST)
    encoding = encoding_of(data)
    text = data.decode(encoding, "replace")
    pages = list(in_pages(_without_last_empty(text.split("\f")), _LONGEST_PAGE))
    # What is beyond is not counted, but must not be passed over in silence.
    rest = len(stream.read(1))
    yield telling.head(len(pages) + rest, f"TXT {_CALLED.get(encoding, encoding)}")
    for page in pages[:most]:
        yield telling.page(page)


def _without_last_empty(pages: list[str]) -> list[str]:
    """Printers end the last page, too, with a form feed."""
    return pages[:-1] if len(pages) > 1 and not pages[-1].strip() else pages
