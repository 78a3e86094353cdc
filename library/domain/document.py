"""A full text and its life: arriving -> quarantined -> kept | refused; kept ones are read once they are approved.

A document is one file that belongs to one record. What it may be used for says `domain.access`; where its bytes are,
the engine `storage`. Nobody but readers of the rules needs to know more of a file than this.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from library.domain.access_level import Rights
from library.domain.errors import N_, DocumentNotReady, Message, StaleVersion
from library.domain.record import Status

LONGEST_LABEL = 200
# As the storage engine writes it.
CLEAN = "clean"


class DocumentState(StrEnum):
    """Where a document stands."""

    ARRIVING = "arriving"
    """An upload in pieces that has not come whole yet."""
    QUARANTINED = "quarantined"
    """Whole, and not decided on: it waits for the checks, for the scanner, or for a person."""
    REFUSED = "refused"
    """A check failed; the bytes are under lock in quarantine."""
    KEPT = "kept"
    """Found clean and kept for good."""
    CLOSED = "closed"
    """Kept, but a later scan or audit found something: it isn't given out."""
    WITHDRAWN = "withdrawn"
    """Taken away from readers by a librarian; the bytes stay."""


class TextState(StrEnum):
    """How far the text of a kept document is."""

    WAITING = "waiting"
    EXTRACTED = "extracted"
    SCANNED = "scanned"
    """There is no text in it: it waits to be recognised."""
    RECOGNISED = "recognised"
    WITHOUT = "without"
    """Nothing to read in it, such as a recording."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The verdict that the document stands on, with the engine and signatures that gave it; `finding` as in storage."""

    finding: str
    engine: str
    signatures: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who did something, and when."""

    by: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What is inside: how many pages, which version of which format, and its text; `recognised` counts pages of OCR."""

    pages: int = 0
    format: str = ""
    text: TextState = TextState.WAITING
    text_reason: Message | None = None
    recognised: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A full text. `version` rises with every change; `digest` is SHA-256 in hexadecimal, empty while it arrives.

    `intake_id` is its number in quarantine, empty once it is kept there no more. `reason` says why it waits, was
    refused, closed or withdrawn. `next_try_at` is when the checks are tried again, None where a person has to do
    something. `record_status` and `term_ends` (the last day of a subscription) come from its record and its transfer.
    """

    id: int = 0
    record_id: int
    transfer_id: int | None = None
    state: DocumentState
    name: str
    label: str = ""
    size: int
    digest: str = ""
    media_type: str = ""
    intake_id: str = ""
    reason: Message | None = None
    tries: int = 0
    next_try_at: datetime | None = None
    scan: Scan | None = None
    rights: Rights
    received: Signed
    edited: Signed
    approved: Signed | None = None
    kept_at: datetime | None = None
    contents: Contents = Contents()
    audited_at: datetime | None = None
    sidecar_due: bool = False
    version: int = 1
    record_status: Status = Status.DRAFT
    term_ends: date | None = None

    @property
    def is_published(self) -> bool:
        """Whether readers see that it is there: kept, approved, and its record published."""
        return self.state is DocumentState.KEPT and self.approved is not None and self.record_status is Status.PUBLISHED

    @property
    def is_searchable(self) -> bool:
        """Whether its words are in the index: readers see that it is there, and its text is known."""
        return self.is_published and self.contents.text in (TextState.EXTRACTED, TextState.RECOGNISED)

    def expecting(self, version: int) -> Document:
        """This, if it still has the version that was read; else `StaleVersion`."""
        if version != self.version:
            raise StaleVersion(N_("The file “{name}” was changed meanwhile. Look at it again."), name=self.name)
        return self

    def came(self, *, digest: str, size: int, at: datetime) -> Document:
        """It has come whole and waits for the checks, at once."""
        return replace(
            self,
            state=DocumentState.QUARANTINED,
            digest=digest,
            size=size,
            tries=0,
            reason=None,
            next_try_at=at,
        )

    def waits(self, reason: Message, *, again_at: datetime | None) -> Document:
        """It could not be decided on; it is tried again then, or (None) a person has to do something."""
        return replace(self, reason=reason, tries=self.tries + 1, next_try_at=again_at)

    def refused(self, reason: Message) -> Document:
        """A check failed."""
        return replace(self, state=DocumentState.REFUSED, reason=reason, next_try_at=None)

    def kept(self, *, media_type: str, scan: Scan, at: datetime) -> Document:
        """It is in the store; its text is to be extracted and its sidecar to be written."""
        return replace(
            self,
            state=DocumentState.KEPT,
            media_type=media_type,
            scan=scan,
            kept_at=at,
            reason=None,
            next_try_at=None,
            intake_id="",
            contents=Contents(),
            sidecar_due=True,
        )

    def closed(self, reason: Message) -> Document:
        """A later scan or audit found something."""
        return replace(self, state=DocumentState.CLOSED, reason=reason, sidecar_due=True)

    def reopened(self) -> Document:
        """What had been found is mended."""
        return replace(self, state=DocumentState.KEPT, reason=None, sidecar_due=True)

    def described(self, *, label: str, rights: Rights, transfer_id: int | None, by: Signed) -> Document:
        """With another label, rights or transfer; whoever reads more now, or by another paper, needs a new approval."""
        stays = transfer_id == self.transfer_id and rights.is_no_wider_than(self.rights)
        return replace(
            self,
            label=label,
            rights=rights,
            transfer_id=transfer_id,
            edited=by,
            approved=self.approved if stays else None,
            sidecar_due=True,
        )

    def approve(self, by: Signed) -> Document:
        """Approved for readers; it may still be in quarantine, and opens by itself when it is kept."""
        if self.state not in (DocumentState.QUARANTINED, DocumentState.KEPT):
            raise DocumentNotReady(N_("The file “{name}” can't be approved in the state it is in."), name=self.name)
        return replace(self, approved=by, sidecar_due=True)

    def withdraw(self, reason: str) -> Document:
        """Taken away from readers, with a reason in the librarian's words."""
        if self.state not in (DocumentState.KEPT, DocumentState.CLOSED):
            raise DocumentNotReady(N_("The file “{name}” can't be withdrawn in the state it is in."), name=self.name)
        return replace(
            self, state=DocumentState.WITHDRAWN, approved=None, reason=Message(reason_of(reason)), sidecar_due=True
        )

    def restore(self) -> Document:
        """Back from withdrawal; it needs a new approval. One that its last scan did not find clean stays away."""
        if self.state is not DocumentState.WITHDRAWN:
            raise DocumentNotReady(N_("The file “{name}” is not withdrawn."), name=self.name)
        if self.scan is not None and self.scan.finding != CLEAN:
            raise DocumentNotReady(
                N_("The last scan did not find the file “{name}” clean: it stays withdrawn."), name=self.name
            )
        return replace(self, state=DocumentState.KEPT, reason=None, sidecar_due=True)


def reason_of(words: str) -> str:
    """Words of a person as a template without places."""
    return words.replace("{", "{{").replace("}", "}}")
