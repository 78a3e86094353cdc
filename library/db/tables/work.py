"""The journal of what staff did, and work that nobody approved yet."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from library.db.tables.catalogue import records
from library.db.tables.people import people
from library.db.tables.schema import UtcTime, metadata

# What staff did; rows are only ever added, and each carries an HMAC over itself and the row before.
journal = Table(
    "journal",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("deed", String(40), nullable=False),
    Column("object", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "actor", "seq"),
    Index(None, "object", "seq"),
    Index(None, "deed", "seq"),
    Index(None, "at", "seq"),
)

# Work on records that nobody approved yet; one at most for a record.
works = Table(
    "works",
    metadata,
    Column("record_id", Integer, ForeignKey(records.c.id), primary_key=True),
    Column("base_version", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("marc", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("edited_by", Text, nullable=False),
    Column("edited_at", UtcTime, nullable=False),
    Column("submitted_at", UtcTime),
    Column("remark", Text, nullable=False),
    Index(None, "state", "submitted_at", "record_id"),
    Index(None, "edited_by", "edited_at"),
)

# What a person has typed into a form and not saved yet; `form` is the address of the form.
form_drafts = Table(
    "form_drafts",
    metadata,
    Column("person_id", Integer, ForeignKey(people.c.id), primary_key=True),
    Column("form", Text, primary_key=True),
    Column("values", Text, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
)
