"""How many page images of view-only files a reader may take: in a minute by memory, in a day by the database.

The minutes are counted in the memory of a process, so that with several portal processes one may turn pages a little
faster; the days hold for all of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from library.db.unit_of_work import Database
from library.domain.errors import N_, TooManyPages

_WINDOW = timedelta(minutes=1)
# Beyond so many readers those who stopped turning pages are forgotten.
_MOST_READERS = 1_000


class Minutes:
    """What each reader took within the last minute, `most` at most. May be used by several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._taken: dict[int, tuple[datetime, ...]] = {}

    def require(self, person_id: int, at: datetime) -> None:
        """Raise `TooManyPages` where this reader may not take another one at this time."""
        with self._lock:
            self._recent(person_id, at)

    def take(self, person_id: int, at: datetime) -> None:
        """Count one; raises as `require`, and counts nothing then."""
        with self._lock:
            self._taken[person_id] = (*self._recent(person_id, at), at)
            if len(self._taken) > _MOST_READERS:
                self._taken = {one: times for one, times in self._taken.items() if times[-1] > at - _WINDOW}

    def readers(self) -> int:
        """How many readers are remembered."""
        return len(self._taken)

    def _recent(self, person_id: int, at: datetime) -> tuple[datetime, ...]:
        recent = tuple(time for time in self._taken.get(person_id, ()) if time > at - _WINDOW)
        if len(recent) >= self._most:
            seconds = ceil((recent[0] + _WINDOW - at).total_seconds())
            raise TooManyPages(
                N_("You turned {count} pages within a minute. Reading goes on in {seconds} s."),
                again_in=seconds,
                count=self._most,
                seconds=seconds,
            )
        return recent


class Pace:
    """Counts the images that each reader takes. May be used by several threads."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], time_zone: str, *, a_minute: int, a_day: int
    ) -> None:
        self._database = database
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self._minutes = Minutes(a_minute)
        self._a_day = a_day

    def require(self, person_id: int) -> None:
        """Raise `TooManyPages` where this reader may not take another image now; nothing is counted."""
        at = self._clock()
        self._minutes.require(person_id, at)
        with self._database.reading() as view:
            self._require_day(view.reading.pages_on(person_id, self._local(at).date()) + 1, at)

    def take(self, person_id: int) -> None:
        """Count an image; `TooManyPages` where it is one too many, which then isn't counted."""
        at = self._clock()
        self._minutes.take(person_id, at)
        with self._database.writing() as tx:
            self._require_day(tx.reading.count_page(person_id, self._local(at).date()), at)
            tx.commit()

    def _require_day(self, pages: int, at: datetime) -> None:
        if pages > self._a_day:
            local = self._local(at)
            midnight = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), self._zone)
            raise TooManyPages(
                N_("You have taken {count} pages of view-only files today. Reading goes on after midnight."),
                again_in=ceil((midnight - local).total_seconds()),
                count=self._a_day,
            )

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._zone)
