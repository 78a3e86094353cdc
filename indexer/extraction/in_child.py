"""A reader of ours at work in a child process, and what its end means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from indexer.extraction import sandbox
from indexer.extraction.model import (
    LOCKED,
    N_,
    TOO_LARGE_INSIDE,
    UNSAFE,
    Outcome,
    Reason,
    Unreadable,
    damaged,
)
from indexer.extraction.sandbox import Broken, Limit, Limits, Stopped
from indexer.extraction.telling import Told

_TROUBLES = {reason.code: reason for reason in (LOCKED, UNSAFE, TOO_LARGE_INSIDE)}


def reader(function: str, made_by: str) -> Callable[[Path, Limits], Outcome]:
    """What reads a file by one function, "package.module:name", which tells (see `telling`) in a child process."""

    def read(path: Path, limits: Limits) -> Outcome:
        told, failure = tell(function, {"most": limits.pages}, limits, path)
        return outcome(told, made_by, failure)

    return read


def tell(function: str, arguments: Mapping[str, Any], limits: Limits, path: Path) -> tuple[Told, Reason | None]:
    """What a function told of a file, and what ended it too early."""
    ended = sandbox.call(function, arguments, limits, source=path)
    told = Told()
    told.take(sandbox.lines(ended.output))
    return told, failure_of(ended)


def outcome(told: Told, made_by: str, failure: Reason | None) -> Outcome:
    """The answer to what was told."""
    if told.trouble:
        return Unreadable(reason=_TROUBLES.get(told.trouble) or damaged(told.trouble))
    return told.outcome(made_by, failure)


def failure_of(ended: sandbox.Outcome, *, program: str = "") -> Reason | None:
    """Why a run ended too early, in words for people; nothing where it ended well.

    What programs complain of is for those who wrote them, so only their name is told.
    """
    if isinstance(ended, Stopped):
        return _OVER[ended.limit]
    return damaged(program or ended.detail) if isinstance(ended, Broken) else None


_OVER = {
    Limit.MEMORY: Reason.of("memory", N_("Reading the file took more memory than is allowed.")),
    Limit.PROCESSOR: Reason.of("processor-time", N_("Reading the file took more time than is allowed.")),
    Limit.CLOCK: Reason.of("time", N_("Reading the file took more time than is allowed.")),
    Limit.OUTPUT: Reason.of("much-text", N_("The file has more text than is read.")),
    Limit.WRITTEN: Reason.of("written", N_("Reading the file needed more room on the disk than is allowed.")),
}
