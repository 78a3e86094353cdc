"""Harvests of partners that fail, lie, stall and go round in circles: every record comes, or the run says it failed."""

import gzip
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.errors import Busy, NotWellFormed, TooLarge, TooSlow, UnexpectedAnswer, UnexpectedStatus
from harvest.intake.asking import Patience
from harvest.intake.checkpoint import Checkpoint, Counts, Ending, Outcome, Standing
from harvest.intake.circles import Circle
from harvest.intake.faults import LimitReached, Looping, NoOaiPmh, Refused
from harvest.intake.pages import ListPage, Token
from harvest.intake.run import harvest
from harvest.intake.windows import Window
from harvest.model import Granularity, OaiRecord
from harvest.retry_after import LONGEST_WAIT
from harvest.transport import Limits
from tests.harvest.hostile_server import Behaviour, HostileServer, Visit, answer, raw
from tests.harvest.oai_partner import (
    DAWN,
    NOW,
    Arguments,
    Fault,
    Repository,
    Shelf,
    Time,
    Work,
    busy,
    cut,
    partner_at,
    serving,
    torn,
    transport_to,
    works,
)

QUIET = Patience(pause=0)


def run(shelf: Shelf, repository: Repository, *, clock: Time | None = None, patience: Patience = QUIET) -> Outcome:
    """One harvest of the repository into the shelf."""
    clock = clock or Time()
    with serving(repository) as (partner, transport):
        return harvest(partner, shelf, transport, clock=clock, sleep=clock.sleep, patience=patience)


def complete(shelf: Shelf, repository: Repository, outcome: Outcome) -> None:
    """The run ended well and nothing is missing."""
    assert outcome.ending is Ending.COMPLETE, outcome.error
    assert set(shelf.records) == {work.identifier for work in repository.works}
    assert outcome.holes == ()


def dirty(body: bytes) -> Behaviour:
    """An answer with a forbidden character in a text in its middle."""
    place = body.index(b"</", len(body) // 2)
    return answer(body[:place] + b"\x0b" + body[place:])


def whenever(condition: Callable[[Arguments], bool], fault: Callable[[bytes], Behaviour]) -> Fault:
    """A fault at each request of a list with such arguments."""
    return lambda _, arguments, body: fault(body) if arguments["verb"] != "Identify" and condition(arguments) else None


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
    complete(shelf, repository, run(shelf, repository, clock=clock))
    assert clock.slept == [waited]


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30))
def test_whatever_retry_after_says_the_wait_is_bounded_and_never_none(header: str) -> None:
    clock, shelf = Time(), Shelf()
    repository = Repository(works(1), fault=lambda n, *_: busy(f"Retry-After: {header}") if n == 1 else None)
    complete(shelf, repository, run(shelf, repository, clock=clock))
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
    outcome = run(Shelf(), repository, clock=clock, patience=Patience(duration=1500))
    assert (outcome.ending, clock.slept) == (Ending.INTERRUPTED, [600, 600])
    assert isinstance(outcome.error, LimitReached)


def test_one_that_always_fails_is_asked_a_few_times_with_growing_waits() -> None:
    clock = Time()
    repository = Repository(works(9), fault=lambda *_: busy(status="500 Oops"))
    outcome = run(Shelf(), repository, clock=clock)
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


def test_the_end_is_believed_only_if_nothing_is_missing() -> None:
    """The closing token is cut out of the last page but one, and everything else is in order."""

    def without_token(body: bytes) -> Behaviour:
        start, end = body.index(b"<resumptionToken"), body.index(b"</ListRecords>")
        return answer(body[:start] + body[end:])

    shelf = Shelf()
    repository = Repository(works(100), fault=whenever(lambda a: a.get("resumptionToken") == "|||40", without_token))
    outcome = run(shelf, repository)
    complete(shelf, repository, outcome)
    assert outcome.counts.repeats == 4, "asked again, then read in smaller windows"


