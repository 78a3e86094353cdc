"""Two people changed one record: field by field, whose change is taken."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from library.domain.marc import ControlField, Field, MarcRecord

LEADER = "LDR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A place where two states differ: the fields with one tag that stand there in each; either may be empty.

    `takes_mine` is what suggests itself: the side that was changed since `origin`, and mine where both were, which
    `is_contested`.
    """

    tag: str
    mine: tuple[Field, ...]
    theirs: tuple[Field, ...]
    takes_mine: bool
    is_contested: bool


def choices(origin: MarcRecord, mine: MarcRecord, theirs: MarcRecord) -> tuple[Choice, ...]:
    """The places where two records differ that were both made from `origin`, in the order of the record."""
    return tuple(
        _choice(tag, ours, others, (origin, mine, theirs))
        for part in _parts(mine, theirs)
        if not isinstance(part, tuple)
        for tag, ours, others in part.by_tag()
    )


def merged(mine: MarcRecord, theirs: MarcRecord, taken: Collection[int]) -> MarcRecord:
    """The record that has mine in the places whose numbers (from 0, as `choices` gives them) are taken, else theirs."""
    fields: list[Field] = []
    number = 0
    for part in _parts(mine, theirs):
        if isinstance(part, tuple):
            fields += part
            continue
        for _, ours, others in part.by_tag():
            fields += ours if number in taken else others
            number += 1
    leader = next((field.value for field in fields if field.tag == LEADER and isinstance(field, ControlField)), "")
    return MarcRecord(leader or theirs.leader, tuple(field for field in fields if field.tag != LEADER))


@dataclass(frozen=True, slots=True)
class _Differing:
    mine: Sequence[Field]
    theirs: Sequence[Field]

    def by_tag(self) -> Iterator[tuple[str, tuple[Field, ...], tuple[Field, ...]]]:
        """What stands there, tag by tag: in their order where both sides keep it, else as they come."""
        sides = [[field.tag for field in side] for side in (self.theirs, self.mine)]
        tags = list(dict.fromkeys([*sides[0], *sides[1]]))
        if all(side == sorted(side) for side in sides):
            tags.sort()
        for tag in sorted(tags, key=lambda tag: tag != LEADER):
            yield (
                tag,
                tuple(field for field in self.mine if field.tag == tag),
                tuple(field for field in self.theirs if field.tag == tag),
            )


def _parts(mine: MarcRecord, theirs: MarcRecord) -> Iterator[tuple[Field, ...] | _Differing]:
    """Stretches of fields that both have, and between them what differs."""
    old, new = _fields(theirs), _fields(mine)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, left, left_end, right, right_end in matcher.get_opcodes():
        if kind == "equal":
            yield tuple(old[left:left_end])
        else:
            yield _Differing(new[right:right_end], old[left:left_end])


def _fields(record: MarcRecord) -> list[Field]:
    return [ControlField(LEADER, record.leader), *record.fields]


def _choice(
    tag: str, ours: tuple[Field, ...], others: tuple[Field, ...], states: tuple[MarcRecord, MarcRecord, MarcRecord]
) -> Choice:
    origin, mine, theirs = ([field for field in _fields(state) if field.tag == tag] for state in states)
    changed_here, changed_there = mine != origin, theirs != origin
    return Choice(
        tag=tag,
        mine=ours,
        theirs=others,
        takes_mine=changed_here,
        is_contested=changed_here and changed_there,
    )
