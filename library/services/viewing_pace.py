"""How many page images of view-only files a reader may take: in a minute by memory, in a day by the database.

The minutes are counted in the memory of a process, so that with several portal processes one may turn pages a little
faster; the days hold for all of them.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from library.db.unit_of_work import Database, UnitOfWork
from library.domain.errors import N_, TooManyPages

_WINDOW = timedelta(minutes=1)
# Beyond so many readers those who stopped turning pages are forgotten.
_MOST_READERS = 1_000


class Pace:
    """Counts the images that each reader takes. May be used by several threads."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], time_zone: str, *, a_minute: int, a_day: int
    ) -> None:
        self._database = database
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self._a_minute = a_minute
        self._a_day = a_day
        self._lock = threading.Lock()
        self._taken: dict[int, deque[datetime]] = {}

    def require(self, person_id: int) -> None:
        """Raise `TooManyPages` where this reader may not take another image now; nothing is counted."""
        at = self._clock()
        with self._lock:
            self._require_minute(person_id, at)
        with self._database.reading() as view:
            self._require_day(view.reading.pages_on(person_id, self._local(at).date()) + 1, at)

    def take(self, person_id: int) -> None:
        """Count an image; `TooManyPages` where it is one too many, which then isn't counted."""
        at = self._clock()
        with self._lock:
            self._require_minute(person_id, at)
            self._taken.setdefault(person_id, deque()).append(at)
            if len(self._taken) > _MOST_READERS:
                self._taken = {one: times for one, times in self._taken.items() if times[-1] > at - _WINDOW}
        with self._database.writing() as tx:
            self._count_day(tx, person_id, at)
            tx.commit()

    def _count_day(self, tx: UnitOfWork, person_id: int, at: datetime) -> None:
        self._require_day(tx.reading.count_page(person_id, self._local(at).date()), at)

    def _require_minute(self, person_id: int, at: datetime) -> None:
        times = self._taken.get(person_id, deque())
        while times and times[0] <= at - _WINDOW:
            times.popleft()
        if len(times) >= self._a_minute:
            seconds = ceil((times[0] + _WINDOW - at).total_seconds())
            raise TooManyPages(
                N_("You turned {count} pages within a minute. Reading goes on in {seconds} s."),
                again_in=seconds,
                count=self._a_minute,
                seconds=seconds,
            )

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
