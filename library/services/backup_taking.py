"""Taking a backup while readers and librarians work."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from library.db.backup_tables import snapshot
from library.db.unit_of_work import Database
from library.domain.errors import N_, LibraryError
from library.services.backup_files import sync, sync_folders, told_errors, write
from library.services.backup_manifest import MANIFEST, SEAL, Backup, Manifest, read_backup
from library.services.backup_sealing import Key, seal_of
from library.services.backup_writing import Writing
from library.services.locks import held
from library.services.progress import Progress, silent
from library.settings import Settings

_NAME = "%Y-%m-%dT%H%M%SZ"
_NAMES = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")
_UNFINISHED = ".unfinished-"
_FAILURE = N_("The backup can't be made: {reason}.")


class Taking:
    """Takes backups of one installation into dated directories, and removes those that are not wanted any more."""

    def __init__(self, database: Database, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    def take(self, directory: Path, key: Key | None, progress: Progress = silent) -> Backup:
        """A new backup below `directory`: one view of all tables, and the files that can't be made again.

        It has its name when it is whole and on the disk; nothing is left where it fails. Files that the newest backup
        there has too are one file on the disk with two names, where the file system can do that.
        """
        directory = directory.absolute()
        if directory.resolve().is_relative_to(self._settings.data_dir.resolve()):
            raise LibraryError(
                N_("{path} is inside the data directory, and would be lost with it. Choose another disk."),
                path=str(directory),
            )
        with told_errors(_FAILURE):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with held(directory / ".lock", N_("Another backup is being made there.")):
                for left in directory.glob(f"{_UNFINISHED}*"):
                    shutil.rmtree(left)
                return self._take(directory, key, progress)

    def thin(self, directory: Path, keep: int, protected: str) -> list[Path]:
        """Remove all but the newest `keep` backups; the one with the seal `protected` stays. What was removed."""
        removed = []
        with told_errors(_FAILURE), held(directory / ".lock", N_("Another backup is being made there.")):
            for backup in whole_backups(directory)[keep:]:
                if (backup / SEAL).read_text(encoding="ascii").strip() == protected:
                    continue
                # Renamed first: one that is half removed must not look like a whole one.
                gone = backup.rename(directory / f"{_UNFINISHED}{backup.name}")
                shutil.rmtree(gone)
                removed.append(backup)
        return removed

    def _take(self, directory: Path, key: Key | None, progress: Progress) -> Backup:
        moment = self._clock()
        place = directory / moment.strftime(_NAME)
        if place.exists():
            raise LibraryError(N_("{path} is there already. Try again in a second."), path=str(place))
        root = directory / f"{_UNFINISHED}{place.name}"
        root.mkdir(mode=0o700)
        try:
            manifest = self._write(root, _newest(directory, key), key, moment, progress)
            text = manifest.to_json()
            seal = seal_of(text, key)
            write(root / MANIFEST, text)
            write(root / SEAL, f"{seal}\n".encode())
            sync_folders(root)
            root.rename(place)
            sync(directory)
        except BaseException:
            shutil.rmtree(root, ignore_errors=True)
            raise
        return Backup(directory=place, manifest=manifest, seal=seal, key=key)

    def _write(
        self, root: Path, earlier: Backup | None, key: Key | None, moment: datetime, progress: Progress
    ) -> Manifest:
        writing = Writing(root, self._settings, key, earlier, progress)
        writing.write_anchors()
        with snapshot(self._database.engine) as tables:
            if tables.revision is None:
                raise LibraryError(N_("There is nothing to back up: the database has no tables of this program."))
            writing.write_tables(tables)
            schema, database = tables.revision, tables.database
        writing.write_settings()
        writing.write_files()
        return Manifest(
            release=_release(),
            schema=schema,
            database=database,
            taken_at=moment,
            encrypted=key is not None,
            tables=tuple(writing.tables),
            files=tuple(writing.files),
        )


def whole_backups(directory: Path) -> list[Path]:
    """The backups that were made in this directory to their end, the newest first."""
    found = (path for path in directory.iterdir() if _NAMES.fullmatch(path.name) and (path / SEAL).is_file())
    return sorted(found, reverse=True)


def _newest(directory: Path, key: Key | None) -> Backup | None:
    """The newest backup that this key vouches for; what another key encrypted can't be shared with it."""
    for path in whole_backups(directory):
        try:
            return read_backup(path, key)
        except LibraryError:
            continue
    return None


def _release() -> str:
    try:
        return version("kutubxona")
    except PackageNotFoundError:
        return "unreleased"
