"""What has to be done after a transaction, written in that transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from library.db.tables import outbox


class Topic(StrEnum):
    """What happened; each topic is one service method of the worker."""

    INDEX_RECORD = "index.record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One row: this record changed. It says no more, so that doing it twice or late gives the same."""

    id: int
    topic: Topic
    record_id: int


class ReadOutbox:
    """What waits to be done."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def first(self, limit: int) -> list[Task]:
        """The oldest tasks."""
        query = select(outbox.c.id, outbox.c.topic, outbox.c.record_id).order_by(outbox.c.id).limit(limit)
        return [
            Task(id=row.id, topic=Topic(row.topic), record_id=row.record_id) for row in self._connection.execute(query)
        ]

    def ids(self) -> list[int]:
        """The numbers of all tasks, oldest first."""
        return list(self._connection.execute(select(outbox.c.id).order_by(outbox.c.id)).scalars())

    def changed(self, record_ids: Collection[int]) -> frozenset[int]:
        """Those of these records for which a task waits: what was made of them before is out of date."""
        query = select(outbox.c.record_id).where(outbox.c.record_id.in_(record_ids)).distinct()
        return frozenset(self._connection.execute(query).scalars())

    def waiting(self) -> tuple[int, datetime | None]:
        """How many tasks wait, and since when the oldest does."""
        count, oldest = self._connection.execute(select(func.count(), func.min(outbox.c.id))).one()
        if not count:
            return 0, None
        since = self._connection.execute(select(outbox.c.created_at).where(outbox.c.id == oldest)).scalar_one_or_none()
        return count, since


class Outbox(ReadOutbox):
    """Tasks that can be added and taken away.

    They are taken away by number, never as "all up to this one": on PostgreSQL a task with a smaller number may be
    committed after one with a larger.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._changed: dict[int, datetime] = {}

    def add(self, topic: Topic, record_ids: Sequence[int], at: datetime) -> None:
        """One task for each record."""
        if record_ids:
            self._changed.update(dict.fromkeys(record_ids, at))
            self._connection.execute(
                insert(outbox),
                [{"topic": topic.value, "record_id": record_id, "created_at": at} for record_id in record_ids],
            )

    def hand_over(self) -> dict[int, datetime]:
        """The records that got tasks since the last time, and when they were changed."""
        changed, self._changed = self._changed, {}
        return changed

    def remove(self, task_ids: Sequence[int]) -> None:
        """Take away tasks that are done."""
        if task_ids:
            this = delete(outbox).where(outbox.c.id == bindparam("of_id"))
            self._connection.execute(this, [{"of_id": task_id} for task_id in task_ids])
