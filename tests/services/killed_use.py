"""Writers that note uses and rollers that count them are killed with -9, again and again; then all is counted.

    python -m tests.services.killed_use DIRECTORY write SEED | roll | fork

A writer notes as fast as it can and tells each use on standard output once it is noted: what was told must be there.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from time import sleep
from typing import IO
from zoneinfo import ZoneInfo

from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.domain.periods import Span
from library.domain.robots import Addendum, robot_list
from library.domain.usage import Kind, Use, best_identity
from library.services.usage import Usage
from library.services.usage_counting import UsageCounting

# Not from the histories of events: what they need takes longer to import than a process here lives.
TASHKENT = ZoneInfo("Asia/Tashkent")
ROOT = Path(__file__).parents[2]
ROBOTS = robot_list(("bot",), "list 1", Addendum(version="1"))
# Around the end of a month, so that marks of two days and months are in every batch.
MIDNIGHT = datetime(2026, 3, 31, 19, tzinfo=UTC)
ALWAYS = Span(first=datetime(2026, 1, 1, tzinfo=UTC).date(), last=datetime(2026, 12, 31, tzinfo=UTC).date())
KINDS = (Kind.SEARCH, Kind.ERROR, Kind.SRU)
PATIENCE_SECONDS = 60


def _now() -> datetime:
    return MIDNIGHT + timedelta(days=2)


def _database(directory: Path) -> Database:
    return Database(open_engine(f"sqlite:///{directory / 'library.sqlite'}"), b"k" * 32)


def _uses(seed: int) -> Iterator[Use]:
    chance = random.Random(seed)
    while True:
        yield Use(
            at=MIDNIGHT + timedelta(seconds=chance.uniform(-90, 90)),
            kind=chance.choice(KINDS),
            identity=best_identity(person=str(chance.randrange(5))),
            agent="Firefox",
            results=chance.randrange(2),
        )


def write(directory: Path, seed: int) -> None:
    """Note uses until somebody kills this process."""
    usage = Usage(_database(directory), directory, ROBOTS, TASHKENT, _now)
    for number, use in enumerate(_uses(seed), 1):
        usage.note(use)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        sleep(0.001)


def roll(directory: Path) -> None:
    """Replay and count until somebody kills this process."""
    database = _database(directory)
    usage = Usage(database, directory, ROBOTS, TASHKENT, _now)
    counting = UsageCounting(database, ROBOTS, TASHKENT, _now)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        usage.step()
        counting.roll_up_all()
        sleep(0.005)


def fork(directory: Path) -> None:
    """Note a use, then another in a child that has the parent's memory but not its threads, then a third."""
    database = _database(directory)
    usage = Usage(database, directory, ROBOTS, TASHKENT, _now)
    uses = _uses(1)
    usage.note(next(uses))
    if not usage.flush():
        sys.exit("the first use is not written")
    child = os.fork()
    if child == 0:
        database.engine.dispose(close=False)
        usage.note(next(uses))
        # Without closing anything: connections and locks are the parent's too.
        os._exit(0 if usage.flush() else 1)
    if os.waitpid(child, 0)[1]:
        sys.exit("the use of the child is not written")
    usage.note(next(uses))
    usage.close()


class KilledUse:
    """A directory with a migrated database, in which processes are killed at moments that `seed` draws."""

    def __init__(self, directory: Path, seed: int) -> None:
        self._directory = directory
        self._chance = random.Random(seed)
        self._seed = seed
        self._noted = self._writers = 0

    def prove(self, kills: int) -> int:
        """Kill writers and rollers so many times; raise `AssertionError` where a use is lost or counted twice.

        How many uses were noted.
        """
        for _ in range(kills):
            self._writers += 1
            writer = self._start("write", str(1000 * self._seed + self._writers))
            roller = self._start("roll")
            assert writer.stdout is not None
            assert roller.stdout is not None
            told: list[int] = []
            listening = Thread(target=_listen, args=(writer.stdout, told))
            roller.stdout.readline()
            listening.start()
            wanted = self._chance.randrange(20, 400)
            while len(told) < wanted and writer.poll() is None:
                sleep(0.002)
            for process in self._chance.sample([writer, roller], 2):
                process.kill()
                process.wait(PATIENCE_SECONDS)
            listening.join(PATIENCE_SECONDS)
            roller.stdout.close()
            writer.stdout.close()
            assert told, "the writer noted nothing"
            self._noted += told[-1]
        self._compare()
        return self._noted

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.services.killed_use", str(self._directory), *arguments]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env=dict(os.environ))

    def _compare(self) -> None:
        database = _database(self._directory)
        usage = Usage(database, self._directory, ROBOTS, TASHKENT, _now)
        while usage.step():
            pass
        counting = UsageCounting(database, ROBOTS, TASHKENT, _now)
        counting.roll_up_all()
        with database.reading() as view:
            events = view.usage_events.count()
            requests = sum(one.number for one in view.usage_counts.requests(ALWAYS))
            by_day = sum(day.events for day in view.usage_counts.days(ALWAYS))
            by_month = sum(month.events for month in view.usage_counts.months(ALWAYS))
        database.close()
        # The kill may come between noting a use and telling so.
        assert self._noted <= events <= self._noted + self._writers, (self._noted, events)
        assert requests == by_day == by_month == events


def _listen(stream: IO[bytes], told: list[int]) -> None:
    told.extend(int(line) for line in stream if line.endswith(b"\n"))


if __name__ == "__main__":
    if sys.argv[2] == "write":
        write(Path(sys.argv[1]), int(sys.argv[3]))
    elif sys.argv[2] == "fork":
        fork(Path(sys.argv[1]))
    else:
        roll(Path(sys.argv[1]))
