"""Who may do what, and who may read which file: the whole policy.

`PERMISSIONS` is the one table of deeds: routes, services, the documentation and the tests read it, nothing decides
beside it. `ruling` decides on every use of a file: page, image, download, snippet, cover, feed, export, API and OAI.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from library.domain.access_level import AccessLevel
from library.domain.document import Document, DocumentState
from library.domain.errors import N_, FourEyes, NotEntitled, ReadingRefused
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
    DOCUMENTS = "documents"
    GRANT_TEXT = "grant-text"
    DEPOSIT = "deposit"
    SEE_DEPOSITS = "see-deposits"
    CONFIRM_DEPOSITS = "confirm-deposits"
    SEE_APPEALS = "see-appeals"
    APPEALS = "appeals"
    HARVEST = "harvest"
    PARTNERS = "partners"
    SEE_STATISTICS = "see-statistics"
    STATISTICS_KEYS = "statistics-keys"
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
    Action.DOCUMENTS: frozenset({Role.CATALOGUER, Role.HEAD}),
    Action.GRANT_TEXT: frozenset({Role.APPROVER, Role.HEAD}),
    Action.DEPOSIT: frozenset(
        {Role.READER, Role.DEPOSITOR, Role.DEPARTMENT, Role.CATALOGUER, Role.APPROVER, Role.HEAD}
    ),
    Action.SEE_DEPOSITS: frozenset({Role.DEPARTMENT, Role.CATALOGUER, Role.APPROVER, Role.HEAD, Role.INSPECTOR}),
    Action.CONFIRM_DEPOSITS: frozenset({Role.DEPARTMENT}),
    Action.SEE_APPEALS: frozenset({Role.CATALOGUER, Role.APPROVER, Role.HEAD, Role.INSPECTOR}),
    Action.APPEALS: frozenset({Role.CATALOGUER, Role.APPROVER, Role.HEAD}),
    Action.HARVEST: frozenset({Role.CATALOGUER, Role.HEAD, Role.ADMINISTRATOR}),
    Action.PARTNERS: frozenset({Role.HEAD, Role.ADMINISTRATOR}),
    Action.SEE_STATISTICS: frozenset({Role.HEAD, Role.INSPECTOR}),
    Action.STATISTICS_KEYS: frozenset({Role.HEAD}),
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
    Action.DOCUMENTS: N_("Take files in, describe them, set their rights"),
    Action.GRANT_TEXT: N_("Give one reader the text of a file that others may only view"),
    Action.DEPOSIT: N_("Give one's own works to the open archive"),
    Action.SEE_DEPOSITS: N_("See the works that were given to the open archive, and how far each is"),
    Action.CONFIRM_DEPOSITS: N_("Confirm or return works of one's department, but not one's own"),
    Action.SEE_APPEALS: N_("See complaints and questions with their deadlines, without who wrote them"),
    Action.APPEALS: N_("Answer complaints and questions, see who wrote them, erase that afterwards"),
    Action.HARVEST: N_("Harvest partners, mend rejected records, compare them with ours"),
    Action.PARTNERS: N_("Enter partners that are harvested, change and remove them"),
    Action.SEE_STATISTICS: N_("See the statistics of holdings and use, and take them away"),
    Action.STATISTICS_KEYS: N_("Issue keys for statistics to officials, and revoke them"),
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


class Use(StrEnum):
    """What somebody wants of a file: pages as images, lines found in it, the bytes, its text, the image of page 1."""

    VIEW = "view"
    SNIPPET = "snippet"
    DOWNLOAD = "download"
    TEXT = "text"
    COVER = "cover"


class Rule(StrEnum):
    """The rule that decided."""

    OPEN = "open"
    MEMBERS = "members"
    CAMPUS = "campus"
    VIEW_ONLY = "view-only"
    CLOSED = "closed"
    EMBARGO = "embargo"
    TERM = "term"
    STAFF = "staff"
    GRANT = "grant"
    NOT_PUBLISHED = "not-published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who asks, from where and when.

    `has_text_grant` says that a librarian gave this person the text of this file, `has_deposit` that they gave the file
    to the open archive, or confirm it for their department, and it is not published yet.
    """

    actor: Actor
    on_campus: bool
    today: date
    has_text_grant: bool = False
    has_deposit: bool = False

    @property
    def is_member(self) -> bool:
        """Whether this is somebody with an account that holds."""
        return bool(self.actor.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Whether it is allowed, and by which rule."""

    allowed: bool
    rule: Rule


def ruling(document: Document, use: Use, visit: Visit) -> Ruling:
    """Decide on one use of a file by one visitor.

    Staff may view kept files, whatever their rights, because they look after them; the bytes go by the rights alone.
    """
    if document.state not in (DocumentState.KEPT, DocumentState.WITHDRAWN):
        was_read = replace(document, state=DocumentState.KEPT).is_published
        closed = document.state is DocumentState.CLOSED and was_read
        return Ruling(allowed=False, rule=Rule.CLOSED if closed else Rule.NOT_PUBLISHED)
    if use is not Use.DOWNLOAD and (visit.has_deposit or may(visit.actor, Action.SEE_WORK)):
        return Ruling(allowed=True, rule=Rule.STAFF)
    shut = _shut(document, visit.today)
    return Ruling(allowed=False, rule=shut) if shut else _by_level(document.rights.level, use, visit)


def _shut(document: Document, today: date) -> Rule | None:
    """The rule that closes the file to all readers on this day."""
    if not document.is_published:
        return Rule.NOT_PUBLISHED
    if document.rights.embargo_until is not None and today < document.rights.embargo_until:
        return Rule.EMBARGO
    if document.term_ends is not None and today > document.term_ends:
        return Rule.TERM
    return None


def _by_level(level: AccessLevel, use: Use, visit: Visit) -> Ruling:
    rule = Rule(level.value)
    if level is AccessLevel.CLOSED:
        return Ruling(allowed=False, rule=rule)
    # The first page says what the catalogue says.
    if level is AccessLevel.OPEN or use is Use.COVER:
        return Ruling(allowed=True, rule=rule)
    if level is AccessLevel.CAMPUS:
        return Ruling(allowed=visit.on_campus, rule=rule)
    if level is AccessLevel.VIEW_ONLY and use in (Use.DOWNLOAD, Use.TEXT):
        granted = use is Use.TEXT and visit.is_member and visit.has_text_grant
        return Ruling(allowed=granted, rule=Rule.GRANT if granted else rule)
    return Ruling(allowed=visit.is_member, rule=rule)


REFUSALS: Mapping[Rule, str] = {
    Rule.MEMBERS: N_("This file is for readers of the library. Sign in with your library account."),
    Rule.CAMPUS: N_("This file can be read in the university's network only. Come to a reading room."),
    Rule.VIEW_ONLY: N_("Copyright lets this file be read here, page by page, by readers who signed in; not be copied."),
    Rule.CLOSED: N_("This file is closed. Ask the library where the printed copy is."),
    Rule.EMBARGO: N_("This file opens on {date}. Until then ask its author or the library."),
    Rule.TERM: N_("The library's subscription ended on {date}. Ask the library for another copy."),
    Rule.NOT_PUBLISHED: N_("There is no such file for readers."),
}
"""What a refused reader is told: the rule, and what to do."""


def require_reading(document: Document, use: Use, visit: Visit) -> Rule:
    """The rule that allows this use; raises `ReadingRefused` with the rule and the remedy where none does."""
    decided = ruling(document, use, visit)
    if decided.allowed:
        return decided.rule
    day = {Rule.EMBARGO: document.rights.embargo_until, Rule.TERM: document.term_ends}.get(decided.rule)
    values = {"date": day.isoformat()} if day is not None else {}
    raise ReadingRefused(REFUSALS[decided.rule], rule=decided.rule.value, record_id=document.record_id, **values)


def require_second_person_for(document: Document, actor: Actor, *, wrote_papers: bool) -> None:
    """Raise `NotEntitled`, or `FourEyes` where the actor took this file in or last changed what may be done with it.

    So it is where the actor `wrote_papers`: entered or ever changed the transfer by which it came.
    """
    require(actor, Action.APPROVE)
    if actor.key in (document.received.by, document.edited.by):
        raise FourEyes(
            N_("You took in or last changed “{name}” yourself: another person has to approve it."), name=document.name
        )
    if wrote_papers:
        raise FourEyes(
            N_("You entered or changed the transfer of “{name}” yourself: another person has to approve it."),
            name=document.name,
        )
