"""Changes of many records at once."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from library.db.tables.catalogue import records
from library.db.tables.schema import UtcTime, metadata

# `change` is the JSON of one change; `selection` tells people which records were chosen.
batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("change", Text, nullable=False),
    Column("selection", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("entered_by_name", Text, nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    sqlite_autoincrement=True,
)

# The records of a batch; `outcome` says how far each is. The versions are those before and after the change.
batch_items = Table(
    "batch_items",
    metadata,
    Column("batch_id", Integer, ForeignKey(batches.c.id), primary_key=True),
    Column("record_id", Integer, ForeignKey(records.c.id), primary_key=True),
    Column("outcome", String(16), nullable=False),
    Column("version_before", Integer),
    Column("version_after", Integer),
    Column("problem", Text, nullable=False),
    Index(None, "batch_id", "outcome", "record_id"),
)
