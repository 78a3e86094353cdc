"""A download with a title page says what it is; a file that can't have one is given as it is."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader, PdfWriter

from library.app import create_app
from library.container import Container
from library.domain.access_level import AccessLevel, Rights
from library.settings import Settings
from library.web.reading_bytes import HARMLESS
from storage.model import Digest, MediaType
from tests.builders import add_records
from tests.documents import PDF, a_document, keep
from tests.signed_in import guest_of


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Container]:
    directory = tmp_path_factory.mktemp("titled")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory, institution="Namangan davlat universiteti"))
    yield container
    container.close()


@pytest.fixture(scope="module")
def app(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def guest(app: Flask) -> FlaskClient:
    return guest_of(app)


@pytest.fixture
def record_id(container: Container) -> int:
    return add_records(container.database, "Oliy matematika {#1} $x$ \\u{41}")[0]


def _locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(PDF)))
    writer.encrypt("", "owner", algorithm="RC4-128")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def test_the_page_names_work_address_licence_and_day_and_the_original_stays(
    guest: FlaskClient, container: Container, record_id: int
) -> None:
    rights = Rights(level=AccessLevel.OPEN, licence="CC-BY-4.0")
    file = keep(container, replace(a_document(record_id), name="Олий математика.pdf", rights=rights))
    response = guest.get(f"/files/{file.id}/titled")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Security-Policy"] == HARMLESS
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "filename*=UTF-8''%D0%9E" in response.headers["Content-Disposition"]
    first, *rest = (page.extract_text() for page in PdfReader(BytesIO(response.data)).pages)
    for said in (
        "Oliy matematika {#1} $x$ \\u{41}",
        "Soatov",
        "Namangan davlat universiteti",
        f"http://localhost/record/{record_id}",
        "CC BY 4.0",
        "Downloaded on",
        "This page was added by the library",
    ):
        assert said in re.sub(r"\s+", " ", first), said
    assert [text.strip() for text in rest] == ["Birinchi bet", "Ikkinchi bet", "Uchinchi bet"]
    with container.store.open(Digest(file.digest)) as kept:
        assert kept.read() == PDF
    assert f'href="/files/{file.id}/titled"' in guest.get(f"/record/{record_id}").get_data(as_text=True)
    led = guest.get(f"/files/{file.id}?cover=1")
    assert led.headers["Location"] == f"/files/{file.id}/titled"


@pytest.mark.parametrize("data", [_locked(), b"%PDF-1.7\nbroken\n%%EOF\n"], ids=["locked", "broken"])
def test_what_can_not_be_joined_is_told_to_people_and_given_to_programs(
    guest: FlaskClient, container: Container, record_id: int, data: bytes
) -> None:
    file = keep(container, a_document(record_id, data=data), data)
    text = guest.get(f"/files/{file.id}/titled").get_data(as_text=True)
    assert "This file can’t have a title page" in text
    assert f'href="/files/{file.id}"' in text
    response = guest.get(f"/files/{file.id}/titled", headers={"Accept": "*/*"}, buffered=True)
    assert (response.status_code, response.data) == (200, data)
    assert response.headers["ETag"] == f'"{file.digest}"'


def test_other_kinds_have_no_title_page(guest: FlaskClient, container: Container, record_id: int) -> None:
    file = keep(container, replace(a_document(record_id), media_type=MediaType.EPUB))
    assert "can’t have a title page" in guest.get(f"/files/{file.id}/titled").get_data(as_text=True)
    assert guest.get(f"/files/{file.id}/titled", headers={"Accept": "*/*"}, buffered=True).data == PDF
    assert "/titled" not in guest.get(f"/record/{record_id}").get_data(as_text=True)


def test_so_many_a_minute_and_no_more(app: Flask, container: Container, record_id: int) -> None:
    file = keep(container, replace(a_document(record_id), media_type=MediaType.MP3))
    far = {"REMOTE_ADDR": "203.0.113.77"}
    answers = [guest_of(app).get(f"/files/{file.id}/titled", environ_overrides=far, buffered=True) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    assert "Retry-After" in answers[-1].headers
