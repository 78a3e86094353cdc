"""Text on its way into XML: escaped, and without the characters that XML 1.0 forbids."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

_LEGAL = "\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
_FORBIDDEN = re.compile(f"[^{_LEGAL}]")
# Most identifiers and names need no care, and to see that is quicker than to take it.
_CARE = re.compile(f"[&<>]|[^{_LEGAL}]")


def is_legal(text: str) -> bool:
    """Whether XML can hold the text."""
    return _FORBIDDEN.search(text) is None


def legal(text: str) -> str:
    """The text without what XML can't hold: control characters, halves of surrogate pairs, U+FFFE and U+FFFF."""
    return _FORBIDDEN.sub("", text)


def content(text: str) -> str:
    """The text as content of an element."""
    return text if _CARE.search(text) is None else escape(legal(text))


def attribute(text: str) -> str:
    """The text as value of an attribute, in its quotation marks."""
    return quoteattr(legal(text))
