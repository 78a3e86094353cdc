"""A piece of a page of a full text around the first match."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from indexer.bodies import Bodies, Page
from indexer.model import Snippet
from indexer.page_words import same_length, spellings

# Of some spellings, those that match.
Among = Callable[[frozenset[str]], frozenset[str]]
# A word by what it is recognised by; several in a row are a phrase.
Wanted = Sequence[Among]

_BEFORE, _AFTER = 80, 160
_MOST_PAGES = 200


def first_snippet(bodies: Bodies, key: str, wanted: Sequence[Wanted]) -> Snippet | None:
    """The first match in a full text, with all matches around it marked; None if there is none.

    Phrases are looked for on `_MOST_PAGES` pages at most.
    """
    words = [row[0] for row in wanted if len(row) == 1]
    # The words of each phrase that have not been met yet.
    missing = [list(row) for row in wanted if len(row) > 1]
    looked_at = 0
    for number, new in enumerate(bodies.new_words(key), 1):
        missing = [[among for among in row if not among(new)] for row in missing]
        # A word that stood on an earlier page would have been found there.
        found = [[match] for match in (among(new) for among in words) if match]
        if (found or not all(missing)) and looked_at < _MOST_PAGES:
            looked_at += 1
            page = bodies.page(key, number)
            snippet = None
            if page is not None:
                snippet = snippet_of(page, wanted) if missing else _around_first(page, same_length(page.text), found)
            if snippet is not None:
                return snippet
    return None


def snippet_of(page: Page, wanted: Sequence[Wanted]) -> Snippet | None:
    """The words around the first match on a page, all matches among them marked; None if there is no match."""
    plain = same_length(page.text)
    words = spellings(plain)
    rows = [row for row in ([among(words) for among in row] for row in wanted) if all(row)]
    return _around_first(page, plain, rows) if rows else None


def _around_first(page: Page, plain: str, rows: Sequence[Sequence[frozenset[str]]]) -> Snippet | None:
    pattern = _pattern(rows)
    found = pattern.search(plain)
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


def _window(text: str, first: int, last: int) -> tuple[int, int]:
    """The ends of a piece that is cut between words."""
    start = max(0, first - _BEFORE)
    if start:
        start = text.find(" ", start, first) + 1 or first
    end = min(len(text), last + _AFTER)
    if end < len(text):
        end = max(text.rfind(" ", last, end), last)
    return start, end
