"""Files in which finished events lie until the database has them: a killed process loses none of them.

A process writes into a segment of its own and holds its lock. A segment without a holder belongs to whoever finds it.
An event is one line; it holds no identity, no address, and no words of an agent or of a search.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path

import orjson

from library.domain.counter_types import AccessMethod, AccessType, DataType
from library.domain.usage import Denial, Flag, Kind, UsageEvent, event_time, local_time
from library.domain.usage_rows import plain

# Backups leave out what begins with a dot.
DIRECTORY = ".usage-spool"
_ENDING = ".events"


def line_of(event: UsageEvent) -> bytes:
    """An event as a line."""
    eid, who, who_before, *others = plain(event)
    values = (eid.hex(), who.hex(), who_before.hex(), *others)
    return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)


def event_of(line: bytes, zone: tzinfo) -> UsageEvent:
    """The event of a line; `ValueError` for half a line, which a killed process may leave."""
    values = orjson.loads(line)
    if not isinstance(values, list) or len(values) != _VALUES:
        message = "not the line of an event"
        raise ValueError(message)
    eid = bytes.fromhex(values[0])
    at = event_time(eid)
    day, hour = local_time(at, zone)
    return UsageEvent(
        eid=eid,
        at=at,
        local_day=day,
        local_hour=hour,
        who=bytes.fromhex(values[1]),
        who_before=bytes.fromhex(values[2]),
        institution=values[3],
        kind=Kind(values[4]),
        item_id=values[5],
        file_id=values[6],
        title_id=values[7],
        segments=values[8],
        data_type=DataType(values[9]),
        access_type=AccessType(values[10]),
        access_method=AccessMethod(values[11]),
        status=values[12],
        range_start=values[13],
        sent=values[14],
        completed=values[15],
        denied=Denial(values[16]),
        rule=values[17],
        results=values[18],
        category=values[19],
        faculty=values[20],
        agent_id=values[21],
        flags=Flag(values[22]),
    )


_VALUES = 23


class Segment:
    """A file of this process. `written` lines are in it; `settled` of them are in the database, `waiting` are not.

    It is `retired` when nothing is written into it any more. Its user holds a lock of threads.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = directory / f"{secrets.token_hex(8)}{_ENDING}"
        unlocked = self.path.with_suffix(".new")
        self._descriptor = os.open(unlocked, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        # Locked before it gets the name by which others find it.
        fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        unlocked.rename(self.path)
        self.written = self.settled = self.waiting = 0
        self.retired = self._is_closed = False

    def write(self, line: bytes) -> None:
        """Add a line; `OSError` where the disk is full."""
        self.written += 1
        try:
            if os.write(self._descriptor, line) != len(line):
                # The rest of a line that is cut off must not swallow the next one.
                os.write(self._descriptor, b"\n")
        except OSError:
            self.written -= 1
            raise

    def tidy(self) -> None:
        """Empty the file when the database has all of it, let it go when it is retired."""
        if self._is_closed or self.written != self.settled + self.waiting:
            return
        if self.retired:
            if not self.waiting:
                self.path.unlink(missing_ok=True)
            self.let_go()
        elif self.written and not self.waiting:
            os.ftruncate(self._descriptor, 0)
            self.written = self.settled = 0

    def let_go(self) -> None:
        """Close it here. The lock ends when no process of a fork has it open any more."""
        os.close(self._descriptor)
        self._is_closed = True


def left_over(directory: Path) -> list[Path]:
    """The segments that lie there, whoever holds them, the oldest first."""
    if not directory.exists():
        return []
    found = []
    for path in directory.glob(f"*{_ENDING}"):
        try:
            found.append((path.stat().st_mtime_ns, path))
        except FileNotFoundError:
            continue
    return [path for _, path in sorted(found)]


@contextmanager
def taken(path: Path) -> Iterator[list[bytes] | None]:
    """The lines of a segment, held for the length of the block; None where its writer lives, or it is gone.

    Left without an error, the block did all there was to do: the file is deleted.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield path.read_bytes().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)
