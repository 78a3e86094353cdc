"""Text from a record made fit for one line of print: nothing invisible, no ready punctuation left at the ends."""

from __future__ import annotations

import re

# Controls that are no white space, lone surrogates, soft hyphens, zero-width signs, marks that turn the direction of
# writing, and non-characters. The joiner U+200D and the variation selectors stay: they are part of a visible sign.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_LEADING_SIGN = re.compile(r"^(?:[/:;,=+–—-]+\s+)+")
_JOINED_SIGNS, _PARTED_SIGNS = "/:;,=", "+–—-"
# Only from the beginning of a word: a search from each letter of a very long one would take its square.
_LAST_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]+)\.$")
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
_SHORT_WORD = 3
_STOPPED = re.compile(r"[.…]['\"»”]?$")


def clean(text: str) -> str:
    """The text on one line with single ordinary spaces; controls, direction marks and lone surrogates are left out."""
    return " ".join(_INVISIBLE.sub("", text).replace("\u2011", "-").split())


def element(text: str) -> str:
    """Clean text without the signs that part elements and that MARC 21 and IRBIS data bring at either end."""
    return _without_last_signs(_LEADING_SIGN.sub("", _TWO_STOPS.sub(".", clean(text))))


def _without_last_signs(text: str) -> str:
    """Without the signs at its end; a dash or a plus is one only after a space."""
    end = len(text)
    while end and (
        text[end - 1] in _JOINED_SIGNS or (text[end - 1] in _PARTED_SIGNS and text[end - 2 : end - 1] == " ")
    ):
        end -= 1
        while end and text[end - 1] == " ":
            end -= 1
    return text[:end]


def name_element(text: str) -> str:
    """An element that is a name or a title, so that a full stop after a whole word (over three letters) is dropped."""
    text = element(text)
    last = _LAST_WORD.search(text)
    return text[:-1] if last and len(last.group(1)) > _SHORT_WORD else text


def elements(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The names among these that say anything, each once, in their order."""
    return tuple(dict.fromkeys(name for name in map(name_element, texts) if name))


def stopped(text: str) -> str:
    """The text with a full stop, not doubled after an abbreviation, an ellipsis or a quotation that ends with one."""
    return text if not text or _STOPPED.search(text) else f"{text}."
