"""Works given to the open archive: domain values to rows and back, and what the journal says of their way."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, insert, or_, select, update

from library.db.tables import deposits, journal, people, record_embargoes, records, works
from library.domain.deposit import Agreement, Deposit, DepositState, Stage
from library.domain.deposit_fields import DepositKind, Fields, from_facts
from library.domain.errors import N_, NotFound, StaleVersion
from library.domain.journal import Deed
from library.domain.record import Status
from library.domain.work import WorkState


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositFilter:
    """Which deposits a list shows; what is None or empty leaves all in. `asked`: those to be withdrawn on request."""

    stage: Stage | None = None
    faculties: frozenset[str] = frozenset()
    person_id: int | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A step on the way of a deposit: what was done, when, by whom (key and name), and the remark that came with it."""

    at: datetime
    deed: Deed
    actor: str
    actor_name: str
    remark: str


class ReadDeposits:
    """Deposits as they are, each with the state of its record and of the work on it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, deposit_id: int) -> Deposit:
        """The deposit with this number; `NotFound` where there is none."""
        row = self._connection.execute(_select().where(deposits.c.id == deposit_id)).one_or_none()
        if row is None:
            raise NotFound(N_("There is no deposit {id}."), id=deposit_id)
        return _deposit(row)

    def of_record(self, record_id: int) -> Deposit | None:
        """The deposit that this record came of."""
        row = self._connection.execute(_select().where(deposits.c.record_id == record_id)).first()
        return None if row is None else _deposit(row)

    def found(self, wanted: DepositFilter, limit: int, offset: int = 0) -> list[Deposit]:
        """A page of a list: the longest waiting first; of one person the newest."""
        query = _select().where(*_conditions(wanted))
        if wanted.person_id is not None:
            query = query.order_by(deposits.c.changed_at.desc(), deposits.c.id.desc())
        else:
            query = query.order_by(deposits.c.sent_at, deposits.c.id)
        return [_deposit(row) for row in self._connection.execute(query.limit(limit).offset(offset))]

    def count(self, wanted: DepositFilter) -> int:
        """How many the list has."""
        query = _joined(select(func.count())).where(*_conditions(wanted))
        found: int = self._connection.execute(query).scalar_one()
        return found

    def begun_since(self, person_id: int, since: datetime) -> int:
        """How many deposits this person began since that moment."""
        begun = (deposits.c.person_id == person_id, deposits.c.created_at >= since)
        query = select(func.count()).select_from(deposits).where(*begun)
        found: int = self._connection.execute(query).scalar_one()
        return found

    def untouched(self, person_id: int, kind: DepositKind, fields: Fields) -> Deposit | None:
        """A draft of this kind into which this person typed nothing yet."""
        empty = (
            deposits.c.person_id == person_id,
            deposits.c.kind == kind.value,
            deposits.c.state == DepositState.DRAFT.value,
            deposits.c.record_id.is_(None),
            deposits.c["fields"] == _text(fields),
        )
        row = self._connection.execute(_select().where(*empty).order_by(deposits.c.id)).first()
        return None if row is None else _deposit(row)

    def events(self, objects: Collection[str], deeds: Collection[Deed]) -> list[Event]:
        """When these deeds were done to these things, the oldest first: one query."""
        query = (
            select(journal.c.at, journal.c.deed, journal.c.actor, journal.c.actor_name, journal.c.after)
            .where(journal.c.object.in_(objects), journal.c.deed.in_([deed.value for deed in deeds]))
            .order_by(journal.c.seq)
        )
        return [
            Event(
                at=row.at,
                deed=Deed(row.deed),
                actor=row.actor,
                actor_name=row.actor_name,
                remark=str(json.loads(row.after).get("remark", "")),
            )
            for row in self._connection.execute(query)
        ]


class Deposits(ReadDeposits):
    """Deposits that can be begun and changed."""

    def add(self, deposit: Deposit) -> Deposit:
        """Keep a new one; it comes back with its number."""
        key = self._connection.execute(insert(deposits).values(_row(deposit))).inserted_primary_key
        assert key is not None, "the row was written"
        return replace(deposit, id=int(key[0]))

    def save(self, deposit: Deposit) -> Deposit:
        """Write the next version of a deposit as it was read and changed; `StaleVersion` if somebody was quicker."""
        statement = (
            update(deposits)
            .where(deposits.c.id == deposit.id, deposits.c.version == deposit.version)
            .values({**_row(deposit), "version": deposit.version + 1})
        )
        if self._connection.execute(statement).rowcount != 1:
            raise StaleVersion(N_("This deposit was changed meanwhile. Look at it again."))
        return replace(deposit, version=deposit.version + 1)

    def note_record(self, deposit: Deposit) -> None:
        """Its record, what was put into it, and its transfer; the version does not rise, for nothing was typed."""
        row = _row(deposit)
        values = {name: row[name] for name in ("record_id", "transfer_id", "recorded")}
        self._connection.execute(update(deposits).where(deposits.c.id == deposit.id).values(values))

    def hold(self, person_id: int) -> None:
        """Let nobody else begin deposits of this person before this transaction ends."""
        self._connection.execute(select(people.c.id).where(people.c.id == person_id).with_for_update())


# The embargo that keeps the approved record closed.
_CLOSED = (
    record_embargoes.c.record_id == records.c.id,
    record_embargoes.c.version == records.c.version,
    records.c.status != Status.PUBLISHED,
)


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(deposits)
        .join(people, people.c.id == deposits.c.person_id)
        .outerjoin(records, records.c.id == deposits.c.record_id)
        .outerjoin(works, works.c.record_id == deposits.c.record_id)
        .outerjoin(record_embargoes, and_(*_CLOSED))
    )


def _select() -> Select[Any]:
    told = (
        people.c.name.label("person_name"),
        records.c.status.label("record_status"),
        works.c.state.label("work_state"),
        record_embargoes.c.until.label("hidden_until"),
        deposits.c["fields"].label("typed"),
    )
    columns = [column for column in deposits.c if column.name != "fields"]
    return _joined(select(*columns, *told))


def _conditions(wanted: DepositFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.stage is not None:
        conditions.append(_at_stage(wanted.stage))
    if wanted.faculties:
        conditions.append(deposits.c.faculty.in_(wanted.faculties))
    if wanted.person_id is not None:
        conditions.append(deposits.c.person_id == wanted.person_id)
    if wanted.asked:
        conditions.append(deposits.c.asked_to_withdraw != "")
    return conditions


def _at_stage(stage: Stage) -> ColumnElement[bool]:
    """As `Deposit.stage` tells it."""
    confirmed = deposits.c.state == DepositState.CONFIRMED.value
    waits = works.c.state == WorkState.SUBMITTED
    is_open = record_embargoes.c.until.is_(None)
    match stage:
        case Stage.PUBLISHED:
            return and_(confirmed, or_(records.c.status == Status.PUBLISHED, ~is_open))
        case Stage.APPROVAL:
            return and_(confirmed, records.c.status == Status.DRAFT, is_open, waits)
        case Stage.CATALOGUING:
            is_draft = and_(confirmed, records.c.status == Status.DRAFT, is_open)
            return and_(is_draft, func.coalesce(works.c.state, "") != "submitted")
        case Stage.WITHDRAWN:
            gone = and_(confirmed, records.c.status == Status.WITHDRAWN, is_open)
            return (deposits.c.state == DepositState.WITHDRAWN.value) | gone
        case _:
            return deposits.c.state == stage.value


def _deposit(row: Row[*tuple[Any, ...]]) -> Deposit:
    agreement = None
    if row.accepted_at is not None:
        agreement = Agreement(
            text=row.agreement,
            language=row.agreement_language,
            version=row.agreement_version,
            accepted_at=row.accepted_at,
        )
    return Deposit(
        id=row.id,
        person_id=row.person_id,
        person_name=row.person_name,
        kind=DepositKind(row.kind),
        state=DepositState(row.state),
        fields=from_facts(json.loads(row.typed)),
        recorded=from_facts(json.loads(row.recorded)) if row.recorded else None,
        record_id=row.record_id or 0,
        transfer_id=row.transfer_id or 0,
        agreement=agreement,
        remark=row.remark,
        asked_to_withdraw=row.asked_to_withdraw,
        created_at=row.created_at,
        changed_at=row.changed_at,
        sent_at=row.sent_at,
        version=row.version,
        record_status=Status(row.record_status) if row.record_status else None,
        hidden_until=row.hidden_until,
        work_state=WorkState(row.work_state) if row.work_state else None,
    )


def _row(deposit: Deposit) -> dict[str, object]:
    agreement = deposit.agreement
    return {
        "person_id": deposit.person_id,
        "record_id": deposit.record_id or None,
        "transfer_id": deposit.transfer_id or None,
        "kind": deposit.kind.value,
        "state": deposit.state.value,
        "faculty": deposit.fields.faculty[:40],
        "fields": _text(deposit.fields),
        "recorded": _text(deposit.recorded) if deposit.recorded else "",
        "agreement": agreement.text if agreement else "",
        "agreement_language": agreement.language if agreement else "",
        "agreement_version": agreement.version if agreement else 0,
        "accepted_at": agreement.accepted_at if agreement else None,
        "remark": deposit.remark,
        "asked_to_withdraw": deposit.asked_to_withdraw,
        "created_at": deposit.created_at,
        "changed_at": deposit.changed_at,
        "sent_at": deposit.sent_at,
        "version": deposit.version,
    }


def _text(fields: Fields) -> str:
    return json.dumps(asdict(fields), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
