"""The master file (MST) of an IRBIS base: one record at a time, no number of which is believed before it is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from library.domain.errors import N_, Message
from library.domain.marc import DataField, MarcRecord
from library.marc.irbis import layout
from library.marc.irbis.layout import Head, Layout, Slot
from library.marc.irbis.values import LEADER, cleaned, decoded, field
from library.marc.source import ReadRecord, RejectedRecord

LONGEST_RECORD = 10_000_000
MOST_VERSIONS = 1_000
_LONGEST_HISTORY = 40_000_000
_RAW_OF_A_BROKEN_RECORD = 65_536


class _DamagedRecord(Exception):
    """A record whose numbers or letters can't be right."""

    def __init__(self, reason: Message) -> None:
        self.reason = reason
        super().__init__(str(reason))


@dataclass(frozen=True, slots=True)
class _Version:
    """One version of a record, as it stands in the master file."""

    head: Head
    marc: MarcRecord
    warnings: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class MasterFile:
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
