"""Records of one status in the order of arrival, without sorting them for every list."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("ix_records_status_id", "records", ["status", "id"])
