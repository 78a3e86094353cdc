"""What the engine speaks of: digests, files in quarantine, verdicts, and the three answers of the gate."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

_HEX = re.compile(r"[0-9a-f]{64}")
# What comes from a file goes into messages, so it must be one line of bounded length.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_LONGEST_QUOTE = 120

Json: TypeAlias = "str | int | float | bool | Mapping[str, Json] | list[Json] | tuple[Json, ...] | None"


def quoted(text: str) -> str:
    """Foreign text fit for a message: control and direction characters become blanks, the rest after 120 is cut."""
    text = _UNPRINTABLE.sub(" ", text).strip()
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """The SHA-256 of a file's bytes (FIPS 180-4), as 64 hexadecimal digits in lower case; other text is ValueError."""

    hex: str

    def __post_init__(self) -> None:
        if not _HEX.fullmatch(self.hex):
            message = f"not a SHA-256 digest: {quoted(self.hex)!r}"
            raise ValueError(message)

    def __str__(self) -> str:
        return self.hex

    @classmethod
    def of(cls, data: bytes) -> Digest:
        """The digest of these bytes."""
        return cls(hashlib.sha256(data).hexdigest())


class MediaType(StrEnum):
    """The kinds of files that are taken in; the value is the media type they are served under."""

    PDF = "application/pdf"
    EPUB = "application/epub+zip"
    DJVU = "image/vnd.djvu"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    TXT = "text/plain"
    MP3 = "audio/mpeg"
    MP4 = "video/mp4"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file was not admitted: a code for machines, an English template with named places, and its values."""

    code: str
    template: str
    values: tuple[tuple[str, str | int], ...] = ()

    @classmethod
    def of(cls, code: str, template: str, /, **values: str | int) -> Reason:
        """A reason whose values are safe to show."""
        safe = ((name, quoted(value) if isinstance(value, str) else value) for name, value in values.items())
        return cls(code, template, tuple(safe))

    def __str__(self) -> str:
        return self.template.format(**dict(self.values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A whole file in quarantine. `name` is what its sender called it, made fit to show; it is never part of a path."""

    id: str
    digest: Digest
    size: int
    name: str
    received_at: datetime


class Finding(StrEnum):
    """What a scan came to. "It did not take place" is a finding of its own and never clean."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNABLE = "unscannable"
    RETRY = "retry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a virus scanner said of the bytes with this digest, with the engine and signatures that said it.

    `detail` is the virus, or why there was no verdict; empty when clean. `signatures` is the version of the signature
    base, `local` for one without a version; it and `engine` are empty when no scanner answered.
    """

    finding: Finding
    digest: Digest
    engine: str
    signatures: str
    scanned_at: datetime
    detail: str = ""


class WaitsFor(StrEnum):
    """What an undecided file waits for: another try, or a person who replaces it."""

    SCANNER = "scanner"
    PERSON = "person"


# Known to the gate alone, so that nobody else can make an `Admitted` by mistake.
_GATE_SEAL = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A file that passed every check; only `storage.gate.Gate` can make one, and only such a file is kept."""

    intake: Intake
    media_type: MediaType
    verdict: Verdict
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _GATE_SEAL:
            message = "only the gate admits"
            raise TypeError(message)

    @property
    def scanned_by(self) -> str:
        """Engine and version of the signatures."""
        return f"{self.verdict.engine}, {self.verdict.signatures}"

    @property
    def scanned_at(self) -> datetime:
        """When the scan that found it clean began."""
        return self.verdict.scanned_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A file that will never be admitted as it is."""

    intake: Intake
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A file that stays in quarantine: what should be checked couldn't be."""

    intake: Intake
    reason: Reason
    waits_for: WaitsFor


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A kept original with its description. `facts` is the application's own (record, rights, history)."""

    digest: Digest
    size: int
    media_type: MediaType
    name: str
    verdict: Verdict
    kept_at: datetime
    facts: Mapping[str, Json] = field(default_factory=dict)


class Objection(Exception):
    """Raised by a check that refuses a file."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(str(reason))


class Doubt(Exception):
    """Raised by a check that couldn't be finished."""

    def __init__(self, reason: Reason, waits_for: WaitsFor) -> None:
        self.reason = reason
        self.waits_for = waits_for
        super().__init__(str(reason))
