"""`/oai` over HTTP: the protocol through the real application, methods, bodies, packing, a database that fails."""

from __future__ import annotations

import gzip
import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from library.app import create_app
from library.container import Container
from library.domain.configuration import LibraryFacts
from library.settings import Settings
from tests.harvest.oai_asking import Answer, read
from tests.services.sql_archive import SqlArchive, a_work
from tests.staff import BOTIR

FORM = "application/x-www-form-urlencoded"
NUMBER = 205
LONG_AGO = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)


FAULTS = (
    ("", "badVerb"),
    ("verb=identify", "badVerb"),
    ("verb=Identify&verb=Identify", "badVerb"),
    ("verb=Identify%00", "badVerb"),
    ("verb=%3Cscript%3E", "badVerb"),
    ("verb=Identify&%FF=1", "badArgument"),
    ("verb=ListRecords", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-02-30", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&until=2001-01-01&from=2002-01-01", "badArgument"),
    ("verb=ListRecords&metadataPrefix=marcxml", "cannotDisseminateFormat"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=udc%25", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&set=ud_", "noRecordsMatch"),
    ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:kutubxona.example:999", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:kutubxona.example:01", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:kutubxona.example:" + "9" * 30, "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=etdms&identifier=oai:kutubxona.example:1", "cannotDisseminateFormat"),
    ("verb=ListMetadataFormats&identifier=oai:nowhere.example:1", "idDoesNotExist"),
)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        base_url="https://kutubxona.example",
        institution="Namangan davlat universiteti",
        archive_email="arxiv@kutubxona.example",
    )


@pytest.fixture
def archive(container: Container) -> SqlArchive:
    return SqlArchive(container.database)


