"""Uses are noted: written down at once, and brought into the database in batches by a thread of each process.

A use is in a file before it is in the queue, so neither a killed process nor a database that is away loses it; what is
written twice is one event.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread
from time import monotonic

from library.db.unit_of_work import Database
from library.db.usage_events import Agent
from library.domain.errors import LibraryError
from library.domain.robots import RobotList
from library.domain.usage import Flag, UsageEvent, Use, salt_day
from library.services.usage_events import EventMaker, Noted, mark_of, resolved
from library.services.usage_salts import Salts
from library.services.usage_spool import DIRECTORY, Segment, event_of, left_over, line_of, taken

MOST_WAITING = 10_000
"""More uses wait in their file only."""
BATCH = 2_000
"""Uses that are brought into the database at once where many wait; the disk is slower than all else."""
SEGMENT_LINES = 5_000
LINGER_SECONDS = 0.25
REPLAY_EVERY_SECONDS = 15.0
PATIENCE_SECONDS = 30.0
_MOST_AGENTS = 5_000
_COMPLAIN_EVERY = timedelta(minutes=1)

log = logging.getLogger(__name__)


class _Lane:
    """What one process has: a queue, a thread that empties it, and the segment that is written."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.waiting: Queue[tuple[Segment | None, Noted] | Event] = Queue(MOST_WAITING)
        self.lock = Lock()
        self.segment: Segment | None = None
        self.thread: Thread | None = None
        self.ending = Event()


