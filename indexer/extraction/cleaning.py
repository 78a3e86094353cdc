"""Text as it comes out of files, made fit to be searched and shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

# A page of the densest encyclopaedia has 15 000 characters.
LONGEST_PAGE = 200_000
# Where a text has no pages of its own, a piece of it is about a printed page.
PIECE = 3_000

_LINE_ENDS = re.compile("\r\n|[\r\v\x1c-\x1f\x85\u2028\u2029]")
# Controls, surrogates, non-characters, marks of direction and of width nothing: they hide in words and break searches.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0c\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)  # fmt: skip
_SOFT_HYPHEN = re.compile("\u00ad[ \t]*(?:\n[ \t]*)?")
_BLANKS = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_AROUND_LINE_ENDS = re.compile(" ?\n ?")
_EMPTY_LINES = re.compile("\n{3,}")
_HYPHEN_AT_END = re.compile("(?<=[^\\W\\d_])[-\u2010]\n(?=([^\\W\\d_]))")
_SIGNS = re.compile(r"[^\w\s]{31,}")
# UAX #15, Stream-Safe Text Format: nobody writes more marks on one letter, and sorting them takes time.
_MOST_MARKS = 30
_FOUL = re.compile("[\ufffd\ue000-\uf8ff]")


def cleaned(text: str) -> str:
    """The text in NFC, words divided at the ends of lines joined, blanks single, without what can't be seen or kept.

    Lines end with LF and there is at most one empty line between two. No longer than `LONGEST_PAGE`. Cleaning twice
    changes nothing.
    """
    text = _LINE_ENDS.sub("\n", text[:LONGEST_PAGE])
    text = _SOFT_HYPHEN.sub("", _NOT_TEXT.sub("", text)).translate(_LIGATURES)
    text = unicodedata.normalize("NFC", _SIGNS.sub(_few_marks, text))
    text = _AROUND_LINE_ENDS.sub("\n", _BLANKS.sub(" ", text))
    text = _EMPTY_LINES.sub("\n\n", text).strip()
    return _HYPHEN_AT_END.sub(lambda found: "" if found[1].islower() else found[0], text)[:LONGEST_PAGE].rstrip()


def _few_marks(found: re.Match[str]) -> str:
    kept, marks = [], 0
    for sign in found[0]:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def says_something(text: str) -> bool:
    """Whether there are letters, and not mostly those that fonts without a table of Unicode leave behind."""
    letters = sum(map(str.isalpha, text))
    return letters > 0 and letters > len(_FOUL.findall(text))


def pieces(text: str) -> Iterator[str]:
    """A text in pieces of about `PIECE` characters, cut at the ends of paragraphs, lines, words, in this preference."""
    start = 0
    while len(text) - start > PIECE * 4 // 3:
        end = _cut(text, start + PIECE * 2 // 3, start + PIECE * 4 // 3)
        yield text[start:end]
        start = end
    yield text[start:]


def _cut(text: str, first: int, last: int) -> int:
    for sign in ("\n\n", "\n", ". ", " "):
        if (place := text.rfind(sign, first, last)) >= 0:
            return place + len(sign)
    return last


def in_pages(texts: Iterable[str], longest: int) -> Iterator[str]:
    """Texts as pages, those above `longest` characters in pieces."""
    for text in texts:
        if len(text) > longest:
            yield from pieces(text)
        else:
            yield text
