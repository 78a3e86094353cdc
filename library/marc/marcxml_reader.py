"""A reader of MARCXML and MarcXchange that goes on after a broken record.

It is built on expat: that tells the byte at which each record starts, builds no tree, and lets a DOCTYPE be refused
before anything of it is read. Elements count in the namespaces of MARC21 slim and MarcXchange, or in none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from xml.parsers import expat

from library.domain.errors import N_, Message, UnreadableSource
from library.domain.marc import ControlField, DataField, Dialect, Field, MarcRecord, Subfield
from library.marc.encodings import UNPRINTABLE, without_unprintable
from library.marc.iso2709 import LARGEST_RECORD, normal_leader
from library.marc.marcxml import LEADING_TEXT, MARCXCHANGE, SLIM

_NAMESPACES = (SLIM, MARCXCHANGE, "info:lc/xmlns/marcxchange-v2", "http://www.bs.dk/standards/MARCXchange")
_ELEMENTS = ("collection", "record", "leader", "controlfield", "datafield", "subfield")
_KINDS = {name: name for name in _ELEMENTS} | {f"{space} {name}": name for space in _NAMESPACES for name in _ELEMENTS}
_LEADERS = {
    Dialect.MARC21: "00000nam a2200000   4500",
    Dialect.UNIMARC: "00000nam  2200000   450 ",
    Dialect.IRBIS: "00000nam  2200000   450 ",
}
_BLOCK = 1 << 16
_LARGEST_TOKEN = 4 << 20
_DEEPEST = 256
_KEPT_OF_REJECTED = 100_000
_LONGEST_PREAMBLE = 1 << 16
_RECORD_START = re.compile(rb"<(?:[\w.-]+:)?record[\s>]")
_MARGIN = 256  # so that a start tag cut by the end of a block is not overlooked
_ONLY_DECLARATION = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?")
# A control character is no XML; it is shown to the parser as DEL, which is, and left out with a warning afterwards.
_CONTROL_TO_DEL = bytes(0x7F if byte < ord(" ") and byte not in b"\t\n\r" else byte for byte in range(256))
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_MARC_TAG = re.compile("[0-9A-Za-z]{3}")
_ANY_NUMBER = re.compile("[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class XmlRecord:
    """One record element: where it starts, the record, the `format` it claims, and what was mended."""

    offset: int
    marc: MarcRecord
    claimed_format: str
    warnings: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class XmlFault:
    """A part of the file that is no record: where it starts, why, and its bytes (the first 100,000)."""

    offset: int
    reason: Message
    raw: bytes


@dataclass(frozen=True, slots=True)
class _Refused:
    """A record of well-formed XML that is no MARC, by the places of its start tag and its end tag."""

    start: int
    end_tag: int
    reason: Message


class _BrokenOff(Exception):
    """Raised in a handler to stop the parser."""

    def __init__(self, reason: Message) -> None:
        self.reason = reason


def read(stream: BinaryIO, dialect: Dialect) -> Iterator[XmlRecord | XmlFault]:
    """The records of a file, in bounded memory; `UnreadableSource` for a DOCTYPE.

    After a fault reading goes on at the next record element, so that one bad record costs only itself.
    """
    window = _Window(stream)
    parser = _Parser(dialect, 0)
    begun = 0  # the offset at which this parser began
    preamble: bytes | None = None  # what stands before the first record; a new parser must see it first
    while True:
        block = window.next_block()
        fault = parser.feed(block)
        if begun == 0 and parser.first_record is not None and parser.first_record <= _LONGEST_PREAMBLE:
            preamble = preamble if preamble is not None else window.between(0, parser.first_record)
        for item in parser.taken():
            if isinstance(item, _Refused):
                yield XmlFault(item.start, item.reason, window.element(item.start, item.end_tag))
            else:
                yield item
        if fault is None:
            if not block:
                return
            if preamble is not None or parser.needed_from > _LONGEST_PREAMBLE:
                window.forget(parser.needed_from)
            continue
        start = parser.needed_from
        inside = parser.record_start is not None
        raw, resumed = window.cut(start, max(start, begun) + 1 if inside else max(start, begun + 1))
        if inside or not _ONLY_DECLARATION.fullmatch(raw) or resumed is None:
            yield XmlFault(start, fault, raw)
        if resumed is None or preamble is None:
            return
        begun = resumed
        parser = _Parser(dialect, resumed - len(preamble))
        parser.feed(preamble)


class _Window:
    """The part of a stream that may still be wanted: from the start of the current record on."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held = bytearray()
        self._start = 0  # the offset of the first byte held
        self._read = 0  # the offset of the first byte not yet given out

    def next_block(self) -> bytes:
        """The bytes after those given out before; none at the end."""
        if self._read == self._start + len(self._held):
            self._held += self._stream.read(_BLOCK)
        block = bytes(self._held[self._read - self._start :][:_BLOCK])
        self._read += len(block)
        return block

    def between(self, start: int, end: int) -> bytes:
        """The bytes between two offsets, as far as they are held."""
        return bytes(self._held[max(start - self._start, 0) : max(end - self._start, 0)])

    def element(self, start: int, end_tag: int) -> bytes:
        """The (first) bytes of an element whose end tag starts at this offset."""
        close = self._held.find(b">", end_tag - self._start)
        return self.between(start, self._start + close + 1)[:_KEPT_OF_REJECTED]

    def forget(self, before: int) -> None:
        """Let go of what stands before an offset."""
        if before > self._start:
            del self._held[: before - self._start]
            self._start = before

    def cut(self, start: int, search_from: int) -> tuple[bytes, int | None]:
        """The bytes (the first of them) from `start` up to the next record element, and where that one starts.

        The next block will be what starts there; without another record element everything is passed over.
        """
        kept: bytes | None = None
        self.forget(start)
        while (found := _RECORD_START.search(self._held, max(search_from - self._start, 0))) is None:
            search_from = max(search_from, self._start + len(self._held) - _MARGIN)
            if len(self._held) > _KEPT_OF_REJECTED:
                kept = kept if kept is not None else bytes(self._held[:_KEPT_OF_REJECTED])
                self.forget(search_from)
            more = self._stream.read(_BLOCK)
            if not more:
                return kept if kept is not None else bytes(self._held), None
            self._held += more
        resumed = self._start + found.start()
        raw = kept if kept is not None else self.between(start, resumed)[:_KEPT_OF_REJECTED]
        self.forget(resumed)
        self._read = resumed
        return raw, resumed


