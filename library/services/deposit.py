"""Works that scholars and students give to the open archive: begun, typed, sent; given up, or asked back.

A deposit becomes a draft record at its first file, or when it is sent; its record and its files are entered in the name
of the depositor, so that another person has to approve all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from library.db.deposits import DepositFilter, Event
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Action, Actor, require
from library.domain.deposit import LONGEST_REASON, Agreement, Deposit
from library.domain.deposit_fields import NOTHING, Author, DepositKind, Fields, cut, problems
from library.domain.document import Document, DocumentState
from library.domain.errors import (
    N_,
    DepositNotReady,
    FieldProblem,
    InvalidDeposit,
    Message,
    NotEntitled,
    NotFound,
)
from library.domain.journal import Deed
from library.domain.marc import Dialect
from library.domain.people import ReaderCategory
from library.marc.checks import Severity
from library.marc.checks.numbers import isbn_problem, issn_problem
from library.projections.plain_text import clean
from library.services.configuration import Configuration
from library.services.deposit_record import DepositRecord

MOST_A_DAY = 20
MOST_MINE = 200
_LONG = ("abstract", "other_abstract", "keywords")
_STEPS = (
    Deed.DEPOSIT_BEGUN,
    Deed.DEPOSIT_SENT,
    Deed.DEPOSIT_RETURNED,
    Deed.DEPOSIT_CONFIRMED,
    Deed.DEPOSIT_WITHDRAWN,
    Deed.DEPOSIT_WITHDRAWAL_ASKED,
    Deed.WORK_SUBMITTED,
    Deed.WORK_RETURNED,
    Deed.RECORD_APPROVED,
    Deed.EMERGENCY_APPROVAL,
    Deed.RECORD_WITHDRAWN,
    Deed.RECORD_EMBARGOED,
    Deed.RECORD_OPENED,
    Deed.DOCUMENT_RECEIVED,
    Deed.DOCUMENT_KEPT,
    Deed.DOCUMENT_REFUSED,
    Deed.DOCUMENT_APPROVED,
    Deed.DOCUMENT_CLOSED,
    Deed.DOCUMENT_WITHDRAWN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositView:
    """A deposit with its files and the steps of its way, the oldest first."""

    deposit: Deposit
    files: tuple[Document, ...]
    events: tuple[Event, ...]


class Deposits:
    """What depositors do. Days begin in `time_zone`; new records are in `dialect`.

    `NotEntitled`; `NotFound` for what is not there, or not for this actor; `StaleVersion`; `DepositNotReady` where a
    deposit is in a state in which this can't be done.
    """

    def __init__(
        self,
        database: Database,
        record: DepositRecord,
        configuration: Configuration,
        clock: Callable[[], datetime],
        time_zone: str,
        dialect: Dialect,
        default_language: str,
    ) -> None:
        self._database = database
        self._record = record
        self._configuration = configuration
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self._dialect = dialect
        self._default_language = default_language

    def today(self) -> date:
        """The day it is in the library."""
        return self._clock().astimezone(self._zone).date()

    def begin(self, kind: DepositKind, *, actor: Actor) -> Deposit:
        """A new draft of this kind; the one that this person began and typed nothing into, if there is one."""
        require(actor, Action.DEPOSIT)
        at, midnight = self._clock(), datetime.combine(self.today(), time(), self._zone)
        with self._database.writing() as tx:
            person = tx.people.get(_person(actor))
            if not person.is_staff and person.card and person.card.category is ReaderCategory.EXTERNAL:
                raise NotEntitled(N_("The open archive takes works of people of the university. Ask the library."))
            tx.deposits.hold(person.id)
            first = replace(NOTHING, authors=(Author(name=person.name),))
            there = tx.deposits.untouched(person.id, kind, first)
            if there is not None:
                return there
            if tx.deposits.begun_since(person.id, midnight) >= MOST_A_DAY:
                raise DepositNotReady(
                    N_("You began {count} deposits today. Go on tomorrow, or ask the library."), count=MOST_A_DAY
                )
            new = Deposit(
                person_id=person.id,
                person_name=person.name,
                kind=kind,
                fields=first,
                created_at=at,
                changed_at=at,
            )
            added = tx.deposits.add(new)
            tx.journal.add(actor, Deed.DEPOSIT_BEGUN, added.key, at, after={"kind": kind.value})
            tx.commit()
        return added

    def own(self, deposit_id: int, *, actor: Actor) -> Deposit:
        """A deposit of this actor."""
        require(actor, Action.DEPOSIT)
        with self._database.reading() as view:
            return _own(view.deposits.get(deposit_id), actor)

    def mine(self, *, actor: Actor) -> tuple[Deposit, ...]:
        """The deposits of this actor, the one that changed last first."""
        require(actor, Action.DEPOSIT)
        with self._database.reading() as view:
            return tuple(view.deposits.found(DepositFilter(person_id=_person(actor)), MOST_MINE))

    def view(self, deposit_id: int, *, actor: Actor) -> DepositView:
        """A deposit with its files and its way, for its depositor, and for staff once it was sent: three queries."""
        with self._database.reading() as view:
            deposit = view.deposits.get(deposit_id)
            if not deposit.is_shown_to(actor):
                raise _no_deposit(deposit_id)
            files = tuple(view.documents.of_record(deposit.record_id)) if deposit.record_id else ()
            things = [deposit.key, f"record:{deposit.record_id}", *(f"document:{one.id}" for one in files)]
            events = view.deposits.events(things, _STEPS)
        return DepositView(deposit=deposit, files=files, events=tuple(events))

    def save(self, deposit_id: int, typed: Fields, *, expected: int, actor: Actor) -> Deposit:
        """Keep what was typed, whole or not; the deposit as it is kept now."""
        require(actor, Action.DEPOSIT)
        typed = cut(_cleaned(typed))
        with self._database.writing() as tx:
            before = _own(tx.deposits.get(deposit_id), actor).expecting(expected)
            after = before.typed(typed, self._clock())
            if before.fields == typed:
                return before
            saved = tx.deposits.save(after)
            tx.commit()
        return saved

    def problems(self, deposit: Deposit) -> tuple[FieldProblem, ...]:
        """What has to be mended before it can be sent, in the order of the form."""
        faculties = [one.code for one in self._configuration.current().faculties.all]
        found = list(problems(deposit.kind, deposit.fields, self.today(), faculties))
        for name, text in (("isbn", deposit.fields.isbn), ("issn", deposit.fields.issn)):
            wrong = isbn_problem(self._dialect, text) if name == "isbn" else issn_problem(text)
            if text and wrong is not None and wrong[0] is Severity.ERROR:
                found.append(FieldProblem(field=name, message=wrong[1]))
        return tuple(found)

    def agreement(self, language: str) -> Agreement:
        """The words that somebody who reads this language accepts now."""
        current = self._configuration.current()
        text, tag = current.deposits.text(language, self._default_language)
        return Agreement(text=text, language=tag, version=current.deposits_version, accepted_at=self._clock())

    def send(self, deposit_id: int, *, language: str, has_accepted: bool, expected: int, actor: Actor) -> Deposit:
        """Give it to the department, with the agreement in this language.

        `InvalidDeposit` says what is to be mended. May be repeated: what was done of it already is not done again.
        """
        deposit = self.own(deposit_id, actor=actor).expecting(expected).require_open()
        self._require_ready(deposit, has_accepted=has_accepted)
        agreement = self.agreement(language)
        deposit = self._record.settle(deposit, self.today(), actor=actor)
        at = self._clock()
        with self._database.writing() as tx:
            before = _own(tx.deposits.get(deposit_id), actor).expecting(deposit.version)
            saved = tx.deposits.save(before.send(agreement, at))
            told: dict[str, object] = {
                "name": saved.fields.title,
                "record": saved.record_id,
                "licence": saved.fields.licence,
                "agreement": f"{agreement.language}, {agreement.version}",
            }
            if until := saved.fields.hidden_until(saved.kind, self.today()):
                told["until"] = until.isoformat()
            tx.journal.add(actor, Deed.DEPOSIT_SENT, saved.key, at, after=told)
            tx.commit()
        return saved

    def withdraw(self, deposit_id: int, *, expected: int, actor: Actor) -> Deposit:
        """Give up a deposit that is not published: its files and the work on its record go."""
        require(actor, Action.DEPOSIT)

        def withdrawn(deposit: Deposit, at: datetime) -> Deposit:
            return deposit.withdraw(at)

        saved = self._change(deposit_id, expected, withdrawn, Deed.DEPOSIT_WITHDRAWN, "", actor)
        self._record.clear(saved, actor=actor)
        return saved

    def ask_to_withdraw(self, deposit_id: int, reason: str, *, expected: int, actor: Actor) -> Deposit:
        """Ask the library to withdraw a published work."""
        require(actor, Action.DEPOSIT)
        words = clean(reason)[:LONGEST_REASON]

        def asked(deposit: Deposit, at: datetime) -> Deposit:
            return deposit.ask_to_withdraw(words, at)

        return self._change(deposit_id, expected, asked, Deed.DEPOSIT_WITHDRAWAL_ASKED, words, actor)

    def _require_ready(self, deposit: Deposit, *, has_accepted: bool) -> None:
        found = list(self.problems(deposit))
        with self._database.reading() as view:
            files = view.documents.of_record(deposit.record_id) if deposit.record_id else []
        if any(one.state is DocumentState.ARRIVING for one in files):
            found.append(FieldProblem(field="files", message=Message.of(N_("A file has not come whole yet."))))
        elif not any(one.state in DepositRecord.WHOLE for one in files):
            found.append(FieldProblem(field="files", message=Message.of(N_("Add the file of the work."))))
        if not has_accepted:
            found.append(FieldProblem(field="accepted", message=Message.of(N_("Accept the agreement."))))
        if found:
            raise InvalidDeposit(found)

    def _change(
        self,
        deposit_id: int,
        expected: int,
        change: Callable[[Deposit, datetime], Deposit],
        deed: Deed,
        remark: str,
        actor: Actor,
    ) -> Deposit:
        at = self._clock()
        with self._database.writing() as tx:
            before = _own(tx.deposits.get(deposit_id), actor).expecting(expected)
            saved = tx.deposits.save(change(before, at))
            note(tx, before, saved, deed, remark, at, actor)
            tx.commit()
        return saved


def note(tx: UnitOfWork, before: Deposit, after: Deposit, deed: Deed, remark: str, at: datetime, actor: Actor) -> None:
    """Write a step of a deposit into the journal."""
    was = {"status": before.stage.value}
    now: dict[str, object] = {"status": after.stage.value, **({"remark": remark} if remark else {})}
    tx.journal.add(actor, deed, after.key, at, before=was, after=now)


def _own(deposit: Deposit, actor: Actor) -> Deposit:
    """The deposit, for its depositor alone; nobody else learns that it is there."""
    if actor.key != deposit.depositor:
        raise _no_deposit(deposit.id)
    return deposit


def _no_deposit(deposit_id: int) -> NotFound:
    return NotFound(N_("There is no deposit {id}."), id=deposit_id)


def _person(actor: Actor) -> int:
    return int(actor.key.removeprefix("person:"))


def _cleaned(typed: Fields) -> Fields:
    """Without what can't be seen; abstracts and keywords keep their lines."""
    texts = {}
    for one in fields(Fields):
        if one.name != "authors":
            text = str(getattr(typed, one.name))
            texts[one.name] = "\n".join(map(clean, text.splitlines())).strip() if one.name in _LONG else clean(text)
    authors = (
        Author(name=clean(one.name), orcid=clean(one.orcid), affiliation=clean(one.affiliation))
        for one in typed.authors
    )
    return replace(typed, **texts, authors=tuple(authors))
