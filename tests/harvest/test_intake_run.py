"""Harvests of a partner that behaves: what is asked for, what comes, what is remembered for the next time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from harvest.errors import AddressRefused, BrokenOff
from harvest.intake.checkpoint import Counts, Ending, Vanishing
from harvest.intake.faults import Inconclusive, Refused
from harvest.intake.run import forgets_deletions
from harvest.model import Granularity
from tests.harvest.hostile_server import answer, redirect
from tests.harvest.oai_partner import (
    DAWN,
    NOW,
    OWN,
    Census,
    Repository,
    Shelf,
    Time,
    Work,
    cut,
    serving,
    works,
)
from tests.harvest.one_harvest import go, run


def identifiers(some: list[Work]) -> set[str]:
    return {work.identifier for work in some}


@pytest.mark.parametrize("count", [1, 39, 40, 41, 80, 250])
@pytest.mark.parametrize("closing", [True, False])
@pytest.mark.parametrize("sizes", [True, False])
def test_everything_comes_once(count: int, closing: bool, sizes: bool) -> None:
    repository, shelf = Repository(works(count), closing=closing, sizes=sizes), Shelf()
    outcome = run(shelf, repository)
    assert outcome.ending is Ending.COMPLETE
    assert set(shelf.records) == identifiers(repository.works)
    assert (outcome.counts.records, outcome.counts.repeats, outcome.counts.missing) == (count, 0, 0)
    assert shelf.takes == -(-count // 40)
    assert (outcome.since, outcome.holes, outcome.checkpoint, outcome.error) == (NOW, (), None, None)


def test_no_records_are_a_success_with_none() -> None:
    outcome = run(Shelf(), Repository([]))
    assert outcome.ending is Ending.COMPLETE
    assert outcome.counts.records == 0
    assert outcome.since == NOW


def test_an_empty_page_without_a_token_is_the_end() -> None:
    """Some count one page too many when their records fill the last one."""
    shelf = Shelf()

    def one_too_many(_: int, arguments: dict[str, str], body: bytes):
        if arguments.get("resumptionToken") == "|||40":
            return answer(Repository([]).envelope(b"<ListRecords></ListRecords>"))
        return answer(body.replace(b"</record></ListRecords>", b"</record><resumptionToken>|||40</resumptionToken>"
                                   b"</ListRecords>"))  # fmt: skip

    outcome = run(shelf, Repository(works(40), fault=one_too_many))
    assert outcome.ending is Ending.COMPLETE
    assert len(shelf.records) == 40


@pytest.mark.parametrize("skew", [timedelta(hours=-1), timedelta(), timedelta(hours=1)])
def test_the_next_harvest_begins_at_the_partners_own_clock_and_a_little_before(skew: timedelta) -> None:
    theirs = Time(NOW + skew)
    repository, shelf = Repository(works(50), clock=theirs), Shelf()
    assert run(shelf, repository).since == NOW + skew
    # Committed late, with the stamp of a moment before the first harvest.
    repository.works.append(Work(100, theirs.now - timedelta(minutes=5)))
    theirs.now += timedelta(days=1)
    repository.works[3] = replace(repository.works[3], changed=theirs.now - timedelta(hours=1))
    outcome = run(shelf, repository, time=Time(NOW + timedelta(days=1)))
    assert repository.asked[-1]["from"] == (NOW + skew - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "until" not in repository.asked[-1]
    assert set(shelf.records) == identifiers(repository.works)
    assert outcome.counts.records == 2


def test_a_partner_that_counts_days_is_asked_for_days_and_the_last_one_again() -> None:
    repository, shelf = Repository(works(10), granularity=Granularity.DAY), Shelf()
    assert run(shelf, repository).ending is Ending.COMPLETE
    repository.works.append(Work(11, NOW))
    run(shelf, repository)
    assert repository.asked[-1]["from"] == "2026-08-31"
    assert len(shelf.records) == 11


def test_format_and_set_are_asked_for() -> None:
    some = [*works(3), Work(4, DAWN, sets=("other",))]
    repository, shelf = Repository(some, marcxml=True), Shelf()
    run(shelf, repository, prefix="marc21", set_spec="other")
    assert repository.asked[-1] == {"verb": "ListRecords", "metadataPrefix": "marc21", "set": "other"}
    assert set(shelf.records) == {some[3].identifier}


def test_a_failed_run_does_not_move_the_beginning_of_the_next() -> None:
    repository, shelf = Repository(works(10)), Shelf()
    run(shelf, repository)
    repository.fault = lambda *_: cut(b"<a></a>")
    assert run(shelf, repository, time=Time(NOW + timedelta(days=9))).ending is Ending.FAILED
    assert shelf.known.since == NOW


@pytest.mark.parametrize(
    ("stamp", "since_"),
    [
        (b"yesterday", NOW - timedelta(days=1)),
        (b"2036-09-01T09:00:00Z", NOW + timedelta(days=1)),
        (b"2020-09-01T09:00:00Z", datetime(2020, 9, 1, 9, tzinfo=UTC)),
    ],
)
def test_a_clock_that_can_not_be_right_hides_nothing(stamp: bytes, since_: datetime) -> None:
    def clock(_: int, __: dict[str, str], body: bytes):
        return answer(body.replace(b"2026-09-01T09:00:00Z", stamp))

    assert run(Shelf(), Repository(works(3), fault=clock)).since == since_


def test_a_wrong_format_is_a_fault_of_the_entry() -> None:
    shelf = Shelf()
    outcome = run(shelf, Repository(works(3)), prefix="klingon")
    assert outcome.ending is Ending.FAILED
    assert isinstance(outcome.error, Refused)
    assert "partner's entry" in str(outcome.error)
    assert outcome.checkpoint is None


@pytest.mark.parametrize("code", ["noSetHierarchy", "badArgument", "badVerb"])
def test_other_faults_of_the_entry_are_told_and_not_asked_again(code: str) -> None:
    def refuse(_: int, arguments: dict[str, str], __: bytes):
        if arguments["verb"] == "ListRecords":
            return answer(Repository([]).envelope(Repository([]).error(code, "no")))
        return None

    repository = Repository(works(3), fault=refuse)
    outcome = run(Shelf(), repository)
    assert isinstance(outcome.error, Refused)
    assert outcome.error.oai_code == code
    assert len(repository.asked) == 2


def test_a_redirect_into_the_own_network_is_not_followed() -> None:
    repository = Repository(works(3), fault=lambda *_: redirect("http://169.254.169.254/latest"))
    outcome = run(Shelf(), repository)
    assert isinstance(outcome.error, AddressRefused)
    assert len(repository.asked) == 1


def test_what_the_partner_has_from_us_is_not_taken_back() -> None:
    about = (
        '<about><provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance"><originDescription '
        'harvestDate="2026-08-01T00:00:00Z" altered="false"><baseURL>http://other.example/oai</baseURL><identifier>{}'
        "</identifier><datestamp>2026-07-01</datestamp><metadataNamespace>urn:x</metadataNamespace></originDescription>"
        "</provenance></about>"
    )
    some = works(5)
    some[1] = replace(some[1], identifier=OWN + "17")
    some[2] = replace(some[2], about=about.format(OWN + "18").encode())
    some[3] = replace(some[3], about=about.format("oai:other.example:19").encode())
    shelf = Shelf()
    outcome = run(shelf, Repository(some), own_identifiers=OWN)
    assert set(shelf.records) == {some[0].identifier, some[3].identifier, some[4].identifier}
    assert (outcome.counts.records, outcome.counts.own) == (3, 2)


def deleted(some: list[Work], *numbers: int) -> list[Work]:
    later = NOW + timedelta(hours=1)
    return [replace(work, deleted=True, changed=later) if work.number in numbers else work for work in some]


def test_deletions_hide_and_a_record_that_lives_again_is_seen_again() -> None:
    repository, shelf = Repository(works(40)), Shelf()
    run(shelf, repository)
    repository.works = deleted(repository.works, 3, 4)
    outcome = run(shelf, repository)
    assert (outcome.hide, outcome.vanishing) == (True, Vanishing(visible=40, hidden=2))
    assert outcome.counts.deleted == 2
    assert shelf.hidden == {"oai:partner.example:3", "oai:partner.example:4"}
    assert len(shelf.records) == 40, "nothing is erased"
    repository.works[2] = replace(repository.works[2], deleted=False)
    run(shelf, repository)
    assert shelf.hidden == {"oai:partner.example:4"}


def test_more_than_a_tenth_vanishes_only_if_a_person_agrees() -> None:
    repository, shelf = Repository(works(40)), Shelf()
    run(shelf, repository)
    repository.works = deleted(repository.works, 1, 2, 3, 4, 5)
    outcome = run(shelf, repository)
    assert (outcome.ending, outcome.hide) == (Ending.COMPLETE, False)
    assert outcome.vanishing == Vanishing(visible=40, hidden=5)
    assert shelf.hidden == set()
    outcome = run(shelf, repository, agree=lambda vanishing: vanishing == Vanishing(visible=40, hidden=5))
    assert outcome.hide is True
    assert len(shelf.hidden) == 5


@pytest.mark.parametrize(
    ("visible", "hidden", "too_many"), [(40, 4, False), (40, 5, True), (0, 0, False), (9, 1, True)]
)
def test_a_tenth(visible: int, hidden: int, too_many: bool) -> None:
    assert Vanishing(visible=visible, hidden=hidden).too_many is too_many


def test_deletions_nobody_tells_of_are_found_by_comparing_the_whole_list() -> None:
    repository, shelf = Repository(works(100), policy="no"), Shelf()
    outcome = run(shelf, repository)
    assert outcome.identity is not None
    assert forgets_deletions(outcome.identity)
    gone = identifiers(repository.works[:7])
    repository.works = deleted(repository.works[5:], 6, 7)
    assert run(shelf, repository).counts.deleted == 2
    shelf.hidden.clear()
    census = Census(shelf=shelf)
    outcome = run(census, repository)
    assert outcome.ending is Ending.COMPLETE
    assert (outcome.hide, outcome.vanishing) == (True, Vanishing(visible=100, hidden=7))
    assert shelf.hidden == gone
    assert repository.asked[-1]["verb"] == "ListIdentifiers"
    assert "from" not in repository.asked[-3]


def test_an_empty_list_does_not_hide_everything() -> None:
    repository, shelf = Repository(works(20), policy="transient"), Shelf()
    run(shelf, repository)
    repository.works = []
    census = Census(shelf=shelf)
    outcome = run(census, repository)
    assert (outcome.hide, outcome.vanishing) == (False, Vanishing(visible=20, hidden=20))
    assert shelf.hidden == set()


def test_nothing_is_concluded_from_a_list_that_is_not_whole() -> None:
    """A header that can't be read, fewer headers than announced, a window that can't be read at all."""

    def bad_header(_: int, __: dict[str, str], body: bytes):
        return answer(body.replace(b"<identifier>oai:partner.example:7<", b"<identifier><"))

    def fewer(_: int, __: dict[str, str], body: bytes):
        return answer(body.replace(b'Size="100"', b'Size="101"'))

    def broken(_: int, arguments: dict[str, str], body: bytes):
        first, last = arguments.get("from", "2026-01-01T00:00:00Z"), arguments.get("until", "2027")
        bad = arguments["verb"] == "ListIdentifiers" and first <= "2026-01-01T07:00:00Z" <= last
        return cut(body) if bad else None

    shelf = Shelf()
    run(shelf, Repository(works(100)))
    for fault in (bad_header, fewer, broken):
        outcome = run(Census(shelf=shelf), Repository(works(97), fault=fault) if fault is not fewer else
                      Repository(works(100), fault=fault))  # fmt: skip
        assert outcome.ending is Ending.FAILED, fault
        assert isinstance(outcome.error, Inconclusive)
        assert outcome.hide is None
    assert shelf.hidden == set()


def test_counts_add_up() -> None:
    some = works(60)
    some[3] = replace(some[3], inside=b"\x0b")
    some[4] = replace(some[4], inside=b"<b>")
    some[5] = replace(some[5], deleted=True)
    shelf = Shelf()
    counts = run(shelf, Repository(some)).counts
    assert replace(counts, octets=0) == Counts(pages=3, records=58, deleted=1, rejected=1, mended=1)
    assert counts.octets > 20_000
    assert shelf.mended == {"oai:partner.example:4"}
    assert set(shelf.rejected) == {"oai:partner.example:5"}


def test_errors_of_the_network_are_outcomes_too() -> None:
    with serving(Repository(works(1))) as (partner, transport):
        pass
    outcome = go(Shelf(), partner, transport)
    assert outcome.ending is Ending.FAILED
    assert not isinstance(outcome.error, BrokenOff)
    assert "does not answer" in str(outcome.error)
