"""The watched folder: files laid into `<folder>/<number of a record>/` are taken in when nobody writes them any more.

    taken/<record>/        what was taken in; it may be removed
    not-taken/<record>/    what was not, each with a text that says why

Files come without a transfer and wait for a librarian who gives it. The folder belongs to whoever may write there, so
nothing in it is trusted: links are not followed, names are only names, and a file is read through one descriptor.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from library.domain.access import Actor
from library.domain.errors import (
    N_,
    FileTooLarge,
    InvalidDocument,
    Message,
    RecordNotFound,
    UploadConflict,
)
from library.domain.people import Role
from library.services.documents import Documents
from storage.names import fit_name

FOLDER = Actor(key="folder", name="watched folder", roles=frozenset({Role.CATALOGUER}))
TAKEN, NOT_TAKEN = "taken", "not-taken"
LOOKED_AT_EVERY = timedelta(seconds=3)
QUIET_FOR = timedelta(seconds=10)
# What programs that copy call a file that is not whole yet.
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp", ".swp")
_LARGEST_NUMBER = 2**31
_REFUSED = (RecordNotFound, InvalidDocument, FileTooLarge, UploadConflict)

log = logging.getLogger(__name__)

Stamp = tuple[int, int, int, int]
"""What changes when a file is written: its number on the disk, size, and times."""


@dataclass(frozen=True, slots=True)
class _Found:
    record: str
    name: str


class WatchedFolder:
    """Takes one file at a time; `step` is for the worker."""

    def __init__(self, folder: Path, documents: Documents, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._documents = documents
        self._clock = clock
        self._seen: dict[_Found, tuple[Stamp, datetime]] = {}
        self._stuck: dict[_Found, Stamp] = {}
        self._astray: set[str] = set()
        self._rests_until: datetime | None = None

    def step(self) -> bool:
        """Take in the next file that is whole, or put it aside with the reason; False where there is none."""
        now = self._clock()
        if self._rests_until is not None and now < self._rests_until:
            return False
        ready = self._ready(now)
        if ready is None:
            self._rests_until = now + LOOKED_AT_EVERY
            return False
        found, stamp = ready
        del self._seen[found]
        try:
            self._take(found, stamp)
        except OSError as error:
            # It stays where it is, and is looked at again once it changes.
            self._stuck[found] = stamp
            log.warning("The file %r in %s can't be taken in: %s", found.name, self._folder, error)
        return True

    def _ready(self, now: datetime) -> tuple[_Found, Stamp] | None:
        """A file that has not changed for some seconds."""
        present: dict[_Found, tuple[Stamp, datetime]] = {}
        for found, stamp in self._present():
            former, since = self._seen.get(found, (stamp, now))
            present[found] = (stamp, since if former == stamp else now)
        self._seen = present
        self._stuck = {found: stamp for found, stamp in self._stuck.items() if found in present}
        for found, (stamp, since) in sorted(present.items(), key=lambda item: item[1][1]):
            if now - since >= QUIET_FOR and self._stuck.get(found) != stamp:
                return found, stamp
        return None

    def _present(self) -> Iterator[tuple[_Found, Stamp]]:
        try:
            with os.scandir(self._folder) as entries:
                places = {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries}
        except OSError as error:
            log.warning("The watched folder %s can't be read: %s", self._folder, error)
            return
        records = [name for name, is_directory in places.items() if is_directory and _is_number(name)]
        self._tell_astray({name for name in places if not name.startswith(".")} - {TAKEN, NOT_TAKEN, *records})
        for record in records:
            # One that was moved away a moment ago is simply not there.
            with suppress(OSError), os.scandir(self._folder / record) as entries:
                for entry in entries:
                    if not entry.name.startswith(".") and not entry.name.lower().endswith(_UNFINISHED):
                        yield _Found(record, entry.name), _stamp(entry.stat(follow_symlinks=False))

    def _tell_astray(self, astray: set[str]) -> None:
        """Say once of each thing that lies where no record is named."""
        for name in sorted(astray - self._astray):
            log.warning(
                "%r in the watched folder %s is left alone: files are taken from directories that are named by the "
                "number of their record, such as %s",
                name,
                self._folder,
                self._folder / "123",
            )
        self._astray = astray

    def _take(self, found: _Found, stamp: Stamp) -> None:
        with _directory(self._folder) as root, _directory(found.record, root) as record:
            reason = self._refusal(found, stamp, record)
            if reason is None:
                self._move(root, record, found, TAKEN)
                return
            kept_as = self._move(root, record, found, NOT_TAKEN)
            with _directory(NOT_TAKEN, root) as shelf, _directory(found.record, shelf) as place:
                handle = os.open(f"{kept_as}.txt", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=place)
                with os.fdopen(handle, "w", encoding="utf-8") as text:
                    text.write(f"{reason}\n")

    def _refusal(self, found: _Found, stamp: Stamp, record: int) -> Message | None:
        """Take a file in; why it was not, None if it was."""
        if not found.name.isprintable():
            return Message.of(N_("The name of the file has characters that can't be shown. Give it another name."))
        try:
            handle = os.open(found.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=record)
        except OSError as error:
            if stat.S_ISLNK(os.lstat(found.name, dir_fd=record).st_mode):
                return Message.of(_NO_FILE)
            raise error from None
        about = os.fstat(handle)
        # A second name may be that of a file which the sender may not read.
        if not stat.S_ISREG(about.st_mode) or about.st_nlink != 1:
            os.close(handle)
            return Message.of(_NO_FILE)
        with os.fdopen(handle, "rb") as stream:
            if _stamp(about) != stamp:
                raise BlockingIOError("it is being written")
            try:
                document = self._documents.receive(int(found.record), stream, found.name, actor=FOLDER)
            except _REFUSED as error:
                return error.message
            if _stamp(os.fstat(handle)) != stamp:
                self._documents.discard(document.id, expected=document.version, actor=FOLDER)
                raise BlockingIOError("it was written while it was read")
        return None

    def _move(self, root: int, record: int, found: _Found, shelf: str) -> str:
        """Move a file to a shelf under a name that nothing has there; that name."""
        _make(shelf, root)
        with _directory(shelf, root) as above:
            _make(found.record, above)
            with _directory(found.record, above) as place:
                there = set(os.listdir(place))  # noqa: PTH208  (by its descriptor)
                fitting = Path(fit_name(found.name))
                others = (f"{fitting.stem}-{number}{fitting.suffix}" for number in range(2, len(there) + 3))
                name = next(one for one in (fitting.name, *others) if not there & {one, f"{one}.txt"})
                os.rename(found.name, name, src_dir_fd=record, dst_dir_fd=place)
        return name


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal() and int(name) < _LARGEST_NUMBER


_NO_FILE = N_("This is no plain file: a link, a folder or a device is not taken in. Copy the file itself here.")


def _stamp(about: os.stat_result) -> Stamp:
    return about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns


@contextmanager
def _directory(name: str | Path, above: int | None = None) -> Iterator[int]:
    """A directory by descriptor; below another one links are not followed."""
    flags = os.O_RDONLY | os.O_DIRECTORY | (os.O_NOFOLLOW if above is not None else 0)
    handle = os.open(name, flags, dir_fd=above)
    try:
        yield handle
    finally:
        os.close(handle)


def _make(name: str, above: int) -> None:
    with suppress(FileExistsError):
        os.mkdir(name, 0o755, dir_fd=above)
