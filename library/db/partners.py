"""Partners, where their harvests stand, and their runs: domain values to rows and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from library.db.tables import partner_runs, partner_standings, partners
from library.domain.errors import N_, Message, NotFound, StaleVersion
from library.domain.partners import (
    KeptPartner,
    PartnerEntry,
    PartnerForm,
    PartnerRun,
    PartnerState,
    RunCounts,
    RunKind,
    RunState,
    Schedule,
    source_of,
)

_COUNTS = tuple(RunCounts.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStanding:
    """Where a partner's harvest or comparison stands; `holes` is JSON, the checkpoint as it was written or empty."""

    since: datetime | None = None
    holes: str = "[]"
    checkpoint: str = ""


class ReadPartners:
    """Partners as they were entered."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, partner_id: int) -> KeptPartner:
        """The partner with this number; `NotFound` where there is none, or not any more."""
        found = self.find(partner_id)
        if found is None or found.state is PartnerState.REMOVED:
            raise NotFound(N_("There is no partner {id}."), id=partner_id)
        return found

    def find(self, partner_id: int) -> KeptPartner | None:
        """The partner with this number, removed or not."""
        row = self._connection.execute(select(partners).where(partners.c.id == partner_id)).one_or_none()
        return None if row is None else _partner(row)

    def all(self) -> list[KeptPartner]:
        """All that are not removed, by name."""
        query = select(partners).where(partners.c.state != PartnerState.REMOVED).order_by(partners.c.name)
        return [_partner(row) for row in self._connection.execute(query)]

    def of_sources(self, sources: Sequence[str]) -> dict[str, KeptPartner]:
        """The partners behind those of these sources that are partners', removed ones too: one query at most."""
        numbers = {int(source[4:]) for source in sources if source.startswith("oai:") and source[4:].isdecimal()}
        if not numbers:
            return {}
        query = select(partners).where(partners.c.id.in_(sorted(numbers)))
        return {source_of(row.id): _partner(row) for row in self._connection.execute(query)}

    def has_name(self, name: str, besides: int) -> bool:
        """Whether another partner than this one has the name."""
        query = select(partners.c.id).where(
            partners.c.name == name, partners.c.id != besides, partners.c.state != PartnerState.REMOVED
        )
        return self._connection.execute(query).first() is not None

    def standing(self, partner_id: int, kind: RunKind) -> KeptStanding:
        """Where its harvest or comparison stands."""
        query = select(partner_standings).where(
            partner_standings.c.partner_id == partner_id, partner_standings.c.kind == kind
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return KeptStanding()
        return KeptStanding(since=row.since, holes=row.holes, checkpoint=row.checkpoint)

    def run(self, run_id: int) -> PartnerRun:
        """The run with this number."""
        return _run(self._connection.execute(select(partner_runs).where(partner_runs.c.id == run_id)).one())

    def runs(self, partner_id: int, limit: int) -> list[PartnerRun]:
        """The newest runs of a partner first."""
        query = (
            select(partner_runs)
            .where(partner_runs.c.partner_id == partner_id)
            .order_by(partner_runs.c.id.desc())
            .limit(limit)
        )
        return [_run(row) for row in self._connection.execute(query)]

    def last_runs(self) -> dict[tuple[int, RunKind], PartnerRun]:
        """The newest run of each partner and kind: one query."""
        newest = select(func.max(partner_runs.c.id)).group_by(partner_runs.c.partner_id, partner_runs.c.kind)
        query = select(partner_runs).where(partner_runs.c.id.in_(newest))
        return {(run.partner_id, run.kind): run for run in map(_run, self._connection.execute(query))}


class Partners(ReadPartners):
    """Partners that can be entered, changed, harvested and taken away."""

    def add(self, entry: PartnerEntry, at: datetime, *, is_public: bool = False) -> int:
        """The number of a new one."""
        row = {
            **_entry_row(entry), "state": PartnerState.ACTIVE.value, "policy": "", "by_day": False, "asked": "",
            "is_public": is_public, "told_to": None, "version": 1, "changed_at": at,
        }  # fmt: skip
        key = self._connection.execute(insert(partners).values(row)).inserted_primary_key
        assert key is not None, "the row was written"
        return int(key[0])

    def replace(self, before: KeptPartner, after: KeptPartner, at: datetime) -> None:
        """Write the next version; `StaleVersion` where it was changed meanwhile."""
        values = {**_entry_row(after.entry), "state": after.state.value, "version": before.version + 1}
        statement = (
            update(partners)
            .where(partners.c.id == before.id, partners.c.version == before.version)
            .values({**values, "is_public": after.is_public, "told_to": after.told_to, "changed_at": at})
        )
        if self._connection.execute(statement).rowcount != 1:
            raise StaleVersion(N_("The partner “{name}” was changed meanwhile."), name=before.entry.name)

    def ask(self, partner_id: int, kind: RunKind | None) -> None:
        """Note that a person wants a run, or that it is done with."""
        self._update(partner_id, asked="" if kind is None else kind.value)

    def met(self, partner_id: int, policy: str, *, by_day: bool) -> None:
        """Note what the partner said of itself."""
        self._update(partner_id, policy=policy, by_day=by_day)

    def told_to(self, partner_id: int, record_id: int | None) -> None:
        """Note how far its records were brought up to date after a change; None when all are."""
        self._update(partner_id, told_to=record_id)

    def removed(self, partner_id: int) -> None:
        """Note that all its records are hidden."""
        self._update(partner_id, state=PartnerState.REMOVED.value)

    def keep_standing(self, partner_id: int, kind: RunKind, standing: KeptStanding) -> None:
        """Write where its harvest or comparison stands."""
        table, values = partner_standings, asdict(standing)
        here = (table.c.partner_id == partner_id, table.c.kind == kind)
        if self._connection.execute(update(table).where(*here).values(values)).rowcount == 0:
            self._connection.execute(insert(table).values(partner_id=partner_id, kind=kind.value, **values))

    def keep_checkpoint(self, partner_id: int, kind: RunKind, checkpoint: str) -> None:
        """Write how far it has got; the rest of its standing stays."""
        before = self.standing(partner_id, kind)
        self.keep_standing(partner_id, kind, replace(before, checkpoint=checkpoint))

    def begin_run(self, partner_id: int, kind: RunKind, at: datetime) -> int:
        """The number of a new run."""
        nothing = dict.fromkeys((*_COUNTS, "seconds", "missing", "holes", "visible", "vanishing"), 0)
        row = {
            "partner_id": partner_id, "kind": kind.value, "state": RunState.RUNNING.value, "started_at": at,
            "finished_at": None, "problem": "", "asks": False, **nothing,
        }  # fmt: skip
        key = self._connection.execute(insert(partner_runs).values(row)).inserted_primary_key
        assert key is not None, "the row was written"
        return int(key[0])

    def save_run(self, run: PartnerRun) -> None:
        """Write a run as it stands now."""
        statement = update(partner_runs).where(partner_runs.c.id == run.id)
        self._connection.execute(statement.values(_run_row(run)))

    def _update(self, partner_id: int, **values: object) -> None:
        self._connection.execute(update(partners).where(partners.c.id == partner_id).values(values))


def message_text(message: Message | None) -> str:
    """A message as its column holds it."""
    return "" if message is None else json.dumps([message.template, dict(message.values)], ensure_ascii=False)


def message_of(text: str) -> Message | None:
    """What `message_text` gave."""
    if not text:
        return None
    template, values = json.loads(text)
    return Message.of(template, **values)


def _entry_row(entry: PartnerEntry) -> dict[str, object]:
    return {
        "name": entry.name,
        "address": entry.address,
        "form": entry.form.value,
        "prefix": entry.prefix,
        "set_spec": entry.set_spec,
        "schedule": entry.schedule.value,
        "weekday": entry.weekday,
        "hour": entry.hour,
        "collection": entry.collection,
        "expose": entry.expose,
    }


def _partner(row: Row[*tuple[Any, ...]]) -> KeptPartner:
    return KeptPartner(
        id=row.id,
        version=row.version,
        entry=PartnerEntry(
            name=row.name,
            address=row.address,
            form=PartnerForm(row.form),
            prefix=row.prefix,
            set_spec=row.set_spec,
            schedule=Schedule(row.schedule),
            weekday=row.weekday,
            hour=row.hour,
            collection=row.collection,
            expose=row.expose,
        ),
        is_public=row.is_public,
        state=PartnerState(row.state),
        policy=row.policy,
        by_day=row.by_day,
        asked=RunKind(row.asked) if row.asked else None,
        told_to=row.told_to,
        changed_at=row.changed_at,
    )


def _run(row: Row[*tuple[Any, ...]]) -> PartnerRun:
    return PartnerRun(
        id=row.id,
        partner_id=row.partner_id,
        kind=RunKind(row.kind),
        state=RunState(row.state),
        started_at=row.started_at,
        finished_at=row.finished_at,
        seconds=row.seconds,
        counts=RunCounts(**{name: getattr(row, name) for name in _COUNTS}),
        problem=message_of(row.problem),
        holes=row.holes,
        missing=row.missing,
        asks=row.asks,
        visible=row.visible,
        vanishing=row.vanishing,
    )


def _run_row(run: PartnerRun) -> dict[str, object]:
    return {
        "state": run.state.value,
        "finished_at": run.finished_at,
        "seconds": run.seconds,
        **asdict(run.counts),
        "problem": message_text(run.problem),
        "holes": run.holes,
        "missing": run.missing,
        "asks": run.asks,
        "visible": run.visible,
        "vanishing": run.vanishing,
    }
