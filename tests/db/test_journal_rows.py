"""The journal in the database: only ever added to, without gaps; whatever is done to its rows is found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from library.db.engine import open_engine
from library.db.journal import ReadJournal, Wanted
from library.db.journal_head import HeadFile
from library.db.unit_of_work import Database
from library.domain.journal import Deed
from library.domain.journal_proof import Anchor, FaultKind, Proof, Verdict
from tests.staff import AZIZA, BOTIR, NODIRA

KEY = b"k" * 32
AT = datetime(2026, 9, 1, 9, tzinfo=UTC)
LENGTH = 12


def _fill(database: Database, count: int = LENGTH) -> None:
    with database.writing() as tx:
        for number in range(count):
            tx.journal.add(
                (NODIRA, AZIZA, BOTIR)[number % 3],
                (Deed.WORK_SAVED, Deed.RECORD_APPROVED)[number % 2],
                f"record:{number % 4}",
                AT + timedelta(minutes=number),
                before={"fields": []},
                after={"fields": ["245 $a Сув"], "version": number},
            )
        tx.commit()


def _verdict(connection: Connection, anchors: tuple[Anchor, ...] = ()) -> Verdict:
    proof = Proof(KEY, anchors)
    for line in ReadJournal(connection).lines():
        proof.take(line)
    return proof.verdict()


@contextmanager
def _tampering(database: Database) -> Iterator[Connection]:
    """A connection that may do anything to the rows, and leaves nothing of it behind."""
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE journal DISABLE TRIGGER USER"))
        else:
            connection.execute(text("DROP TRIGGER journal_no_update"))
            connection.execute(text("DROP TRIGGER journal_no_delete"))
        yield connection
        connection.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor = 'guest' WHERE seq = 3",
        "UPDATE journal SET hash = hash",
        "DELETE FROM journal WHERE seq = 12",
        "DELETE FROM journal",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_an_entry(database: Database, statement: str) -> None:
    _fill(database)
    with database.engine.connect() as connection:
        with pytest.raises(DBAPIError, match="only ever added"):
            connection.execute(text(statement))
        connection.rollback()
        assert _verdict(connection).is_whole


def test_postgresql_refuses_to_empty_the_table_at_once(postgresql_database: Database) -> None:
    _fill(postgresql_database)
    with (
        postgresql_database.engine.connect() as connection,
        pytest.raises(DBAPIError, match="only ever added"),
    ):
        connection.execute(text("TRUNCATE journal"))


@pytest.fixture
def postgresql_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    database = Database(open_engine(request.getfixturevalue("postgresql").new_database()), KEY)
    yield database
    database.close()


CHANGES = {
    "at": "UPDATE journal SET at = '2026-09-01 09:00:00.000001' WHERE seq = :seq",
    "actor": "UPDATE journal SET actor = 'person:9' WHERE seq = :seq",
    "name": "UPDATE journal SET actor_name = actor_name || ' ' WHERE seq = :seq",
    "deed": "UPDATE journal SET deed = 'no-such-deed' WHERE seq = :seq",
    "object": "UPDATE journal SET object = '' WHERE seq = :seq",
    "a space in the facts": "UPDATE journal SET before = replace(before, ':', ': ') WHERE seq = :seq",
    "facts that are none": "UPDATE journal SET after = '{' WHERE seq = :seq",
    "seal": "UPDATE journal SET hash = upper(hash) WHERE seq = :seq",
}


@pytest.mark.parametrize("statement", CHANGES.values(), ids=list(CHANGES))
@pytest.mark.parametrize("seq", [1, 6, LENGTH])
def test_a_changed_row_is_found(database: Database, statement: str, seq: int) -> None:
    _fill(database)
    with _tampering(database) as connection:
        connection.execute(text(statement), {"seq": seq})
        faults = _verdict(connection).faults
    assert [(fault.kind, fault.first, fault.last) for fault in faults] == [(FaultKind.CHANGED, seq, seq)]


def test_a_time_that_no_clock_shows_is_found(database: Database) -> None:
    _fill(database)
    with _tampering(database) as connection:
        connection.execute(text("UPDATE journal SET at = 'infinity' WHERE seq = 6"))
        assert [fault.first for fault in _verdict(connection).faults] == [6]


def test_bytes_in_the_place_of_words_are_found(tmp_path: Path) -> None:
    """Only SQLite lets a column hold what it is not declared for."""
    database = Database(open_engine(f"sqlite:///{tmp_path}/loose.sqlite"), KEY)
    with database.engine.connect() as connection:
        connection.execute(text("CREATE TABLE journal (seq, at, actor, actor_name, deed, object, before, after, hash)"))
        connection.execute(text("INSERT INTO journal VALUES (1, 5, x'ff', NULL, 1.5, '', '', '', '')"))
        assert [fault.kind for fault in _verdict(connection).faults] == [FaultKind.CHANGED]
    database.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_done_to_the_rows_is_found(database: Database, data: st.DataObject) -> None:
    with database.reading() as view:
        filled = view.journal.head()[0]
    if not filled:
        _fill(database)
    with database.reading() as view:
        seq, link = view.journal.head()
    numbers = st.integers(1, LENGTH)
    one, other = data.draw(st.lists(numbers, min_size=2, max_size=2, unique=True))
    with _tampering(database) as connection:
        match data.draw(st.sampled_from(["edit", "delete", "exchange", "insert", "cut"])):
            case "edit":
                connection.execute(text(data.draw(st.sampled_from(list(CHANGES.values())))), {"seq": one})
            case "delete":
                connection.execute(text("DELETE FROM journal WHERE seq = :one"), {"one": one})
            case "exchange":
                for before, after in ((one, 0), (other, one), (0, other)):
                    _renumber(connection, before, after)
            case "insert":
                for number in range(LENGTH, one - 1, -1):
                    _renumber(connection, number, number + 1)
                copy = "INSERT INTO journal SELECT :one, at, actor, actor_name, deed, object, before, after, hash"
                connection.execute(text(f"{copy} FROM journal WHERE seq = 3"), {"one": one})
            case "cut":
                connection.execute(text("DELETE FROM journal WHERE seq > :one"), {"one": min(one, LENGTH - 1)})
        assert not _verdict(connection, (Anchor(at=AT, seq=seq, hash=link),)).is_whole
    with database.engine.connect() as connection:
        assert _verdict(connection).is_whole


def _renumber(connection: Connection, before: int, after: int) -> None:
    connection.execute(text("UPDATE journal SET seq = :after WHERE seq = :before"), {"before": before, "after": after})


def test_concurrent_writers_leave_no_gap(database: Database, tmp_path: Path) -> None:
    head = HeadFile(tmp_path / "head")
    noting = Database(database.engine, KEY, head.follow)
    start = threading.Barrier(4)

    def write() -> None:
        start.wait()
        for number in range(10):
            with noting.writing() as tx:
                tx.journal.add(NODIRA, Deed.WORK_SAVED, f"record:{number}", AT)
                tx.journal.add(NODIRA, Deed.WORK_SUBMITTED, f"record:{number}", AT)
                if number % 5 != 4:
                    tx.commit()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as view:
        assert [sealed.entry.seq for sealed in view.journal.after(0)] == list(range(1, 65))
        seq, link = view.journal.head()
    with database.engine.connect() as connection:
        assert _verdict(connection).is_whole
    noted = head.read()
    assert noted is not None
    assert (noted.seq, noted.hash) == (seq, link)


def test_the_head_is_noted_after_the_commit_only_and_never_goes_back(database: Database, tmp_path: Path) -> None:
    head = HeadFile(tmp_path / "head")
    noting = Database(database.engine, KEY, head.follow)
    assert head.read() is None
    with noting.writing() as tx:
        tx.journal.add(NODIRA, Deed.WORK_SAVED, "record:1", AT)
    assert head.read() is None
    _fill(noting, 3)
    newest = head.read()
    assert newest is not None
    assert newest.seq == 3
    head.follow(Anchor(at=AT, seq=2, hash="0" * 64))
    assert head.read() == newest
    (tmp_path / "head").write_text("torn")
    with pytest.raises(ValueError, match="time, number, link"):
        head.read()
    _fill(noting, 1)
    assert (tmp_path / "head").read_text().split()[1] == "4"


def test_a_head_that_cannot_be_written_spoils_nothing(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    noting = Database(database.engine, KEY, HeadFile(tmp_path / "nowhere" / "head").follow)
    _fill(noting, 2)
    with database.reading() as view:
        assert view.journal.head()[0] == 2
    assert "can't be written beside the database" in caplog.text


def test_entries_are_read_newest_first_by_person_object_deed_and_period(database: Database) -> None:
    _fill(database)

    def numbers(wanted: Wanted, below: int | None = None, limit: int = 50) -> list[int]:
        with database.reading() as view:
            lines = view.journal.newest(wanted, below, limit)
            assert view.journal.count(wanted) == len(view.journal.newest(wanted, None, LENGTH))
        return [line.seq for line in lines]

    assert numbers(Wanted()) == list(range(LENGTH, 0, -1))
    assert numbers(Wanted(), below=4, limit=2) == [3, 2]
    assert numbers(Wanted(actors=(NODIRA.key,))) == [10, 7, 4, 1]
    assert numbers(Wanted(actors=(NODIRA.key, AZIZA.key), object="record:0")) == [5, 1]
    assert numbers(Wanted(deed="record-approved", since=AT + timedelta(minutes=9))) == [12, 10]
    assert numbers(Wanted(since=AT + timedelta(minutes=2), until=AT + timedelta(minutes=4))) == [4, 3]
    with database.reading() as view:
        (line,) = view.journal.newest(Wanted(), None, 1)
    assert (line.at, line.deed) == ("2026-09-01T09:11:00.000000+00:00", "record-approved")
    assert line.before == '{"fields":[]}'
