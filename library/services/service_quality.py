"""How well the service answers, measured where it happens.

The portal knows how long its answers take; the worker beside it asks whether it answers at all.
"""

from __future__ import annotations

import http.client
import logging
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from threading import Event, Lock, Thread
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from library.db.unit_of_work import Database
from library.domain.errors import LibraryError
from library.domain.service_quality import bucket_of
from library.domain.usage import local_time

WRITTEN_EVERY_SECONDS = 30.0
PATIENCE_SECONDS = 10.0
"""Who waits longer than this for a page has left."""
READY = "/health/ready"
PROBE_AGENT = "Kutubxona-probe"

log = logging.getLogger(__name__)

Hour = tuple[date, int]


class AnswerTimes:
    """Counts answers in memory, and adds the counts to those of the database twice a minute.

    A process that is killed loses half a minute of its counts. While the database can't be written they are kept.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone
        self._answered: dict[Hour, Counter[int]] = {}
        self._failed: dict[Hour, Counter[int]] = {}
        self._lock = Lock()
        self._ending = Event()
        self._writer: Thread | None = None

    def note(self, seconds: float, *, has_failed: bool) -> None:
        """Count an answer that took so long to its first byte."""
        hour, bucket = local_time(self._clock(), self._zone), bucket_of(seconds)
        with self._lock:
            self._answered.setdefault(hour, Counter())[bucket] += 1
            if has_failed:
                self._failed.setdefault(hour, Counter())[bucket] += 1
            if self._writer is None or not self._writer.is_alive():
                # Not before the first answer: threads don't come along where a server forks.
                self._writer = Thread(target=self._write_on, name="answer times", daemon=True)
                self._writer.start()

    def write(self) -> None:
        """Add what was counted since the last time to the database; `LibraryError` where that can't be."""
        with self._lock:
            answered, self._answered = self._answered, {}
            failed, self._failed = self._failed, {}
        if not answered:
            return
        try:
            with self._database.writing() as tx:
                for hour, buckets in answered.items():
                    tx.service_quality.add_answers(*hour, buckets, failed.get(hour, Counter()))
                tx.commit()
        except Exception:
            with self._lock:
                for hour, buckets in answered.items():
                    self._answered.setdefault(hour, Counter()).update(buckets)
                for hour, buckets in failed.items():
                    self._failed.setdefault(hour, Counter()).update(buckets)
            raise

    def close(self) -> None:
        """Write what is left, and end."""
        self._ending.set()
        if self._writer is not None:
            self._writer.join()
            self._try_to_write()

    def _write_on(self) -> None:
        while not self._ending.wait(WRITTEN_EVERY_SECONDS):
            self._try_to_write()

    def _try_to_write(self) -> None:
        try:
            self.write()
        except LibraryError as error:
            log.warning("Times of answers could not be written and are kept: %s", error)


class Probe:
    """Asks the portal of this very installation once a minute whether it can serve readers.

    `address` is where it answers on this machine (`http://127.0.0.1:8000`), `host` the name by which it wants to be
    asked, empty for that of the address. Answers that can't be written are told when the database is back.
    """

    def __init__(self, database: Database, address: str, host: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._address = address
        self._host = host
        self._clock = clock
        self._last: datetime | None = None
        self._untold: list[tuple[datetime, bool]] = []

    def step(self) -> bool:
        """Ask once in this minute; whether that was still to be done. `LibraryError` where it can't be written."""
        minute = self._clock().replace(second=0, microsecond=0)
        if self._last is not None and minute <= self._last:
            return False
        self._last = minute
        self._untold.append((minute, self._is_ready()))
        with self._database.writing() as tx:
            for at, is_up in self._untold:
                tx.service_quality.watch(at, is_up=is_up)
            tx.commit()
        self._untold.clear()
        return True

    def _is_ready(self) -> bool:
        """Whether the portal says so in time; no proxy of the environment stands between."""
        parts = urlsplit(self._address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
        try:
            headers = {"Host": self._host or parts.netloc, "User-Agent": PROBE_AGENT}
            connection.request("GET", f"{parts.path.rstrip('/')}{READY}", headers=headers)
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
