"""Work on a record before it is approved: draft -> submitted -> approved, or returned with a remark.

Readers never see work. A new record is a draft with its work; a change of a published record is work beside the
published state, which stays as it is until another person approves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from library.domain.errors import N_, StaleVersion
from library.domain.marc import MarcRecord


class WorkState(StrEnum):
    """Where work stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What somebody wants a record to become.

    `base_version` is the version of the record it was made from; `version` rises with each save. `entered_by` began
    it and `edited_by` changed it last: keys of actors.
    """

    record_id: int
    base_version: int
    version: int
    state: WorkState
    marc: MarcRecord
    entered_by: str
    edited_by: str
    edited_at: datetime
    submitted_at: datetime | None = None
    remark: str = ""

    def expecting(self, version: int) -> Work:
        """This work, if it still has the version that was read; else `StaleVersion`."""
        if version != self.version:
            raise StaleVersion(
                N_("Record {id} was saved by somebody else: you have version {yours}, the newest is {newest}."),
                id=self.record_id,
                yours=version,
                newest=self.version,
            )
        return self

    def edit(self, marc: MarcRecord, *, by: str, at: datetime) -> Work:
        """The next version, as a draft again; a remark stays until the work is submitted."""
        return replace(
            self,
            marc=marc,
            version=self.version + 1,
            state=WorkState.RETURNED if self.state is WorkState.RETURNED else WorkState.DRAFT,
            edited_by=by,
            edited_at=at,
            submitted_at=None,
        )

    def rebase(self, base_version: int) -> Work:
        """The same work on a newer state of the record."""
        return replace(self, base_version=base_version)

    def submit(self, *, at: datetime) -> Work:
        """Given to a second person."""
        return replace(self, state=WorkState.SUBMITTED, version=self.version + 1, submitted_at=at, remark="")

    def return_(self, remark: str) -> Work:
        """Given back to the one who made it, with what is to be mended."""
        return replace(self, state=WorkState.RETURNED, version=self.version + 1, submitted_at=None, remark=remark)
