"""Records of partners that were set aside for a person."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from library.db.partners import message_of, message_text
from library.db.tables import partner_rejects
from library.domain.errors import N_, Message, NotFound
from library.domain.partners import RejectKind, RejectState

CHUNK = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A record that was set aside, as it came, and why."""

    id: int
    partner_id: int
    identifier: str
    kind: RejectKind
    state: RejectState
    raw: bytes
    reason: Message
    came_at: datetime


class ReadPartnerRejects:
    """What was set aside, as it stands."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def reject(self, reject_id: int) -> Reject:
        """The record that was set aside under this number; `NotFound` where there is none."""
        row = self._connection.execute(select(partner_rejects).where(partner_rejects.c.id == reject_id)).one_or_none()
        if row is None:
            raise NotFound(N_("There is no rejected record {id}."), id=reject_id)
        return _reject(row)

    def rejects(self, partner_id: int, after: int, limit: int) -> list[Reject]:
        """Those of a partner that wait for a person, in the order of their numbers."""
        query = (
            select(partner_rejects)
            .where(
                partner_rejects.c.partner_id == partner_id,
                partner_rejects.c.state == RejectState.OPEN,
                partner_rejects.c.id > after,
            )
            .order_by(partner_rejects.c.id)
            .limit(limit)
        )
        return [_reject(row) for row in self._connection.execute(query)]

    def open_rejects(self) -> dict[int, int]:
        """How many wait for a person, by partner."""
        query = (
            select(partner_rejects.c.partner_id, func.count())
            .where(partner_rejects.c.state == RejectState.OPEN)
            .group_by(partner_rejects.c.partner_id)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}


class PartnerRejects(ReadPartnerRejects):
    """What is set aside, and what a person does with it."""

    def set_aside(self, new: Sequence[Reject]) -> int:
        """Keep these for a person; how many are open that were not before.

        One that came before, byte for byte, stays as a person left it; another one of that name replaces it.
        """
        opened = 0
        for reject in new:
            opened += self._set_aside(reject)
        return opened

    def _set_aside(self, reject: Reject) -> bool:
        table = partner_rejects
        digest = hashlib.sha256(reject.raw).hexdigest()
        here = [table.c.partner_id == reject.partner_id, table.c.identifier == reject.identifier]
        if not reject.identifier:
            here.append(table.c.digest == digest)
        row = self._connection.execute(select(table.c.id, table.c.digest, table.c.state).where(*here)).first()
        values = {
            "kind": reject.kind.value, "state": RejectState.OPEN.value, "digest": digest, "raw": reject.raw,
            "reason": message_text(reject.reason), "came_at": reject.came_at,
        }  # fmt: skip
        if row is None:
            self._connection.execute(
                insert(table).values(partner_id=reject.partner_id, identifier=reject.identifier, **values)
            )
            return True
        if row.digest == digest and row.state != RejectState.SETTLED:
            return False
        self._connection.execute(update(table).where(table.c.id == row.id).values(values))
        return str(row.state) != RejectState.OPEN

    def settle(self, partner_id: int, identifiers: Sequence[str]) -> None:
        """Note that these came well after all."""
        table = partner_rejects
        for start in range(0, len(identifiers), CHUNK):
            statement = update(table).where(
                table.c.partner_id == partner_id,
                table.c.state == RejectState.OPEN,
                table.c.identifier.in_(identifiers[start : start + CHUNK]),
            )
            self._connection.execute(statement.values(state=RejectState.SETTLED.value))

    def decide_reject(self, reject_id: int, state: RejectState) -> None:
        """Note what a person did with a rejected record."""
        statement = update(partner_rejects).where(partner_rejects.c.id == reject_id)
        self._connection.execute(statement.values(state=state.value))


def _reject(row: Row[*tuple[Any, ...]]) -> Reject:
    reason = message_of(row.reason)
    assert reason is not None, "nothing is set aside without a reason"
    return Reject(
        id=row.id,
        partner_id=row.partner_id,
        identifier=row.identifier,
        kind=RejectKind(row.kind),
        state=RejectState(row.state),
        raw=bytes(row.raw),
        reason=reason,
        came_at=row.came_at,
    )
