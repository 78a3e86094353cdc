"""A reader of MARC-in-JSON: one record a line, or an array of records as pymarc writes it.

A line may also be one of our own exports, which has the record under "marc". Where each line is a record of its own a
broken line costs only itself; in an array records are told apart by their braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

import orjson

from library.domain.errors import N_, Message
from library.domain.marc import ControlField, DataField, Dialect, Field, MarcRecord, Subfield
from library.marc.encodings import without_unprintable
from library.marc.iso2709 import LARGEST_RECORD, LEADER_LENGTH, normal_leader

_BLOCK = 1 << 16
_KEPT_OF_REJECTED = 100_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SIGNS = re.compile(rb'["\\{}]')
_MARC_TAG = re.compile("[0-9A-Za-z]{3}")
_ANY_NUMBER = re.compile("[0-9]{1,10}")
_CONTROL_TAG = re.compile("00.")


@dataclass(frozen=True, slots=True)
class JsonRecord:
    """One record: where it starts, the record, and what was mended."""

    offset: int
    marc: MarcRecord
    warnings: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What a record looks like before its dialect is known: the one it claims, its leader, its tags with subfields."""

    claimed_dialect: str
    leader: str
    fields: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class JsonFault:
    """A part of the file that is no record: where it starts, why, and its bytes (the first 100,000)."""

    offset: int
    reason: Message
    raw: bytes


class _NoRecord(ValueError):
    def __init__(self, template: str, /, **values: str | int) -> None:
        self.reason = Message.of(template, **values)
        super().__init__(str(self.reason))


def read(stream: BinaryIO, dialect: Dialect) -> Iterator[JsonRecord | JsonFault]:
    """The records of a file, in bounded memory."""
    for offset, raw, size in _pieces(stream):
        try:
            if size > LARGEST_RECORD:
                raise _NoRecord(
                    N_("The record has {size} bytes; more than {limit} is not read."), size=size, limit=LARGEST_RECORD
                )
            yield _record(offset, _document(raw)[1], dialect)
        except _NoRecord as error:
            yield JsonFault(offset, error.reason, raw[:_KEPT_OF_REJECTED])


def looks(stream: BinaryIO) -> Iterator[Look]:
    """What the records look like that can be read at all."""
    for _, raw, size in _pieces(stream):
        if size <= LARGEST_RECORD:
            with suppress(_NoRecord):
                yield _look(*_document(raw))


