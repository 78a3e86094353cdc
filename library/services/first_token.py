"""The token by which the first administrator of a new library comes in. There is no default account."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from library.db.unit_of_work import Database
from library.services.keys import digest_of

TOKEN_BYTES = 32


class FirstToken:
    """Issues tokens that are shown once and work once; the database holds their SHA-256 only."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def issue(self) -> str | None:
        """A new token, in letters, digits, - and _; None where there is an administrator, who lets others in.

        An earlier one that was not used is void from now on.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self._database.writing() as tx:
            if tx.people.administrators():
                return None
            tx.first_tokens.replace(digest_of(token), self._clock())
            tx.commit()
        return token

    def holds(self, token: str) -> bool:
        """Whether this is the token that was issued last, it was not used, and there is no administrator yet."""
        with self._database.writing() as tx:
            return tx.first_tokens.is_unused(digest_of(token)) and not tx.people.administrators()
