"""What one state of a record has and another has not, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from library.domain.marc import ControlField, Field, MarcRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A place where two states differ: what stood there and what stands there now; either may be empty.

    The leader is told as a control field with the tag `LDR`.
    """

    removed: tuple[Field, ...]
    added: tuple[Field, ...]


def differences(before: MarcRecord, after: MarcRecord) -> tuple[Difference, ...]:
    """The places in which `after` differs from `before`, in the order of the record."""
    old, new = _fields(before), _fields(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return tuple(
        Difference(removed=tuple(old[left:left_end]), added=tuple(new[right:right_end]))
        for kind, left, left_end, right, right_end in matcher.get_opcodes()
        if kind != "equal"
    )


def _fields(record: MarcRecord) -> list[Field]:
    return [ControlField(tag="LDR", value=record.leader), *record.fields]
