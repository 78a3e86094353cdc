"""A child process confines itself, then does one thing: calls a function of ours, or becomes a program of Debian's.

This file is a programme of its own, started by `sandbox`. Its arguments are limits and a task in JSON. Once confined it
may use so much memory and processor time, write files so large, and leaves no core; it can get no privileges, dies
with its parent, and has no network where the kernel lets it give that up (some containers forbid it; none of what is
run here opens connections by itself).
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

# How a process of ours ends when its function raised; the parent reads these. Small numbers are the programs' own.
BROKEN, OUT_OF_MEMORY, NOT_STARTED = 165, 171, 172
_SET_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES = 1, 38  # prctl(2): PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # unshare(2): CLONE_NEWUSER, CLONE_NEWNET
_OPEN_FILES = 64
_LONGEST_DETAIL = 200


def confine(*, memory: int, processor: int, written: int, parent: int) -> None:
    """Limit this process for good: bytes of address space, seconds, bytes of one file; `parent` is who started it."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        # It died before we could ask to be told.
        os._exit(NOT_STARTED)
    libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    # Root may leave the network alone; others may only inside a user namespace of their own.
    if libc.unshare(_NEW_NETWORK):
        libc.unshare(_NEW_USER | _NEW_NETWORK)
    for limit, soft, hard in (
        # Above the soft limit comes SIGXCPU, which tells why; a process that ignores it is killed.
        (resource.RLIMIT_CPU, processor, processor + 1),
        (resource.RLIMIT_FSIZE, written, written),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES, _OPEN_FILES),
        (resource.RLIMIT_AS, memory, memory),
    ):
        _, highest = resource.getrlimit(limit)
        allowed = hard if highest == resource.RLIM_INFINITY else min(hard, highest)
        resource.setrlimit(limit, (min(soft, allowed), allowed))


def _call(function: str, arguments: dict[str, object]) -> None:
    """Call `module:function` with standard input and the arguments, and write out what it yields."""
    # What libraries print must not come into the answer.
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.path.insert(0, str(Path(__file__).parents[2]))
    module, name = function.split(":")
    try:
        called = getattr(importlib.import_module(module), name)
        with answer, open(0, "rb", closefd=False) as stream:
            for value in called(stream, **arguments):
                answer.write(value if isinstance(value, bytes) else _line(value))
                answer.flush()
    except MemoryError:
        _end(OUT_OF_MEMORY, "")
    except Exception as error:  # noqa: BLE001  (libraries raise anything on files made to hurt them; the parent is told)
        _end(BROKEN, f"{type(error).__name__}: {error}")


def _line(value: object) -> bytes:
    # Escaped, a letter of Cyrillic would take six bytes of what a reader may answer; so it takes two.
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _end(code: int, detail: str) -> None:
    """End at once: cleaning up would need the memory there is none of."""
    with suppress(OSError):
        os.write(2, detail[:_LONGEST_DETAIL].encode("utf-8", "replace"))
    os._exit(code)


def main() -> None:
    """`confined.py TASK`: confine this process and do the task."""
    task = json.loads(sys.argv[1])
    confine(**task["limits"])
    if "function" in task:
        _call(task["function"], task["arguments"])
        return
    # Python ignores these two, and what is ignored stays so in the program that takes its place.
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored, signal.SIG_DFL)
    try:
        os.execv(task["command"][0], task["command"])  # noqa: S606  (a list of arguments; no shell)
    except OSError as error:
        _end(NOT_STARTED, str(error))


if __name__ == "__main__":
    main()
