"""Keys of officials, and what was asked by them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    _keys()
    _calls()


def _keys() -> None:
    op.create_table(
        "statistics_keys",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("prefix", sa.String(8), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("official", sa.Text, nullable=False),
        sa.Column("indicators", sa.Text, nullable=False),
        sa.Column("first_day", sa.Date),
        sa.Column("last_day", sa.Date),
        sa.Column("counter", sa.Boolean, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("networks", sa.Text, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Text, nullable=False),
        sa.Column("issued_by_name", sa.Text, nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_by_name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_statistics_keys"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_statistics_keys_prefix", "statistics_keys", ["prefix"], unique=True)


def _calls() -> None:
    op.create_table(
        "statistics_calls",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.Integer),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("figures", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["statistics_keys.id"], name="fk_statistics_calls_key_id"),
        sa.PrimaryKeyConstraint("id", name="pk_statistics_calls"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_statistics_calls_key_id_at", "statistics_calls", ["key_id", "at"])
