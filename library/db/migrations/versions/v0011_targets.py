"""Partners' catalogues that records are copied from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    _targets()


def _targets() -> None:
    sorted_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "targets",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sorted_text, nullable=False),
        sa.Column("protocol", sa.String(16), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("database", sa.Text, nullable=False),
        sa.Column("sru_version", sa.String(8), nullable=False),
        sa.Column("record_format", sa.Text, nullable=False),
        sa.Column("dialect", sa.String(16), nullable=False),
        sa.Column("query_charset", sa.Text, nullable=False),
        sa.Column("record_charset", sa.Text, nullable=False),
        sa.Column("indexes", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_targets"),
        sa.UniqueConstraint("name", name="uq_targets_name"),
        sqlite_autoincrement=True,
    )
