"""The catalogue: records, their revisions, copies and origins; outbox, imports, index builds, first token."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _records()
    _copies_and_origins()
    _work()


def _records() -> None:
    sorted_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "records",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("dialect", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("marc", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("description_version", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("title_key", sorted_text, nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("material", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("withdrawal_reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_records_status_title_key_id", "records", ["status", "title_key", "id"])
    op.create_index("ix_records_changed_at_id", "records", ["changed_at", "id"])
    op.create_table(
        "record_revisions",
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("dialect", sa.String(16), nullable=False),
        sa.Column("marc", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("withdrawal_reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("record_id", "version", name="pk_record_revisions"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_record_revisions_record_id"),
    )


def _copies_and_origins() -> None:
    op.create_table(
        "copies",
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("inventory_number", sa.Text, nullable=False),
        sa.Column("barcode", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("shelfmark", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("record_id", "position", name="pk_copies"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_copies_record_id"),
    )
    op.create_index("ix_copies_inventory_number", "copies", ["inventory_number"])
    op.create_index("ix_copies_barcode", "copies", ["barcode"])
    op.create_table(
        "origins",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("imported_version", sa.Integer, nullable=False),
        sa.Column("base", sa.Text),
        sa.Column("mfn", sa.Integer),
        sa.PrimaryKeyConstraint("source", "key", name="pk_origins"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_origins_record_id"),
    )
    op.create_index("ix_origins_record_id", "origins", ["record_id"])
    op.create_index("ix_origins_base_mfn", "origins", ["base", "mfn"])


def _work() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("topic", sa.String(32), nullable=False),
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "import_runs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("read", sa.Integer, nullable=False),
        sa.Column("new", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("unchanged", sa.Integer, nullable=False),
        sa.Column("rejected", sa.Integer, nullable=False),
        sa.Column("rejects_file", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_runs"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "index_builds",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_index_builds"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "first_tokens",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_first_tokens"),
        sa.UniqueConstraint("digest", name="uq_first_tokens_digest"),
        sqlite_autoincrement=True,
    )
