"""Autocomplete: what a reader may be typing."""

from __future__ import annotations

from indexer.model import Completion
from indexer.queries import SearchField
from indexer.search_index import IndexUnavailable, SearchIndex
from library.domain.errors import N_, SearchUnavailable

LONGEST_BEGINNING = 200
MOST_SUGGESTIONS = 20


class Suggestions:
    """Asks the index alone."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def run(self, text: str, field: SearchField = SearchField.ANY, limit: int = 10) -> tuple[Completion, ...]:
        """Titles, authors and subjects that begin so, in whichever alphabet; of a long text only its beginning counts.

        Raises `SearchUnavailable`.
        """
        try:
            return self._index.complete(text[:LONGEST_BEGINNING], field, min(max(limit, 1), MOST_SUGGESTIONS))
        except IndexUnavailable as error:
            raise SearchUnavailable(
                N_("The search index is being made anew. The catalogue can be browsed by title meanwhile.")
            ) from error
