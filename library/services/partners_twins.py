"""Records of partners that may be of documents that are in the catalogue already: a person says whether they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from library.db.outbox import Topic
from library.db.partners_records import TWIN, Twin
from library.db.records import DescribedRecord, ListedRecord
from library.db.unit_of_work import Database, ReadingUnit
from library.domain.access import Action, Actor, require
from library.domain.errors import N_, InvalidPartner, NotFound
from library.domain.journal import Deed
from library.domain.partners import PartnerState, TwinState, source_of
from library.marc import dialects
from library.services.duplicates import Sameness
from library.services.partners_sweeping import SAME_AS_ANOTHER, hide


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A partner's record (`theirs`, of the partner of this name), another one, and what they have in common."""

    theirs: ListedRecord
    partner: str
    other: ListedRecord
    sameness: Sameness


@dataclass(frozen=True, slots=True)
class Twins:
    """Nothing is ever merged: a record that is the same is hidden, and its page leads to the other one."""

    database: Database
    clock: Callable[[], datetime]

    def page(self, after: tuple[int, int], limit: int, *, actor: Actor) -> list[Pair]:
        """Pairs that wait for a person, behind these two numbers."""
        require(actor, Action.HARVEST)
        with self.database.reading() as view:
            return _pairs(view, view.partner_records.twins(after, limit))

    def decided(self, after: tuple[int, int], limit: int, *, actor: Actor) -> list[Pair]:
        """Pairs that a person said to be one document, behind these two numbers: the partner's record is hidden."""
        require(actor, Action.HARVEST)
        with self.database.reading() as view:
            return _pairs(view, view.partner_records.same(after, limit))

    def decide(self, record_id: int, other_id: int, *, same: bool, actor: Actor) -> None:
        """Say that both are of one document, so that the partner's is hidden, or that they are not.

        `InvalidPartner` where the partner's record was edited here, and so can't be hidden behind another.
        """
        require(actor, Action.HARVEST)
        at = self.clock()
        with self.database.writing() as tx:
            twin: Twin = tx.partner_records.twin(record_id, other_id)
            state = TwinState.SAME if same else TwinState.DIFFERENT
            tx.partner_records.decide_twin(twin, state, actor.key, at)
            if same:
                item = tx.partner_records.of_records([record_id])[record_id]
                if hide(tx, [item], TWIN, SAME_AS_ANOTHER, at):
                    raise InvalidPartner(
                        N_("Record {id} was edited here. Withdraw it by hand if it is not needed."), id=record_id
                    )
            facts = {"other": other_id, "state": state.value}
            tx.journal.add(actor, Deed.TWIN_DECIDED, f"record:{record_id}", at, after=facts)
            tx.commit()

    def undo(self, record_id: int, other_id: int, *, actor: Actor) -> None:
        """Take back that both are of one document: the partner's record is shown again, and the pair waits once more.

        `InvalidPartner` where the partner is not harvested any more, or the record was changed meanwhile.
        """
        require(actor, Action.HARVEST)
        at = self.clock()
        with self.database.writing() as tx:
            twin = tx.partner_records.twin(record_id, other_id)
            item = tx.partner_records.of_records([record_id])[record_id]
            partner = tx.partners.find(item.partner_id)
            before = tx.records.get(record_id)
            if twin.state is not TwinState.SAME or item.hidden != TWIN:
                raise NotFound(N_("There is nothing to compare here any more."))
            if partner is None or partner.state not in (PartnerState.ACTIVE, PartnerState.PAUSED):
                raise InvalidPartner(N_("The partner that gave record {id} is no longer harvested."), id=record_id)
            if before.version != item.version or tx.works.find(record_id) is not None:
                raise InvalidPartner(
                    N_("Record {id} was edited here since. Approve it to show it again."), id=record_id
                )
            after = before.opened(by=actor.key, at=at)
            described = DescribedRecord(record=after, description=dialects.describe(after.dialect, after.marc))
            tx.records.replace([(before, described)])
            # What the partner sends next is taken in, whatever came while the record was hidden.
            tx.origins.set_back(partner.source, [(record_id, "", after.version)])
            tx.partner_records.show([record_id])
            tx.partner_records.decide_twin(twin, TwinState.OPEN, actor.key, at)
            tx.outbox.add(Topic.INDEX_RECORD, [record_id], at)
            was, now = {"state": TwinState.SAME.value}, {"other": other_id, "state": TwinState.OPEN.value}
            tx.journal.add(actor, Deed.TWIN_DECIDED, f"record:{record_id}", at, before=was, after=now)
            tx.commit()


def _pairs(view: ReadingUnit, twins: Sequence[Twin]) -> list[Pair]:
    numbers = sorted({number for twin in twins for number in (twin.record_id, twin.other_id)})
    listed = view.records.listed(numbers)
    origins = view.partner_records.of_records([twin.record_id for twin in twins])
    partners = view.partners.of_sources([source_of(origin.partner_id) for origin in origins.values()])
    return [
        Pair(
            theirs=listed[twin.record_id],
            partner=partners[source_of(origins[twin.record_id].partner_id)].entry.name,
            other=listed[twin.other_id],
            sameness=Sameness(twin.sameness),
        )
        for twin in twins
    ]
