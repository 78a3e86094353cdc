"""What can't be read is narrowed down, left as a hole or put aside, and the rest comes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from harvest.intake.asking import Patience
from harvest.intake.checkpoint import Checkpoint, Counts, Ending, Standing
from harvest.intake.faults import Refused
from harvest.intake.run import harvest
from harvest.intake.windows import Window
from harvest.model import Granularity
from tests.harvest.hostile_server import Behaviour, answer
from tests.harvest.oai_partner import (
    DAWN,
    NOW,
    Arguments,
    Repository,
    Shelf,
    Time,
    Work,
    busy,
    cut,
    serving,
    works,
)
from tests.harvest.one_harvest import QUIET, complete, run, whenever


def around(moment: datetime, granularity: Granularity) -> Callable[[Arguments], bool]:
    """Whether a request asks for a window with this moment in it."""
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")[: 10 if granularity is Granularity.DAY else None]
    return lambda arguments: arguments.get("from", "0") <= stamp <= arguments.get("until", "9")


@pytest.mark.parametrize("granularity", Granularity)
@pytest.mark.parametrize("fault", [cut, lambda _: busy(status="500 Oops")])
def test_one_record_that_breaks_its_page_costs_a_second_or_a_day_until_it_is_mended(granularity, fault) -> None:
    bad = Work(1000, DAWN + timedelta(days=3, minutes=30))
    repository, shelf = Repository([*works(300), bad], granularity=granularity), Shelf()
    repository.fault = whenever(around(bad.changed, granularity), fault)
    outcome = run(shelf, repository)
    assert outcome.ending is Ending.COMPLETE
    day = granularity is Granularity.DAY
    start = bad.changed.replace(hour=0, minute=0) if day else bad.changed
    assert outcome.holes == (Window(start, start),)
    assert outcome.error is not None
    lost = {work.identifier for work in repository.works} - set(shelf.records)
    assert lost == {work.identifier for work in repository.works if (not day and work is bad) or (day and
                    work.changed.date() == start.date())}  # fmt: skip
    # Still broken, then mended.
    assert run(shelf, repository).holes == (Window(start, start),)
    repository.fault = lambda *_: None
    complete(shelf, repository, run(shelf, repository))


@pytest.mark.parametrize("granularity", Granularity)
def test_a_place_that_stays_unreadable_is_one_hole_however_often_it_is_met(granularity: Granularity) -> None:
    bad = Work(1000, NOW - timedelta(minutes=30))
    repository, shelf = Repository([*works(50), bad], granularity=granularity), Shelf()
    repository.fault = whenever(around(bad.changed, granularity), cut)
    for _ in range(3):
        outcome = run(shelf, repository)
        assert outcome.ending is Ending.COMPLETE
        assert len(outcome.holes) == 1


def test_holes_of_a_run_that_was_interrupted_do_not_stop_the_next_at_the_next_bad_place() -> None:
    some = [replace(work, changed=DAWN + timedelta(seconds=work.number)) for work in works(100)]
    bad = {some[place].changed.strftime("%Y-%m-%dT%H:%M:%SZ") for place in (10, 20, 30, 40)}
    repository, shelf = Repository(some), Shelf()
    repository.fault = whenever(
        lambda a: any(a.get("from", "0") <= stamp <= a.get("until", "9") for stamp in bad), lambda _: answer(b"<html/>")
    )
    endings: list[Ending] = []
    with serving(repository) as (partner, transport):
        clock, patience = Time(), Patience(pause=0, attempts=1, pages=40)
        while not endings or endings[-1] is Ending.INTERRUPTED:
            outcome = harvest(partner, shelf, transport, clock=clock, sleep=clock.sleep, patience=patience)
            endings.append(outcome.ending)
    assert endings == [Ending.INTERRUPTED] * (len(endings) - 1) + [Ending.COMPLETE]
    assert len(endings) > 2
    assert [window.from_ for window in outcome.holes] == [some[place].changed for place in (10, 20, 30, 40)]
    assert len(shelf.records) == 96


def test_a_run_that_goes_on_with_holes_behind_it_may_leave_one_more() -> None:
    repository, shelf = Repository(works(50)), Shelf()
    bad = [work.changed for work in repository.works[:3]]
    repository.fault = whenever(lambda a: any(around(each, Granularity.SECOND)(a) for each in bad), cut)
    with serving(repository) as (partner, transport):
        shelf.known = Standing(
            checkpoint=Checkpoint(
                request=f"ListRecords {partner.address} oai_dc ",
                started=NOW,
                windows=(Window(bad[2], bad[2]), Window(bad[2] + timedelta(seconds=1))),
                holes=(Window(bad[0], bad[0]), Window(bad[1], bad[1])),
                counts=Counts(pages=9, records=9),
            )
        )
        clock = Time()
        outcome = harvest(partner, shelf, transport, clock=clock, sleep=clock.sleep, patience=QUIET)
    assert outcome.ending is Ending.COMPLETE
    assert [window.from_ for window in outcome.holes] == bad
    assert len(shelf.records) == 47


def test_a_partner_that_dies_in_the_middle_is_not_halved_to_pieces() -> None:
    def dead(number: int, *_: object) -> Behaviour | None:
        return busy(status="502 Bad Gateway") if number > 3 else None

    repository, shelf = Repository(works(250), fault=dead), Shelf()
    with serving(repository) as (partner, transport):
        clock = Time()
        outcome = harvest(partner, shelf, transport, clock=clock, sleep=clock.sleep, patience=QUIET)
        assert outcome.ending is Ending.FAILED
        assert len(repository.asked) == 3 + 10
        repository.fault = lambda *_: None
        before = len(repository.asked)
        outcome = harvest(partner, shelf, transport, clock=clock, sleep=clock.sleep, patience=QUIET)
    complete(shelf, repository, outcome)
    assert repository.asked[before + 1]["resumptionToken"] == "|||80", "goes on where it stopped"


def test_many_unreadable_places_are_a_failure_and_not_as_many_holes() -> None:
    some = [replace(work, changed=DAWN + timedelta(seconds=work.number)) for work in works(100)]
    odd = {work.changed.strftime("%Y-%m-%dT%H:%M:%SZ") for work in some if work.number % 2}

    def fault(_: int, arguments: Arguments, __: bytes) -> Behaviour | None:
        first, last = arguments.get("from", "0"), arguments.get("until", "9")
        if arguments["verb"] == "ListRecords" and any(first <= stamp <= last for stamp in odd):
            return answer(b"<html/>")
        return None

    outcome = run(Shelf(), Repository(some, fault=fault), patience=Patience(pause=0, attempts=1))
    assert outcome.ending is Ending.FAILED
    assert outcome.checkpoint is not None
    assert len(outcome.checkpoint.holes) == 20


def test_bad_records_are_put_aside_and_the_harvest_goes_on() -> None:
    some = [replace(work, inside=b"<b>" if work.number % 10 == 0 else b"") for work in works(100)]
    shelf = Shelf()
    outcome = run(shelf, Repository(some))
    assert outcome.ending is Ending.COMPLETE
    assert (outcome.counts.records, outcome.counts.rejected, outcome.counts.missing) == (90, 10, 0)
    assert all(b"<b>" in rejected.raw and str(rejected.reason) for rejected in shelf.rejected.values())


def test_an_error_of_the_partners_own_making_is_told_in_its_words() -> None:
    own = Repository([]).envelope(Repository([]).error("tooManyRequests", "Come back at night"))
    outcome = run(Shelf(), Repository(works(3), fault=whenever(lambda _: True, lambda _: answer(own))))
    assert isinstance(outcome.error, Refused)
    assert "Come back at night" in str(outcome.error)
