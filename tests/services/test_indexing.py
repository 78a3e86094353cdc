"""The index follows the catalogue, and comes back whatever happens to it."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest

from indexer.model import Query
from indexer.parsing import parse
from library.container import Container, now
from library.db.outbox import Topic
from library.domain.errors import SearchUnavailable
from library.domain.marc import Dialect
from library.services.progress import Step
from library.services.search import SearchRequest
from library.services.worker import Worker
from tests.builders import LONG_AGO, a_marc21_record, add_records, an_irbis_record
from tests.staff import NODIRA, published, revised, withdrawn


def never(_seconds: float) -> bool:
    return False


def _titles(container: Container, words: str) -> list[str]:
    return sorted(record.description.title for record in container.search.run(SearchRequest(words=words)).records)


def _waiting(container: Container) -> int:
    with container.database.reading() as view:
        return view.outbox.waiting()[0]


def _drain(container: Container) -> None:
    while container.worker.step(never):
        pass


def _published(container: Container, title: str) -> int:
    return published(container.cataloguing, Dialect.MARC21, a_marc21_record(title=title))


def test_the_index_follows_each_change(container: Container) -> None:
    number = _published(container, "Algebra")
    _drain(container)
    assert _titles(container, "algebra") == ["Algebra"]
    revised(container.cataloguing, number, a_marc21_record(title="Geometriya"))
    _drain(container)
    assert (_titles(container, "algebra"), _titles(container, "geometriya")) == ([], ["Geometriya"])
    withdrawn(container.cataloguing, number, "lost")
    _drain(container)
    assert container.index.state().entries == 0
    assert _waiting(container) == 0
    assert not container.worker.step(never)


def test_a_draft_is_not_found(container: Container) -> None:
    container.cataloguing.create(Dialect.MARC21, a_marc21_record(title="Algebra"), actor=NODIRA)
    _drain(container)
    assert _titles(container, "algebra") == []


def test_a_withdrawn_record_is_missing_at_once_however_old_the_index_is(container: Container) -> None:
    _published(container, "Algebra")
    second = _published(container, "Algebra 2")
    _drain(container)
    withdrawn(container.cataloguing, second, "lost")
    outcome = container.search.run(SearchRequest(words="algebra"))
    assert [record.id for record in outcome.records] == [1]


@pytest.mark.parametrize("damage", ["deleted", "garbage"])
def test_a_broken_index_says_so_and_is_built_anew_by_the_worker(container: Container, damage: str) -> None:
    _published(container, "Algebra")
    _drain(container)
    directory: Path = container.settings.index_dir
    if damage == "deleted":
        shutil.rmtree(directory)
    else:
        for file in directory.rglob("*"):
            if file.is_file():
                file.write_bytes(b"garbage")
    with pytest.raises(SearchUnavailable):
        container.search.run(SearchRequest(words="algebra"))
    assert [record.description.title for record in container.catalogue.browse().records] == ["Algebra"]
    assert not container.indexing.is_usable()
    _drain(container)
    assert _titles(container, "algebra") == ["Algebra"]


def test_a_task_done_twice_or_late_gives_the_same(container: Container) -> None:
    number = _published(container, "Algebra")
    _drain(container)
    for _ in range(2):
        with container.database.writing() as tx:
            tx.outbox.add(Topic.INDEX_RECORD, [number, number, 99], LONG_AGO)
            tx.commit()
        _drain(container)
    assert container.index.state().entries == 1


def test_what_changes_during_a_rebuild_is_indexed_after_it(container: Container) -> None:
    add_records(container.database, "Algebra", "Botanika")
    changed: list[int] = []

    def change_meanwhile(step: Step) -> None:
        if step.done and not changed:
            changed.append(_published(container, "Zoologiya"))

    container.indexing.rebuild(change_meanwhile)
    assert _waiting(container) == 2
    _drain(container)
    assert _titles(container, "zoologiya") == ["Zoologiya"]
    assert container.index.state().entries == 3


def test_a_rebuild_that_fails_leaves_the_former_index(container: Container) -> None:
    _published(container, "Algebra")
    _drain(container)
    generation = container.index.state().generation

    def fail(step: Step) -> None:
        if step.done:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        container.indexing.rebuild(fail)
    assert container.index.state().generation == generation
    assert _titles(container, "algebra") == ["Algebra"]


def test_a_large_backlog_becomes_one_rebuild(container: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    container.indexing.rebuild()
    generation = container.index.state().generation
    monkeypatch.setattr("library.services.worker.BATCH", 10)
    monkeypatch.setattr("library.services.worker.LARGE_BACKLOG", 20)
    numbers = add_records(container.database, *(f"Kitob {number}" for number in range(30)))
    with container.database.writing() as tx:
        tx.outbox.add(Topic.INDEX_RECORD, numbers, LONG_AGO)
        tx.commit()
    assert container.worker.step(never)
    assert (_waiting(container), container.index.state().entries) == (0, 30)
    assert container.index.state().generation > generation


def test_a_rebuild_that_was_asked_for_is_done_and_reported(container: Container) -> None:
    add_records(container.database, "Algebra")
    with container.database.writing() as tx:
        build_id = tx.index_builds.ask(LONG_AGO)
        tx.commit()
    _drain(container)
    with container.database.reading() as view:
        build = view.index_builds.get(build_id)
        assert view.index_builds.wanted() == []
    assert (build.started, build.finished, build.problem, build.total) == (True, True, "", 1)


def test_a_new_record_is_found_within_two_seconds_and_the_worker_ends_when_told(container: Container) -> None:
    stop = threading.Event()
    worker = threading.Thread(target=container.worker.run, args=(stop.wait,))
    worker.start()
    try:
        while not container.indexing.is_usable():
            time.sleep(0.05)
        _published(container, "Algebra")
        saved = time.monotonic()
        while not _titles(container, "algebra"):
            assert time.monotonic() - saved < 20
            time.sleep(0.02)
    finally:
        stop.set()
        worker.join(10)
    assert not worker.is_alive()


def test_a_worker_that_is_told_to_end_gives_up_a_rebuild(container: Container) -> None:
    add_records(container.database, "Algebra")
    with container.database.writing() as tx:
        tx.index_builds.ask(LONG_AGO)
        tx.commit()
    asked: list[float] = []

    def wait(seconds: float) -> bool:
        asked.append(seconds)
        return len(asked) > 2

    Worker(container.database, container.indexing, now).run(wait)
    assert not container.indexing.is_usable()
    # Who asked is answered by the next worker.
    _drain(container)
    assert _titles(container, "algebra") == ["Algebra"]
    with container.database.reading() as view:
        assert view.index_builds.wanted() == []


def test_a_worker_waits_while_another_process_writes_the_index(
    container: Container, caplog: pytest.LogCaptureFixture
) -> None:
    pauses: list[float] = []

    def wait(seconds: float) -> bool:
        pauses.append(seconds)
        return max(pauses) >= 1

    _published(container, "Algebra")
    with container.index.rebuild():
        Worker(container.database, container.indexing, now).run(wait)
    assert "trying again" in caplog.text
    assert _waiting(container) == 2
    _drain(container)
    assert _titles(container, "algebra") == ["Algebra"]


def test_a_record_is_found_by_all_that_it_says(container: Container) -> None:
    number = published(container.cataloguing, Dialect.IRBIS, an_irbis_record())
    _drain(container)
    for words in ("алгебра жана", "author:Асанов", "К-1042", "Илим", "subject:алгебра"):
        assert [hit.key for hit in container.index.search(Query(match=parse(words))).hits] == [str(number)], words


def test_health_tells_what_waits_and_since_when(container: Container) -> None:
    state = container.health.state()
    assert (state.database, state.index, state.waiting, state.worker_alive) == ("current", None, 0, False)
    assert not state.ready
    container.indexing.rebuild()
    with container.database.writing() as tx:
        tx.outbox.add(Topic.INDEX_RECORD, [1, 2], LONG_AGO)
        tx.commit()
    state = container.health.state()
    assert state.ready
    assert state.waiting == 2
    assert state.oldest_seconds > 3600
