"""The second engine keeps the contract of search engines."""

from pathlib import Path

from indexer.tantivy.engine import TantivyIndex
from tests.contracts.search_answers import AnswersContract
from tests.contracts.search_index import WritingContract


class TestTantivyIndex(WritingContract, AnswersContract):
    @staticmethod
    def make(directory: Path) -> TantivyIndex:
        return TantivyIndex(directory)
