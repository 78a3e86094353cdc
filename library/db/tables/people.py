"""People, and what proves who they are."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from library.db.tables.schema import SORTED_TEXT, UtcTime, metadata

# `login_key` is the login without regard to case. `roles` are separated by spaces.
people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", Text, nullable=False),
    Column("login_key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("name_key", SORTED_TEXT, nullable=False),
    Column("roles", Text, nullable=False),
    Column("standing", String(16), nullable=False),
    Column("order_number", Text, nullable=False),
    Column("order_date", Date),
    Column("email", Text, nullable=False),
    Column("card_number", Text, unique=True),
    Column("hemis_number", Text, unique=True),
    Column("category", String(16), nullable=False),
    Column("faculty", Text, nullable=False),
    Column("study_group", Text, nullable=False),
    Column("valid_until", Date),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Index(None, "name_key", "id"),
    sqlite_autoincrement=True,
)

# What proves who a person is: digests only; the TOTP secret is sealed with a key that is kept beside the database.
credentials = Table(
    "credentials",
    metadata,
    Column("person_id", Integer, ForeignKey(people.c.id), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("totp_sealed", Text, nullable=False),
    Column("totp_confirmed", Boolean, nullable=False),
    Column("totp_last_step", Integer, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
)

# One-time codes for a person who lost the second factor, and single-use links to set a password: SHA-256 only.
one_time_codes = Table(
    "one_time_codes",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", Integer, ForeignKey(people.c.id), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("issued_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Index(None, "person_id", "purpose"),
)

# A cookie holds the number of which `digest` is the SHA-256.
sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", Integer, ForeignKey(people.c.id), nullable=False),
    Column("second_factor", Boolean, nullable=False),
    Column("browser", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("began_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Index(None, "person_id"),
)

# Failed attempts to sign in, by account and by address; rows older than the window are removed.
failed_attempts = Table(
    "failed_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "subject", "at"),
    sqlite_autoincrement=True,
)
