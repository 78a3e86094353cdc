"""EPUB and DOCX are ZIP archives; their parts are read here with limits, and their XML without anything from outside.

Who takes files in judges their structure as a whole before they are kept. This is for the reader in the child process,
which trusts nobody: a part that unpacks to more than it may ends the reading.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from indexer.extraction import telling
from indexer.extraction.model import LOCKED, TOO_LARGE_INSIDE, UNSAFE
from indexer.extraction.telling import Message

_LARGEST_PART, _LARGEST_ALL = 20 << 20, 100 << 20
_MOST_MEMBERS = 20_000
# UTF-16 has zeros between the letters.
_TYPE, _ENTITY = b"<!DOCTYPE", b"<!ENTITY"
_ENCRYPTED = 0x41
# What zipfile raises on damaged archives, and on those packed in ways it doesn't know.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)


class Locked(Exception):
    """A part needs a password."""


class Unsafe(Exception):
    """A part declares entities, or a document type where there is none."""


class Bomb(Exception):
    """Parts unpack to too much."""


class Damaged(Exception):
    """A part is missing or can't be unpacked or parsed; the message names it."""


class Archive:
    """The parts of a ZIP file; every method raises the errors of this module and no others."""

    def __init__(self, stream: BinaryIO) -> None:
        try:
            self._file = zipfile.ZipFile(stream)
        except _UNREADABLE as error:
            raise Damaged(f"ZIP: {error}") from error
        infos = self._file.infolist()
        if len(infos) > _MOST_MEMBERS:
            raise Bomb
        self._infos = {info.filename: info for info in infos}
        self._read = 0

    def names(self) -> list[str]:
        """The names of all parts."""
        return list(self._infos)

    def part(self, name: str) -> bytes:
        """The bytes of a part."""
        info = self._infos.get(name)
        if info is None:
            raise Damaged(name)
        if info.flag_bits & _ENCRYPTED:
            raise Locked
        try:
            with self._file.open(info) as member:
                data = member.read(_LARGEST_PART + 1)
        except _UNREADABLE as error:
            raise Damaged(name) from error
        self._read += len(data)
        if len(data) > _LARGEST_PART or self._read > _LARGEST_ALL:
            raise Bomb
        return data

    def tree(self, name: str, *, may_name_type: bool = False) -> etree._Element:
        """A part that is XML, as its root. A document type is refused, or allowed if it declares nothing itself."""
        return parsed(self.part(name), name, may_name_type=may_name_type)


def refuse_declarations(data: bytes, *, may_name_type: bool = False) -> None:
    """Raise `Unsafe` for markup that declares an entity, or, if it may not, a document type."""
    plain = data.replace(b"\0", b"")
    if _ENTITY in plain or (_TYPE in plain and not may_name_type):
        raise Unsafe


def parsed(data: bytes, name: str, *, may_name_type: bool = False) -> etree._Element:
    """The root of a document of XML; raises `Unsafe` and `Damaged`."""
    refuse_declarations(data, may_name_type=may_name_type)
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Damaged(name) from error
    # In other alphabets than those of ASCII the search above finds nothing, but the parser does.
    declared = root.getroottree().docinfo
    entities = declared.internalDTD.entities() if declared.internalDTD is not None else ()
    if entities or (declared.doctype and not may_name_type):
        raise Unsafe
    return root


def guarded(messages: Iterator[Message]) -> Iterator[Message]:
    """What is told of an archive; an error of this module becomes the trouble it has."""
    try:
        yield from messages
    except Locked:
        yield telling.trouble(LOCKED.code)
    except Unsafe:
        yield telling.trouble(UNSAFE.code)
    except Bomb:
        yield telling.trouble(TOO_LARGE_INSIDE.code)
    except Damaged as error:
        yield telling.trouble(str(error))