def _pieces(stream: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """The pieces that should be records: offset, bytes (the first ones of an oversize piece), length."""
    start = stream.tell()
    by_line = _is_by_line(stream)
    stream.seek(start)
    return _lines(stream) if by_line else _objects(stream)


def _is_by_line(stream: BinaryIO) -> bool:
    """Whether the first line with anything in it is a whole object."""
    for _, raw, size in _lines(stream):
        try:
            return size <= LARGEST_RECORD and isinstance(orjson.loads(raw), dict)
        except orjson.JSONDecodeError:
            return False
    return False


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """The lines with anything in them."""
    offset = stream.tell()
    while line := stream.readline(LARGEST_RECORD + 1):
        size = len(line)
        while not line.endswith(b"\n") and (more := stream.readline(_BLOCK)):
            size += len(more)
            line = line[:_KEPT_OF_REJECTED] + more[-1:]
        trimmed = line.removeprefix(_BYTE_ORDER_MARK).strip()
        if trimmed:
            yield offset, trimmed, size
        offset += size


def _objects(stream: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """The outermost objects between braces."""
    braces = _Braces(stream.tell())
    while block := stream.read(_BLOCK):
        yield from braces.feed(block)
    yield from braces.end()


class _Braces:
    """Finds the outermost objects in bytes that come block by block."""

    def __init__(self, offset: int) -> None:
        self._offset = offset  # of the first byte that is held
        self._held = bytearray()
        self._position = 0  # up to where it was looked at; one too far after an escape at the end of a block
        self._start = 0
        self._depth = 0
        self._in_string = False
        self._dropped = 0  # bytes of an oversize object that are no longer held

    def feed(self, block: bytes) -> Iterator[tuple[int, bytes, int]]:
        self._held += block
        while (match := _SIGNS.search(self._held, self._position)) is not None:
            sign, self._position = match.group(), match.end()
            if sign == b"\\":
                self._position += self._in_string
            elif sign == b'"':
                self._in_string = not self._in_string and self._depth > 0
            elif not self._in_string and sign == b"{":
                self._start = match.start() if self._depth == 0 else self._start
                self._depth += 1
            elif not self._in_string and self._depth:
                self._depth -= 1
                if self._depth == 0:
                    yield self._taken()
        self._position = max(self._position, len(self._held))
        if self._depth == 0:
            self._forget(len(self._held))
        elif len(self._held) - self._start > LARGEST_RECORD:
            cut = len(self._held) - self._start - _KEPT_OF_REJECTED
            del self._held[-cut:]
            self._dropped += cut
            self._position -= cut

    def end(self) -> Iterator[tuple[int, bytes, int]]:
        if self._depth:
            self._position = len(self._held)
            yield self._taken()

    def _taken(self) -> tuple[int, bytes, int]:
        raw = bytes(self._held[self._start : self._position])
        found = self._offset + self._start, raw, len(raw) + self._dropped
        self._forget(self._position)
        return found

    def _forget(self, count: int) -> None:
        del self._held[:count]
        self._offset += count + self._dropped
        self._position -= count
        self._dropped = 0


def _document(raw: bytes) -> tuple[str, dict[str, Any]]:
    """The dialect that a record claims, and the record as it is written."""
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _NoRecord(N_("The JSON is broken: {reason}."), reason=str(error)) from error
    claimed = ""
    if isinstance(document, dict) and isinstance(document.get("marc"), dict):
        claimed = str(document.get("dialect", ""))
        document = document["marc"]
    if not isinstance(document, dict) or not isinstance(document.get("fields"), list) or not document["fields"]:
        raise _NoRecord(N_("The record has no fields."))
    return claimed, document


def _look(claimed: str, document: dict[str, Any]) -> Look:
    pairs = [pair for entry in document["fields"] if isinstance(entry, dict) for pair in entry.items()]
    data = [(str(tag), content) for tag, content in pairs if isinstance(content, dict)]
    return Look(
        claimed,
        str(document.get("leader", "")).ljust(LEADER_LENGTH),
        [(tag, any(isinstance(part, dict) and any(part) for part in _parts(content))) for tag, content in data],
    )


def _parts(content: dict[str, Any]) -> list[Any]:
    parts = content.get("subfields")
    return parts if isinstance(parts, list) else []


def _record(offset: int, document: dict[str, Any], dialect: Dialect) -> JsonRecord:
    warnings: list[Message] = []
    fields = tuple([_field(entry, dialect, warnings) for entry in document["fields"]])
    leader = document.get("leader")
    marc = MarcRecord(normal_leader(leader if isinstance(leader, str) else "", dialect, warnings), fields)
    return JsonRecord(offset, marc, tuple(warnings))


def _field(entry: Any, dialect: Dialect, warnings: list[Message]) -> Field:
    if not isinstance(entry, dict) or len(entry) != 1:
        raise _NoRecord(N_("A field is not written as its tag and its content."))
    ((tag, content),) = entry.items()
    if not (_ANY_NUMBER if dialect is Dialect.IRBIS else _MARC_TAG).fullmatch(tag):
        raise _NoRecord(N_("“{tag}” is no tag."), tag=tag[:20])
    is_control = dialect is not Dialect.IRBIS and _CONTROL_TAG.fullmatch(tag) is not None
    if isinstance(content, str) != is_control:
        if is_control:
            raise _NoRecord(N_("Field {tag} is a control field and can't have subfields."), tag=tag)
        raise _NoRecord(N_("Field {tag} is no control field and must have subfields."), tag=tag)
    if isinstance(content, str):
        return ControlField(tag, _printable(content, tag, warnings))
    if not isinstance(content, dict) or not isinstance(content.get("subfields"), list):
        raise _NoRecord(N_("Field {tag} is no control field and must have subfields."), tag=tag)
    indicators = "".join(_indicator(content.get(name, " "), tag) for name in ("ind1", "ind2"))
    subfields = tuple([_subfield(part, tag, warnings) for part in content["subfields"]])
    return DataField(tag, indicators, subfields)


def _subfield(part: Any, tag: str, warnings: list[Message]) -> Subfield:
    if not isinstance(part, dict) or len(part) != 1:
        raise _NoRecord(N_("Field {tag} has a subfield that is not written as its code and its text."), tag=tag)
    ((code, value),) = part.items()
    if len(code) > 1 or not code.isprintable() or not isinstance(value, str):
        raise _NoRecord(N_("Field {tag} has a subfield with the code “{code}”."), tag=tag, code=code[:20])
    return Subfield(code, _printable(value, tag, warnings))


def _indicator(value: Any, tag: str) -> str:
    if not isinstance(value, str) or len(value) > 1 or not value.isprintable():
        raise _NoRecord(N_("Field {tag}: “{value}” is no indicator."), tag=tag, value=str(value)[:20])
    return value or " "


def _printable(value: str, tag: str, warnings: list[Message]) -> str:
    clean = without_unprintable(value)
    if clean != value:
        warnings.append(Message.of(N_("Field {tag}: control characters were left out."), tag=tag))
    return clean
