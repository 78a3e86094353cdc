"""Bringing a backup back into an empty installation: all of it, or nothing."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from library.db import migrating
from library.db.backup_loading import UNFINISHED, Loading, new_database, occupants
from library.domain.errors import N_, LibraryError
from library.services.backup_files import LOCK_ENDING, content, fetch, is_intact, sync, told_errors, write
from library.services.backup_manifest import DATA, SETTINGS, Backup
from library.services.backup_writing import digest_of_lines
from library.services.installation import RESTORING, TRAINING
from library.services.locks import held
from library.services.progress import Progress, Step, silent
from library.settings import Settings

_PLACED = "placed.json"
# A key is made by the first command that is given; without a database it protects nothing yet.
_NOTHING_YET = (LOCK_ENDING, ".key", UNFINISHED)
_MOST_TOLD = 20


def damage(backup: Backup, progress: Progress = silent) -> Iterator[str]:
    """Reads every byte of a backup and tells which files are not what was written."""
    done = 0
    for file in backup.manifest.files:
        try:
            if not is_intact(backup.directory / file.stored, file):
                yield f"{file.stored} was changed"
        except FileNotFoundError:
            yield f"{file.stored} is missing"
        except OSError as error:
            yield f"{file.stored} can't be read ({error.strerror})"
        done += file.size
        progress(Step(done, backup.manifest.size, 0))


def chosen_settings(backup: Backup) -> dict[str, str]:
    """Variable and value of the settings that were chosen where the backup was made; secrets are not among them."""
    file = backup.manifest.file(SETTINGS)
    found = orjson.loads(content(backup, file)) if file else {}
    return {str(name): str(value) for name, value in found.items()}


def is_for_training(backup: Backup) -> bool:
    """Whether it was taken of a training installation."""
    return backup.manifest.file(f"{DATA}/{TRAINING}") is not None


def restore(backup: Backup, settings: Settings, progress: Progress = silent) -> None:
    """Bring the database and the files of a backup into an installation that has none; the index is left to be built.

    Every byte is looked at before anything is written, and every table is compared with what was backed up. Tables of
    an earlier release become those of this one. Killed at any point it leaves an empty installation or a whole one;
    `finish_interrupted` finds out which. Raises `LibraryError`.
    """
    with told_errors(N_("The backup can't be restored: {reason}.")), _alone(settings):
        _clear_up(settings)
        _refuse_occupied(settings)
        _refuse_unfit(backup, settings)
        if problems := list(damage(backup)):
            raise LibraryError(N_("The backup is damaged: {problems}"), problems="; ".join(problems[:_MOST_TOLD]))
        staging = settings.data_dir / RESTORING
        try:
            for file in backup.manifest.files:
                fetch(backup, file, staging / file.path)
            with new_database(settings.database, backup.manifest.schema) as loading:
                _load(backup, staging, loading, progress)
                _place(staging, settings.data_dir)
                loading.commit()
        finally:
            _clear_up(settings)


def finish_interrupted(settings: Settings) -> bool:
    """Clear up after a restore that was killed: true where all it brought was in its place already."""
    if not (settings.data_dir / RESTORING).exists():
        return False
    with _alone(settings):
        return _clear_up(settings)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    settings.data_dir.mkdir(mode=0o750, parents=True, exist_ok=True)
    with held(settings.data_dir / "worker.lock", N_("A worker or a restore runs on this data directory.")):
        yield


def _clear_up(settings: Settings) -> bool:
    """Remove what a restore prepared, and what it placed if its database is not there; whether all is there."""
    staging = settings.data_dir / RESTORING
    if not staging.exists():
        return False
    placed = staging / _PLACED
    # The database comes last: where it is, everything is. Nothing else can have made it, for nothing else may begin.
    complete = bool(occupants(settings.database))
    if not complete and placed.exists():
        for name in orjson.loads(placed.read_bytes()):
            _remove(settings.data_dir / name)
    _remove(staging)
    sync(settings.data_dir)
    return complete


def _refuse_occupied(settings: Settings) -> None:
    there = {path.name for path in settings.data_dir.iterdir() if not path.name.endswith(_NOTHING_YET)}
    there -= {"lost+found", *([TRAINING] if settings.training else [])}
    if found := sorted(there | set(occupants(settings.database))):
        raise LibraryError(
            N_(
                "The installation is not empty: {found}. A restore goes into an empty data directory and database only."
            ),
            found=", ".join(found[:_MOST_TOLD]),
        )


def _refuse_unfit(backup: Backup, settings: Settings) -> None:
    if not migrating.is_known(backup.manifest.schema):
        raise LibraryError(
            N_("The backup was made by a later release ({release}). Install that release first."),
            release=backup.manifest.release,
        )
    if is_for_training(backup) != settings.training:
        raise LibraryError(
            N_("The backup and this installation must both be for training, or both real (LIBRARY_TRAINING).")
        )


def _load(backup: Backup, staging: Path, loading: Loading, progress: Progress) -> None:
    expected = tuple(table.name for table in backup.manifest.tables)
    if loading.names != expected:
        raise LibraryError(
            N_("The tables of the backup are not those of its release: {names}"),
            names=", ".join(sorted(set(loading.names) ^ set(expected))),
        )
    rows = 0
    for table in backup.manifest.tables:
        with gzip.open(staging / table.path) as lines:
            rows += loading.load(table.name, lines)
        if digest_of_lines(loading.lines(table.name)) != (table.rows, table.sha256):
            raise LibraryError(N_("Table {table} came out of the backup changed."), table=table.name)
        loading.number_on(table.name, table.last_number)
        progress(Step(rows, backup.manifest.rows, rows))
    loading.finish()


def _place(staging: Path, data: Path) -> None:
    """Move the files to where they belong; what is to be moved is written down first."""
    source = staging / DATA
    names = sorted(path.name for path in source.iterdir()) if source.exists() else []
    listed = staging / "placing.json"
    write(listed, orjson.dumps(names))
    listed.rename(staging / _PLACED)
    sync(staging)
    for name in names:
        (source / name).replace(data / name)
    sync(data)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