@pytest.fixture
def app(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def browser_less(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def full(archive: SqlArchive) -> SqlArchive:
    archive.add(LONG_AGO, *(a_work(f"Kitob {number}", udc=("517",) if number % 2 else ()) for number in range(NUMBER)))
    archive.withdraw("oai:kutubxona.example:7", LONG_AGO + timedelta(hours=1))
    return archive


def ask(client: FlaskClient, query: str) -> Answer:
    response = client.get(f"/oai?{query}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    return read(response.data)


def harvested(client: FlaskClient, query: str) -> Iterator[Answer]:
    while query:
        answer = ask(client, query)
        yield answer
        token = answer.token
        verb = query.partition("&")[0]
        query = f"{verb}&resumptionToken={quote(token.text, safe='')}" if token is not None and token.text else ""


@pytest.mark.usefixtures("full")
def test_it_says_who_it_is(container: Container, browser_less: FlaskClient) -> None:
    container.configuration.save_library(
        LibraryFacts(library_name={"uz-Latn": "Axborot-resurs markazi"}), expected=0, actor=BOTIR
    )
    told = ask(browser_less, "verb=Identify")
    assert told.texts("repositoryName") == ["Axborot-resurs markazi, Namangan davlat universiteti"]
    assert told.texts("baseURL") == ["https://kutubxona.example/oai"]
    assert told.texts("adminEmail") == ["arxiv@kutubxona.example"]
    assert told.texts("earliestDatestamp") == ["2026-01-05T10:00:00Z"]
    assert told.texts("deletedRecord") == ["persistent"]
    assert b"<repositoryIdentifier>kutubxona.example</repositoryIdentifier>" in told.body
    assert b"<sampleIdentifier>oai:kutubxona.example:1</sampleIdentifier>" in told.body


@pytest.mark.parametrize(
    ("facts", "email", "identifier"),
    [
        ({"responsible_contact": "Tel. 1-23, Nodira <arm@nmu.example>"}, "arm@nmu.example", "oai:library.localhost:1"),
        ({"base_url": "https://arm.nmu.example:8443/"}, "postmaster@arm.nmu.example", "oai:arm.nmu.example:1"),
        ({"base_url": "http://10.0.0.7"}, "postmaster@library.localhost", "oai:library.localhost:1"),
    ],
)
def test_it_has_an_address_and_identifiers_whatever_was_set(
    tmp_path, migrated_sqlite, facts: dict[str, str], email: str, identifier: str
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "library.sqlite")
    container = Container(Settings(data_dir=tmp_path, **facts))  # type: ignore[arg-type]
    told = ask(create_app(container).test_client(), "verb=Identify")
    assert told.texts("adminEmail") == [email]
    assert f"<sampleIdentifier>{identifier}</sampleIdentifier>".encode() in told.body
    container.close()


@pytest.mark.usefixtures("full")
def test_everything_comes_page_by_page(browser_less: FlaskClient) -> None:
    for verb in ("ListRecords", "ListIdentifiers"):
        pages = list(harvested(browser_less, f"verb={verb}&metadataPrefix=oai_dc"))
        assert [page.position for page in pages] == [("0", "205", True), ("200", "205", False)]
        headers = [header for page in pages for header in page.headers()]
        assert len({identifier for identifier, _, _ in headers}) == NUMBER
        assert headers[-1] == ("oai:kutubxona.example:7", "2026-01-05T11:00:00Z", True)
    in_set = [
        one
        for page in harvested(browser_less, "verb=ListIdentifiers&metadataPrefix=mods&set=udc%3A5%3A51")
        for one in page.identifiers
    ]
    assert len(in_set) == 102
    assert ask(browser_less, "verb=ListRecords&metadataPrefix=etdms").codes == ["noRecordsMatch"]


@pytest.mark.usefixtures("full")
def test_a_token_is_good_at_another_process(settings: Settings, browser_less: FlaskClient) -> None:
    token = ask(browser_less, "verb=ListIdentifiers&metadataPrefix=oai_dc").token
    assert token is not None
    another = Container(settings)
    answer = ask(create_app(another).test_client(), f"verb=ListIdentifiers&resumptionToken={quote(token.text or '')}")
    assert len(answer.identifiers) == 5
    another.close()


def test_what_was_published_this_minute_is_not_told_yet(archive: SqlArchive, browser_less: FlaskClient) -> None:
    archive.publish(datetime.now(UTC))
    assert ask(browser_less, "verb=ListRecords&metadataPrefix=oai_dc").codes == ["noRecordsMatch"]
    archive.publish(datetime.now(UTC) - timedelta(minutes=1))
    assert len(ask(browser_less, "verb=ListRecords&metadataPrefix=oai_dc").identifiers) == 1


@pytest.mark.usefixtures("full")
def test_faults_are_told_in_the_words_of_the_protocol(browser_less: FlaskClient) -> None:
    for query, code in FAULTS:
        assert ask(browser_less, query).codes == [code], query


@pytest.mark.usefixtures("full")
def test_get_and_post_are_one_and_other_methods_and_bodies_are_refused(browser_less: FlaskClient) -> None:
    def unstamped(body: bytes) -> bytes:
        return re.sub(b"<responseDate>.*?</responseDate>", b"", body)

    asked = browser_less.get("/oai?verb=ListSets")
    posted = browser_less.post("/oai", data="verb=ListSets", content_type=FORM)
    assert posted.status_code == 200
    assert unstamped(posted.data) == unstamped(asked.data)
    assert read(browser_less.post("/oai?verb=Identify", data="", content_type=FORM).data).codes == ["badVerb"]
    head = browser_less.head("/oai?verb=Identify")
    assert (head.status_code, head.data) == (200, b"")
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        refused = browser_less.open("/oai?verb=Identify", method=method)
        assert refused.status_code == 405
        assert refused.headers["Allow"] == "GET, HEAD, POST"
    assert browser_less.post("/oai", json={"verb": "Identify"}).status_code == 415
    assert browser_less.post("/oai", data="verb=" + "x" * 70_000, content_type=FORM).status_code == 413


@pytest.mark.usefixtures("full")
def test_a_page_is_packed_for_those_who_take_it_so(browser_less: FlaskClient) -> None:
    query = "/oai?verb=ListRecords&metadataPrefix=oai_dc"
    plain = browser_less.get(query)
    packed = browser_less.get(query, headers={"Accept-Encoding": "gzip, deflate"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) * 5 < len(plain.data)
    assert read(gzip.decompress(packed.data)).identifiers == read(plain.data).identifiers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    refusing = browser_less.get(query, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refusing.headers


def test_a_database_that_fails_is_told_with_the_time_to_come_back(
    container: Container, browser_less: FlaskClient
) -> None:
    with container.database.engine.begin() as connection:
        connection.execute(text("DROP TABLE archive_places"))
        connection.execute(text("DROP TABLE archive_conversions"))
        connection.execute(text("DROP TABLE archive_items"))
    refused = browser_less.get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "120"
    assert refused.mimetype == "text/plain"


def test_one_address_that_asks_too_often_is_told_when_to_come_back(browser_less: FlaskClient) -> None:
    stranger = {"REMOTE_ADDR": "203.0.113.5"}
    answers = [browser_less.get("/oai?verb=ListMetadataFormats", environ_base=stranger) for _ in range(601)]
    assert {answer.status_code for answer in answers[:600]} == {200}
    assert answers[600].status_code == 503
    assert 0 < int(answers[600].headers["Retry-After"]) <= 60
    assert browser_less.get("/oai?verb=ListMetadataFormats").status_code == 200


def test_a_record_that_nobody_can_write_costs_no_other(
    container: Container, archive: SqlArchive, browser_less: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        archive.publish(LONG_AGO)
    with container.database.engine.begin() as connection:
        connection.execute(text("UPDATE records SET marc = 'broken' WHERE id = 2"))
    with caplog.at_level(logging.ERROR):
        told = ask(browser_less, "verb=ListRecords&metadataPrefix=marc21")
    assert told.identifiers == ["oai:kutubxona.example:1", "oai:kutubxona.example:3"]
    assert "Record 2 can't be written as marc21" in caplog.text


def test_characters_that_xml_forbids_break_no_page(archive: SqlArchive, browser_less: FlaskClient) -> None:
    archive.add(
        LONG_AGO, a_work("Kitob\x00\x0b\ufffe <b>&amp; oʻ 😀 ]]>", abstract="\x1f", keywords=("\x7f", "a\x01b"))
    )
    for prefix in ("oai_dc", "qdc", "mods", "oai_openaire", "marc21"):
        assert ask(browser_less, f"verb=ListRecords&metadataPrefix={prefix}").identifiers, prefix
    told = ask(browser_less, "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:kutubxona.example:1")
    assert "<dc:title>Kitob &lt;b&gt;&amp;amp; oʻ 😀 ]]&gt;</dc:title>".encode() in told.body


@pytest.mark.usefixtures("full")
def test_whoever_looks_with_a_browser_gets_a_page_and_programs_never_do(browser_less: FlaskClient) -> None:
    browser = {"Sec-Fetch-Dest": "document", "Accept": "text/html"}
    queries = (
        "",
        "verb=Identify",
        "verb=ListSets",
        "verb=ListMetadataFormats",
        "verb=ListRecords&metadataPrefix=marc21",
    )
    for query in queries:
        page = browser_less.get(f"/oai?{query}", headers=browser)
        assert page.mimetype == "text/html"
        assert page.text.startswith("<!DOCTYPE html")
        assert "<h1>Open archive</h1>" in page.text
        assert not re.search(r"<script|<style| style=| on[a-z]+=|javascript:", page.text)
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "Sec-Fetch-Dest" in page.headers["Vary"]
    for headers in ({}, {"Accept": "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"}):
        assert browser_less.get("/oai?verb=Identify", headers=headers).mimetype == "text/xml"


def test_what_stands_in_a_record_or_a_request_runs_in_no_page(archive: SqlArchive, browser_less: FlaskClient) -> None:
    archive.add(LONG_AGO, a_work("<script>alert(1)</script>\" onload='x'"))
    browser = {"Sec-Fetch-Dest": "document"}
    shown = browser_less.get("/oai?verb=ListRecords&metadataPrefix=oai_dc", headers=browser).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    asked = browser_less.get("/oai?verb=%3Cscript%3Ealert(1)%3C/script%3E&x=%22%3E", headers=browser).text
    assert "<script" not in shown + asked


def test_the_stylesheet_is_named_for_browsers_that_still_know_how(app: Flask, browser_less: FlaskClient) -> None:
    told = browser_less.get("/oai?verb=Identify").data
    (address,) = re.findall(rb'<\?xml-stylesheet type="text/xsl" href="([^"]+)"\?>', told)
    with closing(app.test_client().get(address.decode())) as sheet:
        assert sheet.status_code == 200
        assert sheet.mimetype in ("application/xslt+xml", "text/xsl", "application/xml", "text/xml")
