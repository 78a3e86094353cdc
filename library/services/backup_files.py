"""Files into a backup and out of it: in pieces, with their digests, on the disk before anybody relies on them."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from library.domain.errors import N_, LibraryError, StorageFull
from library.services.backup_manifest import Backup, StoredFile
from library.services.backup_sealing import ENDING, Key, Source, Target

PIECE_BYTES = 256 * 1024
DERIVED = frozenset({"index", "text", "drawings", "scanner"})
"""Folders of a data directory that are made from the rest and need no backup."""
LOCK_ENDING = ".lock"
_FULL = {errno.ENOSPC, errno.EDQUOT}


class _Digest:
    """Size and SHA-256 of what went by."""

    def __init__(self) -> None:
        self.size = 0
        self._sha256 = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    def note(self, piece: bytes) -> None:
        self.size += len(piece)
        self._sha256.update(piece)


class _Reading(_Digest):
    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source

    def read(self, size: int) -> bytes:
        piece = self._source.read(size)
        self.note(piece)
        return piece


class _Writing(_Digest):
    def __init__(self, target: Target) -> None:
        super().__init__()
        self._target = target

    def write(self, piece: bytes) -> int:
        self.note(piece)
        return self._target.write(piece)


class Pieces:
    """A source that is made of pieces as it is read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; none at the end."""
        while not self._rest:
            try:
                self._rest = memoryview(next(self._pieces))
            except StopIteration:
                return b""
        piece, self._rest = self._rest[:size], self._rest[size:]
        return bytes(piece)


def store(source: Source, root: Path, path: str, *, mode: int, key: Key | None) -> StoredFile:
    """Write all of the source into the backup that is being made in `root`, as the content `path`."""
    stored = path + ENDING if key else path
    target = root / stored
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    reading = _Reading(source)
    with os.fdopen(_new(target, 0o600), "wb", PIECE_BYTES) as file:
        writing = _Writing(file)
        if key:
            key.encrypt(reading, writing)
        else:
            _copy(reading, writing)
        file.flush()
        os.fsync(file.fileno())
    return StoredFile(
        path=path,
        stored=stored,
        size=writing.size,
        sha256=writing.sha256,
        content_size=reading.size,
        content_sha256=reading.sha256,
        mode=mode,
    )


def fetch(backup: Backup, file: StoredFile, target: Path) -> None:
    """Write the content of a file of the backup to a new file; `LibraryError` where it isn't what was put there."""
    target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    with (backup.directory / file.stored).open("rb") as source, os.fdopen(_new(target, file.mode), "wb") as new:
        writing = _Writing(new)
        if backup.key:
            backup.key.decrypt(source, writing)
        else:
            _copy(source, writing)
        new.flush()
        os.fsync(new.fileno())
    if (writing.size, writing.sha256) != (file.content_size, file.content_sha256):
        raise LibraryError(N_("{path} came out of the backup changed."), path=file.path)


def content(backup: Backup, file: StoredFile) -> bytes:
    """What is in a small file of the backup."""
    stored = (backup.directory / file.stored).read_bytes()
    if not backup.key:
        return stored
    plain = BytesIO()
    backup.key.decrypt(BytesIO(stored), plain)
    return plain.getvalue()


def is_intact(path: Path, file: StoredFile) -> bool:
    """Whether the file at this path has the bytes that were written for `file`; an `OSError` is for the caller."""
    return path.stat().st_size == file.size and digest(path) == file.sha256


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kept(data_dir: Path, apart: Iterable[Path]) -> Iterator[Path]:
    """The files of a data directory that can't be made again, in a fixed order; those `apart` are not among them.

    Left out are derivatives, locks, and what begins with a dot: such files belong to what runs at the moment. Left out
    too is what was refused and lies locked in quarantine, for nobody may read it: neither a reader nor a backup.
    """
    others = set(apart)
    for top in sorted(data_dir.iterdir()):
        if top.name in DERIVED or top.name.startswith(".") or top.name.endswith(LOCK_ENDING) or top in others:
            continue
        if top.is_file():
            yield top
        for folder, folders, names in os.walk(top):
            folders.sort()
            yield from (path for name in sorted(names) if _is_open(path := Path(folder) / name))


def _is_open(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return stat.S_ISREG(mode) and bool(stat.S_IMODE(mode))


def write(path: Path, text: bytes) -> None:
    """Write a small new file, for its owner alone."""
    with os.fdopen(_new(path, 0o600), "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def sync_folders(root: Path) -> None:
    """Have the disk remember the names in this directory and all below it."""
    for folder, _, _ in os.walk(root, topdown=False):
        sync(Path(folder))


def sync(path: Path) -> None:
    """Have the disk remember a file, or the names in a directory."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def told_errors(sentence: str) -> Iterator[None]:
    """Errors of the system as `StorageFull` or another `LibraryError`; the sentence has a place for the {reason}."""
    try:
        yield
    except OSError as error:
        kind = StorageFull if error.errno in _FULL else LibraryError
        raise kind(sentence, reason=error.strerror or str(error)) from error


def _copy(source: Source, target: Target) -> None:
    while piece := source.read(PIECE_BYTES):
        target.write(piece)


def _new(path: Path, mode: int) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
