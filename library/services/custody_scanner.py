"""Whether the virus scanner can be trusted: tried by the worker, told to everybody from a small file.

Web processes never ask the scanner itself: one that is frozen would freeze them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from library.db.unit_of_work import Database
from library.domain.errors import N_, Message
from library.domain.journal import Deed
from library.services.custody_closing import KEEPER
from library.services.stored import told
from storage.canary import EVERY, Canary, CanaryState
from storage.durable import make_directories, write_all
from storage.durable import written as written_file
from storage.errors import told_plainly

# It begins with a dot: what a scanner was like at a moment is nothing that a backup should bring back.
STATE_FILE = ".scanner.json"
TRIED_AGAIN_AFTER = timedelta(seconds=5)
# A state older than this was not followed by the next: nobody looks any more.
HOLDS_FOR = 2 * EVERY


class ScannerCondition(StrEnum):
    """Whether the scanner sees."""

    GOOD = "good"
    SICK = "sick"
    UNKNOWN = "unknown"
    """The worker has not tried it lately, or never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerState:
    """What was found at `at` when the scanner was tried, and since when it has been so; None where it never was.

    `engine` and `signatures` are those that answered, `why` is what is wrong, in words for an administrator.
    """

    condition: ScannerCondition
    at: datetime | None = None
    since: datetime | None = None
    engine: str = ""
    signatures: str = ""
    why: str = ""

    @property
    def sentence(self) -> Message:
        """The state in a sentence for staff."""
        if self.condition is ScannerCondition.GOOD:
            return Message.of(N_("The virus scanner works ({engine}, {signatures})."), **self._versions)
        if self.condition is ScannerCondition.SICK:
            return Message.of(N_("The virus scanner can't be trusted now ({why}). Files wait."), why=self.why)
        return Message.of(N_("The virus scanner was not tried lately: the worker does not run. Files wait."))

    @property
    def _versions(self) -> dict[str, str]:
        return {"engine": self.engine, "signatures": self.signatures}


class ScannerWatch:
    """Tries the scanner every five minutes, and sooner while it fails. `step` and `look` are for the worker."""

    def __init__(self, database: Database, canary: Canary, path: Path, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._canary = canary
        self._path = path
        self._clock = clock
        self._looked: ScannerState | None = None

    def state(self) -> ScannerState:
        """What was found last; asks nobody, and raises nothing. A look of long ago says nothing of today."""
        state = self._read()
        now = self._clock()
        if state.at is None or not -HOLDS_FOR <= now - state.at <= HOLDS_FOR:
            return ScannerState(condition=ScannerCondition.UNKNOWN, at=state.at)
        return state

    def step(self) -> bool:
        """Try the scanner if it is time, at the start too; whether it was."""
        last, now = self._looked, self._clock()
        if last is not None and last.at is not None:
            rest = EVERY if last.condition is ScannerCondition.GOOD else TRIED_AGAIN_AFTER
            if timedelta(0) <= now - last.at < rest:
                return False
        self.look()
        return True

    def notice(self, engine: str, signatures: str) -> None:
        """A scan was answered by this engine with these signatures: others than before are tried at once."""
        last = self._looked
        if last is None or (last.engine, last.signatures) != (engine, signatures):
            self.look()

    def doubt(self) -> None:
        """A scan was not answered as it should be: a scanner that was good is tried at once."""
        if self._looked is None or self._looked.condition is ScannerCondition.GOOD:
            self.look()

    def look(self) -> ScannerState:
        """Try the scanner now; a change of its condition is journalled, and recovery lets all that waits try again."""
        found = self._canary.look()
        before = self._read()
        state = _state(found, before)
        if state.condition is not before.condition:
            self._tell(before, state)
        self._write(state)
        self._looked = state
        return state

    def _tell(self, before: ScannerState, state: ScannerState) -> None:
        good = state.condition is ScannerCondition.GOOD
        # That it works at the first look is no news.
        is_news = not good or before.condition is ScannerCondition.SICK
        at = self._clock()
        with self._database.writing() as tx:
            if good:
                tx.custody.try_again(at)
            if is_news:
                deed = Deed.SCANNER_RECOVERED if good else Deed.SCANNER_FAILED
                after = {"engine": state.engine, "signatures": state.signatures, "reason": state.why}
                tx.journal.add(KEEPER, deed, "scanner", at, after={name: text for name, text in after.items() if text})
            tx.commit()

    def _write(self, state: ScannerState) -> None:
        assert state.at is not None, "it was looked at"
        assert state.since is not None, "it was looked at"
        body = {
            "condition": state.condition.value,
            "at": state.at.isoformat(),
            "since": state.since.isoformat(),
            "engine": state.engine,
            "signatures": state.signatures,
            "why": state.why,
        }
        with told(), told_plainly():
            make_directories(self._path.parent, 0o750)
            with written_file(self._path, 0o640) as handle:
                write_all(handle, json.dumps(body, ensure_ascii=False).encode())

    def _read(self) -> ScannerState:
        try:
            body = json.loads(self._path.read_bytes())
            return ScannerState(
                condition=ScannerCondition(body["condition"]),
                at=datetime.fromisoformat(body["at"]),
                since=datetime.fromisoformat(body["since"]),
                engine=body["engine"],
                signatures=body["signatures"],
                why=body["why"],
            )
        except (OSError, ValueError, KeyError, TypeError):
            return ScannerState(condition=ScannerCondition.UNKNOWN)


def _state(found: CanaryState, before: ScannerState) -> ScannerState:
    condition = ScannerCondition.GOOD if found.good else ScannerCondition.SICK
    return ScannerState(
        condition=condition,
        at=found.at,
        since=before.since if before.condition is condition else found.at,
        engine=found.engine,
        signatures=found.signatures,
        why=found.why,
    )
