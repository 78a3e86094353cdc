"""Embargoes of whole records: set by an approver, moved, ended early; and ended by the worker when their day begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Action, Actor, require
from library.domain.embargo import RecordEmbargo, embargo_of, require_future
from library.domain.errors import N_, InvalidEmbargo
from library.domain.journal import Deed
from library.domain.record import CatalogueRecord, Status
from library.services.cataloguing import Stamp, Workplace
from library.services.embargo_closing import note_closed, open_record, reason_of, save

AT_ONCE = 200
KEEPER = Actor(key="worker", name="library worker")


@dataclass(frozen=True, slots=True)
class Embargoes:
    """Each method is one transaction, journalled. Days begin where the library is."""

    database: Database
    clock: Callable[[], datetime]

    def find(self, record_id: int) -> RecordEmbargo | None:
        """The embargo that keeps a record closed now, or will when it is approved."""
        with self.database.reading() as view:
            return _in_force(view.embargoes.find(record_id), view.records.get(record_id))

    def close(self, record_id: int, until: date, *, expected: Stamp, actor: Actor) -> None:
        """Close a record until this day, or move the day; one that nobody approved yet is closed with its approval.

        `InvalidEmbargo` for a day that is past or too far off, and for a record that was withdrawn for another reason.
        """
        require(actor, Action.WITHDRAW)
        at = self.clock()
        embargo = embargo_of(record_id, until, self.database.zone)
        require_future(embargo, at)
        with self.database.writing() as tx:
            before = _record(tx, record_id, expected)
            former = _in_force(tx.embargoes.find(record_id), before)
            if before.status is Status.WITHDRAWN and former is None:
                raise InvalidEmbargo(N_("This record was withdrawn. It has to be approved again before it can open."))
            if before.status is not Status.DRAFT or (former is not None and not former.is_planned):
                after = before.closed_until(reason_of(embargo), by=actor.key, at=at)
                save(tx, before, after)
                embargo = replace(embargo, version=after.version)
            tx.embargoes.keep(embargo)
            note_closed(tx, embargo, before, actor, at)
            tx.commit()

    def end(self, record_id: int, *, expected: Stamp, actor: Actor) -> None:
        """Open a closed record at once, or let one open with its approval; `InvalidEmbargo` where there is none."""
        require(actor, Action.WITHDRAW)
        at = self.clock()
        with self.database.writing() as tx:
            before = _record(tx, record_id, expected)
            embargo = _in_force(tx.embargoes.find(record_id), before)
            if embargo is None:
                raise InvalidEmbargo(N_("This record has no embargo."))
            if embargo.is_planned:
                tx.embargoes.remove(record_id)
                tx.journal.add(actor, Deed.RECORD_OPENED, f"record:{record_id}", at)
            else:
                open_record(tx, before, actor, at)
            tx.commit()

    def step(self) -> bool:
        """Open the next records whose day has begun; whether there were any. It may be killed at any time."""
        at = self.clock()
        with self.database.reading() as view:
            if not view.embargoes.due(at, 1):
                return False
        with self.database.writing() as tx:
            due = tx.embargoes.due(at, AT_ONCE)
            now = tx.records.many([embargo.record_id for embargo in due])
            for embargo in due:
                record = now[embargo.record_id]
                if embargo.holds(record.version, record.status):
                    open_record(tx, record, KEEPER, at)
                else:
                    tx.embargoes.remove(embargo.record_id)
            tx.commit()
        return True


def _record(tx: UnitOfWork, record_id: int, expected: Stamp) -> CatalogueRecord:
    record = tx.records.get(record_id)
    place = Workplace(record=record, work=tx.works.find(record_id), base=record.marc)
    return place.expecting(expected).record


def _in_force(embargo: RecordEmbargo | None, record: CatalogueRecord) -> RecordEmbargo | None:
    if embargo is None:
        return None
    is_planned = embargo.is_planned and record.status is Status.DRAFT
    return embargo if is_planned or embargo.holds(record.version, record.status) else None
