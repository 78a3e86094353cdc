"""ZIP archives from strangers: looked at by their structure before a byte is unpacked, and unpacked by count.

The rules refuse bombs (overlapping members, false sizes, ratios), names that lead elsewhere, links, encryption and rare
methods. A member is only ever written under a name of ours.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from library.domain.errors import N_, UnreadableSource
from library.marc.reading import SUFFIXES

SIGNATURE = b"PK\x03\x04"
MOST_MEMBERS = 5_000
# Cross-references of IRBIS are mostly zeros: small ones may be packed as well as they can.
LARGEST_RATIO = 200
RATIO_COUNTS_FROM = 10 << 20
MASTER_FILE, CROSS_REFERENCE = ".mst", ".xrf"
_ENCRYPTED = 0x41
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_BLOCK = 1 << 20
_DRIVE_COLON = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member to unpack, and the name that it gets."""

    info: zipfile.ZipInfo
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What is worth unpacking: one file of records, or both files of one base; `stem` is its name in the archive."""

    members: tuple[Member, ...]
    main: str
    stem: str


def is_zip(path: Path) -> bool:
    """Whether the file begins as an archive does."""
    with path.open("rb") as stream:
        return stream.read(len(SIGNATURE)) == SIGNATURE


def look(path: Path, limit: int) -> Contents:
    """What the archive has for us; `UnreadableSource` where its structure is not that of an honest one.

    `limit` is how many bytes the wanted members may have when they are unpacked.
    """
    try:
        with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            _refuse_structure(stream, members)
    except (zipfile.BadZipFile, struct.error, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableSource(N_("The archive is broken: {reason}."), reason=str(error)) from error
    contents = _wanted(members)
    size = sum(member.info.file_size for member in contents.members)
    packed = sum(member.info.compress_size for member in contents.members)
    if size > limit:
        raise UnreadableSource(
            N_("The files in the archive have {size} megabytes; {limit} are the limit."),
            size=size >> 20,
            limit=limit >> 20,
        )
    if size > RATIO_COUNTS_FROM and size > LARGEST_RATIO * packed:
        raise UnreadableSource(N_("The archive is packed more tightly than any honest one."))
    return contents


def unpack(path: Path, contents: Contents, directory: Path) -> Generator[float, None, None]:
    """Write the wanted members into the directory; gives the share that is done.

    `UnreadableSource` where a member is not what the archive says of it.
    """
    total = max(1, sum(member.info.file_size for member in contents.members))
    done = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in contents.members:
                with archive.open(member.info) as packed, (directory / member.name).open("wb") as stream:
                    size = 0
                    while block := packed.read(_BLOCK):
                        size += len(block)
                        if size > member.info.file_size:
                            raise _other_size()
                        stream.write(block)
                        yield (done + size) / total
                    if size < member.info.file_size:
                        raise _other_size()
                    done += size
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise UnreadableSource(N_("The archive is broken: {reason}."), reason=str(error)) from error


def _refuse_structure(stream: BinaryIO, members: Sequence[zipfile.ZipInfo]) -> None:
    if not 0 < len(members) <= MOST_MEMBERS:
        raise UnreadableSource(N_("The archive has no files, or more than {most}."), most=MOST_MEMBERS)
    if len({member.filename.casefold() for member in members}) < len(members):
        raise UnreadableSource(N_("Two files in the archive have the same name."))
    for member in members:
        _refuse_name(member.orig_filename)
        if member.flag_bits & _ENCRYPTED:
            raise UnreadableSource(N_("The archive is encrypted. Pack it without a password."))
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableSource(N_("The archive is packed in an unusual way. Pack it as an ordinary ZIP."))
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise UnreadableSource(N_("The archive has a link or a device in it."))
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end or (end == 0 and member.header_offset != 0):
            raise UnreadableSource(N_("Files in the archive lie upon each other, or something stands before them."))
        stream.seek(member.header_offset)
        signature, name_length, extra_length = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
        if signature != SIGNATURE:
            raise UnreadableSource(N_("The archive is broken: a file in it does not begin as it should."))
        end = member.header_offset + _LOCAL_HEADER.size + name_length + extra_length + member.compress_size


def _refuse_name(name: str) -> None:
    path = PurePosixPath(name)
    if (
        not name
        or name.startswith("/")
        or "\\" in name
        or name[_DRIVE_COLON : _DRIVE_COLON + 1] == ":"
        or ".." in path.parts
        or any(not character.isprintable() for character in name)
    ):
        raise UnreadableSource(N_("A file in the archive has a name that leads elsewhere."))


def _wanted(members: Sequence[zipfile.ZipInfo]) -> Contents:
    files = [member for member in members if not member.is_dir()]
    masters = [member for member in files if _suffix(member) == MASTER_FILE]
    if not masters:
        records = [member for member in files if _suffix(member) in SUFFIXES]
        if len(records) != 1:
            raise UnreadableSource(
                N_("The archive must have one file of records in it, or one IRBIS base (MST and XRF).")
            )
        stem = PurePosixPath(records[0].filename).stem
        return Contents(members=(Member(info=records[0], name="records.dat"),), main="records.dat", stem=stem)
    if len(masters) > 1:
        raise UnreadableSource(
            N_("The archive has {count} IRBIS bases in it. Pack each by itself."), count=len(masters)
        )
    wanted = str(PurePosixPath(masters[0].filename).with_suffix(CROSS_REFERENCE)).casefold()
    for member in files:
        if member.filename.casefold() == wanted:
            return Contents(
                members=(Member(info=masters[0], name="base.mst"), Member(info=member, name="base.xrf")),
                main="base.mst",
                stem=PurePosixPath(masters[0].filename).stem.upper(),
            )
    raise UnreadableSource(N_("The archive has the MST file of a base without its XRF file. Pack both."))


def _other_size() -> UnreadableSource:
    return UnreadableSource(N_("A file in the archive has another size than the archive says."))


def _suffix(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).suffix.lower()
