"""Connections: one SQLite file by default, PostgreSQL by its address."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

from library.domain.errors import N_, LibraryError, StorageFull

WRITING = "library_writing"
BUSY_MILLISECONDS = 30_000
"""So long a writer of SQLite waits. Writers stand in no queue: among many, one of them may be late for seconds."""

_FULL_SQLITE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_FULL_POSTGRESQL = {"53100", "58030"}


def open_engine(address: str) -> Engine:
    """An engine for this database address; the directory of a SQLite file is made.

    On SQLite a transaction of a connection with the execution option `WRITING` begins with BEGIN IMMEDIATE, any other
    one with a plain BEGIN: a reading snapshot that is upgraded to a writing one fails at once, whatever the timeout.
    A full disk or a failing one is `StorageFull`; a database that is away or busy for longer than its time-out is a
    `LibraryError` too.
    """
    url = make_url(address)
    backend = url.get_backend_name()
    if backend == "sqlite":
        if url.database:
            _make_directory(Path(url.database).parent)
        engine = create_engine(url, pool_size=16, max_overflow=16)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif backend == "postgresql":
        engine = create_engine(url, pool_size=16, max_overflow=16, pool_pre_ping=True)
    else:
        raise LibraryError(N_("The database {name} is not known: use SQLite or PostgreSQL."), name=backend)
    event.listen(engine, "handle_error", _translate)
    return engine


def _make_directory(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            N_("The data directory {path} can't be made: {reason}. Set LIBRARY_DATA_DIR to another one."),
            path=str(directory),
            reason=error.strerror or str(error),
        ) from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would begin transactions by itself, and never with IMMEDIATE.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MILLISECONDS}", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _translate(context: ExceptionContext) -> None:
    error = context.original_exception
    # The extended codes of SQLite (SQLITE_IOERR_WRITE …) hold the plain one in their lowest byte.
    full = getattr(error, "sqlite_errorcode", 0) & 0xFF in _FULL_SQLITE
    if full or getattr(error, "sqlstate", None) in _FULL_POSTGRESQL:
        raise StorageFull(
            N_("The database can't be written: the disk is full or fails ({reason}). Free some space and try again."),
            reason=str(error),
        ) from error
    if isinstance(context.sqlalchemy_exception, OperationalError):
        raise LibraryError(N_("The database does not answer as it should: {reason}"), reason=str(error)) from error
