"""Why a request is declined, as the protocol tells it."""

from __future__ import annotations

from dataclasses import dataclass

from harvest.model import ErrorCode

# The protocol forbids to repeat the arguments of such a request, for they may be no arguments at all.
_NOT_ECHOED = frozenset((ErrorCode.BAD_VERB, ErrorCode.BAD_ARGUMENT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong with a request, and a sentence on it for the person who reads the log."""

    code: ErrorCode
    message: str


class Refusal(Exception):
    """The request can't be answered; `faults` is never empty."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.code}: {fault.message}" for fault in faults))

    @property
    def may_echo(self) -> bool:
        """Whether the answer repeats the arguments."""
        return not any(fault.code in _NOT_ECHOED for fault in self.faults)


def refusal(code: ErrorCode, message: str) -> Refusal:
    """A refusal for one reason."""
    return Refusal(Fault(code=code, message=message))
