"""IRBIS64 and IRBIS32 databases, read straight from their master file (MST) and cross-reference (XRF).

The reader goes through the cross-reference and never to the end of the master file, which is longer than its content.
It reads one record at a time, so that the size of a base does not matter, and believes no number before it is checked.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from library.domain.errors import N_, Message, UnreadableSource
from library.domain.marc import DataField, MarcRecord
from library.marc.irbis import layout
from library.marc.irbis.layout import Head, Layout, Slot
from library.marc.irbis.values import LEADER, TAGS, cleaned, decoded, field, tag_of, text_of
from library.marc.source import Format, ReadRecord, RejectedRecord, Source

LONGEST_RECORD = 10_000_000
MOST_VERSIONS = 1_000
_LONGEST_HISTORY = 40_000_000
_RAW_OF_A_BROKEN_RECORD = 65_536


class _DamagedRecord(Exception):
    """A record whose numbers or letters can't be right."""

    def __init__(self, reason: Message) -> None:
        self.reason = reason
        super().__init__(str(reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """A record to be written into a base; `earlier` are its former versions, oldest first."""

    mfn: int
    marc: MarcRecord
    deleted: bool = False
    earlier: tuple[MarcRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class _Version:
    """One version of a record, as it stands in the master file."""

    head: Head
    marc: MarcRecord
    warnings: tuple[Message, ...]


def inspect(path: Path) -> Format:
    """Whether this MST file belongs to an IRBIS64 or to an IRBIS32 base.

    `UnreadableSource` where it belongs to none, its cross-reference is missing, one of both files is cut off, or the
    base is locked.
    """
    try:
        xrf_path = cross_reference(path)
        size, xrf_size = path.stat().st_size, xrf_path.stat().st_size
        with path.open("rb") as mst, xrf_path.open("rb") as xrf:
            control, first_slots = mst.read(layout.CONTROL64.size), xrf.read(layout.BLOCK)
    except OSError as error:
        raise UnreadableSource(
            N_("{path} can't be read: {reason}."), path=str(path), reason=error.strerror or str(error)
        ) from error
    if _is_irbis32(control, first_slots, xrf_size):
        _, _, block, position, _ = layout.CONTROL32.unpack_from(control)
        _refuse_if_cut_off(path, size, (block - 1) * layout.BLOCK + max(position - 1, 0))
        return Format.IRBIS32
    if len(control) < layout.CONTROL64.size:
        raise UnreadableSource(N_("{path} is no IRBIS base: it is too short."), path=str(path))
    first_mfn, next_mfn, low, high, *_, lock = layout.CONTROL64.unpack(control)
    free_end = high << 32 | low
    if first_mfn != 0 or next_mfn == 0 or free_end < layout.CONTROL64.size:
        raise UnreadableSource(
            N_("{path} is no IRBIS base: it does not start with the control record of one."), path=str(path)
        )
    _refuse_if_cut_off(path, size, free_end)
    if (next_mfn - 1) * layout.SLOT64.size > xrf_size:
        raise UnreadableSource(
            N_("{path} is cut off: it lists {found} records of {expected}. Copy the base again."),
            path=str(xrf_path),
            found=xrf_size // layout.SLOT64.size,
            expected=next_mfn - 1,
        )
    if lock:
        raise UnreadableSource(
            N_(
                "The base {path} is locked: IRBIS is writing to it, or was stopped while it did. Close the "
                "workstations, unlock the base in the IRBIS administrator's program, and import again."
            ),
            path=str(path),
        )
    return Format.IRBIS64


def cross_reference(mst: Path) -> Path:
    """The XRF file beside this MST file, whatever the case of its name; `UnreadableSource` where there is none."""
    wanted = f"{mst.stem}.xrf".casefold()
    found = sorted(path for path in mst.parent.iterdir() if path.name.casefold() == wanted)
    exact = [path for path in found if path.stem == mst.stem]
    for path in exact + found:
        return path
    raise UnreadableSource(
        N_("{path} has no cross-reference: a file {name}.xrf must lie beside it. Copy both files of the base."),
        path=str(mst),
        name=mst.stem,
    )


def read(source: Source) -> Iterator[ReadRecord | RejectedRecord]:
    """The records of a base by rising MFN; those physically deleted are none, those logically deleted say so.

    `UnreadableSource` where the files can't be opened or stop being readable.
    """
    kind = layout.IRBIS64 if source.format is Format.IRBIS64 else layout.IRBIS32
    try:
        with source.path.open("rb") as mst, cross_reference(source.path).open("rb") as xrf:
            base = _Base(mst, os.fstat(mst.fileno()).st_size, kind, source.encoding)
            for slot in kind.slots(xrf):
                if slot.status & (layout.PHYSICALLY_DELETED | layout.ABSENT):
                    continue
                record = base.record(slot)
                if record is not None:
                    yield record
    except OSError as error:
        raise UnreadableSource(
            N_("{path} can't be read: {reason}."), path=str(source.path), reason=error.strerror or str(error)
        ) from error


def write(mst: Path, records: Iterable[StoredRecord]) -> None:
    """Write an IRBIS64 base: this MST file and the XRF file beside it; files of these names are overwritten.

    The records come by rising MFN (`ValueError` if not); a gap stays an empty slot. `NotExpressible` where a tag is no
    number. The bytes are laid out as IRBIS does it in a base that was never reorganised, without the space that it
    reserves at the end of both files.
    """
    slots = bytearray()
    end = layout.CONTROL64.size
    with mst.open("wb") as stream:
        stream.write(bytes(end))
        for record in records:
            if record.mfn * layout.SLOT64.size <= len(slots):
                raise ValueError(f"MFN {record.mfn} comes after MFN {len(slots) // layout.SLOT64.size}")
            previous = 0
            history = (*record.earlier, record.marc)
            for number, marc in enumerate(history, start=1):
                last = number == len(history)
                status = (
                    layout.LAST_VERSION | (layout.DELETED if record.deleted else 0) if last else layout.NOT_ACTUALISED
                )
                raw = layout.version64(record.mfn, previous, number, status, _texts(marc))
                stream.write(raw)
                previous, end = end, end + len(raw)
            slots += bytes((record.mfn - 1) * layout.SLOT64.size - len(slots))
            slots += layout.slot64(previous, layout.DELETED if record.deleted else 0)
        stream.seek(0)
        stream.write(layout.control64(len(slots) // layout.SLOT64.size + 1, end))
    mst.with_suffix(".XRF" if mst.suffix.isupper() else ".xrf").write_bytes(slots)


def _texts(marc: MarcRecord) -> list[tuple[int, bytes]]:
    return [(tag_of(record_field, TAGS), text_of(record_field).encode()) for record_field in marc.fields]


def _is_irbis32(control: bytes, first_slots: bytes, xrf_size: int) -> bool:
    if len(control) < layout.CONTROL32.size or len(first_slots) < layout.BLOCK or xrf_size % layout.BLOCK:
        return False
    first_mfn, next_mfn, _, _, _ = layout.CONTROL32.unpack_from(control)
    capacity = xrf_size // layout.BLOCK * 127
    return (
        first_mfn == 0
        and 0 < next_mfn <= capacity + 1
        and abs(int.from_bytes(first_slots[:4], "little", signed=True)) == 1
    )


def _refuse_if_cut_off(path: Path, size: int, free_end: int) -> None:
    if free_end > size:
        raise UnreadableSource(
            N_("{path} is cut off: it has {found} bytes of {expected}. Copy the base again."),
            path=str(path),
            found=size,
            expected=free_end,
        )


@dataclass(frozen=True, slots=True)
class _Base:
    """An open master file."""

    mst: BinaryIO
    size: int
    kind: Layout
    encoding: str

    def record(self, slot: Slot) -> ReadRecord | RejectedRecord | None:
        """What stands in this slot; nothing where its record is physically deleted."""
        try:
            current = self._version(slot.mfn, slot.offset)
        except _DamagedRecord as damage:
            return RejectedRecord(
                number=slot.mfn, offset=slot.offset, reason=damage.reason, raw=self._bytes_from(slot.offset)
            )
        status = slot.status | current.head.status
        if status & layout.PHYSICALLY_DELETED:
            return None
        earlier, doubts = self._earlier(slot, current.head)
        locked = (Message.of(N_("The record was locked: somebody was editing it.")),) if status & layout.LOCKED else ()
        return ReadRecord(
            number=slot.mfn,
            offset=slot.offset,
            key=str(slot.mfn),
            marc=current.marc,
            deleted=bool(status & layout.DELETED),
            earlier=earlier,
            warnings=current.warnings + locked + doubts,
        )

    def _earlier(self, slot: Slot, head: Head) -> tuple[tuple[MarcRecord, ...], tuple[Message, ...]]:
        versions: list[MarcRecord] = []
        seen = {slot.offset}
        history = 0
        while head.previous:
            offset = head.previous
            if offset in seen:
                return tuple(reversed(versions)), (Message.of(N_("The chain of earlier versions runs in a circle.")),)
            seen.add(offset)
            try:
                version = self._version(slot.mfn, offset)
            except _DamagedRecord as damage:
                doubt = Message.of(N_("An earlier version can't be read: {reason}"), reason=str(damage.reason))
                return tuple(reversed(versions)), (doubt,)
            head = version.head
            history += head.length
            if len(versions) == MOST_VERSIONS or history > _LONGEST_HISTORY:
                doubt = Message.of(N_("Only the last {count} earlier versions were read."), count=len(versions))
                return tuple(reversed(versions)), (doubt,)
            versions.append(version.marc)
        return tuple(reversed(versions)), ()

    def _version(self, mfn: int, offset: int) -> _Version:
        head, raw = self._checked(mfn, offset)
        fields: list[DataField] = []
        warnings: list[Message] = []
        directory = raw[self.kind.head_size : self.kind.head_size + head.fields * self.kind.entry.size]
        text_length = head.length - head.base
        left = text_length
        for tag, position, length in self.kind.entry.iter_unpack(directory):
            left -= length
            # Fields may lie in any order but not over one another: the sum bounds what a false directory can cost.
            if position + length > text_length or left < 0:
                raise _DamagedRecord(Message.of(N_("Field {tag} reaches beyond the end of the record."), tag=tag))
            start = head.base + position
            try:
                text = decoded(tag, raw[start : start + length], self.encoding, warnings)
            except UnicodeDecodeError as error:
                raise _DamagedRecord(
                    Message.of(
                        N_("Field {tag} holds bytes that are no letters in {encoding}."),
                        tag=tag,
                        encoding=self.encoding,
                    )
                ) from error
            fields.append(field(tag, cleaned(tag, text, warnings)))
        return _Version(head, MarcRecord(LEADER, tuple(fields)), tuple(warnings))

    def _checked(self, mfn: int, offset: int) -> tuple[Head, bytes]:
        """The leader and all bytes of the record at this place, after every check that its numbers allow."""
        head_size = self.kind.head_size
        if offset < self.kind.first_record or offset + head_size > self.size:
            raise _DamagedRecord(Message.of(N_("Its place, byte {offset}, lies outside the base."), offset=offset))
        self.mst.seek(offset)
        start = self.mst.read(head_size)
        if len(start) < head_size:
            raise _DamagedRecord(Message.of(N_("The base ended before byte {offset}."), offset=offset + head_size))
        head = self.kind.head(start)
        if head.mfn != mfn:
            raise _DamagedRecord(
                Message.of(N_("At byte {offset} stands the record {found}."), offset=offset, found=head.mfn)
            )
        end_of_directory = head_size + head.fields * self.kind.entry.size
        if head.fields < 0 or not end_of_directory <= head.base <= head.length:
            raise _DamagedRecord(
                Message.of(
                    N_("Its numbers contradict one another: length {length}, text at {base}, {fields} fields."),
                    length=head.length,
                    base=head.base,
                    fields=head.fields,
                )
            )
        if head.length > LONGEST_RECORD:
            raise _DamagedRecord(Message.of(N_("It is said to have {length} bytes, too many."), length=head.length))
        if offset + head.length > self.size:
            raise _DamagedRecord(
                Message.of(
                    N_("It reaches {bytes} bytes beyond the end of the base."), bytes=offset + head.length - self.size
                )
            )
        raw = start + self.mst.read(head.length - head_size)
        if len(raw) < head.length:
            raise _DamagedRecord(Message.of(N_("The base ended before byte {offset}."), offset=offset + head.length))
        return head, raw

    def _bytes_from(self, offset: int) -> bytes:
        """The bytes of a record that can't be read: as long as it says it is, if it can be as long as that."""
        if offset >= self.size:
            return b""
        self.mst.seek(offset)
        start = self.mst.read(self.kind.head_size)
        length = self.kind.head(start).length if len(start) == self.kind.head_size else 0
        if not self.kind.head_size <= length <= LONGEST_RECORD:
            length = _RAW_OF_A_BROKEN_RECORD
        return start + self.mst.read(max(length - len(start), 0))
