"""EPUB and DOCX are ZIP archives: their structure is judged here, before any scanner sees them.

clamd says OK to a member larger than its limit once it has looked at the beginning of it, and to one packed by a method
it doesn't know (ClamAV pull request 1832), so such members never reach it. Every member is unpacked to the end, counted
and forgotten; archives inside are judged by the same rules. What the parts say is `container_parts`' matter.
"""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import BinaryIO

from storage.errors import N_
from storage.model import Objection, Reason

_END = struct.Struct("<4s4H2LH")
_END_MARK, _LONG_END_MARK, _LOCAL_MARK = b"PK\x05\x06", b"PK\x06\x07", b"PK\x03\x04"
_LONGEST_COMMENT = 0xFFFF
_LOCAL = struct.Struct("<4s5H3L2H")
_LOCATOR_SIZE = 20
# The longest data descriptor: its mark, a checksum and two sizes of eight bytes (APPNOTE.TXT 6.3.10, 4.3.9).
_DESCRIPTOR_SIZE = 24
_DESCRIPTOR_FLAG, _ENCRYPTED_FLAGS, _UTF8_FLAG = 0x08, 0x41, 0x800
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BLOCK = 1 << 16
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
# Archives of other kinds hide what is in them from our count.
_FOREIGN = (
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\0",
    b"MSCF",
    b"!<arch>\n",
    b"\x28\xb5\x2f\xfd",
)
# A directory of 5 000 names of 800 bytes each.
_LARGEST_DIRECTORY = 4 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an archive may be: members, bytes of one and of all when unpacked, how much smaller it may be packed.

    `member` must not be above clamd's MaxFileSize. `depth` is how many archives may lie in one another.
    """

    members: int = 5_000
    member: int = 20 << 20
    total: int = 300 << 20
    ratio: int = 200
    depth: int = 2
    # Small members of blanks shrink to nothing, and harm nobody.
    ratio_from: int = 1 << 20


class Container:
    """An archive whose structure was found sound: `examine` makes it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.members: Mapping[str, int] = {
            info.filename: info.file_size for info in archive.infolist() if not info.is_dir()
        }

    @classmethod
    def examined_before(cls, file: BinaryIO) -> Container:
        """An archive whose very bytes went through `examine` once."""
        return cls(zipfile.ZipFile(file))

    def read(self, member: str) -> bytes:
        """The bytes of a member, which are no more than the limit of one; KeyError if there is none of that name."""
        return self._archive.read(member)

    def parts(self) -> Iterator[bytes]:
        """The bytes of every member, and of those of the archives inside."""
        for member in self.members:
            data = self.read(member)
            yield data
            if data.startswith(_LOCAL_MARK):
                yield from Container.examined_before(BytesIO(data)).parts()


def examine(file: BinaryIO, limits: Limits) -> Container:
    """Judge the structure of an archive and unpack it to the end; raises `Objection` for whatever is not in order."""
    _check_end(file, limits)
    try:
        archive = zipfile.ZipFile(file)
        infos = archive.infolist()
        _check_names(infos)
        for info in infos:
            _check_member(info, limits)
        if sum(info.file_size for info in infos) > limits.total:
            raise _refusal("too-much", N_("Unpacked, the file would be larger than is allowed."))
        for info, data in _places(file, archive):
            _unpack(file, info, data, limits)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        struct.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise _damaged() from error
    return Container(archive)


def _refusal(code: str, template: str, **values: str | int) -> Objection:
    return Objection(Reason.of(f"container-{code}", template, **values))


def _damaged() -> Objection:
    return _refusal("damaged", N_("The file is damaged or cut off. Save it anew and send it."))


def _hidden() -> Objection:
    return _refusal("hidden", N_("There are foreign bytes hidden between the parts of the file."))


