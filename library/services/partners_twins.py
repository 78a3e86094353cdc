"""Records of partners that may be of documents that are in the catalogue already: a person says whether they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from library.db.partners_records import TWIN, Twin
from library.db.records import ListedRecord
from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.errors import N_, InvalidPartner
from library.domain.journal import Deed
from library.domain.partners import TwinState
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
            twins = view.partner_records.twins(after, limit)
            numbers = sorted({number for twin in twins for number in (twin.record_id, twin.other_id)})
            listed = view.records.listed(numbers)
            origins = view.partner_records.of_records([twin.record_id for twin in twins])
            partners = {partner.id: partner.entry.name for partner in view.partners.all()}
        return [
            Pair(
                theirs=listed[twin.record_id],
                partner=partners.get(origins[twin.record_id].partner_id, ""),
                other=listed[twin.other_id],
                sameness=Sameness(twin.sameness),
            )
            for twin in twins
        ]

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
