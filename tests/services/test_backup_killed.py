"""A restore that is killed leaves an empty installation or a whole one, wherever the kill falls."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from library.container import Container
from library.db.backup_tables import snapshot
from library.db.engine import open_engine
from library.services.backup_taking import Taking
from library.settings import Settings
from tests.builders import add_records
from tests.conftest import Clock

ROOT = Path(__file__).parents[2]


def content(settings: Settings) -> dict[str, bytes]:
    """Tables and files of an installation."""
    engine = open_engine(settings.database)
    with snapshot(engine) as tables:
        found = {name: b"".join(tables.lines(name)) for name in tables.names}
    engine.dispose()
    files = [path for path in settings.data_dir.rglob("*") if path.is_file() and "library.sqlite" not in path.name]
    return found | {path.name: path.read_bytes() for path in files if path.suffix != ".lock"}


def killed(backup: Path, settings: Settings, first: int, every: int) -> list[str]:
    """What was left by the kills."""
    arguments = [str(backup), str(settings.data_dir), settings.database, str(first), str(every)]
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/services/killed_restores.py"), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(("kind", "every"), [("sqlite", 6), ("postgresql", 20)])
def test_a_killed_restore_leaves_nothing_or_all(
    request: pytest.FixtureRequest, kind: str, every: int, container: Container, tmp_path: Path, clock: Clock
) -> None:
    """A kill does not test a power cut: what was written survives it in the page cache of the kernel."""
    add_records(container.database, "Algebra", "Ботаника")
    for name in ("originals/ab/abcd", "originals/cd/cdef", "rejected/KITOB-1.mrc", "session.key"):
        path = container.settings.data_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    expected = content(container.settings)
    backup = Taking(container.database, container.settings, clock).take(tmp_path / "backups", None)

    def target(name: str) -> Settings:
        address = request.getfixturevalue("postgresql").new_database(migrated=False) if kind == "postgresql" else ""
        return Settings(data_dir=tmp_path / name, database_url=address)

    settings = target("first")
    left = killed(backup.directory, settings, 1, every)
    assert set(left[:-1]) == {"open empty", "closed empty"}
    assert left[-1] == "closed whole"
    assert content(settings) == expected

    cleaning = target("second")
    assert killed(backup.directory, cleaning, every * (len(left) - 1) + 4, 1) == ["closed whole"]
    assert content(cleaning) == expected
