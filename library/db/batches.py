"""Batches and their records: domain values to rows and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from library.db.tables import batch_items, batches
from library.domain.batch import Batch, BatchItem, BatchState, Outcome
from library.domain.errors import N_, NotFound

CHUNK = 5_000


class ReadBatches:
    """Batches as they stand."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, batch_id: int) -> Batch:
        """The batch with this number; `NotFound` where there is none."""
        row = self._connection.execute(select(batches).where(batches.c.id == batch_id)).one_or_none()
        if row is None:
            raise NotFound(N_("There is no batch {id}."), id=batch_id)
        return _batch(row)

    def latest(self, limit: int) -> list[Batch]:
        """The newest batches first."""
        return [
            _batch(row) for row in self._connection.execute(select(batches).order_by(batches.c.id.desc()).limit(limit))
        ]

    def at_work(self) -> Batch | None:
        """The oldest batch that the worker has to go on with."""
        query = (
            select(batches)
            .where(batches.c.state.in_([BatchState.RUNNING, BatchState.UNDOING]))
            .order_by(batches.c.id)
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _batch(row)

    def items(self, batch_id: int, after: int, limit: int) -> list[BatchItem]:
        """Its records with numbers above `after`, in the order of their numbers."""
        query = (
            select(batch_items)
            .where(batch_items.c.batch_id == batch_id, batch_items.c.record_id > after)
            .order_by(batch_items.c.record_id)
            .limit(limit)
        )
        return [_item(row) for row in self._connection.execute(query)]

    def with_outcome(self, batch_id: int, outcome: Outcome, limit: int, after: int = 0) -> list[BatchItem]:
        """Its records with this outcome and numbers above `after`, in the order of their numbers."""
        query = (
            select(batch_items)
            .where(
                batch_items.c.batch_id == batch_id,
                batch_items.c.outcome == outcome,
                batch_items.c.record_id > after,
            )
            .order_by(batch_items.c.record_id)
            .limit(limit)
        )
        return [_item(row) for row in self._connection.execute(query)]

    def counts(self, batch_id: int) -> dict[Outcome, int]:
        """How many of its records have each outcome."""
        query = (
            select(batch_items.c.outcome, func.count())
            .where(batch_items.c.batch_id == batch_id)
            .group_by(batch_items.c.outcome)
        )
        return {Outcome(outcome): count for outcome, count in self._connection.execute(query)}


class Batches(ReadBatches):
    """Batches that can be written."""

    def add(
        self,
        change: Mapping[str, str],
        selection: str,
        record_ids: Sequence[int],
        *,
        by: str,
        name: str,
        at: datetime,
    ) -> int:
        """The number of a new batch over these records."""
        row = {
            "state": BatchState.PREPARED.value,
            "change": json.dumps(dict(change), ensure_ascii=False),
            "selection": selection,
            "entered_by": by,
            "entered_by_name": name,
            "approved_by": "",
            "entered_at": at,
        }
        key = self._connection.execute(insert(batches), row).inserted_primary_key
        assert key is not None, "the row was written"
        number = int(key[0])
        for start in range(0, len(record_ids), CHUNK):
            self._connection.execute(
                insert(batch_items),
                [
                    {"batch_id": number, "record_id": record_id, "outcome": Outcome.WAITING.value, "problem": ""}
                    for record_id in record_ids[start : start + CHUNK]
                ],
            )
        return number

    def move(
        self, batch: Batch, state: BatchState, *, approved_by: str = "", finished_at: datetime | None = None
    ) -> None:
        """Write the batch's next state; `NotFound` where somebody else moved it meanwhile."""
        statement = (
            update(batches)
            .where(batches.c.id == batch.id, batches.c.state == batch.state.value)
            .values(state=state.value, approved_by=approved_by or batch.approved_by, finished_at=finished_at)
        )
        if self._connection.execute(statement).rowcount != 1:
            raise NotFound(N_("Batch {id} is not in this state any more."), id=batch.id)

    def note(self, batch_id: int, items: Sequence[BatchItem]) -> None:
        """Write what became of these records."""
        if not items:
            return
        statement = (
            update(batch_items)
            .where(batch_items.c.batch_id == batch_id, batch_items.c.record_id == bindparam("of_record"))
            .values({name: bindparam(name) for name in ("outcome", "version_before", "version_after", "problem")})
        )
        self._connection.execute(
            statement,
            [
                {
                    "of_record": item.record_id,
                    "outcome": item.outcome.value,
                    "version_before": item.version_before,
                    "version_after": item.version_after,
                    "problem": item.problem,
                }
                for item in items
            ],
        )


def _batch(row: Row[*tuple[Any, ...]]) -> Batch:
    return Batch(
        id=row.id,
        state=BatchState(row.state),
        change=json.loads(row.change),
        selection=row.selection,
        entered_by=row.entered_by,
        entered_by_name=row.entered_by_name,
        approved_by=row.approved_by,
        entered_at=row.entered_at,
        finished_at=row.finished_at,
    )


def _item(row: Row[*tuple[Any, ...]]) -> BatchItem:
    return BatchItem(
        record_id=row.record_id,
        outcome=Outcome(row.outcome),
        version_before=row.version_before or 0,
        version_after=row.version_after or 0,
        problem=row.problem,
    )
