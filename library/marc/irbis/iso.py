"""ISO 2709 as IRBIS writes it.

Fields 001-009 are bare; all others have two blank indicators and then the text as in the base, `^` written as 0x1F. A
text may have no subfield at all, which readers of MARC take for indicators. The leader says nothing of the record, not
even its encoding.
"""

from __future__ import annotations

from library.domain.errors import N_, NotExpressible
from library.domain.marc import MarcRecord
from library.marc.broken import BrokenRecord
from library.marc.irbis import values

TAGS = range(1, 1000)
_LEADER_LENGTH = 24
_ENTRY_LENGTH = 12
_LONGEST_FIELD = 9_999
_LONGEST_RECORD = 99_999
_FIRST_WITH_INDICATORS = 10
_BLANKS = b"  "
_MARKS = frozenset("\x1d\x1e\x1f")


def decode(raw: bytes, encoding: str) -> MarcRecord:
    """The record in these bytes; `ValueError` with a plain reason where they can't be read for certain.

    The directory is believed where each of its entries ends at a mark; where none does, the fields are told apart by
    the marks alone.
    """
    if len(raw) <= _LEADER_LENGTH:
        raise BrokenRecord(N_("The record can't be read: it is shorter than a leader."))
    directory, mark, data = raw[_LEADER_LENGTH:].partition(b"\x1e")
    if not mark or not directory or len(directory) % _ENTRY_LENGTH or not directory.isdigit():
        raise BrokenRecord(N_("The record can't be read: its directory is broken."))
    data = data.rstrip(b"\r\n").removesuffix(b"\x1d")
    entries = [directory[at : at + _ENTRY_LENGTH] for at in range(0, len(directory), _ENTRY_LENGTH)]
    bodies = _by_directory(entries, data) or data.removesuffix(b"\x1e").split(b"\x1e")
    if len(bodies) != len(entries):
        raise BrokenRecord(
            N_("The record can't be read: its directory names {named} fields, but it has {found}."),
            named=len(entries),
            found=len(bodies),
        )
    fields = []
    for entry, body in zip(entries, bodies, strict=True):
        tag = int(entry[:3])
        content = body.removeprefix(_BLANKS) if tag >= _FIRST_WITH_INDICATORS else body
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            raise BrokenRecord(
                N_("The record can't be read: field {tag} holds bytes that are no letters in {encoding}."),
                tag=tag,
                encoding=encoding,
            ) from error
        fields.append(values.field(tag, values.cleaned(tag, text.replace("\x1f", values.MARK), [])))
    return MarcRecord(values.LEADER, tuple(fields))


def _by_directory(entries: list[bytes], data: bytes) -> list[bytes] | None:
    bodies = []
    for entry in entries:
        length, start = int(entry[3:7]), int(entry[7:])
        body = data[start : start + length]
        if len(body) != length or body.find(b"\x1e") != length - 1:
            return None
        bodies.append(body[:-1])
    return bodies


def encode(marc: MarcRecord) -> bytes:
    """The record in ISO 2709 and UTF-8; `NotExpressible` where a tag, a field or the record is too large for it."""
    directory: list[str] = []
    bodies: list[bytes] = []
    start = 0
    for record_field in marc.fields:
        tag = values.tag_of(record_field, TAGS)
        text = values.text_of(record_field)
        if not _MARKS.isdisjoint(text):
            raise NotExpressible(N_("Field {tag} holds marks of ISO 2709 and can't be written in it."), tag=tag)
        body = ("  " if tag >= _FIRST_WITH_INDICATORS else "") + text.replace(values.MARK, "\x1f") + "\x1e"
        encoded = body.encode()
        if len(encoded) > _LONGEST_FIELD:
            raise NotExpressible(
                N_("Field {tag} has {size} bytes; ISO 2709 allows {limit}."),
                tag=tag,
                size=len(encoded),
                limit=_LONGEST_FIELD,
            )
        directory.append(f"{tag:03d}{len(encoded):04d}{start:05d}")
        bodies.append(encoded)
        start += len(encoded)
    base = _LEADER_LENGTH + _ENTRY_LENGTH * len(directory) + 1
    size = base + start + 1
    if size > _LONGEST_RECORD:
        raise NotExpressible(
            N_("The record has {size} bytes; ISO 2709 allows {limit}."), size=size, limit=_LONGEST_RECORD
        )
    head = f"{size:05d}{values.LEADER[5:12]}{base:05d}{values.LEADER[17:]}{''.join(directory)}\x1e"
    return b"".join([head.encode(), *bodies, b"\x1d"])
