"""Unmarked drawings on disk, bounded; the whole directory may be deleted at any time.

    ab/abcd…-12-1000.jpg        digest of the document, number of the page, width asked for

Several processes may use one directory. What is in it is never given to a reader as it is: a mark belongs on it. A disk
that fails costs time, not the page.
"""

from __future__ import annotations

import os
import re
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

_HEX = re.compile(r"[0-9a-f]{64}")
# An end of JPEG and its beginning (ITU-T T.81, B.1.1.3): a power cut may leave a file with neither.
_START, _END = b"\xff\xd8", b"\xff\xd9"
# How full the directory is after it has been swept, and what one process may add before it sweeps again.
_SWEPT_TO, _SWEEP_AFTER = 0.85, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingKey:
    """What is drawn, and how wide it was asked for."""

    digest: str
    number: int
    width: int

    def __post_init__(self) -> None:
        if not _HEX.fullmatch(self.digest):
            message = "not a SHA-256 digest"
            raise ValueError(message)


class DrawingCache:
    """Drawings by document, page and width; least recently used ones go when there are more than `most` bytes.

    With more than three processes the directory may grow by a twentieth of `most` above it for each further one.
    """

    def __init__(self, directory: Path, most: int) -> None:
        self._directory = directory
        self._most = most
        self._lock = threading.Lock()
        # As if much had been written: what a former process left is looked at by the first to write.
        self._since_sweep = most

    def find(self, key: DrawingKey) -> bytes | None:
        """The drawing, or None where there is none."""
        path = self._place(key)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        if data.startswith(_START) and data.endswith(_END):
            return data
        self.drop(key)
        return None

    def keep(self, key: DrawingKey, drawing: bytes) -> None:
        """Keep a drawing; one larger than a sweep would leave room for isn't kept."""
        if len(drawing) > self._most * _SWEEP_AFTER:
            return
        path = self._place(key)
        with suppress(OSError):
            for directory in (self._directory, path.parent):
                directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=path.parent, prefix=path.stem, suffix=".part", delete=False) as file:
                try:
                    file.write(drawing)
                    file.flush()
                    Path(file.name).replace(path)
                except OSError:
                    Path(file.name).unlink(missing_ok=True)
                    raise
        self._note(len(drawing))

    def drop(self, key: DrawingKey) -> None:
        """Remove one drawing, if it is there."""
        with suppress(OSError):
            self._place(key).unlink(missing_ok=True)

    def forget(self, digest: str) -> None:
        """Remove all drawings of a document."""
        place = self._place(DrawingKey(digest=digest, number=1, width=1)).parent
        with suppress(OSError):
            for path in place.glob(f"{digest}-*"):
                path.unlink(missing_ok=True)

    def _place(self, key: DrawingKey) -> Path:
        return self._directory / key.digest[:2] / f"{key.digest}-{key.number}-{key.width}.jpg"

    def _note(self, written: int) -> None:
        with self._lock:
            self._since_sweep += written
            if self._since_sweep <= self._most * _SWEEP_AFTER:
                return
            self._since_sweep = 0
            self._sweep()

    def _sweep(self) -> None:
        """Remove the least recently used until there is room; unfinished ones age like the others."""
        found: list[tuple[float, int, Path]] = []
        for path in self._directory.glob("*/*"):
            with suppress(OSError):
                known = path.stat()
                found.append((known.st_mtime, known.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self._most * _SWEPT_TO:
                return
            with suppress(OSError):
                path.unlink()
                total -= size
