"""Works that scholars and students give to the open archive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    _deposits()


def _deposits() -> None:
    op.create_table(
        "deposits",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("record_id", sa.Integer),
        sa.Column("transfer_id", sa.Integer),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("faculty", sa.String(40), nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("recorded", sa.Text, nullable=False),
        sa.Column("agreement", sa.Text, nullable=False),
        sa.Column("agreement_language", sa.String(8), nullable=False),
        sa.Column("agreement_version", sa.Integer, nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("remark", sa.Text, nullable=False),
        sa.Column("asked_to_withdraw", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_deposits_person_id"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_deposits_record_id"),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"], name="fk_deposits_transfer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deposits"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deposits_person_id_created_at", "deposits", ["person_id", "created_at"])
    op.create_index("ix_deposits_record_id", "deposits", ["record_id"])
    op.create_index("ix_deposits_state_sent_at_id", "deposits", ["state", "sent_at", "id"])
