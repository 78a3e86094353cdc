"""What records lack or have wrong, and the web addresses in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _flaws()
    _flaw_sweeps()
    _record_links()


def _flaws() -> None:
    op.create_table(
        "flaws",
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_flaws_record_id"),
        sa.PrimaryKeyConstraint("record_id", "kind", name="pk_flaws"),
    )
    op.create_index("ix_flaws_kind_record_id", "flaws", ["kind", "record_id"])


def _flaw_sweeps() -> None:
    op.create_table(
        "flaw_sweeps",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_flaw_sweeps"),
    )


def _record_links() -> None:
    op.create_table(
        "record_links",
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True)),
        sa.Column("problem", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_record_links_record_id"),
        sa.PrimaryKeyConstraint("record_id", "position", name="pk_record_links"),
    )
    op.create_index("ix_record_links_checked_at", "record_links", ["checked_at"])
