"""Uploaded imports and the records that came of them: domain values to rows and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from library.db.tables import imported_records, uploaded_imports
from library.domain.errors import N_, NotFound, NotSubmitted
from library.domain.uploaded_import import AT_WORK, Fate, ImportedRecord, Reading, UploadedImport, UploadState

CHUNK = 5_000


class ReadUploadedImports:
    """Uploads as they stand."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, import_id: int) -> UploadedImport:
        """The upload with this number; `NotFound` where there is none."""
        query = select(uploaded_imports).where(uploaded_imports.c.id == import_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(N_("There is no import {id}."), id=import_id)
        return _upload(row)

    def latest(self, limit: int) -> list[UploadedImport]:
        """The newest first."""
        query = select(uploaded_imports).order_by(uploaded_imports.c.id.desc()).limit(limit)
        return [_upload(row) for row in self._connection.execute(query)]

    def at_work(self) -> UploadedImport | None:
        """The oldest one that the worker has to go on with."""
        query = (
            select(uploaded_imports)
            .where(uploaded_imports.c.state.in_(sorted(AT_WORK)))
            .order_by(uploaded_imports.c.id)
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _upload(row)

    def state_of(self, import_id: int) -> UploadState:
        """Where this one stands."""
        query = select(uploaded_imports.c.state).where(uploaded_imports.c.id == import_id)
        return UploadState(self._connection.execute(query).scalar_one())

    def of_person_since(self, actor: str, since: datetime) -> int:
        """How many this actor uploaded since."""
        query = select(func.count()).where(
            uploaded_imports.c.entered_by == actor, uploaded_imports.c.entered_at >= since
        )
        return self._connection.execute(query).scalar_one()

    def with_files_before(self, moment: datetime) -> list[UploadedImport]:
        """Those uploaded before, whose files are still there and which nobody works on."""
        query = (
            select(uploaded_imports)
            .where(
                uploaded_imports.c.entered_at < moment,
                uploaded_imports.c.directory != "",
                uploaded_imports.c.state.not_in(sorted(AT_WORK)),
            )
            .order_by(uploaded_imports.c.id)
        )
        return [_upload(row) for row in self._connection.execute(query)]

    def directories(self) -> set[str]:
        """The directories of all uploads whose files are still there."""
        query = select(uploaded_imports.c.directory).where(uploaded_imports.c.directory != "")
        return set(self._connection.execute(query).scalars())

    def uses_of_source(self, source_name: str, besides: int) -> int:
        """How many other uploads brought records in under this name of a source."""
        query = select(func.count(imported_records.c.import_id.distinct())).where(
            imported_records.c.import_id == uploaded_imports.c.id,
            uploaded_imports.c.source_name == source_name,
            uploaded_imports.c.id != besides,
        )
        return self._connection.execute(query).scalar_one()

    def records(self, import_id: int, fates: Sequence[Fate], limit: int, after: int = 0) -> list[ImportedRecord]:
        """The records of an import with these fates and numbers above `after`, in the order of their numbers."""
        query = (
            select(imported_records)
            .where(
                imported_records.c.import_id == import_id,
                imported_records.c.fate.in_(list(fates)),
                imported_records.c.record_id > after,
            )
            .order_by(imported_records.c.record_id)
            .limit(limit)
        )
        return [_imported(row) for row in self._connection.execute(query)]

    def counts(self, import_id: int) -> dict[Fate, int]:
        """How many of its records have each fate."""
        query = (
            select(imported_records.c.fate, func.count())
            .where(imported_records.c.import_id == import_id)
            .group_by(imported_records.c.fate)
        )
        return {Fate(fate): count for fate, count in self._connection.execute(query)}


class UploadedImports(ReadUploadedImports):
    """Uploads that can be written."""

    def add(self, upload: UploadedImport) -> int:
        """The number of a new upload; the one it bears does not count."""
        row = {name: value for name, value in _row(upload).items() if name != "id"}
        key = self._connection.execute(insert(uploaded_imports).values(row)).inserted_primary_key
        assert key is not None, "the row was written"
        return int(key[0])

    def replace(self, before: UploadedImport, after: UploadedImport) -> None:
        """Write the next state; `NotSubmitted` where somebody moved it meanwhile."""
        statement = (
            update(uploaded_imports)
            .where(uploaded_imports.c.id == before.id, uploaded_imports.c.state == before.state.value)
            .values({name: value for name, value in _row(after).items() if name != "id"})
        )
        if self._connection.execute(statement).rowcount != 1:
            raise NotSubmitted(N_("Import {id} is not in this state any more."), id=before.id)

    def advance(self, import_id: int, share: int) -> None:
        """Note how much of the present work is done, in thousandths."""
        statement = update(uploaded_imports).where(uploaded_imports.c.id == import_id).values(share=share)
        self._connection.execute(statement)

    def note(self, import_id: int, written: Sequence[ImportedRecord]) -> None:
        """Write down records that the import wrote; of one that it wrote before, only the newest version is new."""
        for start in range(0, len(written), CHUNK):
            self._note(import_id, written[start : start + CHUNK])

    def _note(self, import_id: int, written: Sequence[ImportedRecord]) -> None:
        numbers = [record.record_id for record in written]
        query = select(imported_records.c.record_id).where(
            imported_records.c.import_id == import_id, imported_records.c.record_id.in_(numbers)
        )
        known = set(self._connection.execute(query).scalars())
        new = [_imported_row(import_id, record) for record in written if record.record_id not in known]
        if new:
            self._connection.execute(insert(imported_records), new)
        again = [record for record in written if record.record_id in known]
        self._update(import_id, again, ("version_after",))

    def decide(self, import_id: int, records: Sequence[ImportedRecord]) -> None:
        """Write what became of these records."""
        self._update(import_id, records, ("fate",))

    def _update(self, import_id: int, records: Sequence[ImportedRecord], names: tuple[str, ...]) -> None:
        if not records:
            return
        statement = (
            update(imported_records)
            .where(imported_records.c.import_id == import_id, imported_records.c.record_id == bindparam("of_record"))
            .values({name: bindparam(f"new_{name}") for name in names})
        )
        rows = [
            {
                "of_record": record.record_id,
                **{f"new_{name}": _imported_row(import_id, record)[name] for name in names},
            }
            for record in records
        ]
        self._connection.execute(statement, rows)


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(dict(value), ensure_ascii=False)


def _upload(row: Row[*tuple[Any, ...]]) -> UploadedImport:
    return UploadedImport(
        id=row.id,
        state=UploadState(row.state),
        filename=row.filename,
        directory=row.directory,
        size=row.size,
        digest=row.digest,
        reading=Reading(source_name=row.source_name, dialect=row.dialect, encoding=row.encoding),
        share=row.share,
        foreseen=json.loads(row.foreseen),
        outcome=json.loads(row.outcome),
        entered_by=row.entered_by,
        entered_by_name=row.entered_by_name,
        approved_by=row.approved_by,
        entered_at=row.entered_at,
        finished_at=row.finished_at,
    )


def _row(upload: UploadedImport) -> dict[str, object]:
    return {
        "id": upload.id,
        "state": upload.state.value,
        "filename": upload.filename,
        "directory": upload.directory,
        "size": upload.size,
        "digest": upload.digest,
        "source_name": upload.reading.source_name,
        "dialect": upload.reading.dialect,
        "encoding": upload.reading.encoding,
        "share": upload.share,
        "foreseen": _json(upload.foreseen),
        "outcome": _json(upload.outcome),
        "entered_by": upload.entered_by,
        "entered_by_name": upload.entered_by_name,
        "approved_by": upload.approved_by,
        "entered_at": upload.entered_at,
        "finished_at": upload.finished_at,
    }


def _imported(row: Row[*tuple[Any, ...]]) -> ImportedRecord:
    return ImportedRecord(
        record_id=row.record_id,
        fate=Fate(row.fate),
        version_before=row.version_before,
        version_after=row.version_after,
        digest_before=row.digest_before,
    )


def _imported_row(import_id: int, record: ImportedRecord) -> dict[str, object]:
    return {
        "import_id": import_id,
        "record_id": record.record_id,
        "fate": record.fate.value,
        "version_before": record.version_before,
        "version_after": record.version_after,
        "digest_before": record.digest_before,
    }
