"""Announced maintenance: a registered window in which readers are told to come back, and for how long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from library.domain.configuration import LONGEST_TEXT, Texts
from library.domain.errors import N_, InvalidMaintenance, NotFound

LONGEST = timedelta(days=14)
MOST_NOTICE_HOURS = 24 * 30


class WindowState(StrEnum):
    """Where a window stands at some moment."""

    COMING = "coming"
    RUNNING = "running"
    OVER = "over"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when to when the portal is closed to readers, and why, in the languages of the library.

    `ended_at` is when it was over before its time; `cancelled_at` when it was given up before it began.
    """

    id: int
    begins_at: datetime
    ends_at: datetime
    notice_hours: int
    texts: Texts
    registered_at: datetime
    registered_by: str
    registered_by_name: str
    ended_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def over_at(self) -> datetime:
        """When readers are let in again."""
        return self.ended_at or self.ends_at

    @property
    def lasts(self) -> timedelta:
        """How long it really takes or took."""
        return self.over_at - self.begins_at

    def state(self, now: datetime) -> WindowState:
        """Where it stands; the first moment belongs to it, the last one not."""
        if self.cancelled_at is not None:
            return WindowState.CANCELLED
        if now < self.begins_at:
            return WindowState.COMING
        return WindowState.RUNNING if now < self.over_at else WindowState.OVER

    def is_told(self, now: datetime) -> bool:
        """Whether readers are told of it beforehand."""
        return self.state(now) is WindowState.COMING and now >= self.begins_at - timedelta(hours=self.notice_hours)

    def overlaps(self, other: Window) -> bool:
        """Whether the two share a moment; one that was cancelled shares none."""
        if self.cancelled_at or other.cancelled_at:
            return False
        return self.begins_at < other.over_at and other.begins_at < self.over_at

    def end(self, at: datetime) -> Window:
        """The same, over now; `NotFound` where it does not run."""
        if self.state(at) is not WindowState.RUNNING:
            raise NotFound(N_("This maintenance does not run now."))
        return replace(self, ended_at=at)

    def cancel(self, at: datetime) -> Window:
        """The same, given up; `NotFound` where it began already or was given up before."""
        if self.state(at) is not WindowState.COMING:
            raise NotFound(N_("This maintenance has begun or was cancelled already."))
        return replace(self, cancelled_at=at)


def require_sound(window: Window, now: datetime) -> None:
    """Raise `InvalidMaintenance` with the remedy unless such a window may be registered at this moment."""
    if window.begins_at < now:
        raise InvalidMaintenance(N_("The beginning is in the past: maintenance is announced before it begins."))
    if not timedelta() < window.lasts <= LONGEST:
        raise InvalidMaintenance(
            N_("The end must be after the beginning, {most} days later at most."), most=LONGEST.days
        )
    if not 0 <= window.notice_hours <= MOST_NOTICE_HOURS:
        raise InvalidMaintenance(N_("It can be told from 0 to {most} hours before."), most=MOST_NOTICE_HOURS)
    if not window.texts:
        raise InvalidMaintenance(N_("Write in one language at least what is done and why."))
    if any(len(text) > LONGEST_TEXT for text in window.texts.values()):
        raise InvalidMaintenance(N_("A text has {most} characters at most."), most=LONGEST_TEXT)
