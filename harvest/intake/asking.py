"""One question after another to one partner: patiently, politely, and within the limits of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from harvest.addresses import WebAddress
from harvest.errors import (
    N_,
    BrokenOff,
    Busy,
    NotWellFormed,
    PartnerError,
    TooSlow,
    UnexpectedStatus,
    Unreachable,
)
from harvest.intake.checkpoint import Counts
from harvest.intake.faults import EndedEarly, LimitReached, NoOaiPmh
from harvest.transport import Later, Page, Transport

Read = TypeVar("Read")

# Failures that may pass by themselves; a web page instead of an answer is, as a rule, a server in distress.
_PASSING = (BrokenOff, TooSlow, Unreachable, NotWellFormed, EndedEarly, NoOaiPmh)
_PASSING_STATUS = frozenset({408, 425, 500, 502, 504, *range(505, 600)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """What a run may use, and how it behaves when it has to wait (seconds).

    `duration`, `pages` and `octets` bound the run; `pause` lies between two requests. A request that fails is sent
    `attempts` times, with waits that begin at `back_off` and double up to `longest_back_off`. A partner may ask to
    come later `waits` times in a row.
    """

    duration: float = 6 * 3600
    pages: int = 10_000
    octets: int = 4 << 30
    pause: float = 0.1
    attempts: int = 5
    back_off: float = 1
    longest_back_off: float = 60
    waits: int = 10


USUAL_PATIENCE = Patience()


class Asker:
    """Asks one partner during one run, and counts what that took.

    `clock` tells the time with a zone, `sleep` waits for so many seconds.
    """

    def __init__(
        self,
        address: WebAddress,
        transport: Transport,
        *,
        patience: Patience,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self._address = address
        self._transport = transport
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._end = clock() + timedelta(seconds=patience.duration)
        self._asked = False
        self.counts = Counts()

    def ask(self, arguments: Sequence[tuple[str, str]], read: Callable[[bytes], Read]) -> Read:
        """The answer as `read` reads it; failures that may pass, also those of `read`, are tried again.

        Raises what failed in the end, `Busy` if the partner does not stop asking to come later, and `LimitReached`.
        """
        address = self._address.with_arguments(arguments)
        failures = 0
        if self._asked and self._patience.pause:
            self._wait(self._patience.pause)
        self._asked = True
        while True:
            try:
                page = self._page(address)
                self.counts = self.counts.plus(Counts(pages=1, octets=len(page.body)))
                return read(page.body)
            except PartnerError as error:
                failures += 1
                if not may_pass(error) or failures >= self._patience.attempts:
                    raise
                self.counts = self.counts.plus(Counts(repeats=1))
                self._wait(self._backed_off(failures))

    def _page(self, address: WebAddress) -> Page:
        waits = 0
        while True:
            self._check_limits()
            answer = self._transport.get(address)
            if not isinstance(answer, Later):
                return answer
            waits += 1
            if waits >= self._patience.waits:
                raise Busy(answer.seconds)
            self.counts = self.counts.plus(Counts(waits=1))
            # Whoever says "come back in 0 seconds" is not to be asked at once all the same.
            self._wait(self._backed_off(waits) if answer.seconds is None else max(answer.seconds, 1))

    def _backed_off(self, times: int) -> float:
        return float(min(self._patience.back_off * 2 ** (times - 1), self._patience.longest_back_off))

    def _wait(self, seconds: float) -> None:
        if self._clock() + timedelta(seconds=seconds) > self._end:
            raise self._out_of_time()
        self._sleep(seconds)

    def _check_limits(self) -> None:
        if self._clock() > self._end:
            raise self._out_of_time()
        if self.counts.pages >= self._patience.pages:
            raise LimitReached(
                N_("The harvest stopped after {limit} pages, as it should, and goes on from there next time."),
                limit=self._patience.pages,
            )
        if self.counts.octets >= self._patience.octets:
            raise LimitReached(
                N_("The harvest stopped after {limit} megabytes, as it should, and goes on from there next time."),
                limit=self._patience.octets >> 20,
            )

    def _out_of_time(self) -> LimitReached:
        return LimitReached(
            N_("The harvest stopped after {limit} minutes, as it should, and goes on from there next time."),
            limit=int(self._patience.duration // 60),
        )


def may_pass(error: PartnerError) -> bool:
    """Whether the same request may be answered better a little later."""
    if isinstance(error, UnexpectedStatus):
        return error.status in _PASSING_STATUS
    return isinstance(error, _PASSING)
