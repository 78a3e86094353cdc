"""Number and link of the newest entry of the journal, kept in a file beside the database.

Whoever cuts the end off the journal in the database leaves a chain that is whole; the file tells that it was longer.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from library.domain.journal_proof import Anchor

# Hidden, and so not in backups: it belongs to the running database, and is ahead of one that was copied a second ago.
JOURNAL_HEAD = ".journal.head"
# One sector of a disk, which is written whole or not at all. Replacing the file by another would wait for the disk.
SIZE = 512

log = logging.getLogger(__name__)


class HeadFile:
    """The file; several processes and threads may write it. It follows the database, and never goes back."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Anchor | None:
        """What it says; None where there is no file. Raises `ValueError` for one that says nothing, and `OSError`."""
        try:
            with self._held(os.O_RDONLY, fcntl.LOCK_SH) as descriptor:
                return _said(descriptor)
        except FileNotFoundError:
            return None

    def follow(self, newest: Anchor) -> None:
        """Note an entry that was committed. A failure is logged: the entry stands, and the next one tries again."""
        try:
            with self._held(os.O_RDWR | os.O_CREAT, fcntl.LOCK_EX) as descriptor:
                if self._is_behind(descriptor, newest):
                    os.pwrite(descriptor, f"{newest}\n".ljust(SIZE).encode("ascii"), 0)
        except OSError as error:
            log.warning("The head of the journal can't be written beside the database: %s", error)

    def _is_behind(self, descriptor: int, newest: Anchor) -> bool:
        """A transaction that was committed earlier may come here later."""
        try:
            noted = _said(descriptor)
        except ValueError:
            log.warning("%s was damaged; it is written anew", self._path)
            return True
        return noted is None or noted.seq < newest.seq

    @contextmanager
    def _held(self, how: int, lock: int) -> Iterator[int]:
        descriptor = os.open(self._path, how | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, lock)
            yield descriptor
        finally:
            os.close(descriptor)


def _said(descriptor: int) -> Anchor | None:
    text = os.pread(descriptor, SIZE, 0).decode("ascii", "replace")
    return Anchor.parse(text) if text else None


def nowhere(_newest: Anchor) -> None:
    """For a database without a directory of its own: nothing is noted outside."""
