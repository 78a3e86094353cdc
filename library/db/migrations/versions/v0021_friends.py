"""Whether a partner's address is of the public internet: only such ones are told to harvesters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("partners", sa.Column("is_public", sa.Boolean, nullable=False, server_default=sa.false()))
