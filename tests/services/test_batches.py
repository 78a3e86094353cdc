"""A change of many records: seen before, approved by another, done in the background, undone to the letter."""

from __future__ import annotations

import pytest

from library.db.unit_of_work import Database
from library.domain.batch import BatchState, Outcome
from library.domain.errors import FourEyes, InvalidChange, NotEntitled, NotSubmitted
from library.domain.journal import Deed
from library.domain.marc import Dialect
from library.marc.changes import Change, Kind
from library.services.batches import AT_ONCE, Batches
from library.services.catalogue import Catalogue
from library.services.cataloguing import Cataloguing
from tests.builders import a_marc21_record, add_records
from tests.conftest import Clock
from tests.staff import AZIZA, BOTIR, NODIRA, published, revised, withdrawn

CITY = Change(kind=Kind.REPLACE, tag="264", code="a", find="Toshkent", value="Samarqand")


@pytest.fixture
def batches(database: Database, clock: Clock) -> Batches:
    return Batches(database, clock)


@pytest.fixture
def cataloguing(database: Database, clock: Clock) -> Cataloguing:
    return Cataloguing(database, clock)


def _run(batches: Batches) -> None:
    while batches.step():
        pass


def _approved(batches: Batches, change: Change, numbers: list[int]) -> int:
    batch = batches.prepare(change, numbers, "all", actor=NODIRA)
    batches.submit(batch, actor=NODIRA)
    batches.approve(batch, actor=AZIZA)
    return batch


def test_five_hundred_records_are_changed_and_restored_to_the_letter(batches: Batches, database: Database) -> None:
    numbers = add_records(database, *(f"n{number}" for number in range(500)))
    catalogue = Catalogue(database)
    before = {number: catalogue.record(number).record.marc for number in numbers}
    batch = batches.prepare(CITY, numbers, "toshkent", actor=NODIRA)
    shown = batches.preview(batch, 0, 3, actor=AZIZA)
    assert [one.record_id for one in shown] == numbers[:3]
    assert "Samarqand" in str(shown[0].differences[0].added)
    assert all(catalogue.record(number).record.marc == marc for number, marc in before.items())

    batches.submit(batch, actor=NODIRA)
    batches.approve(batch, actor=AZIZA)
    _run(batches)
    view = batches.view(batch, actor=NODIRA)
    assert (view.batch.state, view.counts) == (BatchState.DONE, {Outcome.CHANGED: 500})
    changed = catalogue.record(numbers[7]).record
    assert changed.marc.first("264", "a") == "Samarqand"
    assert (changed.changed_by, changed.approved_by) == (NODIRA.key, AZIZA.key)

    batches.undo(batch, actor=NODIRA)
    _run(batches)
    assert batches.view(batch, actor=NODIRA).counts == {Outcome.RESTORED: 500}
    assert {number: catalogue.record(number).record.marc for number in numbers} == before


def test_nobody_approves_a_batch_of_their_own(batches: Batches, cataloguing: Cataloguing) -> None:
    number = published(cataloguing, Dialect.MARC21, a_marc21_record())
    batch = batches.prepare(CITY, [number], "one", actor=BOTIR)
    with pytest.raises(NotSubmitted):
        batches.approve(batch, actor=AZIZA)
    batches.submit(batch, actor=BOTIR)
    with pytest.raises(FourEyes):
        batches.approve(batch, actor=BOTIR)
    with pytest.raises(NotEntitled):
        batches.approve(batch, actor=NODIRA)
    assert not batches.step()


def test_what_somebody_works_on_and_what_would_break_is_left(
    batches: Batches, cataloguing: Cataloguing, database: Database
) -> None:
    busy, gone, fine = (published(cataloguing, Dialect.MARC21, a_marc21_record(key)) for key in "abc")
    cataloguing.save(
        busy, a_marc21_record("a2"), expected=cataloguing.workplace(busy, actor=NODIRA).stamp, actor=NODIRA
    )
    withdrawn(cataloguing, gone, "lost")
    batch = _approved(batches, Change(kind=Kind.DELETE_FIELD, tag="650"), [busy, gone, fine])
    _run(batches)
    with database.reading() as view:
        items = {item.record_id: item for item in view.batches.items(batch, 0, 10)}
    assert [items[number].outcome for number in (busy, gone, fine)] == [Outcome.LEFT, Outcome.LEFT, Outcome.CHANGED]
    assert items[busy].problem == "Somebody works on it."

    titles = _approved(batches, Change(kind=Kind.DELETE_FIELD, tag="245"), [fine])
    _run(batches)
    assert batches.view(titles, actor=AZIZA).counts == {Outcome.LEFT: 1}


def test_undoing_keeps_what_somebody_did_since(batches: Batches, cataloguing: Cataloguing, database: Database) -> None:
    first, second = (published(cataloguing, Dialect.MARC21, a_marc21_record(key)) for key in "ab")
    batch = _approved(batches, CITY, [first, second])
    _run(batches)
    revised(cataloguing, first, a_marc21_record("a", title="Keyin tuzatilgan"))
    batches.undo(batch, actor=NODIRA)
    _run(batches)
    assert batches.view(batch, actor=NODIRA).counts == {Outcome.KEPT: 1, Outcome.RESTORED: 1}
    catalogue = Catalogue(database)
    assert catalogue.record(first).description.title == "Keyin tuzatilgan"
    assert catalogue.record(second).record.marc.first("264", "a") == "Toshkent"


def test_a_batch_that_is_stopped_stays_stopped_and_can_be_undone(batches: Batches, database: Database) -> None:
    numbers = add_records(database, *(f"n{number}" for number in range(AT_ONCE + 5)))
    batch = _approved(batches, CITY, numbers)
    assert batches.step()
    batches.cancel(batch, actor=NODIRA)
    assert not batches.step()
    assert batches.view(batch, actor=NODIRA).counts == {Outcome.CHANGED: AT_ONCE, Outcome.WAITING: 5}
    batches.undo(batch, actor=NODIRA)
    _run(batches)
    assert batches.view(batch, actor=NODIRA).counts == {Outcome.RESTORED: AT_ONCE, Outcome.WAITING: 5}


def test_a_batch_without_records_or_sense_is_refused(batches: Batches) -> None:
    with pytest.raises(InvalidChange):
        batches.prepare(CITY, [], "none", actor=NODIRA)
    with pytest.raises(InvalidChange):
        batches.prepare(Change(kind=Kind.REPLACE_PATTERN, tag="245", code="a", find="["), [1], "one", actor=NODIRA)


def test_each_step_stands_in_the_journal(batches: Batches, cataloguing: Cataloguing, database: Database) -> None:
    number = published(cataloguing, Dialect.MARC21, a_marc21_record())
    batch = _approved(batches, CITY, [number])
    _run(batches)
    with database.reading() as view:
        entries = [sealed.entry for sealed in view.journal.after(3)]
    assert [entry.deed for entry in entries] == [
        Deed.BATCH_PREPARED,
        Deed.BATCH_SUBMITTED,
        Deed.BATCH_APPROVED,
        Deed.RECORD_CHANGED_IN_BATCH,
    ]
    assert entries[-1].object == f"record:{number}"
    assert entries[-1].after["batch"] == batch
    assert "Samarqand" in str(entries[-1].after["fields"])