def _check_end(file: BinaryIO, limits: Limits) -> None:
    """Judge the end record before a list of millions of members is read into memory by it."""
    size = file.seek(0, 2)
    start = max(0, size - _END.size - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise _damaged()
    _, disk, first_disk, here, members, directory_size, directory_at, comment = _END.unpack_from(tail, at)
    if at + _END.size + comment != len(tail):
        raise _refusal("trailing", N_("There are foreign bytes after the end of the file's contents."))
    if tail[max(0, at - _LOCATOR_SIZE) : at].startswith(_LONG_END_MARK) or disk or first_disk or here != members:
        raise _refusal("split", N_("The file is packed in a way that is meant for huge or split archives."))
    if not members or members > limits.members or directory_size > _LARGEST_DIRECTORY:
        raise _refusal(
            "members",
            N_("The file has {members} parts inside; 1 to {limit} are allowed."),
            members=members,
            limit=limits.members,
        )
    if directory_at + directory_size != start + at:
        raise _hidden()


def _check_names(infos: list[zipfile.ZipInfo]) -> None:
    seen = set()
    for info in infos:
        # `filename` ends at the first NUL, `orig_filename` is what stands in the file.
        name = info.orig_filename
        if (
            not name
            or "\\" in name
            or name.startswith("/")
            or _DRIVE.match(name)
            or _CONTROL.search(name)
            or ".." in name.split("/")
        ):
            raise _refusal(
                "path", N_("A part of the file would leave its place when unpacked ({member})."), member=name
            )
        key = unicodedata.normalize("NFC", name).casefold().rstrip("/")
        if key in seen:
            raise _refusal("twice", N_("Two parts of the file have the same name ({member})."), member=name)
        seen.add(key)


def _check_member(info: zipfile.ZipInfo, limits: Limits) -> None:
    name = info.orig_filename
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.flag_bits & _ENCRYPTED_FLAGS:
        raise _refusal("encrypted", N_("The file is locked with a password. Save it without one and send it."))
    if info.compress_type not in _METHODS:
        raise _refusal(
            "method", N_("A part of the file is packed by an uncommon method ({member}). Save it anew."), member=name
        )
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR} or (info.is_dir() and info.file_size):
        raise _refusal("special", N_("A part of the file is not a plain file ({member})."), member=name)
    if info.file_size > limits.member:
        raise _refusal(
            "member-size",
            N_("A part of the file is larger than {limit} megabytes ({member})."),
            limit=limits.member >> 20,
            member=name,
        )
    if info.file_size > limits.ratio_from and info.file_size > limits.ratio * info.compress_size:
        raise _bomb(name)


def _bomb(name: str) -> Objection:
    return _refusal("bomb", N_("A part of the file unpacks to suspiciously much ({member})."), member=name)


def _places(file: BinaryIO, archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, int]]:
    """Each member and the byte where its data begin, in that order.

    They lie one after another from the first byte to the list of them, with nothing between, and say of themselves what
    the list says of them.
    """
    found = []
    free, room = 0, 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        _check_gap(info.header_offset - free, room)
        file.seek(info.header_offset)
        mark, _, flags, method, _, _, crc, packed, size, name_size, extra_size = _LOCAL.unpack(file.read(_LOCAL.size))
        name = file.read(name_size).decode("utf-8" if flags & _UTF8_FLAG else "cp437")
        if (
            mark != _LOCAL_MARK
            or method != info.compress_type
            or flags & _ENCRYPTED_FLAGS
            or name != info.orig_filename
        ):
            raise _damaged()
        streamed = bool(flags & _DESCRIPTOR_FLAG)
        if not streamed and (crc, packed, size) != (info.CRC, info.compress_size, info.file_size):
            raise _damaged()
        data = info.header_offset + _LOCAL.size + name_size + extra_size
        found.append((info, data))
        free = data + info.compress_size
        # What follows a member that was written as a stream is the descriptor of its sizes.
        room = _DESCRIPTOR_SIZE if streamed else 0
    _check_gap(archive.start_dir - free, room)
    return found


def _check_gap(gap: int, room: int) -> None:
    if gap < 0:
        raise _refusal("overlap", N_("Parts of the file lie in one another."))
    if gap > room:
        raise _hidden()


def _unpack(file: BinaryIO, info: zipfile.ZipInfo, data: int, limits: Limits) -> None:
    """Unpack a member to its real end, which must be where the list says; archives in it are judged the same way."""
    count, crc = 0, 0
    inner: BytesIO | None = None
    for block in _unpacked(file, data, info):
        if not count:
            if block.startswith(_FOREIGN):
                raise _inner_archive(info)
            inner = BytesIO() if block.startswith(_LOCAL_MARK) else None
        count += len(block)
        if count > info.file_size:
            raise _bomb(info.orig_filename)
        crc = zlib.crc32(block, crc)
        if inner is not None:
            inner.write(block)
    if (count, crc) != (info.file_size, info.CRC):
        raise _damaged()
    if inner is not None:
        if limits.depth < 1:
            raise _inner_archive(info)
        examine(inner, replace(limits, depth=limits.depth - 1))


def _unpacked(file: BinaryIO, data: int, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a member in blocks. zipfile would stop at the declared size and never see what comes after."""
    file.seek(data)
    left = info.compress_size
    if info.compress_type == zipfile.ZIP_STORED:
        while left and (block := file.read(min(left, _BLOCK))):
            left -= len(block)
            yield block
        return
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    while not unpacking.eof:
        if not (packed := unpacking.unconsumed_tail):
            packed = file.read(min(left, _BLOCK))
            left -= len(packed)
        if block := unpacking.decompress(packed, _BLOCK):
            yield block
        elif not packed:
            raise _damaged()
    if left or unpacking.unused_data or unpacking.unconsumed_tail:
        raise _hidden()


def _inner_archive(info: zipfile.ZipInfo) -> Objection:
    return _refusal("archive", N_("There is an archive inside the file ({member})."), member=info.orig_filename)
