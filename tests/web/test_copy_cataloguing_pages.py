"""Copy cataloguing in the browser: hostile partners are shown as text, honest ones are copied from."""

from __future__ import annotations

import html
import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from harvest.lookup.model import Dialect as PartnerDialect
from harvest.lookup.model import Protocol, Target
from harvest.lookup.search import Catalogues
from library.app import create_app
from library.container import Container, now
from library.domain.marc import Dialect, MarcRecord
from library.domain.people import Role
from library.marc import marcxml
from library.services.copy_cataloguing import CopyCataloguing
from library.services.targets import Targets
from tests.builders import a_marc21_record, a_unimarc_record, add_records
from tests.harvest.hostile_server import HostileServer, answer, raw
from tests.harvest.loopback import catalogues_on
from tests.web.colleagues import Colleague, colleague

MARKER = '"><x-m id=1>'
CATALOGUES = "/copy-cataloguing/catalogues"
Enter = Callable[..., int]


@dataclass
class Partners:
    """The ports of this machine that may be reached, and how long each partner may take."""

    ports: set[int] = field(default_factory=set)
    seconds: float = 10

    def open(self) -> Catalogues:
        return catalogues_on(*self.ports, seconds=self.seconds)


@pytest.fixture
def partners(container: Container) -> Partners:
    partners = Partners()
    container.copy_cataloguing = CopyCataloguing(
        container.database, partners.open, container.cataloguing, container.duplicates, now
    )
    container.targets = Targets(container.database, partners.open, now)
    return partners


@pytest.fixture
def portal(container: Container, partners: Partners) -> Flask:  # noqa: ARG001  (the partners must be there before)
    return create_app(container)


@pytest.fixture
def enter(container: Container, partners: Partners) -> Enter:
    """Enters a catalogue at this address of this machine; its number."""

    def entered(url: str, name: str = "Milliy kutubxona", **more: Any) -> int:
        partners.ports.add(urlsplit(url).port or 0)
        with container.database.writing() as tx:
            number = tx.targets.add(Target(name=name, protocol=Protocol.SRU, address=url, **more), now())
            tx.commit()
        return number

    return entered


@pytest.fixture
def nodira(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.CATALOGUER, name="Nodira")


@pytest.fixture
def botir(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.HEAD, name="Botir")


def _response(*records: str, total: int = 0) -> bytes:
    inside = "".join(f"<record><recordData>{record}</recordData></record>" for record in records)
    return (
        '<searchRetrieveResponse xmlns="http://www.loc.gov/zing/srw/">'
        f"<numberOfRecords>{total or len(records)}</numberOfRecords><records>{inside}</records>"
        "</searchRetrieveResponse>"
    ).encode()


def _xml(marc: MarcRecord, dialect: Dialect = Dialect.MARC21) -> str:
    return marcxml.encode(dialect, marc).decode()


