"""Records go in and come out as they are; every earlier state stays."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from library.db import descriptions
from library.db.outbox import Topic
from library.db.records import DescribedRecord
from library.db.tables import copies
from library.db.unit_of_work import Database
from library.domain.description import CopyStatus, Description, Material
from library.domain.errors import RecordNotFound, StaleVersion
from library.domain.record import Status
from tests.builders import LONG_AGO, a_description, a_marc21_record, a_record, add_records

Recording = Callable[[Engine], AbstractContextManager[list[str]]]
DUMB = Description(title="?", material=Material.OTHER)


@pytest.mark.parametrize("description", [a_description("Сув · suv · 水 “кавычки” \\ \n"), DUMB])
def test_a_description_survives_its_row(description: Description) -> None:
    assert descriptions.from_json(descriptions.to_json(description)) == description


def test_a_record_comes_back_as_it_was(database: Database) -> None:
    withdrawn = a_record(2, status=Status.WITHDRAWN)
    with database.writing() as tx:
        assert list(tx.records.reserve(2)) == [1, 2]
        tx.records.add([DescribedRecord(record=one, description=a_description()) for one in (a_record(1), withdrawn)])
        tx.commit()
    with database.reading() as view:
        assert view.records.described(1) == DescribedRecord(record=a_record(1), description=a_description())
        assert view.records.get(2) == withdrawn
        assert view.records.many([2, 1, 99]) == {1: a_record(1), 2: withdrawn}
        with pytest.raises(RecordNotFound, match="99"):
            view.records.get(99)


def test_copies_are_found_by_inventory_number_and_barcode(database: Database) -> None:
    add_records(database, "Algebra")
    with database.engine.connect() as connection:
        rows = connection.execute(select(copies).order_by(copies.c.position)).all()
    assert [tuple(row) for row in rows] == [
        (1, 1, "1042", "301042", "AB", "22.1", CopyStatus.AVAILABLE, 1),
        (1, 2, "", "", "OZ", "", CopyStatus.UNKNOWN, 12),
    ]


def test_a_number_is_never_given_twice(database: Database) -> None:
    assert add_records(database, "Algebra", "Geometriya") == [1, 2]
    with database.writing() as tx:
        tx.records.reserve(5)
    (third,) = add_records(database, "Fizika")
    assert third not in (1, 2)
    assert set(add_records(database, "Kimyo", "Biologiya")).isdisjoint({1, 2, third})


def test_each_save_keeps_the_state_before_it(database: Database) -> None:
    add_records(database, "Algebra")
    first = a_record(1, title="Algebra")
    second = first.revise(a_marc21_record(title="Algebra I"), by="aziza", at=LONG_AGO + timedelta(days=1))
    third = second.withdraw("damaged", by="botir", at=LONG_AGO + timedelta(days=2))
    for before, after in ((first, second), (second, third)):
        with database.writing() as tx:
            described = DescribedRecord(record=after, description=replace(a_description("Algebra I"), copies=()))
            tx.records.replace([(before, described)])
            tx.commit()
    with database.reading() as view:
        assert view.records.get(1) == third
        assert view.records.earlier(1) == [first, second]
    with database.engine.connect() as connection:
        assert connection.execute(select(copies)).all() == []


def test_of_two_saves_of_one_version_the_second_is_refused_and_leaves_no_trace(database: Database) -> None:
    add_records(database, "Algebra")
    first = a_record(1, title="Algebra")

    def save(title: str) -> None:
        after = first.revise(a_marc21_record(title=title), by="aziza", at=LONG_AGO)
        with database.writing() as tx:
            tx.records.replace([(first, DescribedRecord(record=after, description=a_description(title)))])
            tx.commit()

    save("Algebra I")
    with pytest.raises(StaleVersion, match=r"version 1.*newest is 2"):
        save("Algebra II")
    with database.reading() as view:
        assert view.records.described(1).description.title == "Algebra I"
        assert len(view.records.earlier(1)) == 1


def test_titles_are_browsed_page_by_page_in_their_order(database: Database) -> None:
    titles = ["Ўзбек тили", "algebra", "«Бабур»", "Algebra", "  Botanika ", "ўрик", "Zoologiya", "бабур"]
    add_records(database, *titles)
    add_records(database, "Archived", status=Status.WITHDRAWN)
    shown: list[str] = []
    after: int | None = None
    with database.reading() as view:
        while page := view.records.by_title(after, 3):
            shown += [record.description.title for record in page]
            after = page[-1].id
    assert shown == ["algebra", "Algebra", "  Botanika ", "Zoologiya", "«Бабур»", "бабур", "Ўзбек тили", "ўрик"]


def test_lists_take_one_query_however_long(database: Database, statements: Recording) -> None:
    numbers = add_records(database, *(f"Kitob {number}" for number in range(60)))
    with database.reading() as view, statements(database.engine) as sent:
        assert len(view.records.listed(numbers)) == 60
        assert len(view.records.listed_page(10, 20)) == 20
    assert len(sent) == 2


def test_descriptions_are_derived_again_without_a_new_version(database: Database) -> None:
    add_records(database, "Algebra")
    with database.writing() as tx:
        tx.records.describe_again([(1, a_description("Algebra asoslari"))])
        tx.commit()
    with database.reading() as view:
        described = view.records.described(1)
        assert (described.description.title, described.record.version) == ("Algebra asoslari", 1)
        assert view.records.earlier(1) == []


def test_the_outbox_gives_its_tasks_in_order_and_says_how_long_they_wait(database: Database) -> None:
    with database.writing() as tx:
        tx.outbox.add(Topic.INDEX_RECORD, [7, 8], LONG_AGO)
        tx.outbox.add(Topic.INDEX_RECORD, [7], LONG_AGO + timedelta(hours=1))
        tx.commit()
    with database.reading() as view:
        tasks = view.outbox.first(2)
        assert [task.record_id for task in tasks] == [7, 8]
        assert view.outbox.waiting() == (3, LONG_AGO)
    with database.writing() as tx:
        tx.outbox.remove([task.id for task in tasks])
        tx.commit()
    with database.reading() as view:
        assert view.outbox.waiting() == (1, LONG_AGO + timedelta(hours=1))
