"""Records that are closed until a day."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table

from library.db.tables.catalogue import records
from library.db.tables.schema import UtcTime, metadata

# `until` is the day as it was chosen, `opens_at` when it begins in the library; `version` is that of the closed record,
# 0 where it begins with the approval.
record_embargoes = Table(
    "record_embargoes",
    metadata,
    Column("record_id", Integer, ForeignKey(records.c.id), primary_key=True, autoincrement=False),
    Column("until", Date, nullable=False),
    Column("opens_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "opens_at"),
)