def _text(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def _form(page: str) -> dict[str, str]:
    """The hidden fields of the first form that takes a record over."""
    form = page[page.index('action="/copy-cataloguing/drafts"') :]
    form = form[: form.index("</form>")]
    return {name: html.unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}


def test_a_catalogue_is_entered_tried_and_changed(botir: Colleague, partners: Partners, ztest: int) -> None:
    partners.ports.add(ztest)
    assert "None is entered yet" in botir.page(CATALOGUES)
    entry = {
        "name": "Sinov",
        "protocol": "z3950",
        "address": f"127.0.0.1:{ztest}",
        "database": "Default",
        "dialect": "marc21",
        "words": "3",
    }
    tried = botir.post(CATALOGUES, **entry, **{"try": "1"})
    page = tried.get_data(as_text=True)
    assert tried.status_code == 200
    assert "The search found 3 records." in page
    assert "How to program a computer" in page
    assert 'value="Sinov"' in page
    assert "None is entered yet" in botir.page(CATALOGUES)

    assert botir.post(CATALOGUES, **entry).status_code == 303
    (number,) = re.findall(rf'href="{CATALOGUES}/(\d+)"', botir.page(CATALOGUES))
    form = botir.page(f"{CATALOGUES}/{number}")
    assert 'name="row" value="1"' in form
    sru = {**entry, "protocol": "sru", "address": f"http://127.0.0.1:{ztest}/Default", "row": "1"}
    tried = botir.post(f"{CATALOGUES}/{number}", **sru, **{"try": "1"})
    assert "describes itself as “Books about programming”" in tried.get_data(as_text=True)
    assert botir.post(f"{CATALOGUES}/{number}", **sru).status_code == 303
    assert botir.post(f"{CATALOGUES}/{number}", **sru).status_code == 409
    assert botir.post(f"{CATALOGUES}/{number}/remove", row="2").status_code == 303
    assert "None is entered yet" in botir.page(CATALOGUES)


WRONG_ENTRIES = (
    {"name": ""},
    {"protocol": "gopher"},
    {"dialect": "klingon"},
    {"address": ""},
    {"version": "9"},
    {"query_charset": "no such"},
    {"record_charset": "no such"},
    {"record_format": "a b"},
    {"index-title": '" or 1'},
    {"protocol": "z3950", "database": "a;b"},
)


def test_an_entry_that_can_not_be_right_comes_back_with_all_that_was_typed(botir: Colleague) -> None:
    for wrong in WRONG_ENTRIES:
        entry = {"name": MARKER, "protocol": "sru", "address": f"http://a/{MARKER}", "dialect": "marc21", **wrong}
        refused = botir.post(CATALOGUES, **entry)
        page = refused.get_data(as_text=True)
        assert refused.status_code == 422, wrong
        assert 'role="alert"' in page
        assert "<x-m" not in page
        for name, value in entry.items():
            assert html.escape(value).replace("&quot;", "&#34;") in page or name in ("protocol", "dialect", "version")


def test_addresses_of_the_inside_are_not_tried(botir: Colleague) -> None:
    for address in (
        "http://169.254.169.254/",
        "http://2130706433/",
        "file:///etc/passwd",
        "http://a@b/",
        "gopher://x/",
    ):
        entry = {"name": "x", "protocol": "sru", "address": address, "dialect": "marc21", "try": "1"}
        page = botir.post(CATALOGUES, **entry).get_data(as_text=True)
        assert "The server did not answer as it should" in page, address
        assert "root:" not in page


def test_a_record_is_found_looked_at_and_taken_over(
    container: Container, enter: Enter, nodira: Colleague, ztest: int
) -> None:
    assert "No partner catalogue is entered yet" in nodira.page("/copy-cataloguing")
    number = enter(f"http://127.0.0.1:{ztest}/Default", name="Sinov")
    form = nodira.page("/copy-cataloguing")
    assert f'name="target" value="{number}" checked' in form
    found = nodira.page(f"/copy-cataloguing?title=12+programs&target={number}")
    assert "12 records" in found
    assert "How to program a computer" in found
    (more,) = re.findall(r'href="(/copy-cataloguing\?[^"]*start=11[^"]*)"', found)
    assert nodira.page(html.unescape(more)).count("/copy-cataloguing/record?") == 2

    (first, *_) = re.findall(r'href="(/copy-cataloguing/record\?[^"]+)"', found)
    record = nodira.page(html.unescape(first))
    assert "How to program a computer" in record
    assert "Take over into a draft" in record
    assert "LDR" in record
    made = nodira.post("/copy-cataloguing/drafts", **_form(record))
    assert made.status_code == 303
    draft = int(made.headers["Location"].removeprefix("/cataloguing/"))
    with container.database.reading() as view:
        assert view.records.get(draft).marc.first("588", "a").startswith("Sinov, ")  # type: ignore[union-attr]

    again = nodira.page(html.unescape(first))
    assert "Perhaps it is here already" in again
    assert f'href="/cataloguing/{draft}"' in again


def test_a_unimarc_record_can_be_converted(container: Container, enter: Enter, nodira: Colleague) -> None:
    body = _response(_xml(a_unimarc_record(), Dialect.UNIMARC))
    with HostileServer(answer(body)) as server:
        number = enter(server.url(), dialect=PartnerDialect.UNIMARC)
        page = nodira.page(f"/copy-cataloguing/record?from={number}&title=x&position=1")
    assert "Keep it as it is, in UNIMARC" in page
    assert "Convert it to MARC 21" in page
    fields = _form(page)
    assert (fields["dialect"], fields["into"]) == ("unimarc", "unimarc")
    made = nodira.post("/copy-cataloguing/drafts", **{**fields, "into": "marc21"})
    draft = int(made.headers["Location"].rpartition("/")[2])
    with container.database.reading() as view:
        assert view.records.get(draft).marc.first("245", "a") == "Общая химия"


def test_markup_from_a_partner_is_shown_as_text(container: Container, enter: Enter, nodira: Colleague) -> None:
    add_records(container.database, f"Kimyo {MARKER}")
    evil = a_marc21_record(f"x{MARKER}", title=f"Kimyo {MARKER}", author=f"Soatov {MARKER}")
    diagnostic = (
        f"<diagnostic><uri>info:srw/diagnostic/1/999</uri><details>{html.escape(MARKER)}</details></diagnostic>"
    )
    body = _response(_xml(evil), diagnostic)
    with HostileServer(answer(body)) as server:
        number = enter(server.url(), name=f"Partner {MARKER}")
        results = nodira.page(f"/copy-cataloguing?title={MARKER}&target={number}")
        record = nodira.page(f"/copy-cataloguing/record?from={number}&title={MARKER}&position=1")
    for page in (results, record):
        assert "<x-m" not in page
        assert "x-m id=1" in page
    assert "Perhaps it is here already" in results
    made = nodira.post("/copy-cataloguing/drafts", **_form(record))
    assert made.status_code == 303


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "DOCTYPE"),
        (b"<?xml version='1.0'?><!DOCTYPE lolz [" + b"<!ENTITY a 'b'>" * 20 + b"]><x/>", "DOCTYPE"),
        (b"<a>" * 5000, "well-formed|deeper"),
        (b"<html>hello</html>", "no SRU server"),
        (b"", "well-formed"),
        (b"<searchRetrieveResponse/>", "how many records"),
    ],
)
def test_what_is_no_answer_is_told_beside_the_others(
    enter: Enter, nodira: Colleague, ztest: int, body: bytes, told: str
) -> None:
    with HostileServer(answer(body, "Content-Type: text/xml")) as server:
        enter(server.url(), name="Bad")
        enter(f"http://127.0.0.1:{ztest}/Default", name="Good")
        start = time.monotonic()
        page = nodira.page("/copy-cataloguing?title=2&target=1&target=2")
        assert time.monotonic() - start < 20
    assert re.search(told, _text(page))
    assert "How to program a computer" in page
    assert "root:" not in page


