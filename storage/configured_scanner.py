"""The scanner that clamd's configuration leads to, as long as that configuration is safe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from storage.antivirus import ClamdScanner, Patience
from storage.clamd_configuration import read_configuration
from storage.errors import UnsafeScanner
from storage.model import Digest, Finding, Verdict


class ConfiguredScanner:
    """clamd as the file at `configuration` sets it up for files of up to `largest` bytes. Threads may share it.

    The file is read before each scan: what an administrator mends there holds from the next one on. With an unsafe or
    missing one no scan takes place, and the verdict says what must be mended.
    """

    def __init__(
        self, configuration: Path, *, largest: int, clock: Callable[[], datetime], patience: Patience | None = None
    ) -> None:
        self._configuration = configuration
        self._largest = largest
        self._clock = clock
        self._patience = patience

    def scan(self, file: BinaryIO, expected: Digest) -> Verdict:
        """Look at all bytes of a file, from its beginning."""
        try:
            found = read_configuration(self._configuration, largest=self._largest)
        except UnsafeScanner as error:
            return Verdict(
                finding=Finding.RETRY,
                digest=expected,
                engine="",
                signatures="",
                scanned_at=self._clock(),
                detail="; ".join(error.problems),
            )
        scanner = ClamdScanner(found.socket, limit=found.limit, clock=self._clock, patience=self._patience)
        return scanner.scan(file, expected)