class _Parser:
    """One run of expat, and the record that is being put together."""

    def __init__(self, dialect: Dialect, shift: int) -> None:
        self._dialect = dialect
        self._shift = shift  # what to add to expat's count of bytes
        self._fed = 0
        self._narrow: bool | None = None
        self._depth = 0
        self._items: list[XmlRecord | _Refused] = []
        self._collection_format = ""
        self.first_record: int | None = None
        self.record_start: int | None = None
        self._expat = expat.ParserCreate(namespace_separator=" ")
        self._expat.buffer_text = True
        self._expat.StartDoctypeDeclHandler = self._doctype
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._characters
        self._begin({})

    def feed(self, block: bytes) -> Message | None:
        """Parse the next bytes, or the end; what stopped the parser, if anything did."""
        if self._narrow is None:
            self._narrow = not block.startswith(_WIDE)
        self._fed += len(block)
        try:
            self._expat.Parse(block.translate(_CONTROL_TO_DEL) if self._narrow else block, not block)
        except expat.ExpatError as error:
            reason = N_("The XML is broken here: {error}.") if block else N_("The file is cut off here: {error}.")
            return Message.of(reason, error=expat.ErrorString(error.code))
        except _BrokenOff as error:
            return error.reason
        except (LookupError, ValueError) as error:  # of pyexpat, which asks Python for encodings it has not itself
            return Message.of(N_("The XML declares an encoding that can't be read: {error}."), error=str(error))
        if self._fed - self._expat.CurrentByteIndex > _LARGEST_TOKEN:
            return Message.of(N_("A tag or comment has more than {limit} bytes."), limit=_LARGEST_TOKEN)
        if self.record_start is not None and self._position - self.record_start > LARGEST_RECORD:
            return Message.of(N_("The record has more than {limit} bytes and was not read."), limit=LARGEST_RECORD)
        return None

    def taken(self) -> list[XmlRecord | _Refused]:
        """What was found since the last call."""
        items, self._items = self._items, []
        return items

    @property
    def needed_from(self) -> int:
        """The offset before which nothing is wanted any more: the start of the open record, else the parser's place."""
        return self.record_start if self.record_start is not None else self._position

    @property
    def _position(self) -> int:
        return self._shift + max(self._expat.CurrentByteIndex, 0)

    def _begin(self, attributes: dict[str, str]) -> None:
        self._format = attributes.get("format", self._collection_format)
        self._leader: str | None = None
        self._fields: list[Field] = []
        self._problem: Message | None = None
        self._warnings: list[Message] = []
        self._tag = ""
        self._indicators = ""
        self._subfields: list[Subfield] | None = None
        self._code = ""
        self._text: list[str] | None = None

    def _doctype(self, *_: object) -> None:
        raise UnreadableSource(N_("The XML has a DOCTYPE, which is refused for safety. Remove it and try again."))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _BrokenOff(Message.of(N_("The XML is nested deeper than {limit} elements."), limit=_DEEPEST))
        kind = _KINDS.get(name)
        if self.record_start is None:
            if kind == "record":
                self.record_start = self._position
                if self.first_record is None:
                    self.first_record = self.record_start
                self._begin(attributes)
            elif kind == "collection":
                self._collection_format = attributes.get("format", "")
            return
        if kind == "subfield" and self._subfields is not None:
            self._code = attributes.get("code", "")
            self._text = []
        elif kind == "datafield" and self._subfields is None and self._text is None:
            self._tag = self._valid_tag(attributes.get("tag", ""))
            self._indicators = self._indicator(attributes, "ind1") + self._indicator(attributes, "ind2")
            self._subfields = []
        elif kind in ("controlfield", "leader") and self._subfields is None and self._text is None:
            self._tag = self._valid_tag(attributes.get("tag", "")) if kind == "controlfield" else ""
            self._text = []
        elif kind is None:
            self._warn(Message.of(N_("An element {name} has no place in MARC and was left out."), name=name))
        else:
            raise _BrokenOff(Message.of(N_("The element {name} stands in the wrong place."), name=kind))

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self.record_start is None:
            return
        kind = _KINDS.get(name)
        if kind == "subfield":
            self._close_subfield()
        elif kind == "datafield":
            if self._tag.startswith("00") and self._dialect is not Dialect.IRBIS:
                self._refuse(Message.of(N_("Field {tag} is a control field and can't have subfields."), tag=self._tag))
            self._fields.append(DataField(self._tag, self._indicators, tuple(self._subfields or ())))
            self._subfields = None
        elif kind == "controlfield":
            if self._tag.isdigit() and not self._tag.startswith("00"):
                self._refuse(Message.of(N_("Field {tag} is no control field and must have subfields."), tag=self._tag))
            self._fields.append(ControlField(self._tag, self._value()))
        elif kind == "leader":
            self._leader = self._value()
        elif kind == "record":
            self._close_record()

    def _characters(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)
        elif self.record_start is not None and not data.isspace():
            self._refuse(Message.of(N_("Text stands outside of the fields (at field {tag})."), tag=self._tag))

    def _close_subfield(self) -> None:
        value = self._value()
        if self._subfields is None:
            return
        code = self._code
        if self._dialect is Dialect.IRBIS and code in ("", LEADING_TEXT):
            code = ""
        elif len(code) != 1 or UNPRINTABLE.match(code):
            self._refuse(Message.of(N_("Field {tag} has a subfield with the code “{code}”."), tag=self._tag, code=code))
        self._subfields.append(Subfield(code, value))

    def _close_record(self) -> None:
        start = self.record_start or 0
        self.record_start = None
        if not self._fields:
            self._refuse(Message.of(N_("The record has no fields.")))
        if self._problem is not None:
            self._items.append(_Refused(start, self._position, self._problem))
            return
        leader = self._leader
        if leader is None:
            leader = _LEADERS[self._dialect]
            self._warn(Message.of(N_("The record has no leader; a neutral one was given to it.")))
        marc = MarcRecord(normal_leader(leader, self._dialect, self._warnings), tuple(self._fields))
        self._items.append(XmlRecord(start, marc, self._format, tuple(self._warnings)))

    def _value(self) -> str:
        value = "".join(self._text or ())
        self._text = None
        if UNPRINTABLE.search(value):
            self._warn(Message.of(N_("Field {tag}: control characters were left out."), tag=self._tag or "LDR"))
            return without_unprintable(value)
        return value

    def _valid_tag(self, tag: str) -> str:
        if _MARC_TAG.fullmatch(tag) or (self._dialect is Dialect.IRBIS and _ANY_NUMBER.fullmatch(tag)):
            return tag
        if tag.isascii() and tag.isdigit() and len(tag) <= len("245"):
            self._warn(Message.of(N_("The tag {tag} was given zeros in front."), tag=tag))
            return tag.zfill(3)
        self._refuse(Message.of(N_("“{tag}” is no tag."), tag=tag))
        return tag

    def _indicator(self, attributes: dict[str, str], name: str) -> str:
        value = attributes.get(name, " ")
        if len(value) == 1 and not UNPRINTABLE.match(value):
            return value
        if value:
            self._refuse(Message.of(N_("Field {tag}: “{value}” is no indicator."), tag=self._tag, value=value))
        return " "

    def _warn(self, message: Message) -> None:
        if message not in self._warnings:
            self._warnings.append(message)

    def _refuse(self, reason: Message) -> None:
        self._problem = self._problem or reason
