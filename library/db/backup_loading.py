"""Loads the tables of a backup into a database that has none; until the end of it there is nothing there."""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Table, delete, event, func, insert, inspect, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from library.db import migrating
from library.db.backup_tables import ROWS_AT_ONCE, Tables, sequence_of
from library.db.engine import WRITING, open_engine
from library.domain.errors import N_, LibraryError

UNFINISHED = ".unfinished"
"""How the name of a SQLite file ends that is being loaded."""

Convert = Callable[[Any], Any]


class Loading(Tables):
    """A database in the making: tables of a given revision, first empty, then full, then those of this release."""

    def __init__(self, connection: Connection, revision: str, commit: Callable[[], None]) -> None:
        migrating.advance(connection, revision)
        super().__init__(connection)
        self._commit = commit
        self._deferred = self._defer_references()
        for name, table in self._tables.items():
            # A step of the history may have written rows of its own; the backup has them too.
            if self.count(name):
                connection.execute(delete(table))

    def load(self, name: str, lines: Iterable[bytes]) -> int:
        """Write the rows of these lines (see `library.db.backup_tables`) to the table; how many they were.

        Raises `LibraryError` where they don't fit it.
        """
        table = self._tables[name]
        count = 0
        rows: list[dict[str, Any]] = []
        try:
            each = iter(lines)
            names = orjson.loads(next(each, b"[]"))
            if names != table.columns.keys():
                raise ValueError(f"columns {names} instead of {table.columns.keys()}")
            converts = _converts(table, self.database)
            for line in each:
                values = dict(zip(names, orjson.loads(line), strict=True))
                values.update({key: convert(values[key]) for key, convert in converts if values[key] is not None})
                rows.append(values)
                if len(rows) == ROWS_AT_ONCE:
                    count += self._insert(table, rows)
            return count + self._insert(table, rows)
        except (SQLAlchemyError, TypeError, ValueError) as error:
            raise LibraryError(
                N_("Table {table} of the backup can't be loaded: {reason}"), table=name, reason=str(error)
            ) from error

    def number_on(self, name: str, last: int) -> None:
        """See to it that no number up to `last` is given to a row of the table again."""
        if not last:
            return
        if self.database == "sqlite":
            _sqlite_number_on(self._connection, name, last)
        elif (sequence := sequence_of(self._connection, self._tables[name])) is not None:
            self._connection.execute(select(func.setval(sequence, last)))

    def finish(self) -> None:
        """Look whether every row that another one names is there, and bring the tables to those of this release."""
        self._check_references()
        migrating.advance(self._connection, migrating.HEAD)

    def commit(self) -> None:
        """Put the database in its place, whole; a crash before this leaves none there."""
        self._commit()

    def _insert(self, table: Table, rows: list[dict[str, Any]]) -> int:
        count = len(rows)
        if rows:
            self._connection.execute(insert(table), rows)
            rows.clear()
        return count

    def _defer_references(self) -> list[str]:
        """Let rows name rows that are not there yet; on SQLite references are looked at in the end only."""
        if self.database == "sqlite":
            return []
        quote = self._connection.dialect.identifier_preparer.quote
        inspector = inspect(self._connection)
        constraints = [
            f"ALTER TABLE {quote(name)} ALTER CONSTRAINT {quote(key['name'] or '')}"
            for name in self._tables
            for key in inspector.get_foreign_keys(name)
            if not key["options"].get("deferrable")
        ]
        for constraint in constraints:
            self._connection.exec_driver_sql(f"{constraint} DEFERRABLE INITIALLY DEFERRED")
        return constraints

    def _check_references(self) -> None:
        if self.database == "sqlite":
            broken = self._connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            reason = "; ".join(f"{row[0]}: row {row[1]} has no {row[2]}" for row in broken[:10])
        else:
            reason = ""
            try:
                self._connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
            except SQLAlchemyError as error:
                reason = str(error)
        if reason:
            raise LibraryError(N_("Rows of the backup name rows that it does not have: {reason}"), reason=reason)
        for constraint in self._deferred:
            self._connection.exec_driver_sql(f"{constraint} NOT DEFERRABLE")


def files(address: str) -> list[Path]:
    """The files of a SQLite database, whether or not they are there; none for PostgreSQL."""
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        return []
    path = Path(url.database or "")
    return [path.with_name(path.name + ending) for ending in ("", "-wal", "-shm", "-journal")]


def occupants(address: str) -> list[str]:
    """What is in the database at this address already: its file, or tables; asking makes nothing."""
    if own := files(address):
        return [path.name for path in own if path.exists()]
    engine = open_engine(address)
    try:
        return sorted(inspect(engine).get_table_names())
    finally:
        engine.dispose()


@contextmanager
def new_database(address: str, revision: str) -> Iterator[Loading]:
    """Load a database of this revision where none is; left without `commit()`, nothing is there.

    A SQLite file is made under another name beside its place and renamed; on PostgreSQL all is one transaction.
    """
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        with _new_file(Path(url.database or ""), revision) as loading:
            yield loading
        return
    engine = open_engine(address)
    try:
        with engine.connect() as connection:
            yield Loading(connection, revision, connection.commit)
    finally:
        engine.dispose()


@contextmanager
def _new_file(path: Path, revision: str) -> Iterator[Loading]:
    temporary = path.with_name(path.name + UNFINISHED)
    temporary.unlink(missing_ok=True)
    engine = open_engine(f"sqlite:///{temporary}")
    event.listen(engine, "connect", _load_quickly)

    def commit() -> None:
        connection.commit()
        connection.close()
        engine.dispose()
        _sync(temporary)
        temporary.replace(path)
        _sync(path.parent)

    try:
        with engine.connect() as plain:
            connection = plain.execution_options(**{WRITING: True})
            yield Loading(connection, revision, commit)
    finally:
        engine.dispose()
        temporary.unlink(missing_ok=True)


def _load_quickly(connection: Any, _record: object) -> None:
    # Nothing is lost with a file that was not ready; it is written through to the disk once, before it is renamed.
    for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_number_on(connection: Connection, name: str, last: int) -> None:
    made = "SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table' AND name = ?"
    if connection.exec_driver_sql(made, (name,)).scalar_one():
        connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
        connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, last))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _converts(table: Table, dialect: str) -> list[tuple[str, Convert]]:
    """How the values of those columns are read that JSON has no type for."""
    by_type: dict[type, Convert] = {
        datetime: _naive if dialect == "sqlite" else datetime.fromisoformat,
        date: date.fromisoformat,
        bytes: b64decode,
    }
    kinds = [(column.key, column.type.python_type) for column in table.columns]
    return [(key, by_type[kind]) for key, kind in kinds if kind in by_type]


def _naive(text: str) -> datetime:
    """A time as SQLite keeps it: in UTC, without saying so."""
    return datetime.fromisoformat(text).replace(tzinfo=None)
