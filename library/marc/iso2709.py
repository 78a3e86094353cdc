"""ISO 2709: a splitter that no bad record stops, a reader that expects lies, and a writer that tells none.

A record is a leader of 24 characters, a directory of 12 characters a field (tag, length, start), and the fields, each
ended by 0x1E; 0x1D ends the record. Published files are wrong in each of these places, so only the marks are trusted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, BinaryIO

from library.domain.errors import N_, Message, NotExpressible
from library.domain.marc import ControlField, DataField, Dialect, Field, MarcRecord, Subfield
from library.marc.broken import BrokenRecord
from library.marc.encodings import UNPRINTABLE, without_unprintable

LARGEST_RECORD = 10_000_000
LEADER_LENGTH = 24
ENTRY_LENGTH = 12
RECORD_END = b"\x1d"
FIELD_END = b"\x1e"
_BLOCK = 1 << 20
_KEPT_OF_OVERSIZE = 100_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BETWEEN_RECORDS = b"\r\n \x00\x1a"
_LINE_ENDS = b"\r\n"
_NO_LINE_ENDS = dict.fromkeys(_LINE_ENDS)
_LONGEST_WRITTEN_RECORD = 99_999
_LONGEST_WRITTEN_FIELD = 9_999
_TAG_LENGTH = 3
_INDICATORS = 2

# All of UNPRINTABLE but the marks 0x1D-0x1F.
_UNPRINTABLE_HERE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1c\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_NOT_FOR_LEADERS = re.compile("[^ -~]")

# A frozen dataclass sets its values one by one through object.__setattr__; through its slots it is made in half the
# time, and a file of 100,000 records has three million subfields.
_new: Callable[[type], Any] = object.__new__
_set_code = vars(Subfield)["code"].__set__
_set_value = vars(Subfield)["value"].__set__
_set_tag = vars(DataField)["tag"].__set__
_set_indicators = vars(DataField)["indicators"].__set__
_set_subfields = vars(DataField)["subfields"].__set__


@dataclass(frozen=True, slots=True)
class Chunk:
    """The bytes of one record, its mark of end included where the file has it, and where they start.

    `size` is the true length; of a record above `LARGEST_RECORD` only the first bytes are kept in `raw`.
    """

    offset: int
    raw: bytes
    size: int


def split(stream: BinaryIO) -> Iterator[Chunk]:
    """The records of a stream, in bounded memory; line ends, blanks and zeros between records are passed over."""
    held = b""
    offset = 0  # of the first byte of `held`
    dropped = 0  # bytes of an oversize record that are no longer held
    while block := stream.read(_BLOCK):
        *whole, rest = (held + block).split(RECORD_END)
        for body in whole:
            size = dropped + len(body) + 1
            yield from _chunk(offset, body + RECORD_END, size)
            offset += size
            dropped = 0
        held = rest
        if dropped + len(held) > LARGEST_RECORD:
            dropped += len(held) - len(held[:_KEPT_OF_OVERSIZE])
            held = held[:_KEPT_OF_OVERSIZE]
    yield from _chunk(offset, held, dropped + len(held))


def _chunk(offset: int, raw: bytes, size: int) -> Iterator[Chunk]:
    trimmed = raw.lstrip(_BETWEEN_RECORDS).removeprefix(_BYTE_ORDER_MARK)
    if trimmed and trimmed != RECORD_END:
        skipped = len(raw) - len(trimmed)
        size -= skipped
        yield Chunk(offset + skipped, trimmed if size <= LARGEST_RECORD else trimmed[:_KEPT_OF_OVERSIZE], size)


def reason_to_reject(chunk: Chunk) -> Message | None:
    """Why no reader should try this chunk: it is too large, or too short to be a record."""
    if chunk.size > LARGEST_RECORD:
        return Message.of(
            N_("The record has {size} bytes; more than {limit} is not read."), size=chunk.size, limit=LARGEST_RECORD
        )
    if len(chunk.raw) <= LEADER_LENGTH:
        return Message.of(N_("The record has only {size} bytes, less than a leader."), size=len(chunk.raw))
    return None


def parse(raw: bytes, text: str, dialect: Dialect) -> tuple[MarcRecord, list[Message]]:
    """The record in these bytes, already decoded to `text` with all marks in place, and what was mended.

    `ValueError` with a plain reason where the tags can't be told for certain or there is no field at all.
    """
    warnings: list[Message] = []
    head, *bodies = text.split("\x1e")
    parts = bodies if len(raw) == len(text) else raw.split(FIELD_END)[1:]
    tags = _agreeing_tags(head, parts) if parts and parts[-1] in ("\x1d", RECORD_END) and head.isascii() else []
    if not tags:
        unwrapped = raw.translate(None, _LINE_ENDS)
        if len(unwrapped) < len(raw) and text.startswith(f"{len(unwrapped):05d}"):
            marc, warnings = parse(unwrapped, text.translate(_NO_LINE_ENDS), dialect)
            return marc, [Message.of(N_("Line ends were taken out: the file was wrapped by a text editor.")), *warnings]
        tags, bodies = _tolerant(raw, text, warnings)
    elif head[:5] != f"{len(raw):05d}":
        warnings.append(Message.of(N_("The length in the leader is wrong; the record is whole.")))
    if bodies[-1] == "\x1d":
        bodies.pop()
    if "\x1f\x1f" in text or "\x1f\x1e" in text or "\x1f\x1d" in text or _UNPRINTABLE_HERE.search(text):
        fields = tuple(_field(tag, body, warnings) for tag, body in zip(tags, bodies, strict=True))
    else:
        fields = _fields(tags, bodies, warnings)
    return MarcRecord(normal_leader(head[:LEADER_LENGTH], dialect, warnings), fields), warnings


def normal_leader(leader: str, dialect: Dialect, warnings: list[Message]) -> str:
    """A leader of 24 characters as the catalogue holds it: no lengths, and Unicode said where MARC 21 says it."""
    if not (leader.isascii() and leader.isprintable() and len(leader) == LEADER_LENGTH):
        leader = _NOT_FOR_LEADERS.sub(" ", leader).ljust(LEADER_LENGTH)
        warnings.append(
            Message.of(N_("The leader was not 24 letters, digits and blanks; blanks were put in their place."))
        )
    flag = "a" if dialect is Dialect.MARC21 else leader[9]
    return f"00000{leader[5:9]}{flag}{leader[10:12]}00000{leader[17:24]}"


def _agreeing_tags(head: str, parts: list[Any]) -> list[str]:
    """The tags of a directory that names the fields in the order and with the lengths they have, else nothing."""
    sizes = [len(part) + 1 for part in parts[:-1]]
    actual = [size * 100_000 + start for size, start in zip(sizes, accumulate(sizes, initial=0), strict=False)]
    places = range(LEADER_LENGTH, len(head), ENTRY_LENGTH)
    try:
        claimed = [int(head[place + _TAG_LENGTH : place + ENTRY_LENGTH]) for place in places]
    except ValueError:
        return []
    tags = [head[place : place + _TAG_LENGTH] for place in places]
    return tags if claimed == actual and "".join(tags).isalnum() else []


def _tolerant(raw: bytes, text: str, warnings: list[Message]) -> tuple[list[str], list[str]]:
    """Tags and fields of a record whose leader or directory lies."""
    if not raw.endswith(RECORD_END):
        raise BrokenRecord(N_("The record can't be read: it is cut off: the file ends before its end mark."))
    directory_text, mark, rest = text.partition("\x1e")
    if not mark:
        raise BrokenRecord(N_("The record can't be read: it has no field mark (0x1E) at all."))
    directory = directory_text[LEADER_LENGTH:]
    if not directory or len(directory) % ENTRY_LENGTH:
        raise BrokenRecord(
            N_("The record can't be read: its directory has {count} characters, not {length} for each field."),
            count=len(directory),
            length=ENTRY_LENGTH,
        )
    entries = [directory[place : place + ENTRY_LENGTH] for place in range(0, len(directory), ENTRY_LENGTH)]
    tags = [entry[:_TAG_LENGTH] for entry in entries]
    for tag in tags:
        if not (tag.isascii() and tag.isalnum()):
            raise BrokenRecord(
                N_("The record can't be read: its directory can't be understood: “{tag}” is no tag."), tag=tag
            )
    bodies = rest.removesuffix("\x1d").split("\x1e")
    if bodies[-1] == "":
        bodies.pop()
    ordered = _by_positions(raw, text, entries)
    if ordered is not None:
        if len(ordered) < len(bodies):
            raise _other_number(len(ordered), len(bodies))
        return tags, ordered
    if len(tags) != len(bodies):
        raise _other_number(len(tags), len(bodies))
    warnings.append(
        Message.of(N_("The directory is wrong; the fields were told apart by their marks and named in its order."))
    )
    return tags, bodies


def _other_number(named: int, found: int) -> BrokenRecord:
    return BrokenRecord(
        N_("The record can't be read: its directory names {named} fields, but it has {found}."),
        named=named,
        found=found,
    )


def _by_positions(raw: bytes, text: str, entries: list[str]) -> list[str] | None:
    """The fields where the directory puts them, if each of its entries is exactly one field between marks."""
    starts: dict[int, tuple[int, str]] = {}
    position = 0
    data, words = raw.removesuffix(RECORD_END).partition(FIELD_END)[2], text.removesuffix("\x1d").partition("\x1e")[2]
    for part, body in zip(data.split(FIELD_END), words.split("\x1e"), strict=True):
        starts[position] = (len(part) + 1, body)
        position += len(part) + 1
    ordered: list[str] = []
    seen: set[int] = set()
    for entry in entries:
        digits = entry[_TAG_LENGTH:]
        if len(entry) != ENTRY_LENGTH or not (digits.isascii() and digits.isdigit()):
            return None
        start = int(digits[4:])
        length, body = starts.get(start, (0, ""))
        if length != int(digits[:4]) or start in seen:
            return None
        seen.add(start)
        ordered.append(body)
    return ordered


def _fields(tags: list[str], bodies: list[str], warnings: list[Message]) -> tuple[Field, ...]:
    """The fields of a record without control characters and with something after each subfield mark."""
    fields: list[Field] = []
    for tag, body in zip(tags, bodies, strict=True):
        indicators, *parts = body.split("\x1f")
        if tag[:2] == "00" or len(indicators) != _INDICATORS:
            fields.append(_field(tag, body, warnings))
            continue
        subfields = []
        for part in parts:
            subfield = _new(Subfield)
            _set_code(subfield, part[0])
            _set_value(subfield, part[1:])
            subfields.append(subfield)
        field = _new(DataField)
        _set_tag(field, tag)
        _set_indicators(field, indicators)
        _set_subfields(field, tuple(subfields))
        fields.append(field)
    return tuple(fields)


def _field(tag: str, body: str, warnings: list[Message]) -> Field:
    if tag[:2] == "00":
        return ControlField(tag, _printable(body, tag, warnings))
    indicators, *parts = body.split("\x1f")
    return _mended(tag, indicators, parts, warnings)


def _mended(tag: str, indicators: str, parts: list[str], warnings: list[Message]) -> DataField:
    """A data field that may have faults: wrong indicators, marks without a subfield, control characters."""
    subfields: list[Subfield] = []
    if len(indicators) > _INDICATORS:
        warnings.append(Message.of(N_("Field {tag}: text before the first subfield was made subfield $a."), tag=tag))
        parts = ["a" + indicators[_INDICATORS:], *parts]
    elif len(indicators) < _INDICATORS:
        warnings.append(Message.of(N_("Field {tag}: missing indicators were made blanks."), tag=tag))
    if "" in parts:
        warnings.append(Message.of(N_("Field {tag}: a subfield mark without a subfield was left out."), tag=tag))
    for part in filter(None, parts):
        code = "?" if UNPRINTABLE.match(part) else part[0]
        subfields.append(Subfield(code, _printable(part[1:], tag, warnings)))
    blank = UNPRINTABLE.sub(" ", indicators[:_INDICATORS].ljust(_INDICATORS))
    return DataField(tag, blank, tuple(subfields))


def _printable(value: str, tag: str, warnings: list[Message]) -> str:
    clean = without_unprintable(value)
    if clean != value:
        warnings.append(Message.of(N_("Field {tag}: control characters were left out."), tag=tag))
    return clean


def encode(marc: MarcRecord) -> bytes:
    """The record in ISO 2709 and UTF-8; `NotExpressible` where a length or a tag does not fit the format."""
    directory: list[str] = []
    bodies: list[bytes] = []
    start = 0
    for field in marc.fields:
        if len(field.tag) != _TAG_LENGTH or not (field.tag.isascii() and field.tag.isalnum()):
            raise NotExpressible(
                N_("Field {tag} has no place in ISO 2709, where a tag has three letters or digits."), tag=field.tag
            )
        if isinstance(field, ControlField) != field.tag.startswith("00"):
            raise NotExpressible(
                N_("Field {tag} has no place in ISO 2709, where control fields and only they begin with 00."),
                tag=field.tag,
            )
        body = _body(field).encode() + FIELD_END
        if len(body) > _LONGEST_WRITTEN_FIELD:
            raise NotExpressible(
                N_("Field {tag} has {size} bytes; ISO 2709 has place for {limit}. Use MARCXML instead."),
                tag=field.tag,
                size=len(body),
                limit=_LONGEST_WRITTEN_FIELD,
            )
        directory.append(f"{field.tag}{len(body):04d}{start:05d}")
        bodies.append(body)
        start += len(body)
    base = LEADER_LENGTH + ENTRY_LENGTH * len(directory) + 1
    size = base + start + 1
    if size > _LONGEST_WRITTEN_RECORD:
        raise NotExpressible(
            N_("The record has {size} bytes; ISO 2709 has place for {limit}. Use MARCXML instead."),
            size=size,
            limit=_LONGEST_WRITTEN_RECORD,
        )
    leader = f"{size:05d}{marc.leader[5:12]}{base:05d}{marc.leader[17:24]}"
    head = (leader + "".join(directory)).encode("ascii", "replace")
    return b"".join((head, FIELD_END, *bodies, RECORD_END))


def encode_unimarc(marc: MarcRecord) -> bytes:
    """The same for UNIMARC, where the record itself says its encoding: 100 $a/26-29 become "50  " (UTF-8)."""
    return encode(marc.with_fields(_claiming_utf8(field) for field in marc.fields))


def _claiming_utf8(field: Field) -> Field:
    if field.tag != "100" or not isinstance(field, DataField):
        return field
    return DataField(
        field.tag,
        field.indicators,
        tuple(
            Subfield("a", f"{subfield.value[:26]:<26}50  {subfield.value[30:]}") if subfield.code == "a" else subfield
            for subfield in field.subfields
        ),
    )


def _body(field: Field) -> str:
    if isinstance(field, ControlField):
        return field.value
    return field.indicators + "".join(f"\x1f{subfield.code}{subfield.value}" for subfield in field.subfields)
