"""A damaged page cut into its records, so that a single bad one does not cost the others.

Cutting is by what stands between the beginnings of two records of the protocol (a record whose first element is a
header, so that a record of MARCXML is none). Only a page that has its end is cut up: what comes after the last record
must close list and document. Each piece is then put between the page's own beginning and end, and is a page by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from harvest.model import Verb
from harvest.xml_reader import without_controls

# A page that is beyond these bounds stays damaged. They bound what is parsed: pieces times beginning and end.
_MOST_PIECES = 5000
_LONGEST_BEGINNING = 1 << 14
_LONGEST_END = 1 << 14

_BEGINNINGS = {
    Verb.LIST_RECORDS: re.compile(rb"<((?:[A-Za-z_][\w.-]{0,40}:)?)record(?:\s[^<>]*)?>\s*<\1header[\s/>]"),
    Verb.LIST_IDENTIFIERS: re.compile(rb"<((?:[A-Za-z_][\w.-]{0,40}:)?)header(?:\s[^<>]*)?>\s*<\1identifier[\s/>]"),
}
_END = rb"""
    (?: <%(p)sresumptionToken (?:\s[^<>]*)? (?: /> | > [^<]* </%(p)sresumptionToken\s*> ) \s* )?
    </%(p)s%(list)s\s*> \s* </%(p)sOAI-PMH\s*> \s* (?: <!--[^<>]*--> \s* )? \Z
"""
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
# Not characters of XML either, as they look in UTF-8: U+FFFE, U+FFFF, halves of pairs.
_NO_CHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf][\x80-\xbf]")


@dataclass(frozen=True, slots=True, kw_only=True)
class CutUp:
    """A page in pieces: what stands before the first record and after the last, and each record as it came."""

    beginning: bytes
    end: bytes
    pieces: tuple[bytes, ...]

    def page_of(self, piece: bytes = b"") -> bytes:
        """The page as if this piece were all there is in it."""
        return self.beginning + piece + self.end

    def mended(self, piece: bytes) -> bytes:
        """The piece without what are no characters in XML."""
        encoding = _ENCODING.match(self.beginning)
        piece = without_controls(piece)
        if encoding is None or encoding.group(1).lower() in (b"utf-8", b"utf8"):
            piece = _NO_CHARACTERS.sub(b"", piece)
        return piece


def cut_up(body: bytes, verb: Verb) -> CutUp | None:
    """The pieces of a damaged list, or None: it has no records, no end, or is beyond all bounds."""
    starts: list[int] = []
    prefix = None
    for found in _BEGINNINGS[verb].finditer(body):
        prefix = found.group(1) if prefix is None else prefix
        if found.group(1) == prefix:
            starts.append(found.start())
        if len(starts) > _MOST_PIECES:
            return None
    if prefix is None or starts[0] > _LONGEST_BEGINNING:
        return None
    pattern = re.compile(_END % {b"p": re.escape(prefix), b"list": verb.encode()}, re.VERBOSE)
    from_here = max(starts[-1], len(body) - _LONGEST_END)
    end = pattern.search(body, from_here)
    if end is None:
        return None
    places = [*starts, end.start()]
    return CutUp(
        beginning=without_controls(body[: starts[0]]),
        end=without_controls(body[end.start() :]),
        pieces=tuple(body[start:stop].strip() for start, stop in pairwise(places)),
    )
