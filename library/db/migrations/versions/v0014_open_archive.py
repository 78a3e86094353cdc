"""The open archive. Its items are made by the worker, so that none is older than the archive itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    _items()
    _places()
    _conversions()


def _items() -> None:
    op.create_table(
        "archive_items",
        sa.Column("record_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("datestamp", sa.BigInteger, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.Column("formats", sa.Integer, nullable=False),
        sa.Column("sets", sa.Text, nullable=False),
        sa.Column("seen", sa.Text, nullable=False),
        sa.Column("rules", sa.String(32), nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("conversion_due", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_archive_items_record_id"),
        sa.PrimaryKeyConstraint("record_id", name="pk_archive_items"),
    )
    op.create_index(
        "ix_archive_items_datestamp_record_id_formats", "archive_items", ["datestamp", "record_id", "formats"]
    )
    op.create_index("ix_archive_items_due_on", "archive_items", ["due_on"])
    op.create_index("ix_archive_items_conversion_due_record_id", "archive_items", ["conversion_due", "record_id"])


def _places() -> None:
    op.create_table(
        "archive_places",
        sa.Column("set_spec", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("datestamp", sa.BigInteger, nullable=False),
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("formats", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["archive_items.record_id"], name="fk_archive_places_record_id"),
        sa.PrimaryKeyConstraint("set_spec", "datestamp", "record_id", name="pk_archive_places"),
        sqlite_with_rowid=False,
    )


def _conversions() -> None:
    op.create_table(
        "archive_conversions",
        sa.Column("record_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("rules", sa.Integer, nullable=False),
        sa.Column("element", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["archive_items.record_id"], name="fk_archive_conversions_record_id"),
        sa.PrimaryKeyConstraint("record_id", name="pk_archive_conversions"),
    )
