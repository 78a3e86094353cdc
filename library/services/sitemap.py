"""The numbers that crawlers are told of, in parts small enough for one file."""

from __future__ import annotations

from library.db.published import Changed, Published
from library.db.unit_of_work import Database

# The protocol allows 50,000 addresses; a fifth of that is made in the time of an ordinary page.
SIZE = 10_000


class Sitemap:
    """Asks the database alone, one query each."""

    def __init__(self, database: Database) -> None:
        self._published = Published(database)

    def parts(self) -> list[Changed]:
        """The parts of the catalogue that have published records, and when each last changed."""
        return self._published.parts(SIZE)

    def part(self, number: int) -> list[Changed]:
        """The published records of one part, at most `SIZE`, in the order of their numbers."""
        return self._published.part(number, SIZE)
