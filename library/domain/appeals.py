"""What people write to the library: complaints, questions, suggestions, and its duty to answer in time.

received -> looked at -> answered -> closed with what came of it. Two clocks run in working days: the first look and the
measures. They stop for good when the answer is given, and go to the head of the library when they run out before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from statistics import median

from library.domain.errors import N_, AppealNotReady, FieldProblem, InvalidAppeal, Message, StaleVersion
from library.domain.workdays import SUPPORT_DAYS, Deadlines, WorkCalendar, complaint_deadlines

LONGEST_SUBJECT = 200
LONGEST_TEXT = 10_000
LONGEST_CONTACT = 200
LONGEST_ABOUT = 500
LONGEST_NUMBER = 60


class AppealKind(StrEnum):
    """What somebody wants."""

    COMPLAINT = "complaint"
    SUPPORT = "support"
    PURCHASE = "purchase"
    COPY = "copy"
    MISTAKE = "mistake"


class Channel(StrEnum):
    """How it came; what did not come through the form is entered by staff."""

    FORM = "form"
    RECEPTION = "reception"
    LETTER = "letter"
    EMAIL = "email"
    TELEPHONE = "telephone"
    IN_PERSON = "in-person"


class AppealState(StrEnum):
    """Where it stands."""

    RECEIVED = "received"
    LOOKED_AT = "looked-at"
    ANSWERED = "answered"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What was done, in a word."""

    DONE = "done"
    PARTLY = "partly"
    EXPLAINED = "explained"
    DECLINED = "declined"
    FORWARDED = "forwarded"


class AppealClock(StrEnum):
    """What a deadline is for."""

    FIRST_LOOK = "first-look"
    MEASURES = "measures"


WAITING = frozenset({AppealState.RECEIVED, AppealState.LOOKED_AT})
"""The states in which a clock runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who did a step (key and name of the actor), and when."""

    key: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """One of them.

    `contact` and `name` are personal: shown to those who answer alone, empty where nothing was given, and after they
    were erased. `about` is the page of ours it is about, `record_id` the record, 0 for none; `outside_number` is the
    number that another register gave it. Both deadlines are kept as they were reckoned by the calendar of that version.
    `days_taken` are the working days from its coming to the answer. `look_escalated_at` and `measures_escalated_at`
    are when each clock ran out and the head was told.
    """

    id: int = 0
    kind: AppealKind
    channel: Channel = Channel.FORM
    state: AppealState = AppealState.RECEIVED
    subject: str
    text: str
    name: str = ""
    contact: str = ""
    language: str
    about: str = ""
    record_id: int = 0
    outside_number: str = ""
    form_key: str = ""
    received_at: datetime
    deadlines: Deadlines
    calendar_version: int = 0
    looked: By | None = None
    assigned_to: str = ""
    assigned_name: str = ""
    look_escalated_at: datetime | None = None
    measures_escalated_at: datetime | None = None
    outcome: Outcome | None = None
    answer: str = ""
    answered: By | None = None
    days_taken: int | None = None
    effect: str = ""
    closed: By | None = None
    erased_at: datetime | None = None
    version: int = 1

    @property
    def key(self) -> str:
        """What the journal calls it."""
        return f"appeal:{self.id}"

    @property
    def is_waiting(self) -> bool:
        """Whether a clock runs."""
        return self.state in WAITING

    @property
    def is_escalated(self) -> bool:
        """Whether it is with the head: a clock ran out, and there is no answer yet."""
        return self.is_waiting and not (self.look_escalated_at is None and self.measures_escalated_at is None)

    @property
    def clock(self) -> AppealClock | None:
        """The clock that runs out next; None where none runs."""
        if not self.is_waiting:
            return None
        return AppealClock.FIRST_LOOK if self.looked is None else AppealClock.MEASURES

    @property
    def due(self) -> datetime | None:
        """When the clock that runs out next does so."""
        return None if self.clock is None else self.deadline(self.clock)

    def deadline(self, clock: AppealClock) -> datetime:
        """When that clock runs out."""
        return self.deadlines.first_look if clock is AppealClock.FIRST_LOOK else self.deadlines.measures

    def is_late(self, clock: AppealClock, now: datetime) -> bool:
        """Whether that was done after its deadline, or was not done and the deadline is over."""
        done = self.looked if clock is AppealClock.FIRST_LOOK else self.answered
        return (now if done is None else done.at) > self.deadline(clock)

    def ran_out(self, now: datetime) -> tuple[AppealClock, ...]:
        """The clocks that ran out, of which the head was not told yet."""
        told = {
            AppealClock.FIRST_LOOK: self.look_escalated_at or (self.looked and self.looked.at),
            AppealClock.MEASURES: self.measures_escalated_at or (self.answered and self.answered.at),
        }
        return tuple(clock for clock in AppealClock if told[clock] is None and self.is_late(clock, now))

    def expecting(self, version: int) -> Appeal:
        """This, if it still has the version that was read; else `StaleVersion`."""
        if version != self.version:
            raise StaleVersion(N_("Somebody worked on this appeal meanwhile. Look at it again."))
        return self

    def look(self, by: By) -> Appeal:
        """Looked at: the first clock stops."""
        if self.state is not AppealState.RECEIVED:
            raise AppealNotReady(N_("This appeal was looked at already."))
        return replace(self, state=AppealState.LOOKED_AT, looked=by)

    def assign(self, key: str, name: str, by: By) -> Appeal:
        """Given to a member of staff; whoever gives it has looked at it."""
        seen = self.look(by) if self.state is AppealState.RECEIVED else self._required_waiting()
        return replace(seen, assigned_to=key, assigned_name=name)

    def escalate(self, clock: AppealClock, at: datetime) -> Appeal:
        """Brought before the head of the library, because that clock ran out."""
        if clock is AppealClock.FIRST_LOOK:
            return replace(self, look_escalated_at=at)
        return replace(self, measures_escalated_at=at)

    def reckon(self, deadlines: Deadlines, version: int) -> Appeal:
        """With the deadlines of another calendar, as long as there is no answer."""
        return replace(self._required_waiting(), deadlines=deadlines, calendar_version=version)

    def reply(self, outcome: Outcome, answer: str, by: By, days_taken: int) -> Appeal:
        """Answered: both clocks stop."""
        self._required_waiting()
        if not answer:
            raise InvalidAppeal([_missing("answer", N_("Write the answer."))])
        return replace(
            self,
            state=AppealState.ANSWERED,
            looked=self.looked or by,
            outcome=outcome,
            answer=answer,
            answered=by,
            days_taken=days_taken,
        )

    def close(self, effect: str, by: By) -> Appeal:
        """Nothing is left to do: what came of the measures was looked at."""
        if self.state is not AppealState.ANSWERED:
            raise AppealNotReady(N_("Only an appeal that was answered can be closed."))
        if not effect:
            raise InvalidAppeal([_missing("effect", N_("Write what came of the measures."))])
        return replace(self, state=AppealState.CLOSED, effect=effect, closed=by)

    def erase(self, at: datetime) -> Appeal:
        """Without name and contact of its sender."""
        if self.is_waiting:
            raise AppealNotReady(N_("Answer this appeal first: without the contact nobody could be answered."))
        return replace(self, name="", contact="", erased_at=at)

    def _required_waiting(self) -> Appeal:
        if not self.is_waiting:
            raise AppealNotReady(N_("This appeal was answered already."))
        return self


