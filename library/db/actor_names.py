"""What the people behind the keys of actors are called."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from library.db.tables import people

_PERSON = "person:"


class ReadActorNames:
    """Names as they are now; the journal keeps those of the time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, keys: Iterable[str]) -> dict[str, str]:
        """The names of those of these actors that are people, by key."""
        numbers = {int(key.removeprefix(_PERSON)) for key in keys if key.startswith(_PERSON)}
        if not numbers:
            return {}
        query = select(people.c.id, people.c.name).where(people.c.id.in_(numbers))
        return {f"{_PERSON}{row.id}": row.name for row in self._connection.execute(query)}
