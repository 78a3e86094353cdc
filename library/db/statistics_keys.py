"""Keys of officials and the calls that were made by them: domain values to rows and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from library.db.tables import statistics_calls, statistics_keys
from library.domain.errors import N_, NotFound, StaleVersion
from library.domain.statistics_keys import Call, KeyEntry, Scope, StatisticsKey


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedCall:
    """A call with its number; `key` is None where the key was none of ours."""

    id: int
    call: Call
    key: StatisticsKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """How often a key was used, and when last."""

    calls: int
    last_at: datetime


class ReadStatisticsKeys:
    """Keys as they are, and what was asked by them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key_id: int) -> StatisticsKey:
        """A key; `NotFound` where there is none."""
        query = select(statistics_keys).where(statistics_keys.c.id == key_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(N_("There is no key {id}."), id=key_id)
        return _key(row)

    def by_prefix(self, prefix: str) -> tuple[StatisticsKey, str] | None:
        """The key that begins so, with its digest."""
        row = self._connection.execute(select(statistics_keys).where(statistics_keys.c.prefix == prefix)).one_or_none()
        return None if row is None else (_key(row), row.digest)

    def all(self) -> list[StatisticsKey]:
        """All keys, the newest first."""
        query = select(statistics_keys).order_by(statistics_keys.c.id.desc())
        return [_key(row) for row in self._connection.execute(query)]

    def used(self) -> Mapping[int, Used]:
        """How each key was used, by its number."""
        query = select(statistics_calls.c.key_id, func.count(), func.max(statistics_calls.c.at)).where(
            statistics_calls.c.key_id.is_not(None)
        )
        rows = self._connection.execute(query.group_by(statistics_calls.c.key_id)).all()
        return {row[0]: Used(calls=row[1], last_at=row[2]) for row in rows}

    def answered_since(self, key_id: int, at: datetime) -> int:
        """How many calls by a key were answered since, and not because there were too many."""
        query = (
            select(func.count())
            .where(statistics_calls.c.key_id == key_id, statistics_calls.c.at > at)
            .where(statistics_calls.c.status != HTTPStatus.TOO_MANY_REQUESTS)
        )
        return self._connection.execute(query).scalar_one()

    def calls(self, key_id: int | None, below: int | None, limit: int) -> list[NotedCall]:
        """Calls by one key, or by all, with numbers under `below`, the newest first."""
        query = select(statistics_calls).order_by(statistics_calls.c.id.desc()).limit(limit)
        if key_id is not None:
            query = query.where(statistics_calls.c.key_id == key_id)
        if below is not None:
            query = query.where(statistics_calls.c.id < below)
        rows = self._connection.execute(query).all()
        keys = {key.id: key for key in self.all()} if rows else {}
        return [NotedCall(id=row.id, call=_call(row), key=keys.get(row.key_id)) for row in rows]


class StatisticsKeys(ReadStatisticsKeys):
    """Keys that can be issued and revoked, and calls that are noted."""

    def add(self, key: StatisticsKey, digest: str) -> StatisticsKey:
        """Write a new key; the same with its number."""
        entry, scope = key.entry, key.entry.scope
        row = {
            "prefix": key.prefix,
            "digest": digest,
            "label": entry.label,
            "official": entry.official,
            "indicators": json.dumps(scope.indicators),
            "first_day": scope.first,
            "last_day": scope.last,
            "counter": scope.counter,
            "expires_on": entry.expires_on,
            "networks": json.dumps(entry.networks),
            "issued_at": key.issued_at,
            "issued_by": key.issued_by,
            "issued_by_name": key.issued_by_name,
            "revoked_by_name": "",
        }
        number = self._connection.execute(insert(statistics_keys).values(row).returning(statistics_keys.c.id))
        return self.get(number.scalar_one())

    def revoke(self, key_id: int, by: str, at: datetime) -> None:
        """Let a key open nothing from now on; `StaleVersion` where that was done already."""
        this = update(statistics_keys).where(statistics_keys.c.id == key_id, statistics_keys.c.revoked_at.is_(None))
        if self._connection.execute(this.values(revoked_at=at, revoked_by_name=by)).rowcount != 1:
            raise StaleVersion(N_("This key was revoked already."))

    def note(self, call: Call) -> None:
        """Write what was asked and how it was answered."""
        row = {
            "at": call.at,
            "key_id": call.key_id or None,
            "path": call.path,
            "status": call.status,
            "code": call.code,
            "figures": call.figures,
        }
        self._connection.execute(insert(statistics_calls).values(row))


def _key(row: Row[*tuple[Any, ...]]) -> StatisticsKey:
    scope = Scope(
        indicators=tuple(json.loads(row.indicators)), first=row.first_day, last=row.last_day, counter=row.counter
    )
    return StatisticsKey(
        id=row.id,
        prefix=row.prefix,
        entry=KeyEntry(
            label=row.label,
            official=row.official,
            scope=scope,
            expires_on=row.expires_on,
            networks=tuple(json.loads(row.networks)),
        ),
        issued_at=row.issued_at,
        issued_by=row.issued_by,
        issued_by_name=row.issued_by_name,
        revoked_at=row.revoked_at,
        revoked_by_name=row.revoked_by_name,
    )


def _call(row: Row[*tuple[Any, ...]]) -> Call:
    return Call(at=row.at, key_id=row.key_id or 0, path=row.path, status=row.status, code=row.code, figures=row.figures)
