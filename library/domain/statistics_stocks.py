"""What the library holds, told as changes: what came, what went, and what was only counted otherwise than before.

A thing is looked at as it stood at the end of a day. A stock is the sum of all changes, so that its beginning, what
came and what went always add up to its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from library.domain.periods import Step

STEPS_OF_READERS = (Step.MONTH, Step.QUARTER, Step.YEAR, Step.ACADEMIC_YEAR)
"""The periods of which it stays known how many different readers were there once it is forgotten who they were."""


class Measure(StrEnum):
    """What changes are counted of."""

    TITLE = "title"
    TEXT = "text"
    """A title with at least one full text."""
    OPEN_TEXT = "open-text"
    """A title with at least one full text that everybody may read."""
    COPY = "copy"
    """By the day of the act; counted anew every night, for acts are entered late at times."""
    FILE = "file"
    BYTES = "bytes"
    READER = "reader"
    NEW_READER = "new-reader"
    RECORD_ENTERED = "record-entered"
    FILE_ENTERED = "file-entered"


class Cell(NamedTuple):
    """By what things are told apart; empty where it says nothing of a thing."""

    material: str = ""
    language: str = ""
    script: str = ""
    branch: str = ""
    source: str = ""
    category: str = ""
    faculty: str = ""
    operator: str = ""


class Held(NamedTuple):
    """A thing that is counted, in its cell; `amount` is the size of a file, else 1."""

    cell: Cell
    amount: int = 1


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a thing by the end of a day. It came, it went, or (both) it is counted in another cell."""

    day: date
    gone: Held | None
    come: Held | None


_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def script_of(title: str) -> str:
    """`latin`, `cyrillic` or `other`: of what letters a title has more; `other` where it has neither."""
    latin, cyrillic = len(_LATIN.findall(title)), len(_CYRILLIC.findall(title))
    if not latin and not cyrillic:
        return "other"
    return "cyrillic" if cyrillic > latin else "latin"


def title_cell(*, material: str, title: str, languages: Sequence[str], udc: Sequence[str]) -> Cell:
    """The cell of a record: its first language, and the main class of its first UDC index that begins with a digit."""
    classes = (index.lstrip()[:1] for index in udc)
    return Cell(
        material=material,
        language=languages[0] if languages else "",
        script=script_of(title),
        branch=next((one for one in classes if one.isascii() and one.isdigit()), ""),
    )


def changes_of(before: Held | None, states: Iterable[tuple[date, Held | None]]) -> Iterator[Change]:
    """What happened to a thing that stood so before, by how it stood at the ends of these days, which are in order."""
    for day, state in states:
        if state != before:
            yield Change(day=day, gone=before, come=state)
        before = state
