"""People and what proves who they are, the journal, work that waits for approval."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for table in ("records", "record_revisions"):
        op.add_column(table, sa.Column("approved_by", sa.Text, nullable=False, server_default=""))
    _people()
    _credentials()
    _one_time_codes()
    _sessions()
    _failed_attempts()
    _journal()
    _only_ever_added_to("journal")
    _works()
    _form_drafts()


def _only_ever_added_to(table: str) -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION 'rows of {table} are only ever added'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
        )


def _people() -> None:
    sorted_text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("login_key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sorted_text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("standing", sa.String(16), nullable=False),
        sa.Column("order_number", sa.Text, nullable=False),
        sa.Column("order_date", sa.Date),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("card_number", sa.Text),
        sa.Column("hemis_number", sa.Text),
        sa.Column("category", sa.String(16), nullable=False),
        sa.Column("faculty", sa.Text, nullable=False),
        sa.Column("study_group", sa.Text, nullable=False),
        sa.Column("valid_until", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("card_number", name="uq_people_card_number"),
        sa.UniqueConstraint("hemis_number", name="uq_people_hemis_number"),
        sa.UniqueConstraint("login_key", name="uq_people_login_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_people_name_key_id", "people", ["name_key", "id"])


def _credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("totp_sealed", sa.Text, nullable=False),
        sa.Column("totp_confirmed", sa.Boolean, nullable=False),
        sa.Column("totp_last_step", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_credentials_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_credentials"),
    )


def _one_time_codes() -> None:
    op.create_table(
        "one_time_codes",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_one_time_codes_person_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_one_time_codes"),
    )
    op.create_index("ix_one_time_codes_person_id_purpose", "one_time_codes", ["person_id", "purpose"])


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("second_factor", sa.Boolean, nullable=False),
        sa.Column("browser", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sessions_person_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_sessions"),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])


def _failed_attempts() -> None:
    op.create_table(
        "failed_attempts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_failed_attempts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_failed_attempts_subject_at", "failed_attempts", ["subject", "at"])


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("actor_name", sa.Text, nullable=False),
        sa.Column("deed", sa.String(40), nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_journal"),
    )
    op.create_index("ix_journal_actor_seq", "journal", ["actor", "seq"])
    op.create_index("ix_journal_at_seq", "journal", ["at", "seq"])
    op.create_index("ix_journal_object_seq", "journal", ["object", "seq"])


def _works() -> None:
    op.create_table(
        "works",
        sa.Column("record_id", sa.Integer, nullable=False),
        sa.Column("base_version", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("marc", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("edited_by", sa.Text, nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("remark", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_works_record_id"),
        sa.PrimaryKeyConstraint("record_id", name="pk_works"),
    )
    op.create_index("ix_works_edited_by_edited_at", "works", ["edited_by", "edited_at"])
    op.create_index("ix_works_state_submitted_at_record_id", "works", ["state", "submitted_at", "record_id"])


def _form_drafts() -> None:
    op.create_table(
        "form_drafts",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("values", sa.Text, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_form_drafts_person_id"),
        sa.PrimaryKeyConstraint("person_id", "form", name="pk_form_drafts"),
    )
