"""Descriptions made by the rules of a former release are made again, in SQLite and in PostgreSQL."""

from __future__ import annotations

from sqlalchemy import text

from library.db.unit_of_work import Database
from library.services.derivation import PAGE, Derivation
from tests.builders import LONG_AGO, add_records


def _titles(database: Database) -> list[str]:
    with database.reading() as view:
        return [record.description.title for record in view.records.by_title(None, 10)]


def test_a_catalogue_of_a_former_release_is_described_again_by_itself(database: Database) -> None:
    numbers = add_records(database, "Tong", "Oʻrik", "Suv", "Shahar")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE records SET description_version = 1, title_key = lower(title)"))
    assert _titles(database) == ["Oʻrik", "Shahar", "Suv", "Tong"]
    derivation = Derivation(database, lambda: LONG_AGO)
    assert derivation.renew() == 4
    assert _titles(database) == ["Suv", "Tong", "Oʻrik", "Shahar"]
    with database.reading() as view:
        assert [task.record_id for task in view.outbox.first(10)] == numbers
        assert {record.version for record in view.records.many(numbers).values()} == {1}
    assert derivation.renew() == 0


def test_more_records_than_go_into_one_transaction_are_all_described_again(database: Database) -> None:
    add_records(database, *(f"Kitob {number}" for number in range(PAGE + 1)))
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE records SET description_version = 1"))
    assert Derivation(database, lambda: LONG_AGO).renew() == PAGE + 1
