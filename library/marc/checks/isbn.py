"""ISBN: its right check digit, its hyphens, and whose it is, by the range tables of isbnlib; no network is asked.

The only module that imports isbnlib, of which everything but these tables asks services on the web.
"""

from __future__ import annotations

from dataclasses import dataclass

import isbnlib  # type: ignore[import-untyped]

from library.marc.dialects import codes

_SHORT, _LONG = 10, 13
_PARTS_BEHIND_PUBLISHER = 2


@dataclass(frozen=True, slots=True)
class IsbnOwner:
    """Where the tables put a number: `hyphenated` in its parts, the `prefix` of its publisher, the `area` in English.

    The first two are empty for a range that was not given out when the tables were made, all for a number without one.
    """

    hyphenated: str
    prefix: str
    area: str


def owner(text: str) -> IsbnOwner | None:
    """Whose ISBN this is, with hyphens or without; none where its check digit is wrong or it is no ISBN at all."""
    number = codes.isbn(text)
    if not codes.isbn_agrees(number):
        return None
    try:
        hyphenated, area = str(isbnlib.mask(number) or ""), str(isbnlib.info(number) or "")
    except isbnlib.NotValidISBNError:  # its check digit is right, but isbnlib refuses some, as 0000000000
        return IsbnOwner("", "", "")
    return IsbnOwner(hyphenated, "-".join(hyphenated.split("-")[:-_PARTS_BEHIND_PUBLISHER]), area)


def right_check_digit(number: str) -> str:
    """The check digit that the first digits of a number ask for; empty where it has neither 10 nor 13 of them."""
    if len(number) == _SHORT:
        return str(isbnlib.check_digit10(number[:-1]))
    return str(isbnlib.check_digit13(number[:-1])) if len(number) == _LONG else ""
