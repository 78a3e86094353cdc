"""A backup brings back what was there: from either database into either, from earlier releases, or not at all."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from library.db import migrating
from library.db.backup_loading import new_database, occupants
from library.db.backup_tables import snapshot
from library.db.engine import WRITING, open_engine
from library.db.migrating import SchemaState
from library.db.outbox import Topic
from library.db.tables import metadata, origins
from library.db.unit_of_work import Database
from library.domain.errors import LibraryError
from library.services import backup_restoring, installation
from library.services.backup_manifest import MANIFEST, SEAL, Backup, read_backup
from library.services.backup_sealing import seal_of
from library.services.backup_taking import Taking
from library.services.locks import held
from library.settings import Settings
from tests.builders import LONG_AGO, add_records
from tests.conftest import Clock

HOSTILE = ("O‘zbekiston\n\r\t\\\"' \u2028", "Ӱ ң ө", "\U0001f4da \u202e", "<x-m id=1>", "\x7f\x01", "a" * 70_000, "")


def lines(address: str) -> dict[str, bytes]:
    """All tables of a database."""
    engine = open_engine(address)
    with snapshot(engine) as tables:
        found = {name: b"".join(tables.lines(name)) for name in tables.names}
    engine.dispose()
    return found


@pytest.fixture
def source(database_address: str, tmp_path: Path) -> Settings:
    """An installation of each kind with an empty catalogue and a key."""
    data = tmp_path / "source"
    data.mkdir()
    (data / "journal.key").write_bytes(b"k" * 32)
    return Settings(data_dir=data, database_url=database_address)


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Settings]:
    """Gives an empty installation with this kind of database."""

    def made(kind: str) -> Settings:
        address = ""
        if kind == "postgresql":
            address = request.getfixturevalue("postgresql").new_database(migrated=False)
        return Settings(data_dir=tmp_path / f"to {kind}", database_url=address)

    return made


@pytest.fixture
def target(source: Settings, empty: Callable[[str], Settings]) -> Settings:
    """An empty installation of the same kind as the source."""
    return empty(source.database.partition(":")[0].partition("+")[0])


@pytest.fixture
def take(source: Settings, database: Database, tmp_path: Path, clock: Clock) -> Callable[[], Backup]:
    """Takes backups of the source."""
    return lambda: Taking(database, source, clock).take(tmp_path / "backups", None)


def test_every_row_comes_back_from_either_database_into_either(
    source: Settings, empty: Callable[[str], Settings], database: Database, take: Callable[[], Backup]
) -> None:
    numbers = add_records(database, "Algebra", "Ботаника", "Химия")
    with database.engine.begin() as connection:
        rows = [
            {"source": value, "key": f"{place}", "record_id": numbers[0], "digest": "", "imported_version": place}
            for place, value in enumerate(HOSTILE)
        ]
        connection.execute(insert(origins), [{**row, "base": None, "mfn": None} for row in rows])
    before = lines(source.database)
    assert b'"2020-02-03T04:05:06.789000+00:00"' in before["records"]
    backup = take()
    for target in (empty("sqlite"), empty("postgresql")):
        backup_restoring.restore(backup, target)
        assert lines(target.database) == before
        assert (target.data_dir / "journal.key").read_bytes() == b"k" * 32
        restored = Database(open_engine(target.database), b"")
        with restored.reading() as view:
            assert view.records.get(numbers[0]).changed_at == LONG_AGO
        assert migrating.differences(restored.engine) == []
        assert migrating.faults(restored.engine) == []
        restored.close()


def test_every_type_of_column_can_be_written() -> None:
    known = {int, str, bool, float, bytes, datetime, date}
    columns = [column for table in metadata.tables.values() for column in table.columns]
    types = {getattr(column.type, "impl", column.type).python_type for column in columns}
    assert types <= known


def test_a_number_that_was_given_is_never_given_again(
    target: Settings, database: Database, take: Callable[[], Backup]
) -> None:
    def add_and_number(of: Database) -> int:
        with of.writing() as tx:
            tx.outbox.add(Topic.INDEX_RECORD, [1], LONG_AGO)
            tx.commit()
        with of.reading() as view:
            return view.outbox.ids()[-1]

    last = max(add_and_number(database) for _ in range(3))
    with database.writing() as tx:
        tx.outbox.remove(list(range(last + 1)))
        tx.commit()
    backup_restoring.restore(take(), target)
    restored = Database(open_engine(target.database), b"")
    assert add_and_number(restored) == last + 1
    restored.close()


def test_the_tables_of_an_earlier_release_become_those_of_this_one(
    target: Settings, tmp_path: Path, clock: Clock
) -> None:
    old = Settings(data_dir=tmp_path / "old")
    engine = open_engine(old.database)
    with engine.connect().execution_options(**{WRITING: True}) as connection:
        migrating.advance(connection, "0001")
        made = "INSERT INTO import_runs VALUES (7, 'KITOB', '/k', 'complete', :at, NULL, 3, 3, 0, 0, 0, '')"
        connection.execute(text(made), {"at": "2020-02-03 04:05:06.000000"})
        connection.commit()
    backup = Taking(Database(engine, b""), old, clock).take(tmp_path / "backups", None)
    engine.dispose()
    backup_restoring.restore(backup, target)
    restored = Database(open_engine(target.database), b"")
    assert restored.schema_state() is SchemaState.CURRENT
    with restored.reading() as view:
        (run,) = view.imports.latest(5)
    assert (run.id, run.started_at) == (7, datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC))
    restored.close()


def test_a_backup_is_one_moment_whatever_is_written_meanwhile(
    target: Settings, database: Database, take: Callable[[], Backup]
) -> None:
    add_records(database, *(f"Kitob {number}" for number in range(300)))
    stop, written = threading.Event(), [0]

    def write() -> None:
        while not stop.is_set():
            number = add_records(database, "Yangi kitob")[0]
            with database.writing() as tx:
                tx.outbox.add(Topic.INDEX_RECORD, [number, number], LONG_AGO)
                tx.commit()
            written[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backups = [take() for _ in range(2)]
    finally:
        stop.set()
        writer.join()
    assert written[0] > 0
    backup_restoring.restore(backups[-1], target)
    counts = {table.name: table.rows for table in backups[-1].manifest.tables}
    assert counts["outbox"] % 2 == 0
    assert counts["outbox"] // 2 in (counts["records"] - 300, counts["records"] - 301)
    restored = open_engine(target.database)
    assert migrating.faults(restored) == []
    restored.dispose()


def test_only_an_empty_installation_is_restored_into(
    target: Settings, database: Database, take: Callable[[], Backup]
) -> None:
    add_records(database, "Algebra")
    backup = take()
    target.data_dir.mkdir()
    (target.data_dir / "rejected").mkdir()
    with pytest.raises(LibraryError, match="not empty: rejected"):
        backup_restoring.restore(backup, target)
    (target.data_dir / "rejected").rmdir()
    (target.data_dir / ".journal.head").touch()
    with pytest.raises(LibraryError, match=r"not empty: \.journal\.head"):
        backup_restoring.restore(backup, target)
    (target.data_dir / ".journal.head").unlink()
    (target.data_dir / "session.key").write_bytes(b"made by the first command")
    backup_restoring.restore(backup, target)
    after = lines(target.database)
    with pytest.raises(LibraryError, match=r"not empty: .*(library\.sqlite|copies)"):
        backup_restoring.restore(backup, target)
    assert lines(target.database) == after


def test_a_backup_of_a_later_release_is_refused(target: Settings, take: Callable[[], Backup]) -> None:
    backup = take()
    later = replace(backup, manifest=replace(backup.manifest, schema="9999"))
    with pytest.raises(LibraryError, match="later release"):
        backup_restoring.restore(later, target)
    assert occupants(target.database) == []


def test_a_backup_that_lies_about_its_tables_leaves_nothing(target: Settings, take: Callable[[], Backup]) -> None:
    backup = take()
    first, *rest = backup.manifest.tables
    for wrong in ([replace(first, rows=first.rows + 1), *rest], rest):
        lying = replace(backup, manifest=replace(backup.manifest, tables=tuple(wrong)))
        with pytest.raises(LibraryError, match=r"came out of the backup changed|not those of its release"):
            backup_restoring.restore(lying, target)
        assert occupants(target.database) == []
        assert sorted(path.name for path in target.data_dir.iterdir()) == ["worker.lock"]


def test_rows_that_name_missing_rows_are_refused(target: Settings) -> None:
    columns = b'["base","digest","imported_version","key","mfn","record_id","source"]\n'
    with new_database(target.database, "0001") as loading:
        assert loading.load("origins", [columns, b'[null,"",1,"k",null,77,"s"]\n']) == 1
        with pytest.raises(LibraryError, match="does not have"):
            loading.finish()
    assert occupants(target.database) == []


@pytest.mark.parametrize("line", [b"[1,2]\n", b"no JSON\n", b'[null,"",1,null,null,77,null]\n', b"7\n"])
def test_rows_of_another_shape_are_refused(target: Settings, line: bytes) -> None:
    columns = b'["base","digest","imported_version","key","mfn","record_id","source"]\n'
    with (
        pytest.raises(LibraryError, match="Table origins of the backup can't be loaded"),
        new_database(target.database, "0001") as loading,
    ):
        loading.load("origins", [columns, line])
    assert occupants(target.database) == []


def test_training_and_real_are_never_mixed(target: Settings, source: Settings, take: Callable[[], Backup]) -> None:
    (source.data_dir / installation.TRAINING).touch()
    backup = take()
    with pytest.raises(LibraryError, match="both be for training"):
        backup_restoring.restore(backup, target)


def test_a_manifest_that_leads_elsewhere_is_refused(take: Callable[[], Backup]) -> None:
    backup = take()
    manifest = backup.manifest
    for path in ("../../etc/passwd", "/etc/passwd", "data/../../x"):
        evil = replace(manifest, files=(replace(manifest.files[0], path=path), *manifest.files[1:])).to_json()
        (backup.directory / MANIFEST).write_bytes(evil)
        (backup.directory / SEAL).write_text(seal_of(evil, None))
        with pytest.raises(LibraryError, match="leads out of the backup"):
            read_backup(backup.directory, None)


def test_a_second_restore_leaves_the_first_alone(target: Settings, take: Callable[[], Backup]) -> None:
    backup = take()
    prepared = target.data_dir / installation.RESTORING / "tables"
    prepared.mkdir(parents=True)
    with held(target.data_dir / "worker.lock"):
        with pytest.raises(LibraryError, match="A worker or a restore runs"):
            backup_restoring.finish_interrupted(target)
        with pytest.raises(LibraryError, match="A worker or a restore runs"):
            backup_restoring.restore(backup, target)
    assert prepared.exists()


def test_a_disk_that_can_not_be_written_is_told(target: Settings, take: Callable[[], Backup]) -> None:
    backup = take()
    target.data_dir.touch()
    with pytest.raises(LibraryError, match="The backup can't be restored: File exists"):
        backup_restoring.restore(backup, target)


def test_permissions_of_keys_come_back(source: Settings, target: Settings, take: Callable[[], Backup]) -> None:
    (source.data_dir / "session.key").write_bytes(os.urandom(32))
    (source.data_dir / "session.key").chmod(0o600)
    backup_restoring.restore(take(), target)
    assert (target.data_dir / "session.key").stat().st_mode & 0o777 == 0o600
