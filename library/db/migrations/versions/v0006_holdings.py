"""Copies as property: acts and their lines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _acts()
    _act_lines()


def _acts() -> None:
    op.create_table(
        "acts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("partner", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("entered_by_name", sa.Text, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_acts"),
        sa.UniqueConstraint("kind", "number", "date", name="uq_acts_kind_number_date"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_acts_date_id", "acts", ["date", "id"])


def _act_lines() -> None:
    op.create_table(
        "act_lines",
        sa.Column("act_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("received_number", sa.Text),
        sa.Column("written_off_number", sa.Text),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("price", sa.BigInteger, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name="fk_act_lines_act_id"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_act_lines_record_id"),
        sa.PrimaryKeyConstraint("act_id", "position", name="pk_act_lines"),
        sa.UniqueConstraint("received_number", name="uq_act_lines_received_number"),
        sa.UniqueConstraint("written_off_number", name="uq_act_lines_written_off_number"),
    )
    op.create_index("ix_act_lines_record_id", "act_lines", ["record_id"])
