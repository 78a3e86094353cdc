"""Child processes that draw, kept warm: starting Python and PDFium anew would take longer than drawing a page.

A child confines itself before it sees a file (`confined`). One that hangs, crashes or meets a limit is ended and the
next request gets another. It ends when we end, however that comes, for it listens to a socket that ends with us.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from indexer.extraction import confined, drawing_child
from indexer.extraction.drawing_errors import DrawingBusy, DrawingUnavailable, TooCostly, Undrawable
from indexer.extraction.messages import Message, packed, received

_PROGRAMME = Path(drawing_child.__file__)
_START_WITHIN = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingLimits:
    """What drawing one page may use.

    Bytes of address space; seconds of processor time, of the clock, and of waiting for a child that is free; pixels of
    an image; pages of a document whose sizes are told.
    """

    memory: int = 512 << 20
    processor: int = 10
    clock: float = 20
    patience: float = 10
    pixels: int = 10_000_000
    pages: int = 5_000


class DrawingChildren:
    """At most `most` children; the first is started by the first request. May be used by several threads."""

    def __init__(self, limits: DrawingLimits, most: int) -> None:
        self._limits = limits
        self._free = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._resting: list[_Child] = []
        self._all: set[_Child] = set()
        self._closed = False

    def ask(self, head: dict[str, Any], body: bytes = b"") -> Message:
        """The answer of a child. Raises `Undrawable`, `TooCostly`, `DrawingBusy`, `DrawingUnavailable`."""
        with self._one() as child:
            return child.ask(head, body, self._limits.clock)

    def numbers(self) -> frozenset[int]:
        """The process numbers of the children there are."""
        with self._lock:
            return frozenset(child.number for child in self._all)

    def close(self) -> None:
        """End all children, also those at work; whoever waits for one gets `DrawingUnavailable` or `Undrawable`."""
        with self._lock:
            self._closed = True
            resting, children = tuple(self._resting), tuple(self._all)
            self._resting.clear()
        for child in children:
            child.kill()
        # The sockets of the others are closed by those who listen to them.
        for child in resting:
            self._drop(child)

    @contextmanager
    def _one(self) -> Iterator[_Child]:
        """A child for one request; it rests afterwards if it is well."""
        if not self._free.acquire(timeout=self._limits.patience):
            raise DrawingBusy
        try:
            child = self._taken() or self._started()
            try:
                yield child
            finally:
                self._put_back(child)
        finally:
            self._free.release()

    def _taken(self) -> _Child | None:
        """The child that rested last, so that the others are started only when they are needed."""
        while True:
            with self._lock:
                if not self._resting:
                    return None
                child = self._resting.pop()
            if child.well():
                return child
            self._drop(child)

    def _started(self) -> _Child:
        with self._lock:
            if self._closed:
                raise DrawingUnavailable("closed")
            child = _Child(self._limits)
            self._all.add(child)
        try:
            child.greet()
        except BaseException:
            self._drop(child)
            raise
        return child

    def _put_back(self, child: _Child) -> None:
        with self._lock:
            if child.well() and not self._closed:
                self._resting.append(child)
                return
        self._drop(child)

    def _drop(self, child: _Child) -> None:
        with self._lock:
            self._all.discard(child)
        child.end()


class _Child:
    """One child and the socket to it; used by one thread at a time, only `kill` may be called by another."""

    def __init__(self, limits: DrawingLimits) -> None:
        task = {"memory": limits.memory, "processor": limits.processor, "parent": os.getpid()}
        self._line, theirs = socket.socketpair()
        with theirs:
            try:
                # -I: neither the environment nor the directory can lend it modules; -B: it writes none.
                self._process = subprocess.Popen(  # noqa: S603  (our own interpreter; no shell)
                    [sys.executable, "-IB", str(_PROGRAMME), json.dumps(task)],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    # One thread and one heap: what is limited must not depend on the number of cores.
                    env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "RAYON_NUM_THREADS": "1"},
                    start_new_session=True,
                )
            except OSError as error:
                self._line.close()
                raise DrawingUnavailable(error.strerror or str(error)) from error
        self.number = self._process.pid
        self._last = False
        self._ending = threading.Lock()

    def greet(self) -> None:
        """Wait until it can work. Raises `DrawingUnavailable`."""
        try:
            self._receive(time.monotonic() + _START_WITHIN)
        except (OSError, EOFError, ValueError, TypeError) as error:
            self.kill()
            raise DrawingUnavailable(f"the process that draws: status {self._process.returncode}") from error

    def well(self) -> bool:
        """Whether it can take another request."""
        return not self._last and self._process.poll() is None

    def ask(self, head: dict[str, Any], body: bytes, clock: float) -> Message:
        """Its answer within so many seconds; when there is none the child is ended."""
        deadline = time.monotonic() + clock
        # Until the answer has come whole, it is not fit for another request.
        self._last = True
        try:
            self._line.settimeout(clock)
            self._line.sendall(packed(head, body))
            answer = self._receive(deadline)
        except TimeoutError as error:
            self.kill()
            raise TooCostly("clock") from error
        except (OSError, EOFError, ValueError, TypeError) as error:
            self._report(error)
        self._last = bool(answer[0].get("last", True))
        return answer

    def end(self) -> None:
        """End it and close the socket; to be called again does nothing."""
        self.kill()
        self._line.close()

    def kill(self) -> None:
        """End it; whoever waits for its answer learns it from the socket."""
        with self._ending:
            if self._process.returncode is None:
                # Before it is waited for, so that its number can't have become another's.
                with suppress(ProcessLookupError):
                    os.killpg(self.number, signal.SIGKILL)
                self._process.wait()

    def _receive(self, deadline: float) -> Message:
        def receive(most: int) -> bytes:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._line.settimeout(left)
            return self._line.recv(most)

        return received(receive)

    def _report(self, error: Exception) -> NoReturn:
        """Say by an error why it broke off."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        self.kill()
        code = self._process.returncode
        if code == -signal.SIGXCPU:
            raise TooCostly("processor") from error
        # PDFium gives up by SIGABRT where there is no memory; by SIGKILL it is ended by the kernel for want of it, or
        # by an administrator.
        if code in {confined.OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL}:
            raise TooCostly("memory") from error
        raise Undrawable(f"signal {-code}" if code < 0 else f"status {code}") from error
