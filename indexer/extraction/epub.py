"""EPUB: the documents of the spine in their order, each a page, very long ones in pieces (EPUB 3.3, and EPUB 2)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from html import escape
from html.entities import html5
from itertools import islice
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from lxml import etree

from indexer.extraction import archive, telling
from indexer.extraction.archive import Archive, Damaged
from indexer.extraction.cleaning import PIECE, in_pages
from indexer.extraction.telling import Message

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
# Fonts are scrambled by these, nothing else is (EPUB 3.3, 4.2.6.3.2, and Adobe's older way).
_FONT_SCRAMBLING = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_CHAPTER = 4 * PIECE
_MOST_DOCUMENTS = 5_000
_NOT_SHOWN = frozenset({"head", "script", "style", "template", "noscript", "svg", "math", "rp", "rt"})
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "q", "rb", "rtc", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
# What follows these; all else that is not inline is a block with an empty line before and after.
_AFTER = {"br": "\n", "hr": "\n", "li": "\n", "tr": "\n", "dt": "\n", "dd": "\n", "td": " ", "th": " "}
_BLANKS = re.compile(r"\s+")
_EMPTY_LINES = re.compile(r"(?: ?\n){3,}")
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
# Named characters of HTML mean nothing to XML without a DTD; its own five stay.
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


def tell(stream: BinaryIO, *, most: int) -> Iterator[Message]:
    """Tell a book (in a child process): at most so many pages, and its contents."""
    return archive.guarded(_told(stream, most))


def _told(stream: BinaryIO, most: int) -> Iterator[Message]:
    book = Archive(stream)
    if _ENCRYPTION in book.names():
        methods = book.tree(_ENCRYPTION).iter("{*}EncryptionMethod")
        if any(method.get("Algorithm") not in _FONT_SCRAMBLING for method in methods):
            raise archive.Locked
    root = next((node.get("full-path", "") for node in book.tree(_CONTAINER).iter("{*}rootfile")), "")
    if not root:
        raise Damaged(_CONTAINER)
    package = book.tree(root)
    items = {node.get("id", ""): node for node in package.iter("{*}item")}
    spine = [items.get(node.get("idref", "")) for node in islice(package.iter("{*}itemref"), _MOST_DOCUMENTS)]
    first_pages: dict[str, int] = {}
    count = 0
    for item in spine:
        place = _place(root, item.get("href", "")) if item is not None else ""
        first_pages.setdefault(place, count + 1)
        text = _text_of(book, place)
        if text is None:
            count += 1
            if count <= most:
                yield telling.failed_page()
            continue
        for page in in_pages([text], _CHAPTER):
            count += 1
            if count <= most:
                yield telling.page(page)
    version = package.get("version", "")[:8]
    yield telling.head(count, f"EPUB {version}".strip())
    yield telling.outline(
        (title, first_pages[place], level)
        for title, place, level in _contents(book, root, items, package)
        if place in first_pages
    )


def _place(beside: str, reference: str) -> str:
    """The part that is meant by a reference in the part `beside`; "" for one outside of the book."""
    try:
        address = urlsplit(reference)
    except ValueError:
        return ""
    if address.scheme or address.netloc or not address.path or address.path.startswith("/"):
        return ""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(beside), unquote(address.path)))
    return "" if place.startswith("..") else place


def _text_of(book: Archive, place: str) -> str | None:
    """The text of a document, or None where it is missing or broken beyond reading."""
    try:
        return _shown(_document(book.part(place), place))
    except Damaged:
        return None


def _document(data: bytes, name: str) -> etree._Element:
    """A document of XHTML, as its root; where it isn't XML as it should be, HTML is made of it as browsers do.

    A plain document type is what the standard asks for; one with declarations raises `Unsafe`.
    """
    declared = _ENCODING.search(data[:300].replace(b"\0", b""))
    text = _decoded(data, declared[1].decode() if declared else "utf-8")
    text = _NAMED.sub(_character, _DECLARATION.sub("", text.lstrip("\ufeff")))
    utf8 = text.encode("utf-8", "replace")
    try:
        return archive.parsed(utf8, name, may_name_type=True)
    except Damaged:
        parser = etree.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
        try:
            root = etree.fromstring(utf8, parser)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
            raise Damaged(name) from error
        if root is None:
            raise Damaged(name) from None
        return root


def _decoded(data: bytes, encoding: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        return data.decode(encoding, "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _character(found: re.Match[str]) -> str:
    meant = html5.get(found[1] + ";")
    return found[0] if found[1] in _XML_NAMES or meant is None else escape(meant)


def _name(element: etree._Element) -> str:
    """The local name of an element, "" for comments and the like."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _shown(root: etree._Element) -> str:
    """What a reader sees of a document, with lines where blocks begin and end."""
    said: list[str] = []
    waiting: list[etree._Element | str] = [root]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            said.append(item)
            continue
        name = _name(item)
        waiting.append(_BLANKS.sub(" ", item.tail or ""))
        if name and name not in _NOT_SHOWN:
            block = name not in _INLINE and name not in _AFTER
            waiting.append("\n\n" if block else _AFTER.get(name, ""))
            waiting.extend(reversed(item))
            waiting.append((item.text or "") if name == "pre" else _BLANKS.sub(" ", item.text or ""))
            waiting.append("\n\n" if block else "")
    return _EMPTY_LINES.sub("\n\n", "".join(said)).strip()


def _contents(
    book: Archive, root: str, items: Mapping[str, etree._Element], package: etree._Element
) -> Iterator[tuple[str, str, int]]:
    """Titles, the parts they lead to, and levels: by the navigation document, or of EPUB 2 by its NCX."""
    try:
        for item in items.values():
            if "nav" in item.get("properties", "").split():
                place = _place(root, item.get("href", ""))
                yield from _navigation(_document(book.part(place), place), place)
                return
        spine = package.find("{*}spine")
        item = items.get(spine.get("toc", "")) if spine is not None else None
        if item is not None:
            place = _place(root, item.get("href", ""))
            yield from _ncx(book.tree(place, may_name_type=True), place)
    except Damaged:
        # The book is there without it.
        return


def _navigation(document: etree._Element, place: str) -> Iterator[tuple[str, str, int]]:
    for nav in document.iter("{*}nav"):
        if "toc" in nav.get(_EPUB_TYPE, "").split():
            for link in nav.iter("{*}a"):
                level = sum(_name(above) == "ol" for above in link.iterancestors()) - 1
                yield "".join(link.itertext()), _place(place, link.get("href", "")), max(level, 0)
            return


def _ncx(document: etree._Element, place: str) -> Iterator[tuple[str, str, int]]:
    for point in document.iter("{*}navPoint"):
        target = point.find("{*}content")
        level = sum(_name(above) == "navpoint" for above in point.iterancestors())
        title = point.findtext("{*}navLabel/{*}text", "")
        if target is not None:
            yield title, _place(place, target.get("src", "")), level
