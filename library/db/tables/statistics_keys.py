"""Keys of officials, and what was asked by them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from library.db.tables.schema import UtcTime, metadata

# A key that was issued; a row is never removed. `digest` is its SHA-256; `indicators` and `networks` are JSON lists.
statistics_keys = Table(
    "statistics_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("prefix", String(8), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("label", Text, nullable=False),
    Column("official", Text, nullable=False),
    Column("indicators", Text, nullable=False),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("counter", Boolean, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("networks", Text, nullable=False),
    Column("issued_at", UtcTime, nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("issued_by_name", Text, nullable=False),
    Column("revoked_at", UtcTime),
    Column("revoked_by_name", Text, nullable=False),
    Index(None, "prefix", unique=True),
    sqlite_autoincrement=True,
)

# Every call by a key, the refused ones too; one by a key that is none of ours has no `key_id`.
statistics_calls = Table(
    "statistics_calls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("key_id", Integer, ForeignKey(statistics_keys.c.id)),
    Column("path", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("code", String(40), nullable=False),
    Column("figures", Integer, nullable=False),
    Index(None, "key_id", "at"),
    sqlite_autoincrement=True,
)
