"""Forms that people filled in beforehand, to begin new records with."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from library.db.tables.people import people
from library.db.tables.schema import UtcTime, metadata

# `worksheet` is the key of the worksheet that the values are for.
form_templates = Table(
    "form_templates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, ForeignKey(people.c.id), nullable=False),
    Column("name", Text, nullable=False),
    Column("worksheet", String(64), nullable=False),
    Column("values", Text, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
    UniqueConstraint("person_id", "name"),
    sqlite_autoincrement=True,
)
