"""Partners' catalogues: the values that `harvest` searches by, to rows and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from harvest.lookup.model import Dialect, Protocol, SearchField, Target
from library.db.tables import targets
from library.domain.errors import N_, NotFound, StaleVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTarget:
    """A partner's catalogue with its number; `version` rises with every change."""

    id: int
    version: int
    target: Target


class ReadTargets:
    """Catalogues as they were entered."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, target_id: int) -> KeptTarget:
        """The catalogue with this number; `NotFound` where there is none."""
        row = self._connection.execute(select(targets).where(targets.c.id == target_id)).one_or_none()
        if row is None:
            raise NotFound(N_("There is no partner catalogue {id}."), id=target_id)
        return _kept(row)

    def all(self) -> list[KeptTarget]:
        """All of them by name."""
        return [_kept(row) for row in self._connection.execute(select(targets).order_by(targets.c.name))]

    def some(self, target_ids: Sequence[int]) -> list[KeptTarget]:
        """Those of these that exist, by name."""
        query = select(targets).where(targets.c.id.in_(target_ids)).order_by(targets.c.name)
        return [_kept(row) for row in self._connection.execute(query)]

    def has_name(self, name: str, besides: int) -> bool:
        """Whether another catalogue than this one has the name."""
        query = select(targets.c.id).where(targets.c.name == name, targets.c.id != besides)
        return self._connection.execute(query).first() is not None


class Targets(ReadTargets):
    """Catalogues that can be entered, changed and taken away."""

    def add(self, target: Target, at: datetime) -> int:
        """The number of a new one."""
        row = {**_row(target), "version": 1, "changed_at": at}
        key = self._connection.execute(insert(targets).values(row)).inserted_primary_key
        assert key is not None, "the row was written"
        return int(key[0])

    def replace(self, before: KeptTarget, target: Target, at: datetime) -> None:
        """Write the next version; `StaleVersion` where it was changed meanwhile."""
        statement = (
            update(targets)
            .where(targets.c.id == before.id, targets.c.version == before.version)
            .values({**_row(target), "version": before.version + 1, "changed_at": at})
        )
        _require_one(self._connection.execute(statement).rowcount, before)

    def remove(self, before: KeptTarget) -> None:
        """Take it away; `StaleVersion` where it was changed meanwhile."""
        statement = delete(targets).where(targets.c.id == before.id, targets.c.version == before.version)
        _require_one(self._connection.execute(statement).rowcount, before)


def _require_one(count: int, before: KeptTarget) -> None:
    if count != 1:
        raise StaleVersion(N_("The partner catalogue “{name}” was changed meanwhile."), name=before.target.name)


def _kept(row: Row[*tuple[Any, ...]]) -> KeptTarget:
    return KeptTarget(
        id=row.id,
        version=row.version,
        target=Target(
            name=row.name,
            protocol=Protocol(row.protocol),
            address=row.address,
            database=row.database,
            version=row.sru_version,
            record_format=row.record_format,
            dialect=Dialect(row.dialect),
            query_charset=row.query_charset,
            record_charset=row.record_charset,
            indexes={SearchField(name): index for name, index in json.loads(row.indexes).items()},
        ),
    )


def _row(target: Target) -> dict[str, object]:
    return {
        "name": target.name,
        "protocol": target.protocol.value,
        "address": target.address,
        "database": target.database,
        "sru_version": target.version,
        "record_format": target.record_format,
        "dialect": target.dialect.value,
        "query_charset": target.query_charset,
        "record_charset": target.record_charset,
        "indexes": json.dumps({name.value: index for name, index in sorted(target.indexes.items())}),
    }
