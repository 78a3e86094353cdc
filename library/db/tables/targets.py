"""Partners' catalogues that records are copied from."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from library.db.tables.schema import SORTED_TEXT, UtcTime, metadata

# `indexes` is JSON: the search fields that this catalogue knows by other names than usual.
targets = Table(
    "targets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", SORTED_TEXT, nullable=False, unique=True),
    Column("protocol", String(16), nullable=False),
    Column("address", Text, nullable=False),
    Column("database", Text, nullable=False),
    Column("sru_version", String(8), nullable=False),
    Column("record_format", Text, nullable=False),
    Column("dialect", String(16), nullable=False),
    Column("query_charset", Text, nullable=False),
    Column("record_charset", Text, nullable=False),
    Column("indexes", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)
