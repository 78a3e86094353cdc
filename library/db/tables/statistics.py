"""What the library held, day by day, without looking through the catalogue: the book of changes of its stocks.

A stock on a day is the sum of all changes up to it, so it balances with what came and went by construction.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Integer, String, Table, Text

from library.db.tables.people import people
from library.db.tables.schema import metadata

CELL = ("material", "language", "script", "branch", "source", "category", "faculty", "operator")
"""Columns by which changes are told apart; empty where they say nothing of a measure."""


def _cell(*, key: bool) -> tuple[Column[str], ...]:
    return tuple(Column(name, Text, primary_key=key, nullable=False) for name in CELL)


# What each thing was counted as at the end of the last day that was followed.
statistics_held = Table(
    "statistics_held",
    metadata,
    Column("measure", String(16), primary_key=True),
    Column("object_id", Integer, primary_key=True, autoincrement=False),
    *_cell(key=False),
    Column("amount", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# `moved` is what changed its cell without coming or going; it adds up to 0 over all cells of a day.
statistics_changes = Table(
    "statistics_changes",
    metadata,
    Column("measure", String(16), primary_key=True),
    Column("day", Date, primary_key=True),
    *_cell(key=True),
    Column("came", BigInteger, nullable=False),
    Column("went", BigInteger, nullable=False),
    Column("moved", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# One row: the first and the last day that were followed.
statistics_followed = Table(
    "statistics_followed",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
)

# Who was signed in at least once in a month, and nothing more of them; forgotten after 13 months.
statistics_active_readers = Table(
    "statistics_active_readers",
    metadata,
    Column("month", Date, primary_key=True),
    Column("person_id", Integer, ForeignKey(people.c.id), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# How many different readers were there in a period of which months are forgotten, by what their cards said then.
statistics_active_sums = Table(
    "statistics_active_sums",
    metadata,
    Column("step", String(16), primary_key=True),
    Column("first_day", Date, primary_key=True),
    Column("category", Text, primary_key=True, nullable=False),
    Column("faculty", Text, primary_key=True, nullable=False),
    Column("readers", Integer, nullable=False),
    sqlite_with_rowid=False,
)