class Usage:
    """Takes uses from the routes. All methods may be called by any thread of any process."""

    def __init__(
        self,
        database: Database,
        data_dir: Path,
        robots: RobotList,
        zone: tzinfo,
        clock: Callable[[], datetime],
        chance: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._database = database
        self._spool = data_dir / DIRECTORY
        self._robots = robots
        self._zone = zone
        self._clock = clock
        self._chance = chance
        self._salts = Salts(data_dir)
        self._maker = EventMaker(self._salts, robots, zone, chance)
        self._lane = _Lane()
        self._complained: datetime | None = None
        self._seen_on: date | None = None
        self._seen: set[int] = set()

    def note(self, use: Use) -> None:
        """Write a use down and return at once. Whatever goes wrong is told in the log, never to the reader."""
        try:
            self._note(use)
        except Exception as error:  # noqa: BLE001  (a page that was answered must not fail for its statistics)
            self._complain("A use could not be noted", error)

    def flush(self) -> bool:
        """Wait until all that was noted before is in the database or, where that is away, safe in its file."""
        lane = self._lane
        if lane.process != os.getpid() or lane.thread is None or not lane.thread.is_alive():
            return True
        done = Event()
        lane.waiting.put(done)
        return done.wait(PATIENCE_SECONDS)

    def close(self) -> None:
        """Write what waits and end the thread; what can't be written stays in its file for the next process."""
        lane = self._lane
        if lane.process == os.getpid() and lane.thread is not None:
            lane.ending.set()
            self.flush()
            lane.thread.join(PATIENCE_SECONDS)
            with lane.lock:
                self._retire(lane)

    def waiting_files(self) -> int:
        """How many files of events there are whose writers ended without the database having all of it, or live."""
        return len(left_over(self._spool))

    def step(self) -> bool:
        """Throw old salts away, and bring one file of a process that ended into the database; False if there is none.

        Raises `LibraryError` where the database does not take it; the file stays.
        """
        self._salts.throw_away(salt_day(self._clock(), self._zone))
        return any(self._replay(path) for path in left_over(self._spool))

    def _note(self, use: Use) -> None:
        lane = self._lane
        if lane.process != os.getpid():
            # A child of a fork has the queue of its parent, but no thread: it begins anew.
            if lane.segment is not None:
                lane.segment.let_go()
            lane = self._lane = _Lane()
        noted = self._maker.noted(use)
        event = noted.event
        if noted.is_robot:
            # Nobody can ask the words of its agent when this line is all that is left.
            event = replace(event, flags=event.flags | Flag.ROBOT)
        line = line_of(event)
        with lane.lock:
            segment = self._written(lane, line)
            try:
                lane.waiting.put_nowait((segment, noted))
            except Full:
                if segment is None:
                    raise
                segment.waiting += 1
            if lane.thread is None or not lane.thread.is_alive():
                lane.thread = Thread(target=self._run, args=(lane,), name="usage", daemon=True)
                lane.thread.start()

    def _written(self, lane: _Lane, line: bytes) -> Segment | None:
        """The segment that has the line now; None where the disk refuses it, and the queue alone has it."""
        try:
            if lane.segment is not None and lane.segment.written >= SEGMENT_LINES:
                self._retire(lane)
            if lane.segment is None:
                lane.segment = Segment(self._spool)
            lane.segment.write(line)
        except OSError as error:
            self._complain(f"Uses can't be written to {self._spool} and wait in memory; free some space", error)
            return None
        return lane.segment

    def _run(self, lane: _Lane) -> None:
        replayed = -REPLAY_EVERY_SECONDS
        while True:
            batch, told = self._batch(lane)
            if batch:
                self._bring(lane, batch)
            for event in told:
                event.set()
            if monotonic() - replayed >= REPLAY_EVERY_SECONDS:
                replayed = monotonic()
                self._replay_all()
            if lane.ending.is_set() and lane.waiting.empty():
                return

    def _batch(self, lane: _Lane) -> tuple[list[tuple[Segment | None, Noted]], list[Event]]:
        """The next uses, and the signs of those who wait until they are written; after the first one it lingers."""
        batch: list[tuple[Segment | None, Noted]] = []
        ends = monotonic() + REPLAY_EVERY_SECONDS
        while len(batch) < BATCH:
            try:
                one = lane.waiting.get(timeout=max(0.0, ends - monotonic()))
            except Empty:
                break
            if isinstance(one, Event):
                return batch, [one]
            if not batch:
                ends = monotonic() + LINGER_SECONDS
            batch.append(one)
        return batch, []

    def _bring(self, lane: _Lane, batch: Sequence[tuple[Segment | None, Noted]]) -> None:
        try:
            self._write([noted for _, noted in batch])
            brought = True
        except Exception as error:  # noqa: BLE001  (the thread must live; the events stay in their file)
            lost = sum(segment is None for segment, _ in batch)
            told = f"{lost} uses are lost" if lost else "they wait in a file"
            self._complain(f"Uses can't be written to the database; {told}", error)
            brought = False
        with lane.lock:
            for segment, _ in batch:
                if segment is not None:
                    segment.settled += brought
                    segment.waiting += not brought
            if lane.segment is not None and lane.segment.waiting:
                self._retire(lane)
            for segment in {id(one): one for one, _ in batch if one is not None}.values():
                segment.tidy()

    def _retire(self, lane: _Lane) -> None:
        """Write no more into the segment: once the database has all of it or refused it, it is nobody's."""
        if lane.segment is not None:
            lane.segment.retired = True
            lane.segment.tidy()
            lane.segment = None

    def _write(self, batch: Sequence[Noted]) -> None:
        day = max(noted.event.local_day for noted in batch)
        if day != self._seen_on or len(self._seen) > _MOST_AGENTS:
            self._seen_on, self._seen = day, set()
        fresh = {noted.event.agent_id: noted for noted in batch if noted.event.agent_id not in self._seen}
        agents = [
            Agent(id=number, words=noted.agent, is_robot=noted.is_robot, list_version=self._robots.version)
            for number, noted in fresh.items()
        ]
        with self._database.writing() as tx:
            events = resolved(tx, [noted.event for noted in batch])
            tx.usage_events.note_agents(agents, day)
            late = tx.usage_events.append(events, mark_of(self._clock(), self._chance), self._zone)
            tx.usage_events.note_queries([noted.query for noted in batch if noted.query is not None])
            tx.commit()
        self._seen.update(agent.id for agent in agents)
        if late:
            log.warning("%d uses came after their day was closed for good and are left out", late)

    def _replay_all(self) -> None:
        try:
            while self.step():
                pass
        except (LibraryError, OSError) as error:
            self._complain("Uses in files can't be brought into the database yet", error)

    def _replay(self, path: Path) -> bool:
        with taken(path) as lines:
            if lines is None:
                return False
            events = list(self._events(path, lines))
            for begin in range(0, len(events), BATCH):
                with self._database.writing() as tx:
                    some = resolved(tx, events[begin : begin + BATCH])
                    tx.usage_events.append(some, mark_of(self._clock(), self._chance), self._zone)
                    tx.commit()
        return True

    def _events(self, path: Path, lines: Sequence[bytes]) -> list[UsageEvent]:
        events = []
        for line in lines:
            try:
                events.append(event_of(line, self._zone))
            except (ValueError, TypeError) as error:
                log.warning("A line of %s is no event: %s", path, error)
        return events

    def _complain(self, what: str, error: Exception) -> None:
        """Tell it in the log, but not as often as uses come."""
        now = self._clock()
        if self._complained is None or now - self._complained >= _COMPLAIN_EVERY:
            self._complained = now
            log.warning("%s: %s", what, error)
