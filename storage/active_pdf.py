"""PDFs that do something when they are opened: scripts, programmes, forms of XFA, files inside, media with scripts.

The objects are walked by `pdf_walk` in a process of its own with limits on memory and time. A process that doesn't
finish has decided nothing, so the file waits.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from storage.errors import N_
from storage.model import Doubt, Objection, Reason, WaitsFor

_PROGRAMME = Path(__file__).with_name("pdf_walk.py")
# The answer is a few names; a process that writes more is out of its mind.
_LONGEST_ANSWER = 1 << 14


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkLimits:
    """Bytes of address space, seconds of processor time, seconds of the clock."""

    memory: int = 512 << 20
    processor: int = 30
    clock: float = 60


def check(file: BinaryIO, limits: WalkLimits) -> None:
    """Look for active content in a PDF, a real file; raises `Objection`, or `Doubt` if it can't be told."""
    file.seek(0)
    answer = _walked(file, limits)
    if answer.get("trouble") == "encrypted":
        raise Doubt(
            Reason.of("encrypted", N_("The document is locked with a password. Save it without one and send it.")),
            WaitsFor.PERSON,
        )
    if "trouble" in answer:
        raise Objection(
            Reason.of("pdf-damaged", N_("The document is damaged ({detail}). Save it anew and send it."), **answer)
        )
    if answer["found"]:
        raise Objection(
            Reason.of(
                "active-content",
                N_("The document holds what acts by itself ({found}). Print it to a new PDF and send that."),
                found=", ".join(answer["found"]),
            )
        )


def _walked(file: BinaryIO, limits: WalkLimits) -> dict[str, Any]:
    # -I: neither the environment nor the directory it is started in can lend it modules.
    command = [sys.executable, "-I", str(_PROGRAMME), str(limits.memory), str(limits.processor)]
    try:
        done = subprocess.run(  # noqa: S603  (no part of the command comes from outside)
            command, stdin=file, capture_output=True, timeout=limits.clock, check=False, env={}
        )
        if done.returncode == 0 and len(done.stdout) <= _LONGEST_ANSWER:
            answer: dict[str, Any] = json.loads(done.stdout)
            return answer
    except (subprocess.TimeoutExpired, ValueError):
        pass
    raise Doubt(
        Reason.of("walk-unfinished", N_("The document is so large or intricate that it couldn't be checked in time.")),
        WaitsFor.SCANNER,
    )
