"""What people wrote to the library, and the files that came with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    _appeals()
    _files()


def _appeals() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("form_key", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("record_id", sa.Integer),
        sa.Column("outside_number", sa.Text, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_look_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("measures_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calendar_version", sa.Integer, nullable=False),
        sa.Column("looked_by", sa.String(64), nullable=False),
        sa.Column("looked_by_name", sa.Text, nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True)),
        sa.Column("assigned_to", sa.String(64), nullable=False),
        sa.Column("assigned_name", sa.Text, nullable=False),
        sa.Column("look_escalated_at", sa.DateTime(timezone=True)),
        sa.Column("measures_escalated_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_by", sa.String(64), nullable=False),
        sa.Column("answered_by_name", sa.Text, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("days_taken", sa.Integer),
        sa.Column("effect", sa.Text, nullable=False),
        sa.Column("closed_by", sa.String(64), nullable=False),
        sa.Column("closed_by_name", sa.Text, nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_appeals_record_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appeals"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_appeals_form_key", "appeals", ["form_key"], unique=True)
    op.create_index("ix_appeals_received_at", "appeals", ["received_at"])
    op.create_index("ix_appeals_record_id", "appeals", ["record_id"])
    op.create_index("ix_appeals_state_answered_at", "appeals", ["state", "answered_at"])


def _files() -> None:
    op.create_table(
        "appeal_files",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("appeal_id", sa.Integer, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("intake_id", sa.String(32), nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True)),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name="fk_appeal_files_appeal_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appeal_files"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_appeal_files_appeal_id", "appeal_files", ["appeal_id"])
    op.create_index("ix_appeal_files_state_next_try_at", "appeal_files", ["state", "next_try_at"])
