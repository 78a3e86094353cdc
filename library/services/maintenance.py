"""Announced maintenance: registered, told beforehand, in force for readers, ended or cancelled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from library.db.migrating import SchemaState
from library.db.unit_of_work import Database
from library.domain.access import Action, Actor, require
from library.domain.configuration import Texts
from library.domain.errors import N_, InvalidMaintenance, LibraryError
from library.domain.journal import Deed
from library.domain.maintenance import Window, WindowState, require_sound
from library.projections.plain_text import clean
from library.services.remembered import Remembered
from library.settings import LANGUAGES

COUNTER = ".maintenance.changes"
# Who registers what begins at once needs a moment for the form.
GRACE = timedelta(minutes=10)


class Maintenance:
    """Windows of maintenance. `NotEntitled` where the actor may not; `InvalidMaintenance` with the remedy."""

    def __init__(self, database: Database, data_dir: Path, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._remembered: Remembered[list[Window]] = Remembered(self._ahead, data_dir / COUNTER, [])

    def running(self) -> Window | None:
        """The window that is in force at this moment; raises nothing, and costs no query but after a change."""
        now = self._clock()
        return next((one for one in self._remembered.get() if one.state(now) is WindowState.RUNNING), None)

    def told(self) -> Window | None:
        """The window of which readers have to know now: the one that runs, or the next that is told beforehand."""
        now = self._clock()
        told = (one for one in self._remembered.get() if one.state(now) is WindowState.RUNNING or one.is_told(now))
        return next(told, None)

    def seconds_left(self, window: Window) -> int:
        """How long readers are still to wait; one at least."""
        left = (window.over_at - self._clock()).total_seconds()
        return max(1, -int(-left // 1))

    def state(self, window: Window) -> WindowState:
        """Where a window stands now."""
        return window.state(self._clock())

    def public(self, limit: int, offset: int = 0) -> tuple[list[Window], list[Window]]:
        """What everybody may know: windows that are told, and those that began, the newest first."""
        now = self._clock()
        with self._database.reading() as view:
            coming = [one for one in view.maintenance.ahead(now) if one.is_told(now)] if not offset else []
            return coming, view.maintenance.begun(now, limit, offset)

    def listed(self, limit: int, *, actor: Actor) -> list[Window]:
        """All windows, cancelled ones too, the newest first."""
        require(actor, Action.SYSTEM)
        with self._database.reading() as view:
            return view.maintenance.latest(limit)

    def register(self, begins_at: datetime, ends_at: datetime, notice_hours: int, texts: Texts, *, actor: Actor) -> int:
        """Announce a window; its number. One that begins just before now begins now."""
        require(actor, Action.SYSTEM)
        at = self._clock()
        window = Window(
            id=0,
            begins_at=at if at - GRACE <= begins_at < at else begins_at,
            ends_at=ends_at,
            notice_hours=notice_hours,
            texts={tag: text for tag in LANGUAGES if (text := clean(texts.get(tag, "")))},
            registered_at=at,
            registered_by=actor.key,
            registered_by_name=actor.name,
        )
        require_sound(window, at)
        with self._database.writing() as tx:
            tx.maintenance.hold()
            if any(window.overlaps(other) for other in tx.maintenance.ahead(window.begins_at)):
                raise InvalidMaintenance(
                    N_("Another maintenance is registered for a part of this time. Cancel it first.")
                )
            number = tx.maintenance.add(window)
            tx.journal.add(actor, Deed.MAINTENANCE_ANNOUNCED, _name(number), at, after=_facts(window))
            tx.commit()
        self._remembered.changed()
        return number

    def end(self, window_id: int, *, actor: Actor) -> None:
        """Let readers in before the time; `NotFound` where the window does not run."""
        self._close(window_id, Window.end, Deed.MAINTENANCE_ENDED, actor)

    def cancel(self, window_id: int, *, actor: Actor) -> None:
        """Give up a window that did not begin yet; `NotFound` where it did."""
        self._close(window_id, Window.cancel, Deed.MAINTENANCE_CANCELLED, actor)

    def _close(self, window_id: int, change: Callable[[Window, datetime], Window], deed: Deed, actor: Actor) -> None:
        require(actor, Action.SYSTEM)
        at = self._clock()
        with self._database.writing() as tx:
            before = tx.maintenance.get(window_id)
            tx.maintenance.close(change(before, at))
            tx.journal.add(actor, deed, _name(window_id), at, before=_facts(before))
            tx.commit()
        self._remembered.changed()

    def _ahead(self) -> list[Window]:
        if self._database.schema_state() is not SchemaState.CURRENT:
            raise LibraryError(N_("The database can't be read, or is not of this release."))
        with self._database.reading() as view:
            return view.maintenance.ahead(self._clock())


def _name(window_id: int) -> str:
    return f"maintenance:{window_id}"


def _facts(window: Window) -> dict[str, object]:
    return {
        "begins_at": window.begins_at.isoformat(timespec="minutes"),
        "ends_at": window.ends_at.isoformat(timespec="minutes"),
        "notice_hours": window.notice_hours,
        "texts": [f"{tag}: {text}" for tag, text in window.texts.items()],
    }
