"""Complaints, questions and suggestions: taken once however often their form is sent, worked on, answered in time."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from hashlib import sha256

from library.db.appeals import AppealFilter
from library.db.deposits import Event
from library.db.people import PeopleFilter
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Action, Actor, may, require
from library.domain.appeal_files import AppealFile, FileRole
from library.domain.appeals import (
    WAITING,
    Appeal,
    AppealClock,
    AppealKind,
    AppealState,
    By,
    Channel,
    Outcome,
    deadlines_of,
    problems,
)
from library.domain.errors import N_, AppealNotReady, InvalidAppeal, LibraryError, NotEntitled, NotFound
from library.domain.journal import Deed
from library.domain.people import Person, Standing
from library.domain.record import Status
from library.domain.workdays import WorkCalendar
from library.projections.plain_text import clean
from library.services.appeals_files import AppealFiles, SentFile
from library.services.configuration import Configuration

MOST_STAFF = 200
MOST_ABOUT_ONE_RECORD = 20
TOKEN_BYTES = 16
STEPS = frozenset(deed for deed in Deed if deed.value.startswith("appeal-"))


class Part(StrEnum):
    """A list of work."""

    WAITING = "waiting"
    MINE = "mine"
    LATE = "late"
    WITH_HEAD = "with-head"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed into a form. `received_at` is when it came, None for now; `form_key` is the word of the form."""

    form_key: str
    kind: AppealKind
    subject: str
    text: str
    name: str = ""
    contact: str = ""
    language: str
    about: str = ""
    record_id: int = 0
    channel: Channel = Channel.FORM
    outside_number: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFace:
    """How a clock stands: its deadline, when it was met, whether that is late, and the hours of working days left."""

    clock: AppealClock
    due: datetime
    done_at: datetime | None
    is_late: bool
    hours_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealLine:
    """An appeal in a list."""

    appeal: Appeal
    clocks: tuple[ClockFace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealList:
    """A page of a list, and how many each list has."""

    lines: tuple[AppealLine, ...]
    total: int
    counts: Mapping[Part, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealCase:
    """All of one: its files, what was done, who may be given it, and other waiting ones about the same record."""

    line: AppealLine
    files: tuple[AppealFile, ...]
    events: tuple[Event, ...]
    staff: tuple[Person, ...]
    others: tuple[Appeal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealStatus:
    """What its sender sees."""

    line: AppealLine
    files: tuple[AppealFile, ...]


class Appeals:
    """What staff do raises `NotEntitled`, `NotFound`, `StaleVersion`; `AppealNotReady` in another state.

    `key` makes the secret words of status pages; `zone` is that of the working days.
    """

    def __init__(
        self,
        database: Database,
        files: AppealFiles,
        configuration: Configuration,
        key: bytes,
        zone: tzinfo,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._files = files
        self._configuration = configuration
        self._key = key
        self._zone = zone
        self._clock = clock

    def receive(self, typed: Typed, files: Sequence[SentFile] = (), *, actor: Actor) -> Appeal:
        """Take what somebody sent; of a form that was sent before, the appeal that it became.

        Everybody may; what came in another way than by the form is entered by staff. `InvalidAppeal` says what is to be
        mended; `FileTooLarge`, `UploadConflict` and `StorageFull` of its files: nothing is left of it then.
        """
        if typed.channel is not Channel.FORM:
            require(actor, Action.APPEALS)
        with self._database.reading() as view:
            former = view.appeals.of_form(typed.form_key)
            shown = typed.record_id and view.records.listed([typed.record_id]).get(typed.record_id)
        if former is not None:
            return former
        record_id = typed.record_id if shown and shown.status is Status.PUBLISHED else 0
        appeal = self._new(replace(typed, record_id=record_id))
        if found := problems(appeal):
            raise InvalidAppeal(found)
        came = self._files.take(files, FileRole.SENT, appeal.received_at)
        try:
            return self._add(appeal, came, actor)
        except LibraryError as error:
            self._files.give_up(came)
            if isinstance(error, AppealNotReady):
                # The same form came twice at once: the other was quicker.
                with self._database.reading() as view:
                    former = view.appeals.of_form(typed.form_key)
                if former is not None:
                    return former
            raise

    def token(self, appeal_id: int) -> str:
        """The secret word of the status page of this appeal."""
        found = hmac.digest(self._key, f"appeal {appeal_id}".encode(), sha256)[:TOKEN_BYTES]
        return urlsafe_b64encode(found).rstrip(b"=").decode("ascii")

    def status(self, appeal_id: int, token: str) -> AppealStatus:
        """How far it is, for whoever has its secret word; `NotFound` for all others, whether it is there or not."""
        if not hmac.compare_digest(self.token(appeal_id).encode(), token.encode("utf-8", "surrogatepass")):
            raise NotFound(N_("There is no such page of an appeal. Check the address that you were given."))
        with self._database.reading() as view:
            appeal = view.appeals.get(appeal_id)
            files = tuple(view.appeal_files.of_appeal(appeal_id))
        return AppealStatus(line=self._line(appeal, self._clock()), files=files)

    def page(self, part: Part, kind: AppealKind | None, limit: int, offset: int = 0, *, actor: Actor) -> AppealList:
        """A list of work: what ran out first, then what will next."""
        require(actor, Action.SEE_APPEALS)
        now = self._clock()
        filters = {one: _filter(one, kind, actor, now) for one in Part}
        with self._database.reading() as view:
            counts = {one: view.appeals.count(wanted) for one, wanted in filters.items()}
            found = view.appeals.found(filters[part], limit, offset)
        lines = tuple(self._line(_shown(one, actor), now) for one in found)
        return AppealList(lines=lines, total=counts[part], counts=counts)

    def late(self, *, actor: Actor) -> int:
        """Of how many a clock ran out, without an answer yet."""
        require(actor, Action.SEE_APPEALS)
        with self._database.reading() as view:
            return view.appeals.count(AppealFilter(late_at=self._clock()))

    def case(self, appeal_id: int, *, actor: Actor) -> AppealCase:
        """One of them, whole; without its sender for those who only see."""
        require(actor, Action.SEE_APPEALS)
        with self._database.reading() as view:
            appeal = view.appeals.get(appeal_id)
            files = view.appeal_files.of_appeal(appeal_id)
            events = view.deposits.events([appeal.key], STEPS)
            people = view.people.found(PeopleFilter(staff=True, standing=Standing.ACTIVE), MOST_STAFF)
            about = AppealFilter(states=WAITING, record_id=appeal.record_id)
            others = view.appeals.found(about, MOST_ABOUT_ONE_RECORD) if appeal.record_id else []
        return AppealCase(
            line=self._line(_shown(appeal, actor), self._clock()),
            files=tuple(files),
            events=tuple(events),
            staff=tuple(one for one in people if may(_actor(one), Action.APPEALS)),
            others=tuple(_shown(one, actor) for one in others if one.id != appeal_id),
        )

    def look(self, appeal_id: int, *, expected: int, actor: Actor) -> Appeal:
        """Note the first look."""
        return self._change(appeal_id, expected, Deed.APPEAL_LOOKED_AT, actor, lambda one, by: one.look(by))

    def assign(self, appeal_id: int, person_id: int, *, expected: int, actor: Actor) -> Appeal:
        """Give it to a member of staff, oneself or another."""
        require(actor, Action.APPEALS)
        with self._database.reading() as view:
            person = view.people.get(person_id)
        if not may(_actor(person), Action.APPEALS):
            raise NotEntitled(N_("{name} has no right to answer appeals. Choose another person."), name=person.name)
        to = _actor(person)
        return self._change(
            appeal_id, expected, Deed.APPEAL_ASSIGNED, actor, lambda one, by: one.assign(to.key, to.name, by)
        )

    def answer(self, appeal_id: int, outcome: Outcome, text: str, *, expected: int, actor: Actor) -> Appeal:
        """Answer it; `InvalidAppeal` without words."""
        words, calendar = paragraphs(text), self.calendar()

        def answered(appeal: Appeal, by: By) -> Appeal:
            came, gone = (at.astimezone(self._zone).date() for at in (appeal.received_at, by.at))
            return appeal.reply(outcome, words, by, calendar.between(came, gone))

        return self._change(appeal_id, expected, Deed.APPEAL_ANSWERED, actor, answered)

    def close(self, appeal_id: int, effect: str, *, expected: int, actor: Actor) -> Appeal:
        """Note what came of the measures; nothing is left to do."""
        words = paragraphs(effect)
        return self._change(appeal_id, expected, Deed.APPEAL_CLOSED, actor, lambda one, by: one.close(words, by))

    def add_letter(self, appeal_id: int, file: SentFile, *, expected: int, actor: Actor) -> Appeal:
        """Keep a letter with it, of the sender or of the library; it is checked as every file."""
        require(actor, Action.APPEALS)
        at = self._clock()
        came = self._files.take([file], FileRole.LETTER, at)
        try:
            with self._database.writing() as tx:
                before = tx.appeals.get(appeal_id).expecting(expected)
                if before.erased_at is not None:
                    raise AppealNotReady(N_("The files of this appeal were erased: it takes no more."))
                saved = tx.appeals.save(before)
                for one in came:
                    tx.appeal_files.add(replace(one, appeal_id=appeal_id))
                tx.journal.add(actor, Deed.APPEAL_LETTER_ADDED, saved.key, at, after={"digest": came[0].digest})
                tx.commit()
        except LibraryError:
            self._files.give_up(came)
            raise
        return saved

    def erase(self, appeal_id: int, *, expected: int, actor: Actor) -> Appeal:
        """Erase name, contact and files of one that was answered; they can't be brought back."""
        require(actor, Action.APPEALS)
        with self._database.writing() as tx:
            saved = erased(tx, tx.appeals.get(appeal_id).expecting(expected), self._clock(), actor)
            tx.commit()
        self._files.remove(appeal_id)
        return saved

    def calendar(self) -> WorkCalendar:
        """The working days as they are set."""
        return self._configuration.current().appeals.calendar(self._zone)

    def _new(self, typed: Typed) -> Appeal:
        now = self._clock()
        received_at = now if typed.received_at is None else min(typed.received_at, now)
        return Appeal(
            kind=typed.kind,
            channel=typed.channel,
            subject=clean(typed.subject),
            text=paragraphs(typed.text),
            name=clean(typed.name),
            contact=clean(typed.contact),
            language=typed.language,
            about=typed.about,
            record_id=typed.record_id,
            outside_number=clean(typed.outside_number),
            form_key=typed.form_key,
            received_at=received_at,
            deadlines=deadlines_of(typed.kind, self.calendar(), received_at),
            calendar_version=self._configuration.current().appeals_version,
        )

    def _add(self, appeal: Appeal, files: Sequence[AppealFile], actor: Actor) -> Appeal:
        with self._database.writing() as tx:
            added = tx.appeals.add(appeal)
            for one in files:
                tx.appeal_files.add(replace(one, appeal_id=added.id))
            told = {
                "kind": added.kind.value,
                "channel": added.channel.value,
                "first_look": added.deadlines.first_look.astimezone(self._zone).isoformat(),
                "measures": added.deadlines.measures.astimezone(self._zone).isoformat(),
                "documents": len(files),
            }
            tx.journal.add(actor, Deed.APPEAL_RECEIVED, added.key, self._clock(), after=told)
            tx.commit()
        return added

    def _change(
        self, appeal_id: int, expected: int, deed: Deed, actor: Actor, change: Callable[[Appeal, By], Appeal]
    ) -> Appeal:
        require(actor, Action.APPEALS)
        at = self._clock()
        with self._database.writing() as tx:
            before = tx.appeals.get(appeal_id).expecting(expected)
            saved = tx.appeals.save(change(before, By(key=actor.key, name=actor.name, at=at)))
            was, now = _facts(before), _facts(saved)
            changed = [name for name in now if was[name] != now[name]]
            gone, came = ({name: said[name] for name in changed if said[name] is not None} for said in (was, now))
            tx.journal.add(actor, deed, saved.key, at, before=gone, after=came)
            tx.commit()
        return saved

    def _line(self, appeal: Appeal, now: datetime) -> AppealLine:
        calendar = self.calendar()
        done = {AppealClock.FIRST_LOOK: appeal.looked, AppealClock.MEASURES: appeal.answered}
        faces = (
            ClockFace(
                clock=clock,
                due=appeal.deadline(clock),
                done_at=by.at if by else None,
                is_late=appeal.is_late(clock, now),
                hours_left=calendar.hours_left(by.at if by else now, appeal.deadline(clock)),
            )
            for clock, by in done.items()
        )
        return AppealLine(appeal=appeal, clocks=tuple(faces))


def erased(tx: UnitOfWork, appeal: Appeal, at: datetime, actor: Actor) -> Appeal:
    """Erase the sender and the rows of the files; the bytes go after the commit."""
    saved = tx.appeals.save(appeal.erase(at))
    tx.appeal_files.remove_all(appeal.id)
    tx.journal.add(actor, Deed.APPEAL_ERASED, saved.key, at)
    return saved


def paragraphs(text: str) -> str:
    """Text of several lines without what can't be seen; a blank line stays between paragraphs."""
    lines = "\n".join(map(clean, text.splitlines())).strip()
    while "\n\n\n" in lines:
        lines = lines.replace("\n\n\n", "\n\n")
    return lines


def _facts(appeal: Appeal) -> dict[str, object]:
    """What the journal keeps: nothing of the sender, and no text, for neither could be erased there."""
    return {
        "status": appeal.state.value,
        "assigned": appeal.assigned_name,
        "outcome": appeal.outcome.value if appeal.outcome else None,
        "days": appeal.days_taken,
    }


def _actor(person: Person) -> Actor:
    return Actor.person(person.id, person.name, person.roles)


def _shown(appeal: Appeal, actor: Actor) -> Appeal:
    """The appeal as this actor may see it."""
    return appeal if may(actor, Action.APPEALS) else replace(appeal, name="", contact="")


def _filter(part: Part, kind: AppealKind | None, actor: Actor, now: datetime) -> AppealFilter:
    filters = {
        Part.WAITING: AppealFilter(states=WAITING),
        Part.MINE: AppealFilter(states=WAITING, assigned_to=actor.key),
        Part.LATE: AppealFilter(late_at=now),
        Part.WITH_HEAD: AppealFilter(escalated=True),
        Part.ANSWERED: AppealFilter(states=frozenset({AppealState.ANSWERED})),
        Part.CLOSED: AppealFilter(states=frozenset({AppealState.CLOSED})),
    }
    return replace(filters[part], kind=kind)
