"""What departments and librarians do with works that were given to the open archive, and their lists of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from library.db.deposits import DepositFilter
from library.db.unit_of_work import Database, ReadingUnit, UnitOfWork
from library.domain.access import Action, Actor, may, require
from library.domain.deposit import LONGEST_REASON, Deposit, DepositState, Stage
from library.domain.errors import N_, NotEntitled
from library.domain.journal import Deed
from library.domain.people import Person, Role
from library.projections.plain_text import clean
from library.services.configuration import Configuration
from library.services.deposit import note
from library.services.deposit_record import DepositRecord


class Part(StrEnum):
    """A list of work."""

    TO_CONFIRM = "to-confirm"
    TO_CATALOGUE = "to-catalogue"
    TO_APPROVE = "to-approve"
    TO_WITHDRAW = "to-withdraw"
    RETURNED = "returned"
    PUBLISHED = "published"


_PARTS: Mapping[Part, DepositFilter] = {
    Part.TO_CONFIRM: DepositFilter(stage=Stage.SENT),
    Part.TO_CATALOGUE: DepositFilter(stage=Stage.CATALOGUING),
    Part.TO_APPROVE: DepositFilter(stage=Stage.APPROVAL),
    Part.TO_WITHDRAW: DepositFilter(stage=Stage.PUBLISHED, asked=True),
    Part.RETURNED: DepositFilter(stage=Stage.RETURNED),
    Part.PUBLISHED: DepositFilter(stage=Stage.PUBLISHED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkList:
    """A page of a list, and how many each list has."""

    deposits: tuple[Deposit, ...]
    total: int
    counts: Mapping[Part, int]


class DepositReview:
    """`NotEntitled`; `FourEyes` for one's own; `NotFound`; `StaleVersion`; `DepositNotReady` in another state."""

    def __init__(
        self,
        database: Database,
        record: DepositRecord,
        configuration: Configuration,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._record = record
        self._configuration = configuration
        self._clock = clock

    def page(self, part: Part, limit: int, offset: int = 0, *, actor: Actor) -> WorkList:
        """A list of work, what waits longest first; a department sees the works of its faculty."""
        require(actor, Action.SEE_DEPOSITS)
        with self._database.reading() as view:
            scope = self._scope(view, actor)
            filters = {one: _within(wanted, scope) for one, wanted in _PARTS.items()}
            counts = {one: view.deposits.count(wanted) for one, wanted in filters.items()}
            found = view.deposits.found(filters[part], limit, offset)
        return WorkList(deposits=tuple(found), total=counts[part], counts=counts)

    def waiting(self, *, actor: Actor) -> Mapping[Part, int]:
        """How many wait for somebody like this actor: nothing where none do."""
        shown = {
            Part.TO_CONFIRM: may(actor, Action.CONFIRM_DEPOSITS),
            Part.TO_CATALOGUE: may(actor, Action.CATALOGUE),
            Part.TO_WITHDRAW: may(actor, Action.WITHDRAW),
        }
        with self._database.reading() as view:
            scope = self._scope(view, actor)
            found = {
                part: view.deposits.count(_within(_PARTS[part], scope))
                for part, is_theirs in shown.items()
                if is_theirs
            }
        return {part: count for part, count in found.items() if count}

    def confirm(self, deposit_id: int, *, expected: int, actor: Actor) -> Deposit:
        """The department vouches for the work: it goes to the librarians."""
        at = self._clock()
        with self._database.writing() as tx:
            before = self._theirs(tx, deposit_id, actor).expecting(expected)
            saved = tx.deposits.save(before.confirm(actor, at))
            note(tx, before, saved, Deed.DEPOSIT_CONFIRMED, "", at, actor)
            tx.commit()
        return saved

    def return_(self, deposit_id: int, reason: str, *, expected: int, actor: Actor) -> Deposit:
        """Give it back to its depositor: the department what was sent, a librarian what was confirmed."""
        words, at = clean(reason)[:LONGEST_REASON], self._clock()
        with self._database.writing() as tx:
            before = self._theirs(tx, deposit_id, actor).expecting(expected)
            require(actor, return_right(before))
            saved = tx.deposits.save(before.return_(words, at))
            note(tx, before, saved, Deed.DEPOSIT_RETURNED, words, at, actor)
            tx.commit()
        # First the state, which keeps the record from being submitted again.
        self._record.call_back(saved, words, actor=actor)
        return saved

    def may_confirm(self, deposit: Deposit, *, actor: Actor) -> bool:
        """Whether this actor may confirm it, or return it, for the department."""
        if not may(actor, Action.CONFIRM_DEPOSITS) or deposit.state is not DepositState.SENT:
            return False
        with self._database.reading() as view:
            scope = self._scope(view, actor)
        return actor.key != deposit.depositor and (not scope or deposit.fields.faculty in scope)

    def _theirs(self, tx: UnitOfWork, deposit_id: int, actor: Actor) -> Deposit:
        require(actor, Action.SEE_DEPOSITS)
        deposit = tx.deposits.get(deposit_id)
        scope = self._scope(tx, actor)
        if scope and deposit.fields.faculty not in scope:
            raise NotEntitled(N_("This work is of another faculty. Its own department confirms it."))
        return deposit

    def _scope(self, view: ReadingUnit | UnitOfWork, actor: Actor) -> frozenset[str]:
        """The codes of the faculties whose works an actor sees; empty for all of them.

        A department is bound to the faculty that its account names on the library card; librarians see all works.
        """
        if may(actor, Action.SEE_WORK) or Role.DEPARTMENT not in actor.roles:
            return frozenset()
        person: Person = view.people.get(int(actor.key.removeprefix("person:")))
        named = person.card.faculty.casefold() if person.card else ""
        return frozenset(
            one.code
            for one in self._configuration.current().faculties.all
            if named and named in (one.code, *(name.casefold() for name in one.names.values()))
        )


def return_right(deposit: Deposit) -> Action:
    """Who returns it where it stands now."""
    return Action.CATALOGUE if deposit.state is DepositState.CONFIRMED else Action.CONFIRM_DEPOSITS


def _within(wanted: DepositFilter, scope: frozenset[str]) -> DepositFilter:
    return DepositFilter(stage=wanted.stage, asked=wanted.asked, faculties=scope)
