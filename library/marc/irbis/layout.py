"""How the files of an IRBIS base are laid out: the cross-reference (XRF) and the records of the master file (MST).

IRBIS64: big-endian 32-bit numbers; a 64-bit offset is its low half, then its high half. IRBIS32 is CDS/ISIS:
little-endian, blocks of 512 bytes, pointers that hold block, offset in the block and two flags in one number.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

# Bits of the status of a record, the same in XRF and MST.
DELETED = 1
PHYSICALLY_DELETED = 2
ABSENT = 4
NOT_ACTUALISED = 8
LAST_VERSION = 32
LOCKED = 64

CONTROL64 = struct.Struct(">9I")
SLOT64 = struct.Struct(">IIi")
HEAD64 = struct.Struct(">8I")
ENTRY64 = struct.Struct(">3I")

CONTROL32 = struct.Struct("<iiihh")
BLOCK = 512
POINTERS = struct.Struct("<127i")
_HEAD32 = struct.Struct("<ihihhhh")
_ENTRY32 = struct.Struct("<3H")

_SLOTS_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class Slot:
    """What the cross-reference says of one MFN: the byte in the MST, and the status bits."""

    mfn: int
    offset: int
    status: int


@dataclass(frozen=True, slots=True)
class Head:
    """The leader of a record in the MST; `previous` is the byte of the version before it, 0 where there is none."""

    mfn: int
    length: int
    previous: int
    base: int
    fields: int
    status: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What a reader needs to know of one of the two kinds of base; sizes are in bytes."""

    slots: Callable[[BinaryIO], Iterator[Slot]]
    head: Callable[[bytes], Head]
    head_size: int
    entry: struct.Struct
    first_record: int


def control64(next_mfn: int, free_end: int) -> bytes:
    """The control record of an unlocked IRBIS64 base."""
    return CONTROL64.pack(0, next_mfn, free_end & 0xFFFFFFFF, free_end >> 32, 0, 0, 0, 0, 0)


def slot64(offset: int, status: int) -> bytes:
    """A slot of an IRBIS64 cross-reference."""
    return SLOT64.pack(offset & 0xFFFFFFFF, offset >> 32, status)


def version64(mfn: int, previous: int, version: int, status: int, fields: list[tuple[int, bytes]]) -> bytes:
    """One version of a record in an IRBIS64 master file; `fields` are tags and texts in UTF-8."""
    entries = []
    position = 0
    for tag, text in fields:
        entries.append(ENTRY64.pack(tag, position, len(text)))
        position += len(text)
    base = HEAD64.size + ENTRY64.size * len(fields)
    head = HEAD64.pack(mfn, base + position, previous & 0xFFFFFFFF, previous >> 32, base, len(fields), version, status)
    return b"".join([head, *entries, *(text for _, text in fields)])


def _slots64(xrf: BinaryIO) -> Iterator[Slot]:
    mfn = 0
    while chunk := xrf.read(SLOT64.size * _SLOTS_AT_ONCE):
        for low, high, status in SLOT64.iter_unpack(chunk[: len(chunk) - len(chunk) % SLOT64.size]):
            mfn += 1
            if low or high or status:
                yield Slot(mfn, high << 32 | low, status)


def _head64(raw: bytes) -> Head:
    mfn, length, low, high, base, fields, _version, status = HEAD64.unpack(raw)
    return Head(mfn, length, high << 32 | low, base, fields, status)


def _slots32(xrf: BinaryIO) -> Iterator[Slot]:
    mfn = 0
    while len(block := xrf.read(BLOCK)) == BLOCK:
        for pointer in POINTERS.unpack_from(block, 4):
            mfn += 1
            place = abs(pointer)
            if place >> 11:
                offset = ((place >> 11) - 1) * BLOCK + (place & 0x1FF)
                yield Slot(mfn, offset, DELETED if pointer < 0 else 0)


def _head32(raw: bytes) -> Head:
    mfn, length, block, position, base, fields, status = _HEAD32.unpack(raw)
    previous = (abs(block) - 1) * BLOCK + (position & 0x1FF) if block else 0
    # The length is negative while the record waits to be indexed.
    return Head(mfn, abs(length), previous, base, fields, status & DELETED)


IRBIS64 = Layout(slots=_slots64, head=_head64, head_size=HEAD64.size, entry=ENTRY64, first_record=CONTROL64.size)
IRBIS32 = Layout(slots=_slots32, head=_head32, head_size=_HEAD32.size, entry=_ENTRY32, first_record=CONTROL32.size)