def test_a_bomb_and_a_silent_partner_are_left_in_time(enter: Enter, partners: Partners, nodira: Colleague) -> None:
    partners.seconds = 1
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        HostileServer(raw(b"HTTP/1.1 200 OK\r\n\r\n", *[b" " * (1 << 20)] * 64)) as flood,
    ):
        enter(f"http://127.0.0.1:{silent.getsockname()[1]}/", name="Silent")
        enter(flood.url(), name="Flood")
        start = time.monotonic()
        page = nodira.page("/copy-cataloguing?title=2&target=1&target=2")
        assert time.monotonic() - start < 30
        refused = nodira.get("/copy-cataloguing/record?from=1&title=2&position=1")
    assert "1 seconds" in page
    assert "larger than 20 megabytes" in page
    assert refused.status_code == 502
    assert "did not answer as it should" in refused.get_data(as_text=True)


def test_a_giant_record_is_shown_in_part_and_not_taken_over(enter: Enter, nodira: Colleague) -> None:
    marc = a_marc21_record(title="K" * 500_000)
    with HostileServer(answer(_response(_xml(marc)))) as server:
        number = enter(server.url())
        results = nodira.page(f"/copy-cataloguing?title=x&target={number}")
        record = nodira.page(f"/copy-cataloguing/record?from={number}&title=x&position=1")
    assert len(results) < 100_000
    assert len(record) < 100_000
    assert "too large to be taken over" in record
    assert "longer than this page shows" in record
    assert 'action="/copy-cataloguing/drafts"' not in record


def test_what_can_not_be_a_draft_says_why(enter: Enter, nodira: Colleague) -> None:
    marc = a_marc21_record().with_fields(field for field in a_marc21_record().fields if field.tag != "245")
    with HostileServer(answer(_response(_xml(marc)))) as server:
        number = enter(server.url())
        page = nodira.page(f"/copy-cataloguing/record?from={number}&title=x&position=1")
    assert "There is no title (245 $a)." in page
    assert 'action="/copy-cataloguing/drafts"' not in page


def test_a_search_for_nothing_or_nowhere_is_told(nodira: Colleague) -> None:
    assert nodira.get("/copy-cataloguing?title=+").status_code == 200
    for query in ("target=1", "title=x", "title=x&target=7", "title=x&target=-1", "title=%22*&target=1"):
        response = nodira.get(f"/copy-cataloguing?{query}")
        assert response.status_code == 422, query
        assert 'role="alert"' in response.get_data(as_text=True)


def test_forged_and_damaged_forms_are_refused(enter: Enter, nodira: Colleague) -> None:
    number = str(enter("http://127.0.0.1:9/"))
    for fields in ({}, {"record": "junk"}, {"record": "LDR x", "dialect": "irbis"}, {"record": MARKER}):
        response = nodira.post("/copy-cataloguing/drafts", target=number, **fields)
        assert response.status_code == 422
        assert "<x-m" not in response.get_data(as_text=True)
    assert nodira.post("/copy-cataloguing/drafts", target="99", record="", dialect="marc21").status_code in (404, 422)


def test_each_page_is_for_those_who_may(container: Container, portal: Flask, nodira: Colleague) -> None:
    administrator = colleague(container, portal, Role.ADMINISTRATOR, name="Sardor")
    reader = colleague(container, portal, Role.READER, name="Talaba")
    assert nodira.get(CATALOGUES).status_code == 403
    assert nodira.post(CATALOGUES, name="x").status_code == 403
    assert administrator.get(CATALOGUES).status_code == 200
    assert administrator.get("/copy-cataloguing").status_code == 403
    assert reader.get("/copy-cataloguing").status_code == 403
    assert reader.get("/copy-cataloguing/record?from=1&title=x&position=1").status_code == 403
    assert reader.post("/copy-cataloguing/drafts").status_code == 403
    assert "/copy-cataloguing" in nodira.page("/")
    assert CATALOGUES not in nodira.page("/")
    assert CATALOGUES in administrator.page("/")
