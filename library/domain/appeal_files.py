"""Files that come with an appeal, and the letter of the answer: nobody reads one before it was found clean."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from library.domain.errors import Message

MOST_FILES = 3
"""So many files one form brings."""
FILE_MEGABYTES = 10
"""The size of one of them at most."""


class FileRole(StrEnum):
    """What it is to the appeal."""

    SENT = "sent"
    LETTER = "letter"


class FileState(StrEnum):
    """Whether the checks let it through."""

    WAITING = "waiting"
    CLEAN = "clean"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealFile:
    """One file. `reason` says why it waits still, or was refused; `digest` is its SHA-256 in hexadecimal."""

    id: int = 0
    appeal_id: int = 0
    role: FileRole
    state: FileState = FileState.WAITING
    name: str
    size: int
    digest: str
    intake_id: str
    media_type: str = ""
    reason: Message | None = None
    tries: int = 0
    next_try_at: datetime | None = None
    received_at: datetime

    def found_clean(self, media_type: str) -> AppealFile:
        """It passed every check."""
        return replace(self, state=FileState.CLEAN, media_type=media_type, reason=None, next_try_at=None)

    def refused(self, reason: Message) -> AppealFile:
        """It will never be opened to anybody."""
        return replace(self, state=FileState.REFUSED, reason=reason, next_try_at=None)

    def waits(self, reason: Message, again_at: datetime) -> AppealFile:
        """What should be checked couldn't be."""
        return replace(self, reason=reason, tries=self.tries + 1, next_try_at=again_at)
