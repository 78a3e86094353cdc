"""A catalogue record and its life: draft -> published -> withdrawn. What is not approved yet stands in `work`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from library.domain.errors import N_, StaleVersion
from library.domain.marc import Dialect, MarcRecord


class Status(StrEnum):
    """Where a record stands; only published ones are shown to readers."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRecord:
    """A record with its number, state and version. The number is permanent; a withdrawn record keeps it as a tombstone.

    Times are aware and in UTC. `changed_by` and `approved_by` are keys of actors; nobody approved a draft, nor what an
    import brought.
    """

    id: int
    dialect: Dialect
    marc: MarcRecord
    status: Status
    version: int
    created_at: datetime
    changed_at: datetime
    changed_by: str
    approved_by: str = ""
    withdrawal_reason: str = ""

    def expecting(self, version: int) -> CatalogueRecord:
        """This record, if it still has the version that was read; else `StaleVersion`."""
        if version != self.version:
            raise StaleVersion(
                N_("Record {id} was saved by somebody else: you have version {yours}, the newest is {newest}."),
                id=self.id,
                yours=version,
                newest=self.version,
            )
        return self

    def revise(self, marc: MarcRecord, *, by: str, at: datetime) -> CatalogueRecord:
        """The next version, with other content."""
        return replace(self, marc=marc, version=self.version + 1, changed_by=by, approved_by="", changed_at=at)

    def approve(self, marc: MarcRecord, *, by: str, approved_by: str, at: datetime) -> CatalogueRecord:
        """The next version, open to readers, with what `by` made of it and another person approved."""
        return replace(
            self,
            marc=marc,
            status=Status.PUBLISHED,
            withdrawal_reason="",
            version=self.version + 1,
            changed_by=by,
            approved_by=approved_by,
            changed_at=at,
        )

    def closed(self, before: Status, reason: str) -> CatalogueRecord:
        """This, closed by an embargo instead of open: a draft still, if readers never saw it, and so without a page."""
        status = Status.DRAFT if before is Status.DRAFT else Status.WITHDRAWN
        return replace(self, status=status, withdrawal_reason=reason if status is Status.WITHDRAWN else "")

    def closed_until(self, reason: str, *, by: str, at: datetime) -> CatalogueRecord:
        """The next version, closed by an embargo; who approved it stays, for it opens as it was approved."""
        return self.opened(by=by, at=at).closed(self.status, reason)

    def opened(self, *, by: str, at: datetime) -> CatalogueRecord:
        """The next version, open to readers as it was approved."""
        return replace(
            self,
            status=Status.PUBLISHED,
            withdrawal_reason="",
            version=self.version + 1,
            changed_by=by,
            changed_at=at,
        )

    def withdraw(self, reason: str, *, by: str, at: datetime) -> CatalogueRecord:
        """The next version, closed to readers; the reason is shown on the page that stays in its place."""
        return replace(
            self,
            status=Status.WITHDRAWN,
            withdrawal_reason=reason,
            version=self.version + 1,
            changed_by=by,
            approved_by="",
            changed_at=at,
        )
