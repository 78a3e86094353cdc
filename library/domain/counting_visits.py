"""Visits: what one visitor does without pausing for half an hour. A visit ends with the day at the latest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

PAUSE = timedelta(minutes=30)
"""After this a visitor who comes back begins another visit."""

_PAUSE_MILLISECONDS = PAUSE // timedelta(milliseconds=1)
_Visit = tuple[int, int, str]


class VisitCount:
    """The visits of a day, from its events in the order of time. Times are milliseconds."""

    def __init__(self) -> None:
        self._running: dict[bytes, list[int]] = {}
        self._ended: list[_Visit] = []
        self._institutions: dict[bytes, str] = {}

    def note(self, at: int, who: bytes, who_before: bytes, institution: str) -> None:
        """A visitor did something. `who_before` is the same visitor under yesterday's salt."""
        visit = self._running.get(who)
        if visit is None and who_before in self._running:
            visit = self._running[who] = self._running.pop(who_before)
            self._institutions[who] = self._institutions[who_before]
        if visit is not None and at - visit[1] <= _PAUSE_MILLISECONDS:
            visit[1] = at
            return
        if visit is not None:
            self._ended.append((visit[0], visit[1], self._institutions[who]))
        self._running[who] = [at, at]
        self._institutions[who] = institution

    def visits(self) -> list[_Visit]:
        """First moment, last moment and institution of each."""
        running = [(first, last, self._institutions[who]) for who, (first, last) in self._running.items()]
        return self._ended + running


def peak(visits: Sequence[_Visit]) -> int:
    """How many there were at once, at most; those that touch in one moment were at once."""
    begun = sorted(visit[0] for visit in visits)
    ended = sorted(visit[1] for visit in visits)
    most = over = 0
    for number, begins in enumerate(begun, 1):
        while ended[over] < begins:
            over += 1
        most = max(most, number - over)
    return most
