"""Files of records that staff uploaded, and the records that came of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    _uploaded_imports()
    _imported_records()


def _uploaded_imports() -> None:
    op.create_table(
        "uploaded_imports",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("directory", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("source_name", sa.Text, nullable=False),
        sa.Column("dialect", sa.String(16), nullable=False),
        sa.Column("encoding", sa.String(16), nullable=False),
        sa.Column("share", sa.Integer, nullable=False),
        sa.Column("foreseen", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("entered_by_name", sa.Text, nullable=False),
        sa.Column("approved_by", sa.Text, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_uploaded_imports"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_uploaded_imports_entered_by_entered_at", "uploaded_imports", ["entered_by", "entered_at"])
    op.create_index("ix_uploaded_imports_state_id", "uploaded_imports", ["state", "id"])


def _imported_records() -> None:
    op.create_table(
        "imported_records",
        sa.Column("import_id", sa.Integer, nullable=False),
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("fate", sa.String(16), nullable=False),
        sa.Column("version_before", sa.Integer, nullable=False),
        sa.Column("version_after", sa.Integer, nullable=False),
        sa.Column("digest_before", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["uploaded_imports.id"], name="fk_imported_records_import_id"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_imported_records_record_id"),
        sa.PrimaryKeyConstraint("import_id", "record_id", name="pk_imported_records"),
    )
    op.create_index(
        "ix_imported_records_import_id_fate_record_id", "imported_records", ["import_id", "fate", "record_id"]
    )
