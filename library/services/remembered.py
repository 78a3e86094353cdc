"""A value from the database that every page needs: read once, and again when somebody changed it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Generic, TypeVar

from library.domain.errors import LibraryError

RETRY_SECONDS = 5.0

T = TypeVar("T")

log = logging.getLogger(__name__)


class Remembered(Generic[T]):
    """Asking for it costs the status of one file, and no query.

    The size of the file is a counter that all processes share: whoever changes the value in the database adds a byte
    afterwards. While the database can't be read the last known value is given, or `fallback`.
    """

    def __init__(
        self, read: Callable[[], T], counter: Path, fallback: T, clock: Callable[[], float] = monotonic
    ) -> None:
        self._read = read
        self._counter = counter
        self._clock = clock
        self._value = fallback
        self._known: int | None = None
        self._retry_at = 0.0

    def get(self) -> T:
        """The value as the database has it."""
        # Looked at before the database is: a change between the two is seen at the next time.
        count = self._count()
        if count != self._known and self._clock() >= self._retry_at:
            try:
                self._value = self._read()
                self._known = count
            except LibraryError as error:
                log.warning("What is remembered could not be read: %s", error)
                self._retry_at = self._clock() + RETRY_SECONDS
        return self._value

    def changed(self) -> None:
        """Tell all processes that the database has another value now."""
        self._known = None
        try:
            with self._counter.open("ab") as stream:
                stream.write(b".")
        except OSError as error:
            log.warning("Other processes could not be told of a change, restart them: %s", error)

    def _count(self) -> int:
        try:
            return self._counter.stat().st_size
        except OSError:
            return 0
