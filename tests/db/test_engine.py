"""Connections do what the promises of reliability need of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event

from library.db import migrating
from library.db.engine import open_engine
from library.db.outbox import Topic
from library.db.unit_of_work import Database
from library.domain.errors import LibraryError, RecordNotFound, StorageFull
from tests.builders import LONG_AGO, add_records


def test_sqlite_is_safe_against_power_cuts_and_checks_its_keys(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'below' / 'library.sqlite'}")
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 30_000, "foreign_keys": 1}
    engine.dispose()


def test_an_unknown_kind_of_database_is_refused() -> None:
    with pytest.raises(LibraryError, match="mysql"):
        open_engine("mysql+pymysql://localhost/library")


@pytest.mark.parametrize("address", ["sqlite:///{path}", "postgresql+psycopg://nobody@/library?host={path}"])
def test_a_database_that_does_not_answer_is_told_as_such(tmp_path: Path, address: str) -> None:
    # The path is a directory: neither a file of SQLite nor the socket of a server.
    database = Database(open_engine(address.format(path=tmp_path)), b"k" * 32)
    assert database.schema_state() is None
    with pytest.raises(LibraryError, match="does not answer"):
        add_records(database, "Algebra")
    database.close()


def test_a_data_directory_that_can_not_be_made_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LibraryError, match="LIBRARY_DATA_DIR"):
        open_engine(f"sqlite:///{tmp_path / 'file' / 'library.sqlite'}")


def test_what_is_not_committed_is_undone(database: Database) -> None:
    with database.writing() as tx:
        tx.outbox.add(Topic.INDEX_RECORD, [1, 2], LONG_AGO)
    with pytest.raises(RecordNotFound):
        _write_and_fail(database)
    with database.reading() as view:
        assert view.outbox.waiting() == (0, None)


def _write_and_fail(database: Database) -> None:
    with database.writing() as tx:
        tx.outbox.add(Topic.INDEX_RECORD, [3], LONG_AGO)
        tx.records.get(99)


def test_a_reader_sees_one_state_while_others_write(database: Database) -> None:
    add_records(database, "Algebra")
    with database.reading() as view:
        assert len(view.records.listed([1, 2])) == 1
        add_records(database, "Geometriya")
        assert len(view.records.listed([1, 2])) == 1
    with database.reading() as view:
        assert len(view.records.listed([1, 2])) == 2


def test_eight_writers_that_read_first_wait_for_one_another(database: Database) -> None:
    """A snapshot that is upgraded to a writing one fails at once in SQLite; BEGIN IMMEDIATE is what prevents it."""

    def work() -> None:
        for _ in range(10):
            add_records(database, "Algebra")

    with ThreadPoolExecutor(8) as writers:
        for done in [writers.submit(work) for _ in range(8)]:
            done.result()
    with database.reading() as view:
        assert sum(view.records.counts().values()) == 80


def test_a_full_disk_is_said_plainly_and_reading_goes_on(tmp_path: Path) -> None:
    database = Database(open_engine(f"sqlite:///{tmp_path / 'library.sqlite'}"), b"k" * 32)
    migrating.upgrade(database.engine)
    add_records(database, "Algebra")
    # SQLite says the same where the pages of the file are used up and where the disk is.
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count=60"))
    database.engine.dispose()
    with pytest.raises(StorageFull, match="Free some space"):
        add_records(database, *("Matematika " * 1000 for _ in range(100)))
    with database.reading() as view:
        assert view.records.get(1).version == 1
        assert sum(view.records.counts().values()) == 1
    assert add_records(database, "Geometriya") == [2]
    assert migrating.faults(database.engine) == []
    database.close()
