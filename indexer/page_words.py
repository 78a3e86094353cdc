"""The words of a page of a full text as they stand there, so that they can be marked."""

from __future__ import annotations

import re

from indexer import folding

_WORD = re.compile(r"\d+(?:\.\d+)+|\w+(?:'\w+)*(?:(?<=[ogõ])')?")
_OTHER_APOSTROPHES = folding.APOSTROPHES.replace("'", "")


def same_length(text: str) -> str:
    """The text in small letters with one apostrophe, every letter in its place."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(letter.lower()[0] for letter in text)
    # Most texts have one kind of apostrophe; translate() would look at every letter.
    for sign in _OTHER_APOSTROPHES:
        if sign in lowered:
            lowered = lowered.replace(sign, "'")
    return lowered


def spellings(plain: str) -> frozenset[str]:
    """The words of a text that `same_length` has been over, each once."""
    return frozenset(_WORD.findall(plain))
