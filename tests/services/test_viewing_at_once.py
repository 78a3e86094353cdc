"""A reader who turns pages faster than they come: several requests of one person at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

from library.db.unit_of_work import Database
from library.domain.people import Person, Role
from tests.builders import add_records
from tests.documents import a_document

AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
AT_ONCE = 6


def test_pages_turned_at_once_leave_one_place_and_are_all_counted(database: Database) -> None:
    (record_id,) = add_records(database, "Oliy matematika")
    with database.writing() as tx:
        file = tx.documents.add(a_document(record_id)).id
        roles = frozenset({Role.READER})
        person = tx.people.add(
            Person(id=0, login="dilnoza", name="Dilnoza", roles=roles, created_at=AT, changed_at=AT)
        ).id
        tx.commit()
    together = Barrier(AT_ONCE)

    def turn(page: int) -> None:
        together.wait()
        with database.writing() as tx:
            tx.reading.remember(person, file, page, AT)
            tx.reading.count_page(person, date(2026, 9, 1))
            tx.commit()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(turn, range(1, AT_ONCE + 1)))
    with database.reading() as view:
        assert view.reading.place(person, file) in range(1, AT_ONCE + 1)
        assert view.reading.pages_on(person, date(2026, 9, 1)) == AT_ONCE
