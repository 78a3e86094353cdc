"""Whether the journal is what was written: every link is worked out again, and what does not fit is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from library.domain.journal import FIRST_HASH, Line

MOST_FAULTS = 200
# Renumbering and exchanged places are looked for only where little is wrong: with a wrong key nothing fits anyhow.
FARTHEST_SHIFT = 8
MOST_EXCHANGED = 16
_SHIFTS = sorted(range(-FARTHEST_SHIFT, FARTHEST_SHIFT + 1), key=abs)
_ANCHOR = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\dT[0-9:.]{5,15}(?:Z|[+-]\d\d:\d\d)) (?P<seq>\d{1,18}) (?P<hash>[0-9a-f]{64})"
)


class FaultKind(StrEnum):
    """What is wrong with entries."""

    CHANGED = "changed"
    WRONG_KEY = "wrong-key"
    MISSING = "missing"
    ADDED = "added"
    MOVED = "moved"
    RENUMBERED = "renumbered"
    CUT = "cut"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong with the entries from `first` to `last`.

    `own` is the number that a moved entry had, or that the first of renumbered ones had; `known_at` is when the number
    and link were noted outside the database that a cut or rewritten journal does not have.
    """

    kind: FaultKind
    first: int
    last: int
    own: int = 0
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The newest entry of some moment, noted outside the database: what it has to lead to for ever."""

    at: datetime
    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.at.isoformat(timespec='seconds')} {self.seq} {self.hash}"

    @classmethod
    def parse(cls, text: str) -> Anchor:
        """The anchor that this line says; raises `ValueError`."""
        found = _ANCHOR.fullmatch(text.strip())
        if found is None:
            raise ValueError("it is not written as: time, number, link")
        return cls(at=datetime.fromisoformat(found["at"]), seq=int(found["seq"]), hash=found["hash"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found: how many entries there are, the newest number, and what is wrong, the first of it named."""

    entries: int
    last: int
    faults: tuple[Fault, ...]
    more_faults: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


@dataclass(slots=True, kw_only=True)
class _Run:
    """Lines one after another that do not fit.

    `trusted` is the link of the last line before them that did; `computed` the one that the last of them would have
    to have if its contents were right.
    """

    trusted: str
    computed: str
    first: int
    last: Line

    @property
    def length(self) -> int:
        return self.last.seq - self.first + 1


