"""What a backup says of itself: which files, tables and counts it has, under a seal that tells any change."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from library.domain.errors import N_, LibraryError
from library.services.backup_sealing import Key, seal_of

FORMAT = 1
MANIFEST = "manifest.json"
SEAL = "manifest.seal"
SETTINGS = "settings.json"
TABLES = "tables"
DATA = "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file of a backup: where it lies, its size and SHA-256 there, and those of what is in it.

    The two differ where the backup is encrypted. `path` is that of the content (`data/session.key`), `stored` that of
    the file, both below the directory of the backup; `mode` are the permissions it had.
    """

    path: str
    stored: str
    size: int
    sha256: str
    content_size: int
    content_sha256: str
    mode: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTable:
    """A table of a backup: its rows, the SHA-256 of its lines, and the last number it gave to a row."""

    name: str
    rows: int
    sha256: str
    last_number: int

    @property
    def path(self) -> str:
        """Where its lines are."""
        return self.path_of(self.name)

    @staticmethod
    def path_of(name: str) -> str:
        """Where the lines of a table with this name are."""
        return f"{TABLES}/{name}.jsonl.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The contents of a backup. `release` and `schema` are those of the program and the tables that made it."""

    release: str
    schema: str
    database: str
    taken_at: datetime
    encrypted: bool
    tables: tuple[StoredTable, ...]
    files: tuple[StoredFile, ...]

    @property
    def size(self) -> int:
        """The bytes of all files as they lie there."""
        return sum(file.size for file in self.files)

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(table.rows for table in self.tables)

    def file(self, path: str) -> StoredFile | None:
        """The file with this content, if there is one."""
        return next((file for file in self.files if file.path == path), None)

    def below(self, folder: str) -> list[StoredFile]:
        """The files in a folder."""
        return [file for file in self.files if file.path.startswith(f"{folder}/")]

    def to_json(self) -> bytes:
        """As it is written."""
        return orjson.dumps({"format": FORMAT, **asdict(self)}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup whose manifest is genuine; its files have not been looked at yet. `seal` names it for ever."""

    directory: Path
    manifest: Manifest
    seal: str
    key: Key | None


def read_backup(directory: Path, key: Key | None) -> Backup:
    """The backup in this directory; `LibraryError` where there is none, or its manifest is not what was written."""
    text = _read(directory / MANIFEST, directory)
    seal = _read(directory / SEAL, directory).decode("ascii", "replace").removesuffix("\n")
    if seal.startswith("hmac-") and key is None:
        raise LibraryError(N_("The backup is encrypted. Give the file of its key, or set LIBRARY_BACKUP_KEY_FILE."))
    if seal.startswith("sha256:") and key is not None:
        raise LibraryError(
            N_("No key seals this backup. If you trust it, give no key and leave LIBRARY_BACKUP_KEY_FILE empty.")
        )
    if not hmac.compare_digest(seal.encode(), seal_of(text, key).encode()):
        raise LibraryError(N_("The manifest of the backup was changed, or the key is not the one it was made with."))
    try:
        manifest = _parsed(orjson.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LibraryError(N_("The manifest of the backup can't be understood: {reason}"), reason=str(error)) from error
    return Backup(directory=directory, manifest=manifest, seal=seal, key=key)


def _read(path: Path, directory: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LibraryError(
            N_("{path} is no whole backup: {name} can't be read ({reason})."),
            path=str(directory),
            name=path.name,
            reason=error.strerror or str(error),
        ) from error


def _parsed(found: Any) -> Manifest:
    if found.pop("format") != FORMAT:
        raise ValueError("it is of another format; a later release made it")
    found["taken_at"] = datetime.fromisoformat(found["taken_at"])
    found["tables"] = _each(found["tables"], StoredTable)
    found["files"] = _each(found["files"], StoredFile)
    manifest = Manifest(**found)
    for path in (name for file in manifest.files for name in (file.path, file.stored)):
        # What is written below the directory of a backup or of the data must stay there.
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or "\0" in path:
            raise ValueError(f"{path!r} leads out of the backup")
    paths = {file.path for file in manifest.files}
    if missing := sorted({table.path for table in manifest.tables} - paths):
        raise ValueError(f"it has no {missing[0]}")
    return manifest


def _each(found: Any, kind: Callable[..., Any]) -> tuple[Any, ...]:
    return tuple(kind(**one) for one in found)
