"""A letter with a list of records in it, as a link that mail programs open."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import quote

from library.web.languages import gettext, ngettext

# Some mail programs cut a longer link off; a letter beyond Latin takes six characters of it.
LONGEST = 1_900


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The link, and how many of the records are in it."""

    url: str
    records: int


def letter(records: Sequence[tuple[str, str]]) -> Letter:
    """As many of these titles with their addresses as fit; a letter that has not all of them says so."""
    start = f"mailto:?subject={quote(gettext('My list'))}&body="
    parts = [quote(f"{place}. {title}\r\n{address}\r\n\r\n") for place, (title, address) in enumerate(records, 1)]
    end = ""
    if len(start) + sum(map(len, parts)) > LONGEST:
        room = LONGEST - len(start) - len(_end(len(parts), len(parts)))
        total, parts = len(parts), parts[: bisect_right(list(accumulate(map(len, parts))), room)]
        end = _end(total, len(parts))
    return Letter(url=start + "".join(parts) + end, records=len(parts))


def _end(total: int, written: int) -> str:
    return quote(
        ngettext(
            "The list has {n} record; this letter has the first {limit}.",
            "The list has {n} records; this letter has the first {limit}.",
            total,
            limit=written,
        )
    )
