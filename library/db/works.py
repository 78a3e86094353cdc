"""Work on records that waits for approval: domain values to rows and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from library.db.tables import records, works
from library.domain.errors import N_, StaleVersion
from library.domain.record import Status
from library.domain.work import Work, WorkState
from library.marc import codec


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedWork:
    """What a list shows of work; `status` is that of its record."""

    record_id: int
    title: str
    status: Status
    state: WorkState
    version: int
    base_version: int
    entered_by: str
    edited_by: str
    edited_at: datetime
    submitted_at: datetime | None
    remark: str


class ReadWorks:
    """Work as it stands."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, record_id: int) -> Work | None:
        """The work on this record; None where there is none."""
        row = self._connection.execute(select(works).where(works.c.record_id == record_id)).one_or_none()
        return None if row is None else _work(row)

    def many(self, record_ids: Sequence[int]) -> dict[int, Work]:
        """The work on those of these records that have some, by number."""
        query = select(works).where(works.c.record_id.in_(record_ids))
        return {row.record_id: _work(row) for row in self._connection.execute(query)}

    def submitted(self, limit: int, offset: int = 0) -> list[ListedWork]:
        """What waits for approval, the longest waiting first."""
        query = (
            select(*_LISTED)
            .join(records, records.c.id == works.c.record_id)
            .where(works.c.state == WorkState.SUBMITTED)
            .order_by(works.c.submitted_at, works.c.record_id)
            .limit(limit)
            .offset(offset)
        )
        return [_listed(row) for row in self._connection.execute(query)]

    def of_person(self, actor: str, limit: int) -> list[ListedWork]:
        """What this actor changed last and is not approved yet, newest first."""
        query = (
            select(*_LISTED)
            .join(records, records.c.id == works.c.record_id)
            .where(works.c.edited_by == actor)
            .order_by(works.c.edited_at.desc(), works.c.record_id)
            .limit(limit)
        )
        return [_listed(row) for row in self._connection.execute(query)]

    def counts(self) -> dict[WorkState, int]:
        """How much work there is in each state."""
        query = select(works.c.state, func.count()).group_by(works.c.state)
        return {WorkState(state): count for state, count in self._connection.execute(query)}


class Works(ReadWorks):
    """Work that can be written."""

    def add(self, work: Work, title: str) -> None:
        """Write new work; its title is for lists."""
        self._connection.execute(insert(works), {**_row(work), "title": title})

    def replace(self, before: Work, after: Work, title: str) -> None:
        """Write the next version; `StaleVersion` where the work isn't in the state before any more."""
        statement = (
            update(works)
            .where(works.c.record_id == before.record_id, works.c.version == before.version)
            .values({**_row(after), "title": title})
        )
        if self._connection.execute(statement).rowcount != 1:
            raise StaleVersion(N_("Record {id} was saved by somebody else meanwhile."), id=before.record_id)

    def remove(self, work: Work) -> None:
        """Take away work that was approved or given up; `StaleVersion` where it is another version."""
        statement = delete(works).where(works.c.record_id == work.record_id, works.c.version == work.version)
        if self._connection.execute(statement).rowcount != 1:
            raise StaleVersion(N_("Record {id} was saved by somebody else meanwhile."), id=work.record_id)


_LISTED = (
    works.c.record_id,
    works.c.title,
    records.c.status,
    works.c.state,
    works.c.version,
    works.c.base_version,
    works.c.entered_by,
    works.c.edited_by,
    works.c.edited_at,
    works.c.submitted_at,
    works.c.remark,
)


def _listed(row: Row[*tuple[Any, ...]]) -> ListedWork:
    return ListedWork(
        record_id=row.record_id,
        title=row.title,
        status=Status(row.status),
        state=WorkState(row.state),
        version=row.version,
        base_version=row.base_version,
        entered_by=row.entered_by,
        edited_by=row.edited_by,
        edited_at=row.edited_at,
        submitted_at=row.submitted_at,
        remark=row.remark,
    )


def _work(row: Row[*tuple[Any, ...]]) -> Work:
    return Work(
        record_id=row.record_id,
        base_version=row.base_version,
        version=row.version,
        state=WorkState(row.state),
        marc=codec.from_json(row.marc),
        entered_by=row.entered_by,
        edited_by=row.edited_by,
        edited_at=row.edited_at,
        submitted_at=row.submitted_at,
        remark=row.remark,
    )


def _row(work: Work) -> dict[str, object]:
    return {
        "record_id": work.record_id,
        "base_version": work.base_version,
        "version": work.version,
        "state": work.state.value,
        "marc": codec.to_json(work.marc),
        "entered_by": work.entered_by,
        "edited_by": work.edited_by,
        "edited_at": work.edited_at,
        "submitted_at": work.submitted_at,
        "remark": work.remark,
    }
