"""What any search engine must do. One contract suite holds all of them to it."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Protocol, Self

from indexer.model import Completion, Entry, IndexState, Query, Results
from indexer.queries import SearchField


class IndexUnavailable(Exception):
    """The index is missing, broken, or of another schema; it can be rebuilt."""


class IndexOutdated(IndexUnavailable):
    """The index is of another version of the schema: the worker builds it again."""


class IndexBusy(Exception):
    """Another process is writing to the index."""


class Rebuild(Protocol):
    """A new generation, built beside the one that is read; leaving the block without `publish` discards it."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Discard what was not published."""

    def add(self, entries: Iterable[Entry]) -> None:
        """Add entries whose keys are not in this generation yet."""

    def publish(self) -> None:
        """Make this generation the one that is read, in one step; the former is removed a little later."""


class SearchIndex(Protocol):
    """A search engine over one directory. Any number of readers, one writer."""

    def apply(self, replaced: Iterable[Entry], removed: Iterable[str]) -> None:
        """Replace the entries with these keys and remove others, in one commit; doing it twice changes nothing.

        Readers of this and of other processes see the change in their next search. An index that does not exist yet is
        made. Raises `IndexBusy` and `IndexUnavailable`.
        """

    def search(self, query: Query) -> Results:
        """Answer a query. Raises `IndexUnavailable`, and nothing else for any query."""

    def count(self, query: Query) -> int:
        """How many entries the query finds: the `total` of its results. Raises `IndexUnavailable`."""

    def complete(self, text: str, field: SearchField, limit: int = 10) -> tuple[Completion, ...]:
        """Titles, authors or subjects (all three for `ANY`) with these words, the last of which is only begun.

        In whichever alphabet they are typed. Raises `IndexUnavailable`.
        """

    def rebuild(self) -> Rebuild:
        """Build a new generation from nothing. Raises `IndexBusy`."""

    def state(self) -> IndexState:
        """What stands on the disk. Raises `IndexUnavailable`."""
