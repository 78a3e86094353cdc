"""Our harvester and our provider: what one gives is what the other has, also while it changes and the line is bad."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from harvest.intake.asking import Patience
from harvest.intake.checkpoint import Ending, Outcome, Partner
from harvest.intake.provenance import read_origin
from harvest.intake.run import compare, harvest
from harvest.model import OaiRecord, Origin
from harvest.provider.provenance import provenance
from harvest.provider.provider import Provider
from harvest.provider.tokens import Tokens
from harvest.transport import Transport
from tests.harvest.hostile_server import HostileServer, Visit, answer
from tests.harvest.memory_archive import LONG_AGO, Item, MemoryArchive
from tests.harvest.oai_asking import KEY
from tests.harvest.oai_partner import Census, Shelf, Time, busy, cut, partner_at, torn, transport_to

QUIET = Patience(pause=0)
FIRST = Origin(
    base_url="http://first.example/oai", identifier="oai:first.example:1", datestamp="2019-05-05", namespace="urn:x",
    harvested_at=LONG_AGO, altered=True,
)  # fmt: skip
ORIGIN = replace(FIRST, base_url="http://second.example/oai?a=1&b=2", altered=False, earlier=FIRST)


class Line:
    """An archive behind a line that fails now and then; at each request something is changed in it."""

    def __init__(self, archive: MemoryArchive, time: Time, *, restless: bool = False, bad: bool = False) -> None:
        tokens = Tokens(KEY, life=timedelta(days=1))
        lag = timedelta(seconds=5)
        self._provider = Provider(archive, tokens=tokens, clock=time, lag=lag, page_size=20)
        self._archive = archive
        self._time = time
        self._restless = restless
        self._bad = bad
        self._visits = 0

    def __call__(self, visit: Visit) -> None:
        self._visits += 1
        pairs = parse_qsl(visit.request.split(" ")[1].partition("?")[2], keep_blank_values=True)
        body = self._provider.respond(pairs)
        if self._restless:
            self._change()
        if self._bad and self._visits % 5 == 0:
            busy("Retry-After: 1")(visit)
        elif self._bad and self._visits % 3 == 0:
            (cut if self._visits % 2 else torn)(body)(visit)
        else:
            answer(body)(visit)

    def _change(self) -> None:
        self._time.now += timedelta(seconds=1)
        items = list(self._archive.items())
        chosen = items[self._visits * 37 % len(items)]
        if self._visits % 4 == 0:
            self._archive.withdraw(chosen, self._time.now)
        elif self._visits % 4 == 1:
            self._archive.publish(self._time.now)
        else:
            self._archive.change(chosen, self._time.now)


def filled() -> MemoryArchive:
    archive = MemoryArchive()
    for number in range(230):
        archive.put(
            Item(
                f"oai:kutubxona.example:{number}",
                LONG_AGO + timedelta(seconds=number // 60),
                f"Kitob {number}: <&> oʻ, ӯ, 😀, א\x0b",
                ("faculty:law",) if number % 2 else ("theses", "faculty"),
                deleted=number % 10 == 7,
                abouts=(provenance(ORIGIN),) if number % 5 == 0 else (),
            )
        )
    return archive


@contextmanager
def line_to(line: Line) -> Iterator[tuple[Partner, Transport]]:
    with HostileServer(line) as server:
        yield partner_at(server.port), transport_to(server.port)


def taken(shelf: Shelf, line: Line, time: Time, own_identifiers: str = "") -> Outcome:
    with line_to(line) as (partner, transport):
        cautious = replace(partner, own_identifiers=own_identifiers)
        return harvest(cautious, shelf, transport, clock=time, sleep=time.sleep, patience=QUIET)


def living(archive: MemoryArchive) -> dict[str, OaiRecord]:
    return {
        identifier: archive.record(identifier, "oai_dc")
        for identifier, item in archive.items().items()
        if not item.deleted
    }


def seen(shelf: Shelf) -> dict[str, tuple[datetime, tuple[str, ...]]]:
    shown = set(shelf.records) - shelf.hidden
    return {name: (shelf.records[name].datestamp, shelf.records[name].sets) for name in shown}


def same(shelf: Shelf, archive: MemoryArchive) -> bool:
    return seen(shelf) == {name: (record.datestamp, record.sets) for name, record in living(archive).items()}


def test_all_that_is_given_is_taken_and_the_way_of_a_record_with_it() -> None:
    archive, shelf, time = filled(), Shelf(), Time()
    outcome = taken(shelf, Line(archive, time), time)
    assert outcome.ending is Ending.COMPLETE
    assert (outcome.counts.records, outcome.counts.deleted, outcome.counts.missing) == (207, 23, 0)
    assert outcome.counts.pages == 1 + 12
    assert same(shelf, archive)
    for number, record in enumerate(shelf.records[f"oai:kutubxona.example:{number}"] for number in range(0, 50, 10)):
        assert f"Kitob {number * 10}: &lt;&amp;&gt; oʻ, ӯ, 😀, א</".encode() in record.metadata
        assert read_origin(record.abouts) == ORIGIN


def test_nothing_is_lost_while_records_change_and_the_line_is_bad() -> None:
    archive, shelf, time = filled(), Shelf(), Time(datetime(2026, 9, 1, tzinfo=UTC))
    assert taken(shelf, Line(archive, time, restless=True, bad=True), time).ending is Ending.COMPLETE
    time.now += timedelta(minutes=1)
    assert taken(shelf, Line(archive, time, bad=True), time).ending is Ending.COMPLETE
    assert same(shelf, archive)
    for record in shelf.records.values():
        if record.identifier not in shelf.hidden:
            title = archive.items()[record.identifier].title.replace("\x0b", "").replace("&", "&amp;")
            assert title.replace("<", "&lt;").replace(">", "&gt;").encode() in record.metadata


def test_a_comparison_finds_what_the_archive_no_longer_has() -> None:
    archive, shelf, time = filled(), Shelf(), Time()
    taken(shelf, Line(archive, time), time)
    smaller = MemoryArchive()
    for item in list(archive.items().values())[10:]:
        smaller.put(item)
    census = Census(shelf=shelf)
    with line_to(Line(smaller, time)) as (partner, transport):
        outcome = compare(partner, census, transport, clock=time, sleep=time.sleep, patience=QUIET)
    assert outcome.ending is Ending.COMPLETE
    assert outcome.hide is True
    assert same(shelf, smaller)


def test_two_libraries_that_harvest_each_other_do_not_take_their_own_back() -> None:
    time = Time()
    here, there = filled(), MemoryArchive()
    shelf = Shelf()
    taken(shelf, Line(here, time), time)
    before = time.now - timedelta(hours=1)
    for number, record in enumerate(shelf.records.values()):
        origin = replace(ORIGIN, identifier=record.identifier, earlier=read_origin(record.abouts))
        there.put(Item(f"oai:there.example:{number}", before, "x", (), abouts=(provenance(origin),)))
    there.put(Item("oai:there.example:new", before, "Yangi", ()))
    back = Shelf()
    outcome = taken(back, Line(there, time), time, own_identifiers="oai:kutubxona.example:")
    assert outcome.counts.own == 207
    assert list(back.records) == ["oai:there.example:new"]
