"""The contents of a backup, written one after another into the directory that is being made."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from library.db.backup_loading import files as database_files
from library.db.backup_tables import Tables
from library.services.backup_files import Pieces, digest, is_intact, kept, store
from library.services.backup_manifest import DATA, SETTINGS, Backup, StoredFile, StoredTable
from library.services.backup_sealing import Key
from library.services.progress import Progress, Step
from library.settings import Settings

# Of the levels of gzip the third gives nine tenths of the best size in half the time.
_COMPRESSION = 3
_WITH_GZIP_HEADER = 31
FOLLOWERS = frozenset({"journal.anchors"})
"""Files of the data directory that tell of rows; all others are there before a row tells of them."""
# What a row weighs beside the bytes of files when it is told how far a backup is.
_ROW_BYTES = 1024


class Writing:
    """Writes tables, settings and files; `tables` and `files` are what was written so far."""

    def __init__(
        self, root: Path, settings: Settings, key: Key | None, earlier: Backup | None, progress: Progress
    ) -> None:
        self.tables: list[StoredTable] = []
        self.files: list[StoredFile] = []
        self._root = root
        self._settings = settings
        self._key = key
        self._earlier = earlier
        self._former = {file.path: file for file in earlier.manifest.files} if earlier else {}
        self._progress = progress
        self._total = sum(map(_size, self._kept()))
        self._done = self._rows = 0

    def write_anchors(self) -> None:
        """Write what was noted of the journal, before the view of the tables is opened.

        It must not be ahead of them: the journal would seem to have been cut.
        """
        for source in self._kept():
            if source.name in FOLLOWERS:
                self._write_file(source)

    def write_tables(self, tables: Tables) -> None:
        """Write all tables of one view."""
        self._total += sum(map(tables.count, tables.names)) * _ROW_BYTES
        for name in tables.names:
            lines = _Lines()
            pieces = _compressed(self._told(piece, lines) for piece in tables.lines(name))
            path = StoredTable.path_of(name)
            self.files.append(store(Pieces(pieces), self._root, path, mode=0o600, key=self._key))
            last = tables.last_number(name)
            self.tables.append(StoredTable(name=name, rows=lines.rows, sha256=lines.sha256, last_number=last))

    def write_settings(self) -> None:
        """Write the settings that are not the defaults, without secrets."""
        text = orjson.dumps(self._settings.chosen(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        self.files.append(store(Pieces([text]), self._root, SETTINGS, mode=0o600, key=self._key))

    def write_files(self) -> None:
        """Write the files of the data directory; those that the earlier backup has intact are shared with it.

        To be called after the view of the tables was opened: a file is in its place before a row tells of it.
        """
        for source in self._kept():
            if source.name not in FOLLOWERS:
                self._write_file(source)

    def _kept(self) -> Iterator[Path]:
        return kept(self._settings.data_dir, database_files(self._settings.database))

    def _write_file(self, source: Path) -> None:
        path = f"{DATA}/{source.relative_to(self._settings.data_dir).as_posix()}"
        try:
            self.files.append(self._shared(source, path) or self._copy(source, path))
        except FileNotFoundError:
            return  # it was moved or removed meanwhile, and no row of the view tells of it
        self._tell(self.files[-1].content_size)

    def _copy(self, source: Path, path: str) -> StoredFile:
        with source.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode & 0o777
            return store(file, self._root, path, mode=mode, key=self._key)

    def _shared(self, source: Path, path: str) -> StoredFile | None:
        """The file as the earlier backup has it, if it is this very one and could be given a second name here."""
        former = self._former.get(path)
        if former is None or self._earlier is None:
            return None
        found = source.stat()
        if (found.st_size, found.st_mode & 0o777) != (former.content_size, former.mode):
            return None
        old, new = self._earlier.directory / former.stored, self._root / former.stored
        try:
            # A copy that has gone bad must not be handed on from backup to backup.
            if digest(source) != former.content_sha256 or not is_intact(old, former):
                return None
            new.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new.hardlink_to(old)
        except OSError:
            return None
        return former

    def _told(self, piece: bytes, lines: _Lines) -> bytes:
        rows = lines.note(piece)
        self._rows += rows
        self._tell(rows * _ROW_BYTES)
        return piece

    def _tell(self, weight: int) -> None:
        self._done += weight
        self._progress(Step(self._done, max(self._done, self._total), self._rows))


class _Lines:
    """Counts and digests the lines of a table; the first one names its columns."""

    def __init__(self) -> None:
        self.rows = -1
        self._sha256 = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    def note(self, piece: bytes) -> int:
        """The rows of the piece; the line before the first row is none."""
        former = max(self.rows, 0)
        self.rows += piece.count(b"\n")
        self._sha256.update(piece)
        return self.rows - former


def digest_of_lines(pieces: Iterable[bytes]) -> tuple[int, str]:
    """The rows of a table's lines, and their SHA-256."""
    lines = _Lines()
    for piece in pieces:
        lines.note(piece)
    return lines.rows, lines.sha256


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _compressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(_COMPRESSION, wbits=_WITH_GZIP_HEADER)
    for piece in pieces:
        yield compressor.compress(piece)
    yield compressor.flush()
