"""Files of appeals: domain values to rows and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, or_, select, update

from library.db.documents import message_of, message_text
from library.db.tables import appeal_files
from library.domain.appeal_files import AppealFile, FileRole, FileState
from library.domain.errors import N_, NotFound


class ReadAppealFiles:
    """Files as they are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, appeal_id: int, file_id: int) -> AppealFile:
        """The file with this number, of this appeal; `NotFound` where there is none."""
        this = (appeal_files.c.id == file_id, appeal_files.c.appeal_id == appeal_id)
        row = self._connection.execute(select(appeal_files).where(*this)).one_or_none()
        if row is None:
            raise NotFound(N_("There is no file {id}."), id=file_id)
        return _file(row)

    def of_appeal(self, appeal_id: int) -> list[AppealFile]:
        """The files of an appeal, in the order in which they came."""
        query = select(appeal_files).where(appeal_files.c.appeal_id == appeal_id)
        return self._some(query.order_by(appeal_files.c.id))

    def to_inspect(self, now: datetime) -> AppealFile | None:
        """The file whose turn it is to be checked."""
        due = or_(appeal_files.c.next_try_at.is_(None), appeal_files.c.next_try_at <= now)
        waiting = select(appeal_files).where(appeal_files.c.state == FileState.WAITING.value, due)
        found = self._some(waiting.order_by(appeal_files.c.next_try_at, appeal_files.c.id).limit(1))
        return found[0] if found else None

    def intake_ids(self) -> frozenset[str]:
        """The numbers in quarantine of all files that wait."""
        query = select(appeal_files.c.intake_id).where(appeal_files.c.state == FileState.WAITING.value)
        return frozenset(self._connection.execute(query).scalars())

    def appeal_ids(self) -> frozenset[int]:
        """The numbers of all appeals that have files."""
        return frozenset(self._connection.execute(select(appeal_files.c.appeal_id).distinct()).scalars())

    def _some(self, query: Select[Any]) -> list[AppealFile]:
        return [_file(row) for row in self._connection.execute(query)]


class AppealFiles(ReadAppealFiles):
    """Files that come, are decided on, and go."""

    def add(self, file: AppealFile) -> AppealFile:
        """Keep a new one; it comes back with its number."""
        key = self._connection.execute(insert(appeal_files).values(_row(file))).inserted_primary_key
        assert key is not None, "the row was written"
        return replace(file, id=int(key[0]))

    def save(self, file: AppealFile) -> bool:
        """Write what was decided on a file; False where it is gone, or was decided on, meanwhile."""
        this = (appeal_files.c.id == file.id, appeal_files.c.state == FileState.WAITING.value)
        return self._connection.execute(update(appeal_files).where(*this).values(_row(file))).rowcount == 1

    def remove_all(self, appeal_id: int) -> None:
        """Forget the files of an appeal."""
        self._connection.execute(delete(appeal_files).where(appeal_files.c.appeal_id == appeal_id))


def _file(row: Row[*tuple[Any, ...]]) -> AppealFile:
    return AppealFile(
        id=row.id,
        appeal_id=row.appeal_id,
        role=FileRole(row.role),
        state=FileState(row.state),
        name=row.name,
        size=row.size,
        digest=row.digest,
        intake_id=row.intake_id,
        media_type=row.media_type,
        reason=message_of(row.reason),
        tries=row.tries,
        next_try_at=row.next_try_at,
        received_at=row.received_at,
    )


def _row(file: AppealFile) -> dict[str, object]:
    return {
        "appeal_id": file.appeal_id,
        "role": file.role.value,
        "state": file.state.value,
        "name": file.name,
        "size": file.size,
        "digest": file.digest,
        "intake_id": file.intake_id,
        "media_type": file.media_type,
        "reason": message_text(file.reason),
        "tries": file.tries,
        "next_try_at": file.next_try_at,
        "received_at": file.received_at,
    }
