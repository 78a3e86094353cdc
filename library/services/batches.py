"""Changes of many records: previewed, approved by another person, run by the worker, undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from library.db.authorities import form_key
from library.db.outbox import Topic
from library.db.records import DescribedRecord
from library.db.unit_of_work import Database, UnitOfWork
from library.domain.access import Action, Actor, require
from library.domain.authority import AuthorityKind
from library.domain.batch import Batch, BatchItem, BatchState, Outcome
from library.domain.errors import N_, FourEyes, InvalidChange, NotSubmitted
from library.domain.journal import Deed
from library.domain.marc import MarcRecord
from library.domain.record import CatalogueRecord, Status
from library.marc import dialects, headings
from library.marc.changes import Change, Kind, apply, require_sense
from library.marc.differences import Difference, differences
from library.marc.writing import field_line

MOST_RECORDS = 20_000
# As many records are changed in one transaction: others wait for it about as long as for a page.
AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What the change would do to a record, or did; nothing where it finds nothing to change."""

    record_id: int
    title: str
    differences: tuple[Difference, ...]
    outcome: Outcome
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """A batch with the counts of what became of its records."""

    batch: Batch
    change: Change
    counts: dict[Outcome, int]

    @property
    def total(self) -> int:
        """How many records it has."""
        return sum(self.counts.values())


class Batches:
    """Each method is one transaction; the worker's `step` is one for `AT_ONCE` records, and goes on after a kill."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def prepare(self, change: Change, record_ids: Sequence[int], selection: str, *, actor: Actor) -> int:
        """A batch over these records, of which nothing is changed yet; its number. Raises `InvalidChange`."""
        require(actor, Action.BATCH)
        require_sense(change)
        chosen = sorted(set(record_ids))
        if not 0 < len(chosen) <= MOST_RECORDS:
            raise InvalidChange(N_("Choose from 1 to {most} records."), most=MOST_RECORDS)
        at = self._clock()
        with self._database.writing() as tx:
            facts = change.as_facts()
            number = tx.batches.add(facts, selection, chosen, by=actor.key, name=actor.name, at=at)
            tx.journal.add(
                actor, Deed.BATCH_PREPARED, _name(number), at, after={"change": facts, "records": len(chosen)}
            )
            tx.commit()
        return number

    def latest(self, limit: int, *, actor: Actor) -> list[Batch]:
        """The newest batches first."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            return view.batches.latest(limit)

    def view(self, batch_id: int, *, actor: Actor) -> BatchView:
        """A batch as it stands."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            batch = view.batches.get(batch_id)
            counts = view.batches.counts(batch_id)
        return BatchView(batch=batch, change=Change.from_facts(batch.change), counts=counts)

    def preview(self, batch_id: int, after: int, limit: int, *, actor: Actor) -> list[Previewed]:
        """What the change does to the batch's records with numbers above `after`: those done as they were done."""
        require(actor, Action.SEE_WORK)
        with self._database.reading() as view:
            batch = view.batches.get(batch_id)
            items = view.batches.items(batch_id, after, limit)
            now = view.records.many([item.record_id for item in items])
            done = view.records.at_versions(
                [
                    (item.record_id, version)
                    for item in items
                    if item.version_after
                    for version in (item.version_before, item.version_after)
                ]
            )
        change = Change.from_facts(batch.change)
        return [_previewed(change, item, now[item.record_id], done) for item in items]

    def submit(self, batch_id: int, *, actor: Actor) -> None:
        """Give a prepared batch to a second person."""
        require(actor, Action.BATCH)
        self._move(batch_id, (BatchState.PREPARED,), BatchState.SUBMITTED, Deed.BATCH_SUBMITTED, actor)

    def cancel(self, batch_id: int, *, actor: Actor) -> None:
        """Give up a batch that does not run yet, or stop one that runs; what it changed stays and can be undone."""
        require(actor, Action.BATCH)
        states = (BatchState.PREPARED, BatchState.SUBMITTED, BatchState.RUNNING)
        self._move(batch_id, states, BatchState.CANCELLED, Deed.BATCH_CANCELLED, actor)

    def approve(self, batch_id: int, *, actor: Actor) -> None:
        """Let the worker run a submitted batch of another person; raises `FourEyes` else."""
        require(actor, Action.APPROVE)
        self._move(batch_id, (BatchState.SUBMITTED,), BatchState.RUNNING, Deed.BATCH_APPROVED, actor)

    def undo(self, batch_id: int, *, actor: Actor) -> None:
        """Let the worker restore what the batch changed, but for records that somebody changed since."""
        require(actor, Action.BATCH)
        states = (BatchState.DONE, BatchState.CANCELLED)
        self._move(batch_id, states, BatchState.UNDOING, Deed.BATCH_UNDONE, actor)

    def step(self) -> bool:
        """Go on with the oldest batch at work; False when there is none. For the worker."""
        at = self._clock()
        with self._database.writing() as tx:
            batch = tx.batches.at_work()
            if batch is None:
                return False
            forward = batch.state is BatchState.RUNNING
            items = tx.batches.with_outcome(batch.id, Outcome.WAITING if forward else Outcome.CHANGED, AT_ONCE)
            if not items:
                tx.batches.move(batch, BatchState.DONE if forward else BatchState.UNDONE, finished_at=at)
            elif forward:
                _change_all(tx, batch, items, at)
            else:
                _restore_all(tx, batch, items, at)
            tx.commit()
        return True

    def _move(self, batch_id: int, states: Iterable[BatchState], after: BatchState, deed: Deed, actor: Actor) -> None:
        at = self._clock()
        with self._database.writing() as tx:
            batch = tx.batches.get(batch_id)
            if batch.state not in states:
                raise NotSubmitted(N_("Batch {id} is not in a state in which this can be done."), id=batch_id)
            if deed is Deed.BATCH_APPROVED and actor.key == batch.entered_by:
                raise FourEyes(N_("You prepared batch {id} yourself: another person has to approve it."), id=batch_id)
            approved_by = actor.key if deed is Deed.BATCH_APPROVED else ""
            tx.batches.move(batch, after, approved_by=approved_by)
            tx.journal.add(
                actor, deed, _name(batch_id), at, before={"state": batch.state.value}, after={"state": after.value}
            )
            tx.commit()


