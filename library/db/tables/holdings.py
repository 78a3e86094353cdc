"""Copies as property: acts and their lines."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from library.db.tables.catalogue import records
from library.db.tables.schema import UtcTime, metadata

acts = Table(
    "acts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("number", Text, nullable=False),
    Column("date", Date, nullable=False),
    Column("source", String(16), nullable=False),
    Column("partner", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("entered_by_name", Text, nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    UniqueConstraint("kind", "number", "date"),
    Index(None, "date", "id"),
    sqlite_autoincrement=True,
)

# `received_number` is set on lines that bring a numbered copy, `written_off_number` on those that take one out: so a
# number comes once and goes once. Prices are in hundredths.
act_lines = Table(
    "act_lines",
    metadata,
    Column("act_id", Integer, ForeignKey(acts.c.id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("record_id", Integer, ForeignKey(records.c.id), nullable=False),
    Column("received_number", Text, unique=True),
    Column("written_off_number", Text, unique=True),
    Column("quantity", Integer, nullable=False),
    Column("price", BigInteger, nullable=False),
    Column("place", Text, nullable=False),
    Index(None, "record_id"),
)
