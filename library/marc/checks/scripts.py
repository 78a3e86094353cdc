"""Words that mix Latin and Cyrillic letters, and characters that nobody sees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from library.domain.errors import N_, Message

_WORD = re.compile(r"[^\W\d_]+(?:[ʻʼ’‘'`][^\W\d_]+)*")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[A-Za-zÀ-ɏ]")
# An abbreviation with the ending of a Cyrillic word: "PDFнинг", "XXга".
_WITH_ENDING = re.compile("[A-Z]{2,}[\u0430-\u044f\u0450-\u045f\u0490-\u052f]+")
_TO_CYRILLIC = dict(zip("aceopxyiABCEHIKMOPTXY", "асеорхуіАВСЕНІКМОРТХУ", strict=True))
_TO_LATIN = {cyrillic: latin for latin, cyrillic in _TO_CYRILLIC.items()}
# Soft hyphen, zero-width characters, direction marks, the byte order mark inside a text.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def script_problems(text: str) -> Iterator[Message]:
    """A message for each word of two scripts, with the word in one of them where it can be told."""
    for word in mixed_words(text):
        right = in_one_script(word)
        if right:
            yield Message.of(
                N_("“{word}” mixes Latin and Cyrillic letters; in one script it is “{right}”."), word=word, right=right
            )
        else:
            yield Message.of(N_("“{word}” mixes Latin and Cyrillic letters."), word=word)
    if _INVISIBLE.search(text):
        yield Message.of(N_("There are characters in it that nobody sees. Type it anew."))


def mixed_words(text: str) -> Iterator[str]:
    """The words that mix Latin and Cyrillic letters, each once; abbreviations with a Cyrillic ending are fine."""
    for word in dict.fromkeys(_WORD.findall(text)):
        if _CYRILLIC.search(word) and _LATIN.search(word) and not _WITH_ENDING.fullmatch(word):
            yield word


def in_one_script(word: str) -> str:
    """The word with the look-alikes of its rarer script replaced; empty where other letters of it are left."""
    mostly_cyrillic = len(_CYRILLIC.findall(word)) >= len(_LATIN.findall(word))
    for to_cyrillic in (mostly_cyrillic, not mostly_cyrillic):
        table = _TO_CYRILLIC if to_cyrillic else _TO_LATIN
        changed = "".join([table.get(letter, letter) for letter in word])
        if not (_LATIN if to_cyrillic else _CYRILLIC).search(changed):
            return changed
    return ""
