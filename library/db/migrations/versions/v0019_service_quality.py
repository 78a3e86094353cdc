"""How long answers take, and the minutes in which the portal answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "answer_times",
        sa.Column("hour", sa.SmallInteger, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("bucket", sa.SmallInteger, nullable=False),
        sa.Column("answers", sa.Integer, nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("hour", "day", "bucket", name="pk_answer_times"),
    )
    op.create_table(
        "watched_minutes",
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_up", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("begins_at", name="pk_watched_minutes"),
    )