def test_lists_that_boast_and_never_say_that_they_end_are_read_in_windows_of_one_page() -> None:
    def boasting(body: bytes) -> Behaviour:
        return answer(re.sub(rb'Size="[0-9]+"', b'Size="9999"', body))

    shelf = Shelf()
    repository = Repository(works(100), closing=False, fault=whenever(lambda _: True, boasting))
    outcome = run(shelf, repository)
    complete(shelf, repository, outcome)
    assert "until" in repository.asked[-2]


def test_fewer_records_than_announced_are_noted() -> None:
    def boasting(body: bytes) -> Behaviour:
        return answer(body.replace(b'Size="100"', b'Size="103"'))

    shelf = Shelf()
    repository = Repository(works(100), fault=whenever(lambda _: True, boasting))
    outcome = run(shelf, repository)
    complete(shelf, repository, outcome)
    assert outcome.counts.missing == 3
    assert len(repository.asked) == 1 + 3 + 1, "asked once more, and then believed"


def test_the_end_of_another_list_is_not_the_end_of_this_one() -> None:
    """Somebody on the way has the last page of an earlier harvest in a cache."""
    shelf, repository = Shelf(), Repository(works(100))
    last = repository.answer({"verb": "ListRecords", "resumptionToken": "|||80"})
    repository.fault = lambda number, *_: answer(last) if number == 3 else None
    outcome = run(shelf, repository)
    complete(shelf, repository, outcome)
    assert (outcome.counts.records, outcome.counts.missing) == (100, 0)


def again(token: str) -> Callable[[bytes], Behaviour]:
    """This token, whatever was asked."""

    def fault(body: bytes) -> Behaviour:
        start, end = body.index(b'0">', body.index(b"<resumptionToken")) + 3, body.index(b"</resumptionToken")
        return answer(body[:start] + token.encode() + body[end:])

    return fault


def new_tokens_same_page(number: int, arguments: Arguments, _: bytes) -> Behaviour | None:
    if arguments["verb"] == "Identify":
        return None
    return again(f"|||{1000 + number}")(
        Repository(works(100)).answer({"verb": "ListRecords", "metadataPrefix": "oai_dc"})
    )


def new_tokens_no_records(number: int, arguments: Arguments, _: bytes) -> Behaviour | None:
    if arguments["verb"] == "Identify":
        return None
    content = f"<ListRecords><resumptionToken>|||{number}</resumptionToken></ListRecords>"
    return answer(Repository([]).envelope(content.encode()))


def new_tokens_ever_the_same_hundred(number: int, arguments: Arguments, _: bytes) -> Behaviour | None:
    """Shifted by one record each time, so that no page is like another."""
    if arguments["verb"] == "Identify":
        return None
    some = [works(100)[(number + place) % 97] for place in range(40 + number % 50)]
    listed = b"".join(map(Repository([]).record, some))
    token = f'<resumptionToken completeListSize="100">|||{number}</resumptionToken>'.encode()
    return answer(Repository([]).envelope(b"<ListRecords>" + listed + token + b"</ListRecords>"))


CIRCLES: dict[str, Fault] = {
    "the same token": whenever(lambda _: True, again("|||40")),
    "two tokens in turn": lambda n, a, b: again(f"|||{40 * (n % 2)}")(b) if a["verb"] != "Identify" else None,
    "new tokens, the same page": new_tokens_same_page,
    "new tokens, no records": new_tokens_no_records,
    "new tokens, the same records in other pages": new_tokens_ever_the_same_hundred,
}


@pytest.mark.parametrize("fault", CIRCLES.values(), ids=CIRCLES.keys())
def test_a_list_that_goes_round_in_a_circle_is_noticed(fault: Fault) -> None:
    repository, shelf = Repository(works(100), fault=fault), Shelf()
    outcome = run(shelf, repository)
    assert outcome.ending is Ending.FAILED
    assert isinstance(outcome.error, Looping)
    assert outcome.checkpoint is None, "the next run begins anew"
    assert len(repository.asked) < 40


