"""Partners that are harvested, and what came from them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_COUNTS = ("new", "changed", "unchanged", "gone", "set_aside", "mended", "own", "requests")


def upgrade() -> None:
    _partners()
    _runs()
    _records()
    _rejects()
    _twins()


def _partners() -> None:
    sorted_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "partners",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sorted_text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("set_spec", sa.Text, nullable=False),
        sa.Column("schedule", sa.String(16), nullable=False),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("expose", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("policy", sa.String(16), nullable=False),
        sa.Column("by_day", sa.Boolean, nullable=False),
        sa.Column("asked", sa.String(16), nullable=False),
        sa.Column("told_to", sa.Integer, nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_partners"),
        sqlite_autoincrement=True,
    )


def _runs() -> None:
    op.create_table(
        "partner_runs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("partner_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _COUNTS),
        sa.Column("octets", sa.BigInteger, nullable=False),
        sa.Column("missing", sa.Integer, nullable=False),
        sa.Column("holes", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("asks", sa.Boolean, nullable=False),
        sa.Column("visible", sa.Integer, nullable=False),
        sa.Column("vanishing", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_partner_runs"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name="fk_partner_runs_partner_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_partner_runs_partner_id_kind_id", "partner_runs", ["partner_id", "kind", "id"])
    op.create_table(
        "partner_standings",
        sa.Column("partner_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holes", sa.Text, nullable=False),
        sa.Column("checkpoint", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "kind", name="pk_partner_standings"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name="fk_partner_standings_partner_id"),
    )


def _records() -> None:
    op.create_table(
        "partner_records",
        sa.Column("record_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("partner_id", sa.Integer, nullable=False),
        sa.Column("datestamp", sa.String(20), nullable=False),
        sa.Column("harvested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mark", sa.Integer, nullable=False),
        sa.Column("hidden", sa.String(16), nullable=False),
        sa.Column("ticked", sa.Boolean, nullable=False),
        sa.Column("earlier", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("record_id", name="pk_partner_records"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_partner_records_record_id"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name="fk_partner_records_partner_id"),
    )
    op.create_index("ix_partner_records_partner_id_mark", "partner_records", ["partner_id", "mark"])
    op.create_index("ix_partner_records_partner_id_record_id", "partner_records", ["partner_id", "record_id"])


def _rejects() -> None:
    op.create_table(
        "partner_rejects",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("partner_id", sa.Integer, nullable=False),
        sa.Column("identifier", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_partner_rejects"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name="fk_partner_rejects_partner_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_partner_rejects_partner_id_identifier", "partner_rejects", ["partner_id", "identifier"])
    op.create_index("ix_partner_rejects_state_id", "partner_rejects", ["state", "id"])


def _twins() -> None:
    op.create_table(
        "partner_twins",
        sa.Column("record_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("other_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("sameness", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("record_id", "other_id", name="pk_partner_twins"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_partner_twins_record_id"),
        sa.ForeignKeyConstraint(["other_id"], ["records.id"], name="fk_partner_twins_other_id"),
    )
    op.create_index("ix_partner_twins_state_record_id", "partner_twins", ["state", "record_id"])
