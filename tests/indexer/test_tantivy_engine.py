"""The second engine keeps the contract of search engines."""

from pathlib import Path

from indexer.model import Entry, Facet, Query
from indexer.queries import Words
from indexer.tantivy.engine import TantivyIndex
from tests.contracts.search_answers import AnswersContract
from tests.contracts.search_index import WritingContract


class TestTantivyIndex(WritingContract, AnswersContract):
    @staticmethod
    def make(directory: Path) -> TantivyIndex:
        return TantivyIndex(directory)

    def test_a_large_rebuild_is_written_piece_by_piece(self, directory, monkeypatch):
        monkeypatch.setattr("indexer.tantivy.engine._SEGMENT", 10)
        index = self.make(directory)
        entries = [Entry(key=f"k{number}", title=f"Kitob {number}", material="book") for number in range(200)]
        with index.rebuild() as rebuild:
            for start in range(0, 200, 5):
                rebuild.add(entries[start : start + 5])
            rebuild.publish()
        results = index.search(Query(match=Words("kitob"), facets=(Facet.MATERIAL,)))
        assert (results.total, results.facets[Facet.MATERIAL][0].count) == (200, 200)
        assert index.search(Query(match=Words("kitob 199"))).total == 1

    def test_more_values_than_tantivy_counts_at_once_are_counted_too(self, directory):
        """It refuses to sum up more than 65,000 values."""
        index = self.make(directory)
        index.apply(
            [
                Entry(key=f"k{number}", title="x", subjects=tuple(f"s{number:02}{value:04}" for value in range(1000)))
                for number in range(70)
            ],
            [],
        )
        for size, first in ((3, 3), (100_000, 70_000)):
            values = index.search(Query(facets=(Facet.SUBJECT,), facet_size=size)).facets[Facet.SUBJECT]
            assert len(values) == first
            assert [value.value for value in values[:3]] == ["s000000", "s000001", "s000002"]
