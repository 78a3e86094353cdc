"""Whether the use of the library is invented: that of the sample installation, which says so beside its figures."""

from __future__ import annotations

from sqlalchemy import Connection, select

from library.db.tables import usage_agents


class ReadSampleUse:
    """One look by primary key."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_there(self, agent_id: int) -> bool:
        """Whether events of this agent, who invents them, were ever written."""
        query = select(usage_agents.c.id).where(usage_agents.c.id == agent_id)
        return self._connection.execute(query).first() is not None
