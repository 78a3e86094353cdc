"""The text exchange format of IRBIS (TXT): one field a line, `#200: ^ATitle^FName`, and `*****` after each record.

What is written is the same as what was read, but for this: lines end with CR LF; a byte order mark, empty lines and
zeros before a tag are dropped; there is one space after the colon; a damaged line is mended as its warning says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from library.domain.errors import N_, Message, NotExpressible, UnreadableSource
from library.domain.marc import MarcRecord
from library.marc import codec
from library.marc.irbis import values
from library.marc.source import ReadRecord, RejectedRecord, Source

LONGEST_RECORD = 10_000_000
MOST_DOUBTS = 200
_KEPT_OF_OVERSIZE = 100_000
_KEPT_OF_LINE = 200
_END = b"*****"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NOTHING = b" \t\r\n\x00\x1a"
_FIELD = re.compile(rb"#(\d{1,10}): ?(.*)", re.DOTALL)
# A field whose number sign or colon got lost is still known by the subfield mark after its tag.
_DAMAGED_FIELD = re.compile(rb"\s*#?\s*(\d{1,10})\s*:?\s*(\^.*)", re.DOTALL)
# The code of a document among those of its base; the numbers that IRBIS64+ gives to a record for ever.
_CODE_TAG = "903"
_GUID_TAGS = ("1119", "2147483647")


@dataclass(slots=True)
class _Lines:
    """The lines of one record; of a record that is too long only the first ones are kept."""

    offset: int
    first_line: int
    lines: list[bytes] = field(default_factory=list)
    size: int = 0
    ended: bool = False

    def add(self, line: bytes, size: int) -> None:
        self.size += size
        if self.size <= LONGEST_RECORD:
            self.lines.append(line)

    @property
    def raw(self) -> bytes:
        whole = b"".join(self.lines)
        return whole if self.size <= LONGEST_RECORD else whole[:_KEPT_OF_OVERSIZE]


def read(source: Source) -> Iterator[ReadRecord | RejectedRecord]:
    """The records of a text file in bounded memory; `UnreadableSource` where the file can't be read.

    The key is the code of the document (903), else its GUID, else a digest of what it says. A line that is no field
    costs nothing but itself: it is mended or joined to the line before it, and a warning names its number.
    """
    seen: set[int] = set()  # hashes only: a file may have millions of keys
    repeated: Counter[str] = Counter()
    try:
        with source.path.open("rb") as stream:
            for number, lines in enumerate(_records(stream), start=1):
                outcome = _parsed(lines, source.encoding)
                if isinstance(outcome, Message):
                    yield RejectedRecord(number=number, offset=lines.offset, reason=outcome, raw=lines.raw)
                    continue
                marc, warnings = outcome
                key = record_key(marc)
                if hash(key) in seen:
                    repeated[key] += 1
                    key = f"{key}#{repeated[key] + 1}"
                seen.add(hash(key))
                yield ReadRecord(number=number, offset=lines.offset, key=key, marc=marc, warnings=warnings)
    except OSError as error:
        raise UnreadableSource(
            N_("{path} can't be read: {reason}."), path=str(source.path), reason=error.strerror or str(error)
        ) from error


def record_key(marc: MarcRecord) -> str:
    """What tells an IRBIS record from others where there is no MFN: its code (903), its GUID, or a digest of it."""
    for tag in (_CODE_TAG, *_GUID_TAGS):
        for found in marc.all(tag):
            text = values.joined(found.subfields).strip()
            if text:
                return text
    return codec.digest(marc)


def encode(marc: MarcRecord) -> str:
    """The record as text, with its end mark; `NotExpressible` where a tag is no number or a value has a line break."""
    lines = []
    for record_field in marc.fields:
        text = values.text_of(record_field)
        if "\n" in text or "\r" in text:
            raise NotExpressible(
                N_("Field {tag} can't be written as text: there is a line break in it."), tag=record_field.tag
            )
        lines.append(f"#{values.tag_of(record_field, values.TAGS)}: {text}\r\n")
    lines.append("*****\r\n")
    return "".join(lines)


def _lines(stream: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """The lines with their ends and true sizes; of an endless one only as much as a record may have."""
    while line := stream.readline(LONGEST_RECORD + 1):
        size = len(line)
        rest = line
        while size > LONGEST_RECORD and rest and not rest.endswith(b"\n"):
            rest = stream.readline(LONGEST_RECORD)
            size += len(rest)
        yield line, size


def _records(stream: BinaryIO) -> Iterator[_Lines]:
    offset = 0
    if stream.read(len(_BYTE_ORDER_MARK)) == _BYTE_ORDER_MARK:
        offset = len(_BYTE_ORDER_MARK)
    stream.seek(offset)
    record: _Lines | None = None
    for number, (line, size) in enumerate(_lines(stream), start=1):
        if record is None and line.strip(_NOTHING) and not line.startswith(_END):
            record = _Lines(offset, number)
        offset += size
        if record is not None:
            record.add(line, size)
            if line.startswith(_END):
                record.ended = True
                yield record
                record = None
    if record is not None:
        yield record


def _parsed(record: _Lines, encoding: str) -> tuple[MarcRecord, tuple[Message, ...]] | Message:
    """The record of these lines and what was doubtful in them, or why it can't be read."""
    if record.size > LONGEST_RECORD:
        return Message.of(
            N_("The record has {size} bytes; more than {limit} is not read."), size=record.size, limit=LONGEST_RECORD
        )
    found: list[tuple[int, str]] = []
    warnings: list[Message] = []
    for number, line in enumerate(record.lines, start=record.first_line):
        content = line.rstrip(b"\r\n")
        if content.startswith(_END) or not content.strip(_NOTHING):
            continue
        if len(warnings) > MOST_DOUBTS:
            return Message.of(
                N_("More than {limit} of its lines are damaged: it is hardly a record."), limit=MOST_DOUBTS
            )
        match = _field(content, number, warnings)
        tag, raw = (int(match[1]), match[2]) if match else (found[-1][0] if found else 0, content)
        try:
            text = values.cleaned(tag, values.decoded(tag, raw, encoding, warnings), warnings)
        except UnicodeDecodeError:
            return Message.of(
                N_("Line {line} holds bytes that are no letters in {encoding}."), line=number, encoding=encoding
            )
        if match:
            found.append((tag, text))
        elif found:
            found[-1] = (tag, f"{found[-1][1]} {text.strip()}")
            warnings.append(
                Message.of(N_("Line {line} is no field; it was joined to field {tag} before it."), line=number, tag=tag)
            )
        else:
            warnings.append(
                Message.of(
                    N_("Line {line} is no field and was left out: {text}"), line=number, text=text[:_KEPT_OF_LINE]
                )
            )
    if not found:
        return Message.of(N_("None of its lines is a field of IRBIS (#tag: value)."))
    if not record.ended:
        warnings.append(Message.of(N_("The end mark (*****) is missing: the record may be cut off.")))
    return MarcRecord(values.LEADER, tuple([values.field(tag, text) for tag, text in found])), tuple(warnings)


def _field(content: bytes, number: int, warnings: list[Message]) -> re.Match[bytes] | None:
    """Tag and text of a line, if it is a field or was one before it was damaged."""
    match = _FIELD.fullmatch(content)
    if match is None:
        match = _DAMAGED_FIELD.fullmatch(content)
        if match is not None:
            warnings.append(
                Message.of(N_("Line {line} was mended: it should begin #{tag}: "), line=number, tag=int(match[1]))
            )
    return match if match is not None and int(match[1]) in values.TAGS else None
