"""Tables as lines of JSON: the same lines from SQLite and from PostgreSQL, whichever release made the tables.

A table is one line with the names of its columns in the order of the alphabet, and a line for each row in the order of
the primary key. Times are in UTC (RFC 3339), bytes in base 64. Equal contents give equal lines.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Engine, Inspector, MetaData, String, Table, collate, func, inspect, select
from sqlalchemy.sql.elements import ColumnElement

from library.db.migrating import revision_of

CHUNK_BYTES = 256 * 1024
ROWS_AT_ONCE = 500
_NOT_OURS = frozenset({"alembic_version"})
_OPTIONS = orjson.OPT_NAIVE_UTC | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


class Tables:
    """The tables behind a connection; all that is read belongs to its transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        if self.database == "postgresql":
            connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
        inspector = inspect(connection)
        names = sorted(set(inspector.get_table_names()) - _NOT_OURS)
        self._tables = {name: _table(inspector, name) for name in names}

    @property
    def database(self) -> str:
        """Which database it is: sqlite or postgresql."""
        return self._connection.dialect.name

    @property
    def revision(self) -> str | None:
        """The revision of the tables; None where they are not of this program."""
        return revision_of(self._connection)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tables, in the order of the alphabet."""
        return tuple(self._tables)

    def count(self, name: str) -> int:
        """How many rows the table has."""
        return self._connection.execute(select(func.count()).select_from(self._tables[name])).scalar_one()

    def last_number(self, name: str) -> int:
        """The last number that the table gave to a row, whether or not that row is still there; 0 where it gives none.

        On PostgreSQL numbers are given outside of transactions: it may be one that no row of this view has yet.
        """
        if self.database == "sqlite":
            return _sqlite_last_number(self._connection, name)
        sequence = sequence_of(self._connection, self._tables[name])
        if sequence is None:
            return 0
        last = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}"  # noqa: S608  (its own answer)
        return int(self._connection.exec_driver_sql(last).scalar_one())

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of the table, in pieces of some hundred kilobytes that end with a line."""
        table = self._tables[name]
        piece = bytearray(orjson.dumps(table.columns.keys(), option=_OPTIONS))
        query = select(table).order_by(*(self._sorted(column) for column in table.primary_key.columns))
        for row in self._connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}):
            piece += orjson.dumps(tuple(row), default=_in_base_64, option=_OPTIONS)
            if len(piece) >= CHUNK_BYTES:
                yield bytes(piece)
                piece.clear()
        yield bytes(piece)

    def _sorted(self, column: Column[Any]) -> ColumnElement[Any]:
        """By code points on both databases; PostgreSQL would else go by the rules of the server's language."""
        by_code_points = self.database == "postgresql" and isinstance(column.type, String)
        return collate(column, "C") if by_code_points else column


@contextmanager
def snapshot(engine: Engine) -> Iterator[Tables]:
    """One consistent view of all tables; nobody who writes has to wait while it lasts."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield Tables(connection)


def sequence_of(connection: Connection, table: Table) -> str | None:
    """The sequence, quoted, that numbers the rows of a table of PostgreSQL; None where none does."""
    (column, *more) = table.primary_key.columns
    if more:
        return None
    quoted = connection.dialect.identifier_preparer.quote_identifier(table.name)
    return connection.execute(select(func.pg_get_serial_sequence(quoted, column.name))).scalar_one_or_none()


def _sqlite_last_number(connection: Connection, name: str) -> int:
    if not inspect(connection).has_table("sqlite_sequence"):
        return 0
    given = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,))
    return int(given.scalar_one_or_none() or 0)


def _table(inspector: Inspector, name: str) -> Table:
    # Not reflected whole: indexes are of no interest here, and SQLAlchemy warns of those it does not understand.
    keys = set(inspector.get_pk_constraint(name)["constrained_columns"])
    columns = sorted(inspector.get_columns(name), key=lambda column: column["name"])
    return Table(
        name,
        MetaData(),
        *(
            Column(column["name"], column["type"], primary_key=column["name"] in keys)
            for column in columns
            if "computed" not in column
        ),
    )


def _in_base_64(value: object) -> str:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(f"a {type(value).__name__} can't be written to a backup")
