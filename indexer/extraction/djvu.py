"""DjVu: the hidden text that Debian's djvutxt gives, and the contents that djvused gives, in processes with limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from indexer.extraction import in_child, sandbox, telling
from indexer.extraction.model import IN_PARTS, Outcome, Unreadable, damaged, program_missing
from indexer.extraction.sandbox import Done, Limits, Missing
from indexer.extraction.telling import Message, Told

_PACKAGE = "djvulibre-bin"
# Both open what they are given by name; by this one, pages that lie beside the document are out of their sight.
_INPUT = "/dev/stdin"
_HEAD = 64
_DIRECTORY = re.compile(rb"AT&TFORM....DJVMDIRM....(.)", re.DOTALL)
_BUNDLED = 0x80
# For each page `()`, or its size and its text between quotes, or that it can't be read.
_PAGE = re.compile(rb'(?:(failed)|\((?:page(?: +-?\d+){4}\s+"((?:[^"\\]++|\\.)*+)"\s*)?\))\s*', re.DOTALL)
_TOKEN = re.compile(rb'"((?:[^"\\]++|\\.)*+)"|([()])', re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(.))", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"f": b"\f", b"v": b"\v", b"a": b"\a", b"b": b"\b"}
_PAGE_NUMBER = re.compile(r"#(\d{1,9})")
_TITLE_AND_TARGET = 2


def read(path: Path, limits: Limits) -> Outcome:
    """The text of a DjVu document in one file."""
    with path.open("rb") as file:
        directory = _DIRECTORY.match(file.read(_HEAD))
    if directory and not directory[1][0] & _BUNDLED:
        return Unreadable(reason=IN_PARTS)
    counted = sandbox.run(["djvused", "-n", "-e", "n", _INPUT], limits, source=path)
    if isinstance(counted, Missing):
        return Unreadable(reason=program_missing(counted.program, _PACKAGE))
    if not isinstance(counted, Done) or not counted.output.strip().isdigit():
        return Unreadable(reason=in_child.failure_of(counted, program="djvused") or damaged("djvused"))
    told = Told()
    told.take([telling.head(int(counted.output), "DjVu")])
    text = sandbox.run(["djvutxt", "--detail=page", f"--page=1-{limits.pages}", _INPUT], limits, source=path)
    if isinstance(text, Missing):
        return Unreadable(reason=program_missing(text.program, _PACKAGE))
    told.take(_pages(text.output))
    contents = sandbox.run(["djvused", "-n", "-u", "-e", "print-outline", _INPUT], limits, source=path)
    if isinstance(contents, Done):
        told.take([telling.outline(_lines(contents.output))])
    return told.outcome("djvutxt", in_child.failure_of(text, program="djvutxt"))


def _pages(output: bytes) -> Iterator[Message]:
    """What `djvutxt --detail=page` said, as messages; a last page that was cut off is left out."""
    place = 0
    while found := _PAGE.match(output, place):
        yield telling.failed_page() if found[1] else telling.page(_text(found[2] or b""))
        place = found.end()


def _lines(output: bytes) -> Iterator[tuple[str, int, int]]:
    """The lines of `print-outline`: `(bookmarks ("Title" "#12" ("A deeper one" "#13")))`; those to a page by number."""
    level = -1
    strings: list[str] = []
    for found in _TOKEN.finditer(output):
        if found[2] == b"(":
            level += 1
            strings = []
        elif found[2] == b")":
            level -= 1
        else:
            strings.append(_text(found[1]))
            if len(strings) == _TITLE_AND_TARGET and (number := _PAGE_NUMBER.fullmatch(strings[1])):
                yield strings[0], int(number[1]), level - 1


def _text(quoted: bytes) -> str:
    return _ESCAPE.sub(_unescaped, quoted).decode("utf-8", "replace")


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes([int(found[1], 8) & 0xFF])
    return _ESCAPED.get(found[2], found[2])
