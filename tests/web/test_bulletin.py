"""Lists of literature for paper: by class, by GOST, with an index of names, and never cut in silence."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from library.app import create_app
from library.container import Container
from library.domain.marc import Dialect
from library.services import bulletins
from tests.builders import a_field, a_marc21_record
from tests.staff import published


@pytest.fixture
def client(container: Container) -> FlaskClient:
    for key, title, notation in (("a", "Algebra", "512"), ("b", "Botanika", "58"), ("c", "Analiz", "517")):
        record = a_marc21_record(key, title=title)
        record = record.with_fields((*record.fields, a_field("080", a=notation)))
        published(container.cataloguing, Dialect.MARC21, record)
    published(container.cataloguing, Dialect.MARC21, a_marc21_record("d", title="Sinfsiz", author="Navoiy, A."))
    client = create_app(container).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def _text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_new_arrivals_are_listed_by_class_with_an_index_of_names(client: FlaskClient) -> None:
    assert "4 records came in this period" in client.get("/bulletin").get_data(as_text=True)
    text = _text(client.get("/bulletin.pdf").data)
    parts = ["5 Mathematics", "Algebra", "Analiz", "Botanika", "Without a class", "Sinfsiz", "Index of names"]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert "Navoiy, A. 4" in text


def test_another_period_has_other_books(client: FlaskClient) -> None:
    page = client.get("/bulletin?first=2001-01-01&last=2001-12-31").get_data(as_text=True)
    assert "0 records" in page
    assert "bulletin.pdf" not in page
    assert client.get("/bulletin.pdf?first=x&last=0000-99-99").status_code == 200


def test_a_bulletin_that_is_cut_says_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulletins, "MOST_LISTED", 2)
    assert "only the newest are listed" in client.get("/bulletin").get_data(as_text=True)
    assert "Only the newest" in _text(client.get("/bulletin.pdf").data)


def test_the_list_of_a_reader_is_printed_by_gost(client: FlaskClient) -> None:
    client.set_cookie("my-list", "1.4")
    text = _text(client.get("/my-list/list.pdf").data)
    assert text.index("Navoiy") < text.index("Soatov")
    assert "Toshkent" in text
