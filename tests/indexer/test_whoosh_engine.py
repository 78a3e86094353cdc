"""The default engine keeps the contract of search engines."""

from pathlib import Path

import pytest
from whoosh.index import open_dir

from indexer.search_index import IndexBusy
from indexer.whoosh.engine import WhooshIndex
from tests.contracts.search_answers import AnswersContract
from tests.contracts.search_index import WritingContract


class TestWhooshIndex(WritingContract, AnswersContract):
    @staticmethod
    def make(directory: Path) -> WhooshIndex:
        return WhooshIndex(directory)

    def test_a_foreign_writer_of_whoosh_is_another_writer_too(self, index, directory):
        generation = directory / (directory / "CURRENT").read_text().strip()
        with open_dir(generation).writer(), pytest.raises(IndexBusy):
            index.apply([], ["r1"])
