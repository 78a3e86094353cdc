"""Originals by digest, written once and never overwritten; the only builder of their paths.

    ab/cd/abcd…           the bytes, read-only
    ab/cd/abcd….json      the sidecar: what kind they are, who found them clean and when, and the application's facts

The sidecar comes after the bytes: a file without one was never acknowledged, is never given out and may be swept. It is
written so that the catalogue of files can be made again from the store alone, and checks itself by a digest.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from storage.durable import UNFINISHED, make_directories, sync_directory, write_all, written
from storage.errors import Altered, NotClean, NotKept, told_plainly
from storage.model import Admitted, Digest, Finding, Json, MediaType, StoredFile, Verdict
from storage.quarantine import Quarantine

_NAME = re.compile(r"[0-9a-f]{64}")
_SIDECAR = ".json"
_FORMAT = 1
_READ_ONLY = 0o440
_BLOCK = 1 << 20


def place_of(directory: Path, digest: Digest) -> Path:
    """Where something with this digest stands under a directory: `ab/cd/abcd…`."""
    return directory / digest.hex[:2] / digest.hex[2:4] / digest.hex


def read_digest(file: BinaryIO) -> tuple[Digest, int]:
    """The digest and the number of the bytes from here to the end of a file."""
    digest, size = hashlib.sha256(), 0
    while block := file.read(_BLOCK):
        digest.update(block)
        size += len(block)
    return Digest(digest.hexdigest()), size


class Fault(StrEnum):
    """What is wrong with something in the store."""

    NO_BYTES = "no-bytes"
    NO_SIDECAR = "no-sidecar"
    BAD_SIDECAR = "bad-sidecar"
    STRANGE = "strange"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulty:
    """A path below the store and what is wrong there."""

    path: str
    fault: Fault


class ContentStore:
    """The originals in one directory. Processes and threads may share it.

    All methods raise `StoreFull` or `StorageFailed` when the disk fails them.
    """

    def __init__(self, directory: Path, quarantine: Quarantine, clock: Callable[[], datetime]) -> None:
        self._directory = directory
        self._quarantine = quarantine
        self._clock = clock

    def keep(self, admitted: Admitted, *, facts: Mapping[str, Json]) -> StoredFile:
        """Keep a file for good; when this returns, bytes and sidecar are safe on disk.

        The bytes are hashed once more as they are written; raises `Altered` if they are others than were admitted. The
        file stays in quarantine until the caller discards it there, so that this can be repeated. Bytes that are
        kept already stay as they are, their sidecar gets the newer verdict and these facts.
        """
        intake = admitted.intake
        stored = StoredFile(
            digest=intake.digest,
            size=intake.size,
            media_type=admitted.media_type,
            name=intake.name,
            verdict=admitted.verdict,
            kept_at=self._clock(),
            facts=facts,
        )
        with suppress(NotKept):
            former = self.describe(intake.digest)
            stored = replace(stored, name=former.name, kept_at=former.kept_at)
        path = place_of(self._directory, intake.digest)
        with told_plainly():
            make_directories(path.parent, 0o750)
            if path.exists():
                self._verify(intake.digest)
            else:
                with self._quarantine.open(intake) as source:
                    _copy(source, path, intake.digest)
            self._write_sidecar(stored)
        return stored

    def open(self, digest: Digest) -> BinaryIO:
        """The bytes of a kept file. Raises `NotKept`, and `NotClean` if the last scan didn't find it clean."""
        if self.describe(digest).verdict.finding is not Finding.CLEAN:
            raise NotClean
        return self.open_unchecked(digest)

    def path(self, digest: Digest) -> Path:
        """Where the bytes of a clean file stand, for programs that read it themselves. Raises as `open`."""
        self.open(digest).close()
        return place_of(self._directory, digest)

    def open_unchecked(self, digest: Digest) -> BinaryIO:
        """The bytes of a kept file whatever was found in them: for scanning and auditing, never for serving."""
        with told_plainly():
            try:
                return place_of(self._directory, digest).open("rb")
            except FileNotFoundError:
                raise NotKept from None

    def describe(self, digest: Digest) -> StoredFile:
        """What the sidecar of a file says. Raises `NotKept` where there is none, or a damaged one."""
        with told_plainly():
            try:
                return _read_sidecar(_sidecar_of(place_of(self._directory, digest)).read_bytes(), digest)
            except (FileNotFoundError, ValueError, KeyError, TypeError):
                raise NotKept from None

    def note_facts(self, digest: Digest, facts: Mapping[str, Json]) -> StoredFile:
        """Put these facts in place of the former ones. Raises `NotKept`."""
        return self._replace(replace(self.describe(digest), facts=facts))

    def note_verdict(self, digest: Digest, verdict: Verdict) -> StoredFile:
        """Put a later verdict in place of the former; what isn't clean any more is no longer given out.

        A scan that didn't take place says nothing new and changes nothing. Raises `NotKept`.
        """
        if verdict.digest != digest:
            message = "a verdict on other bytes"
            raise ValueError(message)
        stored = self.describe(digest)
        return stored if verdict.finding is Finding.RETRY else self._replace(replace(stored, verdict=verdict))

    def mend(self, digest: Digest, copy: BinaryIO) -> StoredFile:
        """Put back the bytes of a file that is missing or altered, from a copy with the same digest (a backup).

        Raises `NotKept` if there is no sidecar that says it was kept, `Altered` if the copy is another file.
        """
        stored = self.describe(digest)
        with told_plainly():
            _copy(copy, place_of(self._directory, digest), digest)
        return stored

    def restore_sidecar(self, stored: StoredFile) -> None:
        """Write the sidecar of a file anew from what the application knows of it. Raises `NotKept`, `Altered`."""
        self._verify(stored.digest)
        self._replace(stored)

    def files(self) -> Iterator[StoredFile]:
        """Everything that is described, in the order of the digests: what the catalogue of files can be made from."""
        for path in self._paths():
            if path.suffix == _SIDECAR and _NAME.fullmatch(path.stem):
                with suppress(NotKept):
                    yield self.describe(Digest(path.stem))

    def faults(self) -> Iterator[Faulty]:
        """What is not as it should be, as far as names and sidecars tell; the bytes are the matter of `fixity`."""
        for path in self._paths():
            fault = self._fault(path)
            if fault is not None:
                yield Faulty(path=str(path.relative_to(self._directory)), fault=fault)

    def sweep(self, *, known: Collection[Digest], before: datetime) -> tuple[str, ...]:
        """Remove what interrupted writing left before this time; gives the paths, below the store, that were removed.

        These are unfinished files, and bytes without a sidecar unless they are among the `known`.
        """
        swept = []
        with told_plainly():
            for path in list(self._paths()):
                fault = self._fault(path)
                orphan = fault is Fault.NO_SIDECAR and Digest(path.name) not in known
                if not (orphan or fault is Fault.UNFINISHED):
                    continue
                with suppress(FileNotFoundError):
                    if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                        path.unlink()
                        sync_directory(path.parent)
                        swept.append(str(path.relative_to(self._directory)))
        return tuple(swept)

    def _fault(self, path: Path) -> Fault | None:
        if path.name.endswith(UNFINISHED):
            return Fault.UNFINISHED
        name = path.name.removesuffix(_SIDECAR)
        if not _NAME.fullmatch(name) or path.parent != place_of(self._directory, Digest(name)).parent:
            return Fault.STRANGE
        if path.suffix != _SIDECAR:
            return None if _sidecar_of(path).exists() else Fault.NO_SIDECAR
        try:
            self.describe(Digest(name))
        except NotKept:
            return Fault.BAD_SIDECAR
        return None if path.with_suffix("").exists() else Fault.NO_BYTES

    def _paths(self) -> Iterator[Path]:
        if not self._directory.is_dir():
            return
        with told_plainly():
            # A directory that can't be read is no empty one.
            for parent, directories, names in os.walk(self._directory, onerror=_raise):
                directories.sort()
                for name in sorted(names):
                    yield Path(parent) / name

    def _verify(self, digest: Digest) -> None:
        with self.open_unchecked(digest) as file, told_plainly():
            if read_digest(file)[0] != digest:
                raise Altered

    def _replace(self, stored: StoredFile) -> StoredFile:
        with told_plainly():
            self._write_sidecar(stored)
        return stored

    def _write_sidecar(self, stored: StoredFile) -> None:
        with written(_sidecar_of(place_of(self._directory, stored.digest)), _READ_ONLY) as handle:
            write_all(handle, _sidecar(stored))


