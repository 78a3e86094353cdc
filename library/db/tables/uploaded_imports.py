"""Files of records that staff uploaded, and the records that came of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from library.db.tables.catalogue import records
from library.db.tables.schema import UtcTime, metadata

# `foreseen` and `outcome` are JSON: the reports of the dry run and of the import.
uploaded_imports = Table(
    "uploaded_imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("filename", Text, nullable=False),
    Column("directory", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("source_name", Text, nullable=False),
    Column("dialect", String(16), nullable=False),
    Column("encoding", String(16), nullable=False),
    Column("share", Integer, nullable=False),
    Column("foreseen", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("entered_by_name", Text, nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Index(None, "state", "id"),
    Index(None, "entered_by", "entered_at"),
    sqlite_autoincrement=True,
)

# The records that an import wrote; the versions are those before (0 where it was new) and after.
imported_records = Table(
    "imported_records",
    metadata,
    Column("import_id", Integer, ForeignKey(uploaded_imports.c.id), primary_key=True),
    Column("record_id", Integer, ForeignKey(records.c.id), primary_key=True),
    Column("fate", String(16), nullable=False),
    Column("version_before", Integer, nullable=False),
    Column("version_after", Integer, nullable=False),
    Column("digest_before", String(64), nullable=False),
    Index(None, "import_id", "fate", "record_id"),
)
