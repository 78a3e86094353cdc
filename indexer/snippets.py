"""A piece of a page of a full text around the first match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from indexer import folding
from indexer.bodies import Page
from indexer.model import Snippet

# Of some spellings, those that match.
Among = Callable[[frozenset[str]], frozenset[str]]
# A word by what it is recognised by; several in a row are a phrase.
Wanted = Sequence[Among]

_WORD = re.compile(r"\d+(?:\.\d+)+|\w+(?:'\w+)*(?:(?<=[ogõ])')?")
_BEFORE, _AFTER = 80, 160
_OTHER_APOSTROPHES = folding.APOSTROPHES.replace("'", "")


def first_snippet(pages: Iterable[Page], wanted: Sequence[Wanted]) -> Snippet | None:
    """The first match on any of these pages; see `snippet_of`."""
    return next((snippet for page in pages if (snippet := snippet_of(page, wanted)) is not None), None)


def snippet_of(page: Page, wanted: Sequence[Wanted]) -> Snippet | None:
    """The words around the first match on a page, all matches among them marked; None if there is no match."""
    plain = _same_length(page.text)
    spellings = frozenset(_WORD.findall(plain))
    rows = [row for row in ([among(spellings) for among in row] for row in wanted) if all(row)]
    pattern = _pattern(rows)
    found = pattern.search(plain) if rows else None
    if found is None:
        return None
    start, end = _window(page.text, *found.span())
    marks = tuple(match.span() for match in pattern.finditer(plain[start:end]))
    return Snippet(page=page.number, text=page.text[start:end], marks=marks)


def _pattern(rows: Sequence[Sequence[frozenset[str]]]) -> re.Pattern[str]:
    """What finds these words and phrases, phrases first."""
    phrases = [
        r"\W+".join("(?:" + "|".join(map(re.escape, sorted(spellings, reverse=True))) + ")" for spellings in row)
        for row in sorted(rows, key=len, reverse=True)
    ]
    return re.compile(rf"(?<![\w'])(?:{'|'.join(phrases)})(?!\w|'\w)")


def _same_length(text: str) -> str:
    """The text in small letters with one apostrophe, every letter in its place."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(letter.lower()[0] for letter in text)
    # Most texts have one kind of apostrophe; translate() would look at every letter.
    for sign in _OTHER_APOSTROPHES:
        if sign in lowered:
            lowered = lowered.replace(sign, "'")
    return lowered


def _window(text: str, first: int, last: int) -> tuple[int, int]:
    """The ends of a piece that is cut between words."""
    start = max(0, first - _BEFORE)
    if start:
        start = text.find(" ", start, first) + 1 or first
    end = min(len(text), last + _AFTER)
    if end < len(text):
        end = max(text.rfind(" ", last, end), last)
    return start, end
