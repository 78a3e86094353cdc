"""How many readers were there, without who they were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "statistics_active_sums",
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("faculty", sa.Text, nullable=False),
        sa.Column("readers", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("step", "first_day", "category", "faculty", name="pk_statistics_active_sums"),
        sqlite_with_rowid=False,
    )
