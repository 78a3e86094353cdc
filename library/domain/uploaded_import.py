"""A file of records that somebody uploaded: examined -> submitted -> running -> done -> withdrawing -> withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class UploadState(StrEnum):
    """Where it stands."""

    EXAMINING = "examining"
    EXAMINED = "examined"
    REFUSED = "refused"
    """It can't be read at all."""
    SUBMITTED = "submitted"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """It was not read to its end; what came in stays."""
    STOPPED = "stopped"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"


AT_WORK = frozenset({UploadState.EXAMINING, UploadState.RUNNING, UploadState.WITHDRAWING})
"""The states in which the worker has something to do."""


class Fate(StrEnum):
    """What became of a record that the import wrote."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    KEPT = "kept"
    """Neither withdrawn nor restored: somebody changed it since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the file is to be read; empty texts are found out. `source_name` is its name among the sources."""

    source_name: str
    dialect: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedImport:
    """An upload. `filename` is what the browser called it; `directory` is ours, and empty when its files are gone.

    `digest` is the SHA-256 of what was uploaded, in hexadecimal. `share` is how much of the present work is done, in
    thousandths. `foreseen` is the report of the dry run and `outcome` that of the import, both in JSON's values, empty
    where there is none yet.
    """

    id: int
    state: UploadState
    filename: str
    directory: str
    size: int
    digest: str
    reading: Reading
    share: int
    foreseen: Mapping[str, object]
    outcome: Mapping[str, object]
    entered_by: str
    entered_by_name: str
    approved_by: str
    entered_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedRecord:
    """A record that an import wrote: its versions before (0 where it is new) and after, and its former digest."""

    record_id: int
    fate: Fate
    version_before: int
    version_after: int
    digest_before: str
