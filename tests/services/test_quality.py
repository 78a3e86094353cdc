"""What records lack is found, and gone when it was mended."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from zoneinfo import ZoneInfo

import pytest

from harvest.addresses import Reach
from harvest.transport import Transport
from library.db.unit_of_work import Database
from library.domain.marc import Dialect, MarcRecord
from library.domain.quality import FlawKind
from library.services import quality as quality_module
from library.services.cataloguing import Cataloguing
from library.services.link_check import PATIENCE, LinkCheck, WebLinks
from library.services.quality import Quality
from tests.builders import a_field, a_marc21_record
from tests.conftest import Clock
from tests.staff import AZIZA, published, revised, withdrawn

ZONE = ZoneInfo("Asia/Tashkent")


@pytest.fixture
def quality(database: Database, clock: Clock) -> Quality:
    return Quality(database, clock)


@pytest.fixture
def cataloguing(database: Database, clock: Clock) -> Cataloguing:
    return Cataloguing(database, clock)


def _sweep(quality: Quality) -> None:
    while quality.step():
        pass


def _with(record: MarcRecord, *fields: object) -> MarcRecord:
    return record.with_fields((*record.fields, *fields))  # type: ignore[arg-type]


def _bare(key: str, title: str = "Nomsiz") -> MarcRecord:
    record = a_marc21_record(key, title=title, author=f"Muallif {key}")
    kept = [field for field in record.fields if field.tag in ("001", "100", "245")]
    return record.with_fields(kept)


WHOLE = _with(a_marc21_record("w", title="Butun"), a_field("080", a="51"))


def test_what_a_record_lacks_is_listed_until_it_is_mended(quality: Quality, cataloguing: Cataloguing) -> None:
    bare = published(cataloguing, Dialect.MARC21, _bare("b"))
    published(cataloguing, Dialect.MARC21, WHOLE)
    _sweep(quality)
    lacking = {FlawKind.NO_CLASS, FlawKind.NO_LANGUAGE, FlawKind.NO_SUBJECT, FlawKind.NO_YEAR}
    assert quality.counts(actor=AZIZA) == dict.fromkeys(lacking, 1)
    (found,) = quality.flawed(FlawKind.NO_CLASS, 0, 10, actor=AZIZA).records
    assert (found.record_id, found.title) == (bare, "Nomsiz")
    revised(cataloguing, bare, _with(a_marc21_record("b", title="Boshqa", author="B"), a_field("080", a="51")))
    _sweep(quality)
    assert FlawKind.NO_CLASS not in quality.counts(actor=AZIZA)


def test_two_records_of_one_book_are_doubles_of_one_another(
    quality: Quality, cataloguing: Cataloguing, clock: Clock
) -> None:
    first = published(cataloguing, Dialect.MARC21, a_marc21_record("a"))
    _sweep(quality)
    second = published(cataloguing, Dialect.MARC21, a_marc21_record("b"))
    _sweep(quality)
    (found,) = quality.flawed(FlawKind.DUPLICATE, 0, 10, actor=AZIZA).records
    assert (found.record_id, found.detail) == (second, str(first))
    clock.time += timedelta(days=1)
    _sweep(quality)
    assert [one.record_id for one in quality.flawed(FlawKind.DUPLICATE, 0, 10, actor=AZIZA).records] == [first, second]
    withdrawn(cataloguing, second, "twice")
    clock.time += timedelta(days=1)
    _sweep(quality)
    assert FlawKind.DUPLICATE not in quality.counts(actor=AZIZA)


def test_a_word_of_two_scripts_is_named(quality: Quality, cataloguing: Cataloguing) -> None:
    # The first letter is Latin, the others are Cyrillic.
    published(cataloguing, Dialect.MARC21, _with(WHOLE, a_field("650", " 4", a="Cолиқлар")))
    _sweep(quality)
    (found,) = quality.flawed(FlawKind.MIXED_SCRIPTS, 0, 10, actor=AZIZA).records
    assert found.detail == "Cолиқлар"


def test_a_catalogue_of_any_size_is_looked_through_and_listed_by_pages(
    quality: Quality, cataloguing: Cataloguing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality_module, "AT_ONCE", 2)
    numbers = [published(cataloguing, Dialect.MARC21, _bare(str(key), title=f"Kitob {key}")) for key in range(5)]
    _sweep(quality)
    assert not quality.step()
    page = quality.flawed(FlawKind.NO_CLASS, 0, 2, actor=AZIZA)
    seen = [one.record_id for one in page.records]
    while page.next:
        page = quality.flawed(FlawKind.NO_CLASS, page.next, 2, actor=AZIZA)
        seen += [one.record_id for one in page.records]
    assert seen == numbers


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/here" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Server) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running.server_address[1]
        running.shutdown()


def test_addresses_that_do_not_answer_are_found_at_night(
    quality: Quality, cataloguing: Cataloguing, server: int
) -> None:
    here, gone = (a_field("856", "4 ", u=f"http://127.0.0.1:{server}/{name}") for name in ("here", "gone"))
    number = published(cataloguing, Dialect.MARC21, _with(WHOLE, here, gone))
    _sweep(quality)
    reach = Reach(networks=(ip_network("127.0.0.0/8"),), ports=frozenset({server}))
    links = WebLinks(Transport(agent="test", reach=reach, limits=PATIENCE))
    noon, night = (datetime(2026, 9, 2, hour, tzinfo=ZONE).astimezone(UTC) for hour in (12, 3))
    assert not LinkCheck(quality, links, lambda: noon, ZONE).step()
    at_night = LinkCheck(quality, links, lambda: night, ZONE)
    assert at_night.step()
    assert at_night.step()
    assert not at_night.step()
    (found,) = quality.flawed(FlawKind.DEAD_LINK, 0, 10, actor=AZIZA).records
    assert (found.record_id, found.detail) == (number, f"http://127.0.0.1:{server}/gone")
    revised(cataloguing, number, _with(WHOLE, here))
    _sweep(quality)


def test_the_own_network_is_not_reached_by_a_link_in_a_record() -> None:
    assert "127.0.0.1" in WebLinks(Transport(agent="test", limits=PATIENCE)).problem("http://127.0.0.1/")
    assert WebLinks(Transport(agent="test", limits=PATIENCE)).problem("javascript:alert(1)")
