"""Records that are closed until a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "record_embargoes",
        sa.Column("record_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("record_id", name="pk_record_embargoes"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_record_embargoes_record_id"),
    )
    op.create_index("ix_record_embargoes_opens_at", "record_embargoes", ["opens_at"])
