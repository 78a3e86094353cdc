"""Whether the scanner sees anything at all: a daemon with a wrong or empty signature base says OK to everything.

Twice it is asked what the answer must be: the EICAR test file is a virus to every scanner, plain words are none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from storage.antivirus import Scanner
from storage.model import Digest, Finding, Verdict

EVERY = timedelta(minutes=5)
# Put together only here, so that no scanner takes this file, its archive or its backup for a virus.
_VIRUS = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-", "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")
_WORDS = b"Kitoblar omborga tekshiruvdan keyin qo'yiladi.\n" * 20


def eicar() -> bytes:
    """The harmless test file that every scanner must take for a virus (EICAR, 2003)."""
    return "".join(_VIRUS).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryState:
    """Whether the scanner could be trusted at a time, with which engine and signatures; `why` when not."""

    good: bool
    at: datetime
    engine: str
    signatures: str
    why: str = ""


class Canary:
    """Looks after one scanner; the last look is remembered for `EVERY`."""

    def __init__(self, scanner: Scanner, clock: Callable[[], datetime]) -> None:
        self._scanner = scanner
        self._clock = clock
        self._last: CanaryState | None = None

    def look(self) -> CanaryState:
        """Ask the scanner now."""
        virus = self._ask(eicar())
        words = self._ask(_WORDS)
        why = ""
        if virus.finding is not Finding.INFECTED:
            why = virus.detail or "the scanner did not find the test virus"
        elif words.finding is not Finding.CLEAN:
            why = words.detail or "the scanner takes plain words for a virus"
        elif (virus.engine, virus.signatures) != (words.engine, words.signatures):
            why = "the scanner changed while it was being tried"
        self._last = CanaryState(
            good=not why, at=self._clock(), engine=words.engine, signatures=words.signatures, why=why
        )
        return self._last

    def state(self) -> CanaryState:
        """The last look, if it was a good one and not longer ago than `EVERY`; else a new one."""
        last = self._last
        if last is None or not last.good or not timedelta(0) <= self._clock() - last.at <= EVERY:
            return self.look()
        return last

    def vouches_for(self, verdict: Verdict) -> CanaryState:
        """The state of the scanner with the very engine and signatures of a verdict; not good if it has others now."""
        state = self.state()
        if (state.engine, state.signatures) != (verdict.engine, verdict.signatures):
            state = self.look()
        if state.good and (state.engine, state.signatures) != (verdict.engine, verdict.signatures):
            return CanaryState(
                good=False,
                at=state.at,
                engine=state.engine,
                signatures=state.signatures,
                why="the scanner was changed since the scan",
            )
        return state

    def _ask(self, data: bytes) -> Verdict:
        return self._scanner.scan(BytesIO(data), Digest.of(data))
