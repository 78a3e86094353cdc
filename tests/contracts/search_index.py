"""What every search engine must do with what is written to it; each engine's test module derives its class from this.

What it must answer stands in `search_answers`.
"""

import contextlib
import gc
import shutil
import threading
from abc import ABC, abstractmethod
from pathlib import Path

import pytest

from indexer.model import Entry, Facet, Query
from indexer.parsing import parse
from indexer.queries import SearchField, Words
from indexer.search_index import IndexBusy, IndexOutdated, IndexUnavailable, SearchIndex

HISTORY = Entry(
    key="r1",
    title="Oʻzbekiston tarixi",
    other_titles=("History of Uzbekistan",),
    creators=("Karimov, Akmal", "Yoʻldoshev, Botir"),
    subjects=("Tarix", "Arxivlar"),
    publishers=("Fan",),
    text=("Oʻquv qoʻllanma",),
    numbers=("978-9943-01-123-4", "INV-2041/7"),
    udc=("94(575.1)",),
    bbk=("Т3(5У)",),
    year=2015,
    languages=("uzb",),
    material="textbook",
    availability=("shelf", "open"),
    collections=("main",),
    source="KAT",
    body=("Birinchi bet soʻzboshi.", "Ikkinchi betda qadimgi kutubxonalar haqida hikoya qilinadi."),
)
CYRILLIC = Entry(
    key="r2",
    title="Ўзбекистон тарихи",
    creators=("Каримов, Акмал",),
    subjects=("Тарих",),
    bbk=("63.3(5У)",),
    year=1995,
    languages=("uzb",),
    material="textbook",
    availability=("shelf",),
    collections=("main",),
    source="KAT",
)
RUSSIAN = Entry(
    key="r3",
    title="Библиотечное дело в республиках: учебник",
    creators=("Фёдорова, Анна", "Karimov, Akmal"),
    subjects=("Библиотеки",),
    udc=("02", "027.7:378"),
    bbk=("Ч73",),
    year=2001,
    languages=("rus",),
    material="book",
    availability=("members",),
    collections=("archive",),
    source="RUS",
)
KYRGYZ = Entry(
    key="r4",
    title="Өнөр жана үңкүр",
    creators=("Асанова, Нургүл",),
    subjects=("Өнөр",),
    year=2020,
    languages=("kir", "rus"),
    material="article",
    availability=("open",),
    collections=("archive",),
    source="KYR",
)
UNDATED = Entry(key="r5", title="Sirdaryo xaritasi", languages=("uzb",), material="map", source="KAT")
ALL = (HISTORY, CYRILLIC, RUSSIAN, KYRGYZ, UNDATED)


class SearchIndexCase(ABC):
    """An index with five entries; derive from it and give `make`."""

    @staticmethod
    @abstractmethod
    def make(directory: Path) -> SearchIndex:
        """An index of the engine under test over this directory."""

    @pytest.fixture
    def directory(self, tmp_path):
        return tmp_path / "index"

    @pytest.fixture
    def index(self, directory):
        index = self.make(directory)
        index.apply(ALL, [])
        return index

    def found(self, index, match, **options):
        node = parse(match) if isinstance(match, str) else match
        return {hit.key for hit in index.search(Query(match=node, **options)).hits}

    def total(self, index, match, **options):
        node = parse(match) if isinstance(match, str) else match
        return index.search(Query(match=node, **options)).total


