"""Settings that are made in the browser, and announced maintenance."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from library.db.tables.schema import UtcTime, metadata

# Every version of every section of the settings; the newest one is in force.
settings_versions = Table(
    "settings_versions",
    metadata,
    Column("section", String(16), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content", Text, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("saved_by_name", Text, nullable=False),
)

# Windows in which readers are told to come back; a row is never removed. `texts` are by language.
maintenance_windows = Table(
    "maintenance_windows",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("begins_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("notice_hours", Integer, nullable=False),
    Column("texts", Text, nullable=False),
    Column("registered_at", UtcTime, nullable=False),
    Column("registered_by", Text, nullable=False),
    Column("registered_by_name", Text, nullable=False),
    Column("ended_at", UtcTime),
    Column("cancelled_at", UtcTime),
    Index(None, "begins_at", "id"),
    sqlite_autoincrement=True,
)
