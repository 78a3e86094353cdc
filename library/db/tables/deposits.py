"""Works that scholars and students give to the open archive."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from library.db.tables.catalogue import records
from library.db.tables.documents import transfers
from library.db.tables.people import people
from library.db.tables.schema import UtcTime, metadata

# `fields` is what was typed and `recorded` what was put into the record of it, both as JSON, `recorded` empty where
# nothing was; `agreement` is the text that was accepted, word for word. `faculty` stands in the fields too.
deposits = Table(
    "deposits",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, ForeignKey(people.c.id), nullable=False),
    Column("record_id", Integer, ForeignKey(records.c.id)),
    Column("transfer_id", Integer, ForeignKey(transfers.c.id)),
    Column("kind", String(24), nullable=False),
    Column("state", String(16), nullable=False),
    Column("faculty", String(40), nullable=False),
    Column("fields", Text, nullable=False),
    Column("recorded", Text, nullable=False),
    Column("agreement", Text, nullable=False),
    Column("agreement_language", String(8), nullable=False),
    Column("agreement_version", Integer, nullable=False),
    Column("accepted_at", UtcTime),
    Column("remark", Text, nullable=False),
    Column("asked_to_withdraw", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Column("version", Integer, nullable=False),
    Index(None, "person_id", "created_at"),
    Index(None, "record_id"),
    Index(None, "state", "sent_at", "id"),
    sqlite_autoincrement=True,
)
