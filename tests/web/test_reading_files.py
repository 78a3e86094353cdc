"""The files of a record on its page, in lists, and in what machines read of a page."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Document, DocumentState
from library.domain.people import Role
from library.settings import Settings
from storage.model import MediaType
from tests.builders import add_records
from tests.documents import PDF, a_document, a_pdf, keep
from tests.signed_in import a_person, browser_of, guest_of

BROKEN = b"%PDF-1.7\nnothing that could be drawn\n%%EOF\n"


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Container]:
    directory = tmp_path_factory.mktemp("files")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory, campus_networks=("10.20.0.0/16",)))
    container.indexing.rebuild()
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
def staff(app: Flask, container: Container) -> FlaskClient:
    return browser_of(app, container, a_person(container, "nodira", Role.CATALOGUER))


@pytest.fixture
def record_id(container: Container) -> int:
    return add_records(container.database, "Oliy matematika")[0]


@pytest.fixture
def a_file(container: Container, record_id: int) -> Callable[..., Document]:
    def make(level: AccessLevel = AccessLevel.OPEN, **changes: object) -> Document:
        return keep(container, replace(a_document(record_id, level), **changes))  # type: ignore[arg-type]

    return make


def _section(client: FlaskClient, record_id: int) -> str:
    """The section of files of a page, in one line."""
    text = client.get(f"/record/{record_id}").get_data(as_text=True)
    found = re.search(r'<section id="files".*?</section>', text, re.DOTALL)
    return re.sub(r"[ \n]+", " ", found.group()) if found else ""


def _button(client: FlaskClient, record_id: int) -> str:
    """The words and the address of the one large button of the page."""
    text = client.get(f"/record/{record_id}").get_data(as_text=True).split('class="badges"')[1]
    found = re.search(r'<a class="button" href="([^"]+)"[^>]*>.*?</svg>([^<]+)</a>', text, re.DOTALL)
    return f"{found[2]} {found[1]}" if found else ""


def test_a_record_without_files_has_no_such_section(guest: FlaskClient, record_id: int) -> None:
    assert _section(guest, record_id) == ""
    assert _button(guest, record_id).startswith("Open online ")


def test_an_open_file_says_what_it_is_and_how_long_it_takes(
    guest: FlaskClient, a_file: Callable[..., Document], record_id: int
) -> None:
    rights = Rights(level=AccessLevel.OPEN, licence="CC-BY-4.0")
    file = a_file(label="1-qism", name="Олий математика.pdf", rights=rights, size=12_400_000)
    section = _section(guest, record_id)
    assert "<bdi>1-qism</bdi>" in section
    assert "Open to all" in section
    assert "PDF 1.7 · 12.4\N{NO-BREAK SPACE}MB · 3 p." in section
    assert 'href="https://creativecommons.org/licenses/by/4.0/" rel="license noreferrer">CC BY 4.0</a>' in section
    assert "1 Mbit/s — 2 min" in section
    assert "10 Mbit/s — 10 s" in section
    assert "100 Mbit/s — 1 s" in section
    assert f'href="/view/{file.id}"' in section
    named = re.search(rf'href="(/files/{file.id}/[^"]+)"', section)
    assert named is not None
    assert guest.get(named[1], buffered=True).data == PDF
    assert _button(guest, record_id) == f"Read /view/{file.id}"


@pytest.mark.parametrize(
    ("level", "guests_see", "readers_see"),
    [
        (AccessLevel.MEMBERS, "For registered readers", ["Read", "Download"]),
        (AccessLevel.VIEW_ONLY, "View only", ["Read"]),
        (AccessLevel.CAMPUS, "On the university network only", []),
        (AccessLevel.CLOSED, "Closed", []),
    ],
)
def test_each_visitor_sees_the_right_in_words_and_what_they_may_do(
    guest: FlaskClient,
    reader: FlaskClient,
    a_file: Callable[..., Document],
    record_id: int,
    level: AccessLevel,
    guests_see: str,
    readers_see: list[str],
) -> None:
    file = a_file(level)
    for client in (guest, reader):
        assert guests_see in _section(client, record_id)
    ways = re.findall(r"</svg>(Read|Download|Sign in to read)</a>", _section(reader, record_id))
    assert ways == readers_see
    by_sign_in = level in (AccessLevel.MEMBERS, AccessLevel.VIEW_ONLY)
    assert ("Sign in to read" in _section(guest, record_id)) == by_sign_in
    if by_sign_in:
        assert _button(guest, record_id) == f"Sign in to read /sign-in?next=%2Fview%2F{file.id}"
    assert f'href="/files/{file.id}' not in _section(guest, record_id)
    if level is AccessLevel.CLOSED:
        assert "Ask the library where the printed copy is." in _section(reader, record_id)


def test_on_campus_the_same_page_offers_the_file(
    guest: FlaskClient, a_file: Callable[..., Document], record_id: int
) -> None:
    file = a_file(AccessLevel.CAMPUS)
    text = guest.get(f"/record/{record_id}", environ_overrides={"REMOTE_ADDR": "10.20.1.1"}).get_data(as_text=True)
    assert f'href="/view/{file.id}"' in text
    assert "Come to a reading room" not in text


def test_an_embargo_and_an_ended_subscription_name_their_days(
    guest: FlaskClient, container: Container, a_file: Callable[..., Document], record_id: int
) -> None:
    a_file(rights=Rights(level=AccessLevel.OPEN, embargo_until=date(2099, 1, 5)))
    section = _section(guest, record_id)
    assert "Embargo. Opens on: 5 Jan 2099" in section
    assert "This file opens on 5 January 2099." in section
    keep(container, a_document(record_id), term_ends=date(2026, 9, 1))
    section = _section(guest, record_id)
    assert "Subscription ended: 1 Sep 2026" in section
    assert "subscription ended on 1 September 2026." in section


def test_staff_alone_see_files_that_are_not_shown_and_where_they_stand(
    guest: FlaskClient, staff: FlaskClient, a_file: Callable[..., Document], record_id: int
) -> None:
    waiting = a_file(state=DocumentState.QUARANTINED, label="Kutmoqda")
    refused = a_file(state=DocumentState.REFUSED, label="Rad etilgan")
    assert _section(guest, record_id) == ""
    section = _section(staff, record_id)
    assert "Not shown to readers" in section
    for file in (waiting, refused):
        assert f'href="/documents/{file.id}"' in section
    assert "In quarantine" in section


@pytest.mark.parametrize(
    ("kind", "ways"),
    [(MediaType.MP3, ["Download"]), (MediaType.EPUB, ["Read", "Download"]), (MediaType.DJVU, ["Read", "Download"])],
)
def test_only_what_has_pages_is_read_here(
    guest: FlaskClient, a_file: Callable[..., Document], record_id: int, kind: MediaType, ways: list[str]
) -> None:
    a_file(media_type=kind)
    assert re.findall(r"</svg>(Read|Download)</a>", _section(guest, record_id)) == ways


def test_markup_in_names_and_licences_is_only_text(
    guest: FlaskClient, a_file: Callable[..., Document], record_id: int
) -> None:
    marker = '"><x-m id=1>'
    a_file(label=marker, name=f"{marker}.pdf", rights=Rights(level=AccessLevel.OPEN, licence=marker))
    assert "<x-m" not in guest.get(f"/record/{record_id}").get_data(as_text=True)


def test_machines_are_told_of_open_files_and_of_no_others(
    guest: FlaskClient, staff: FlaskClient, a_file: Callable[..., Document], record_id: int
) -> None:
    for level in set(AccessLevel) - {AccessLevel.OPEN}:
        a_file(level)
    a_file(rights=Rights(level=AccessLevel.OPEN, embargo_until=date(2099, 1, 5)))
    a_file(approved=None)
    for client in (guest, staff):
        response = client.get(f"/record/{record_id}")
        text = response.get_data(as_text=True)
        assert "citation_pdf_url" not in text
        assert "/files/" not in response.headers["Link"]
        assert "encoding" not in _json_ld(text)
    file = a_file(name="Matematika 1.pdf", rights=Rights(level=AccessLevel.OPEN, licence="CC-BY-4.0"))
    address = f"http://localhost/files/{file.id}/Matematika%201.pdf"
    for client in (guest, staff):
        response = client.get(f"/record/{record_id}")
        text = response.get_data(as_text=True)
        assert re.findall(r'name="citation_pdf_url" content="([^"]+)"', text) == [address]
        assert f'<{address}>; rel="item"; type="application/pdf"' in response.headers["Link"]
        told = _json_ld(text)
        assert told["isAccessibleForFree"] is True
        assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
        assert told["encoding"] == [
            {
                "@type": "MediaObject",
                "contentUrl": address,
                "encodingFormat": "application/pdf",
                "contentSize": f"{len(PDF)} B",
                "license": "https://creativecommons.org/licenses/by/4.0/",
            }
        ]


def _json_ld(text: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    told: dict[str, object] = json.loads(found[1])
    return told


def test_a_cover_is_the_first_page_for_all_who_may_see_it(
    guest: FlaskClient, a_file: Callable[..., Document], record_id: int
) -> None:
    file = a_file(AccessLevel.VIEW_ONLY)
    assert f'<img src="/files/{file.id}/cover"' in guest.get(f"/record/{record_id}").get_data(as_text=True)
    sizes = {}
    for size in ("", "?size=small"):
        response = guest.get(f"/files/{file.id}/cover{size}")
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "image/jpeg"
        assert response.data.startswith(b"\xff\xd8\xff")
        assert response.headers["Cache-Control"] == "public, max-age=600"
        again = guest.get(f"/files/{file.id}/cover{size}", headers={"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        sizes[size] = len(response.data)
    assert sizes["?size=small"] < 6_000
    assert sizes[""] < 40_960


def test_where_no_cover_can_be_drawn_there_is_none_and_the_mark_of_the_type_stays(
    guest: FlaskClient, container: Container, a_file: Callable[..., Document], record_id: int
) -> None:
    recording = a_file(media_type=MediaType.MP3)
    assert guest.get(f"/files/{recording.id}/cover").status_code == 404
    assert f"/files/{recording.id}/cover" not in guest.get(f"/record/{record_id}").get_data(as_text=True)
    broken = keep(container, a_document(record_id, data=BROKEN), BROKEN)
    assert guest.get(f"/files/{broken.id}/cover").status_code == 404
    assert guest.get("/files/999999/cover").status_code == 404


def test_a_page_of_results_with_covers_stays_light(container: Container, guest: FlaskClient) -> None:
    numbers = add_records(container.database, *(f"Toʻplam {number:02}" for number in range(20)))
    for number in numbers:
        keep(container, a_document(number), a_pdf(f"Toplam {number}"))
    container.indexing.rebuild()
    response = guest.get("/search?q=toʻplam")
    text = response.get_data(as_text=True)
    assert text.count("Open to all") >= 20
    assert text.count('cover?size=small" width="48" height="64" loading="lazy" alt=""') == 20
    assert len(response.data) < 60_000
