"""`library backup`, `library drill` and `library restore`, as an administrator gives them."""

from __future__ import annotations

import re
import resource
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.services.backup_sealing import new_key
from tests.builders import add_records
from tests.cli.conftest import Shell

FOUR_MEGABYTES = 4 << 20


def _rows(data: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / "library.sqlite")) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def catalogue(shell: Shell, migrated_sqlite: Path) -> Path:
    """The data directory of a library with thirty books."""
    shell.data.mkdir()
    shutil.copy(migrated_sqlite, shell.data / "library.sqlite")
    database = Database(open_engine(f"sqlite:///{shell.data}/library.sqlite"), b"")
    add_records(database, *(f"Kitob {number}" for number in range(30)))
    database.close()
    return shell.data


def _backups(place: Path) -> list[Path]:
    return sorted(path for path in place.iterdir() if not path.name.startswith("."))


def test_a_library_is_backed_up_while_it_works_drilled_lost_and_restored(
    shell: Shell, catalogue: Path, tmp_path: Path
) -> None:
    place, key = tmp_path / "backups", tmp_path / "elsewhere.key"
    made = shell.library("backup", "--new-key", key)
    assert made.returncode == 0, made.stderr
    shell.start("worker")
    taken = shell.library("backup", place, LIBRARY_BACKUP_KEY_FILE=str(key), LIBRARY_INSTITUTION="TDIU")
    assert taken.returncode == 0, taken.stderr
    assert "not encrypted" not in taken.stderr
    (backup,) = _backups(place)
    assert str(backup) in taken.stdout

    drill = shell.library("drill", backup, "--key-file", key)
    assert drill.returncode == 0, drill.stdout
    assert "FAILED" not in drill.stdout
    assert "ok      known titles: 20 of 20" in drill.stdout
    noted = _rows(catalogue, "SELECT directory, encrypted, outcome FROM backups")
    assert noted == [(str(backup), 1, "passed")]

    other = Shell(tmp_path / "other", [])
    restored = other.library("restore", backup, "--key-file", key)
    assert restored.returncode == 0, restored.stderr
    assert re.search(r"records +30 rows", restored.stdout)
    assert "LIBRARY_INSTITUTION=TDIU" in restored.stdout
    assert _rows(other.data, "SELECT title FROM records") == _rows(catalogue, "SELECT title FROM records")
    assert _rows(other.data, "SELECT outcome FROM backups") == [("passed",)]
    deeds = _rows(other.data, "SELECT deed FROM journal WHERE object <> 'scanner'")
    assert deeds == [("installation-restored",)]
    assert other.library("journal", "verify").returncode == 0

    thinned = shell.library("backup", place, "--keep", "1")
    assert "Removed" not in thinned.stdout
    assert len(_backups(place)) == 2, "the newest, and the one that was proved"


def test_a_damaged_backup_fails_its_drill_and_is_not_restored(shell: Shell, catalogue: Path, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    taken = shell.library("backup", place)
    assert "not encrypted" in taken.stderr
    (backup,) = _backups(place)
    table = backup / "tables/records.jsonl.gz"
    table.write_bytes(table.read_bytes()[:-9] + b"\0" + table.read_bytes()[-8:])
    drill = shell.library("drill", backup)
    assert drill.returncode == 1
    assert "FAILED  files: tables/records.jsonl.gz was changed" in drill.stdout
    assert _rows(catalogue, "SELECT outcome FROM backups") == [("failed",)]
    restored = shell.library("restore", backup, LIBRARY_DATA_DIR=str(tmp_path / "other"))
    assert restored.returncode == 2
    assert "The backup is damaged" in restored.stderr
    assert sorted(path.name for path in (tmp_path / "other").iterdir()) == ["worker.lock"]


def test_a_full_disk_ends_a_backup_with_one_sentence(shell: Shell, catalogue: Path, tmp_path: Path) -> None:
    rejected = catalogue / "rejected/large.mrc"
    rejected.parent.mkdir(exist_ok=True)
    with rejected.open("wb") as file:
        file.truncate(2 * FOUR_MEGABYTES)

    def no_file_above_four_megabytes() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (FOUR_MEGABYTES, FOUR_MEGABYTES))

    full = shell.library("backup", tmp_path / "backups", before=no_file_above_four_megabytes)
    assert full.returncode == 2
    assert "The backup can't be made: File too large." in full.stderr
    assert "Traceback" not in full.stderr
    assert _backups(tmp_path / "backups") == []


def test_a_directory_that_is_no_backup_is_told_and_nothing_is_made(shell: Shell, tmp_path: Path) -> None:
    done = shell.library("drill", tmp_path)
    assert done.returncode == 1
    assert "FAILED  manifest" in done.stdout
    assert "no whole backup" in done.stdout
    assert not shell.data.exists()


def test_memory_stays_small_however_large_a_file_is(shell: Shell, catalogue: Path, tmp_path: Path) -> None:
    large = catalogue / "originals/ab/abcd"
    large.parent.mkdir(parents=True)
    with large.open("wb") as file:
        file.truncate(300 << 20)
    key = tmp_path / "key"
    new_key(key)
    assert shell.peak_memory("backup", tmp_path / "backups", "--key-file", key) < 150
