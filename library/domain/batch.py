"""A change of many records: prepared -> submitted -> running -> done -> undoing -> undone; or cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BatchState(StrEnum):
    """Where a batch stands."""

    PREPARED = "prepared"
    SUBMITTED = "submitted"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What became of one record of a batch."""

    WAITING = "waiting"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT = "left"
    RESTORED = "restored"
    KEPT = "kept"
    """Not restored: somebody changed it since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch; `change` is told as names and texts, `selection` in words. `approved_by` is empty until it may run."""

    id: int
    state: BatchState
    change: Mapping[str, str]
    selection: str
    entered_by: str
    entered_by_name: str
    approved_by: str
    entered_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """A record of a batch; the versions are those before and after the change, 0 where there was none."""

    record_id: int
    outcome: Outcome
    version_before: int
    version_after: int
    problem: str
