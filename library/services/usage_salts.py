"""The keys by which visitors are told apart for a day: files that are thrown away, never rows that a backup keeps."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

from library.domain.usage import SALT_LIFE
from library.services.keys import installation_key

# Backups leave out what begins with a dot.
DIRECTORY = ".usage-salts"
_MOST_KNOWN = 4

log = logging.getLogger(__name__)


class Salts:
    """One salt a day for all processes: the first that needs it makes it."""

    def __init__(self, data_dir: Path) -> None:
        self._directory = data_dir / DIRECTORY
        self._known: dict[date, bytes] = {}

    def of(self, day: date) -> bytes:
        """The salt of a day; that of a day long past is made anew and fits to nothing that was hashed then."""
        salt = self._known.get(day)
        if salt is None:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            salt = installation_key(self._directory / day.isoformat())
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[day] = salt
        return salt

    def throw_away(self, today: date) -> None:
        """Delete the salts whose life is over, here and on the disk; `today` is a day of salts."""
        oldest = today - SALT_LIFE
        for day in [day for day in tuple(self._known) if day < oldest]:
            self._known.pop(day, None)
        if not self._directory.exists():
            return
        for path in self._directory.iterdir():
            # One whose maker was killed is called .day.random.
            written = path.name.removeprefix(".")[: len("2026-11-21")]
            if date.fromisoformat(written) < oldest:
                path.unlink(missing_ok=True)
                log.info("The key to the visitors of %s is thrown away", written)
