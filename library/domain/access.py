"""Who may do what: the whole policy.

`PERMISSIONS` is the one table: routes, services, the documentation and the tests read it, nothing decides beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from library.domain.errors import N_, FourEyes, NotEntitled
from library.domain.people import Role
from library.domain.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something: a person who signed in, a guest, or a part of the program.

    `key` names the actor for ever in histories and in the journal: `person:12`, `guest`, `import`, `worker`. `name` is
    what the person was called at the time.
    """

    key: str
    name: str
    roles: frozenset[Role] = frozenset()

    @classmethod
    def person(cls, person_id: int, name: str, roles: frozenset[Role]) -> Actor:
        """A person with an account."""
        return cls(key=f"person:{person_id}", name=name, roles=roles)


GUEST = Actor(key="guest", name="")


class Action(StrEnum):
    """What the permissions are about. Reading the public catalogue needs none."""

    OWN_ACCOUNT = "own-account"
    SEE_WORK = "see-work"
    CATALOGUE = "catalogue"
    APPROVE = "approve"
    APPROVE_IN_EMERGENCY = "approve-in-emergency"
    WITHDRAW = "withdraw"
    BATCH = "batch"
    IMPORT = "import"
    AUTHORITIES = "authorities"
    HOLDINGS = "holdings"
    WRITE_OFF = "write-off"
    READERS = "readers"
    STAFF = "staff"
    JOURNAL = "journal"
    SETTINGS = "settings"
    SYSTEM = "system"


_EVERYBODY = frozenset(Role)

PERMISSIONS: Mapping[Action, frozenset[Role]] = {
    Action.OWN_ACCOUNT: _EVERYBODY,
    Action.SEE_WORK: frozenset({Role.CATALOGUER, Role.APPROVER, Role.HEAD, Role.INSPECTOR}),
    Action.CATALOGUE: frozenset({Role.CATALOGUER, Role.HEAD}),
    Action.APPROVE: frozenset({Role.APPROVER, Role.HEAD}),
    Action.APPROVE_IN_EMERGENCY: frozenset({Role.HEAD}),
    Action.WITHDRAW: frozenset({Role.APPROVER, Role.HEAD}),
    Action.BATCH: frozenset({Role.CATALOGUER, Role.HEAD}),
    Action.IMPORT: frozenset({Role.CATALOGUER, Role.HEAD}),
    Action.AUTHORITIES: frozenset({Role.CATALOGUER, Role.HEAD}),
    Action.HOLDINGS: frozenset({Role.CATALOGUER, Role.HEAD}),
    Action.WRITE_OFF: frozenset({Role.HEAD}),
    Action.READERS: frozenset({Role.CATALOGUER, Role.HEAD}),
    Action.STAFF: frozenset({Role.ADMINISTRATOR}),
    Action.JOURNAL: frozenset({Role.HEAD, Role.INSPECTOR, Role.ADMINISTRATOR}),
    Action.SETTINGS: frozenset({Role.HEAD, Role.ADMINISTRATOR}),
    Action.SYSTEM: frozenset({Role.ADMINISTRATOR}),
}

MEANINGS: Mapping[Action, str] = {
    Action.OWN_ACCOUNT: N_("Keep one's own account: password, second factor, sessions"),
    Action.SEE_WORK: N_("See drafts, work that waits for approval, and versions"),
    Action.CATALOGUE: N_("Enter and change records, take them over from partners, submit them"),
    Action.APPROVE: N_("Approve or return what another person submitted"),
    Action.APPROVE_IN_EMERGENCY: N_("Approve without a second person, with a reason"),
    Action.WITHDRAW: N_("Withdraw records, and imports as a whole"),
    Action.BATCH: N_("Change many records at once"),
    Action.IMPORT: N_("Import files of records"),
    Action.AUTHORITIES: N_("Keep authority records"),
    Action.HOLDINGS: N_("Enter copies and acts of receipt"),
    Action.WRITE_OFF: N_("Write copies off, and take over those of an imported catalogue"),
    Action.READERS: N_("Keep readers and their accounts"),
    Action.STAFF: N_("Keep accounts of staff"),
    Action.JOURNAL: N_("Read and export the journal"),
    Action.SETTINGS: N_("Change settings and the list of partner catalogues"),
    Action.SYSTEM: N_("Look after the system, announce maintenance"),
}
"""What each right is, in words."""


def may(actor: Actor, action: Action) -> bool:
    """Whether one of the actor's roles is entitled to this."""
    return bool(actor.roles & PERMISSIONS[action])


def require(actor: Actor, action: Action) -> None:
    """Raise `NotEntitled` unless the actor may do this."""
    if not may(actor, action):
        raise NotEntitled(N_("Your account does not have the right to do this. Ask the head of the library."))


def may_approve(actor: Actor, work: Work) -> bool:
    """Whether this actor may approve this work: entitled, and another person than those who made it."""
    return may(actor, Action.APPROVE) and actor.key not in (work.entered_by, work.edited_by)


def require_second_person(actor: Actor, work: Work) -> None:
    """Raise `NotEntitled`, or `FourEyes` where the actor entered or last changed this work; nobody is exempt."""
    require(actor, Action.APPROVE)
    if not may_approve(actor, work):
        raise FourEyes(
            N_("You entered or last changed record {id} yourself: another person has to approve it."), id=work.record_id
        )
