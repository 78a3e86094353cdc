"""Days are counted from their events, months closed, and events forgotten when their time is over.

A day is read in one consistent view and written in a short transaction, so nobody waits while a million events are
counted. Events that come meanwhile have marks of their own, which stay: the day is counted once more.
"""

from __future__ import annotations

import gc
import os
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import zip_longest

from library.db.unit_of_work import Database, ReadingUnit
from library.db.usage_counts_written import DayCounted
from library.db.usage_events import Agent, DirtyDay
from library.domain.counting import DOUBLE_CLICK, RULES_VERSION, DayCount, day_hours
from library.domain.counting_visits import peak
from library.domain.errors import N_, LibraryError, NotFound
from library.domain.periods import ReportPeriod, Span, Step, period_of, require_closed
from library.domain.robots import RobotList
from library.domain.usage import event_id, event_time, local_time
from library.domain.usage_figures import CountedDay, CountedMonth, MonthState
from library.services.usage_events import mark_of

CLOSES_AFTER = timedelta(days=3)
"""So long after its end a month waits for files of events that could not be written in time (7.11 allows 4 weeks)."""
KEPT_MONTHS = 13
"""Whole months whose events are kept beside the running one."""
QUERY_MARKS_LIFE = timedelta(days=2)
PACE = timedelta(minutes=10)
"""The running day is counted as often as this."""
QUIET = timedelta(seconds=20)
"""A day that is over is counted when nothing came for so long."""
_AGENTS_AT_ONCE = 500
_NO_CHANCE = bytes(10)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingState:
    """How far counting is: the days that wait, the newest revisions of months, and how many events are kept."""

    data_as_of: datetime | None
    dirty: tuple[DirtyDay, ...]
    months: tuple[CountedMonth, ...]
    events: int
    rules_version: str
    robots_version: str


