"""Cataloguing: records are made, revised, published and withdrawn; every earlier state is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from library.db.outbox import Topic
from library.db.records import DescribedRecord
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.errors import InvalidRecord
from library.domain.marc import Dialect, MarcRecord
from library.domain.record import CatalogueRecord, Status
from library.marc import dialects


class Cataloguing:
    """Each method is one transaction: the record, the state before it, what is derived, and the task for the index."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def create(self, dialect: Dialect, marc: MarcRecord, *, by: str) -> int:
        """Enter a new record as a draft; its number. Raises `InvalidRecord`."""
        _refuse_problems(dialect, marc)
        at = self._clock()
        with self._database.writing() as tx:
            (number,) = tx.records.reserve(1)
            record = CatalogueRecord(
                id=number,
                dialect=dialect,
                marc=marc,
                status=Status.DRAFT,
                version=1,
                created_at=at,
                changed_at=at,
                changed_by=by,
            )
            tx.records.add([_described(record)])
            tx.outbox.add(Topic.INDEX_RECORD, [number], at)
            tx.commit()
        return number

    def revise(self, record_id: int, marc: MarcRecord, *, expected: int, by: str) -> int:
        """Save other content of a record; its new version.

        Raises `RecordNotFound`, `InvalidRecord`, and `StaleVersion` when the record is not version `expected` any more.
        """
        with self._database.writing() as tx:
            record = tx.records.get(record_id).expecting(expected)
            _refuse_problems(record.dialect, marc)
            return self._save(tx, record, record.revise(marc, by=by, at=self._clock()))

    def publish(self, record_id: int, *, expected: int, by: str) -> int:
        """Show a draft to readers, or a withdrawn record again; its new version. Raises as `revise` does."""
        with self._database.writing() as tx:
            record = tx.records.get(record_id).expecting(expected)
            _refuse_problems(record.dialect, record.marc)
            return self._save(tx, record, record.publish(by=by, at=self._clock()))

    def withdraw(self, record_id: int, reason: str, *, expected: int, by: str) -> int:
        """Close a record to readers and leave a tombstone with the reason; its new version.

        Raises `RecordNotFound` and `StaleVersion`.
        """
        with self._database.writing() as tx:
            record = tx.records.get(record_id).expecting(expected)
            return self._save(tx, record, record.withdraw(reason, by=by, at=self._clock()))

    def _save(self, tx: UnitOfWork, before: CatalogueRecord, after: CatalogueRecord) -> int:
        tx.records.replace([(before, _described(after))])
        tx.outbox.add(Topic.INDEX_RECORD, [after.id], after.changed_at)
        tx.commit()
        return after.version


def _described(record: CatalogueRecord) -> DescribedRecord:
    return DescribedRecord(record=record, description=dialects.describe(record.dialect, record.marc))


def _refuse_problems(dialect: Dialect, marc: MarcRecord) -> None:
    problems = dialects.check(dialect, marc)
    if problems:
        raise InvalidRecord(problems)
