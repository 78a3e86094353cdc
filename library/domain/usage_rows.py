"""Events as plain rows, as counting reads them: a million of them are gone through in seconds."""

from __future__ import annotations

from typing import TypeAlias

from library.domain.usage import Flag, UsageEvent

Row: TypeAlias = tuple[
    bytes, bytes, bytes, str, str, int, int, int, int, str, str, str, int, int, int, bool, str, int, str, str, int, int
]
COLUMNS = (
    "eid",
    "who",
    "who_before",
    "institution",
    "kind",
    "item_id",
    "file_id",
    "title_id",
    "segments",
    "data_type",
    "access_type",
    "access_method",
    "status",
    "range_start",
    "sent",
    "completed",
    "denied",
    "results",
    "category",
    "faculty",
    "agent_id",
    "flags",
)
"""What stands where in a row, by the names of `UsageEvent`."""


def row_of(event: UsageEvent) -> Row:
    """An event as a row."""
    return (
        event.eid,
        event.who,
        event.who_before,
        event.institution,
        event.kind,
        event.item_id,
        event.file_id,
        event.title_id,
        event.segments,
        event.data_type,
        event.access_type,
        event.access_method,
        event.status,
        event.range_start,
        event.sent,
        event.completed,
        event.denied,
        event.results,
        event.category,
        event.faculty,
        event.agent_id,
        event.flags,
    )


def as_robot(row: Row) -> Row:
    """The same event, by a robot."""
    return (*row[:21], row[21] | Flag.ROBOT)


def plain(event: UsageEvent) -> tuple[bytes, bytes, bytes, *tuple[str | int | bool, ...]]:
    """All that is kept of an event, as plain values in the order of its table."""
    return (
        event.eid,
        event.who,
        event.who_before,
        event.institution,
        event.kind.value,
        event.item_id,
        event.file_id,
        event.title_id,
        event.segments,
        event.data_type.value,
        event.access_type.value,
        event.access_method.value,
        event.status,
        event.range_start,
        event.sent,
        event.completed,
        event.denied.value,
        event.rule,
        event.results,
        event.category,
        event.faculty,
        event.agent_id,
        int(event.flags),
    )
