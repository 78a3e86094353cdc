"""Rebuilds of the index: who asked, how far it is, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from library.db.tables import index_builds


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexBuild:
    """One rebuild: `done` of `total` entries; `problem` is why it failed, or empty."""

    id: int
    done: int
    total: int
    started: bool
    finished: bool
    problem: str


class ReadIndexBuilds:
    """Rebuilds, asked for and done."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, build_id: int) -> IndexBuild:
        """How far this rebuild is."""
        row = self._connection.execute(select(index_builds).where(index_builds.c.id == build_id)).one()
        return IndexBuild(
            id=row.id,
            done=row.done,
            total=row.total,
            started=row.started_at is not None,
            finished=row.finished_at is not None,
            problem=row.problem,
        )

    def wanted(self) -> list[int]:
        """The numbers of the rebuilds that are not finished, oldest first."""
        query = select(index_builds.c.id).where(index_builds.c.finished_at.is_(None)).order_by(index_builds.c.id)
        return list(self._connection.execute(query).scalars())


class IndexBuilds(ReadIndexBuilds):
    """Rebuilds that are asked for and written down as they go."""

    def ask(self, at: datetime) -> int:
        """Ask for a rebuild; its number, to follow it by."""
        values = {"requested_at": at, "done": 0, "total": 0, "problem": ""}
        key = self._connection.execute(insert(index_builds).values(values)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def advance(self, build_ids: list[int], done: int, total: int, at: datetime) -> None:
        """Note how far the rebuild is that answers these requests."""
        self._change(build_ids, {"started_at": at, "done": done, "total": total})

    def finish(self, build_ids: list[int], problem: str, at: datetime) -> None:
        """Note that the rebuild which answers these requests ended; `problem` is empty where it went well."""
        self._change(build_ids, {"finished_at": at, "problem": problem})

    def _change(self, build_ids: list[int], values: dict[str, object]) -> None:
        self._connection.execute(update(index_builds).where(index_builds.c.id.in_(build_ids)).values(values))
