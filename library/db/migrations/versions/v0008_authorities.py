"""Names and subjects in their accepted form, with the other forms they go by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    _authorities()
    _authority_forms()


def _authorities() -> None:
    sorted_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "authorities",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("sort_key", sorted_text, nullable=False),
        sa.Column("identifier", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("merged_into", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_authorities"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_authorities_kind_sort_key_id", "authorities", ["kind", "sort_key", "id"])


def _authority_forms() -> None:
    sorted_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "authority_forms",
        sa.Column("authority_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("key", sorted_text, nullable=False),
        sa.Column("is_accepted", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authorities.id"], name="fk_authority_forms_authority_id"),
        sa.PrimaryKeyConstraint("authority_id", "position", name="pk_authority_forms"),
    )
    op.create_index("ix_authority_forms_key", "authority_forms", ["key"])
    op.create_index("ix_authority_forms_kind_key", "authority_forms", ["kind", "key"])
