"""What records lack or have wrong, how far the catalogue was looked through, and the web addresses in it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from library.db.tables.catalogue import records
from library.db.tables.schema import UtcTime, metadata

flaws = Table(
    "flaws",
    metadata,
    Column("record_id", Integer, ForeignKey(records.c.id), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("detail", Text, nullable=False),
    Index(None, "kind", "record_id"),
)

# One row: the last record that was looked at, in the order of their changes, and when the round began.
flaw_sweeps = Table(
    "flaw_sweeps",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("changed_at", UtcTime),
    Column("record_id", Integer, nullable=False),
    Column("began_at", UtcTime, nullable=False),
)

record_links = Table(
    "record_links",
    metadata,
    Column("record_id", Integer, ForeignKey(records.c.id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("address", Text, nullable=False),
    Column("checked_at", UtcTime),
    Column("problem", Text, nullable=False),
    Index(None, "checked_at"),
)
