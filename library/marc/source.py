"""What readers of all formats give: sources, the records in them, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from library.domain.errors import Message
from library.domain.marc import Dialect, MarcRecord


class Format(StrEnum):
    """How a source is written."""

    ISO2709 = "iso2709"
    MARCXML = "marcxml"
    MARC_JSON = "marc-json"
    IRBIS_TEXT = "txt"
    IRBIS64 = "irbis64"
    IRBIS32 = "irbis32"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file or base that can be read.

    `name` is its name among the sources of the catalogue: the base's name in capitals for an IRBIS database, else the
    path below the directory that was given, without its ending. `path` is the MST file of a database. `encoding` is a
    Python codec name or "marc-8". `warnings` say what was doubtful when the kind was found out.
    """

    path: Path
    name: str
    format: Format
    dialect: Dialect
    encoding: str
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRecord:
    """A record that was read.

    `number` counts from 1 (in an IRBIS database it is the MFN); `offset` is the byte at which it starts. `key` tells it
    from all others of its source and is the same when the source is read again: the MFN, or field 001, or a digest
    of the content where there is neither; a repeated key has "#2", "#3" … after it. `earlier` are former versions,
    oldest first.
    """

    number: int
    offset: int
    key: str
    marc: MarcRecord
    deleted: bool = False
    earlier: tuple[MarcRecord, ...] = ()
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRecord:
    """A record that could not be read: where it stands, why, and its bytes as they are."""

    number: int
    offset: int
    reason: Message
    raw: bytes
