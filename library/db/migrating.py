"""Brings a database to the tables of this release, and says whether it has them."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from library.db.engine import WRITING
from library.db.tables import metadata
from library.domain.errors import N_, LibraryError

_MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do, so long as nothing else in the database uses it for a lock.
_LOCK = 5_128_806

HEAD = "head"
"""The tables of this release."""


class SchemaState(StrEnum):
    """How the tables of a database stand to those of this release."""

    EMPTY = "empty"
    OLD = "old"
    CURRENT = "current"
    UNKNOWN = "unknown"


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest tables, in one transaction; others who try it meanwhile find it done."""
    with engine.connect() as plain:
        connection = plain.execution_options(**{WRITING: True})
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        advance(connection, HEAD)
        connection.commit()


def advance(connection: Connection, revision: str) -> None:
    """Bring the database up to the tables of this revision, within the transaction of the caller."""
    configuration = _configuration()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, revision)


def revision_of(connection: Connection) -> str | None:
    """The revision its tables are of; None where they are not ours."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(revision: str) -> bool:
    """Whether this release knows the revision and the way from there to its own."""
    script = ScriptDirectory.from_config(_configuration())
    return revision in {known.revision for known in script.walk_revisions()}


def schema_state(engine: Engine) -> SchemaState:
    """Whether the database has the tables of this release."""
    with engine.connect() as connection:
        return _state(connection)


def require_current(engine: Engine) -> None:
    """Make the tables of an empty database; refuse one of another release, with the remedy."""
    state = schema_state(engine)
    if state is SchemaState.EMPTY:
        upgrade(engine)
    elif state is SchemaState.OLD:
        raise LibraryError(
            N_("The database was made by an earlier release. Make a backup, then run: library db upgrade")
        )
    elif state is SchemaState.UNKNOWN:
        raise LibraryError(N_("The database was made by a later release. Install that release or restore a backup."))


def differences(engine: Engine) -> list[str]:
    """How the tables differ from those this release expects; empty when they don't."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, metadata)]


def faults(engine: Engine) -> list[str]:
    """What a SQLite file says is wrong with itself; PostgreSQL watches over its own (see its data checksums)."""
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            return []
        integrity = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [line for line in integrity if line != "ok"] + [f"{row[0]}: row {row[1]} has no {row[2]}" for row in broken]


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return configuration


@cache
def _head() -> str | None:
    # All migrations are loaded for this.
    return ScriptDirectory.from_config(_configuration()).get_current_head()


def _state(connection: Connection) -> SchemaState:
    now = revision_of(connection)
    if now is None:
        return SchemaState.UNKNOWN if inspect(connection).has_table("records") else SchemaState.EMPTY
    if now == _head():
        return SchemaState.CURRENT
    return SchemaState.OLD if is_known(now) else SchemaState.UNKNOWN
