"""IRBIS64 and IRBIS32 databases, read straight from their master file (MST) and cross-reference (XRF).

The reader goes through the cross-reference and never to the end of the master file, which is longer than its content.
It reads one record at a time, so that the size of a base does not matter, and believes no number before it is checked.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from library.domain.errors import N_, UnreadableSource
from library.domain.marc import MarcRecord
from library.marc.irbis import layout
from library.marc.irbis.master_file import MasterFile
from library.marc.irbis.values import TAGS, tag_of, text_of
from library.marc.source import Format, ReadRecord, RejectedRecord, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """A record to be written into a base; `earlier` are its former versions, oldest first."""

    mfn: int
    marc: MarcRecord
    deleted: bool = False
    earlier: tuple[MarcRecord, ...] = ()


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
            master_file = MasterFile(mst, os.fstat(mst.fileno()).st_size, kind, source.encoding)
            for slot in kind.slots(xrf):
                if slot.status & (layout.PHYSICALLY_DELETED | layout.ABSENT):
                    continue
                record = master_file.record(slot)
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
            for version, marc in enumerate(record.earlier, start=1):
                raw = layout.version64(record.mfn, previous, version, layout.NOT_ACTUALISED, _texts(marc))
                stream.write(raw)
                previous, end = end, end + len(raw)
            mark = layout.DELETED if record.deleted else 0
            raw = layout.version64(
                record.mfn, previous, len(record.earlier) + 1, layout.LAST_VERSION | mark, _texts(record.marc)
            )
            stream.write(raw)
            slots += bytes((record.mfn - 1) * layout.SLOT64.size - len(slots))
            slots += layout.slot64(end, mark)
            end += len(raw)
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
