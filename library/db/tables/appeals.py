"""What people wrote to the library, and the files that came with it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from library.db.tables.catalogue import records
from library.db.tables.schema import UtcTime, metadata

# `form_key` is the word of the form that was sent, so that it makes one appeal however often it comes; what staff enter
# has a form too. `name` and `contact` are emptied when they are erased.
appeals = Table(
    "appeals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("form_key", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("about", Text, nullable=False),
    Column("record_id", Integer, ForeignKey(records.c.id)),
    Column("outside_number", Text, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("first_look_due", UtcTime, nullable=False),
    Column("measures_due", UtcTime, nullable=False),
    Column("calendar_version", Integer, nullable=False),
    Column("looked_by", String(64), nullable=False),
    Column("looked_by_name", Text, nullable=False),
    Column("looked_at", UtcTime),
    Column("assigned_to", String(64), nullable=False),
    Column("assigned_name", Text, nullable=False),
    Column("look_escalated_at", UtcTime),
    Column("measures_escalated_at", UtcTime),
    Column("outcome", String(16), nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_by", String(64), nullable=False),
    Column("answered_by_name", Text, nullable=False),
    Column("answered_at", UtcTime),
    Column("days_taken", Integer),
    Column("effect", Text, nullable=False),
    Column("closed_by", String(64), nullable=False),
    Column("closed_by_name", Text, nullable=False),
    Column("closed_at", UtcTime),
    Column("erased_at", UtcTime),
    Column("version", Integer, nullable=False),
    Index(None, "form_key", unique=True),
    Index(None, "received_at"),
    Index(None, "record_id"),
    Index(None, "state", "answered_at"),
    sqlite_autoincrement=True,
)

appeal_files = Table(
    "appeal_files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("appeal_id", Integer, ForeignKey(appeals.c.id), nullable=False),
    Column("role", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("intake_id", String(32), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", UtcTime),
    Column("received_at", UtcTime, nullable=False),
    Index(None, "appeal_id"),
    Index(None, "state", "next_try_at"),
    sqlite_autoincrement=True,
)
