"""The journal: what staff did, in a chain in which nothing can be changed, removed, moved or cut without being seen."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    READERS_IMPORTED = "readers-imported"
    RECORD_ENTERED = "record-entered"
    WORK_SAVED = "work-saved"
    WORK_SUBMITTED = "work-submitted"
    WORK_RETURNED = "work-returned"
    WORK_DISCARDED = "work-discarded"
    RECORD_APPROVED = "record-approved"
    EMERGENCY_APPROVAL = "emergency-approval"
    RECORD_WITHDRAWN = "record-withdrawn"
    RECORD_CHANGED_IN_BATCH = "record-changed-in-batch"
    RECORD_RESTORED = "record-restored"
    RECORD_EMBARGOED = "record-embargoed"
    RECORD_OPENED = "record-opened"
    ACT_ENTERED = "act-entered"
    AUTHORITY_ADDED = "authority-added"
    AUTHORITY_CHANGED = "authority-changed"
    AUTHORITIES_MERGED = "authorities-merged"
    RECORD_COPIED = "record-copied"
    TARGET_ADDED = "target-added"
    TARGET_CHANGED = "target-changed"
    TARGET_REMOVED = "target-removed"
    PARTNER_ADDED = "partner-added"
    PARTNER_CHANGED = "partner-changed"
    PARTNER_PAUSED = "partner-paused"
    PARTNER_RESUMED = "partner-resumed"
    PARTNER_REMOVED = "partner-removed"
    HARVEST_ASKED = "harvest-asked"
    HARVEST_ENDED = "harvest-ended"
    VANISHING_AGREED = "vanishing-agreed"
    VANISHING_REFUSED = "vanishing-refused"
    REJECT_TAKEN_IN = "reject-taken-in"
    REJECT_DISMISSED = "reject-dismissed"
    TWIN_DECIDED = "twin-decided"
    IMPORT_UPLOADED = "import-uploaded"
    IMPORT_READ_DIFFERENTLY = "import-read-differently"
    IMPORT_SUBMITTED = "import-submitted"
    IMPORT_APPROVED = "import-approved"
    IMPORT_STOPPED = "import-stopped"
    IMPORT_RESUMED = "import-resumed"
    IMPORT_ENDED = "import-ended"
    IMPORT_WITHDRAWN = "import-withdrawn"
    IMPORT_WITHDRAWAL_ENDED = "import-withdrawal-ended"
    RECORD_CHANGED_BY_IMPORT = "record-changed-by-import"
    BATCH_PREPARED = "batch-prepared"
    BATCH_SUBMITTED = "batch-submitted"
    BATCH_CANCELLED = "batch-cancelled"
    BATCH_APPROVED = "batch-approved"
    BATCH_UNDONE = "batch-undone"
    DOCUMENT_RECEIVED = "document-received"
    DOCUMENT_REFUSED = "document-refused"
    DOCUMENT_KEPT = "document-kept"
    DOCUMENT_CHANGED = "document-changed"
    DOCUMENT_APPROVED = "document-approved"
    DOCUMENT_CLOSED = "document-closed"
    DOCUMENT_REOPENED = "document-reopened"
    DOCUMENT_WITHDRAWN = "document-withdrawn"
    DOCUMENT_DISCARDED = "document-discarded"
    DOCUMENT_OPENED = "document-opened"
    DOCUMENT_EXPORTED = "document-exported"
    TEXT_GRANTED = "text-granted"
    TEXT_GRANT_ENDED = "text-grant-ended"
    TRANSFER_ENTERED = "transfer-entered"
    TRANSFER_CHANGED = "transfer-changed"
    DEPOSIT_BEGUN = "deposit-begun"
    DEPOSIT_SENT = "deposit-sent"
    DEPOSIT_RETURNED = "deposit-returned"
    DEPOSIT_CONFIRMED = "deposit-confirmed"
    DEPOSIT_WITHDRAWN = "deposit-withdrawn"
    DEPOSIT_WITHDRAWAL_ASKED = "deposit-withdrawal-asked"
    APPEAL_RECEIVED = "appeal-received"
    APPEAL_LOOKED_AT = "appeal-looked-at"
    APPEAL_ASSIGNED = "appeal-assigned"
    APPEAL_ESCALATED = "appeal-escalated"
    APPEAL_RECKONED = "appeal-reckoned"
    APPEAL_ANSWERED = "appeal-answered"
    APPEAL_CLOSED = "appeal-closed"
    APPEAL_LETTER_ADDED = "appeal-letter-added"
    APPEAL_FILE_REFUSED = "appeal-file-refused"
    APPEAL_ERASED = "appeal-erased"
    SCANNER_FAILED = "scanner-failed"
    SCANNER_RECOVERED = "scanner-recovered"
    STORE_AUDITED = "store-audited"
    STORE_REBUILT = "store-rebuilt"
    INSTALLATION_RESTORED = "installation-restored"
    SETTINGS_CHANGED = "settings-changed"
    MAINTENANCE_ANNOUNCED = "maintenance-announced"
    MAINTENANCE_ENDED = "maintenance-ended"
    MAINTENANCE_CANCELLED = "maintenance-cancelled"
    STATISTICS_KEY_ISSUED = "statistics-key-issued"
    STATISTICS_KEY_REVOKED = "statistics-key-revoked"
    JOURNAL_EXPORTED = "journal-exported"


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
class Line:
    """An entry as the database holds it, word for word: one that was tampered with may say anything.

    `at` is in UTC with microseconds (`2026-09-01T09:00:00.000000+00:00`); `before` and `after` are JSON; `hash` is the
    link: hexadecimal HMAC-SHA256 over the link before and the entry.
    """

    seq: int
    at: str
    actor: str
    actor_name: str
    deed: str
    object: str
    before: str
    after: str
    hash: str = ""

    def link(self, key: bytes, former: str, number: int) -> str:
        """The hash that it must have as entry `number` after one whose link is `former`."""
        parts = (number, self.at, self.actor, self.actor_name, self.deed, self.object, self.before, self.after)
        canonical = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
        return hmac.digest(key, (former + canonical).encode("utf-8", "surrogatepass"), "sha256").hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An entry with its link."""

    entry: Entry
    hash: str


FIRST_HASH = "0" * 64


def facts_text(facts: Facts) -> str:
    """Facts in the one form that is stored and sealed."""
    return json.dumps(dict(facts), ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def time_text(at: datetime) -> str:
    """A time in the one form that is sealed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def sealed_line(key: bytes, former: str, entry: Entry) -> Line:
    """The line of an entry, linked to the one before, whose link is `former`; `FIRST_HASH` for the first."""
    line = Line(
        seq=entry.seq,
        at=time_text(entry.at),
        actor=entry.actor,
        actor_name=entry.actor_name,
        deed=entry.deed.value,
        object=entry.object,
        before=facts_text(entry.before),
        after=facts_text(entry.after),
    )
    return replace(line, hash=line.link(key, former, line.seq))
