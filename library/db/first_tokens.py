"""Digests of the tokens by which the first administrator comes in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from library.db.tables import first_tokens


class FirstTokens:
    """At most one unused digest at a time; used ones stay."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(self, digest: str, at: datetime) -> None:
        """Keep this digest instead of one that was not used."""
        self._connection.execute(delete(first_tokens).where(first_tokens.c.used_at.is_(None)))
        self._connection.execute(insert(first_tokens).values(digest=digest, issued_at=at))

    def is_unused(self, digest: str) -> bool:
        """Whether the digest is there and unused."""
        this = select(first_tokens.c.digest).where(first_tokens.c.digest == digest, first_tokens.c.used_at.is_(None))
        return self._connection.execute(this).one_or_none() is not None

    def use(self, digest: str, at: datetime) -> bool:
        """Whether the digest is there and unused; it is used afterwards."""
        this = update(first_tokens).where(first_tokens.c.digest == digest, first_tokens.c.used_at.is_(None))
        return self._connection.execute(this.values(used_at=at)).rowcount == 1
