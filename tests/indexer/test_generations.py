"""Generations: built beside, made current by one pointer, the former swept a little later."""

import pytest

from indexer.generations import GRACE_SECONDS, Generations
from indexer.search_index import IndexBusy, IndexOutdated, IndexUnavailable


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "index"


def publish(generations: Generations) -> str:
    generation = generations.begin()
    (generation.path / "file").write_text("words")
    generations.publish(generation)
    return generation.path.name


def names(directory) -> set[str]:
    return {path.name for path in directory.iterdir() if path.is_dir()}


def test_a_generation_is_current_when_it_is_published_and_not_before(directory):
    generations = Generations(directory, "swift", 7)
    begun = generations.begin()
    with pytest.raises(IndexUnavailable):
        generations.current()
    generations.publish(begun)
    assert generations.current() == begun
    assert begun.path.name == "gen-000001-swift7"
    assert not list(directory.glob("*.part"))


def test_numbers_only_rise_even_after_a_discarded_one(directory):
    generations = Generations(directory, "swift", 7)
    publish(generations)
    generations.discard(generations.begin())
    begun = generations.begin()
    assert begun.number == 2
    generations.publish(begun)
    assert publish(generations) == "gen-000003-swift7"


def test_the_former_stays_for_a_minute_and_leftovers_of_killed_builds_go_with_it(directory):
    generations = Generations(directory, "swift", 7)
    former = publish(generations)
    current = publish(generations)
    generations.begin()
    published = (directory / "CURRENT").stat().st_mtime
    generations.sweep(now=published + GRACE_SECONDS - 1)
    assert former in names(directory)
    generations.sweep(now=published + GRACE_SECONDS + 1)
    assert names(directory) == {current}


def test_engines_share_their_numbers_so_that_none_takes_up_again_what_it_left(directory):
    swift, slow = Generations(directory, "swift", 7), Generations(directory, "slow", 7)
    publish(swift)
    assert publish(slow) == "gen-000002-slow7"
    with pytest.raises(IndexOutdated):
        swift.current()
    published = (directory / "CURRENT").stat().st_mtime
    slow.sweep(now=published + GRACE_SECONDS + 1)
    assert names(directory) == {"gen-000002-slow7"}


def test_nothing_is_swept_before_there_is_a_current_one(directory):
    generations = Generations(directory, "swift", 7)
    begun = generations.begin()
    generations.sweep(now=10**12)
    assert names(directory) == {begun.path.name}


def test_another_schema_or_engine_is_told_apart_from_damage(directory):
    publish(Generations(directory, "swift", 7))
    with pytest.raises(IndexOutdated):
        Generations(directory, "swift", 8).current()
    with pytest.raises(IndexOutdated):
        Generations(directory, "slow", 7).current()
    (directory / "CURRENT").write_text("gen-1")
    with pytest.raises(IndexUnavailable) as damage:
        Generations(directory, "swift", 7).current()
    assert not isinstance(damage.value, IndexOutdated)


def test_one_writer_at_a_time_and_the_lock_goes_with_the_block(directory):
    first, second = Generations(directory, "swift", 7), Generations(directory, "swift", 7)
    with first.writing(), pytest.raises(IndexBusy), second.writing():
        pass
    with second.writing():
        pass


def test_a_pointer_that_cannot_be_read_is_no_empty_index(directory):
    generations = Generations(directory, "swift", 7)
    publish(generations)
    (directory / "CURRENT").unlink()
    (directory / "CURRENT").mkdir()
    with pytest.raises(IndexUnavailable):
        generations.current()
