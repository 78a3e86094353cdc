"""Settings that are made in the browser, announced maintenance; the journal by deed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    _settings_versions()
    _maintenance_windows()
    op.create_index("ix_journal_deed_seq", "journal", ["deed", "seq"])


def _settings_versions() -> None:
    op.create_table(
        "settings_versions",
        sa.Column("section", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
        sa.Column("saved_by_name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("section", "version", name="pk_settings_versions"),
    )


def _maintenance_windows() -> None:
    op.create_table(
        "maintenance_windows",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notice_hours", sa.Integer, nullable=False),
        sa.Column("texts", sa.Text, nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by", sa.Text, nullable=False),
        sa.Column("registered_by_name", sa.Text, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_maintenance_windows"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_maintenance_windows_begins_at_id", "maintenance_windows", ["begins_at", "id"])
