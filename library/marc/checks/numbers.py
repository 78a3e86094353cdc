"""ISBN and ISSN: their length and check digit, with the digit that would be right."""

from __future__ import annotations

import re

from library.domain.errors import N_, Message
from library.domain.marc import Dialect
from library.marc.checks import isbn
from library.marc.checks.problems import Severity
from library.marc.dialects import codes, irbis_fields

_Found = tuple[Severity, Message] | None

_DIGITS = re.compile(r"[\dXxХх]")
_ISBN_LENGTHS = (10, 13)
_ISSN_LENGTH = 8


def isbn_problem(dialect: Dialect, text: str) -> _Found:
    """What is wrong with an ISBN as the dialect reads it; a number of a range that is not given out is doubtful."""
    number = irbis_fields.isbn(text) if dialect is Dialect.IRBIS else codes.isbn(text)
    if not number:
        return Severity.ERROR, Message.of(
            N_("An ISBN has 10 or 13 digits, this one has {count}."), count=len(_DIGITS.findall(text))
        )
    if not codes.isbn_agrees(number):
        return Severity.ERROR, Message.of(
            N_(
                "ISBN is wrong: the check digit does not match. By the other digits it would be {digit}. "
                "A number printed wrongly goes into its own field."
            ),
            digit=isbn.right_check_digit(number),
        )
    owner = isbn.owner(number)
    if owner is None or not owner.hyphenated:
        return Severity.WARNING, Message.of(N_("No publisher is known to have this ISBN. Compare it with the book."))
    return None


def issn_problem(text: str) -> _Found:
    """What is wrong with an ISSN."""
    number = codes.issn(text)
    if not number:
        return Severity.ERROR, Message.of(
            N_("An ISSN has 8 digits, this one has {count}."), count=len(_DIGITS.findall(text))
        )
    if not codes.issn_agrees(number):
        return Severity.ERROR, Message.of(
            N_("ISSN is wrong: the check digit does not match. By the other digits it would be {digit}."),
            digit=right_issn_digit(number),
        )
    return None


def right_issn_digit(number: str) -> str:
    """The check digit that the first seven digits ask for (ISO 3297)."""
    digits = [int(digit) for digit in number.replace("-", "")[: _ISSN_LENGTH - 1]]
    rest = -sum(weight * digit for weight, digit in zip(range(_ISSN_LENGTH, 1, -1), digits, strict=True)) % 11
    return "X" if rest == len("0123456789") else str(rest)
