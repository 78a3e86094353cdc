"""The history of the tables ends at the tables of this release."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from library.db import migrating
from library.db.engine import open_engine
from library.db.migrating import SchemaState
from library.db.tables import metadata
from library.domain.errors import LibraryError

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def new_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    """Opens databases without tables."""
    opened: list[Engine] = []

    def open_new() -> Engine:
        if request.param == "postgresql":
            address = request.getfixturevalue("postgresql").new_database(migrated=False)
        else:
            address = f"sqlite:///{tmp_path / f'new{len(opened)}.sqlite'}"
        opened.append(open_engine(address))
        return opened[-1]

    yield open_new
    for engine in opened:
        engine.dispose()


def _shape(engine: Engine) -> dict[str, object]:
    """All that the database says of our tables."""
    inspector = inspect(engine)
    shape: dict[str, object] = {}
    for name in metadata.tables:
        columns = [
            (column["name"], str(column["type"]), column["nullable"], getattr(column["type"], "collation", None))
            for column in inspector.get_columns(name)
        ]
        indexes = sorted((index["name"], tuple(index["column_names"])) for index in inspector.get_indexes(name))
        keys = sorted((key["name"], tuple(key["constrained_columns"])) for key in inspector.get_foreign_keys(name))
        unique = sorted(str(one["name"]) for one in inspector.get_unique_constraints(name))
        shape[name] = (columns, indexes, keys, unique, inspector.get_pk_constraint(name)["constrained_columns"])
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            made = "SELECT name, sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table' ORDER BY name"
            shape["autoincrement"] = [row for row in connection.execute(text(made)) if row[0] in metadata.tables]
    return shape


def test_migrating_from_empty_gives_the_tables_of_this_release(new_engine: Callable[[], Engine]) -> None:
    migrated, created = new_engine(), new_engine()
    assert migrating.schema_state(migrated) is SchemaState.EMPTY
    migrating.upgrade(migrated)
    metadata.create_all(created)
    assert _shape(migrated) == _shape(created)
    assert migrating.differences(migrated) == []
    assert migrating.schema_state(migrated) is SchemaState.CURRENT


def test_a_second_upgrade_changes_nothing(new_engine: Callable[[], Engine]) -> None:
    engine = new_engine()
    migrating.upgrade(engine)
    before = _shape(engine)
    migrating.upgrade(engine)
    assert _shape(engine) == before


def test_two_processes_may_upgrade_at_once(new_engine: Callable[[], Engine]) -> None:
    engine = new_engine()
    program = "import sys; from library.db import engine, migrating; migrating.upgrade(engine.open_engine(sys.argv[1]))"
    address = engine.url.render_as_string(hide_password=False)
    processes = [subprocess.Popen([sys.executable, "-c", program, address], cwd=ROOT) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert migrating.schema_state(engine) is SchemaState.CURRENT


def test_a_database_of_a_later_release_is_left_alone(new_engine: Callable[[], Engine]) -> None:
    engine = new_engine()
    migrating.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert migrating.schema_state(engine) is SchemaState.UNKNOWN
    with pytest.raises(LibraryError, match="later release"):
        migrating.require_current(engine)


def test_a_missing_index_is_told(new_engine: Callable[[], Engine]) -> None:
    engine = new_engine()
    migrating.require_current(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_copies_barcode"))
    (difference,) = migrating.differences(engine)
    assert "ix_copies_barcode" in difference


def test_a_damaged_sqlite_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    migrating.upgrade(engine)
    assert migrating.faults(engine) == []
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO copies VALUES (77, 1, '1', '', '', '', 'available', 1)")
        connection.commit()
    assert migrating.faults(engine) == ["copies: row 1 has no records"]
    engine.dispose()
