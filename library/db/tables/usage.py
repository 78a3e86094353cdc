"""Events of use, what waits to be counted, and the counts of days and months.

The number of an event begins with its time, so a day of events is a range of the primary key and needs no other index.
A month is kept in revisions: the first is rewritten while the month is open, later ones stand beside it for ever.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, LargeBinary, String, Table, Text

from library.db.tables.schema import SORTED_TEXT, UtcTime, metadata

METRICS = (
    "searches_platform",
    "total_item_investigations",
    "unique_item_investigations",
    "unique_title_investigations",
    "total_item_requests",
    "unique_item_requests",
    "unique_title_requests",
    "no_license",
    "limit_exceeded",
)
"""Columns of the metrics of COUNTER: `Metric`, in small letters."""
USES = ("record_views", "readings", "downloads")
"""Columns of what readers are told of a record: how often it was looked at, read here, and taken home."""

# `who_before` is empty outside of half a minute a day. `data_type` is empty in no row: what an item is was frozen.
usage_events = Table(
    "usage_events",
    metadata,
    Column("eid", LargeBinary(16), primary_key=True),
    Column("who", LargeBinary(16), nullable=False),
    Column("who_before", LargeBinary(16), nullable=False),
    Column("institution", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("item_id", Integer, nullable=False),
    Column("file_id", Integer, nullable=False),
    Column("title_id", Integer, nullable=False),
    Column("segments", Integer, nullable=False),
    Column("data_type", String(32), nullable=False),
    Column("access_type", String(16), nullable=False),
    Column("access_method", String(8), nullable=False),
    Column("status", Integer, nullable=False),
    Column("range_start", BigInteger, nullable=False),
    Column("sent", BigInteger, nullable=False),
    Column("completed", Boolean, nullable=False),
    Column("denied", String(16), nullable=False),
    Column("rule", String(32), nullable=False),
    Column("results", Integer, nullable=False),
    Column("category", Text, nullable=False),
    Column("faculty", Text, nullable=False),
    Column("agent_id", BigInteger, nullable=False),
    Column("flags", Integer, nullable=False),
    sqlite_with_rowid=False,
)

usage_agents = Table(
    "usage_agents",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("words", Text, nullable=False),
    Column("is_robot", Boolean, nullable=False),
    Column("list_version", Text, nullable=False),
    Column("seen_on", Date, nullable=False),
    Index(None, "is_robot"),
)

# A mark for each batch of events and each day that it touches. Who counts a day removes the marks that were there
# before the events were read, and no others.
usage_dirty_days = Table(
    "usage_dirty_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("mark", LargeBinary(16), primary_key=True),
    sqlite_with_rowid=False,
)

# What was searched for, by no person.
usage_queries = Table(
    "usage_queries",
    metadata,
    Column("day", Date, primary_key=True),
    Column("words", SORTED_TEXT, primary_key=True),
    Column("found", Integer, nullable=False),
    Column("nothing_found", Integer, nullable=False),
    Column("visitors", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Keyed hashes of a visitor with the words: they tell two visitors apart for a day or two, then they are deleted.
usage_query_marks = Table(
    "usage_query_marks",
    metadata,
    Column("day", Date, primary_key=True),
    Column("mark", LargeBinary(16), primary_key=True),
    sqlite_with_rowid=False,
)

# `generation` rises each time the day is counted. A final day has no events any more and is never counted again.
usage_days = Table(
    "usage_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("peak", Integer, nullable=False),
    Column("counted_at", UtcTime, nullable=False),
    Column("rules_version", Text, nullable=False),
    Column("robots_version", Text, nullable=False),
    Column("is_final", Boolean, nullable=False),
)

# `generation` is the sum of those of the days that it was made of.
usage_months = Table(
    "usage_months",
    metadata,
    Column("month", Date, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("state", String(8), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("peak", Integer, nullable=False),
    Column("counted_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("checksum", String(64), nullable=False),
    Column("rules_version", Text, nullable=False),
    Column("robots_version", Text, nullable=False),
    Column("reason", String(32), nullable=False),
)


def _traits() -> tuple[Column[str], ...]:
    return (
        Column("institution", Text, primary_key=True),
        Column("data_type", String(32), primary_key=True),
        Column("access_type", String(16), primary_key=True),
        Column("access_method", String(8), primary_key=True),
    )


def _numbers(*names: str) -> tuple[Column[int], ...]:
    return tuple(Column(name, BigInteger, nullable=False) for name in names)


def _day() -> tuple[Column[object], ...]:
    return (Column("day", Date, primary_key=True),)


def _month() -> tuple[Column[object], ...]:
    return (
        Column("month", Date, primary_key=True),
        Column("revision", Integer, primary_key=True, autoincrement=False),
    )


def _platform(name: str, *when: Column[object]) -> Table:
    return Table(name, metadata, *when, *_traits(), *_numbers(*METRICS), sqlite_with_rowid=False)


def _titles(name: str, *when: Column[object]) -> Table:
    title = Column("title_id", Integer, primary_key=True, autoincrement=False)
    return Table(name, metadata, *when, title, *_traits(), *_numbers(*METRICS[1:]), sqlite_with_rowid=False)


def _items(name: str, *when: Column[object]) -> Table:
    numbers = (Column(of, Integer, primary_key=True, autoincrement=False) for of in ("item_id", "title_id"))
    figures = _numbers(*METRICS[1:], *USES)
    return Table(name, metadata, *when, *numbers, *_traits(), *figures, sqlite_with_rowid=False)


def _requests(name: str, *when: Column[object]) -> Table:
    return Table(
        name,
        metadata,
        *when,
        Column("institution", Text, primary_key=True),
        Column("kind", String(16), primary_key=True),
        Column("outcome", String(16), primary_key=True),
        Column("denied", String(16), primary_key=True),
        Column("data_type", String(32), primary_key=True),
        *_numbers("number"),
        sqlite_with_rowid=False,
    )


def _hours(name: str, *when: Column[object]) -> Table:
    return Table(
        name,
        metadata,
        *when,
        Column("institution", Text, primary_key=True),
        Column("hour", Integer, primary_key=True, autoincrement=False),
        Column("kind", String(16), primary_key=True),
        Column("outcome", String(16), primary_key=True),
        *_numbers("number"),
        sqlite_with_rowid=False,
    )


def _readers(name: str, *when: Column[object]) -> Table:
    return Table(
        name,
        metadata,
        *when,
        Column("institution", Text, primary_key=True),
        Column("category", Text, primary_key=True),
        Column("faculty", Text, primary_key=True),
        Column("kind", String(16), primary_key=True),
        Column("outcome", String(16), primary_key=True),
        *_numbers("number"),
        sqlite_with_rowid=False,
    )


def _excluded(name: str, *when: Column[object]) -> Table:
    reason = Column("reason", String(16), primary_key=True)
    who = Column("institution", Text, primary_key=True)
    return Table(name, metadata, *when, who, reason, *_numbers("number"), sqlite_with_rowid=False)


def _visits(name: str, *when: Column[object]) -> Table:
    who = Column("institution", Text, primary_key=True)
    return Table(name, metadata, *when, who, *_numbers("visits", "peak"), sqlite_with_rowid=False)


usage_day_platform = _platform("usage_day_platform", *_day())
usage_day_titles = _titles("usage_day_titles", *_day())
usage_day_items = _items("usage_day_items", *_day())
usage_day_requests = _requests("usage_day_requests", *_day())
usage_day_hours = _hours("usage_day_hours", *_day())
usage_day_readers = _readers("usage_day_readers", *_day())
usage_day_excluded = _excluded("usage_day_excluded", *_day())
usage_day_visits = _visits("usage_day_visits", *_day())

usage_month_platform = _platform("usage_month_platform", *_month())
usage_month_titles = _titles("usage_month_titles", *_month())
usage_month_items = _items("usage_month_items", *_month())
usage_month_requests = _requests("usage_month_requests", *_month())
usage_month_hours = _hours("usage_month_hours", *_month())
usage_month_readers = _readers("usage_month_readers", *_month())
usage_month_excluded = _excluded("usage_month_excluded", *_month())
usage_month_visits = _visits("usage_month_visits", *_month())
