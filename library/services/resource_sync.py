"""What programs that keep a copy of the catalogue are told: all records, and what changed of late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from library.db.open_archive import seconds_of
from library.db.published import Changed
from library.db.synchronised import Change, Position, Synchronised
from library.db.unit_of_work import Database
from library.services.open_archive import LAG

# The protocol of sitemaps allows 50,000; a fifth of that is made in the time of an ordinary page.
SIZE = 10_000
# Whoever was away for longer begins with the list of all records.
KEPT_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Changes in the order of their times; all from `since` on are known up to `until`.

    Records with numbers from `first_new` on were not there before.
    """

    since: datetime
    until: datetime
    changes: tuple[Change, ...]
    first_new: int


class ResourceSync:
    """Asks the database alone."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._synchronised = Synchronised(database)
        self._clock = clock

    def settled(self) -> datetime:
        """The moment up to which lists that are made now are complete."""
        return self._clock() - LAG

    def since(self) -> datetime:
        """The moment from which changes are told: the beginning of a day."""
        return (
            (self._clock() - timedelta(days=KEPT_DAYS))
            .astimezone(UTC)
            .replace(hour=0, minute=0, second=0, microsecond=0)
        )

    def parts(self) -> list[Changed]:
        """The parts of the list of all records, and when each last changed."""
        return self._synchronised.parts(SIZE)

    def part(self, number: int) -> list[Changed]:
        """One part of the list of all records, at most `SIZE`."""
        return self._synchronised.part(number, SIZE)

    def pages(self) -> list[Position]:
        """Where each page of the list of changes begins."""
        return self._synchronised.pages(self.since(), SIZE)

    def page(self, start: Position) -> Changes:
        """The page of the list of changes that begins here, at most `SIZE`."""
        return self._changes(start, datetime.fromtimestamp(start.seconds, UTC))

    def short(self) -> Changes:
        """The whole list of changes, where it has one page at most."""
        since = self.since()
        return self._changes(Position(seconds=seconds_of(since), number=0), since)

    def _changes(self, start: Position, since: datetime) -> Changes:
        settled = self.settled()
        changes = tuple(self._synchronised.changes(start, SIZE))
        return Changes(
            since=since,
            until=changes[-1].changed_at if len(changes) == SIZE else settled,
            changes=changes,
            first_new=self._synchronised.first_since(since),
        )
