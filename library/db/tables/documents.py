"""Full texts, the transfers they came by, and what readers may do with them and did."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from library.db.tables.catalogue import records
from library.db.tables.people import people
from library.db.tables.schema import UtcTime, metadata

# Prices are in hundredths.
transfers = Table(
    "transfers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(16), nullable=False),
    Column("partner", Text, nullable=False),
    Column("taken_on", Date, nullable=False),
    Column("price", BigInteger, nullable=False),
    Column("licence", Text, nullable=False),
    Column("term_ends", Date),
    Column("note", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("entered_by_name", Text, nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "source", "taken_on"),
    Index(None, "term_ends"),
    sqlite_autoincrement=True,
)

transfer_papers = Table(
    "transfer_papers",
    metadata,
    Column("transfer_id", Integer, ForeignKey(transfers.c.id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("number", Text, nullable=False),
    Column("date", Date, nullable=False),
)

# `reason` and `text_reason` are messages as JSON, empty where there is none. `digest` is empty while the file arrives.
documents = Table(
    "documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", Integer, ForeignKey(records.c.id), nullable=False),
    Column("transfer_id", Integer, ForeignKey(transfers.c.id)),
    Column("state", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("intake_id", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", UtcTime),
    Column("finding", String(16), nullable=False),
    Column("engine", Text, nullable=False),
    Column("signatures", Text, nullable=False),
    Column("scanned_at", UtcTime),
    Column("level", String(16), nullable=False),
    Column("embargo_until", Date),
    Column("licence", Text, nullable=False),
    Column("received_by", Text, nullable=False),
    Column("received_by_name", Text, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("edited_by", Text, nullable=False),
    Column("edited_by_name", Text, nullable=False),
    Column("edited_at", UtcTime, nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("approved_by_name", Text, nullable=False),
    Column("approved_at", UtcTime),
    Column("kept_at", UtcTime),
    Column("pages", Integer, nullable=False),
    Column("format", Text, nullable=False),
    Column("text_state", String(16), nullable=False),
    Column("text_reason", Text, nullable=False),
    Column("recognised", Integer, nullable=False),
    Column("audited_at", UtcTime),
    Column("sidecar_due", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "record_id"),
    Index(None, "transfer_id"),
    Index(None, "digest"),
    Index(None, "intake_id"),
    Index(None, "state", "next_try_at"),
    Index(None, "state", "text_state"),
    Index(None, "state", "scanned_at"),
    Index(None, "embargo_until"),
    sqlite_autoincrement=True,
)

# The text of a view-only file, given to one reader; it holds until `ended_at`.
text_grants = Table(
    "text_grants",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", Integer, ForeignKey(documents.c.id), nullable=False),
    Column("person_id", Integer, ForeignKey(people.c.id), nullable=False),
    Column("reason", Text, nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("granted_by_name", Text, nullable=False),
    Column("granted_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Index(None, "person_id", "document_id"),
    Index(None, "document_id"),
    sqlite_autoincrement=True,
)

# The page that a reader had open last.
reading_places = Table(
    "reading_places",
    metadata,
    Column("person_id", Integer, ForeignKey(people.c.id), primary_key=True),
    Column("document_id", Integer, ForeignKey(documents.c.id), primary_key=True),
    Column("page", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
)

# How many page images a reader took on a day.
viewing_days = Table(
    "viewing_days",
    metadata,
    Column("person_id", Integer, ForeignKey(people.c.id), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("pages", Integer, nullable=False),
)
