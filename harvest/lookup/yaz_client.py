"""Debian's yaz-client as a child process: commands go to its standard input, answers come from its standard output.

It is a program written in C that reads what a foreign server sends, so it runs in an empty directory with an empty
environment, and with limits on memory, time and the size of files.
"""

from __future__ import annotations

import os
import resource
import selectors
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from math import ceil, inf
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from harvest.errors import N_, BrokenOff, ProgramMissing, TooLarge, TooSlow

_PROGRAM = "yaz-client"
_LARGEST_MESSAGE_KILOBYTES = 2048
_LARGEST_OUTPUT = 16 << 20
_LIMITS = (
    (resource.RLIMIT_AS, 512 << 20),
    (resource.RLIMIT_CPU, 20),
    (resource.RLIMIT_FSIZE, 4 << 20),
    (resource.RLIMIT_CORE, 0),
)
# An unknown command: the answer to it tells that the commands before are done, whatever became of them.
_END = "answered"
_END_SEEN = f"Unknown command: {_END}"
_BLOCK = 1 << 16


class YazClient:
    """One run of the program in a directory; leaving the block ends it."""

    def __init__(self, directory: Path, *, seconds: float, search_path: str) -> None:
        """`seconds` is the time for the whole run; the program is looked for on the path. Raises `ProgramMissing`."""
        program = shutil.which(_PROGRAM, path=search_path)
        if program is None:
            raise ProgramMissing(
                N_(
                    "Z39.50 needs the program {program}, which is not installed. An administrator can install it with "
                    "the Debian package {package}; partners with SRU need nothing."
                ),
                program=_PROGRAM,
                package="yaz",
            )
        self._seconds = seconds
        self._deadline = monotonic() + seconds
        self._size = 0
        self._process = subprocess.Popen(  # noqa: S603  (a list of arguments, none of them foreign)
            [program, "-k", str(_LARGEST_MESSAGE_KILOBYTES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=directory,
            env={"HOME": str(directory), "LC_ALL": "C.UTF-8"},
            start_new_session=True,
        )
        for limit, value in _LIMITS:
            resource.prlimit(self._process.pid, limit, (value, value))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        # Waits for the end and closes the pipes; what was still to be written finds nobody.
        with suppress(BrokenPipeError), self._process:
            pass

    def say(self, commands: Sequence[str], *, within: float = inf) -> str:
        """Give commands, each a line of ASCII, and return what was answered to all of them.

        Raises `TooSlow` after so many seconds or at the end of the time for the run, `TooLarge`, and `BrokenOff` when
        the program ended by itself.
        """
        assert self._process.stdin is not None
        for command in commands:
            assert command.isprintable(), "a command is one line"
        try:
            self._process.stdin.write("".join(f"{command}\n" for command in (*commands, _END)).encode("ascii"))
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise _ended() from error
        return self._heard(min(self._deadline - monotonic(), within))

    def finish(self) -> None:
        """Let the program end by itself, so that it writes its files to the end."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b"quit\n")
            self._process.stdin.close()
            self._process.wait(max(self._deadline - monotonic(), 0))
        except BrokenPipeError as error:
            raise _ended() from error
        except subprocess.TimeoutExpired as error:
            raise _too_slow(self._seconds) from error

    def _heard(self, seconds: float) -> str:
        assert self._process.stdout is not None
        deadline = monotonic() + seconds
        heard = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while _END_SEEN.encode() not in heard[-_BLOCK - len(_END_SEEN) :]:
                if not selector.select(max(deadline - monotonic(), 0)):
                    raise _too_slow(seconds)
                piece = os.read(self._process.stdout.fileno(), _BLOCK)
                if not piece:
                    raise _ended()
                heard += piece
                self._size += len(piece)
                if self._size > _LARGEST_OUTPUT:
                    raise TooLarge(
                        N_("The partner's server sends more than {limit} megabytes."), limit=_LARGEST_OUTPUT >> 20
                    )
        return heard.decode("utf-8", "replace")


def _too_slow(seconds: float) -> TooSlow:
    return TooSlow(N_("The partner's server did not answer within {seconds} seconds."), seconds=ceil(seconds))


def _ended() -> BrokenOff:
    return BrokenOff(N_("The connection to the partner's server was lost before the answer was complete."))
