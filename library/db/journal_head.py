"""Number and link of the newest entry of the journal, kept in a file beside the database.

Whoever cuts the end off the journal in the database leaves a chain that is whole; the file tells that it was longer.
"""

from __future__ import annotations

import fcntl
import logging
import os
from pathlib import Path

from library.domain.journal_proof import Anchor

# Hidden, and so not in backups: it belongs to the running database, and is ahead of one that was copied a second ago.
JOURNAL_HEAD = ".journal.head"

log = logging.getLogger(__name__)


class HeadFile:
    """The file; several processes and threads may write it. It follows the database, and never goes back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = path.with_name(path.name + ".lock")
        self._new = path.with_name(path.name + ".new")

    def read(self) -> Anchor | None:
        """What it says; None where there is no file. Raises `ValueError` for one that says nothing, and `OSError`."""
        try:
            return Anchor.parse(self._path.read_text(encoding="ascii"))
        except FileNotFoundError:
            return None

    def follow(self, newest: Anchor) -> None:
        """Note an entry that was committed. A failure is logged: the entry stands, and the next one tries again."""
        try:
            descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                if self._is_behind(newest):
                    self._write(newest)
            finally:
                os.close(descriptor)
        except OSError as error:
            log.warning("The head of the journal can't be written beside the database: %s", error)

    def _is_behind(self, newest: Anchor) -> bool:
        """A transaction that was committed earlier may come here later."""
        try:
            noted = self.read()
        except ValueError:
            log.warning("%s was damaged; it is written anew", self._path)
            return True
        return noted is None or noted.seq < newest.seq

    def _write(self, newest: Anchor) -> None:
        # Not synchronised to the disk: after a failure of power an older head is right too.
        descriptor = os.open(self._new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(f"{newest}\n")
        self._new.replace(self._path)


def nowhere(_newest: Anchor) -> None:
    """For a database without a directory of its own: nothing is noted outside."""
