"""Full texts, their transfers, and what readers may do with them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    _transfers()
    _transfer_papers()
    _documents()
    _text_grants()
    _reading_places()
    _viewing_days()


def _transfers() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("partner", sa.Text, nullable=False),
        sa.Column("taken_on", sa.Date, nullable=False),
        sa.Column("price", sa.BigInteger, nullable=False),
        sa.Column("licence", sa.Text, nullable=False),
        sa.Column("term_ends", sa.Date),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("entered_by_name", sa.Text, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_transfers"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_transfers_source_taken_on", "transfers", ["source", "taken_on"])
    op.create_index("ix_transfers_term_ends", "transfers", ["term_ends"])


def _transfer_papers() -> None:
    op.create_table(
        "transfer_papers",
        sa.Column("transfer_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"], name="fk_transfer_papers_transfer_id"),
        sa.PrimaryKeyConstraint("transfer_id", "position", name="pk_transfer_papers"),
    )


def _documents() -> None:
    op.create_table(
        "documents",
        *_file_columns(),
        *_life_columns(),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_documents_record_id"),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"], name="fk_documents_transfer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_documents_digest", "documents", ["digest"])
    op.create_index("ix_documents_embargo_until", "documents", ["embargo_until"])
    op.create_index("ix_documents_intake_id", "documents", ["intake_id"])
    op.create_index("ix_documents_record_id", "documents", ["record_id"])
    op.create_index("ix_documents_state_next_try_at", "documents", ["state", "next_try_at"])
    op.create_index("ix_documents_state_scanned_at", "documents", ["state", "scanned_at"])
    op.create_index("ix_documents_state_text_state", "documents", ["state", "text_state"])
    op.create_index("ix_documents_transfer_id", "documents", ["transfer_id"])


def _file_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("transfer_id", sa.Integer),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("intake_id", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True)),
        sa.Column("finding", sa.String(16), nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("signatures", sa.Text, nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True)),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("embargo_until", sa.Date),
        sa.Column("licence", sa.Text, nullable=False),
    ]


def _life_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("received_by", sa.Text, nullable=False),
        sa.Column("received_by_name", sa.Text, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by", sa.Text, nullable=False),
        sa.Column("edited_by_name", sa.Text, nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Text, nullable=False),
        sa.Column("approved_by_name", sa.Text, nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.Column("kept_at", sa.DateTime(timezone=True)),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("text_state", sa.String(16), nullable=False),
        sa.Column("text_reason", sa.Text, nullable=False),
        sa.Column("recognised", sa.Integer, nullable=False),
        sa.Column("audited_at", sa.DateTime(timezone=True)),
        sa.Column("sidecar_due", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    ]


def _text_grants() -> None:
    op.create_table(
        "text_grants",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("granted_by", sa.Text, nullable=False),
        sa.Column("granted_by_name", sa.Text, nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_text_grants_document_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_text_grants_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_text_grants"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_text_grants_document_id", "text_grants", ["document_id"])
    op.create_index("ix_text_grants_person_id_document_id", "text_grants", ["person_id", "document_id"])


def _reading_places() -> None:
    op.create_table(
        "reading_places",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("document_id", sa.Integer, nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_reading_places_document_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_reading_places_person_id"),
        sa.PrimaryKeyConstraint("person_id", "document_id", name="pk_reading_places"),
    )


def _viewing_days() -> None:
    op.create_table(
        "viewing_days",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_viewing_days_person_id"),
        sa.PrimaryKeyConstraint("person_id", "day", name="pk_viewing_days"),
    )
