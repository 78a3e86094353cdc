"""What is open to readers, by number and time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from library.db.published import Arrived, Changed, Published
from library.db.records import DescribedRecord
from library.db.unit_of_work import Database
from library.domain.record import Status
from tests.builders import LONG_AGO, a_description, a_record, add_records


def test_the_newest_are_the_highest_numbers_that_are_published(database: Database) -> None:
    numbers = add_records(database, *"abcde")
    add_records(database, "f", status=Status.WITHDRAWN)
    add_records(database, "g", status=Status.DRAFT)
    published = Published(database)
    assert [one.number for one in published.newest(None, 3)] == numbers[:1:-1]
    assert [one.number for one in published.newest(numbers[2], 3)] == [numbers[1], numbers[0]]
    assert [one.number for one in published.newest(None, 100)] == numbers[::-1]


def test_of_chosen_records_the_published_ones_are_told_with_their_times(database: Database) -> None:
    numbers = add_records(database, *"abc")
    withdrawn = add_records(database, "d", status=Status.WITHDRAWN)
    _change(database, numbers[0], Status.PUBLISHED)
    found = Published(database).arrived([numbers[0], *withdrawn, numbers[2], 10**6])
    assert found == [
        Arrived(number=numbers[2], created_at=LONG_AGO, changed_at=LONG_AGO),
        Arrived(number=numbers[0], created_at=LONG_AGO, changed_at=LONG_AGO + timedelta(days=1)),
    ]


def test_every_published_record_is_in_exactly_one_part(database: Database) -> None:
    numbers = add_records(database, *"abcde")
    add_records(database, "f", status=Status.WITHDRAWN)
    published = Published(database)
    for size in (1, 2, 3, 5, 10):
        parts = published.parts(size)
        found = [record for part in parts for record in published.part(part.number, size)]
        assert [record.number for record in found] == numbers
        assert all(len(published.part(part.number, size)) <= size for part in parts)
        assert published.part(parts[-1].number + 1, size) == []


def test_a_part_changes_with_any_of_its_records_and_others_do_not(database: Database) -> None:
    first, *_, last = add_records(database, *"abcd")
    _change(database, last, Status.WITHDRAWN)
    changed = LONG_AGO + timedelta(days=1)
    published = Published(database)
    assert published.parts(2) == [
        Changed(number=1, changed_at=LONG_AGO),
        Changed(number=2, changed_at=changed),
    ]
    _change(database, first, Status.PUBLISHED)
    assert published.part(1, 2)[0] == Changed(number=first, changed_at=changed)


def test_a_part_of_tombstones_alone_is_none(database: Database) -> None:
    add_records(database, "a", "b")
    add_records(database, "c", "d", status=Status.WITHDRAWN)
    assert [part.number for part in Published(database).parts(2)] == [1]
    assert Published(database).part(2, 2) == []


def _change(database: Database, number: int, status: Status) -> None:
    with database.writing() as tx:
        before = tx.records.get(number)
        after = replace(
            a_record(number, status=status, version=before.version + 1), changed_at=LONG_AGO + timedelta(days=1)
        )
        tx.records.replace([(before, DescribedRecord(record=after, description=a_description()))])
        tx.commit()
