"""What records lack or have wrong, for the list of work that improves a catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FlawKind(StrEnum):
    """What is wrong with a record."""

    NO_CLASS = "no-class"
    NO_LANGUAGE = "no-language"
    NO_SUBJECT = "no-subject"
    NO_YEAR = "no-year"
    MIXED_SCRIPTS = "mixed-scripts"
    DUPLICATE = "duplicate"
    DEAD_LINK = "dead-link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One flaw of a record; `detail` names the word, the other record or the address."""

    record_id: int
    kind: FlawKind
    detail: str = ""
