"""Cataloguing: records are entered, worked on, approved by a second person and withdrawn; every state is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from library.db.form_drafts import ENTERED, FormDraft
from library.db.outbox import Topic
from library.db.records import DescribedRecord
from library.db.unit_of_work import Database, ReadingUnit, UnitOfWork
from library.domain.access import Action, Actor, require, require_second_person
from library.domain.deposit import require_confirmed
from library.domain.errors import (
    N_,
    AlreadyEntered,
    InvalidRecord,
    NotExpressible,
    NotFound,
    NotSubmitted,
    StaleVersion,
)
from library.domain.journal import Deed
from library.domain.marc import Dialect, MarcRecord
from library.domain.record import CatalogueRecord, Status
from library.domain.work import Work, WorkState
from library.marc import dialects
from library.marc.checks import Severity, check_form
from library.marc.differences import differences
from library.marc.worksheets import worksheet_for
from library.marc.writing import field_line
from library.services.embargo_closing import note_closed, still_closed


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """What a form was filled from: the version of the record and of the work on it, 0 where there was none."""

    record: int
    work: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """A record as staff see it: its approved state, and the work on it if there is some.

    `base` is what the work was made from. Copies may be entered into a record while there is work on it: such work
    `is_behind` until it is saved again with what is new in the record.
    """

    record: CatalogueRecord
    work: Work | None
    base: MarcRecord

    @property
    def marc(self) -> MarcRecord:
        """What the work says, and the record where there is none."""
        return self.work.marc if self.work else self.record.marc

    @property
    def is_behind(self) -> bool:
        """Whether the record was changed since the work on it was saved."""
        return self.work is not None and self.work.base_version != self.record.version

    @property
    def newest(self) -> MarcRecord:
        """What was saved last, of the work or of the record under it."""
        return self.record.marc if self.is_behind else self.marc

    @property
    def stamp(self) -> Stamp:
        """The versions of it."""
        return Stamp(self.record.version, self.work.version if self.work else 0)

    def expecting(self, stamp: Stamp) -> Workplace:
        """This, if nobody saved anything since the stamp was taken; else `StaleVersion`."""
        if stamp != self.stamp:
            raise StaleVersion(N_("Record {id} was saved by somebody else meanwhile."), id=self.record.id)
        return self

    def required_work(self) -> Work:
        """The work on it; `NotFound` where there is none."""
        if self.work is None:
            raise NotFound(N_("There is no work on record {id} that waits."), id=self.record.id)
        return self.work


class Cataloguing:
    """Each method is one transaction: the record, what is derived of it, the journal, and the task for the index.

    A method that is not entitled to its actor raises `NotEntitled`; one that was given an old stamp, `StaleVersion`; a
    record that breaks the rules of its dialect is `InvalidRecord`; an unknown number is `RecordNotFound`.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def create(self, dialect: Dialect, marc: MarcRecord, *, actor: Actor, form: str = "") -> int:
        """Enter a new record as a draft with its work; its number.

        A `form` is a word that no other form has: the record is entered once, however often its form is sent;
        `AlreadyEntered` names it after that.
        """
        require(actor, Action.CATALOGUE)
        _refuse_problems(dialect, marc)
        at = self._clock()
        with self._database.writing() as tx:
            (number,) = tx.records.reserve(1)
            if form:
                _enter_once(tx, form, number, actor, at)
            record = CatalogueRecord(
                id=number,
                dialect=dialect,
                marc=marc,
                status=Status.DRAFT,
                version=1,
                created_at=at,
                changed_at=at,
                changed_by=actor.key,
            )
            described = _described(record)
            tx.records.add([described])
            tx.works.add(_new_work(record, marc, actor, at), described.description.title)
            tx.journal.add(actor, Deed.RECORD_ENTERED, _name(number), at, after={"fields": _lines(marc)})
            tx.outbox.add(Topic.INDEX_RECORD, [number], at)
            tx.commit()
        return number

    def workplace(self, record_id: int, *, actor: Actor) -> Workplace:
        """The record and the work on it."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            return _workplace(view, record_id)

    def save(self, record_id: int, marc: MarcRecord, *, expected: Stamp, actor: Actor) -> Stamp:
        """Save work on a record, as a draft; readers see what they saw before."""
        require(actor, Action.CATALOGUE)
        at = self._clock()
        with self._database.writing() as tx:
            place = _workplace(tx, record_id).expecting(expected)
            _refuse_problems(place.record.dialect, marc)
            before = place.marc
            work = (
                place.work.edit(marc, by=actor.key, at=at).rebase(place.record.version)
                if place.work
                else _new_work(place.record, marc, actor, at)
            )
            work = _keep_draft_in_step(tx, place.record, work, actor, at)
            title = dialects.describe(place.record.dialect, marc).title
            if place.work:
                tx.works.replace(place.work, work, title)
            else:
                tx.works.add(work, title)
            removed, added = _changes(before, marc)
            tx.journal.add(actor, Deed.WORK_SAVED, _name(record_id), at, before=removed, after=added)
            tx.commit()
        return Stamp(work.base_version, work.version)

    def submit(self, record_id: int, *, expected: Stamp, actor: Actor) -> Stamp:
        """Give the work to a second person; `InvalidRecord` where a check of its form finds an error."""
        require(actor, Action.CATALOGUE)
        at = self._clock()
        with self._database.writing() as tx:
            place = _workplace(tx, record_id).expecting(expected)
            work = place.required_work()
            require_confirmed(tx.deposits.of_record(record_id))
            _refuse_errors(place.record.dialect, work.marc, at)
            submitted = work.submit(at=at)
            _replace(tx, work, submitted)
            tx.journal.add(actor, Deed.WORK_SUBMITTED, _name(record_id), at, after={"work": submitted.version})
            tx.commit()
        return Stamp(submitted.base_version, submitted.version)

    def return_(self, record_id: int, remark: str, *, expected: Stamp, actor: Actor) -> None:
        """Give submitted work back to the one who made it, with what is to be mended."""
        require(actor, Action.APPROVE)
        at = self._clock()
        with self._database.writing() as tx:
            work = _submitted(_workplace(tx, record_id).expecting(expected))
            _replace(tx, work, work.return_(remark))
            tx.journal.add(actor, Deed.WORK_RETURNED, _name(record_id), at, after={"remark": remark})
            tx.commit()

    def restore(self, record_id: int, version: int, *, expected: Stamp, actor: Actor) -> Stamp:
        """Begin work on a record with what it said in an earlier version; another person approves it as any work."""
        require(actor, Action.CATALOGUE)
        with self._database.reading() as view:
            now = view.records.get(record_id)
            state = view.records.at_versions([(record_id, version)]).get((record_id, version))
        if state is None:
            raise NotFound(N_("Record {id} has no version {version}."), id=record_id, version=version)
        if state.dialect is not now.dialect:
            raise NotExpressible(
                N_("Version {version} was catalogued by other rules than the record is now."), version=version
            )
        return self.save(record_id, state.marc, expected=expected, actor=actor)

    def discard(self, record_id: int, *, expected: Stamp, actor: Actor) -> None:
        """Give up the work on a record; its approved state stays, and a record never approved stays a draft."""
        require(actor, Action.CATALOGUE)
        at = self._clock()
        with self._database.writing() as tx:
            place = _workplace(tx, record_id).expecting(expected)
            work = place.required_work()
            tx.works.remove(work)
            kept, lost = _changes(place.record.marc, work.marc)
            tx.journal.add(actor, Deed.WORK_DISCARDED, _name(record_id), at, before=lost, after=kept)
            tx.commit()

    def approve(self, record_id: int, *, expected: Stamp, actor: Actor) -> int:
        """Open submitted work of another person to readers; the record's new version. Raises `FourEyes` else."""
        with self._database.writing() as tx:
            place = _workplace(tx, record_id).expecting(expected)
            require_second_person(actor, _submitted(place))
            version = self._approve(tx, place, actor, Deed.RECORD_APPROVED, "")
            tx.commit()
        return version

    def approve_in_emergency(self, record_id: int, reason: str, *, expected: Stamp, actor: Actor) -> int:
        """The head opens work without a second person, loudly: the reason stands in the journal for ever."""
        require(actor, Action.APPROVE_IN_EMERGENCY)
        if not reason.strip():
            raise NotSubmitted(N_("An approval without a second person needs its reason."))
        with self._database.writing() as tx:
            place = _workplace(tx, record_id).expecting(expected)
            version = self._approve(tx, place, actor, Deed.EMERGENCY_APPROVAL, reason)
            tx.commit()
        return version

    def withdraw(self, record_id: int, reason: str, *, expected: Stamp, actor: Actor) -> int:
        """Close a record to readers and leave a tombstone with the reason; its new version."""
        require(actor, Action.WITHDRAW)
        at = self._clock()
        with self._database.writing() as tx:
            before = _workplace(tx, record_id).expecting(expected).record
            after = before.withdraw(reason, by=actor.key, at=at)
            _save(tx, before, after)
            tx.journal.add(
                actor,
                Deed.RECORD_WITHDRAWN,
                _name(record_id),
                at,
                before={"status": before.status.value},
                after={"reason": reason},
            )
            tx.commit()
        return after.version

    def _approve(self, tx: UnitOfWork, place: Workplace, actor: Actor, deed: Deed, reason: str) -> int:
        work, before, at = place.required_work(), place.record, self._clock()
        before.expecting(work.base_version)
        _refuse_problems(before.dialect, work.marc)
        approved = before.approve(work.marc, by=work.edited_by, approved_by=actor.key, at=at)
        after = still_closed(tx, before, approved, at)
        _save(tx, before, after)
        tx.works.remove(work)
        removed, added = _changes(before.marc, work.marc)
        told = {"entered_by": work.entered_by, "edited_by": work.edited_by, "version": after.version}
        tx.journal.add(
            actor,
            deed,
            _name(before.id),
            at,
            before={"status": before.status.value, **removed},
            after={**told, **added, **({"reason": reason} if reason else {})},
        )
        embargo = tx.embargoes.find(before.id)
        if embargo is not None:
            note_closed(tx, embargo, before, actor, at)
        return after.version


