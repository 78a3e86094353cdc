"""What is done to many records of a partner at once: hidden, or told anew to the index and to those who harvest us."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from library.db.outbox import Topic
from library.db.partners_records import DELETED, REMOVED, Mark, PartnerRecord
from library.db.partners_rejects import Reject
from library.db.records import DescribedRecord
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.errors import N_, Message
from library.domain.partners import KeptPartner, PartnerState, RejectKind, RejectState, source_of
from library.domain.record import CatalogueRecord, Status
from library.marc import dialects
from library.services.partners_sink import HARVESTER

AT_ONCE = 200
DELETED_THERE = N_("deleted by the partner that gave it")
NOT_HARVESTED = N_("given by a partner that is no longer harvested")
SAME_AS_ANOTHER = N_("in the catalogue under another number already")
REASONS = (DELETED_THERE, NOT_HARVESTED, SAME_AS_ANOTHER)
_EDITED_HERE = N_(
    "The partner deleted this record, but record {id} was edited here. It was not hidden: withdraw it by hand."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeping:
    """Each step is one transaction over some hundred records, so that others need not wait; it can be killed at any."""

    database: Database
    clock: Callable[[], datetime]

    def step(self, partner: KeptPartner) -> bool:
        """Do the next piece of work for a partner; False where there is none."""
        with self.database.reading() as view:
            is_idle = partner.state is not PartnerState.REMOVING and partner.told_to is None
            if is_idle and not view.partner_records.to_hide(partner.id, 1):
                return False
        at = self.clock()
        with self.database.writing() as tx:
            if partner.state is PartnerState.REMOVING:
                self._remove(tx, partner, at)
            elif hidden := tx.partner_records.to_hide(partner.id, AT_ONCE):
                for one in hide(tx, hidden, DELETED, DELETED_THERE, at):
                    tx.partner_rejects.set_aside([_edited_here(one, at)])
            else:
                self._tell(tx, partner, partner.told_to or 0, at)
            tx.commit()
        return True

    def all(self, partner_id: int) -> None:
        """Do all there is to do for a partner."""
        while True:
            with self.database.reading() as view:
                partner = view.partners.find(partner_id)
            if partner is None or partner.state is PartnerState.REMOVED or not self.step(partner):
                return

    def _remove(self, tx: UnitOfWork, partner: KeptPartner, at: datetime) -> None:
        """Hide the next records; those that were edited here are ours by now, and stay."""
        items = tx.partner_records.after(partner.id, partner.told_to or 0, AT_ONCE)
        if not items:
            tx.partners.removed(partner.id)
            return
        hide(tx, items, REMOVED, NOT_HARVESTED, at)
        tx.partners.told_to(partner.id, items[-1].record_id)

    def _tell(self, tx: UnitOfWork, partner: KeptPartner, after: int, at: datetime) -> None:
        items = tx.partner_records.after(partner.id, after, AT_ONCE)
        numbers = [item.record_id for item in items]
        tx.outbox.add(Topic.INDEX_RECORD, numbers, at)
        tx.partners.told_to(partner.id, numbers[-1] if numbers else None)


def hide(tx: UnitOfWork, items: Sequence[PartnerRecord], why: str, reason: str, at: datetime) -> list[PartnerRecord]:
    """Withdraw these with a tombstone each; those that were edited here, or are being edited, stay and are given back.

    What is hidden comes in again when the partner has it again.
    """
    numbers = [item.record_id for item in items]
    now, busy = tx.records.many(numbers), tx.works.many(numbers)
    kept: list[PartnerRecord] = []
    changed: list[tuple[CatalogueRecord, DescribedRecord]] = []
    sources: dict[int, list[tuple[int, str, int]]] = {}
    for item in items:
        record = now[item.record_id]
        if record.version != item.version or record.id in busy or record.status is not Status.PUBLISHED:
            kept.append(item)
            continue
        after = record.withdraw(reason, by=HARVESTER.key, at=at)
        described = DescribedRecord(record=after, description=dialects.describe(after.dialect, after.marc))
        changed.append((record, described))
        sources.setdefault(item.partner_id, []).append((record.id, "", after.version))
    tx.records.replace(changed)
    for partner_id, records in sources.items():
        tx.origins.set_back(source_of(partner_id), records)
    hidden = [record.id for record, _ in changed]
    tx.partner_records.hide(hidden, why)
    tx.partner_records.mark([item.record_id for item in kept], Mark.NONE)
    tx.outbox.add(Topic.INDEX_RECORD, hidden, at)
    return kept


def _edited_here(item: PartnerRecord, at: datetime) -> Reject:
    return Reject(
        id=0,
        partner_id=item.partner_id,
        identifier=item.identifier,
        kind=RejectKind.CONFLICT,
        state=RejectState.OPEN,
        raw=b"",
        reason=Message.of(_EDITED_HERE, id=item.record_id),
        came_at=at,
    )
