"""Uses are noted: nothing is lost, nothing comes twice, nothing tells who it was, and no page ever fails for it."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.domain.access_level import AccessLevel, Rights
from library.domain.counter_types import AccessType, DataType
from library.domain.periods import Span
from library.domain.robots import Addendum, robot_list
from library.domain.usage import Denial, Flag, Kind, Use, best_identity
from library.services.usage import Usage
from library.services.usage_counting import UsageCounting
from library.services.usage_spool import event_of, line_of
from tests.builders import add_records
from tests.documents import a_document
from tests.services.killed_use import KilledUse
from tests.usage_history import TASHKENT, an_event

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
DAY = date(2026, 3, 10)
THAT_DAY = Span(first=DAY, last=DAY)
ROBOTS = robot_list(("bot", "^.?$"), "list 1", Addendum(version="1"))
ADDRESS, AGENT, PERSON = "203.0.113.77", "Mozilla/5.0 (X11; Linux) Firefox/143.0", "4242"
SECOND = timedelta(seconds=1)


class Now:
    """A clock that is set."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def usage(database: Database, tmp_path: Path, now: Now) -> Iterator[Usage]:
    usage = Usage(database, tmp_path, ROBOTS, TASHKENT, now)
    yield usage
    usage.close()


def a_use(seconds: int = 0, kind: Kind = Kind.SEARCH, *, agent: str = AGENT, **facts: object) -> Use:
    identity = best_identity(person=str(facts.pop("person", PERSON)), address=ADDRESS, agent=agent)
    return Use(at=NOON + seconds * SECOND, kind=kind, identity=identity, agent=agent, **facts)  # type: ignore[arg-type]


def counted(database: Database, now: Now) -> UsageCounting:
    counting = UsageCounting(database, ROBOTS, TASHKENT, now)
    counting.roll_up_all()
    return counting


def test_what_is_noted_is_in_the_database_and_no_more_in_a_file(
    usage: Usage, database: Database, tmp_path: Path, now: Now
) -> None:
    for number in range(20):
        usage.note(a_use(number * 40, results=number % 2, words="Ўзбек тили"))
    assert usage.flush()
    counted(database, now)
    with database.reading() as view:
        found = view.usage_counts.requests(THAT_DAY, None, ("kind", "outcome"))
        assert [(*one.key, one.number) for one in found] == [("search", "found", 10), ("search", "nothing-found", 10)]
    assert [path.stat().st_size for path in (tmp_path / ".usage-spool").iterdir()] == [0]


def test_a_record_is_what_it_was_when_it_was_used(usage: Usage, database: Database, now: Now) -> None:
    (record,) = add_records(database, "Kitob")
    with database.writing() as tx:
        document = tx.documents.add(a_document(record, AccessLevel.OPEN))
        tx.commit()
    usage.note(a_use(0, Kind.DOWNLOAD, item_id=record, file_id=document.id))
    usage.flush()
    with database.writing() as tx:
        kept = tx.documents.get(document.id)
        tx.documents.save(replace(kept, rights=Rights(level=AccessLevel.CLOSED)))
        tx.commit()
    usage.note(a_use(120, Kind.DOWNLOAD, item_id=record, file_id=document.id))
    usage.note(a_use(180, Kind.RECORD_VIEW, item_id=987_654))
    usage.flush()
    counted(database, now)
    with database.reading() as view:
        rows = [(item.item_id, item.data_type, item.access_type) for item in view.usage_counts.items(DAY, DAY)]
    assert sorted(rows) == [(record, DataType.BOOK, AccessType.CONTROLLED), (record, DataType.BOOK, AccessType.OPEN)]


def test_robots_stay_out_by_their_words_and_staff_by_their_mark(usage: Usage, database: Database, now: Now) -> None:
    usage.note(a_use(0, agent="Googlebot/2.1"))
    usage.note(a_use(40, agent=""))
    usage.note(a_use(80, Kind.OAI, agent="Googlebot/2.1"))
    usage.note(a_use(120, flags=Flag.STAFF))
    usage.flush()
    counted(database, now)
    with database.reading() as view:
        left_out = {one.key[0]: one.number for one in view.usage_counts.excluded(THAT_DAY)}
        assert left_out == {"robot": 2, "staff": 1}
        assert [one.number for one in view.usage_counts.requests(THAT_DAY, None, ("kind",))] == [1]


