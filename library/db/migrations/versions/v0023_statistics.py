"""What the library held, day by day, and who was there in a month."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_CELL = ("material", "language", "script", "branch", "source", "category", "faculty", "operator")


def upgrade() -> None:
    op.create_table(
        "statistics_held",
        sa.Column("measure", sa.String(16), nullable=False),
        sa.Column("object_id", sa.Integer, nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in _CELL),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("measure", "object_id", name="pk_statistics_held"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "statistics_changes",
        sa.Column("measure", sa.String(16), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in _CELL),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("came", "went", "moved")),
        sa.PrimaryKeyConstraint("measure", "day", *_CELL, name="pk_statistics_changes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "statistics_followed",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_statistics_followed"),
    )
    op.create_table(
        "statistics_active_readers",
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("month", "person_id", name="pk_statistics_active_readers"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_statistics_active_readers_person_id"),
        sqlite_with_rowid=False,
    )
