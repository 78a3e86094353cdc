"""The rights that a document can have; what they mean stands in `domain.access`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AccessLevel(StrEnum):
    """Who may read a document, from the widest to the narrowest."""

    OPEN = "open"
    MEMBERS = "members"
    CAMPUS = "campus"
    VIEW_ONLY = "view-only"
    CLOSED = "closed"


_WIDER = {
    AccessLevel.OPEN: frozenset(AccessLevel),
    AccessLevel.MEMBERS: frozenset({AccessLevel.MEMBERS, AccessLevel.VIEW_ONLY, AccessLevel.CLOSED}),
    AccessLevel.CAMPUS: frozenset({AccessLevel.CAMPUS, AccessLevel.CLOSED}),
    AccessLevel.VIEW_ONLY: frozenset({AccessLevel.VIEW_ONLY, AccessLevel.CLOSED}),
    AccessLevel.CLOSED: frozenset({AccessLevel.CLOSED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The rights of a document. `embargo_until` is the first day on which `level` holds; before it, it is closed.

    `licence` is what readers are told of its use: a Creative Commons code such as `CC-BY-4.0`, or words.
    """

    level: AccessLevel
    embargo_until: date | None = None
    licence: str = ""

    def is_no_wider_than(self, other: Rights) -> bool:
        """Whether nobody may do, on any day, what they could not do by the others."""
        later = other.embargo_until is None or (
            self.embargo_until is not None and self.embargo_until >= other.embargo_until
        )
        return self.level in _WIDER[other.level] and later
