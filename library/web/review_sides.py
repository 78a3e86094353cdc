"""Two states of a record side by side, with the words that differ marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from library.domain.marc import Field
from library.marc.differences import Difference
from library.marc.writing import field_line

_WORDS = re.compile(r"\s+|[^\W_]+|[\W_]")
# Longer lines are shown whole: to compare them would take seconds.
LONGEST_COMPARED = 2_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line that the other side has too, or has not."""

    text: str
    differs: bool


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """A place where two states differ; either side may be empty."""

    before: tuple[Line, ...]
    after: tuple[Line, ...]


def side_by_side(found: Iterable[Difference]) -> tuple[SideBySide, ...]:
    """The differences in lines; fields that replace one another are compared word by word."""
    return tuple(_place(one) for one in found)


def _place(one: Difference) -> SideBySide:
    if len(one.removed) != len(one.added):
        return SideBySide(before=_whole(one.removed), after=_whole(one.added))
    pairs = [_compared(field_line(old), field_line(new)) for old, new in zip(one.removed, one.added, strict=True)]
    return SideBySide(before=tuple(old for old, _ in pairs), after=tuple(new for _, new in pairs))


def _whole(fields: tuple[Field, ...]) -> tuple[Line, ...]:
    return tuple((Piece(field_line(field), differs=False),) for field in fields)


def _compared(old: str, new: str) -> tuple[Line, Line]:
    if max(len(old), len(new)) > LONGEST_COMPARED:
        return (Piece(old, differs=False),), (Piece(new, differs=False),)
    left, right = _WORDS.findall(old), _WORDS.findall(new)
    before, after = [], []
    for kind, start, end, other, other_end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        differs = kind != "equal"
        before += [Piece("".join(left[start:end]), differs)] if end > start else []
        after += [Piece("".join(right[other:other_end]), differs)] if other_end > other else []
    return tuple(before), tuple(after)
