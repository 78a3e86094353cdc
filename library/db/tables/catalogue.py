"""Records with their histories, copies and origins; what waits to be indexed; imports."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from library.db.tables.schema import SORTED_TEXT, UtcTime, metadata

# `description`, `title`, `title_key`, `year` and `material` are derived from `marc`; `description_version` says by
# which rules. SQLite's AUTOINCREMENT keeps a number from ever being given twice.
records = Table(
    "records",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dialect", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("marc", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("description_version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_key", SORTED_TEXT, nullable=False),
    Column("year", Integer),
    Column("material", String(32), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("withdrawal_reason", Text, nullable=False),
    Column("approved_by", Text, nullable=False, server_default=""),
    Index(None, "status", "title_key", "id"),
    Index(None, "status", "id"),
    Index(None, "changed_at", "id"),
    sqlite_autoincrement=True,
)

record_revisions = Table(
    "record_revisions",
    metadata,
    Column("record_id", Integer, ForeignKey(records.c.id), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("dialect", String(16), nullable=False),
    Column("marc", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("withdrawal_reason", Text, nullable=False),
    Column("approved_by", Text, nullable=False, server_default=""),
)

copies = Table(
    "copies",
    metadata,
    Column("record_id", Integer, ForeignKey(records.c.id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("inventory_number", Text, nullable=False),
    Column("barcode", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("shelfmark", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("count", Integer, nullable=False),
    Index(None, "inventory_number"),
    Index(None, "barcode"),
)

# Where a record came from. `base` (in capitals) and `mfn` are set for IRBIS databases only.
origins = Table(
    "origins",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("record_id", Integer, ForeignKey(records.c.id), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("imported_version", Integer, nullable=False),
    Column("base", Text),
    Column("mfn", Integer),
    Index(None, "record_id"),
    Index(None, "base", "mfn"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("topic", String(32), nullable=False),
    Column("record_id", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

import_runs = Table(
    "import_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("read", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("rejects_file", Text, nullable=False),
    sqlite_autoincrement=True,
)

# One row for each time somebody asked for the index to be built anew; the worker writes its progress there.
index_builds = Table(
    "index_builds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("requested_at", UtcTime, nullable=False),
    Column("started_at", UtcTime),
    Column("finished_at", UtcTime),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    sqlite_autoincrement=True,
)

# One-time tokens of the first administrator: digests only.
first_tokens = Table(
    "first_tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("issued_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    sqlite_autoincrement=True,
)
