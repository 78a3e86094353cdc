"""The second engine keeps the contract of search engines."""

from pathlib import Path

from indexer.tantivy.engine import TantivyIndex
from tests.contracts.search_index import SearchIndexContract


class TestTantivyIndex(SearchIndexContract):
    @staticmethod
    def make(directory: Path) -> TantivyIndex:
        return TantivyIndex(directory)
