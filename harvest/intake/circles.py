"""Notices when a list goes round in a circle."""

from __future__ import annotations

from harvest.intake.faults import Looping
from harvest.intake.pages import ListPage

_MOST_EMPTY = 5


class Circle:
    """What was seen of one list.

    Three things betray a circle: a token that was given before, a page with just the records of an earlier one that
    pretends to go on, and far more records than were announced. A page without records may come, but not often in a
    row. Memory is one token and one number a page.
    """

    def __init__(self, token: str) -> None:
        self._tokens = {token} if token else set()
        self._pages: set[int] = set()
        self._empty = 0

    def look(self, page: ListPage, received: int, announced: int | None) -> None:
        """Raises `Looping` if this page is part of a circle; `received` counts it, too."""
        token = page.token.value if page.token is not None else ""
        if not token:
            return
        marks = [record.identifier for record in page.records]
        marks += [rejected.identifier or repr(rejected.raw) for rejected in page.rejected]
        mark = hash(tuple(marks))
        self._empty = 0 if marks else self._empty + 1
        too_many = announced is not None and received > 2 * announced + 1000
        if token in self._tokens or (marks and mark in self._pages) or self._empty > _MOST_EMPTY or too_many:
            raise Looping
        self._tokens.add(token)
        self._pages.add(mark)