def deadlines_of(kind: AppealKind, calendar: WorkCalendar, received_at: datetime) -> Deadlines:
    """Until when it has to be looked at and answered; help is given within one working day."""
    if kind is AppealKind.SUPPORT:
        due = calendar.due(received_at, SUPPORT_DAYS)
        return Deadlines(first_look=due, measures=due)
    return complaint_deadlines(calendar, received_at)


def problems(appeal: Appeal) -> tuple[FieldProblem, ...]:
    """What has to be mended before it can be taken, in the order of the form."""
    found = []
    if not appeal.subject:
        found.append(_missing("subject", N_("Write in a few words what it is about.")))
    if not appeal.text:
        found.append(_missing("text", N_("Write your message.")))
    limits: Mapping[str, int] = {
        "subject": LONGEST_SUBJECT,
        "text": LONGEST_TEXT,
        "name": LONGEST_CONTACT,
        "contact": LONGEST_CONTACT,
        "outside_number": LONGEST_NUMBER,
    }
    for name, most in limits.items():
        if len(getattr(appeal, name)) > most:
            message = Message.of(N_("This is too long: {most} characters at most."), most=most)
            found.append(FieldProblem(field=name, message=message))
    if appeal.kind is AppealKind.COPY and not appeal.contact and appeal.channel is Channel.FORM:
        found.append(_missing("contact", N_("Write where the copy should be sent.")))
    return tuple(found)


def _missing(field: str, sentence: str) -> FieldProblem:
    return FieldProblem(field=field, message=Message.of(sentence))


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealFigures:
    """What became, up to a moment, of all that came in some time.

    `received` is `answered_in_time`, `answered_late` and `open` together; the deadline of `overdue`, a part of `open`,
    is over. `looked_late` had their first look, or will have it, after its deadline. `days` are the working days that
    each answer took, the fewest first.
    """

    received: int = 0
    answered_in_time: int = 0
    answered_late: int = 0
    open: int = 0
    overdue: int = 0
    looked_late: int = 0
    days: tuple[int, ...] = ()

    @property
    def late(self) -> int:
        """Those whose deadline passed without an answer."""
        return self.answered_late + self.overdue

    @property
    def median_days(self) -> Decimal | None:
        """The working days that half of the answers took at most; None where nothing was answered."""
        return Decimal(str(median(self.days))) if self.days else None


def together(figures: Iterable[AppealFigures]) -> AppealFigures:
    """The figures of several kinds, or of several times, as one."""
    parts = list(figures)

    def summed(part: Callable[[AppealFigures], int]) -> int:
        return sum(map(part, parts))

    return AppealFigures(
        received=summed(lambda one: one.received),
        answered_in_time=summed(lambda one: one.answered_in_time),
        answered_late=summed(lambda one: one.answered_late),
        open=summed(lambda one: one.open),
        overdue=summed(lambda one: one.overdue),
        looked_late=summed(lambda one: one.looked_late),
        days=tuple(sorted(days for one in parts for days in one.days)),
    )


def figures_of(appeals: Iterable[Appeal], at: datetime) -> AppealFigures:
    """The figures of these, as things stood at that moment: what was done later had not been done."""
    return together(_figures_of(one, at) for one in appeals)


def _figures_of(appeal: Appeal, at: datetime) -> AppealFigures:
    looked = appeal.looked if appeal.looked is not None and appeal.looked.at <= at else None
    answered = appeal.answered if appeal.answered is not None and appeal.answered.at <= at else None
    then = replace(appeal, looked=looked, answered=answered)
    late = then.is_late(AppealClock.MEASURES, at)
    return AppealFigures(
        received=1,
        answered_in_time=int(answered is not None and not late),
        answered_late=int(answered is not None and late),
        open=int(answered is None),
        overdue=int(answered is None and late),
        looked_late=int(then.is_late(AppealClock.FIRST_LOOK, at)),
        days=(appeal.days_taken,) if answered is not None and appeal.days_taken is not None else (),
    )
