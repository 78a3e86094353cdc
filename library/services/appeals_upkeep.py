"""What the worker does with appeals by itself: deadlines that passed, a changed calendar, data whose time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from library.db.appeals import ReadAppeals
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.appeals import Appeal, deadlines_of
from library.domain.journal import Deed
from library.services.appeals import erased
from library.services.appeals_files import AppealFiles
from library.services.configuration import Configuration
from library.services.custody_closing import KEEPER

AT_ONCE = 50
EVERY = timedelta(minutes=1)
SWEPT_EVERY = timedelta(days=1)


class AppealsUpkeep:
    """`step` is for the worker; it looks once a minute.

    `keep` is how long name, contact and files of an answered appeal stay.
    """

    def __init__(
        self,
        database: Database,
        files: AppealFiles,
        configuration: Configuration,
        keep: timedelta,
        zone: tzinfo,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._files = files
        self._configuration = configuration
        self._keep = keep
        self._zone = zone
        self._clock = clock
        self._next_at: datetime | None = None
        self._sweep_at: datetime | None = None

    def step(self) -> bool:
        """Do what is due; False where nothing is, or was looked at just now."""
        now = self._clock()
        if self._next_at is not None and now < self._next_at:
            return False
        # Deadlines first: one that a new holiday moved must not be called missed.
        has_worked = self.reckon() or self.escalate() or self.erase()
        if not has_worked:
            self._next_at = now + EVERY
            if self._sweep_at is None or now >= self._sweep_at:
                self._sweep_at = now + SWEPT_EVERY
                self._files.sweep()
        return has_worked

    def reckon(self) -> bool:
        """Reckon the deadlines of waiting appeals anew after the calendar was changed."""
        current = self._configuration.current()
        calendar, version = current.appeals.calendar(self._zone), current.appeals_version

        def due(appeals: ReadAppeals) -> list[Appeal]:
            return appeals.by_another_calendar(version, AT_ONCE)

        def reckoned(tx: UnitOfWork, appeal: Appeal) -> None:
            deadlines = deadlines_of(appeal.kind, calendar, appeal.received_at)
            tx.appeals.save(appeal.reckon(deadlines, version))
            if deadlines != appeal.deadlines:
                facts = {
                    "first_look": deadlines.first_look.astimezone(self._zone).isoformat(),
                    "measures": deadlines.measures.astimezone(self._zone).isoformat(),
                }
                tx.journal.add(KEEPER, Deed.APPEAL_RECKONED, appeal.key, self._clock(), after=facts)

        return self._each(due, reckoned)

    def escalate(self) -> bool:
        """Bring those before the head of which a clock ran out."""
        now = self._clock()

        def due(appeals: ReadAppeals) -> list[Appeal]:
            return appeals.to_escalate(now, AT_ONCE)

        def escalated(tx: UnitOfWork, appeal: Appeal) -> None:
            clocks = appeal.ran_out(now)
            for clock in clocks:
                appeal = appeal.escalate(clock, now)
                tx.journal.add(KEEPER, Deed.APPEAL_ESCALATED, appeal.key, now, after={"clock": clock.value})
            tx.appeals.save(appeal)

        return self._each(due, escalated)

    def erase(self) -> bool:
        """Erase the sender and the files of those that were answered long ago."""
        gone: list[int] = []

        def due(appeals: ReadAppeals) -> list[Appeal]:
            return appeals.to_erase(self._clock() - self._keep, AT_ONCE)

        def forgotten(tx: UnitOfWork, appeal: Appeal) -> None:
            erased(tx, appeal, self._clock(), KEEPER)
            gone.append(appeal.id)

        has_worked = self._each(due, forgotten)
        for number in gone:
            self._files.remove(number)
        return has_worked

    def _each(self, due: Callable[[ReadAppeals], list[Appeal]], change: Callable[[UnitOfWork, Appeal], None]) -> bool:
        with self._database.reading() as view:
            if not due(view.appeals):
                return False
        with self._database.writing() as tx:
            found = due(tx.appeals)
            for one in found:
                change(tx, one)
            tx.commit()
        return bool(found)
