"""Copies of the catalogue are kept by number and by change, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from library.db.synchronised import Position, Synchronised
from library.db.unit_of_work import Database
from library.domain.marc import Dialect
from library.services.cataloguing import Cataloguing
from tests.builders import a_marc21_record
from tests.conftest import Clock
from tests.staff import published, revised, withdrawn

SIZE = 3


@pytest.fixture
def numbers(database: Database, clock: Clock) -> list[int]:
    """Seven records, one after the other; the second is withdrawn in the end, the first changed after that."""
    cataloguing = Cataloguing(database, clock)
    made = [
        published(cataloguing, Dialect.MARC21, a_marc21_record(f"kx{number}", title=f"Kitob {number}"))
        for number in range(7)
    ]
    withdrawn(cataloguing, made[1], "Takror")
    revised(cataloguing, made[0], a_marc21_record("kx0", title="Kitob 0, tuzatilgan"))
    return made


def test_parts_are_cut_by_number_and_have_what_is_open(database: Database, numbers: list[int]) -> None:
    synchronised = Synchronised(database)
    parts = synchronised.parts(SIZE)
    inside = [[record.number for record in synchronised.part(part.number, SIZE)] for part in parts]
    assert [number for part in inside for number in part] == [number for number in numbers if number != numbers[1]]
    for part in parts:
        records = synchronised.part(part.number, SIZE)
        assert part.changed_at == max(record.changed_at for record in records)
        assert {(record.number - 1) // SIZE + 1 for record in records} == {part.number}
    assert synchronised.part(parts[-1].number + 1, SIZE) == []


def test_pages_of_changes_follow_one_another(database: Database, numbers: list[int], clock: Clock) -> None:
    synchronised = Synchronised(database)
    pages = synchronised.pages(clock() - timedelta(days=1), SIZE)
    told = [synchronised.changes(page, SIZE) for page in pages]
    assert [len(page) for page in told] == [3, 3, 1]
    flat = [change for page in told for change in page]
    assert [change.number for change in flat] == [*numbers[2:], numbers[1], numbers[0]]
    assert [change.changed_at for change in flat] == sorted(change.changed_at for change in flat)
    assert [change.deleted for change in flat] == [False] * 5 + [True, False]
    (last,) = synchronised.pages(flat[-1].changed_at, SIZE)
    assert last == Position(seconds=pages[-1].seconds, number=numbers[0])


def test_what_is_new_is_told_by_its_number(database: Database, numbers: list[int]) -> None:
    synchronised = Synchronised(database)
    with database.reading() as view:
        came = [view.records.get(number).created_at for number in numbers]
    assert [synchronised.first_since(moment) for moment in came] == numbers
    assert synchronised.first_since(came[-1] + timedelta(seconds=1)) == numbers[-1] + 1
    assert synchronised.first_since(came[0] - timedelta(days=1)) == numbers[0]


def test_nothing_is_listed_of_an_empty_catalogue(database: Database, clock: Clock) -> None:
    synchronised = Synchronised(database)
    assert (synchronised.parts(SIZE), synchronised.pages(clock(), SIZE)) == ([], [])
    assert synchronised.changes(Position(seconds=0, number=0), SIZE) == []
    assert synchronised.first_since(clock()) == 1
