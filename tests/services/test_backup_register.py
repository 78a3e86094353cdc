"""The database knows which backups were taken, and which of them was proved."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from library.db.backups import DrillOutcome
from library.db.unit_of_work import Database
from library.domain.journal import Deed
from library.services.backup_manifest import SEAL, Backup
from library.services.backup_register import Register
from library.services.backup_taking import Taking
from library.settings import Settings
from tests.conftest import Clock


@pytest.fixture
def register(database: Database, clock: Clock) -> Register:
    return Register(database, clock)


@pytest.fixture
def backups(database: Database, database_address: str, tmp_path: Path, clock: Clock) -> list[Backup]:
    """Two backups, the older first."""
    data = tmp_path / "data"
    data.mkdir()
    taking = Taking(database, Settings(data_dir=data, database_url=database_address), clock)
    return [taking.take(tmp_path / "backups", None) for _ in range(2)]


def outcomes(database: Database) -> list[tuple[str, DrillOutcome]]:
    """Directory and outcome of all backups, the newest first."""
    with database.reading() as view:
        return [(Path(noted.directory).name, noted.outcome) for noted in view.backups.latest(9)]


def test_the_newest_proved_backup_is_known(database: Database, register: Register, backups: list[Backup]) -> None:
    older, newer = backups
    for backup in backups:
        register.taken(backup)
    assert register.proved() == ""
    register.drilled(older.directory, None, passed=True)
    register.drilled(newer.directory, None, passed=False)
    assert register.proved() == older.seal
    assert outcomes(database) == [
        (newer.directory.name, DrillOutcome.FAILED),
        (older.directory.name, DrillOutcome.PASSED),
    ]
    register.drilled(newer.directory, None, passed=True)
    assert register.proved() == newer.seal
    with database.reading() as view:
        noted = view.backups.latest(1)[0]
    assert (noted.size, noted.encrypted, noted.taken_at) == (
        newer.manifest.size,
        False,
        newer.manifest.taken_at,
    )
    assert noted.drilled_at is not None


def test_a_backup_that_lost_its_manifest_is_not_proved_any_more(
    database: Database, register: Register, backups: list[Backup]
) -> None:
    backup = backups[0]
    register.taken(backup)
    register.drilled(backup.directory, None, passed=True)
    (backup.directory / SEAL).unlink()
    register.drilled(backup.directory, None, passed=False)
    assert outcomes(database) == [(backup.directory.name, DrillOutcome.FAILED)]


def test_a_restore_proves_its_backup_and_stands_in_the_journal(
    database: Database, register: Register, backups: list[Backup]
) -> None:
    register.restored(backups[1])
    assert register.proved() == backups[1].seal
    with database.reading() as view:
        (line,) = view.journal.lines()
    assert (line.deed, line.actor) == (Deed.INSTALLATION_RESTORED, "restore")
    assert str(backups[1].directory) in line.after


def test_a_database_of_an_earlier_release_is_left_alone(
    database: Database, register: Register, backups: list[Backup]
) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    register.taken(backups[0])
    assert register.proved() == ""
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM backups")).scalar_one() == 0
