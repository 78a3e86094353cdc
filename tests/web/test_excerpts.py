"""Hits in a full text show the words around the match and the page they stand on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container
from library.projections.search_entry import search_entry
from tests.builders import a_description, add_records
from tests.web.shelves import MARKER

PAGES = (
    "Muqaddima. Oʻsimliklar hayoti haqida.",
    f"Barglarda <fotosintez> jarayoni kechadi {MARKER}. Fotosintez — yorugʻlik energiyasi.",
    "Xulosa.",
)


@pytest.fixture
def reader(container: Container) -> FlaskClient:
    """A portal with one record whose full text is in the index."""
    (number,) = add_records(container.database, "Botanika")
    entry = search_entry(number, a_description("Botanika"), "")
    container.index.apply([replace(entry, body=PAGES)], [])
    client = create_app(container).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.mark.parametrize("words", ["fotosintez", "фотосинтез", "text:fotosintez"])
def test_the_page_and_the_words_around_the_match_are_shown(reader: FlaskClient, words: str) -> None:
    text = reader.get("/search", query_string={"q": words}).get_data(as_text=True)
    assert "In the full text, page 2" in text
    excerpt = text.split('class="excerpt"')[1].split("</p>")[0]
    assert '<q lang="uz-Latn">…' in excerpt
    assert excerpt.count("<mark>") == 2
    assert "&lt;<mark>fotosintez</mark>&gt;" in excerpt
    assert MARKER not in text


def test_a_record_found_by_its_title_alone_has_no_excerpt(reader: FlaskClient) -> None:
    text = reader.get("/search?q=botanika").get_data(as_text=True)
    assert "1 record found" in text
    assert "In the full text" not in text


def test_machines_are_told_too(reader: FlaskClient) -> None:
    answer = reader.get("/api/v1/search?q=fotosintez").json
    assert answer is not None
    (found,) = answer["records"]
    assert found["snippet"]["page"] == 2
    assert "jarayoni kechadi" in found["snippet"]["text"]
