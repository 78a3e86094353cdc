"""A run that was stopped goes on where it stopped; what it needs for that survives being written."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.intake.asking import Patience
from harvest.intake.checkpoint import Checkpoint, Counts, Ending, Standing
from harvest.intake.windows import Window, since
from harvest.model import Granularity
from tests.harvest.oai_partner import (
    DAWN,
    NOW,
    Repository,
    Shelf,
    Time,
    serving,
    works,
)
from tests.harvest.one_harvest import go, run


def test_a_run_goes_on_where_a_killed_one_stopped() -> None:
    repository = Repository(works(250))

    class Killed(Exception):
        pass

    class Mortal(Shelf):
        def take(self, page, checkpoint) -> None:
            if self.takes == 3:
                raise Killed
            super().take(page, checkpoint)

    mortal = Mortal()
    with serving(repository) as (partner, transport):
        with pytest.raises(Killed):
            go(mortal, partner, transport)
        assert len(mortal.records) == 120
        checkpoint = mortal.known.checkpoint
        assert checkpoint is not None
        shelf = Shelf(records=mortal.records, known=Standing(checkpoint=Checkpoint.loaded(checkpoint.dumped())))
        before = len(repository.asked)
        outcome = go(shelf, partner, transport, time=Time(NOW + timedelta(hours=5)))
    assert [asked["verb"] for asked in repository.asked[before:]] == ["Identify"] + ["ListRecords"] * 4
    assert repository.asked[before + 1]["resumptionToken"] == "|||120"
    assert set(shelf.records) == {work.identifier for work in repository.works}
    assert (outcome.ending, outcome.counts.records, outcome.since) == (Ending.COMPLETE, 250, NOW)


def test_a_checkpoint_of_another_request_is_not_gone_on_with() -> None:
    repository, shelf = Repository(works(50)), Shelf()
    window = (Window(),)
    shelf.known = Standing(
        checkpoint=Checkpoint(request="ListRecords elsewhere", started=DAWN, windows=window, token="x")
    )
    outcome = run(shelf, repository)
    assert (outcome.ending, outcome.since) == (Ending.COMPLETE, NOW)
    assert all(asked.get("resumptionToken") != "x" for asked in repository.asked)


def test_limits_stop_a_run_and_the_next_goes_on() -> None:
    repository, shelf = Repository(works(250)), Shelf()
    ends = []
    with serving(repository) as (partner, transport):
        for patience in (
            Patience(pause=0, pages=3),
            Patience(pause=0, octets=15_000),
            Patience(pause=7, duration=12),
            Patience(pause=0),
        ):
            outcome = go(shelf, partner, transport, patience=patience)
            ends.append((outcome.ending, len(shelf.records)))
            assert outcome.error is None or "goes on from there" in str(outcome.error)
    assert ends == [
        (Ending.INTERRUPTED, 80),
        (Ending.INTERRUPTED, 120),
        (Ending.INTERRUPTED, 160),
        (Ending.COMPLETE, 250),
    ]
    assert outcome.counts.records == 250


def test_between_two_requests_there_is_a_pause() -> None:
    time = Time()
    run(Shelf(), Repository(works(100)), time=time, patience=Patience(pause=0.25))
    assert time.slept == [0.25] * 3


MOMENTS = st.integers(1, 3_600_000 * 24 * 3600).map(
    lambda seconds: datetime(1, 1, 2, tzinfo=UTC) + timedelta(seconds=seconds)
)
SPANS = st.lists(st.tuples(st.none() | MOMENTS, st.none() | MOMENTS))


@settings(max_examples=100, deadline=None)
@given(st.none() | MOMENTS, st.none() | MOMENTS, MOMENTS, MOMENTS, st.sampled_from(Granularity))
def test_halves_are_the_whole_without_gap_or_overlap(first, last, earliest, now, granularity) -> None:
    window = Window(first, last)
    halves = window.halves(granularity, earliest, now)
    low, high = first or earliest, last or now
    if halves is None:
        apart = timedelta(days=1) if granularity is Granularity.DAY else timedelta(seconds=1)
        assert high - low < 2 * apart
        return
    left, right = halves
    assert (left.from_, right.until) == (first, last)
    assert left.until is not None
    assert right.from_ is not None
    step = right.from_ - left.until
    assert step == (timedelta(days=1) if granularity is Granularity.DAY else timedelta(seconds=1))
    assert low <= right.from_
    assert left.until <= high


@given(MOMENTS, st.sampled_from(Granularity))
def test_a_window_since_a_moment_begins_before_it(moment: datetime, granularity: Granularity) -> None:
    window = since(moment, granularity)
    assert window.from_ is not None
    assert window.from_ <= moment
    assert window.until is None


@settings(max_examples=50, deadline=None)
@given(
    MOMENTS, st.lists(st.tuples(st.none() | MOMENTS, st.none() | MOMENTS)), st.text(), st.integers(0), st.integers(0)
)
def test_a_checkpoint_survives_being_written(started, windows, token, received, octets) -> None:
    some = tuple(Window(*pair) for pair in windows)
    checkpoint = Checkpoint(request="r", started=started, windows=some, token=token, received=received, announced=None,
                            holes=some[:2], counts=Counts(octets=octets))  # fmt: skip
    assert Checkpoint.loaded(checkpoint.dumped()) == checkpoint
