"""The journal: what staff did, in a chain in which nothing can be changed, removed, moved or cut without being seen."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

Facts = Mapping[str, object]
"""What a thing was like: names and values that JSON can hold."""


class Deed(StrEnum):
    """What was done."""

    SIGNED_IN = "signed-in"
    SIGN_IN_FAILED = "sign-in-failed"
    SIGNED_OUT = "signed-out"
    ACCOUNT_ADDED = "account-added"
    ACCOUNT_CHANGED = "account-changed"
    ACCOUNT_CLOSED = "account-closed"
    PASSWORD_SET = "password-set"  # noqa: S105  (the name of a deed)
    RESET_LINK_ISSUED = "reset-link-issued"
    SECOND_FACTOR_SET = "second-factor-set"
    SECOND_FACTOR_REMOVED = "second-factor-removed"
    SESSION_ENDED = "session-ended"
    RECORD_ENTERED = "record-entered"
    WORK_SAVED = "work-saved"
    WORK_SUBMITTED = "work-submitted"
    WORK_RETURNED = "work-returned"
    WORK_DISCARDED = "work-discarded"
    RECORD_APPROVED = "record-approved"
    EMERGENCY_APPROVAL = "emergency-approval"
    RECORD_WITHDRAWN = "record-withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One deed. `object` names what it was done to: `record:12`, `person:3`; `at` is aware and in UTC."""

    seq: int
    at: datetime
    actor: str
    actor_name: str
    deed: Deed
    object: str
    before: Facts
    after: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An entry with its link: hexadecimal HMAC-SHA256 over the link before and the entry."""

    entry: Entry
    hash: str


FIRST_HASH = "0" * 64


def facts_text(facts: Facts) -> str:
    """Facts in the one form that is stored and sealed."""
    return json.dumps(dict(facts), ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def seal(key: bytes, former: str, entry: Entry) -> str:
    """The link of an entry to the one before, whose link is `former`; `FIRST_HASH` for the first."""
    canonical = json.dumps(
        [
            entry.seq,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.actor,
            entry.actor_name,
            entry.deed.value,
            entry.object,
            facts_text(entry.before),
            facts_text(entry.after),
        ],
        ensure_ascii=True,
        separators=(",", ":"),
    )
    return hmac.new(key, former.encode("ascii") + canonical.encode("ascii"), hashlib.sha256).hexdigest()
