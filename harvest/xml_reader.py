"""XML from strangers: no DOCTYPE, hence no entities but the five of XML; bounded in size, depth and number of nodes."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TypeAlias

from lxml import etree

from harvest.errors import N_, NotWellFormed, TooLarge, UnexpectedAnswer

Element: TypeAlias = etree._Element  # noqa: SLF001  (lxml has no other name for it)

LARGEST_PAGE = 20 << 20
DEEPEST = 256
MOST_NODES = 500_000  # elements and attributes; of one page in MARCXML there are some ten thousand
_BLOCK = 1 << 16
_REFERENCE = re.compile(rb"&#(?:([0-9]{1,9})|x([0-9a-fA-F]{1,8}));")
_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r")
# The characters of XML 1.0.
_LAWFUL = ((0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


def parse(body: bytes, *, limit: int = LARGEST_PAGE) -> Element:
    """The root element of a complete, well-formed document of at most `limit` bytes; comments are left out.

    Raises `TooLarge`; `NotWellFormed`, also for a document that is cut off; and `UnexpectedAnswer` for one that has a
    DOCTYPE or is nested deeper than 256 elements. Nothing is ever fetched and nothing repaired.
    """
    if len(body) > limit:
        raise TooLarge(N_("The XML is larger than {limit} megabytes."), limit=limit >> 20)
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    guard = _Guard()
    try:
        for start in range(0, len(body), _BLOCK):
            parser.feed(body[start : start + _BLOCK])
            guard.watch(parser)
        root = parser.close()
    except etree.XMLSyntaxError as error:
        raise NotWellFormed(
            N_("The partner's answer is not well-formed XML, or it is cut off ({reason})."), reason=error.msg
        ) from error
    guard.watch(parser)
    return root


def without_controls(body: bytes) -> bytes:
    """The document without the control characters that XML forbids, as bytes and as references (U+000B, `&#11;`).

    A single one in one record makes a whole page unreadable. UTF-16 is given back as it is.
    """
    if body.startswith(_WIDE):
        return body
    return _REFERENCE.sub(_lawful, body.translate(None, _CONTROLS))


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element | None) -> list[Element]:
    """The elements in an element; none in none."""
    return [] if element is None else list(element)


def child(element: Element | None, name: str) -> Element | None:
    """The first element of this name in an element, whatever its namespace."""
    return next((found for found in children(element) if local_name(found) == name), None)


def text_of(element: Element | None, name: str) -> str:
    """The text of the first element of this name in an element, without blanks around it; empty if there is none."""
    found = child(element, name)
    return "" if found is None else (found.text or "").strip()


def serialised(element: Element) -> bytes:
    """An element by itself in UTF-8, with the namespaces it needs and no others, and without a declaration."""
    alone = deepcopy(element)
    etree.cleanup_namespaces(alone)
    return bytes(etree.tostring(alone, encoding="utf-8", xml_declaration=False, with_tail=False))


class _Guard:
    """Counts what the parser has met so far."""

    def __init__(self) -> None:
        self._depth = 0
        self._nodes = 0

    def watch(self, parser: etree.XMLPullParser) -> None:
        """Look at what is new, and refuse what is not to be borne."""
        for event, element in parser.read_events():
            if event == "end":
                self._depth -= 1
                continue
            if self._nodes == 0 and element.getroottree().docinfo.doctype:
                raise UnexpectedAnswer(N_("The partner's answer has a DOCTYPE, which is refused for safety."))
            self._depth += 1
            self._nodes += 1 + len(element.attrib)
            if self._depth > DEEPEST:
                raise UnexpectedAnswer(
                    N_("The partner's answer is nested deeper than {limit} elements."), limit=DEEPEST
                )
            if self._nodes > MOST_NODES:
                raise TooLarge(N_("The XML has more than {limit} elements and attributes."), limit=MOST_NODES)


def _lawful(reference: re.Match[bytes]) -> bytes:
    decimal, hexadecimal = reference.groups()
    code = int(decimal) if decimal is not None else int(hexadecimal, 16)
    return reference.group() if any(first <= code <= last for first, last in _LAWFUL) else b""
