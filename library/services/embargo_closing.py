"""How records are closed until a day, and opened on it, inside the transaction of whoever does it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from library.db.outbox import Topic
from library.db.records import DescribedRecord
from library.db.unit_of_work import UnitOfWork
from library.domain.access import Actor
from library.domain.embargo import RecordEmbargo
from library.domain.journal import Deed
from library.domain.record import CatalogueRecord
from library.marc import dialects

REASON = "embargo until {day}"
"""What the record says of itself while it is closed: pages tell the day in the language of their readers."""


def reason_of(embargo: RecordEmbargo) -> str:
    """The reason with its day."""
    return REASON.format(day=embargo.until)


def still_closed(tx: UnitOfWork, before: CatalogueRecord, approved: CatalogueRecord, at: datetime) -> CatalogueRecord:
    """A record as it is after an approval: open, unless an embargo keeps it closed, which is noted with its version.

    An embargo that has ended meanwhile is forgotten.
    """
    embargo = tx.embargoes.find(before.id)
    if embargo is None:
        return approved
    if embargo.opens_at <= at or not (embargo.is_planned or embargo.holds(before.version, before.status)):
        tx.embargoes.remove(before.id)
        return approved
    tx.embargoes.keep(replace(embargo, version=approved.version))
    return approved.closed(before.status, reason_of(embargo))


def note_closed(tx: UnitOfWork, embargo: RecordEmbargo, before: CatalogueRecord, actor: Actor, at: datetime) -> None:
    """Write into the journal until when a record is closed."""
    was, now = {"status": before.status.value}, {"until": embargo.until.isoformat()}
    tx.journal.add(actor, Deed.RECORD_EMBARGOED, f"record:{before.id}", at, before=was, after=now)


def open_record(tx: UnitOfWork, before: CatalogueRecord, actor: Actor, at: datetime) -> CatalogueRecord:
    """The record, open to readers and harvesters from now on; its embargo is forgotten."""
    after = before.opened(by=actor.key, at=at)
    save(tx, before, after)
    tx.embargoes.remove(before.id)
    was = {"status": before.status.value}
    tx.journal.add(
        actor, Deed.RECORD_OPENED, f"record:{before.id}", at, before=was, after={"status": after.status.value}
    )
    return after


def save(tx: UnitOfWork, before: CatalogueRecord, after: CatalogueRecord) -> None:
    """Write the next version, for index and harvesters too."""
    described = DescribedRecord(record=after, description=dialects.describe(after.dialect, after.marc))
    tx.records.replace([(before, described)])
    tx.outbox.add(Topic.INDEX_RECORD, [after.id], after.changed_at)