class WritingContract(SearchIndexCase):
    """Changes, rebuilds, readers beside writers, and damage."""

    def test_nothing_is_found_where_nothing_was_built_but_it_says_so(self, directory):
        index = self.make(directory)
        with pytest.raises(IndexUnavailable):
            index.search(Query())
        with pytest.raises(IndexUnavailable):
            index.state()
        with pytest.raises(IndexUnavailable):
            index.count(Query())
        with pytest.raises(IndexUnavailable):
            index.complete("tarix", SearchField.ANY)

    def test_the_first_apply_makes_the_index(self, index):
        assert index.state().entries == len(ALL)
        assert index.search(Query()).total == len(ALL)

    def test_applying_twice_changes_nothing(self, index):
        index.apply(ALL, ["r9"])
        index.apply(ALL, ["r9"])
        assert index.state().entries == len(ALL)
        assert index.search(Query(match=Words("tarixi"))).total == 2

    def test_a_replaced_entry_is_no_longer_found_by_its_old_words(self, index):
        index.apply([Entry(key="r1", title="Xorazm xalq ertaklari", body=("Bir bor ekan",))], [])
        assert self.found(index, "ertaklari") == {"r1"}
        assert self.found(index, "o'zbekiston") == {"r2"}
        assert self.found(index, "kutubxonalar") == set()
        assert self.found(index, "bor ekan") == {"r1"}

    def test_a_removed_entry_is_gone_and_its_facet_values_with_it(self, index):
        index.apply([], ["r4", "r4", "none"])
        assert index.state().entries == len(ALL) - 1
        results = index.search(Query(facets=(Facet.LANGUAGE,)))
        assert {(value.value, value.count) for value in results.facets[Facet.LANGUAGE]} == {("uzb", 3), ("rus", 1)}

    def test_a_key_that_is_removed_and_replaced_at_once_is_there(self, index):
        index.apply([HISTORY, Entry(key="r1", title="Uchinchi nashr")], ["r1"])
        assert self.found(index, "uchinchi nashr") == {"r1"}
        assert index.state().entries == len(ALL)

    def test_another_reader_sees_a_change_in_its_next_search(self, index, directory):
        reader = self.make(directory)
        assert reader.search(Query()).total == len(ALL)
        for number in range(6):
            index.apply([Entry(key=f"n{number}", title=f"Yangi kitob {number}")], [])
            assert reader.search(Query(match=parse(f"yangi {number}"))).total == 1
            assert reader.search(Query(match=parse("yangi"))).total == number + 1
        assert reader.search(Query()).total == len(ALL) + 6

    def test_an_index_can_be_emptied_and_filled_again(self, index):
        index.apply([], [entry.key for entry in ALL])
        assert index.search(Query(facets=tuple(Facet))).total == 0
        index.apply([KYRGYZ], [])
        assert self.found(index, "өнөр") == {"r4"}

    def test_what_a_rebuild_published_is_all_there_is(self, index):
        before = index.state()
        with index.rebuild() as rebuild:
            rebuild.add([RUSSIAN])
            rebuild.add(iter([KYRGYZ]))
            rebuild.publish()
        assert self.found(index, "*") == {"r3", "r4"}
        assert index.state().generation > before.generation
        assert index.state().committed_at >= before.committed_at

    def test_a_rebuild_left_without_publishing_changes_nothing(self, index, directory):
        with contextlib.suppress(RuntimeError), index.rebuild() as rebuild:
            rebuild.add([RUSSIAN])
            raise RuntimeError("half way")
        with index.rebuild():
            pass
        assert index.search(Query()).total == len(ALL)
        assert len([path for path in directory.iterdir() if path.is_dir()]) == 1

    def test_the_first_build_may_be_a_rebuild(self, directory):
        index = self.make(directory)
        with index.rebuild() as rebuild:
            rebuild.publish()
        assert index.search(Query()).total == 0
        assert index.state().entries == 0

    def test_a_second_writer_is_told_that_the_index_is_busy(self, index, directory):
        other = self.make(directory)
        with index.rebuild() as rebuild:
            with pytest.raises(IndexBusy):
                other.apply([HISTORY], [])
            with pytest.raises(IndexBusy), other.rebuild():
                pass
            rebuild.publish()
        other.apply([HISTORY], [])

    def test_entries_written_after_a_rebuild_are_found_beside_those_of_the_rebuild(self, index):
        with index.rebuild() as rebuild:
            rebuild.add([HISTORY])
            rebuild.publish()
        index.apply([KYRGYZ], [])
        assert self.found(index, "*") == {"r1", "r4"}

    def test_searching_goes_on_while_the_index_is_written_and_rebuilt(self, index, directory):
        stop = threading.Event()
        failures: list[object] = []
        reader = self.make(directory)

        def read() -> None:
            while not stop.is_set():
                try:
                    results = reader.search(Query(match=Words("tarix"), facets=(Facet.AUTHOR,)))
                    if results.total < 2 or len(results.hits) != results.total:
                        failures.append(results)
                except Exception as error:  # noqa: BLE001 - shown below
                    failures.append(error)

        threads = [threading.Thread(target=read) for _ in range(2)]
        for thread in threads:
            thread.start()
        for number in range(12):
            index.apply([Entry(key=f"n{number}", title="Tarix daftari")], [])
        with index.rebuild() as rebuild:
            rebuild.add(ALL)
            rebuild.publish()
        index.apply([UNDATED], [])
        stop.set()
        for thread in threads:
            thread.join()
        assert failures == []

    def test_another_version_of_the_schema_is_told_apart_and_a_rebuild_mends_it(self, index, directory):
        name = (directory / "CURRENT").read_text().strip()
        (directory / name).rename(directory / "gen-000007-s99999")
        (directory / "CURRENT").write_text("gen-000007-s99999\n")
        with pytest.raises(IndexOutdated):
            index.state()
        with pytest.raises(IndexOutdated):
            index.search(Query())
        with pytest.raises(IndexOutdated):
            index.apply([HISTORY], [])
        with index.rebuild() as rebuild:
            rebuild.add([HISTORY])
            rebuild.publish()
        assert index.state().generation == 8
        assert index.search(Query()).total == 1

    def test_who_reads_when_another_version_takes_over_goes_on_with_what_is_open(self, index, directory):
        assert index.search(Query()).total == len(ALL)
        before = index.state()
        own = (directory / "CURRENT").read_text().strip()
        (directory / "gen-000007-other1").mkdir()
        (directory / "CURRENT").write_text("gen-000007-other1\n")
        # As the other one's writer does a minute later.
        shutil.rmtree(directory / own)
        assert self.found(index, "тарих") == {"r1", "r2"}
        (hit,) = index.search(Query(match=Words("kutubxonalar"), facets=tuple(Facet))).hits
        assert hit.snippet is not None
        assert index.complete("тар", SearchField.SUBJECT)
        assert index.state() == before
        with pytest.raises(IndexOutdated):
            index.apply([HISTORY], [])
        with pytest.raises(IndexOutdated):
            self.make(directory).search(Query())

    @pytest.mark.parametrize("content", ["", "gen-1", "../../etc", "gen-000009-s1\n", "\x00\xff"])
    def test_a_damaged_pointer_is_no_empty_answer(self, index, directory, content):
        (directory / "CURRENT").write_text(content, encoding="latin-1")
        with pytest.raises(IndexUnavailable):
            index.search(Query())
        with pytest.raises(IndexUnavailable):
            self.make(directory).state()

    # The files that a library left open when it met the damage are closed with a warning.
    @pytest.mark.filterwarnings("ignore::ResourceWarning")
    @pytest.mark.parametrize("harm", ["delete", "empty", "garbage", "cut"])
    def test_no_damaged_file_makes_an_empty_answer(self, directory, harm):
        """Each file of the index in turn is harmed; the answer is right or there is none."""
        self.make(directory).apply(ALL, [])
        generation = directory / (directory / "CURRENT").read_text().strip()
        for file in sorted(path for path in generation.rglob("*") if path.is_file() and path.stat().st_size):
            content = file.read_bytes()
            if harm == "delete":
                file.unlink()
            else:
                file.write_bytes(
                    {"empty": b"", "garbage": b"\x93garbage" * 40, "cut": content[: len(content) // 2]}[harm]
                )
            try:
                results = self.make(directory).search(
                    Query(match=parse('"oʻzbekiston tarixi" OR kutubxonalar'), facets=(Facet.AUTHOR,))
                )
                assert results.total == 2, f"{file.name} {harm}: {results.total} found"
            except IndexUnavailable:
                pass
            gc.collect()
            file.write_bytes(content)
        assert self.make(directory).search(Query()).total == len(ALL)