def _workplace(view: ReadingUnit | UnitOfWork, record_id: int) -> Workplace:
    record, work = view.records.get(record_id), view.works.find(record_id)
    base = record.marc
    if work is not None and work.base_version != record.version:
        key = (record_id, work.base_version)
        base = view.records.at_versions([key])[key].marc
    return Workplace(record=record, work=work, base=base)


def _new_work(record: CatalogueRecord, marc: MarcRecord, actor: Actor, at: datetime) -> Work:
    return Work(
        record_id=record.id,
        base_version=record.version,
        version=1,
        state=WorkState.DRAFT,
        marc=marc,
        entered_by=actor.key,
        edited_by=actor.key,
        edited_at=at,
    )


def _enter_once(tx: UnitOfWork, form: str, number: int, actor: Actor, at: datetime) -> None:
    """Write down which record the form becomes, beside the drafts of its person."""
    person, place = int(actor.key.removeprefix("person:")), f"{ENTERED}{form}"
    former = tx.form_drafts.find(person, place)
    if former is not None:
        raise AlreadyEntered(int(former.values))
    tx.form_drafts.keep(person, FormDraft(form=place, values=str(number), saved_at=at))


def _keep_draft_in_step(tx: UnitOfWork, record: CatalogueRecord, work: Work, actor: Actor, at: datetime) -> Work:
    """The row of a record that nobody approved yet follows the work on it, for lists and the search for duplicates."""
    if record.status is not Status.DRAFT:
        return work
    after = record.revise(work.marc, by=actor.key, at=at)
    _save(tx, record, after)
    return work.rebase(after.version)


