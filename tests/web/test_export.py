"""Taking home what a search finds: never cut in silence."""

import csv
import io
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from library.app import create_app
from library.services.listing import Listing
from tests.web.shelves import ALGEBRAS, Shelves

NOTE = "This list is cut: the search finds 45 records, only the first 10 are here."


@pytest.fixture
def narrow(shelves: Shelves) -> Iterator[FlaskClient]:
    """The portal with a limit of ten records."""
    container = shelves.container
    before = container.listing
    container.listing = Listing(container.database, container.index, most_exported=10)
    client = create_app(container).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    yield client
    container.listing = before


def test_a_whole_result_is_whole(client: FlaskClient) -> None:
    response = client.get("/search/export?q=masalalari&sort=title&format=csv")
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"), newline="")))
    assert [row["Title"] for row in rows] == [f"Algebra masalalari {number:02}" for number in range(ALGEBRAS)]
    assert response.headers["Content-Disposition"] == f"attachment; filename=search-{ALGEBRAS}.csv"


def test_the_limit_is_stated_before_it_is_reached(client: FlaskClient) -> None:
    text = client.get("/search/export?q=masalalari").get_data(as_text=True)
    assert "A file holds 2,000 records at most." in text
    assert "This list is cut" not in text


def test_filters_and_years_hold_for_the_file(client: FlaskClient) -> None:
    text = client.get("/search/export?q=masalalari&year_from=1960&year_to=1961&format=ris").get_data(as_text=True)
    assert text.count("TY  - ") == 2


def test_the_page_says_beforehand_what_the_file_will_have(narrow: FlaskClient) -> None:
    text = narrow.get("/search/export?q=masalalari").get_data(as_text=True)
    assert NOTE in text
    assert "format=marcxml" in text


@pytest.mark.parametrize("form", ["csv", "ris", "bibtex", "marcxml"])
def test_a_file_that_is_cut_says_so_itself(narrow: FlaskClient, form: str) -> None:
    response = narrow.get(f"/search/export?q=masalalari&sort=title&format={form}")
    text = response.get_data(as_text=True)
    assert text.count(NOTE) == 1
    assert "search-first-10-of-45" in response.headers["Content-Disposition"]
    if form == "csv":
        rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline="")))
        assert len(rows) == 12
        assert rows[-1][0] == NOTE
        assert len({len(row) for row in rows}) == 1
    if form == "ris":
        assert text.count("TY  - ") == text.count("ER  - ") == 10
        assert text.split("\r\n")[1] == f"N1  - {NOTE}"
    if form == "bibtex":
        assert text.startswith(f"@comment{{{NOTE}}}")
        assert text.count("@article{") == 10
    if form == "marcxml":
        assert len(ElementTree.fromstring(response.data)) == 10
        assert f"<!-- {NOTE} -->" in text


@pytest.mark.parametrize("language", ["uz-Latn", "uz-Cyrl", "ky", "ru"])
@pytest.mark.parametrize("form", ["csv", "ris", "bibtex", "marcxml"])
def test_the_note_is_in_the_language_of_the_reader_and_breaks_no_form(
    narrow: FlaskClient, language: str, form: str
) -> None:
    response = narrow.get(f"/search/export?q=masalalari&format={form}", headers={"Accept-Language": language})
    text = response.get_data(as_text=True)
    assert NOTE not in text
    assert "45" in text
    if form == "marcxml":
        assert len(ElementTree.fromstring(response.data)) == 10


def test_nothing_found_offers_no_file(client: FlaskClient) -> None:
    text = client.get("/search/export?q=qwxzqwxz").get_data(as_text=True)
    assert "Nothing found" in text
    assert "format=" not in text


def test_without_an_index_the_page_says_so(portal_without_index: FlaskClient) -> None:
    assert portal_without_index.get("/search/export?q=x").status_code == 503
    assert portal_without_index.get("/search/export?q=x&format=csv").status_code == 503


def test_an_overlong_query_is_told_to_be_shorter(client: FlaskClient) -> None:
    assert client.get("/search/export?q=" + "x" * 1500).status_code in (400, 414, 422)


def test_an_export_takes_a_query_for_every_five_hundred(
    client: FlaskClient, shelves: Shelves, statements: Callable[..., object]
) -> None:
    for form, most in (("", 0), ("&format=csv", 1), ("&format=marcxml", 1)):
        with statements(shelves.container.database.engine) as sent:  # type: ignore[attr-defined]
            assert client.get(f"/search/export?q=masalalari{form}").status_code == 200
        assert len(sent) == most
