"""Walks the objects of a PDF on standard input and says on standard output what is active in it.

This file is a programme of its own, started by `active_pdf` in a process with limits, for pypdf can be led into circles
and floods by a file made for it. It imports nothing of the engine. The answer is one object of JSON: `found`, a list of
names such as "/JavaScript", or `trouble`, "encrypted" or "damaged", with `detail`.

A search through the bytes would miss `/J#61vaScript` and everything in object streams, so objects are read: those of
the cross-reference table, those that stand in the file beside it (older revisions, or hidden for a viewer that repairs
the table), and those in object streams.
"""

from __future__ import annotations

import json
import logging
import re
import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from pypdf import PasswordType, PdfReader, overwrite_configuration
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    read_object,
)

# ISO 32000-2, 12.6.4: what runs, sends, or opens something else than a place in this document or an address.
_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/RichMediaExecute"}
)
_ANNOTATIONS = frozenset({"/RichMedia", "/3D"})
# 12.6.3: on what an additional action is triggered.
_TRIGGERS = frozenset({"/E", "/X", "/D", "/U", "/Fo", "/Bl", "/PO", "/PC", "/PV", "/PI", "/O", "/C"}) | frozenset(
    {"/K", "/F", "/V", "/WC", "/WS", "/DS", "/WP", "/DP"}
)
_FILES = frozenset({"/F", "/UF", "/DOS", "/Mac", "/Unix"})
# Between the two numbers and `obj` there may be blanks and, for the readers of people, comments (7.2.4).
_HEADER = re.compile(rb"(\d{1,10})[\x00\t\n\f\r ]{1,16}(\d{1,5})[\x00\t\n\f\r ]{0,16}$")
_COMMENTED_HEADER = re.compile(
    rb"(\d{1,10})(?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])+(\d{1,5})(?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])*$"
)
_PLAIN_HEADER, _LONGEST_HEADER = 48, 4096
_BLANKS = b"\x00\t\n\f\r "
_NAME = re.compile(rb"/((?:[^\x00\t\n\f\r ()<>\[\]{}/%#]|#[0-9A-Fa-f]{2})+)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_END = re.compile(rb"\bendobj\b|\bstream\b")
_LONGEST_OBJECT = 4 << 20
# What is looked for where an object can't be read, whatever it may mean there.
_WORDS = (_ACTIONS | _ANNOTATIONS) | {"/JS", "/XFA", "/AA", "/OpenAction", "/EmbeddedFile", "/EmbeddedFiles", "/EF"}
_BLOCK = 1 << 20
_MOST_IN_STREAM = 200_000
# Only object streams and cross-reference streams are unpacked; the largest honest ones have a few megabytes.
_LARGEST_UNPACKED = 32 << 20
# What pypdf raises on files made to hurt it: its own errors, and those of Python it doesn't foresee.
_UNREADABLE = (
    PyPdfError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)


class Damaged(Exception):
    """An object can't be read, so that nobody can say what is in it."""


class Walk:
    """One walk through one document; `found` is what is active in it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._reader = PdfReader(stream, strict=False)
        self.found: set[str] = set()

    @property
    def locked(self) -> bool:
        """Whether a password is needed; one that forbids only printing and the like is not."""
        if not self._reader.is_encrypted:
            return False
        try:
            return self._reader.decrypt("") == PasswordType.NOT_DECRYPTED
        except DependencyError:
            return True

    def go(self) -> None:
        """Look at every object; raises `Damaged` for an object stream that can't be unpacked."""
        self._look(self._reader.trailer)
        # From here on: what pypdf would leave out of an object with a warning, another reader may see.
        self._reader.strict = True
        read: set[int] = set()
        unreadable: set[int] = set()
        for number, generation in self._listed():
            try:
                value = self._reader.get_object(IndirectObject(number, generation, self._reader))
                self._look(value)
            except _UNREADABLE:
                unreadable.add(self._reader.xref[generation][number])
            else:
                read.add(self._reader.xref[generation][number])
            # pypdf remembers every object; a book of scans would fill the memory.
            self._reader.resolved_objects.clear()
        for start, after in list(_headers(self._stream)):
            # Entries of some tables point to the blanks before an object.
            if read.isdisjoint(range(start - 3, start + 1)):
                self._look_beside(after)
        for place in unreadable:
            self._look_at_words(place)

    def _listed(self) -> list[tuple[int, int]]:
        free = self._reader.xref_free_entry
        return [
            (number, generation)
            for generation, places in self._reader.xref.items()
            for number in places
            if not free.get(generation, {}).get(number, False)
        ]

    def _look_beside(self, after: int) -> None:
        """Look at what stands after the head of an object, if it is one."""
        self._stream.seek(after)
        while (blank := self._stream.read(1)) and blank in _BLANKS:
            after += 1
        self._stream.seek(after)
        try:
            self._look(read_object(self._stream, self._reader))
        except _UNREADABLE:
            self._look_at_words(after)
        self._reader.resolved_objects.clear()

    def _look_at_words(self, place: int) -> None:
        """What can't be read as an object is searched for names, as far as it goes; of streams those of objects."""
        self._stream.seek(place)
        text = self._stream.read(_LONGEST_OBJECT)
        end = _END.search(text)
        if "/ObjStm" in self._note_words(text[: end.start()] if end else text):
            self._stream.seek(place)
            try:
                value = read_object(self._stream, None)
                self._note_words(value.get_data() if isinstance(value, StreamObject) else b"")
            except _UNREADABLE as error:
                message = f"object stream at {place}"
                raise Damaged(message) from error

    def _note_words(self, text: bytes) -> set[str]:
        """Note the names in a text that stand for something active; gives all its names."""
        names = {"/" + _ESCAPE.sub(_unescaped, match[1]).decode("latin-1") for match in _NAME.finditer(text)}
        self.found |= names & _WORDS
        return names

    def _look(self, value: PdfObject | None) -> None:
        """Look at an object and all that is written in it; references are not followed, each object has its turn."""
        waiting: list[object] = [value]
        while waiting:
            item = waiting.pop()
            if isinstance(item, DictionaryObject):
                self._judge(item)
                waiting.extend(dict.values(item))
                if isinstance(item, StreamObject) and item.get("/Type") == "/ObjStm":
                    waiting.extend(self._packed(item))
            elif isinstance(item, ArrayObject):
                waiting.extend(list.__iter__(item))

    def _packed(self, stream: StreamObject) -> list[PdfObject | None]:
        """The objects of an object stream (7.5.7); one that can't be taken apart is searched for names."""
        data = stream.get_data()
        try:
            count, first = self._value(stream, "/N"), self._value(stream, "/First")
            if not isinstance(count, NumberObject) or not isinstance(first, NumberObject) or count > _MOST_IN_STREAM:
                raise ValueError
            places = [int(token) for token in data[:first].split()[: 2 * count]][1::2]
            file = BytesIO(data)
            found: list[PdfObject | None] = []
            for place in places:
                if first + place >= len(data):
                    raise ValueError
                file.seek(first + place)
                found.append(read_object(file, self._reader))
        except _UNREADABLE:
            self._note_words(data)
            return []
        return found

    def _judge(self, item: DictionaryObject) -> None:
        if (kind := self._name(item, "/S")) in _ACTIONS:
            self.found.add(kind)
        if (kind := self._name(item, "/Subtype")) in _ANNOTATIONS:
            self.found.add(kind)
        if (kind := self._name(item, "/Type")) == "/EmbeddedFile":
            self.found.add(kind)
        for key in ("/JavaScript", "/XFA", "/EmbeddedFiles"):
            if key in item and _is_something(self._value(item, key)):
                self.found.add(key)
        # A font or a picture may be called /JS, /AA or /EF in the list of a page's resources.
        if "/JS" in item and _is_script(self._value(item, "/JS")):
            self.found.add("/JS")
        actions = self._value(item, "/AA")
        if isinstance(actions, DictionaryObject) and any(
            isinstance(action := self._value(actions, trigger), DictionaryObject) and "/S" in action
            for trigger in _TRIGGERS
            if trigger in actions
        ):
            self.found.add("/AA")
        files = self._value(item, "/EF")
        if isinstance(files, DictionaryObject) and any(
            isinstance(dict.get(files, name), IndirectObject) for name in _FILES
        ):
            self.found.add("/EmbeddedFile")
        opening = self._value(item, "/OpenAction")
        # To open at a page is what LaTeX and Word ask of every document.
        if isinstance(opening, DictionaryObject) and self._name(opening, "/S") != "/GoTo":
            self.found.add("/OpenAction")

    def _value(self, item: DictionaryObject, key: str) -> PdfObject | None:
        value = dict.get(item, key)
        return value.get_object() if isinstance(value, IndirectObject) else value

    def _name(self, item: DictionaryObject, key: str) -> str:
        value = self._value(item, key)
        return str(value) if isinstance(value, NameObject) else ""


def _is_script(value: PdfObject | None) -> bool:
    return isinstance(value, StreamObject) or not isinstance(value, DictionaryObject)


def _is_something(value: PdfObject | None) -> bool:
    """Whether a value is more than an empty list of names."""
    if value is None or isinstance(value, NullObject):
        return False
    if isinstance(value, DictionaryObject) and not isinstance(value, StreamObject):
        return any(not isinstance(inner, ArrayObject) or len(inner) for inner in dict.values(value))
    return True


def _headers(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    """Everything that looks like the head of an object, `12 0 obj`: where it begins and where it ends."""
    stream.seek(0)
    before, position = b"", 0
    while block := stream.read(_BLOCK):
        data = before + block
        for match in re.finditer(rb"obj", data):
            # In the overlap of two blocks each is met twice.
            if match.end() <= len(before) or data.endswith(b"end", 0, match.start()):
                continue
            head = _HEADER.search(data, max(0, match.start() - _PLAIN_HEADER), match.start())
            if head is None:
                head = _COMMENTED_HEADER.search(data, max(0, match.start() - _LONGEST_HEADER), match.start())
            if head is not None:
                yield position + head.start(), position + match.end()
        before = data[-_LONGEST_HEADER - 3 :]
        position += len(data) - len(before)


def _unescaped(escape: re.Match[bytes]) -> bytes:
    return bytes.fromhex(escape[1].decode())


def report(stream: BinaryIO) -> dict[str, object]:
    """What is active in a document, or why that can't be said."""
    overwrite_configuration(zlib_maximum_output_length=_LARGEST_UNPACKED)
    try:
        walk = Walk(stream)
        if walk.locked:
            return {"trouble": "encrypted", "detail": ""}
        walk.go()
    except Damaged as error:
        return {"trouble": "damaged", "detail": str(error)}
    except _UNREADABLE as error:
        return {"trouble": "damaged", "detail": type(error).__name__}
    return {"found": sorted(walk.found)}


def main() -> None:
    """Limit this process (arguments: bytes of memory, seconds of processor time), then walk."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    with open(0, "rb", closefd=False) as stream:
        sys.stdout.write(json.dumps(report(stream)))


if __name__ == "__main__":
    main()