def _replace(tx: UnitOfWork, before: Work, after: Work) -> None:
    record = tx.records.get(before.record_id)
    tx.works.replace(before, after, dialects.describe(record.dialect, after.marc).title)


def _save(tx: UnitOfWork, before: CatalogueRecord, after: CatalogueRecord) -> None:
    tx.records.replace([(before, _described(after))])
    tx.outbox.add(Topic.INDEX_RECORD, [after.id], after.changed_at)


def _submitted(place: Workplace) -> Work:
    work = place.required_work()
    if work.state is not WorkState.SUBMITTED:
        raise NotSubmitted(N_("The work on record {id} was not submitted for approval."), id=place.record.id)
    return work


def _described(record: CatalogueRecord) -> DescribedRecord:
    return DescribedRecord(record=record, description=dialects.describe(record.dialect, record.marc))


def _refuse_problems(dialect: Dialect, marc: MarcRecord) -> None:
    problems = dialects.check(dialect, marc)
    if problems:
        raise InvalidRecord(problems)


def _refuse_errors(dialect: Dialect, marc: MarcRecord, at: datetime) -> None:
    found = check_form(worksheet_for(dialect, marc), marc, at.date())
    errors = [problem.message for problem in found if problem.severity is Severity.ERROR]
    if errors:
        raise InvalidRecord(errors)


def _changes(before: MarcRecord, after: MarcRecord) -> tuple[dict[str, object], dict[str, object]]:
    """Which fields went and which came, for the journal."""
    found = differences(before, after)
    removed = [field_line(field) for place in found for field in place.removed]
    added = [field_line(field) for place in found for field in place.added]
    return {"fields": removed}, {"fields": added}


def _lines(marc: MarcRecord) -> list[str]:
    return [field_line(field) for field in marc.fields]


def _name(record_id: int) -> str:
    return f"record:{record_id}"
