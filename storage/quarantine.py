"""Where files wait until they have passed the gate: nothing here is ever served.

A file comes in one stream (`receive`) or in pieces, each continuing where the last durable byte is (`begin`, `append`,
`finish`). It is a whole file, an `Intake`, once its bytes stand beside its description; what lacks either was never
acknowledged and may be swept. Names of files on disk are made of our own numbers, never of what the sender called them.

    <id>.arriving, <id>.begun     an upload in pieces, and what was declared of it
    <id>.bytes, <id>.intake       a whole file and its description; after a refusal locked, with the reason
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from storage.durable import make_directories, sync_directory, write_all, written
from storage.errors import (
    BeingWritten,
    BrokenOff,
    Incomplete,
    Locked,
    StoreFull,
    TooLarge,
    UnknownIntake,
    WrongOffset,
    told_plainly,
)
from storage.model import Digest, Intake, Reason, Refused
from storage.names import fit_name

_ID = re.compile(r"[0-9a-f]{32}")
_BLOCK = 1 << 20
ARRIVING, BEGUN, BYTES, INTAKE = ".arriving", ".begun", ".bytes", ".intake"
# A share of the disk that stays free, so that the database beside us can still write.
RESERVE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """An upload in pieces: what was declared of it, and how many of its bytes are safe on disk."""

    id: str
    name: str
    size: int
    received: int


class Quarantine:
    """The files in one directory. Processes and threads may share it.

    `new_id` gives 32 hexadecimal digits that were never given before. All methods that touch the disk raise `StoreFull`
    or `StorageFailed` when it fails them; those that take an id raise `UnknownIntake`.
    """

    def __init__(
        self, directory: Path, *, new_id: Callable[[], str], clock: Callable[[], datetime], reserve: float = RESERVE
    ) -> None:
        self._directory = directory
        self._new_id = new_id
        self._clock = clock
        self._reserve = reserve

    def receive(self, stream: BinaryIO, *, limit: int, name: str) -> Intake:
        """Take a whole file of at most `limit` bytes; when this returns, it is safe on disk.

        Raises `TooLarge`, and `BrokenOff` if the stream fails. After any error nothing of the file is left.
        """
        with told_plainly():
            self._make_room(0)
            arriving = self._path(self._checked(self._new_id()), ARRIVING)
            handle = os.open(arriving, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                try:
                    digest, size = _take(stream, handle, limit)
                    os.fsync(handle)
                finally:
                    os.close(handle)
                return self._describe(arriving.stem, digest, size, fit_name(name))
            except BaseException:
                self._remove(arriving.stem)
                raise

    def begin(self, name: str, *, size: int, limit: int) -> Arriving:
        """Announce a file of `size` bytes that will come in pieces. Raises `TooLarge`; `StoreFull` if it can't fit."""
        if size > limit:
            raise TooLarge(limit)
        arriving = Arriving(id=self._checked(self._new_id()), name=fit_name(name), size=size, received=0)
        with told_plainly():
            self._make_room(size)
            self._write(arriving.id, BEGUN, {"name": arriving.name, "size": size})
            os.close(os.open(self._path(arriving.id, ARRIVING), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            sync_directory(self._directory)
        return arriving

    def arriving(self, upload_id: str) -> Arriving:
        """How far an upload in pieces has come."""
        with told_plainly():
            declared = self._read(upload_id, BEGUN)
            path = self._path(upload_id, ARRIVING)
            if not path.exists():
                raise UnknownIntake
            return Arriving(id=upload_id, name=declared["name"], size=declared["size"], received=path.stat().st_size)

    def append(self, upload_id: str, stream: BinaryIO, *, offset: int) -> Arriving:
        """Take the next piece; when this returns, it is safe on disk.

        Raises `WrongOffset` unless it begins where the last one ended, `BeingWritten` while another piece comes,
        `TooLarge` if there is more than was declared, `BrokenOff` if the stream fails; what had come before that stays.
        """
        declared = self.arriving(upload_id)
        with told_plainly(), self._alone(upload_id) as handle:
            received = os.fstat(handle).st_size
            if offset != received:
                raise WrongOffset(received)
            self._make_room(0)
            os.lseek(handle, 0, os.SEEK_END)
            try:
                _take(stream, handle, declared.size - received)
            except TooLarge:
                os.ftruncate(handle, received)
                raise TooLarge(declared.size) from None
            finally:
                os.fsync(handle)
        return self.arriving(upload_id)

    def finish(self, upload_id: str) -> Intake:
        """Make a whole file of the pieces; its digest is read from the disk. Raises `Incomplete`.

        May be repeated: a client that didn't hear the answer gets the same one.
        """
        with suppress(UnknownIntake):
            return self.intake(upload_id)
        declared = self.arriving(upload_id)
        with told_plainly(), self._alone(upload_id) as handle:
            received = os.fstat(handle).st_size
            if received != declared.size:
                raise Incomplete(received, declared.size)
            os.lseek(handle, 0, os.SEEK_SET)
            digest = hashlib.sha256()
            while block := os.read(handle, _BLOCK):
                digest.update(block)
            os.fsync(handle)
            return self._describe(upload_id, Digest(digest.hexdigest()), received, declared.name)

    def intake(self, intake_id: str) -> Intake:
        """The description of a whole file, locked or not."""
        with told_plainly():
            return _intake(intake_id, self._facts(intake_id))

    def open(self, intake: Intake) -> BinaryIO:
        """The bytes of a file, to be checked. Raises `Locked` after a refusal."""
        with told_plainly():
            if "refused" in self._facts(intake.id):
                raise Locked
            try:
                return self._path(intake.id, BYTES).open("rb")
            except FileNotFoundError:
                raise UnknownIntake from None

    def whole(self) -> tuple[Intake, ...]:
        """All whole files that are not locked, the longest waiting first."""
        described = self._described()
        waiting = [_intake(intake_id, facts) for intake_id, facts in described.items() if "refused" not in facts]
        return tuple(sorted(waiting, key=lambda intake: (intake.received_at, intake.id)))

    def locked(self) -> tuple[Refused, ...]:
        """All files under lock with why they were refused, the longest there first."""
        found = [
            Refused(intake=_intake(intake_id, facts), reason=_reason(facts["refused"]))
            for intake_id, facts in self._described().items()
            if "refused" in facts
        ]
        return tuple(sorted(found, key=lambda refused: (refused.intake.received_at, refused.intake.id)))

    def lock(self, refused: Refused) -> None:
        """Keep a refused file so that nothing reads it any more; its reason stands beside it."""
        intake_id = refused.intake.id
        with told_plainly():
            facts = self._facts(intake_id)
            reason = refused.reason
            facts["refused"] = {"code": reason.code, "template": reason.template, "values": dict(reason.values)}
            self._write(intake_id, INTAKE, facts)
            with suppress(FileNotFoundError):
                self._path(intake_id, BYTES).chmod(0)

    def discard(self, intake_id: str) -> None:
        """Remove a file or an upload for good; what is not there is no error."""
        with told_plainly():
            self._remove(self._checked(intake_id))

    def sweep(self, *, known: Collection[str], before: datetime) -> tuple[str, ...]:
        """Remove what was left before this time and is nobody's; gives the names of the files that were removed.

        Whole files stay if their id is among the `known`; unfinished ones go, whoever began them.
        """
        swept = []
        with told_plainly():
            for path in sorted(self._files()):
                whole = path.suffix in {BYTES, INTAKE} and (path.stem in known)
                with suppress(FileNotFoundError):
                    touched = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                    if not whole and touched < before:
                        path.unlink()
                        swept.append(path.name)
            if swept:
                sync_directory(self._directory)
        return tuple(swept)

    def _describe(self, intake_id: str, digest: Digest, size: int, name: str) -> Intake:
        """Write the description, then give the bytes the name that makes them a whole file."""
        intake = Intake(id=intake_id, digest=digest, size=size, name=name, received_at=self._clock())
        facts = {
            "digest": digest.hex,
            "size": size,
            "name": name,
            "received_at": intake.received_at.isoformat(),
        }
        self._write(intake_id, INTAKE, facts)
        # From here on it is a whole file. A crash before leaves an upload that can be finished again.
        os.replace(self._path(intake_id, ARRIVING), self._path(intake_id, BYTES))  # noqa: PTH105
        with suppress(FileNotFoundError):
            self._path(intake_id, BEGUN).unlink()
        sync_directory(self._directory)
        return intake

    @contextmanager
    def _alone(self, upload_id: str) -> Iterator[int]:
        try:
            handle = os.open(self._path(upload_id, ARRIVING), os.O_RDWR)
        except FileNotFoundError:
            raise UnknownIntake from None
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BeingWritten from None
            # The lock goes with the descriptor, also when the process is killed.
            yield handle
        finally:
            os.close(handle)

    def _make_room(self, size: int) -> None:
        make_directories(self._directory, 0o700)
        disk = os.statvfs(self._directory)
        left = disk.f_bavail * disk.f_frsize - size
        if left < disk.f_blocks * disk.f_frsize * self._reserve:
            raise StoreFull

    def _files(self) -> list[Path]:
        return [path for path in self._directory.iterdir() if path.is_file()] if self._directory.is_dir() else []

    def _described(self) -> dict[str, dict[str, Any]]:
        found = {}
        with told_plainly():
            for path in self._files():
                # One that was discarded a moment ago is simply not there.
                with suppress(UnknownIntake):
                    if path.suffix == INTAKE:
                        found[path.stem] = self._facts(path.stem)
        return found

    def _facts(self, intake_id: str) -> dict[str, Any]:
        facts = self._read(intake_id, INTAKE)
        if not self._path(intake_id, BYTES).exists():
            raise UnknownIntake
        return facts

    def _read(self, intake_id: str, suffix: str) -> dict[str, Any]:
        try:
            facts: dict[str, Any] = json.loads(self._path(self._checked(intake_id), suffix).read_bytes())
        except (FileNotFoundError, ValueError):
            raise UnknownIntake from None
        return facts

    def _write(self, intake_id: str, suffix: str, facts: Mapping[str, Any]) -> None:
        with written(self._path(intake_id, suffix), 0o600) as handle:
            write_all(handle, json.dumps(facts, ensure_ascii=False).encode())

    def _remove(self, intake_id: str) -> None:
        # The description first: bytes without one are a leftover, a description without bytes would be a lie.
        for suffix in (INTAKE, BEGUN, BYTES, ARRIVING):
            with suppress(FileNotFoundError):
                self._path(intake_id, suffix).unlink()
        if self._directory.is_dir():
            sync_directory(self._directory)

    def _path(self, intake_id: str, suffix: str) -> Path:
        return self._directory / f"{intake_id}{suffix}"

    @staticmethod
    def _checked(intake_id: str) -> str:
        if not _ID.fullmatch(intake_id):
            raise UnknownIntake
        return intake_id


def _take(stream: BinaryIO, handle: int, limit: int) -> tuple[Digest, int]:
    """Write a stream to a descriptor, counting and hashing; raises `TooLarge` at the first byte above the limit."""
    digest = hashlib.sha256()
    size = 0
    while block := _next(stream):
        size += len(block)
        if size > limit:
            raise TooLarge(limit)
        digest.update(block)
        write_all(handle, block)
    return Digest(digest.hexdigest()), size


def _next(stream: BinaryIO) -> bytes:
    try:
        return stream.read(_BLOCK)
    except OSError as error:
        raise BrokenOff from error


def _intake(intake_id: str, facts: Mapping[str, Any]) -> Intake:
    return Intake(
        id=intake_id,
        digest=Digest(facts["digest"]),
        size=facts["size"],
        name=facts["name"],
        received_at=datetime.fromisoformat(facts["received_at"]),
    )


def _reason(facts: Mapping[str, Any]) -> Reason:
    return Reason(facts["code"], facts["template"], tuple(facts["values"].items()))
