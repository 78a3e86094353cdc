"""A work that a scholar or student gives to the open archive, and its life until the catalogue takes it over.

draft -> sent -> confirmed by the department, or returned with a reason; withdrawn by whoever gave it. What becomes of a
confirmed one is told by its record: in cataloguing, waiting for approval, published, withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from library.domain.access import Action, Actor, may, require
from library.domain.deposit_fields import NOTHING, DepositKind, Fields
from library.domain.errors import N_, DepositNotReady, FourEyes, StaleVersion
from library.domain.record import Status
from library.domain.work import WorkState

LONGEST_REASON = 2_000


class DepositState(StrEnum):
    """Where a deposit stands."""

    DRAFT = "draft"
    SENT = "sent"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    """What its depositor sees: the state, and after the confirmation how far the library is."""

    DRAFT = "draft"
    SENT = "sent"
    RETURNED = "returned"
    CATALOGUING = "cataloguing"
    APPROVAL = "approval"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The words that a depositor accepted, as they stood on that day: in which language and version, and when."""

    text: str
    language: str
    version: int
    accepted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A work with what is said of it.

    `person_id` gave it. `record_id` is its record, 0 until it has one, and `transfer_id` the transfer of its files.
    `recorded` is what was last put into the record. `remark` is why it was returned; `asked_to_withdraw` why its
    depositor wants a published one withdrawn. `record_status` and `work_state` are those of the record, None where
    there is none; `hidden_until` is set while an embargo keeps the approved record closed.
    """

    id: int = 0
    person_id: int
    person_name: str = ""
    kind: DepositKind
    state: DepositState = DepositState.DRAFT
    fields: Fields = NOTHING
    recorded: Fields | None = None
    record_id: int = 0
    transfer_id: int = 0
    agreement: Agreement | None = None
    remark: str = ""
    asked_to_withdraw: str = ""
    created_at: datetime
    changed_at: datetime
    sent_at: datetime | None = None
    version: int = 1
    record_status: Status | None = None
    hidden_until: date | None = None
    work_state: WorkState | None = None

    @property
    def key(self) -> str:
        """What the journal calls it."""
        return f"deposit:{self.id}"

    @property
    def number(self) -> str:
        """The number of the agreement with its author."""
        return f"D-{self.id}"

    @property
    def depositor(self) -> str:
        """The key of whoever gave it."""
        return f"person:{self.person_id}"

    @property
    def is_open(self) -> bool:
        """Whether its depositor may change it."""
        return self.state in (DepositState.DRAFT, DepositState.RETURNED)

    @property
    def is_published(self) -> bool:
        """Whether readers see its record, or will on the day that is set."""
        return self.record_status is Status.PUBLISHED or self.hidden_until is not None

    @property
    def stage(self) -> Stage:
        """What its depositor sees."""
        if self.state is not DepositState.CONFIRMED:
            return Stage(self.state.value)
        if self.is_published:
            return Stage.PUBLISHED
        if self.record_status is Status.WITHDRAWN:
            return Stage.WITHDRAWN
        return Stage.APPROVAL if self.work_state is WorkState.SUBMITTED else Stage.CATALOGUING

    def is_shown_to(self, actor: Actor) -> bool:
        """Whether this actor may see it: its depositor; others with the right to, once it was sent."""
        return actor.key == self.depositor or (self.sent_at is not None and may(actor, Action.SEE_DEPOSITS))

    def expecting(self, version: int) -> Deposit:
        """This, if it still has the version that was read; else `StaleVersion`."""
        if version != self.version:
            raise StaleVersion(N_("This deposit was changed meanwhile. Look at it again."))
        return self

    def require_open(self) -> Deposit:
        """This, if its depositor may change it now; else `DepositNotReady`."""
        if not self.is_open:
            raise DepositNotReady(N_("This deposit was sent already. It can be changed when it is returned."))
        return self

    def typed(self, fields: Fields, at: datetime) -> Deposit:
        """With other fields, as long as it is open."""
        return replace(self.require_open(), fields=fields, changed_at=at)

    def send(self, agreement: Agreement, at: datetime) -> Deposit:
        """Given to the department."""
        self.require_open()
        return replace(self, state=DepositState.SENT, agreement=agreement, remark="", sent_at=at, changed_at=at)

    def confirm(self, actor: Actor, at: datetime) -> Deposit:
        """Confirmed by the department: by another person than the depositor, whatever their roles."""
        require(actor, Action.CONFIRM_DEPOSITS)
        if actor.key == self.depositor:
            raise FourEyes(N_("This is your own work: another person has to confirm it."))
        if self.state is not DepositState.SENT:
            raise DepositNotReady(N_("Only a deposit that was sent can be confirmed."))
        return replace(self, state=DepositState.CONFIRMED, changed_at=at)

    def return_(self, reason: str, at: datetime) -> Deposit:
        """Given back to its depositor with what is to be mended."""
        if not reason:
            raise DepositNotReady(N_("Write what has to be mended."))
        if self.stage not in (Stage.SENT, Stage.CATALOGUING, Stage.APPROVAL):
            raise DepositNotReady(N_("Only a deposit that was sent, and is not published, can be returned."))
        return replace(self, state=DepositState.RETURNED, remark=reason, changed_at=at)

    def withdraw(self, at: datetime) -> Deposit:
        """Given up by its depositor before it was published."""
        if self.is_published or self.stage is Stage.WITHDRAWN:
            raise DepositNotReady(N_("A published work is withdrawn by the library. Ask it, with the reason."))
        return replace(self, state=DepositState.WITHDRAWN, changed_at=at)

    def ask_to_withdraw(self, reason: str, at: datetime) -> Deposit:
        """Its depositor asks the library to withdraw the published work."""
        if self.stage is not Stage.PUBLISHED:
            raise DepositNotReady(N_("Only a published work is withdrawn by the library."))
        if not reason:
            raise DepositNotReady(N_("Write why the work should be withdrawn."))
        return replace(self, asked_to_withdraw=reason, changed_at=at)


def require_confirmed(deposit: Deposit | None) -> None:
    """Raise `DepositNotReady` for the record of a deposit that its department has not confirmed."""
    if deposit is not None and deposit.state is not DepositState.CONFIRMED and not deposit.is_published:
        raise DepositNotReady(
            N_("This record came of deposit {id}, which the department has not confirmed yet."), id=deposit.id
        )
