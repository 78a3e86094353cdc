"""Names and subjects in their accepted form, with the other forms they go by."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from library.db.tables.schema import SORTED_TEXT, UtcTime, metadata

authorities = Table(
    "authorities",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("heading", Text, nullable=False),
    Column("sort_key", SORTED_TEXT, nullable=False),
    Column("identifier", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("merged_into", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    Index(None, "kind", "sort_key", "id"),
    sqlite_autoincrement=True,
)

# All forms, folded: by `key` a name is found whichever alphabet it is typed in.
authority_forms = Table(
    "authority_forms",
    metadata,
    Column("authority_id", Integer, ForeignKey(authorities.c.id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("form", Text, nullable=False),
    Column("key", SORTED_TEXT, nullable=False),
    Column("is_accepted", Boolean, nullable=False),
    Index(None, "kind", "key"),
    Index(None, "key"),
)