class UsageCounting:
    """Turns events into counts."""

    def __init__(
        self,
        database: Database,
        robots: RobotList,
        zone: tzinfo,
        clock: Callable[[], datetime],
        chance: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._database = database
        self._robots = robots
        self._zone = zone
        self._clock = clock
        self._chance = chance
        self._looked: datetime | None = None

    def state(self) -> CountingState:
        """How far counting is."""
        now = self._clock()
        with self._database.reading() as view:
            first = view.usage_counts.first_day()
            span = Span(first=first, last=max(first, self._today(now))) if first else None
            return CountingState(
                data_as_of=view.usage_counts.data_as_of(now, self._zone),
                dirty=tuple(view.usage_events.dirty_days()),
                months=tuple(view.usage_counts.months(span)) if span else (),
                events=view.usage_events.count(),
                rules_version=RULES_VERSION,
                robots_version=self._robots.version,
            )

    def step(self) -> bool:
        """One piece of work: a day that is due, a month that is over, events whose time is over."""
        now = self._clock()
        with self._database.reading() as view:
            dirty = view.usage_events.dirty_days()
            running = view.usage_counts.days(Span(first=self._today(now), last=self._today(now)))
        due = next((day for day in dirty if self._is_due(day, running, now)), None)
        if due is not None:
            self.roll_up(due.day)
            return True
        if self._looked is not None and now - self._looked < PACE:
            return False
        if self._judge_agents() or self._revise() or self._close_next(now) or self._forget(now):
            return True
        self._looked = now
        return False

    def roll_up(self, day: date, *, with_month: bool = True) -> int:
        """Count a day now, whole, from all its events; how many they were. Its month is added up anew with it.

        Raises `LibraryError` where requests and exclusions are not all events together: nothing is written then.
        """
        with self._database.reading() as view:
            known = _one(view.usage_counts.days(Span(first=day, last=day)))
            marks = view.usage_events.marks(day)
            counted = None if known is not None and known.is_final else self._count(view, day)
        with self._database.writing() as tx:
            tx.usage_counts.hold()
            if tx.usage_counts.day(day) != known:
                # Somebody else counted it meanwhile, from events that may be newer.
                return 0
            tx.usage_events.clean(day, marks)
            if counted is not None and (counted.events or known is not None):
                tx.usage_counts.replace_day(counted)
            if with_month:
                tx.usage_counts.add_up(period_of(day, Step.MONTH), self._clock())
            tx.commit()
        return 0 if counted is None else counted.events

    def roll_up_all(self) -> int:
        """Count all days that wait, and revise the closed months among them; how many days they were."""
        with self._database.reading() as view:
            days = [dirty.day for dirty in view.usage_events.dirty_days()]
        for day, following in zip_longest(days, days[1:]):
            is_last = following is None or following.replace(day=1) != day.replace(day=1)
            self.roll_up(day, with_month=is_last)
        while self._revise():
            pass
        return len(days)

    def close(self, month: ReportPeriod) -> CountedMonth:
        """Close a month at once; its newest revision.

        Raises `PeriodNotClosed` where it is not over, and `NotFound` where it lies before all that was counted.
        """
        now = self._clock()
        require_closed(month, self._today(now))
        self.roll_up_all()
        with self._database.writing() as tx:
            tx.usage_counts.hold()
            first = tx.usage_counts.first_day()
            if first is None or month.last < first:
                raise NotFound(N_("Nothing was counted in {month} or before."), month=month.name)
            known = tx.usage_counts.revisions(month.first)
            if not known or known[-1].state is MonthState.OPEN:
                tx.usage_counts.close(month, now)
            newest = tx.usage_counts.revisions(month.first)[-1]
            tx.commit()
        return newest

    def close_months(self) -> int:
        """Close all months whose time has come; how many they were."""
        closed = 0
        while self._close_next(self._clock()):
            closed += 1
        return closed

    def _count(self, view: ReadingUnit, day: date) -> DayCounted:
        robots, count, events = view.usage_events.robots(), DayCount(), 0
        with _keeping_all():
            for hour, first, end in day_hours(day, self._zone):
                rows = view.usage_events.rows(first, event_id(event_time(end) + DOUBLE_CLICK, _NO_CHANCE), robots)
                ends = bisect_left(rows, end, key=lambda row: row[0])
                count.add_hour(hour, rows[:ends], rows[ends:])
                events += ends
            tally = count.finish()
        told = sum(tally.requests.values()) + sum(tally.excluded.values())
        if told != events or sum(tally.readers.values()) != sum(tally.requests.values()):
            raise LibraryError(
                N_("The figures of {day} are {told} uses, but there are {events}. Nothing was written."),
                day=day.isoformat(),
                told=told,
                events=events,
            )
        visits = count.visits.visits()
        at_once = peak(visits)
        institutions = sorted({institution for _, _, institution in visits})
        of_each = [(name, [visit for visit in visits if visit[2] == name]) for name in institutions]
        return DayCounted(
            day=day,
            tally=tally,
            events=events,
            visits=[(name, len(own), peak(own) if len(own) < len(visits) else at_once) for name, own in of_each],
            peak=at_once,
            at=self._clock(),
            rules_version=RULES_VERSION,
            robots_version=self._robots.version,
        )

    def _is_due(self, dirty: DirtyDay, running: Sequence[CountedDay], now: datetime) -> bool:
        if dirty.day >= self._today(now):
            return not running or now - running[0].counted_at >= PACE
        return now - event_time(dirty.newest) >= QUIET or now - event_time(dirty.oldest) >= PACE

    def _judge_agents(self) -> bool:
        """Ask the list of today about agents that another one judged; the days of open months are counted anew."""
        with self._database.reading() as view:
            agents = view.usage_events.judged_by_others(self._robots.version, _AGENTS_AT_ONCE)
        if not agents:
            return False
        judged = [
            Agent(
                id=agent.id,
                words=agent.words,
                is_robot=self._robots.is_robot(agent.words),
                list_version=self._robots.version,
            )
            for agent in agents
        ]
        changed = [one for one, before in zip(judged, agents, strict=True) if one.is_robot != before.is_robot]
        with self._database.writing() as tx:
            tx.usage_events.judge(judged)
            if changed:
                spans = [period_of(month, Step.MONTH) for month in tx.usage_counts.open_months()]
                days = [
                    day.day for month in spans for day in tx.usage_counts.days(Span(first=month.first, last=month.last))
                ]
                tx.usage_events.mark(days, mark_of(self._clock(), self._chance))
            tx.commit()
        return True

    def _revise(self) -> bool:
        """Add a month up of which a day was counted otherwise since; a closed one gets a further revision."""
        with self._database.writing() as tx:
            tx.usage_counts.hold()
            months = tx.usage_counts.out_of_date()
            for month in months[:1]:
                tx.usage_counts.revise(period_of(month, Step.MONTH), self._clock())
            tx.commit()
        return bool(months)

    def _close_next(self, now: datetime) -> bool:
        """Close the first month that is over for long enough and has no day that waits."""
        with self._database.reading() as view:
            first = view.usage_counts.first_day()
            dirty = {dirty.day.replace(day=1) for dirty in view.usage_events.dirty_days()}
            last = period_of(self._today(now) - CLOSES_AFTER, Step.MONTH).before
            if first is None or last.last < first:
                return False
            span = Span(first=first, last=last.last)
            closed = {month.month for month in view.usage_counts.months(span) if month.state is MonthState.CLOSED}
        month = next(
            (month for month in span.periods(Step.MONTH) if month.first not in closed | dirty),
            None,
        )
        if month is None:
            return False
        with self._database.writing() as tx:
            tx.usage_counts.hold()
            tx.usage_counts.close(month, now)
            tx.commit()
        return True

    def _forget(self, now: datetime) -> bool:
        """Delete the events of the earliest day whose time is over, and what told visitors apart."""
        today = self._today(now)
        first_kept = period_of(today, Step.MONTH)
        for _ in range(KEPT_MONTHS):
            first_kept = first_kept.before
        with self._database.writing() as tx:
            tx.usage_counts.hold()
            tx.usage_events.forget_marks(today - QUERY_MARKS_LIFE)
            day = tx.usage_counts.oldest_with_events(first_kept.first)
            if day is not None and tx.usage_counts.revisions(day)[-1].state is MonthState.CLOSED:
                hours = day_hours(day, self._zone)
                tx.usage_events.forget(hours[0][1], hours[-1][2])
                tx.usage_counts.make_final(day)
                tx.commit()
                return True
            tx.usage_events.forget_agents(first_kept.first)
            tx.commit()
        return False

    def _today(self, now: datetime) -> date:
        return local_time(now, self._zone)[0]


@contextmanager
def _keeping_all() -> Iterator[None]:
    """What is counted in this block is no garbage; looking whether it is would take a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _one(days: Sequence[CountedDay]) -> CountedDay | None:
    return days[0] if days else None
