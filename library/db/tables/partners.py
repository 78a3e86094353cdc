"""Partners that are harvested, their runs, what came of them, what was set aside, and records that may be one."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
)

from library.db.tables.catalogue import records
from library.db.tables.schema import SORTED_TEXT, UtcTime, metadata

# `is_public`: its address was one of the public internet when the entry was saved; others are told to nobody.
# `told_to` is set while its records are brought up to date after a change of the entry: the last one that is done.
partners = Table(
    "partners",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", SORTED_TEXT, nullable=False),
    Column("address", Text, nullable=False),
    Column("form", String(16), nullable=False),
    Column("prefix", Text, nullable=False),
    Column("set_spec", Text, nullable=False),
    Column("schedule", String(16), nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("collection", Text, nullable=False),
    Column("expose", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("policy", String(16), nullable=False),
    Column("by_day", Boolean, nullable=False),
    Column("asked", String(16), nullable=False),
    Column("told_to", Integer),
    Column("version", Integer, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("is_public", Boolean, nullable=False, server_default=false()),
    sqlite_autoincrement=True,
)

partner_runs = Table(
    "partner_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("partner_id", Integer, ForeignKey(partners.c.id), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("seconds", Integer, nullable=False),
    *(
        Column(name, Integer, nullable=False)
        for name in ("new", "changed", "unchanged", "gone", "set_aside", "mended", "own", "requests")
    ),
    Column("octets", BigInteger, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("holes", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    Column("asks", Boolean, nullable=False),
    Column("visible", Integer, nullable=False),
    Column("vanishing", Integer, nullable=False),
    Index(None, "partner_id", "kind", "id"),
    sqlite_autoincrement=True,
)

# Where harvest and comparison stand; `holes` and `checkpoint` are as `harvest.intake` writes them.
partner_standings = Table(
    "partner_standings",
    metadata,
    Column("partner_id", Integer, ForeignKey(partners.c.id), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("since", UtcTime),
    Column("holes", Text, nullable=False),
    Column("checkpoint", Text, nullable=False),
)

# A record of ours that came from a partner; its name there stands in `origins`. `mark`: 0 none, 1 the partner deleted
# it, 2 it is to be hidden. `hidden`: empty, or why it is. `earlier`: JSON, where the partner had it from.
partner_records = Table(
    "partner_records",
    metadata,
    Column("record_id", Integer, ForeignKey(records.c.id), primary_key=True, autoincrement=False),
    Column("partner_id", Integer, ForeignKey(partners.c.id), nullable=False),
    Column("datestamp", String(20), nullable=False),
    Column("harvested_at", UtcTime, nullable=False),
    Column("mark", Integer, nullable=False),
    Column("hidden", String(16), nullable=False),
    Column("ticked", Boolean, nullable=False),
    Column("earlier", Text, nullable=False),
    Index(None, "partner_id", "mark"),
    Index(None, "partner_id", "record_id"),
)

partner_rejects = Table(
    "partner_rejects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("partner_id", Integer, ForeignKey(partners.c.id), nullable=False),
    Column("identifier", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    Column("came_at", UtcTime, nullable=False),
    Index(None, "partner_id", "identifier"),
    Index(None, "state", "id"),
    sqlite_autoincrement=True,
)

# Pairs that may be of one document: a partner's record, another one, and what a person said of them.
partner_twins = Table(
    "partner_twins",
    metadata,
    Column("record_id", Integer, ForeignKey(records.c.id), primary_key=True, autoincrement=False),
    Column("other_id", Integer, ForeignKey(records.c.id), primary_key=True, autoincrement=False),
    Column("sameness", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", UtcTime),
    Index(None, "state", "record_id"),
)
