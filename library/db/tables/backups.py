"""What is known of backups."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table, Text

from library.db.tables.schema import UtcTime, metadata

# Backups that were taken, and how their drills ended: `outcome` is passed, failed, or empty where none was held. The
# seal of its manifest names a backup wherever it is moved to.
backups = Table(
    "backups",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("seal", String(80), nullable=False, unique=True),
    Column("taken_at", UtcTime, nullable=False),
    Column("directory", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("encrypted", Boolean, nullable=False),
    Column("drilled_at", UtcTime),
    Column("outcome", String(16), nullable=False),
    sqlite_autoincrement=True,
)