def _change_all(tx: UnitOfWork, batch: Batch, items: Sequence[BatchItem], at: datetime) -> None:
    change = Change.from_facts(batch.change)
    numbers = [item.record_id for item in items]
    now, busy = tx.records.many(numbers), tx.works.many(numbers)
    changed: list[tuple[CatalogueRecord, DescribedRecord]] = []
    noted = []
    for item in items:
        record = now[item.record_id]
        content, problem = _outcome(change, record, is_busy=item.record_id in busy)
        if problem:
            noted.append(replace(item, outcome=Outcome.LEFT, problem=problem))
        elif content == record.marc:
            noted.append(replace(item, outcome=Outcome.UNCHANGED))
        else:
            after = _next(record, content, batch, at)
            changed.append((record, _described(after)))
            noted.append(
                replace(item, outcome=Outcome.CHANGED, version_before=record.version, version_after=after.version)
            )
    _write(tx, batch, changed, noted, Deed.RECORD_CHANGED_IN_BATCH, at)


def _restore_all(tx: UnitOfWork, batch: Batch, items: Sequence[BatchItem], at: datetime) -> None:
    numbers = [item.record_id for item in items]
    now, busy = tx.records.many(numbers), tx.works.many(numbers)
    former = tx.records.at_versions([(item.record_id, item.version_before) for item in items])
    changed: list[tuple[CatalogueRecord, DescribedRecord]] = []
    noted = []
    for item in items:
        record = now[item.record_id]
        if record.version != item.version_after or item.record_id in busy:
            noted.append(replace(item, outcome=Outcome.KEPT, problem=N_("Somebody changed it since.")))
            continue
        after = _next(record, former[item.record_id, item.version_before].marc, batch, at)
        changed.append((record, _described(after)))
        noted.append(replace(item, outcome=Outcome.RESTORED))
    _write(tx, batch, changed, noted, Deed.RECORD_RESTORED, at)


def _write(
    tx: UnitOfWork,
    batch: Batch,
    changed: Sequence[tuple[CatalogueRecord, DescribedRecord]],
    noted: Sequence[BatchItem],
    deed: Deed,
    at: datetime,
) -> None:
    tx.records.replace(changed)
    tx.batches.note(batch.id, noted)
    author = Actor(key=batch.entered_by, name=batch.entered_by_name)
    for before, after in changed:
        found = differences(before.marc, after.record.marc)
        tx.journal.add(
            author,
            deed,
            f"record:{before.id}",
            at,
            before={"fields": [field_line(field) for place in found for field in place.removed]},
            after={
                "fields": [field_line(field) for place in found for field in place.added],
                "batch": batch.id,
                "version": after.record.version,
            },
        )
    tx.outbox.add(Topic.INDEX_RECORD, [before.id for before, _ in changed], at)


def _outcome(change: Change, record: CatalogueRecord, *, is_busy: bool) -> tuple[MarcRecord, str]:
    """The content after the change, or why the record is left as it is."""
    if record.status is Status.WITHDRAWN:
        return record.marc, N_("It is withdrawn.")
    if is_busy:
        return record.marc, N_("Somebody works on it.")
    try:
        content = _with_heading(change, record) if change.kind is Kind.HEADING else apply(change, record.marc)
    except InvalidChange as error:
        return record.marc, str(error)
    problems = dialects.check(record.dialect, content)
    return content, str(problems[0]) if problems else ""


def _with_heading(change: Change, record: CatalogueRecord) -> MarcRecord:
    key = form_key(change.find)
    kind = AuthorityKind(change.code)
    return headings.rewritten(record.dialect, record.marc, kind, lambda name: form_key(name) == key, change.value)


def _next(record: CatalogueRecord, content: MarcRecord, batch: Batch, at: datetime) -> CatalogueRecord:
    after = record.revise(content, by=batch.entered_by, at=at)
    return replace(after, approved_by=batch.approved_by)


def _previewed(
    change: Change, item: BatchItem, record: CatalogueRecord, done: dict[tuple[int, int], CatalogueRecord]
) -> Previewed:
    problem = item.problem
    if item.version_after:
        before, after = done[item.record_id, item.version_before].marc, done[item.record_id, item.version_after].marc
    else:
        before = record.marc
        after, found = _outcome(change, record, is_busy=False)
        problem = problem or found
    return Previewed(
        record_id=record.id,
        title=dialects.describe(record.dialect, record.marc).title,
        differences=() if problem and not item.version_after else differences(before, after),
        outcome=item.outcome,
        problem=problem,
    )


def _described(record: CatalogueRecord) -> DescribedRecord:
    return DescribedRecord(record=record, description=dialects.describe(record.dialect, record.marc))


def _name(batch_id: int) -> str:
    return f"batch:{batch_id}"
