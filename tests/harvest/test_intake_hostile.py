"""Harvests of partners that fail, lie, stall and go round in circles: every record comes, or the run says it failed."""

import gzip
import time
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.errors import Busy, NotWellFormed, TooLarge, TooSlow, UnexpectedAnswer, UnexpectedStatus
from harvest.intake.asking import Patience
from harvest.intake.checkpoint import Ending
from harvest.intake.faults import LimitReached, NoOaiPmh
from harvest.intake.run import harvest
from harvest.retry_after import LONGEST_WAIT
from harvest.transport import Limits
from tests.harvest.hostile_server import Behaviour, HostileServer, Visit, answer, raw
from tests.harvest.oai_partner import (
    NOW,
    Arguments,
    Fault,
    Repository,
    Shelf,
    Time,
    busy,
    cut,
    partner_at,
    serving,
    torn,
    transport_to,
    works,
)
from tests.harvest.one_harvest import QUIET, complete, dirty, run, whenever


def on_schedule(busy_with: Behaviour, cutting: Callable[[bytes], Behaviour]) -> Fault:
    """Each 5th request busy, each 13th an error, each 7th cut off, each 11th with a forbidden character."""

    def fault(number: int, _: Arguments, body: bytes) -> Behaviour | None:
        if number % 5 == 0:
            return busy_with
        if number % 13 == 0:
            return busy(status="500 Internal Server Error")
        if number % 7 == 0:
            return cutting(body)
        return dirty(body) if number % 11 == 0 else None

    return fault


@pytest.mark.parametrize("cutting", [cut, torn])
@pytest.mark.parametrize("wait", ["Retry-After: 1", f"Retry-After: {format_datetime(NOW + timedelta(seconds=1))}"])
@pytest.mark.parametrize("batch", [3, 10, 40])
def test_every_record_comes_through_all_faults_at_once(cutting, wait: str, batch: int) -> None:
    repository, shelf = Repository(works(250), batch=batch, fault=on_schedule(busy(wait), cutting)), Shelf()
    outcome = run(shelf, repository)
    complete(shelf, repository, outcome)
    honest = Shelf()
    run(honest, Repository(works(250)))
    assert shelf.records == honest.records
    assert outcome.counts.repeats > 0
    assert outcome.counts.waits > 0
    assert (outcome.counts.records, outcome.counts.rejected) == (250, 0)
    assert batch == 40 or shelf.mended


NOW_AND_THEN: dict[str, Callable[[bytes], Behaviour]] = {
    "well": answer,
    "cut": cut,
    "torn": torn,
    "dirty": dirty,
    "busy": lambda _: busy("Retry-After: 1"),
    "too many": lambda _: busy(status="429 Too Many Requests"),
    "bad gateway": lambda _: busy(status="502 Bad Gateway"),
    "web page": lambda _: answer(b"<html>oops</html>"),
    "nothing": lambda _: answer(b""),
    "only a head": lambda _: raw(b"HTTP/1.1 200 OK\r\n"),
    "garbage": lambda _: raw(b"garbage\r\n\r\n"),
}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(sorted(NOW_AND_THEN)), max_size=40))
def test_whatever_fails_now_and_then_every_record_comes(schedule: list[str]) -> None:
    # Never more failures in a row than anybody bears.
    for number in range(4, len(schedule), 5):
        schedule[number] = "well"
    faults = dict(enumerate(schedule, 1))
    repository, shelf = Repository(works(30), batch=7), Shelf()
    repository.fault = lambda number, _, body: NOW_AND_THEN[faults.get(number, "well")](body)
    complete(shelf, repository, run(shelf, repository))


@pytest.mark.parametrize(
    ("header", "waited"),
    [
        ("Retry-After: 7", 7),
        ("Retry-After: 0", 1),
        ("Retry-After: 999999", LONGEST_WAIT),
        (f"Retry-After: {format_datetime(NOW + timedelta(seconds=90))}", 90),
        (f"Retry-After: {format_datetime(NOW - timedelta(days=1))}", 1),
        ("Retry-After: -5", 1),
        ("Retry-After: soon", 1),
        ("X-Nothing: 1", 1),
    ],
)
@pytest.mark.parametrize("status", ["503 Service Unavailable", "429 Too Many Requests"])
def test_a_partner_that_asks_to_wait_is_obeyed_within_reason(header: str, waited: int, status: str) -> None:
    clock, shelf = Time(), Shelf()
    repository = Repository(works(3), fault=lambda number, *_: busy(header, status=status) if number == 2 else None)
    complete(shelf, repository, run(shelf, repository, time=clock))
    assert clock.slept == [waited]


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30))
def test_whatever_retry_after_says_the_wait_is_bounded_and_never_none(header: str) -> None:
    clock, shelf = Time(), Shelf()
    repository = Repository(works(1), fault=lambda n, *_: busy(f"Retry-After: {header}") if n == 1 else None)
    complete(shelf, repository, run(shelf, repository, time=clock))
    assert len(clock.slept) == 1
    assert 1 <= clock.slept[0] <= LONGEST_WAIT


