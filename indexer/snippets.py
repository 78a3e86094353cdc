"""A piece of a full text around the first match, with the page it stands on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from indexer import folding
from indexer.model import Snippet

# Whether a spelling matches; several in a row are a phrase.
Wanted = Sequence[Callable[[str], bool]]

_WORD = re.compile(r"\w+(?:['-]\w+)*'?")
_BEFORE, _AFTER = 80, 160
_APOSTROPHES = str.maketrans(dict.fromkeys(folding.APOSTROPHES, "'"))


def first_snippet(pages: Sequence[str], wanted: Sequence[Wanted]) -> Snippet | None:
    """The words around the first match on the first page that has one, all matches in them marked."""
    for number, page in enumerate(pages, 1):
        found = next(_matches(page, wanted), None)
        if found is not None:
            start, end = _window(page, *found)
            text = page[start:end]
            marks = tuple(_matches(text, wanted))
            return Snippet(page=number, text=text, marks=marks or ((found[0] - start, found[1] - start),))
    return None


def _matches(text: str, wanted: Sequence[Wanted]) -> Iterator[tuple[int, int]]:
    """Where the wanted words begin and end, in order."""
    plain = _same_length(text)
    words = [(match.start(), match.end(), match[0]) for match in _WORD.finditer(plain)]
    place = 0
    while place < len(words):
        length = max((len(row) for row in wanted if _is_at(words, place, row)), default=0)
        if length:
            yield words[place][0], words[place + length - 1][1]
        place += length or 1


def _is_at(words: Sequence[tuple[int, int, str]], place: int, row: Wanted) -> bool:
    return len(words) - place >= len(row) and all(
        matches(words[place + distance][2]) for distance, matches in enumerate(row)
    )


def _same_length(text: str) -> str:
    """The text in small letters with one apostrophe, every letter in its place."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(letter.lower()[0] for letter in text)
    return lowered.translate(_APOSTROPHES)


def _window(text: str, first: int, last: int) -> tuple[int, int]:
    """The ends of a piece that is cut between words."""
    start = max(0, first - _BEFORE)
    if start:
        start = text.find(" ", start, first) + 1 or first
    end = min(len(text), last + _AFTER)
    if end < len(text):
        end = max(text.rfind(" ", last, end), last)
    return start, end
