"""Asks clamd whether bytes are clean, over a unix socket and by INSTREAM alone, with a new client for each scan.

Only the exact answer OK for a whole stream with the expected digest is clean; everything else, silence included, is
another finding. The client is the package `clamd`, in the three places mended where it would wait for ever or believe
half an answer.
"""

from __future__ import annotations

import hashlib
import re
import select
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import BinaryIO, Protocol

import clamd

from storage.model import Digest, Finding, Verdict, quoted

# "ClamAV 1.4.6/27403/Mon Sep 23 10:22:31 2024"; with a private signature base only the first part.
_VERSION = re.compile(r"(ClamAV [^/]+)(?:/(\d+)/(.+))?")
LOCAL_SIGNATURES = "local"
_NOT_LOOKED_AT = ("Heuristics.Limits.Exceeded", "Heuristics.Encrypted")
_LONGEST_ANSWER = 4096
# clamd calls recordings, by their first bytes, a kind it ignores (MP3, Ogg, RealMedia): it says OK without looking.
# What begins with a blank isn't one, so they are shown to it a second time behind one.
_IGNORED = re.compile(rb"ID3|\xff[\xe0-\xff]|OggS|\.RMF")
_HEAD = 4
_BLANK = b"\n"
_CLEAN = {"stream": ("OK", None)}


class Scanner(Protocol):
    """What any virus scanner must do; it never raises for what the scanner does or fails to do."""

    def scan(self, file: BinaryIO, expected: Digest) -> Verdict:
        """Look at all bytes of a file. Bytes with another digest than expected are never clean."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds to wait for the next sign of life, for the answer once everything was sent, and for the whole scan.

    A daemon that works on a large book says nothing until it is done (MaxScanTime is two minutes). One
    that is frozen doesn't tell its version, which is asked first.
    """

    silence: float = 30
    answer: float = 180
    total: float = 300


class ClamdScanner:
    """clamd behind the unix socket at `path`, which looks at files of up to `limit` bytes. Threads may share it."""

    def __init__(
        self, path: Path, *, limit: int, clock: Callable[[], datetime], patience: Patience | None = None
    ) -> None:
        self._path = path
        self._limit = limit
        self._clock = clock
        self._patience = patience or Patience()

    def scan(self, file: BinaryIO, expected: Digest) -> Verdict:
        """Look at all bytes of a file, from its beginning."""
        at = self._clock()
        engine = signatures = ""
        try:
            # Before the scan: signatures that are loaded meanwhile are at least as new.
            engine, signatures = self._version()
            finding, detail = self._look(file, expected, b"")
            if finding is Finding.CLEAN and _is_ignored(file):
                finding, detail = self._look(file, expected, _BLANK)
        # The package raises its own errors, bare ones of the system and of Python: each means that nobody said OK.
        except Exception as error:  # noqa: BLE001
            finding, detail = Finding.RETRY, quoted(f"{type(error).__name__}: {error}")
        return Verdict(
            finding=finding, digest=expected, engine=engine, signatures=signatures, scanned_at=at, detail=detail
        )

    def _look(self, file: BinaryIO, expected: Digest, before: bytes) -> tuple[Finding, str]:
        client = _Client(self._path, self._patience, answer=self._patience.answer)
        file.seek(0)
        stream = _Watched(file, client, before)
        try:
            return _judged(client.instream(stream), stream, expected)
        except Exception:
            # It hangs up on what is too large for it, in several ways.
            if stream.size > self._limit:
                return Finding.UNSCANNABLE, "larger than the scanner's limit"
            raise

    def _version(self) -> tuple[str, str]:
        match = _VERSION.fullmatch(_Client(self._path, self._patience, answer=self._patience.silence).version())
        if match is None:
            message = "the scanner doesn't tell its version"
            raise clamd.ResponseError(message)
        engine, number, made = match.groups()
        return engine, f"{number} of {made}" if number else LOCAL_SIGNATURES


def passes_unseen(data: bytes) -> bool:
    """Whether clamd would say OK to what begins so, or to an archive with it inside, without looking at it."""
    return _IGNORED.match(data[:_HEAD]) is not None


def _is_ignored(file: BinaryIO) -> bool:
    file.seek(0)
    return passes_unseen(file.read(_HEAD))


def _judged(answer: object, stream: _Watched, expected: Digest) -> tuple[Finding, str]:
    if answer == _CLEAN:
        if not stream.size:
            return Finding.UNSCANNABLE, "nothing to scan"
        if stream.digest != expected:
            return Finding.RETRY, "other bytes were scanned than came"
        return Finding.CLEAN, ""
    match answer:
        case {"stream": ("FOUND", str(name))} if name.startswith(_NOT_LOOKED_AT):
            return Finding.UNSCANNABLE, quoted(name)
        case {"stream": ("FOUND", str(name))} if name:
            return Finding.INFECTED, quoted(name)
    return Finding.RETRY, quoted(f"unexpected answer: {answer}")


class _Client(clamd.ClamdUnixSocket):  # type: ignore[misc]
    """One conversation: clamd 1.0.2 keeps its socket in itself, so threads that share it hear each other's answers."""

    def __init__(self, path: Path, patience: Patience, *, answer: float) -> None:
        super().__init__(str(path), timeout=patience.silence)
        self._answer = answer
        self._deadline = monotonic() + patience.total

    def hurry(self) -> None:
        """Wait for the next sign of life no longer than until the deadline; raises TimeoutError when that is over."""
        self._wait(self.timeout)

    def _wait(self, seconds: float) -> None:
        left = self._deadline - monotonic()
        if left <= 0:
            message = "the scan takes too long"
            raise TimeoutError(message)
        self.clamd_socket.settimeout(min(seconds, left))

    def answers_already(self) -> bool:
        """Whether something can be read before everything was sent."""
        return bool(select.select([self.clamd_socket], [], [], 0)[0])

    def _init_socket(self) -> None:
        # The package sets the time-out after connecting, where a full queue of the daemon blocks for ever.
        self.clamd_socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.hurry()
            self.clamd_socket.connect(self.unix_socket)
        except BaseException:
            self.clamd_socket.close()
            raise

    def _recv_response(self) -> str:
        line = b""
        # The package takes an answer that was cut off for a whole one, and waits as long as one byte comes at a time.
        while not line.endswith(b"\n"):
            self._wait(self._answer)
            part: bytes = self.clamd_socket.recv(_LONGEST_ANSWER)
            line += part
            if not part or len(line) > _LONGEST_ANSWER:
                message = "the answer was cut off"
                raise clamd.ConnectionError(message)
        return line.decode("utf-8", "replace").strip()


class _Watched:
    """Bytes on their way to the scanner, counted and hashed; those put `before` them are not."""

    def __init__(self, file: BinaryIO, client: _Client, before: bytes) -> None:
        self._file = file
        self._client = client
        self._before = before
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def digest(self) -> Digest:
        return Digest(self._hash.hexdigest())

    def read(self, size: int) -> bytes:
        """The next bytes. A scanner that answers before the end hasn't seen everything: ConnectionError."""
        # The package sends a kilobyte at a time, which a unix socket takes whole or not at all.
        self._client.hurry()
        if self._before:
            before, self._before = self._before, b""
            return before
        block = self._file.read(size)
        if not block and self._client.answers_already():
            message = "the scanner answered before it had everything"
            raise clamd.ConnectionError(message)
        self._hash.update(block)
        self.size += len(block)
        return block