class Proof:
    """Goes along the journal once, line by line in the order of their numbers; memory does not grow with its length."""

    def __init__(self, key: bytes, anchors: Iterable[Anchor]) -> None:
        self._key = key
        self._anchors: dict[int, list[Anchor]] = {}
        for anchor in anchors:
            self._anchors.setdefault(anchor.seq, []).append(anchor)
        self._entries = 0
        self._last = 0
        self._link = FIRST_HASH
        # By how much numbers differ from those lines were written with, since which line, and the faults told before.
        self._shift = 0
        self._left_at = 0
        self._told_before = 0
        self._renumbered: Fault | None = None
        self._rewritten: Fault | None = None
        self._run: _Run | None = None
        self._changed: list[tuple[int, int]] = []
        self._strangers: list[Line] = []
        self._links: list[str] = []
        self._faults: list[Fault] = []
        self._more = 0

    def take(self, line: Line) -> None:
        """Look at the next line."""
        self._entries += 1
        if line.seq < 1:
            self._tell(Fault(kind=FaultKind.ADDED, first=line.seq, last=line.seq))
            return
        expected = self._last + 1
        self._last = line.seq
        if line.seq > expected:
            self._end_run()
            self._tell(Fault(kind=FaultKind.MISSING, first=expected, last=line.seq - 1))
            # The link that it continues is lost with the entries that are missing.
            self._link = line.hash
            return
        own = self._own_number(line)
        if own is None:
            self._extend_run(line)
            return
        self._settle(line, *own)
        self._link = line.hash
        self._compare(line)

    def verdict(self) -> Verdict:
        """What was found, once all lines were taken."""
        self._end_run()
        self._end_renumbering(self._last)
        if self._rewritten is not None:
            self._tell(self._rewritten)
        newest = max((anchor for at in self._anchors.values() for anchor in at), key=lambda one: one.seq, default=None)
        if newest is not None and newest.seq > self._last:
            first = self._last + 1
            self._tell(Fault(kind=FaultKind.CUT, first=first, last=newest.seq, known_at=newest.at))
        faults = sorted([*self._faults, *self._changes()], key=lambda fault: fault.first)
        return Verdict(entries=self._entries, last=self._last, faults=tuple(faults), more_faults=self._more)

    def _own_number(self, line: Line) -> tuple[int, str] | None:
        """The number that the line was written with, and the link that it continues; None where nothing fits."""
        formers: tuple[str, ...] = (self._link,)
        shifts: Sequence[int] = (0,)
        run = self._run
        if run is not None:
            formers = (run.last.hash,)
        if run is None or run.length <= FARTHEST_SHIFT:
            shifts = _SHIFTS
            formers = formers if run is None else (run.last.hash, run.computed, run.trusted)
        for shift in shifts:
            for former in formers:
                number = line.seq + self._shift + shift
                if line.link(self._key, former, number) == line.hash:
                    return number, former
        return None

    def _extend_run(self, line: Line) -> None:
        number = line.seq + self._shift
        if self._run is None:
            computed = line.link(self._key, self._link, number)
            self._run = _Run(trusted=self._link, computed=computed, first=line.seq, last=line)
            if len(self._links) < MOST_EXCHANGED:
                self._links.append(self._link)
        else:
            self._run.computed = line.link(self._key, self._run.computed, number)
            self._run.last = line
        self._keep(line)

    def _keep(self, line: Line) -> None:
        """For the search for those that changed places."""
        if len(self._strangers) < MOST_EXCHANGED:
            self._strangers.append(line)
            self._links.append(line.hash)

    def _settle(self, line: Line, number: int, former: str) -> None:
        """What a line that fits tells of those before it."""
        run, shift, taken_out = self._run, number - line.seq, number - line.seq - self._shift
        if not taken_out:
            self._end_run()
        elif not shift and line.seq - self._left_at <= MOST_EXCHANGED:
            # The numbers are right again after a few lines: none was taken out or put in, they changed places.
            del self._faults[self._told_before :]
            self._changed.append((self._left_at, line.seq - 1))
            self._run = self._renumbered = None
        else:
            first = run.first if run is not None else line.seq
            if not self._shift:
                self._left_at, self._told_before = first, len(self._faults)
            self._end_renumbering(line.seq - 1)
            self._run = None
            if run is not None and former == run.trusted:
                self._tell(Fault(kind=FaultKind.ADDED, first=run.first, last=run.last.seq))
            elif taken_out > 0:
                own = first + self._shift
                self._tell(Fault(kind=FaultKind.MISSING, first=own, last=own + taken_out - 1))
            elif run is not None:
                self._changed.append((run.first, run.last.seq))
            if shift:
                self._renumbered = Fault(kind=FaultKind.RENUMBERED, first=line.seq, last=line.seq, own=number)
        self._shift = shift
        if shift:
            self._keep(line)

    def _end_run(self) -> None:
        if self._run is not None:
            if len(self._changed) < MOST_FAULTS:
                self._changed.append((self._run.first, self._run.last.seq))
            else:
                self._more += 1
            self._link = self._run.last.hash
            self._run = None

    def _end_renumbering(self, last: int) -> None:
        if self._renumbered is not None:
            self._tell(replace(self._renumbered, last=last))
            self._renumbered = None

    def _compare(self, line: Line) -> None:
        """A line that fits, but not to what was noted outside, was written anew by somebody who has the key."""
        for anchor in self._anchors.get(line.seq, ()):
            if anchor.hash != line.hash and not self._shift:
                first = self._rewritten or Fault(
                    kind=FaultKind.REWRITTEN, first=line.seq, last=line.seq, known_at=anchor.at
                )
                self._rewritten = replace(first, last=line.seq)

    def _changes(self) -> Iterable[Fault]:
        """Lines that do not fit where they stand: changed, or genuine and in the place of another."""
        own = self._exchanged()
        for first, last in self._changed:
            inside = {seq: number for seq, number in own.items() if first <= seq <= last}
            if first == 1 and last > first and not inside:
                yield Fault(kind=FaultKind.WRONG_KEY, first=first, last=last)
            elif not any(seq != number for seq, number in own.items()):
                yield Fault(kind=FaultKind.CHANGED, first=first, last=last)
            else:
                yield from _split(first, last, inside)

    def _exchanged(self) -> dict[int, int]:
        """The own numbers of those lines that fit another place, or this one after a line that stands elsewhere."""
        numbers = [line.seq for line in self._strangers]
        return {
            line.seq: number
            for line in self._strangers
            for number in numbers
            for former in self._links
            if line.link(self._key, former, number) == line.hash
        }

    def _tell(self, fault: Fault) -> None:
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(fault)
        else:
            self._more += 1


def _split(first: int, last: int, inside: dict[int, int]) -> Iterable[Fault]:
    begin = first
    for seq in sorted(inside):
        if begin < seq:
            yield Fault(kind=FaultKind.CHANGED, first=begin, last=seq - 1)
        if inside[seq] != seq:
            yield Fault(kind=FaultKind.MOVED, first=seq, last=seq, own=inside[seq])
        begin = seq + 1
    if begin <= last:
        yield Fault(kind=FaultKind.CHANGED, first=begin, last=last)
