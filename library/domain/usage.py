"""Events of use: what was asked of the library and what came of it, without a trace of who asked.

An event holds no address, agent, name or words. `who` is a keyed hash (`visitor_hash`) whose key holds for a day
(`salt_day`) and is thrown away. What an item is (type, access, institution) is frozen as it was at that moment.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import IntFlag, StrEnum
from hashlib import sha256

from library.domain.access import Rule
from library.domain.counter_types import AccessMethod, AccessType, DataType

SALT_CHANGES_AT = timedelta(hours=3)
"""Not midnight, where pairs of clicks would fall apart just between two months."""
SALT_OVERLAP = timedelta(seconds=30)
"""So long after the change a visitor is known by the old salt too: as far as two clicks may be one."""
SALT_LIFE = timedelta(hours=48)
"""After this a salt is deleted, and nobody can tell any more who a hash was."""
WHO_BYTES = 16

_RANDOM_BYTES = 10
_TIME_BYTES = 6
_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(StrEnum):
    """What was asked for."""

    SEARCH = "search"
    RECORD_VIEW = "record-view"
    PAGE_VIEW = "page-view"
    DOWNLOAD = "download"
    REFUSAL = "refusal"
    OAI = "oai"
    SRU = "sru"
    ERROR = "error"


MACHINE_KINDS = frozenset({Kind.OAI, Kind.SRU})
"""Meant for programs: there a robot is the reader."""


class Outcome(StrEnum):
    """What came of it."""

    FOUND = "found"
    NOTHING_FOUND = "nothing-found"
    VIEWED = "viewed"
    DOWNLOADED = "downloaded"
    ABORTED = "aborted"
    REFUSED = "refused"
    ANSWERED = "answered"
    FAILED = "failed"


class Denial(StrEnum):
    """Why something was refused; the first two are metrics of COUNTER, the others are told by the library alone."""

    NONE = ""
    NO_LICENSE = "no-license"
    LIMIT_EXCEEDED = "limit-exceeded"
    SIGN_IN = "sign-in"
    """Only the door: whoever signs in gets it."""
    MAINTENANCE = "maintenance"
    RATE = "rate"
    """Asked faster than people read."""
    NOT_FOUND = "not-found"


DENIALS: Mapping[Rule, Denial] = {
    Rule.MEMBERS: Denial.SIGN_IN,
    Rule.CAMPUS: Denial.NO_LICENSE,
    Rule.VIEW_ONLY: Denial.NO_LICENSE,
    Rule.CLOSED: Denial.NO_LICENSE,
    Rule.EMBARGO: Denial.NO_LICENSE,
    Rule.TERM: Denial.NO_LICENSE,
    Rule.NOT_PUBLISHED: Denial.NOT_FOUND,
}
"""What a refusal by a reading rule is called in the reports."""


class Flag(IntFlag):
    """What an event is marked with, as one whole number in its row."""

    NONE = 0
    ROBOT = 1
    BULK = 2
    """Fetched in bulk or beforehand, with nobody who reads."""
    STAFF = 4
    MONITOR = 8
    JOB = 16
    """A job of our own: custody, recognition of text, indexing."""
    HEAD = 32
    CONTINUED = 64
    """Another page or order of results that were counted when they were found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One answer, as a route notes it; the writer makes an event of it and forgets who it was.

    `identity` is from `best_identity`, `agent` are the words of the agent. `words` are those of a search; they go into
    a list of their own, never into the event. What else is here stands with `UsageEvent`.
    """

    at: datetime
    kind: Kind
    identity: bytes
    agent: str
    institution: str = ""
    item_id: int = 0
    file_id: int = 0
    status: int = 200
    range_start: int = 0
    sent: int = 0
    completed: bool = True
    denied: Denial = Denial.NONE
    rule: str = ""
    results: int = 0
    words: str = ""
    category: str = ""
    faculty: str = ""
    access_method: AccessMethod = AccessMethod.REGULAR
    flags: Flag = Flag.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageEvent:
    """One answer that was given.

    `eid` is from `event_id` and tells `at` to the millisecond; two events with one `eid` are one. `at` is in UTC,
    `local_day` and `local_hour` are from
    `local_time`. `who` has 16 bytes; `who_before` is the same visitor under yesterday's salt within `SALT_OVERLAP` of
    its change, else empty. `item_id` is the record and `title_id` its parent (a chapter's book, an article's journal),
    the record itself where it has none; both are 0, and `data_type` is PLATFORM, where no item was used. `file_id` is
    the document, 0 without one. `segments` is the number of known chapters of a whole book. `range_start` is the first
    byte of what was sent. `rule` is the reading rule behind a denial. `category` and `faculty` are those of a reader
    who signed in, else empty. `agent_id` is the `agent_number` of the words of the agent, which stand in a table of
    their own; 0 where there was no agent.
    """

    eid: bytes
    at: datetime
    local_day: date
    local_hour: int
    who: bytes
    who_before: bytes = b""
    institution: str
    kind: Kind
    item_id: int = 0
    file_id: int = 0
    title_id: int = 0
    segments: int = 1
    data_type: DataType = DataType.PLATFORM
    access_type: AccessType = AccessType.NONE
    access_method: AccessMethod = AccessMethod.REGULAR
    status: int = 200
    range_start: int = 0
    sent: int = 0
    completed: bool = True
    denied: Denial = Denial.NONE
    rule: str = ""
    results: int = 0
    category: str = ""
    faculty: str = ""
    agent_id: int = 0
    flags: Flag = Flag.NONE

    @property
    def outcome(self) -> Outcome:
        """What came of it, in the words of the reports."""
        return outcome_of(self.kind, results=self.results, completed=self.completed)


_OUTCOMES: Mapping[str, Outcome] = {
    Kind.RECORD_VIEW: Outcome.VIEWED,
    Kind.PAGE_VIEW: Outcome.VIEWED,
    Kind.REFUSAL: Outcome.REFUSED,
    Kind.OAI: Outcome.ANSWERED,
    Kind.ERROR: Outcome.FAILED,
}


def outcome_of(kind: str, *, results: int, completed: bool) -> Outcome:
    """What came of a use of this `Kind`."""
    if kind in (Kind.SEARCH, Kind.SRU):
        return Outcome.FOUND if results else Outcome.NOTHING_FOUND
    if kind == Kind.DOWNLOAD:
        return Outcome.DOWNLOADED if completed else Outcome.ABORTED
    return _OUTCOMES[kind]


def event_id(at: datetime, randomness: bytes) -> bytes:
    """A ULID as its 16 bytes: sorted as the milliseconds of `at`, then 80 bits of `randomness` (10 bytes)."""
    if len(randomness) != _RANDOM_BYTES:
        message = f"an event needs {_RANDOM_BYTES} random bytes, not {len(randomness)}"
        raise ValueError(message)
    return ((at - _EPOCH) // _MILLISECOND).to_bytes(_TIME_BYTES, "big") + randomness


def event_time(eid: bytes) -> datetime:
    """The moment that the number of an event tells, to the millisecond."""
    return _EPOCH + int.from_bytes(eid[:_TIME_BYTES], "big") * _MILLISECOND


def agent_number(agent: str) -> int:
    """The number of an agent's words, never 0: 63 bits of their hash, so that nobody has to look it up."""
    digest = sha256(agent.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") >> 1 or 1


def local_time(at: datetime, zone: tzinfo) -> tuple[date, int]:
    """The day and the hour (0 to 23) of a moment in the library's zone: the day and slice in which it is counted."""
    local = at.astimezone(zone)
    return local.date(), local.hour


def best_identity(
    *, person: str = "", cookie: str = "", session: str = "", address: str = "", agent: str = ""
) -> bytes:
    """The most reliable thing that is known of a visitor: the account, the cookie, the session, else address and agent.

    It is for `visitor_hash` alone and never kept. No visitor can pass for another kind of visitor.
    """
    for name, value in (("person", person), ("cookie", cookie), ("session", session)):
        if value:
            return f"{name}\0{value}".encode("utf-8", "surrogatepass")
    return f"address\0{address}\0{agent}".encode("utf-8", "surrogatepass")


def visitor_hash(salt: bytes, identity: bytes) -> bytes:
    """Sixteen bytes that tell visitors apart as long as the salt is known, and nothing afterwards."""
    return hmac.digest(salt, identity, "sha256")[:WHO_BYTES]


def salt_day(at: datetime, zone: tzinfo) -> date:
    """The day whose salt holds at this moment: it begins at three in the morning, local time."""
    return (at.astimezone(zone).replace(tzinfo=None) - SALT_CHANGES_AT).date()


def salt_day_before(at: datetime, zone: tzinfo) -> date | None:
    """The day whose salt was changed within the last `SALT_OVERLAP`; None at all other times."""
    before = salt_day(at - SALT_OVERLAP, zone)
    return before if before != salt_day(at, zone) else None
