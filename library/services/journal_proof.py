"""Whether the journal is what was written, and what is noted outside the database so that its end can't be cut off."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from library.db.journal_head import HeadFile
from library.db.unit_of_work import Database
from library.domain.journal_proof import Anchor, Proof, Verdict

EVERY = timedelta(hours=1)

log = logging.getLogger(__name__)


class HeadState(StrEnum):
    """Whether the file beside the database tells how long the journal has to be."""

    KNOWN = "known"
    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What the chain says, and what could not be compared; `unreadable` are numbers of lines of the anchors."""

    verdict: Verdict
    head: HeadState
    anchors: int
    unreadable: tuple[int, ...]

    @property
    def is_proved(self) -> bool:
        """Whether nothing is wrong, and nothing that should be compared is missing."""
        known = self.head is HeadState.KNOWN or not self.verdict.last
        return self.verdict.is_whole and known and not self.unreadable


class JournalProof:
    """Verifies the chain with the key, and keeps anchors: one line an hour in a file that is only added to."""

    def __init__(
        self, database: Database, key: bytes, head: HeadFile, anchors: Path, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._key = key
        self._head = head
        self._anchors = anchors
        self._clock = clock
        self._due: datetime | None = None

    def verify(self, others: Sequence[Anchor] = ()) -> Verification:
        """Go along the whole journal; `others` are anchors that were kept elsewhere."""
        # What was noted outside is read first: the database may be ahead of it, and never behind.
        noted, head = self._noted_head()
        kept, unreadable = self._kept_anchors()
        proof = Proof(self._key, [*noted, *kept, *others])
        with self._database.reading() as view:
            for line in view.journal.lines():
                proof.take(line)
        return Verification(
            verdict=proof.verdict(), head=head, anchors=len(kept) + len(others), unreadable=tuple(unreadable)
        )

    def anchor(self) -> Anchor:
        """The newest entry as it is now: what to print, mail or copy to another place."""
        with self._database.reading() as view:
            seq, link = view.journal.head()
        return Anchor(at=self._clock(), seq=seq, hash=link)

    def keep_anchor(self) -> bool:
        """Add a line to the anchors where the last is an hour old and something was done since; false in any case.

        It never asks to be called again at once, as a chore of the worker that found something to do would.
        """
        now = self._clock()
        if self._due is not None and now < self._due:
            return False
        self._due = now + EVERY
        kept, _ = self._kept_anchors()
        newest = self.anchor()
        if kept and now - kept[-1].at < EVERY:
            self._due = kept[-1].at + EVERY
        elif newest.seq and (not kept or kept[-1].hash != newest.hash):
            self._append(newest)
            if kept and newest.seq < kept[-1].seq:
                log.error(
                    "The journal ends with entry %d, but had %d. See: library journal verify", newest.seq, kept[-1].seq
                )
        return False

    def _append(self, anchor: Anchor) -> None:
        descriptor = os.open(self._anchors, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, f"{anchor}\n".encode("ascii"))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _noted_head(self) -> tuple[list[Anchor], HeadState]:
        try:
            head = self._head.read()
        except ValueError:
            return [], HeadState.DAMAGED
        return ([head], HeadState.KNOWN) if head is not None else ([], HeadState.MISSING)

    def _kept_anchors(self) -> tuple[list[Anchor], list[int]]:
        try:
            text = self._anchors.read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:
            return [], []
        return read_anchors(text)


def read_anchors(text: str) -> tuple[list[Anchor], list[int]]:
    """The anchors in these lines, empty ones left out, and the numbers of the lines that say nothing."""
    found, unreadable = [], []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            if line.strip():
                found.append(Anchor.parse(line))
        except ValueError:
            unreadable.append(number)
    return found, unreadable
