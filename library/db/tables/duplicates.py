"""Keys by which two records of one document meet; derived from the records."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table

from library.db.tables.catalogue import records
from library.db.tables.schema import metadata

# Read by ranges of `key`, in the order of the primary key: so the rows stand in it.
duplicate_keys = Table(
    "duplicate_keys",
    metadata,
    Column("kind", String(8), primary_key=True),
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("record_id", Integer, ForeignKey(records.c.id), primary_key=True, autoincrement=False),
    Index(None, "record_id"),
    sqlite_with_rowid=False,
)
