"""Runs what reads foreign files in a child process with limits: functions of ours and programs of Debian's.

A file made to hurt may lead its reader into circles, floods or a crash. All of that happens in a process of its own
(`confined`) that knows neither our environment nor our open files, and is gone, with all it started, when `run` or
`call` returns or we die. The answers are types, never errors: `Done`, `Broken`, `Stopped`, `Missing`.
"""

from __future__ import annotations

import json
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

from indexer.extraction import confined

_PROGRAMME = Path(confined.__file__)
_BLOCK = 1 << 16
_LONGEST_COMPLAINT = 4096
# How programs in C and C++ say that malloc gave them nothing.
_NO_MEMORY = re.compile(rb"bad_alloc|out of memory|cannot allocate|memory exhausted|not enough memory", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one run may use.

    Bytes of address space, seconds of processor time, seconds of the clock, bytes it answers on standard output, bytes
    of any one file it writes (0: it can write none), and pages of a document that are looked at.
    """

    memory: int = 512 << 20
    processor: int = 60
    clock: float = 120
    output: int = 64 << 20
    written: int = 0
    pages: int = 5_000


class Limit(StrEnum):
    """Which limit ended a run."""

    MEMORY = "memory"
    PROCESSOR = "processor"
    CLOCK = "clock"
    OUTPUT = "output"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The run ended well; `output` is all it said on standard output."""

    output: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The reader gave up or crashed, so the file is broken. `output` is what it said before, `detail` its complaint."""

    detail: str
    output: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The run met a limit and was ended. `output` is what it said before."""

    limit: Limit
    output: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The program isn't installed."""

    program: str


Outcome: TypeAlias = Done | Broken | Stopped | Missing


def call(function: str, arguments: Mapping[str, Any], limits: Limits, *, source: Path) -> Done | Broken | Stopped:
    """Call a generator function of ours, "package.module:name", as `name(stream, **arguments)` in a child.

    `stream` is the file `source`, open for reading. Bytes that it yields are the output as they are, anything else is a
    line of JSON in it (see `lines`); what it yields before a failure is there too. What it raises makes the file
    `Broken`. Raises `OSError` when `source` can't be opened.
    """
    outcome = _run({"function": function, "arguments": dict(arguments)}, limits, source, None)
    assert not isinstance(outcome, Missing)
    return outcome


def run(
    command: Sequence[str], limits: Limits, *, source: Path | None = None, directory: Path | None = None
) -> Outcome:
    """Run a program that is looked for on the PATH, with `source` as its standard input.

    It works in `directory` (the root without one) and can write there only with `limits.written`; the caller removes
    it. Raises `OSError` when `source` can't be opened.
    """
    program = shutil.which(command[0])
    if program is None:
        return Missing(program=command[0])
    return _run({"command": [program, *command[1:]]}, limits, source, directory)


def lines(output: bytes) -> Iterator[Any]:
    """What a function called in a child yielded; a last line that was cut off is left out."""
    for line in output.splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield json.loads(line)


def _run(task: dict[str, Any], limits: Limits, source: Path | None, directory: Path | None) -> Outcome:
    task["limits"] = {
        "memory": limits.memory,
        "processor": limits.processor,
        "written": limits.written,
        "parent": os.getpid(),
    }
    place = str(directory or "/")
    with ExitStack() as stack:
        stdin = stack.enter_context(source.open("rb")) if source else subprocess.DEVNULL
        # -I: neither the environment nor the directory it is started in can lend it modules; -B: it writes none.
        process = subprocess.Popen(  # noqa: S603  (our own interpreter; no shell)
            [sys.executable, "-IB", str(_PROGRAMME), json.dumps(task)],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=place,
            # One thread for OpenMP: what is limited must not depend on the number of cores.
            env={"HOME": place, "TMPDIR": place, "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"},
            start_new_session=True,
        )
        return _Listening(process, limits).to_the_end()


class _Listening:
    """Takes in what a process says until it ends or meets a limit."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits) -> None:
        self._process = process
        self._limits = limits
        self._output, self._complaint = bytearray(), bytearray()

    def to_the_end(self) -> Outcome:
        """The outcome, when the process and all that it started are gone."""
        limit: Limit | None = None
        try:
            limit = self._listen()
        finally:
            # Before the process is waited for, so that its number can't have become another's.
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            for pipe in (self._process.stdout, self._process.stderr):
                assert pipe is not None
                pipe.close()
        return Stopped(limit=limit, output=bytes(self._output)) if limit else self._judged()

    def _listen(self) -> Limit | None:
        deadline = time.monotonic() + self._limits.clock
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        pipes = {self._process.stdout.fileno(): self._output, self._process.stderr.fileno(): self._complaint}
        with selectors.DefaultSelector() as selector, os.fdopen(os.pidfd_open(self._process.pid)) as end:
            ended = end.fileno()
            for handle in (*pipes, ended):
                selector.register(handle, selectors.EVENT_READ)
            while pipes:
                ready = selector.select(max(deadline - time.monotonic(), 0))
                if not ready:
                    return Limit.CLOCK
                for key, _ in ready:
                    if key.fd == ended:
                        # What it started may hold the pipes open; without it they come to their end.
                        os.killpg(self._process.pid, signal.SIGKILL)
                        selector.unregister(ended)
                    elif block := os.read(key.fd, _BLOCK):
                        pipes[key.fd] += block
                    else:
                        selector.unregister(key.fd)
                        del pipes[key.fd]
                del self._complaint[:-_LONGEST_COMPLAINT]
                if len(self._output) > self._limits.output:
                    del self._output[self._limits.output :]
                    return Limit.OUTPUT
            # A process that has closed its pipes is not always one that has ended.
            if ended in selector.get_map() and not selector.select(max(deadline - time.monotonic(), 0)):
                return Limit.CLOCK
        return None

    def _judged(self) -> Outcome:
        """What the end of a process that wasn't stopped by us means."""
        code, output = self._process.returncode, bytes(self._output)
        if code == 0:
            return Done(output=output)
        limit = {
            -signal.SIGXCPU: Limit.PROCESSOR,
            -signal.SIGXFSZ: Limit.WRITTEN,
            # Nobody but the kernel's killer for want of memory; the limit of processor time has a signal of its own.
            -signal.SIGKILL: Limit.MEMORY,
            confined.OUT_OF_MEMORY: Limit.MEMORY,
        }.get(code)
        if limit is None and _NO_MEMORY.search(self._complaint):
            limit = Limit.MEMORY
        if limit:
            return Stopped(limit=limit, output=output)
        said = self._complaint.decode("utf-8", "replace").strip()
        return Broken(detail=said or _ending(code), output=output)


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"status {code}"
