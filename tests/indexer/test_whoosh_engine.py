"""The default engine keeps the contract of search engines."""

from pathlib import Path

from indexer.whoosh.engine import WhooshIndex
from tests.contracts.search_index import SearchIndexContract


class TestWhooshIndex(SearchIndexContract):
    @staticmethod
    def make(directory: Path) -> WhooshIndex:
        return WhooshIndex(directory)
