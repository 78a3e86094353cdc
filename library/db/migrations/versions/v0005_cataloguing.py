"""Keys by which duplicates are found, and forms filled in beforehand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _duplicate_keys()
    _form_templates()


def _duplicate_keys() -> None:
    op.create_table(
        "duplicate_keys",
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("key", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("record_id", sa.Integer, nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_duplicate_keys_record_id"),
        sa.PrimaryKeyConstraint("kind", "key", "record_id", name="pk_duplicate_keys"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_duplicate_keys_record_id", "duplicate_keys", ["record_id"])


def _form_templates() -> None:
    op.create_table(
        "form_templates",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("worksheet", sa.String(64), nullable=False),
        sa.Column("values", sa.Text, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_form_templates_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_form_templates"),
        sa.UniqueConstraint("person_id", "name", name="uq_form_templates_person_id_name"),
        sqlite_autoincrement=True,
    )