def test_a_partner_that_is_always_busy_is_left_in_peace_until_next_time() -> None:
    clock, shelf = Time(), Shelf()
    repository = Repository(
        works(90), fault=whenever(lambda a: "resumptionToken" in a, lambda _: busy("Retry-After: 0"))
    )
    with serving(repository) as (partner, transport):
        outcome = harvest(partner, shelf, transport, clock=clock, sleep=clock.sleep, patience=QUIET)
        assert (outcome.ending, len(shelf.records)) == (Ending.INTERRUPTED, 40)
        assert isinstance(outcome.error, Busy)
        assert len(repository.asked) == 2 + QUIET.waits
        repository.fault = lambda *_: None
        outcome = harvest(partner, shelf, transport, clock=clock, sleep=clock.sleep, patience=QUIET)
    complete(shelf, repository, outcome)
    assert outcome.counts.records == 90


def test_no_wait_goes_beyond_the_end_of_the_run() -> None:
    clock = Time()
    repository = Repository(works(9), fault=lambda *_: busy("Retry-After: 600"))
    outcome = run(Shelf(), repository, time=clock, patience=Patience(duration=1500))
    assert (outcome.ending, clock.slept) == (Ending.INTERRUPTED, [600, 600])
    assert isinstance(outcome.error, LimitReached)


def test_one_that_always_fails_is_asked_a_few_times_with_growing_waits() -> None:
    clock = Time()
    repository = Repository(works(9), fault=lambda *_: busy(status="500 Oops"))
    outcome = run(Shelf(), repository, time=clock)
    assert outcome.ending is Ending.FAILED
    assert isinstance(outcome.error, UnexpectedStatus)
    assert clock.slept == [1, 2, 4, 8]
    assert len(repository.asked) == 5


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone"])
def test_one_that_refuses_is_asked_once(status: str) -> None:
    repository = Repository(works(9), fault=lambda *_: busy(status=status))
    assert run(Shelf(), repository).ending is Ending.FAILED
    assert len(repository.asked) == 1


NEVER_LISTS = {
    "cut": (cut, NotWellFormed),
    "torn": (torn, Exception),
    "web page": (lambda _: answer(b"<html>busy</html>", "Content-Type: text/html"), NoOaiPmh),
    "doctype": (lambda body: answer(body.replace(b"<OAI", b"<!DOCTYPE OAI-PMH><OAI", 1)), UnexpectedAnswer),
    "nothing": (lambda _: answer(b""), NotWellFormed),
    "error 500": (lambda _: busy(status="500 Oops"), UnexpectedStatus),
    "bomb": (lambda _: answer(gzip.compress(b"<a>" + b" " * (3 << 20)), "Content-Encoding: gzip"), TooLarge),
    "large": (lambda _: answer(b"<a>" + b" " * (3 << 20)), TooLarge),
}


@pytest.mark.parametrize(("fault", "error"), NEVER_LISTS.values(), ids=NEVER_LISTS.keys())
def test_a_partner_that_can_not_list_at_all_fails_the_run_and_is_not_asked_for_ever(fault, error) -> None:
    repository, shelf, clock = Repository(works(9), fault=whenever(lambda _: True, fault)), Shelf(), Time()
    with HostileServer(repository) as server:
        transport = transport_to(server.port, Limits(total=20, size=1 << 20))
        outcome = harvest(partner_at(server.port), shelf, transport, clock=clock, sleep=clock.sleep, patience=QUIET)
    assert outcome.ending is Ending.FAILED
    assert isinstance(outcome.error, error)
    assert (outcome.since, shelf.records, outcome.holes) == (None, {}, ())
    assert len(repository.asked) < 200


@pytest.mark.parametrize("pieces", [[b""], [b"<OAI-PMH>"] * 100])
def test_a_partner_that_stalls_costs_so_many_seconds_and_no_more(pieces: list[bytes]) -> None:
    def stalling(visit: Visit) -> None:
        raw(b"HTTP/1.1 200 OK\r\n\r\n", *pieces, pause=0.15)(visit)
        visit.leaving.wait(2)

    clock = Time()
    with HostileServer(stalling) as server:
        transport = transport_to(server.port, Limits(connecting=1, silence=0.3, total=0.4))
        start = time.monotonic()
        patience = Patience(attempts=2, pause=0)
        outcome = harvest(
            partner_at(server.port), Shelf(), transport, clock=clock, sleep=clock.sleep, patience=patience
        )
        assert time.monotonic() - start < 30
    assert isinstance(outcome.error, TooSlow)
