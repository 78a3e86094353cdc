"""The search engine is a setting: either serves all there is, and the change from one to the other costs a rebuild."""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from indexer.model import Facet, Query
from indexer.parsing import parse
from indexer.search_index import IndexOutdated, SearchIndex
from indexer.tantivy.engine import TantivyEngine
from indexer.whoosh.engine import WhooshEngine
from library.container import Container, now, open_index
from library.db.outbox import Topic
from library.domain.errors import InvalidSettings, SearchUnavailable
from library.services.indexing import Indexing
from library.services.search import Search, SearchRequest
from library.services.worker import Worker
from library.settings import SEARCH_ENGINES, Settings
from tests.builders import LONG_AGO, add_records

ENGINES: dict[str, type[WhooshEngine | TantivyEngine]] = {"whoosh": WhooshEngine, "tantivy": TantivyEngine}


@pytest.fixture(params=SEARCH_ENGINES)
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    return Settings(data_dir=tmp_path / "data", search_engine=request.param)


def _other(settings: Settings) -> Settings:
    (other,) = set(SEARCH_ENGINES) - {settings.search_engine}
    return Settings(data_dir=settings.data_dir, search_engine=other)


def never(_seconds: float) -> bool:
    return False


def _drain(container: Container) -> None:
    while container.worker.step(never):
        pass


def _saved(container: Container, title: str) -> int:
    (number,) = add_records(container.database, title)
    with container.database.writing() as tx:
        tx.outbox.add(Topic.INDEX_RECORD, [number], LONG_AGO)
        tx.commit()
    return number


def _found(index: SearchIndex, words: str) -> int:
    return index.search(Query(match=parse(words))).total


def test_either_engine_is_built_by_the_worker_and_answers_all_services(container: Container) -> None:
    add_records(container.database, "Algebra asoslari", "Botanika")
    _drain(container)
    outcome = container.search.run(SearchRequest(words="алгебра"))
    assert [record.description.title for record in outcome.records] == ["Algebra asoslari"]
    assert [(value.value, value.count) for value in outcome.facets[Facet.LANGUAGE]] == [("uzb", 1)]
    of_collection = SearchRequest(filters={Facet.COLLECTION: frozenset({"Oʻquv fondi"})})
    assert [(value.value, value.count) for value in outcome.facets[Facet.COLLECTION]] == [("Oʻquv fondi", 1)]
    assert container.search.run(of_collection).total == 2
    assert [completion.text for completion in container.suggestions.run("бота")] == ["Botanika"]
    assert container.search.run(SearchRequest(words="botanka")).suggestion == "botanika"
    number = _saved(container, "Zoologiya")
    _drain(container)
    assert [record.id for record in container.search.run(SearchRequest(words="zoologiya")).records] == [number]
    state = container.health.state()
    assert state.ready
    assert state.index is not None
    assert state.index.schema_version == ENGINES[container.settings.search_engine].schema_version


def test_a_change_of_engine_makes_the_worker_rebuild_and_back_again(container: Container) -> None:
    _saved(container, "Algebra")
    _drain(container)
    with closing(Container(_other(container.settings))) as with_other:
        with pytest.raises(SearchUnavailable):
            with_other.search.run(SearchRequest(words="algebra"))
        _drain(with_other)
        _saved(with_other, "Botanika")
        _drain(with_other)
        assert (_found(with_other.index, "algebra"), _found(with_other.index, "botanika")) == (1, 1)
    # Its own files are still there, but they lack what was written since: they are not taken up again.
    back = open_index(container.settings)
    with pytest.raises(IndexOutdated):
        back.search(Query())
    with closing(Container(container.settings)) as again:
        _drain(again)
        assert _found(back, "botanika") == 1


def test_an_index_of_a_former_release_answers_its_readers_while_the_worker_builds_the_new_one(
    container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_records(container.database, "Algebra", "Botanika")
    engine = ENGINES[container.settings.search_engine]
    with monkeypatch.context() as former_release:
        former_release.setattr(engine, "schema_version", engine.schema_version - 1)
        former_index = open_index(container.settings)
    Indexing(container.database, former_index, container.full_texts).rebuild()
    former_readers = Search(container.database, former_index, container.full_texts)
    assert former_readers.run(SearchRequest(words="algebra")).total == 1

    assert not container.indexing.is_usable()
    during: list[int] = []

    def wait(_seconds: float) -> bool:
        during.append(former_readers.run(SearchRequest(words="algebra")).total)
        return False

    assert container.worker.step(wait)
    assert during
    assert set(during) == {1}
    assert container.index.state().schema_version == engine.schema_version
    assert container.search.run(SearchRequest(words="botanika")).total == 1
    # A portal that was not started anew yet goes on with what it has open.
    _saved(container, "Zoologiya")
    _drain(container)
    assert former_readers.run(SearchRequest(words="botanika")).total == 1
    assert container.search.run(SearchRequest(words="zoologiya")).total == 1


# The files that a library left open when it met the damage are closed with a warning.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_rebuild_whose_files_are_taken_away_is_told_and_begun_again(
    container: Container, caplog: pytest.LogCaptureFixture
) -> None:
    add_records(container.database, "Algebra")
    taken: list[Path] = []

    def wait(_seconds: float) -> bool:
        for generation in container.settings.index_dir.glob("gen-*"):
            if not taken:
                shutil.rmtree(generation)
                taken.append(generation)
        return container.indexing.is_usable()

    Worker(container.database, container.indexing, now).run(wait)
    assert taken
    assert "trying again" in caplog.text
    assert _found(container.index, "algebra") == 1
    gc.collect()


def test_without_its_package_the_engine_is_refused_with_the_remedy(tmp_path: Path) -> None:
    """The package is hidden from a process of its own, as if it had never been installed."""
    program = "import sys; sys.modules['tantivy'] = None; from library.cli import main; main()"
    environment = {"LIBRARY_DATA_DIR": str(tmp_path), "LIBRARY_SEARCH_ENGINE": "tantivy"}
    done = subprocess.run(
        [sys.executable, "-c", program, "worker"],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "LIBRARY_SEARCH_ENGINE" in done.stderr
    assert "pip install tantivy" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_engine_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidSettings, match="LIBRARY_SEARCH_ENGINE: choose one of whoosh, tantivy"):
        Settings.from_environment({"LIBRARY_SEARCH_ENGINE": "lucene"})