def test_words_are_told_only_when_two_visitors_search_for_them_on_a_day(
    usage: Usage, database: Database, now: Now
) -> None:
    for number in range(3):
        usage.note(a_use(number, words="Mening ismim Anvar", person="1"))
        usage.note(a_use(number, words="Kvant FIZIKASI", person=str(number)))
        usage.note(a_use(number, words="Квант физикаси", person="9", flags=Flag.STAFF))
        usage.note(a_use(number, words="bot words", person=str(number), agent="bot"))
    usage.flush()
    counted(database, now)
    with database.reading() as view:
        (told,) = view.usage_counts.searched_without_success(THAT_DAY)
    assert (told.words, told.nothing_found, told.found) == ("kvant fizikasi", 3, 0)
    now.time += timedelta(days=3)
    counting = UsageCounting(database, ROBOTS, TASHKENT, now)
    while counting.step():
        pass
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT words FROM usage_queries").scalars().all() == ["kvant fizikasi"]
        assert connection.exec_driver_sql("SELECT count(*) FROM usage_query_marks").scalar_one() == 0


def test_a_database_that_is_away_gets_all_of_it_later_and_once(tmp_path: Path, now: Now, migrated_sqlite: Path) -> None:
    away = Database(open_engine(f"sqlite:///{tmp_path / 'away' / 'library.sqlite'}"), b"k" * 32)
    first = Usage(away, tmp_path, ROBOTS, TASHKENT, now)
    for number in range(7):
        first.note(a_use(number * 40, agent="Googlebot" if number == 6 else AGENT))
    assert first.flush()
    first.close()
    away.close()
    shutil.rmtree(tmp_path / "away")
    (tmp_path / "away").mkdir()
    shutil.copy(migrated_sqlite, tmp_path / "away" / "library.sqlite")
    again = Usage(away, tmp_path, ROBOTS, TASHKENT, now)
    while again.step():
        pass
    counted(away, now)
    with away.reading() as view:
        assert [one.number for one in view.usage_counts.requests(THAT_DAY)] == [6]
        assert [one.key for one in view.usage_counts.excluded(THAT_DAY)] == [("robot",)]
    assert list((tmp_path / ".usage-spool").iterdir()) == []
    away.close()


