"""The records a reader keeps: their numbers in a cookie of the reader's own browser, nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, request

from library.services.listing import MOST_LISTED

COOKIE = "my-list"
COOKIE_SECONDS = 180 * 24 * 3600
LARGEST_NUMBER = 2**31 - 1
LONGEST_NUMBER = len(str(LARGEST_NUMBER))
LONGEST_COOKIE = MOST_LISTED * (LONGEST_NUMBER + 1)


def kept() -> tuple[int, ...]:
    """The numbers in the order they were added, each once; what is no number, and all beyond the limit, is left out."""
    text = request.cookies.get(COOKIE, "")[:LONGEST_COOKIE]
    whole = (part for part in text.split(".") if part.isascii() and part.isdigit() and len(part) <= LONGEST_NUMBER)
    numbers = (int(part) for part in whole)
    return tuple(dict.fromkeys(number for number in numbers if 0 < number <= LARGEST_NUMBER))[:MOST_LISTED]


def keep(response: Response, numbers: Sequence[int]) -> None:
    """Let the reader's browser keep these numbers instead of those it had."""
    response.set_cookie(
        COOKIE,
        ".".join(map(str, numbers)),
        max_age=COOKIE_SECONDS if numbers else 0,
        path="/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
