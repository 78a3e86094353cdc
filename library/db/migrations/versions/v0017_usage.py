"""Events of use, what waits to be counted, and the counts of days and months."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_METRICS = (
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
_Columns = dict[str, sa.types.TypeEngine[Any]]
_TRAITS: _Columns = {
    "institution": sa.Text(),
    "data_type": sa.String(32),
    "access_type": sa.String(16),
    "access_method": sa.String(8),
}
_KIND: _Columns = {"kind": sa.String(16), "outcome": sa.String(16)}
# The keys and the figures of each table of counts.
_COUNTS: dict[str, tuple[_Columns, tuple[str, ...]]] = {
    "platform": (_TRAITS, _METRICS),
    "titles": ({"title_id": sa.Integer(), **_TRAITS}, _METRICS[1:]),
    "items": (
        {"item_id": sa.Integer(), "title_id": sa.Integer(), **_TRAITS},
        (*_METRICS[1:], "record_views", "readings", "downloads"),
    ),
    "requests": ({"institution": sa.Text(), **_KIND, "denied": sa.String(16), "data_type": sa.String(32)}, ("number",)),
    "hours": ({"institution": sa.Text(), "hour": sa.Integer(), **_KIND}, ("number",)),
    "readers": ({"institution": sa.Text(), "category": sa.Text(), "faculty": sa.Text(), **_KIND}, ("number",)),
    "excluded": ({"institution": sa.Text(), "reason": sa.String(16)}, ("number",)),
    "visits": ({"institution": sa.Text()}, ("visits", "peak")),
}


def upgrade() -> None:
    _events()
    _agents()
    _marks()
    _queries()
    _days()
    _months()
    for name in _COUNTS:
        _counts(f"usage_day_{name}", name, {"day": sa.Date()})
    for name in _COUNTS:
        _counts(f"usage_month_{name}", name, {"month": sa.Date(), "revision": sa.Integer()})


def _events() -> None:
    op.create_table(
        "usage_events",
        sa.Column("eid", sa.LargeBinary(16), nullable=False),
        sa.Column("who", sa.LargeBinary(16), nullable=False),
        sa.Column("who_before", sa.LargeBinary(16), nullable=False),
        sa.Column("institution", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("item_id", sa.Integer, nullable=False),
        sa.Column("file_id", sa.Integer, nullable=False),
        sa.Column("title_id", sa.Integer, nullable=False),
        sa.Column("segments", sa.Integer, nullable=False),
        sa.Column("data_type", sa.String(32), nullable=False),
        sa.Column("access_type", sa.String(16), nullable=False),
        sa.Column("access_method", sa.String(8), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("range_start", sa.BigInteger, nullable=False),
        sa.Column("sent", sa.BigInteger, nullable=False),
        sa.Column("completed", sa.Boolean, nullable=False),
        sa.Column("denied", sa.String(16), nullable=False),
        sa.Column("rule", sa.String(32), nullable=False),
        sa.Column("results", sa.Integer, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("faculty", sa.Text, nullable=False),
        sa.Column("agent_id", sa.BigInteger, nullable=False),
        sa.Column("flags", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("eid", name="pk_usage_events"),
        sqlite_with_rowid=False,
    )


def _agents() -> None:
    op.create_table(
        "usage_agents",
        sa.Column("id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("is_robot", sa.Boolean, nullable=False),
        sa.Column("list_version", sa.Text, nullable=False),
        sa.Column("seen_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_usage_agents"),
    )
    op.create_index("ix_usage_agents_is_robot", "usage_agents", ["is_robot"])


def _marks() -> None:
    op.create_table(
        "usage_dirty_days",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("mark", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("day", "mark", name="pk_usage_dirty_days"),
        sqlite_with_rowid=False,
    )


def _queries() -> None:
    sorted_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "usage_queries",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("words", sorted_text, nullable=False),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("nothing_found", sa.Integer, nullable=False),
        sa.Column("visitors", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "words", name="pk_usage_queries"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "usage_query_marks",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("mark", sa.LargeBinary(16), nullable=False),
        sa.PrimaryKeyConstraint("day", "mark", name="pk_usage_query_marks"),
        sqlite_with_rowid=False,
    )


def _days() -> None:
    op.create_table(
        "usage_days",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("peak", sa.Integer, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules_version", sa.Text, nullable=False),
        sa.Column("robots_version", sa.Text, nullable=False),
        sa.Column("is_final", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_usage_days"),
    )


def _months() -> None:
    op.create_table(
        "usage_months",
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("peak", sa.Integer, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checksum", sa.String(64), nullable=False),
        sa.Column("rules_version", sa.Text, nullable=False),
        sa.Column("robots_version", sa.Text, nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("month", "revision", name="pk_usage_months"),
    )


def _counts(table: str, name: str, when: _Columns) -> None:
    keys, figures = _COUNTS[name]
    columns = {**when, **keys}
    op.create_table(
        table,
        *(sa.Column(column, kind, nullable=False, autoincrement=False) for column, kind in columns.items()),
        *(sa.Column(figure, sa.BigInteger, nullable=False) for figure in figures),
        sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}"),
        sqlite_with_rowid=False,
    )
