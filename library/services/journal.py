"""Reading the journal: who did what to what and when; taking it away for the management is a deed itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from library.db.journal import Wanted
from library.db.people import PeopleFilter
from library.db.unit_of_work import Database, ReadingUnit, UnitOfWork
from library.domain.access import Action, Actor, require
from library.domain.errors import N_, NotFound
from library.domain.journal import Deed, Line

CHUNK = 1_000
MOST_NAMESAKES = 50
MOST_PRINTED = 2_000


class JournalFormat(StrEnum):
    """In which forms the journal is taken away: a table without limit, or pages for the management."""

    CSV = "csv"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of the journal; empty parts ask nothing.

    `person` is a name in any alphabet, a login, a card, or the key of an actor (`person:3`); `thing` is what it was
    done to (`person:3`, `batch:7`), where a number alone is that of a record; `until` is the last day.
    """

    person: str = ""
    thing: str = ""
    deed: Deed | None = None
    since: date | None = None
    until: date | None = None

    def facts(self) -> dict[str, object]:
        """What the journal tells of a question."""
        said = {
            "person": self.person,
            "object": self.thing,
            "deed": self.deed.value if self.deed else "",
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        }
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Entries, the newest first, and how many there are in all; `next` goes on below them, 0 at the end.

    `too_many_namesakes` says that more people are called so than are looked for.
    """

    lines: tuple[Line, ...]
    total: int
    next: int
    too_many_namesakes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenAway:
    """Entries for a file, the newest first: `count` of the `total` that were found."""

    lines: Iterator[Line]
    count: int
    total: int
    taken_at: datetime


class JournalReading:
    """Entries for those who may see them. `NotEntitled` for others."""

    def __init__(
        self, database: Database, zone: tzinfo, clock: Callable[[], datetime], most_printed: int = MOST_PRINTED
    ) -> None:
        self._database = database
        self._zone = zone
        self._clock = clock
        self.most_printed = most_printed

    def page(self, question: Question, below: int | None, limit: int, *, actor: Actor) -> Found:
        """Up to `limit` entries with numbers under `below`; None begins with the newest."""
        require(actor, Action.JOURNAL)
        with self._database.reading() as view:
            wanted, too_many = self._wanted(view, question)
            lines = view.journal.newest(wanted, below, limit + 1)
            total = view.journal.count(wanted)
        return Found(
            lines=tuple(lines[:limit]),
            total=total,
            next=lines[limit - 1].seq if len(lines) > limit else 0,
            too_many_namesakes=too_many,
        )

    def entry(self, seq: int, *, actor: Actor) -> Line:
        """One entry."""
        require(actor, Action.JOURNAL)
        with self._database.reading() as view:
            lines = view.journal.newest(Wanted(), seq + 1, 1)
        if not lines or lines[0].seq != seq:
            raise NotFound(N_("The journal has no entry {number}."), number=seq)
        return lines[0]

    def take_away(self, question: Question, form: JournalFormat, *, actor: Actor) -> TakenAway:
        """Entries for a file, which is noted in the journal first; where pages have a limit, the newest are there."""
        require(actor, Action.JOURNAL)
        at = self._clock()
        with self._database.writing() as tx:
            wanted, _ = self._wanted(tx, question)
            total = tx.journal.count(wanted)
            count = min(total, self.most_printed) if form is JournalFormat.PDF else total
            below = tx.journal.head()[0] + 1
            facts = {**question.facts(), "format": form.value, "entries": count}
            tx.journal.add(actor, Deed.JOURNAL_EXPORTED, "journal", at, after=facts)
            tx.commit()
        return TakenAway(lines=self._read(wanted, below, count), count=count, total=total, taken_at=at)

    def _read(self, wanted: Wanted, below: int, count: int) -> Iterator[Line]:
        # Entries never change: page after page, each in a view of its own, is one state all the same.
        while count:
            with self._database.reading() as view:
                lines = view.journal.newest(wanted, below, min(CHUNK, count))
            if not lines:
                return
            yield from lines
            below = lines[-1].seq
            count -= len(lines)

    def _wanted(self, view: ReadingUnit | UnitOfWork, question: Question) -> tuple[Wanted, bool]:
        actors: tuple[str, ...] = ()
        people = []
        if question.person:
            people = view.people.found(PeopleFilter(words=question.person), MOST_NAMESAKES + 1)
            actors = (question.person, *(f"person:{person.id}" for person in people[:MOST_NAMESAKES]))
        wanted = Wanted(
            actors=actors,
            object=f"record:{question.thing}" if question.thing.isdecimal() else question.thing,
            deed=question.deed.value if question.deed else "",
            since=self._midnight(question.since) if question.since else None,
            until=self._midnight(question.until + timedelta(days=1)) if question.until else None,
        )
        return wanted, len(people) > MOST_NAMESAKES

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)