def _raise(error: OSError) -> None:
    raise error


def _copy(source: BinaryIO, target: Path, expected: Digest) -> None:
    digest = hashlib.sha256()
    with written(target, _READ_ONLY) as handle:
        while block := source.read(_BLOCK):
            digest.update(block)
            write_all(handle, block)
        if digest.hexdigest() != expected.hex:
            raise Altered


def _sidecar_of(path: Path) -> Path:
    return path.with_name(path.name + _SIDECAR)


def _sidecar(stored: StoredFile) -> bytes:
    body = {
        "format": _FORMAT,
        "digest": stored.digest.hex,
        "size": stored.size,
        "media_type": stored.media_type.value,
        "name": stored.name,
        "kept_at": stored.kept_at.isoformat(),
        "verdict": {
            "finding": stored.verdict.finding.value,
            "engine": stored.verdict.engine,
            "signatures": stored.verdict.signatures,
            "scanned_at": stored.verdict.scanned_at.isoformat(),
            "detail": stored.verdict.detail,
        },
        "facts": stored.facts,
    }
    return (json.dumps({**body, "check": _check(body)}, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _read_sidecar(data: bytes, digest: Digest) -> StoredFile:
    body: Any = json.loads(data)
    if (
        not isinstance(body, dict)
        or body.pop("check") != _check(body)
        or body["format"] != _FORMAT
        or body["digest"] != digest.hex
    ):
        message = "the sidecar is damaged or of another file"
        raise ValueError(message)
    verdict = body["verdict"]
    return StoredFile(
        digest=digest,
        size=body["size"],
        media_type=MediaType(body["media_type"]),
        name=body["name"],
        verdict=Verdict(
            finding=Finding(verdict["finding"]),
            digest=digest,
            engine=verdict["engine"],
            signatures=verdict["signatures"],
            scanned_at=datetime.fromisoformat(verdict["scanned_at"]),
            detail=verdict["detail"],
        ),
        kept_at=datetime.fromisoformat(body["kept_at"]),
        facts=body["facts"],
    )


def _check(body: Mapping[str, Any]) -> str:
    """The digest of a sidecar's content without this line: a flipped bit must not open a closed file."""
    plain = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