def test_a_circle_is_noticed_at_the_first_sign() -> None:
    def page(token: str, *numbers: int) -> ListPage:
        records = tuple(OaiRecord(identifier=f"oai:partner.example:{number}", datestamp=DAWN) for number in numbers)
        return ListPage(responded=None, records=records, token=Token(value=token))

    circle = Circle("a")
    circle.look(page("b", 1, 2), 2, None)
    circle.look(page("c", 3, 4), 4, None)
    for token, numbers in (("a", (5, 6)), ("c", (7, 8)), ("d", (1, 2))):
        with pytest.raises(Looping):
            circle.look(page(token, *numbers), 6, None)
    circle.look(page("e", 2, 1), 6, None)
    circle.look(page("", 1, 2), 8, None)


def test_an_empty_page_that_goes_on_is_gone_on_with() -> None:
    emptied = Repository([]).envelope(b"<ListRecords><resumptionToken>|||40</resumptionToken></ListRecords>")
    shelf = Shelf()
    repository = Repository(works(100)[40:], fault=lambda number, *_: answer(emptied) if number == 2 else None)
    outcome = run(shelf, repository)
    assert outcome.ending is Ending.COMPLETE
    assert len(shelf.records) == 20


@pytest.mark.parametrize("answered", ["noRecordsMatch", "badResumptionToken"])
def test_a_token_on_the_last_page_does_not_spoil_a_list_that_is_whole(answered: str) -> None:
    def surplus(body: bytes) -> Behaviour:
        return answer(body.replace(b'cursor="40"></', b'cursor="40">|||80</'))

    def refused(_: bytes) -> Behaviour:
        return answer(Repository([]).envelope(Repository([]).error(answered, "no")))

    def fault(_: int, arguments: Arguments, body: bytes) -> Behaviour | None:
        return {"|||40": surplus, "|||80": refused}.get(arguments.get("resumptionToken", ""), answer)(body)

    repository, shelf = Repository(works(80), fault=fault), Shelf()
    complete(shelf, repository, run(shelf, repository))


def test_no_records_match_in_the_middle_of_a_list_is_not_its_end() -> None:
    shelf = Shelf()
    nothing = Repository([]).envelope(Repository([]).error("noRecordsMatch", "no"))
    repository = Repository(works(80), fault=whenever(lambda a: "resumptionToken" in a, lambda _: answer(nothing)))
    outcome = run(shelf, repository)
    complete(shelf, repository, outcome)
    assert any("until" in asked for asked in repository.asked), "read in smaller windows instead"


@pytest.mark.parametrize("how", ["badResumptionToken", "404 Not Found", "400 Bad Request"])
def test_a_forgotten_token_begins_the_window_again(how: str) -> None:
    gone = Repository([]).envelope(Repository([]).error(how, "expired"))
    forgotten = busy(status=how) if " " in how else answer(gone)
    shelf = Shelf()
    repository = Repository(works(100))
    repository.fault = lambda number, *_: forgotten if number == 4 else None
    outcome = run(shelf, repository)
    complete(shelf, repository, outcome)
    assert outcome.counts.records == 180, "two pages came twice"
    assert [asked.get("resumptionToken") for asked in repository.asked[1:]] == [
        None, "|||40", "|||80", None, "|||40", "|||80",
    ]  # fmt: skip


def test_a_partner_that_forgets_every_token_is_read_in_windows_that_need_none() -> None:
    gone = Repository([]).envelope(Repository([]).error("badResumptionToken", "what?"))
    shelf = Shelf()
    repository = Repository(works(100), fault=whenever(lambda a: "resumptionToken" in a, lambda _: answer(gone)))
    complete(shelf, repository, run(shelf, repository))


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
