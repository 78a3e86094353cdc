"""Partners are searched side by side, and a record of theirs becomes a draft of ours."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import pytest

from harvest.lookup.model import Dialect as PartnerDialect
from harvest.lookup.model import Lookup, Protocol, Target
from harvest.lookup.search import Catalogues
from library.db.unit_of_work import Database
from library.domain.errors import InvalidRecord, NotEntitled, NotFound, PartnerFailed
from library.domain.journal import Deed
from library.domain.marc import Dialect, MarcRecord
from library.domain.record import Status
from library.marc import marcxml
from library.services.cataloguing import Cataloguing
from library.services.copy_cataloguing import CopyCataloguing
from library.services.duplicates import Duplicates, Sameness
from tests.builders import MARC21_LEADER, a_field, a_marc21_record, a_unimarc_record
from tests.conftest import Clock
from tests.harvest.hostile_server import HostileServer, answer, raw
from tests.harvest.loopback import catalogues_on
from tests.staff import AZIZA, BOTIR, NODIRA, published

MARKUP = '"><x-m id=1>'
Build = Callable[..., CopyCataloguing]


@pytest.fixture
def build(database: Database, clock: Clock) -> Build:
    """Copy cataloguing that reaches these ports."""

    def made(*ports: int, seconds: float = 10) -> CopyCataloguing:
        def catalogues() -> Catalogues:
            return catalogues_on(*ports, seconds=seconds)

        return CopyCataloguing(database, catalogues, Cataloguing(database, clock), Duplicates(database), clock)

    return made


def _entered(database: Database, clock: Clock, *targets: Target) -> tuple[int, ...]:
    with database.writing() as tx:
        numbers = tuple(tx.targets.add(target, clock()) for target in targets)
        tx.commit()
    return numbers


def _sru(port: int, name: str = "SRU", dialect: PartnerDialect = PartnerDialect.MARC21) -> Target:
    return Target(name=name, protocol=Protocol.SRU, address=f"http://127.0.0.1:{port}/Default", dialect=dialect)


def _z3950(port: int, name: str = "Z39.50") -> Target:
    return Target(name=name, protocol=Protocol.Z3950, address=f"127.0.0.1:{port}", database="Default")


def _response(*records: str, total: int | None = None) -> bytes:
    inside = "".join(f"<record><recordData>{record}</recordData></record>" for record in records)
    number = len(records) if total is None else total
    space = "http://www.loc.gov/zing/srw/"
    return (
        f'<searchRetrieveResponse xmlns="{space}"><numberOfRecords>{number}</numberOfRecords>'
        f"<records>{inside}</records></searchRetrieveResponse>"
    ).encode()


def _xml(marc: MarcRecord, dialect: Dialect = Dialect.MARC21) -> str:
    return marcxml.encode(dialect, marc).decode()


def test_both_protocols_are_searched_side_by_side(build: Build, database: Database, clock: Clock, ztest: int) -> None:
    numbers = _entered(database, clock, _z3950(ztest), _sru(ztest))
    first, second = build(ztest).search(Lookup(title="13 programs"), numbers, 1, actor=NODIRA)
    assert [one.target.target.name for one in (first, second)] == ["SRU", "Z39.50"]
    for one in (first, second):
        assert (one.total, len(one.lines), one.next, one.problem) == (13, 10, 11, None)
        assert one.lines[0].description.title == "How to program a computer"
        assert [line.position for line in one.lines] == list(range(1, 11))
    rest = build(ztest).search(Lookup(title="13 programs"), numbers, 11, actor=NODIRA)
    assert [(len(one.lines), one.next) for one in rest] == [(3, 0), (3, 0)]


def test_a_dead_a_silent_and_a_lying_partner_cost_no_other(
    build: Build, database: Database, clock: Clock, ztest: int
) -> None:
    html = answer(b"<html>Welcome</html>", "Content-Type: text/html")
    with (
        HostileServer(html) as liar,
        HostileServer(raw(b"HTTP/1.1 200 OK\r\n\r\n", *[b"."] * 600, pause=0.1)) as drip,
        socket.create_server(("127.0.0.1", 0)) as silent,
        socket.socket() as closed,
    ):
        closed.bind(("127.0.0.1", 0))
        ports = [liar.port, drip.port, silent.getsockname()[1], closed.getsockname()[1], ztest]
        targets = [_sru(port, f"partner {number}") for number, port in enumerate(ports)]
        numbers = _entered(database, clock, *targets)
        start = time.monotonic()
        found = build(*ports, seconds=1).search(Lookup(title="2"), numbers, 1, actor=NODIRA)
        took = time.monotonic() - start
    assert took < 40
    assert [one.problem is None for one in found] == [False, False, False, False, True]
    assert [one.total for one in found] == [0, 0, 0, 0, 2]
    assert "no SRU server" in str(found[0].problem)
    assert "1 seconds" in str(found[1].problem)


def test_nothing_to_search_for_and_nowhere_to_search_are_told(
    build: Build, database: Database, clock: Clock, ztest: int
) -> None:
    (number,) = _entered(database, clock, _sru(ztest))
    (everywhere,) = build(ztest).search(Lookup(title="5"), (), 1, actor=NODIRA)
    assert (everywhere.target.id, everywhere.total) == (number, 5)
    for lookup, numbers in ((Lookup(), (number,)), (Lookup(), ()), (Lookup(title="5"), (99,))):
        with pytest.raises(PartnerFailed):
            build(ztest).search(lookup, numbers, 1, actor=NODIRA)
    with pytest.raises(NotFound):
        build(ztest).preview(99, Lookup(title="5"), 1, actor=NODIRA)
    with pytest.raises(PartnerFailed, match="Search again"):
        build(ztest).preview(number, Lookup(title="5"), 6, actor=NODIRA)


def test_only_cataloguers_copy(build: Build) -> None:
    copying = build()
    for use in (
        lambda: copying.targets(actor=AZIZA),
        lambda: copying.search(Lookup(title="5"), (1,), 1, actor=AZIZA),
        lambda: copying.preview(1, Lookup(title="5"), 1, actor=AZIZA),
        lambda: copying.take_over(1, a_marc21_record(), Dialect.MARC21, actor=AZIZA),
    ):
        with pytest.raises(NotEntitled):
            use()
    assert copying.targets(actor=BOTIR) == []


def test_a_record_is_looked_at_and_taken_over(build: Build, database: Database, clock: Clock, ztest: int) -> None:
    (number,) = _entered(database, clock, _sru(ztest, "Test kutubxonasi"))
    copying = build(ztest)
    preview = copying.preview(number, Lookup(title="5"), 2, actor=NODIRA)
    assert preview.description.title == "How to program a computer"
    (draft,) = preview.drafts
    assert draft.dialect is Dialect.MARC21
    assert draft.problems == ()
    assert preview.duplicates == ()

    made = copying.take_over(number, preview.marc, Dialect.MARC21, actor=NODIRA)
    with database.reading() as view:
        record, work = view.records.get(made), view.works.find(made)
        copied = [line for line in view.journal.lines() if line.deed == Deed.RECORD_COPIED]
    assert (record.status, record.dialect, record.changed_by) == (Status.DRAFT, Dialect.MARC21, NODIRA.key)
    assert work is not None
    assert (
        work.marc.first(
            "588",
            "a",
        )
        == f"Test kutubxonasi, {(preview.marc.control('001') or '').strip()}, 2026-09-01"
    )
    assert work.marc.control("001") is None
    assert [(line.object, "Test kutubxonasi" in line.after) for line in copied] == [(f"record:{made}", True)]

    again = copying.preview(number, Lookup(title="5"), 2, actor=NODIRA)
    assert [duplicate.record.id for duplicate in again.duplicates] == [made]


def test_duplicates_are_marked_in_the_list_whatever_alphabet_they_are_in(
    build: Build, database: Database, clock: Clock
) -> None:
    ours = published(Cataloguing(database, clock), Dialect.MARC21, a_marc21_record(title="Олий математика"))
    theirs = a_marc21_record("x1", title="Oliy matematika").with_fields(
        field for field in a_marc21_record("x1").fields if field.tag != "020"
    )
    with HostileServer(answer(_response(_xml(theirs)))) as server:
        numbers = _entered(database, clock, _sru(server.port))
        (found,) = build(server.port).search(Lookup(title="x"), numbers, 1, actor=NODIRA)
    (line,) = found.lines
    assert [(duplicate.record.id, duplicate.sameness) for duplicate in line.duplicates] == [(ours, Sameness.WORK)]


def test_a_unimarc_record_may_stay_what_it_is_or_become_marc_21(build: Build, database: Database, clock: Clock) -> None:
    body = _response(_xml(a_unimarc_record(), Dialect.UNIMARC))
    with HostileServer(answer(body)) as server:
        (number,) = _entered(database, clock, _sru(server.port, dialect=PartnerDialect.UNIMARC))
        copying = build(server.port)
        preview = copying.preview(number, Lookup(title="x"), 1, actor=NODIRA)
    assert [draft.dialect for draft in preview.drafts] == [Dialect.UNIMARC, Dialect.MARC21]
    kept = copying.take_over(number, preview.marc, Dialect.UNIMARC, actor=NODIRA)
    converted = copying.take_over(number, preview.marc, Dialect.MARC21, actor=NODIRA)
    with database.reading() as view:
        assert view.records.get(kept).dialect is Dialect.UNIMARC
        assert view.records.get(converted).marc.first("245", "a") == "Общая химия"


def test_what_can_not_even_be_a_draft_is_refused(build: Build, database: Database, clock: Clock) -> None:
    (number,) = _entered(database, clock, _sru(1))
    with pytest.raises(InvalidRecord):
        build().take_over(number, MarcRecord(MARC21_LEADER, (a_field("500", a="x"),)), Dialect.MARC21, actor=NODIRA)


def test_one_broken_record_costs_no_other_and_markup_is_text(build: Build, database: Database, clock: Clock) -> None:
    good = _xml(a_marc21_record(title=f"Kimyo {MARKUP}"))
    body = _response("<record><datafield/></record>", good, "<html>x</html>", "", total=40)
    with HostileServer(answer(body)) as server:
        numbers = _entered(database, clock, _sru(server.port))
        (found,) = build(server.port).search(Lookup(title="x"), numbers, 1, actor=NODIRA)
    assert [line.description.title for line in found.lines] == [f"Kimyo {MARKUP}"]
    assert len(found.faults) == 3
    assert found.next == 11
