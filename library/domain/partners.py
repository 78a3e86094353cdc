"""Partners whose records are harvested: their entries, when it is their turn, and what a run came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from library.domain.errors import N_, InvalidPartner, Message
from library.domain.marc import Dialect

LONGEST_NAME = 100
LONGEST_ADDRESS = 500
LONGEST_WORD = 200
LAST_HOUR = 23
DAYS_OF_WEEK = 7
# A run that was broken off, by a limit or by the partner's wish, goes on after this.
REST = timedelta(hours=1)
# How often partners that forget deletions are compared with what we have of them.
COMPARED_EVERY = timedelta(days=30)


class PartnerForm(StrEnum):
    """The form of a partner's records; it is also the usual name of the format in requests."""

    OAI_DC = "oai_dc"
    MARC21 = "marc21"
    UNIMARC = "unimarc"

    @property
    def dialect(self) -> Dialect:
        """The dialect in which records of this form are kept."""
        return Dialect.UNIMARC if self is PartnerForm.UNIMARC else Dialect.MARC21


NAMESPACES: Mapping[PartnerForm, str] = {
    PartnerForm.OAI_DC: "http://www.openarchives.org/OAI/2.0/oai_dc/",
    PartnerForm.MARC21: "http://www.loc.gov/MARC21/slim",
    PartnerForm.UNIMARC: "info:lc/xmlns/marcxchange-v1",
}
"""The namespaces of the metadata, as provenance tells them."""


class Schedule(StrEnum):
    """How often a partner is harvested by itself."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


class PartnerState(StrEnum):
    """Active and paused partners have their records shown; of one that is being removed they are hidden one by one."""

    ACTIVE = "active"
    PAUSED = "paused"
    REMOVING = "removing"
    REMOVED = "removed"


class RunKind(StrEnum):
    """A harvest brings what is new; a comparison finds what the partner no longer has."""

    HARVEST = "harvest"
    COMPARE = "compare"


class RunState(StrEnum):
    """How a run stands; one that is `RUNNING` though nobody works on it was killed, and goes on."""

    RUNNING = "running"
    COMPLETE = "complete"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class RejectKind(StrEnum):
    """Why a record was set aside: it can't be read, or it was changed here as well as there."""

    UNREADABLE = "unreadable"
    CONFLICT = "conflict"


class RejectState(StrEnum):
    """`OPEN` ones wait for a person; `SETTLED` ones came well the next time."""

    OPEN = "open"
    TAKEN_IN = "taken-in"
    DISMISSED = "dismissed"
    SETTLED = "settled"


class TwinState(StrEnum):
    """What a person said of two records that may be of one document."""

    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerEntry:
    """What a person enters of a partner.

    `prefix` is the name of the format in requests; an empty `set_spec` is everything. `weekday` (0 is Monday) counts
    for a weekly schedule, `hour` for both, in the library's zone. `collection` is the code of one of ours, or empty.
    `expose` says whether its records are passed on to those who harvest us.
    """

    name: str
    address: str
    form: PartnerForm
    prefix: str
    set_spec: str = ""
    schedule: Schedule = Schedule.DAILY
    weekday: int = 0
    hour: int = 2
    collection: str = ""
    expose: bool = False

    def facts(self) -> dict[str, object]:
        """The entry as the journal tells it."""
        return {
            "name": self.name,
            "address": self.address,
            "form": self.form.value,
            "prefix": self.prefix,
            "set": self.set_spec,
            "schedule": self.schedule.value,
            "weekday": self.weekday,
            "hour": self.hour,
            "collection": self.collection,
            "expose": self.expose,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPartner:
    """A partner with its number; `version` rises with every change of the entry.

    `is_public` says that its address was one of the public internet when the entry was last saved.
    `policy` is what it says of its deletions and `by_day` whether its datestamps are days, as its last answer had it.
    `asked` is a run that a person wants now. `told_to` is the last record that was brought up to date after a change of
    the entry, None where nothing is left to do.
    """

    id: int
    version: int
    entry: PartnerEntry
    is_public: bool = False
    state: PartnerState = PartnerState.ACTIVE
    policy: str = ""
    by_day: bool = False
    asked: RunKind | None = None
    told_to: int | None = None
    changed_at: datetime

    @property
    def source(self) -> str:
        """The name of its records among all sources of the catalogue."""
        return source_of(self.id)

    @property
    def is_friend(self) -> bool:
        """Whether harvesters may be told of it: its records are passed on, with its address, which all can reach."""
        return self.state is PartnerState.ACTIVE and self.entry.expose and self.is_public

    @property
    def forgets(self) -> bool:
        """Whether it does not tell of each deletion for ever."""
        return self.policy in ("no", "transient")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCounts:
    """What a run brought: `gone` are records that the partner deleted; `set_aside` wait for a person.

    `own` are ours that the partner has from us; `mended` had characters that XML forbids; `requests` were sent.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    set_aside: int = 0
    mended: int = 0
    own: int = 0
    requests: int = 0
    octets: int = 0

    def facts(self) -> dict[str, object]:
        """The counts as the journal tells them."""
        return {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "deleted": self.gone,
            "rejected": self.set_aside,
            "bytes": self.octets,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRun:
    """A run, which may have been interrupted and gone on with; `seconds` is how long it worked.

    `holes` is how many spans of time could not be read. Where `asks`, so many of the `visible` records would vanish
    (`vanishing`) that a person has to agree first.
    """

    id: int
    partner_id: int
    kind: RunKind
    state: RunState
    started_at: datetime
    finished_at: datetime | None
    seconds: int
    counts: RunCounts
    problem: Message | None
    holes: int = 0
    missing: int = 0
    asks: bool = False
    visible: int = 0
    vanishing: int = 0


def source_of(partner_id: int) -> str:
    """The name of a partner's records among all sources of the catalogue."""
    return f"oai:{partner_id}"


def require_sound(entry: PartnerEntry) -> None:
    """Raise `InvalidPartner` unless an entry may be like this; the address is judged elsewhere."""
    if not entry.name or len(entry.name) > LONGEST_NAME or not entry.name.isprintable():
        raise InvalidPartner(N_("Name the partner, in {longest} characters at most."), longest=LONGEST_NAME)
    if not entry.address or len(entry.address) > LONGEST_ADDRESS:
        raise InvalidPartner(N_("Write the partner's address, {longest} characters at most."), longest=LONGEST_ADDRESS)
    for word in (entry.prefix, entry.set_spec):
        if len(word) > LONGEST_WORD or not word.isascii() or any(sign.isspace() for sign in word):
            raise InvalidPartner(N_("Names of formats and sets have Latin letters, figures and signs, and no blanks."))
    if not entry.prefix:
        raise InvalidPartner(N_("Write the name of the format, as the partner's list of formats has it."))
    if not (0 <= entry.hour <= LAST_HOUR and 0 <= entry.weekday < DAYS_OF_WEEK):
        raise InvalidPartner(N_("Choose a day of the week and an hour."))


def next_due(entry: PartnerEntry, after: datetime, zone: tzinfo) -> datetime | None:
    """The first moment after another one at which the partner's hour begins; None if it is never its turn."""
    if entry.schedule is Schedule.NEVER:
        return None
    local = after.astimezone(zone)
    due = local.replace(hour=entry.hour, minute=0, second=0, microsecond=0)
    while due.astimezone(UTC) <= after or (entry.schedule is Schedule.WEEKLY and due.weekday() != entry.weekday):
        due += timedelta(days=1)
    return due.astimezone(UTC)
