"""A piece of a page of a full text around the first match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from indexer import folding
from indexer.bodies import Page
from indexer.model import Snippet

# Of some spellings, those that match.
Among = Callable[[frozenset[str]], frozenset[str]]
# A word by what it is recognised by; several in a row are a phrase.
Wanted = Sequence[Among]

_WORD = re.compile(r"\w+(?:'\w+)*'?")
_BEFORE, _AFTER = 80, 160
_APOSTROPHES = str.maketrans(dict.fromkeys(folding.APOSTROPHES, "'"))


def snippet_of(page: Page, wanted: Sequence[Wanted]) -> Snippet | None:
    """The words around the first match on a page, all matches among them marked; None if there is no match."""
    plain = _same_length(page.text)
    spellings = frozenset(_WORD.findall(plain))
    rows = [row for row in ([among(spellings) for among in row] for row in wanted) if all(row)]
    found = next(_matches(plain, rows), None) if rows else None
    if found is None:
        return None
    start, end = _window(page.text, *found)
    return Snippet(page=page.number, text=page.text[start:end], marks=tuple(_matches(plain[start:end], rows)))


def _matches(plain: str, rows: Sequence[Sequence[frozenset[str]]]) -> Iterator[tuple[int, int]]:
    """Where the wanted words begin and end, in order."""
    words = [(match.start(), match.end(), match[0]) for match in _WORD.finditer(plain)]
    firsts = frozenset().union(*(row[0] for row in rows))
    place = 0
    while place < len(words):
        length = 0
        if words[place][2] in firsts:
            length = max((len(row) for row in rows if _is_at(words, place, row)), default=0)
        if length:
            yield words[place][0], words[place + length - 1][1]
        place += length or 1


def _is_at(words: Sequence[tuple[int, int, str]], place: int, row: Sequence[frozenset[str]]) -> bool:
    return len(words) - place >= len(row) and all(
        words[place + distance][2] in spellings for distance, spellings in enumerate(row)
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