def test_a_database_that_somebody_locks_gets_it_when_the_lock_is_gone(
    tmp_path: Path, now: Now, migrated_sqlite: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "library.sqlite"
    shutil.copy(migrated_sqlite, path)
    database = Database(open_engine(f"sqlite:///{path}"), b"k" * 32)
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=20"))
    usage = Usage(database, tmp_path, ROBOTS, TASHKENT, now)
    with closing(sqlite3.connect(path, isolation_level=None)) as other, caplog.at_level(logging.WARNING):
        other.execute("BEGIN IMMEDIATE")
        usage.note(a_use(0))
        assert usage.flush()
        usage.note(a_use(60))
        assert usage.flush()
        other.execute("ROLLBACK")
    assert "they wait in a file: The database does not answer as it should: database is locked" in caplog.text
    while usage.step():
        pass
    counted(database, now)
    with database.reading() as view:
        assert [one.number for one in view.usage_counts.requests(THAT_DAY)] == [2]
    usage.close()
    database.close()


def test_a_queue_that_is_full_leaves_uses_to_their_file(
    usage: Usage, database: Database, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.services.usage.MOST_WAITING", 1)
    usage = Usage(database, usage._spool.parent, ROBOTS, TASHKENT, now)
    for number in range(30):
        usage.note(a_use(number * 40))
    usage.flush()
    usage.close()
    while usage.step():
        pass
    counted(database, now)
    with database.reading() as view:
        assert [one.number for one in view.usage_counts.requests(THAT_DAY)] == [30]


def test_what_was_written_but_not_removed_from_its_file_is_one_event(
    usage: Usage, database: Database, now: Now
) -> None:
    line = line_of(an_event(1, NOON, Kind.SEARCH))
    for _ in range(3):
        spooled = usage._spool
        spooled.mkdir(exist_ok=True)
        (spooled / "left.events").write_bytes(line + line + line[:40])
        assert usage.step()
    counted(database, now)
    with database.reading() as view:
        assert [one.number for one in view.usage_counts.requests(THAT_DAY)] == [1]


def test_a_line_tells_the_event_again() -> None:
    refusal = replace(an_event(5, NOON, Kind.REFUSAL, denied=Denial.RATE, rule="campus", sent=2**40), flags=Flag.BULK)
    assert event_of(line_of(refusal), TASHKENT) == refusal


def test_a_full_disk_is_told_in_the_log_and_the_use_goes_the_other_way(
    usage: Usage, database: Database, tmp_path: Path, now: Now, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / ".usage-spool").write_text("no directory")
    with caplog.at_level(logging.WARNING):
        usage.note(a_use())
    assert usage.flush()
    assert "free some space" in caplog.text
    counted(database, now)
    with database.reading() as view:
        assert [one.number for one in view.usage_counts.requests(THAT_DAY)] == [1]


def test_nothing_that_is_noted_ever_raises(usage: Usage, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shutil.rmtree(tmp_path)
    tmp_path.write_text("the data directory is gone")
    with caplog.at_level(logging.WARNING):
        usage.note(a_use())
    assert "could not be noted" in caplog.text
    tmp_path.unlink()
    tmp_path.mkdir()


def test_words_that_no_database_takes_and_numbers_that_are_too_large_do_no_harm(
    usage: Usage, database: Database, now: Now
) -> None:
    usage.note(
        a_use(
            0,
            agent="a\0b\ud800" * 500,
            words="\0 \ud800 x" * 90,
            faculty="\0",
            item_id=10**30,
            results=10**12,
            sent=10**30,
            range_start=-1,
        )
    )
    usage.note(a_use(40))
    usage.flush()
    counted(database, now)
    with database.reading() as view:
        assert [one.number for one in view.usage_counts.requests(THAT_DAY)] == [2]


def test_salts_are_of_their_owner_alone_and_thrown_away_after_two_days(usage: Usage, tmp_path: Path, now: Now) -> None:
    usage.note(a_use())
    folder = tmp_path / ".usage-salts"
    (salt,) = folder.iterdir()
    assert (salt.name, salt.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == ("2026-03-10", 0o600, 0o700)
    now.time = NOON + timedelta(days=2)
    usage.step()
    assert salt.exists()
    now.time = NOON + timedelta(days=3)
    usage.step()
    assert not salt.exists()


def test_processes_share_the_salt_of_a_day(usage: Usage, database: Database, tmp_path: Path, now: Now) -> None:
    other = Usage(database, tmp_path, ROBOTS, TASHKENT, now)
    usage.note(a_use(0))
    other.note(a_use(60))
    usage.flush()
    other.close()
    with database.engine.connect() as connection:
        assert len(set(connection.exec_driver_sql("SELECT who FROM usage_events").scalars())) == 1


def test_a_child_of_a_fork_writes_its_own_uses(tmp_path: Path, migrated_sqlite: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "library.sqlite")
    command = [sys.executable, "-m", "tests.services.killed_use", str(tmp_path), "fork"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    with closing(sqlite3.connect(tmp_path / "library.sqlite")) as connection:
        assert connection.execute("SELECT count(*) FROM usage_events").fetchone() == (3,)


def test_no_byte_that_is_kept_tells_who_it_was(tmp_path: Path, migrated_sqlite: Path, now: Now) -> None:
    """Looked for in all files but the table of agents, which holds their words apart from all events."""
    path = tmp_path / "library.sqlite"
    shutil.copy(migrated_sqlite, path)
    database = Database(open_engine(f"sqlite:///{path}"), b"k" * 32)
    usage = Usage(database, tmp_path, ROBOTS, TASHKENT, now)
    for number in range(3):
        usage.note(a_use(number * 40, words="maxfiy so'z", person="Anvar Karimov"))
    usage.flush()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE usage_events RENAME TO hidden")
        connection.commit()
    usage.note(a_use(500, words="maxfiy so'z", person="Anvar Karimov"))
    usage.close()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO usage_events")
        assert connection.exec_driver_sql("SELECT words FROM usage_agents").scalars().all() == [AGENT]
        connection.exec_driver_sql("DELETE FROM usage_agents")
        connection.commit()
    counted(database, now)
    database.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (spooled,) = [file for file in (tmp_path / ".usage-spool").iterdir() if file.stat().st_size]
    assert len(spooled.read_bytes().splitlines()) == 1
    (salt,) = (tmp_path / ".usage-salts").iterdir()
    for file in tmp_path.rglob("*"):
        if file.is_file() and file != salt:
            bytes_of = file.read_bytes()
            for told in (ADDRESS.encode(), b"Firefox", b"Anvar", b"Karimov", salt.read_bytes()):
                assert told not in bytes_of, (file, told)


def test_writers_and_rollers_that_are_killed_lose_and_double_nothing(tmp_path: Path, migrated_sqlite: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "library.sqlite")
    assert KilledUse(tmp_path, 1).prove(kills=3) > 3
