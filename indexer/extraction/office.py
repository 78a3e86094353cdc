"""DOCX: the text of a document of Word, by the pages Word last made of it, else in pieces (ISO/IEC 29500-1)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import BinaryIO

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree

from indexer.extraction import archive, telling
from indexer.extraction.archive import Archive
from indexer.extraction.cleaning import PIECE, in_pages
from indexer.extraction.model import LOCKED
from indexer.extraction.telling import Message

# A document locked with a password is not an archive but a compound file of older Word, with the archive sealed in it.
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"
_MARKUP = (".xml", ".rels")
_LONGEST_PAGE = 4 * PIECE
_DEEPEST_STYLE = 20
_BODY_LEVEL = 9  # w:outlineLvl 9 is text that is no heading (17.3.1.20)
_OFF = frozenset({"0", "false", "off"})
# What was moved away, and the second telling of what older Words can't show.
_NOT_READ = frozenset(
    {qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback", qn("w:pPr")}
)
_SIGNS = {
    qn("w:tab"): " ",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    qn("w:softHyphen"): "\u00ad",
    qn("w:tc"): " ",
    qn("w:tr"): "\n",
}
_PARAGRAPH, _TEXT, _BREAK, _ROW = qn("w:p"), qn("w:t"), qn("w:br"), qn("w:tr")
_RENDERED_BREAK, _NOTE = qn("w:lastRenderedPageBreak"), qn("w:footnoteReference")


def tell(stream: BinaryIO, *, most: int) -> Iterator[Message]:
    """Tell a document (in a child process): at most so many pages, and its headings."""
    if stream.read(len(_COMPOUND_FILE)) == _COMPOUND_FILE:
        return iter([telling.trouble(LOCKED.code)])
    return archive.guarded(_told(stream, most))


def _told(stream: BinaryIO, most: int) -> Iterator[Message]:
    document = Document(_without_pictures(Archive(stream)))
    pages = _Pages(_levels(document), _notes(document))
    pages.take(document.element.body)
    yield telling.head(len(pages.texts), "DOCX")
    yield telling.outline(pages.headings)
    for text in pages.texts[:most]:
        yield telling.page(text)


def _without_pictures(parts: Archive) -> BinaryIO:
    """The document with all that isn't markup emptied, as python-docx would keep it in memory."""
    slim = BytesIO()
    with zipfile.ZipFile(slim, "w") as file:
        for name in parts.names():
            data = parts.part(name) if name.lower().endswith(_MARKUP) else b""
            archive.refuse_declarations(data)
            file.writestr(name, data)
    slim.seek(0)
    return slim


def _levels(document: WordDocument) -> Mapping[str, int]:
    """The level of a heading, from 0, by the id of the style that makes it one."""
    styles = {style.get(qn("w:styleId"), ""): style for style in document.styles.element.iter(qn("w:style"))}
    levels = ((name, _level_of(name, styles)) for name in styles)
    return {name: level for name, level in levels if level is not None}


def _level_of(name: str, styles: Mapping[str, etree._Element]) -> int | None:
    """The level of a style, its own or that of the nearest one it is based on that has one."""
    for _ in range(_DEEPEST_STYLE):
        if name not in styles:
            break
        level = styles[name].find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if level is not None:
            return _heading_level(level)
        based_on = styles[name].find(qn("w:basedOn"))
        name = based_on.get(qn("w:val"), "") if based_on is not None else ""
    return None


def _heading_level(element: etree._Element) -> int | None:
    value = element.get(qn("w:val"), "")
    return int(value) if value.isdecimal() and int(value) < _BODY_LEVEL else None


def _notes(document: WordDocument) -> Mapping[str, str]:
    """The texts of the footnotes by their ids."""
    parts = [
        link.target_part
        for link in document.part.rels.values()
        if link.reltype == RELATIONSHIP_TYPE.FOOTNOTES and not link.is_external
    ]
    return {
        note.get(qn("w:id"), ""): "".join(text.text or "" for text in note.iter(_TEXT))
        for part in parts
        for note in archive.parsed(part.blob, "footnotes").iter(qn("w:footnote"))
    }


class _Pages:
    """The pages of a document as they come about: `texts`, and `headings` with the page (from 1) each stands on."""

    def __init__(self, levels: Mapping[str, int], notes: Mapping[str, str]) -> None:
        self.texts: list[str] = []
        self.headings: list[tuple[str, int, int]] = []
        self._levels = levels
        self._notes = notes
        self._rendered = False
        self._page: list[str] = []
        self._length = 0
        self._noted: list[str] = []
        # A break that was asked for, and nothing since: Word marks where it fell by another one.
        self._just_broken = False
        self._broken_row: etree._Element | None = None
        self._heading: tuple[str, int] | None = None

    def take(self, body: etree._Element) -> None:
        """Take in a whole document."""
        self._rendered = next(body.iter(_RENDERED_BREAK), None) is not None
        waiting = [body]
        while waiting:
            element = waiting.pop()
            if element.tag in _NOT_READ:
                continue
            self._see(element)
            waiting.extend(reversed(element))
        self._turn()

    def _see(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == _TEXT:
            self._say(element.text or "")
        elif tag == _PARAGRAPH:
            self._begin_paragraph(element)
        elif tag == _BREAK and element.get(qn("w:type")) == "page":
            self._turn_as_asked()
        elif tag == _BREAK:
            self._page.append("\n")
        elif tag == _RENDERED_BREAK:
            self._turn_as_rendered(element)
        elif tag == _NOTE:
            self._noted.append(self._notes.get(element.get(qn("w:id"), ""), ""))
        elif tag in _SIGNS:
            self._page.append(_SIGNS[tag])

    def _say(self, text: str) -> None:
        if text and self._heading:
            title, level = self._heading
            self.headings.append((title, len(self.texts) + 1, level))
            self._heading = None
        self._page.append(text)
        self._length += len(text)
        self._just_broken = self._just_broken and not text.strip()

    def _begin_paragraph(self, paragraph: etree._Element) -> None:
        if not self._rendered and self._length >= PIECE:
            self._turn()
        self._page.append("\n\n")
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return
        before = properties.find(qn("w:pageBreakBefore"))
        if before is not None and before.get(qn("w:val"), "") not in _OFF and self._length:
            self._turn_as_asked()
        own, style = properties.find(qn("w:outlineLvl")), properties.find(qn("w:pStyle"))
        level = _heading_level(own) if own is not None else None
        if own is None and style is not None:
            level = self._levels.get(style.get(qn("w:val"), ""))
        if level is not None:
            self._heading = ("".join(text.text or "" for text in paragraph.iter(_TEXT)), level)

    def _turn_as_asked(self) -> None:
        self._turn()
        self._just_broken = True

    def _turn_as_rendered(self, mark: etree._Element) -> None:
        row = next(mark.iterancestors(_ROW), None)
        # In a row of a table that goes over two pages, every cell has a mark.
        again = row is not None and row is self._broken_row
        self._broken_row = row
        if not self._just_broken and not again:
            self._turn()
        self._just_broken = False

    def _turn(self) -> None:
        text = "".join([*self._page, *(f"\n\n{note}" for note in self._noted)])
        self.texts.extend(in_pages([text], _LONGEST_PAGE))
        self._page, self._length, self._noted = [], 0, []
