"""What the portal notes, as it hands it over to the counting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue

from library.container import Container
from library.domain.usage import Use

PATIENCE_SECONDS = 60


class Uses:
    """Stands where events are made of uses, and keeps the uses themselves: events tell less."""

    def __init__(self) -> None:
        self._noted: Queue[Use] = Queue()

    def note(self, use: Use) -> None:
        self._noted.put(use)

    def close(self) -> None:
        """Nothing waits to be written."""

    def take(self) -> Use:
        """The next use; it may still be on its way from another thread."""
        return self._noted.get(timeout=PATIENCE_SECONDS)

    def all(self) -> list[Use]:
        """Those that were noted until now."""
        return [self._noted.get_nowait() for _ in range(self._noted.qsize())]

    def only(self) -> Use:
        """The one that was noted."""
        (use,) = self.all()
        return use


@contextmanager
def noting(container: Container) -> Iterator[Uses]:
    """The uses that the portal over this container notes while the block runs."""
    before, uses = container.usage, Uses()
    container.usage = uses  # type: ignore[assignment]
    yield uses
    container.usage = before
