"""Differences between two states of a record, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from library.marc.differences import Difference
from library.marc.writing import field_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place where two states differ: the lines that went and those that came."""

    removed: tuple[str, ...]
    added: tuple[str, ...]


def places(found: Iterable[Difference]) -> tuple[Place, ...]:
    """The differences in lines."""
    return tuple(
        Place(removed=tuple(map(field_line, one.removed)), added=tuple(map(field_line, one.added))) for one in found
    )
