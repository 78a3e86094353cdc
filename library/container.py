"""Builds engines, unit of work and services from the settings; the only module that knows all the classes."""

from __future__ import annotations

from datetime import UTC, datetime

from indexer.whoosh.index import WhooshIndex
from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.services.catalogue import Catalogue
from library.services.search import Search
from library.settings import Settings


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class Container:
    """Everything an entry point needs, made once; `close()` lets the connections go."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(open_engine(settings.database))
        self.index = WhooshIndex(settings.index_dir)
        self.catalogue = Catalogue(self.database)
        self.search = Search(self.database, self.index)

    def close(self) -> None:
        """Close all connections."""
        self.database.close()
