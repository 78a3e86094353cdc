"""Files as readers get them: bytes with their headers, or a page that names the rule and the way on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import parse_options_header
from werkzeug.test import TestResponse

from library.app import create_app
from library.container import Container
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Document, DocumentState
from library.domain.people import Role
from library.domain.record import Status
from library.settings import Settings
from library.web.reading_bytes import HARMLESS, disposition
from library.web.security import HEADERS
from storage.model import Digest, Finding, MediaType, Verdict
from tests.builders import add_records
from tests.documents import KEPT_AT, PDF, a_document, keep
from tests.signed_in import a_person, browser_of, guest_of

CAMPUS = {"REMOTE_ADDR": "10.20.3.4"}
TOMORROW = date(2099, 1, 5)


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Container]:
    directory = tmp_path_factory.mktemp("reading")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory, campus_networks=("10.20.0.0/16",)))
    yield container
    container.close()


@pytest.fixture(scope="module")
def app(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture(scope="module")
def guest(app: Flask) -> FlaskClient:
    return guest_of(app)


@pytest.fixture(scope="module")
def reader(app: Flask, container: Container) -> FlaskClient:
    return browser_of(app, container, a_person(container, "dilnoza", Role.READER))


@pytest.fixture(scope="module")
def record_id(container: Container) -> int:
    return add_records(container.database, "Oliy matematika")[0]


@pytest.fixture
def a_file(container: Container, record_id: int) -> Callable[..., Document]:
    def make(level: AccessLevel = AccessLevel.OPEN, **changes: object) -> Document:
        return keep(container, replace(a_document(record_id, level), **changes))  # type: ignore[arg-type]

    return make


def _get(client: FlaskClient, file: Document, query: str = "", **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(f"/files/{file.id}{query}", headers=named, buffered=True)


def test_an_open_file_is_given_to_everybody_under_headers_that_make_it_harmless(
    guest: FlaskClient, a_file: Callable[..., Document]
) -> None:
    file = a_file()
    for path in (f"/files/{file.id}", f"/files/{file.id}/kitob.pdf", f"/files/{file.id}/nothing.html"):
        response = guest.get(path, buffered=True)
        assert response.data == PDF
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Content-Length"] == str(len(PDF))
        assert response.headers["ETag"] == f'"{Digest.of(PDF).hex}"'
        assert response.headers["Last-Modified"] == "Wed, 02 Sep 2026 10:00:00 GMT"
        assert response.headers["Accept-Ranges"] == "bytes"
        assert response.headers["Content-Disposition"] == 'attachment; filename="kitob.pdf"'
        assert response.headers["Content-Security-Policy"] == HARMLESS
        assert response.headers["Cache-Control"] == "public, max-age=60"
        assert "X-Robots-Tag" not in response.headers
        for name in set(HEADERS) - {"Content-Security-Policy"}:
            assert response.headers[name] == HEADERS[name]
        assert "Set-Cookie" not in response.headers


def test_an_open_file_may_be_kept_though_somebody_who_signed_in_asked_for_it(
    reader: FlaskClient, a_file: Callable[..., Document]
) -> None:
    file = a_file()
    for path in (f"/files/{file.id}", f"/files/{file.id}/kitob.pdf", f"/files/{file.id}?inline=1"):
        response = reader.get(path, buffered=True)
        assert response.headers["Cache-Control"] == "public, max-age=60"
        assert "Set-Cookie" not in response.headers
    assert reader.get(f"/files/{file.id}/cover").headers["Cache-Control"] == "public, max-age=600"
    for path in (f"/files/{file.id}/titled", f"/files/{file.id}?cover=1", "/files/99999"):
        assert reader.get(path, buffered=True).headers["Cache-Control"] == "no-store"


def test_what_is_not_open_is_kept_by_no_cache_and_no_search_engine(
    reader: FlaskClient, guest: FlaskClient, a_file: Callable[..., Document]
) -> None:
    response = _get(reader, a_file(AccessLevel.MEMBERS))
    assert response.data == PDF
    assert response.headers["Cache-Control"] == "no-store"  # as of every page of somebody who signed in
    assert response.headers["X-Robots-Tag"] == "noindex"
    on_campus = guest.get(f"/files/{a_file(AccessLevel.CAMPUS).id}", environ_overrides=CAMPUS, buffered=True)
    assert on_campus.data == PDF
    assert on_campus.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("asked", "part", "place"),
    [
        ("bytes=0-3", PDF[:4], "0-3"),
        ("bytes=10-", PDF[10:], f"10-{len(PDF) - 1}"),
        ("bytes=-5", PDF[-5:], f"{len(PDF) - 5}-{len(PDF) - 1}"),
        ("bytes=0-999999999", PDF, f"0-{len(PDF) - 1}"),
        ("bytes=-999999999", PDF, f"0-{len(PDF) - 1}"),
        ("BYTES=1-1", PDF[1:2], "1-1"),
    ],
)
def test_one_range_is_given_alone(
    guest: FlaskClient, a_file: Callable[..., Document], asked: str, part: bytes, place: str
) -> None:
    response = _get(guest, a_file(), Range=asked)
    assert (response.status_code, response.data) == (206, part)
    assert response.headers["Content-Range"] == f"bytes {place}/{len(PDF)}"
    assert response.headers["Content-Length"] == str(len(part))
    assert response.headers["Content-Security-Policy"] == HARMLESS


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-1,4-5",
        "bytes=5-1",
        "bytes=999999999-",
        "bytes=abc",
        "bytes=",
        "bytes=-0",
        "bytes=--5",
        "bytes=1-2-3",
        "bytes=" + "9" * 4000 + "-",
        "bytes=-" + "9" * 5000,
        "bytes=0-0," * 500,
    ],
)
def test_any_other_range_is_refused_and_says_how_long_the_file_is(
    guest: FlaskClient, a_file: Callable[..., Document], asked: str
) -> None:
    response = _get(guest, a_file(), Range=asked)
    assert response.status_code in (206, 416)
    if response.status_code == 206:
        assert response.data == PDF  # a suffix longer than the file is the file
    else:
        assert response.data == b""
        assert response.headers["Content-Range"] == f"bytes */{len(PDF)}"


def test_units_of_ranges_that_nobody_knows_are_ignored(guest: FlaskClient, a_file: Callable[..., Document]) -> None:
    response = _get(guest, a_file(), Range="lines=1-2")
    assert (response.status_code, response.data) == (200, PDF)


def test_a_download_goes_on_only_with_the_same_file(guest: FlaskClient, a_file: Callable[..., Document]) -> None:
    file = a_file()
    same = _get(guest, file, Range="bytes=4-", If_Range=f'"{file.digest}"')
    assert (same.status_code, same.data) == (206, PDF[4:])
    for other in ('"' + "0" * 64 + '"', "Mon, 01 Jan 2024 00:00:00 GMT", "nonsense"):
        assert _get(guest, file, Range="bytes=4-", If_Range=other).data == PDF, other


def test_who_has_it_already_is_told_so_and_who_may_not_have_it_is_not(
    guest: FlaskClient, a_file: Callable[..., Document]
) -> None:
    file, closed = a_file(), a_file(AccessLevel.CLOSED)
    response = _get(guest, file, If_None_Match=f'"{file.digest}"')
    assert (response.status_code, response.data) == (304, b"")
    assert response.headers["ETag"] == f'"{file.digest}"'
    assert _get(guest, file, If_Modified_Since="Wed, 02 Sep 2026 10:00:00 GMT").status_code == 304
    assert _get(guest, file, If_None_Match='"other"').status_code == 200
    assert _get(guest, file, If_Match='"other"').status_code == 412
    assert _get(guest, closed, If_None_Match=f'"{file.digest}"').status_code == 403
    assert _get(guest, closed, If_None_Match="*").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"' * 3000},
        {"If-None-Match": "W/" * 999},
        {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Fri, 99 Foo 99999 99:99:99 GMT"},
        {"If-Range": "\xff\xfe", "Range": "bytes=0-"},
        {"Range": "\xff=0-"},
        {"Host": "evil.example"},
        {"Accept-Encoding": "gzip, br", "Range": "bytes=0-1"},
    ],
)
def test_odd_headers_change_nothing_for_the_worse(
    guest: FlaskClient, a_file: Callable[..., Document], headers: dict[str, str]
) -> None:
    response = guest.get(f"/files/{a_file().id}", headers=headers, buffered=True)
    assert response.status_code in (200, 206, 304)
    assert response.headers["Content-Security-Policy"] == HARMLESS


def test_head_says_what_get_would_without_a_byte(guest: FlaskClient, a_file: Callable[..., Document]) -> None:
    file = a_file()
    asked, got = guest.head(f"/files/{file.id}", headers={"Range": "bytes=0-1"}), _get(guest, file)
    assert (asked.status_code, asked.data) == (200, b"")
    ours = dict(asked.headers), dict(got.headers)
    assert ours[0] == ours[1]


def test_a_pdf_alone_may_be_shown_and_runs_nothing(guest: FlaskClient, a_file: Callable[..., Document]) -> None:
    shown = _get(guest, a_file(), "?inline=1")
    assert shown.headers["Content-Disposition"] == 'inline; filename="kitob.pdf"'
    assert shown.headers["Content-Security-Policy"] == HARMLESS
    for kind in set(MediaType) - {MediaType.PDF}:
        response = _get(guest, a_file(media_type=kind), "?inline=1")
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["Content-Type"].split(";")[0] == kind


@pytest.mark.parametrize(
    ("name", "plain", "whole"),
    [
        ("Олий математика.pdf", "oliy matematika.pdf", "Олий математика.pdf"),
        ("Өнөр жана тил.epub", "onor jana til.epub", "Өнөр жана тил.epub"),
        ("Oʻzbek tili.pdf", "ozbek tili.pdf", "Oʻzbek tili.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf", None),
        ("C:\\windows\\win.ini", "win.ini", None),
        ("a\x00b\r\nSet-Cookie: x=1.pdf", "abSet-Cookie_ x_1.pdf", "abSet-Cookie_ x=1.pdf"),
        ("kitob\u202efdp.exe", "kitobfdp.exe", None),
        ('a"; filename="b.html', "a__ filename__b.html", "a_; filename=_b.html"),
        ("كتاب.pdf", "file.pdf", "كتاب.pdf"),
        ("", "file", None),
        (".pdf", "pdf", None),
    ],
)
def test_names_are_safe_for_old_and_new_browsers(name: str, plain: str, whole: str | None) -> None:
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    kind, options = parse_options_header(header)
    assert kind == "attachment"
    # Of two names the parser takes the one that RFC 6266 prefers.
    assert options["filename"] == (whole or plain)
    assert f'filename="{plain}"' in header


def test_a_name_of_three_hundred_characters_keeps_its_extension(
    guest: FlaskClient, a_file: Callable[..., Document]
) -> None:
    header = _get(guest, a_file(name="ш" * 300 + ".pdf")).headers["Content-Disposition"]
    assert len(header) < 1000
    assert parse_options_header(header)[1]["filename"].endswith("ш.pdf")


def test_each_refusal_names_its_rule_and_the_way_on(
    guest: FlaskClient, reader: FlaskClient, a_file: Callable[..., Document], record_id: int
) -> None:
    file = a_file(AccessLevel.MEMBERS)
    members = _get(guest, file, "?inline=1")
    text = members.get_data(as_text=True)
    assert members.status_code == 403
    assert members.headers["Cache-Control"] == "no-store"
    assert "Sign in with your library account." in text
    assert f"/sign-in?next=%2Ffiles%2F{file.id}%3Finline%3D1" in text
    assert f'href="/record/{record_id}"' in text
    assert "AB · 22.1 · 1042 (Available)" in text
    held = a_file(AccessLevel.VIEW_ONLY)
    text = _get(guest, held).get_data(as_text=True)
    assert f"/sign-in?next=%2Fview%2F{held.id}" in text
    text = _get(reader, held).get_data(as_text=True)
    assert f'href="/view/{held.id}"' in text
    assert "/sign-in" not in text.split("<main")[1].split("</main>")[0]
    assert "Come to a reading room" in _get(reader, a_file(AccessLevel.CAMPUS)).get_data(as_text=True)
    assert "This file is closed" in _get(reader, a_file(AccessLevel.CLOSED)).get_data(as_text=True)
    embargo = a_file(rights=Rights(level=AccessLevel.OPEN, embargo_until=TOMORROW))
    assert "This file opens on 5 January 2099" in _get(guest, embargo).get_data(as_text=True)


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("uz-Latn", "2099-yil 5-yanvar"),
        ("uz-Cyrl", "2099 йил 5 январь"),
        ("ky", "2099-жылдын 5-январы"),
        ("ru", "5 января 2099 г."),
    ],
)
def test_the_day_on_which_a_file_opens_is_written_as_the_reader_writes_it(
    app: Flask, a_file: Callable[..., Document], language: str, day: str
) -> None:
    embargo = a_file(rights=Rights(level=AccessLevel.OPEN, embargo_until=TOMORROW))
    assert day in _get(guest_of(app), embargo, f"?lang={language}").get_data(as_text=True)


def test_machines_are_told_the_rule(guest: FlaskClient, a_file: Callable[..., Document]) -> None:
    response = _get(guest, a_file(AccessLevel.VIEW_ONLY), Accept="application/json")
    assert response.status_code == 403
    assert response.json is not None
    assert response.json["error"]["code"] == "reading-refused"
    assert response.json["error"]["rule"] == "view-only"
    assert response.json["error"]["message"]


def test_a_file_that_readers_are_not_told_of_answers_as_a_number_that_never_was(
    guest: FlaskClient, reader: FlaskClient, container: Container, a_file: Callable[..., Document], record_id: int
) -> None:
    (draft,) = add_records(container.database, "Qoralama", status=Status.DRAFT)
    hidden = [
        *(a_file(state=state) for state in (DocumentState.ARRIVING, DocumentState.QUARANTINED, DocumentState.REFUSED)),
        a_file(state=DocumentState.WITHDRAWN, approved=None),
        a_file(approved=None),
        keep(container, a_document(draft)),
    ]
    assert record_id
    for client in (guest, reader):
        for accept in ("text/html", "application/json"):
            never = client.get("/files/999999", headers={"Accept": accept}, buffered=True)
            assert never.status_code == 404
            for file in hidden:
                response = client.get(f"/files/{file.id}", headers={"Accept": accept}, buffered=True)
                assert _same(response, file.id) == _same(never, 999999)


def _same(response: TestResponse, number: int) -> tuple[int, str, dict[str, str]]:
    """A response without the numbers of the file and of the request."""
    request_id = response.headers["X-Request-ID"]
    text = response.get_data(as_text=True).replace(request_id, "")
    text = re.sub(rf"(/files/|There is no file ){number}\b", r"\1N", text)
    headers = {name: value for name, value in response.headers if name not in ("X-Request-ID", "Content-Length")}
    return response.status_code, text, headers


def test_a_file_of_a_withdrawn_record_is_gone_as_the_record_is(guest: FlaskClient, container: Container) -> None:
    (gone,) = add_records(container.database, "Yoʻqolgan kitob", status=Status.WITHDRAWN)
    file = keep(container, a_document(gone))
    response = _get(guest, file)
    assert response.status_code == 410
    assert "lost in the flood" in response.get_data(as_text=True)
    assert _get(guest, file, Accept="application/json").json["error"]["code"] == "withdrawn"  # type: ignore[index]
    assert _get(guest, keep(container, a_document(gone, approved=False))).status_code == 404


def test_bytes_that_are_clean_no_more_are_never_given_out(
    guest: FlaskClient, container: Container, a_file: Callable[..., Document]
) -> None:
    file = a_file()
    digest = Digest(file.digest)
    found = Verdict(finding=Finding.INFECTED, digest=digest, engine="ClamAV", signatures="1", scanned_at=KEPT_AT)
    container.store.note_verdict(digest, found)
    for headers in ({}, {"Range": "bytes=0-9"}, {"If-None-Match": f'"{file.digest}"'}):
        response = guest.get(f"/files/{file.id}", headers=headers, buffered=True)
        assert response.status_code == 403
        assert b"%PDF" not in response.data


@pytest.mark.parametrize(
    "path",
    [
        "/files/0",
        "/files/-1",
        "/files/999999999999",
        "/files/1/../../etc/passwd",
        "/files/1/..%2f..%2fetc%2fpasswd",
        "/files/%00",
        "/files/1.pdf",
        "/files/",
    ],
)
def test_odd_addresses_lead_nowhere(guest: FlaskClient, path: str) -> None:
    assert guest.get(path).status_code == 404
