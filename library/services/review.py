"""The queue of work that waits for a second person: what it changes, and its approval, one by one or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from library.db.documents import DocumentFilter
from library.db.unit_of_work import Database
from library.db.works import ListedWork
from library.domain.access import Action, Actor, may_approve, require
from library.domain.errors import LibraryError, Message
from library.domain.record import Status
from library.domain.work import Work, WorkState
from library.marc import dialects
from library.marc.differences import Difference, differences
from library.services.cataloguing import Cataloguing, Stamp, Workplace
from library.services.documents import APPROVABLE

PAGE = 50
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A part of the queue, the longest waiting first; `names` are those of the people in it, by key of the actor.

    `files` is how many full texts wait for an approval too; they have a queue of their own.
    """

    works: tuple[ListedWork, ...]
    total: int
    files: int
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """Work on a record beside its approved state; of a record that nobody approved yet all is new."""

    place: Workplace
    work: Work
    title: str
    differences: tuple[Difference, ...]
    names: Mapping[str, str]
    approvable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one record when many were approved; `problem` says why it was not."""

    record_id: int
    problem: Message | None


class Review:
    """Reading is for whoever may see work; the decisions themselves are those of `Cataloguing`."""

    def __init__(self, database: Database, cataloguing: Cataloguing) -> None:
        self._database = database
        self._cataloguing = cataloguing

    def queue(self, offset: int, *, actor: Actor) -> Queue:
        """`PAGE` works that wait, from this one on."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            works = view.works.submitted(PAGE, offset)
            return Queue(
                works=tuple(works),
                total=view.works.counts().get(WorkState.SUBMITTED, 0),
                files=view.documents.count(DocumentFilter(states=APPROVABLE, unapproved=True)),
                names=view.actor_names.of(key for work in works for key in (work.entered_by, work.edited_by)),
            )

    def one(self, record_id: int, *, actor: Actor) -> Reviewed:
        """The work on a record, whatever its state; `NotFound` where there is none."""
        place = self._cataloguing.workplace(record_id, actor=actor)
        work = place.required_work()
        fresh = place.record.status is Status.DRAFT
        approved = place.record.marc.with_fields(()) if fresh else place.record.marc
        with self._database.reading() as view:
            names = view.actor_names.of((work.entered_by, work.edited_by, place.record.changed_by))
        return Reviewed(
            place=place,
            work=work,
            title=dialects.describe(place.record.dialect, work.marc).title,
            differences=differences(approved, work.marc),
            names=names,
            approvable=work.state is WorkState.SUBMITTED and may_approve(actor, work),
        )

    def approve_many(self, chosen: Sequence[tuple[int, Stamp]], *, actor: Actor) -> tuple[Outcome, ...]:
        """Approve each by itself: what cannot be approved is left as it is, and the others are approved."""
        require(actor, Action.APPROVE)
        return tuple(self._approve(number, stamp, actor) for number, stamp in chosen[:MOST_AT_ONCE])

    def _approve(self, number: int, stamp: Stamp, actor: Actor) -> Outcome:
        try:
            self._cataloguing.approve(number, expected=stamp, actor=actor)
        except LibraryError as error:
            return Outcome(record_id=number, problem=error.message)
        return Outcome(record_id=number, problem=None)
