"""Uploaded files on their way to the disk: streamed, counted, looked at, under names of ours."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import IO

from library.domain.errors import N_, Message, StorageFull, UnreadableSource
from library.domain.marc import Dialect
from library.domain.uploaded_import import Reading
from library.marc import reading, recognition
from library.marc.source import Source
from library.services import uploaded_imports_zip as zip_archives
from library.services.asked import cleaned

RECORDS, MASTER_FILE, CROSS_REFERENCE, ARCHIVE = "records.dat", "base.mst", "base.xrf", "archive.zip"
LONGEST_NAME = 100
LONGEST_FILENAME = 200
# A base, and what it may be packed to: text shrinks to a fifth and less.
MOST_UNPACKED = 10
# Small files are looked at to the full while the person waits, large ones by the worker.
SMALL = 20 << 20
LEAST_FREE = 0.05
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file as a browser sends it: its name there, which is only ever shown, and its bytes."""

    name: str
    stream: IO[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What was kept: its directory, what people call it, its size, its SHA-256, and how it is to be read."""

    directory: str
    filename: str
    size: int
    digest: str
    reading: Reading


class Intake:
    """Keeps each upload in a directory of its own, under a random name."""

    def __init__(self, root: Path, megabytes: int) -> None:
        self._root = root
        self._limit = megabytes << 20

    def path(self, directory: str) -> Path:
        """Where the files of an upload are."""
        return self._root / directory

    def receive(self, files: Sequence[SentFile], wanted: Reading) -> Received:
        """Keep these files: one file of records, a ZIP with one, or both files of an IRBIS base.

        `UnreadableSource` says why they can't be imported, `StorageFull` that there is no room; nothing is kept then.
        """
        names = _names(files)
        directory = secrets.token_hex(16)
        place = self.path(directory)
        try:
            place.mkdir(parents=True)
            self._refuse_without_room()
            digest, size = hashlib.sha256(), 0
            for name in sorted(names):
                size += self._keep(names[name].stream, place / name, digest, size)
            _sync(place)
            kept = self._looked_at(
                Received(
                    directory=directory,
                    filename=", ".join(_shown(file.name) for file in files),
                    size=size,
                    digest=digest.hexdigest(),
                    reading=_named(wanted, _stem(files)),
                ),
                wanted,
            )
        except BaseException as error:
            shutil.rmtree(place, ignore_errors=True)
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise _no_room() from error
            raise
        return kept

    def unpacked(self, directory: str) -> Generator[float, None, None]:
        """See that the files of an upload lie there as they were sent, out of their archive; gives the share done."""
        archive = self.path(directory) / ARCHIVE
        if archive.exists():
            yield from zip_archives.unpack(archive, self._contents(archive), self.path(directory))

    def source(self, directory: str, wanted: Reading, filename: str) -> Source:
        """What the unpacked file of an upload is; `UnreadableSource` where it can't be imported."""
        place = self.path(directory)
        main = place / (MASTER_FILE if (place / MASTER_FILE).exists() else RECORDS)
        with _told_in_their_words(place, filename):
            return reading.inspect(
                main,
                dialect=Dialect(wanted.dialect) if wanted.dialect else None,
                encoding=wanted.encoding or None,
                name=wanted.source_name,
            )

    def digest(self, directory: str) -> str:
        """The SHA-256 of what was uploaded, read again."""
        place, digest = self.path(directory), hashlib.sha256()
        names = (ARCHIVE,) if (place / ARCHIVE).exists() else (MASTER_FILE, CROSS_REFERENCE, RECORDS)
        for name in names:
            if (place / name).exists():
                with (place / name).open("rb") as stream:
                    while block := stream.read(_BLOCK):
                        digest.update(block)
        return digest.hexdigest()

    def _keep(self, stream: IO[bytes], path: Path, digest: hashlib._Hash, before: int) -> int:
        size = 0
        with path.open("xb") as kept:
            while block := stream.read(_BLOCK):
                size += len(block)
                if before + size > self._limit:
                    raise UnreadableSource(
                        N_("The file has more than {limit} megabytes. Divide it, or import it on the command line."),
                        limit=self._limit >> 20,
                    )
                digest.update(block)
                kept.write(block)
            kept.flush()
            os.fsync(kept.fileno())
        return size

    def _looked_at(self, kept: Received, wanted: Reading) -> Received:
        """The upload, if at first sight it can be imported; an archive tells the name of its base."""
        place = self.path(kept.directory)
        records = place / RECORDS
        if records.exists() and zip_archives.is_zip(records):
            contents = self._contents(records)
            records.rename(place / ARCHIVE)
            return replace(kept, reading=_named(wanted, contents.stem))
        if kept.size <= SMALL:
            self.source(kept.directory, kept.reading, kept.filename)
        elif records.exists():
            with _told_in_their_words(place, kept.filename):
                recognition.kind_of_file(records)
        return kept

    def _contents(self, archive: Path) -> zip_archives.Contents:
        return zip_archives.look(archive, self._limit * MOST_UNPACKED)

    def _refuse_without_room(self) -> None:
        usage = shutil.disk_usage(self._root)
        if usage.free < usage.total * LEAST_FREE:
            raise _no_room()


@contextmanager
def _told_in_their_words(directory: Path, filename: str) -> Iterator[None]:
    """Tell errors with the name that the file has for people instead of our path to it."""
    try:
        yield
    except UnreadableSource as error:
        message = in_their_words(error.message, directory, filename)
        raise UnreadableSource(message.template, **dict(message.values)) from error


def in_their_words(message: Message, directory: Path, filename: str) -> Message:
    """The message with the name that the file has for people instead of our path to it."""
    values = {
        name: filename if isinstance(value, str) and value.startswith(str(directory)) else value
        for name, value in message.values
    }
    return Message.of(message.template, **values)


def _names(files: Sequence[SentFile]) -> dict[str, SentFile]:
    """The files by the names that they get."""
    endings = [_name(file.name).suffix.lower() for file in files]
    stems = {_name(file.name).stem.casefold() for file in files}
    if sorted(endings) == [".mst", ".xrf"] and len(stems) == 1:
        return {f"base{ending}": file for ending, file in zip(endings, files, strict=True)}
    if {".mst", ".xrf"} & set(endings):
        raise UnreadableSource(
            N_("An IRBIS base has two files of one name: choose both, MST and XRF, or a ZIP with both.")
        )
    if len(files) != 1:
        raise UnreadableSource(N_("Choose one file of records, or both files of an IRBIS base."))
    return {RECORDS: files[0]}


def _name(sent: str) -> PureWindowsPath:
    """The name of a file without whatever stands before it: a path of Windows has both kinds of slashes."""
    return PureWindowsPath(PureWindowsPath(sent).name)


def _shown(sent: str) -> str:
    return cleaned(_name(sent).name)[:LONGEST_FILENAME] or "?"


def _stem(files: Sequence[SentFile]) -> str:
    """What a source is called after its files; a base in capitals, as on the command line."""
    stem = _name(files[0].name).stem
    return stem.upper() if len(files) > 1 else stem


def _named(wanted: Reading, stem: str) -> Reading:
    name = cleaned(wanted.source_name) or cleaned(stem) or "upload"
    return replace(wanted, source_name=name[:LONGEST_NAME].strip())


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _no_room() -> StorageFull:
    return StorageFull(N_("There is too little space left for an upload. Tell the administrator."))
