"""The list a reader keeps without signing in."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from library.app import create_app
from library.container import Container
from library.services.listing import MOST_LISTED
from library.settings import LANGUAGES
from library.web.my_list import PAGE_SIZE
from tests.builders import add_records
from tests.web.shelves import MARKER, Shelves
from tests.web.walked import weight_of

HEAVIEST = 100_000


def _form(client: FlaskClient, path: str = "/my-list") -> dict[str, str]:
    text = client.get(path).get_data(as_text=True)
    fields = text.split('id="list-form"')[1].split("</form>")[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', fields))


def _post(client: FlaskClient, path: str = "/my-list", **fields: object) -> TestResponse:
    return client.post("/my-list", data={**_form(client, path), **fields})


def test_a_record_is_added_seen_and_removed(client: FlaskClient, shelves: Shelves) -> None:
    page = f"/record/{shelves.textbook}"
    assert "Add to my list" in client.get(page).get_data(as_text=True)
    response = _post(client, page, add=shelves.textbook)
    assert (response.status_code, response.headers["Location"]) == (303, f"{page}#keep-{shelves.textbook}")
    assert "Remove from my list" in client.get(page).get_data(as_text=True)
    listed = client.get("/my-list").get_data(as_text=True)
    assert "Oliy matematika" in listed
    assert '<span id="kept-count" class="count">1</span>' in listed
    _post(client, remove=shelves.textbook)
    assert "The list is empty" in client.get("/my-list").get_data(as_text=True)


def test_results_have_the_buttons_and_lead_back_to_the_same_search(client: FlaskClient, shelves: Shelves) -> None:
    path = "/search?q=algebra&sort=oldest"
    text = client.get(path).get_data(as_text=True)
    assert text.count('name="add"') == 20
    response = client.post("/my-list", data={**_form(client, path), "back": path, "add": shelves.irbis})
    assert response.headers["Location"] == f"{path}#keep-{shelves.irbis}"


def test_the_order_of_adding_is_kept_and_nothing_is_there_twice(client: FlaskClient, shelves: Shelves) -> None:
    for number in (shelves.unimarc, shelves.textbook, shelves.unimarc, shelves.irbis):
        _post(client, add=number)
    cookie = client.get_cookie("my-list")
    assert cookie is not None
    assert cookie.value == f"{shelves.unimarc}.{shelves.textbook}.{shelves.irbis}"
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_getting_changes_nothing_and_forged_forms_are_refused(client: FlaskClient, shelves: Shelves) -> None:
    client.get(f"/my-list?add={shelves.textbook}&clear=1")
    assert client.get_cookie("my-list") is None
    _form(client)
    assert client.post("/my-list", data={"add": shelves.textbook}).status_code == 400
    assert client.post("/my-list", data={"add": shelves.textbook, "csrf": "x" * 43}).status_code == 400
    assert client.get_cookie("my-list") is None


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/sign-out",
        "/search\r\nX: y",
        "javascript:1",
        "",
        "/search?" + "x" * 5000,
    ],
)
def test_a_form_leads_nowhere_but_to_our_pages(client: FlaskClient, shelves: Shelves, back: str) -> None:
    assert _post(client, add=shelves.textbook, back=back).headers["Location"] == "/my-list"


def test_what_readers_cannot_see_cannot_be_added(client: FlaskClient, shelves: Shelves) -> None:
    for number in (shelves.withdrawn, shelves.draft, 999_999, 2**31 - 1):
        assert _post(client, add=number).status_code == 404
    assert client.get_cookie("my-list") is None


def test_a_full_list_says_so(client: FlaskClient, shelves: Shelves) -> None:
    client.set_cookie("my-list", ".".join(str(number) for number in range(1000, 1000 + MOST_LISTED)))
    response = _post(client, add=shelves.textbook)
    assert response.status_code == 409
    assert "The list holds 100 records at most" in response.get_data(as_text=True)


def test_records_that_went_are_named_and_tidied_away(client: FlaskClient, shelves: Shelves) -> None:
    client.set_cookie("my-list", f"{shelves.withdrawn}.{shelves.textbook}.999999")
    assert "2 records of this list are no longer in the catalogue" in client.get("/my-list").get_data(as_text=True)
    _post(client, tidy=1)
    cookie = client.get_cookie("my-list")
    assert cookie is not None
    assert cookie.value == str(shelves.textbook)
    _post(client, clear=1)
    assert client.get_cookie("my-list") is None


@pytest.mark.parametrize("value", ["x", "1..2", "-1", "0", "9" * 4000, "²", "1.1.1", "99999999999.1", "../..", "%00"])
def test_any_cookie_is_read(client: FlaskClient, value: str) -> None:
    client.set_cookie("my-list", value)
    for path in ("/my-list", "/my-list.txt", "/my-list.csv", "/my-list/cards.pdf", "/search?q=algebra"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("ending", ["csv", "ris", "bib", "xml", "txt"])
def test_the_list_can_be_taken_home(client: FlaskClient, shelves: Shelves, ending: str) -> None:
    client.set_cookie("my-list", f"{shelves.irbis}.{shelves.textbook}.{shelves.marked}")
    response = client.get(f"/my-list.{ending}")
    text = response.get_data(as_text=True)
    assert f"filename=my-list.{ending}" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Oliy matematika" in text
    assert "cut" not in text
    if ending == "xml":
        assert len(ElementTree.fromstring(response.data)) == 3
    else:
        assert "Алгебра жана анализ" in text
        assert text.index("Алгебра жана анализ") < text.index("Oliy matematika")
    if ending == "csv":
        assert response.data.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))
        assert [row["Record number"] for row in rows] == [
            str(shelves.irbis),
            str(shelves.textbook),
            str(shelves.marked),
        ]
        assert rows[2]["Series"] == MARKER


def test_a_table_speaks_the_language_of_its_reader(client: FlaskClient, shelves: Shelves) -> None:
    client.set_cookie("my-list", str(shelves.irbis))
    text = client.get("/my-list.csv?lang=ru").get_data(as_text=True)
    assert text.split("\r\n")[0].startswith('\ufeff"Номер записи";')
    assert '"Книга";"Киргизский"' in text or '"Книга";"Кыргызский"' in text


def test_the_list_takes_one_query_and_its_page_one_more_for_files(
    client: FlaskClient, shelves: Shelves, statements: Callable[..., object]
) -> None:
    client.set_cookie("my-list", ".".join(str(number) for number in range(1, 60)))
    for path in (
        "/my-list",
        "/my-list.txt",
        "/my-list.csv",
        "/my-list.ris",
        "/my-list.xml",
        "/my-list/cards.pdf",
        "/my-list/print",
    ):
        with statements(shelves.container.database.engine) as sent:  # type: ignore[attr-defined]
            assert client.get(path).status_code == 200
        assert len(sent) == (2 if path == "/my-list" else 1), path


def _letter(text: str) -> dict[str, str]:
    address = unescape(text.split('href="mailto:?')[1].partition('"')[0])
    return dict(parse_qsl(address))


def test_a_list_is_sent_as_a_letter(client: FlaskClient, shelves: Shelves) -> None:
    client.set_cookie("my-list", f"{shelves.irbis}.{shelves.marked}")
    text = client.get("/my-list").get_data(as_text=True)
    letter = _letter(text)
    assert letter["subject"] == "My list"
    assert letter["body"] == (
        f"1. Алгебра жана анализ\r\nhttp://localhost/record/{shelves.irbis}\r\n\r\n"
        f"2. Nishon {MARKER}\r\nhttp://localhost/record/{shelves.marked}\r\n\r\n"
    )
    assert "fit into such a letter" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_that_has_not_all_of_the_list_says_so(client: FlaskClient, shelves: Shelves, language: str) -> None:
    published = [number for number in range(1, 54) if number not in (shelves.withdrawn, shelves.draft)]
    client.set_cookie("my-list", ".".join(map(str, published)))
    text = client.get(f"/my-list?lang={language}").get_data(as_text=True)
    assert len(text.split('href="mailto:')[1].partition('"')[0]) <= 2_000
    letter = _letter(text)
    written = letter["body"].count("http://localhost/record/")
    assert 5 < written < len(published)
    last = letter["body"].rsplit("\r\n", 1)[1]
    assert f"{len(published)}" in last
    assert f"{written}" in last
    if language == "en":
        assert f"Only the first {written} records fit into such a letter." in text


@pytest.fixture
def reader_of_a_full_list(container: Container) -> FlaskClient:
    title = "Олий математика асослари: муҳандислик йўналишлари талабалари учун дарслик"
    numbers = add_records(container.database, *(f"{title}, {place}-жилд" for place in range(MOST_LISTED)))
    client = create_app(container).test_client()
    client.set_cookie("my-list", ".".join(map(str, numbers)))
    return client


def test_a_full_list_is_two_light_pages_and_a_whole_one_on_paper(reader_of_a_full_list: FlaskClient) -> None:
    for language in LANGUAGES:
        for number in (1, 2):
            response = reader_of_a_full_list.get(f"/my-list?lang={language}&page={number}")
            assert response.get_data(as_text=True).count('name="remove"') == PAGE_SIZE
            assert weight_of(response) < HEAVIEST, language
        printed = reader_of_a_full_list.get(f"/my-list/print?lang={language}")
        assert len(re.findall(r"http://localhost/record/\d+", printed.get_data(as_text=True))) == MOST_LISTED
        assert weight_of(printed) < HEAVIEST, language


def test_the_second_page_of_a_list_goes_on_and_leads_back_to_itself(reader_of_a_full_list: FlaskClient) -> None:
    text = reader_of_a_full_list.get("/my-list?page=2").get_data(as_text=True)
    assert f'<ol class="listed" start="{PAGE_SIZE + 1}">' in text
    assert 'href="/my-list?page=1"' in text
    form = _form(reader_of_a_full_list, "/my-list?page=2")
    response = reader_of_a_full_list.post("/my-list", data={**form, "remove": 60})
    assert response.headers["Location"] == "/my-list?page=2"
    for number in ("0", "3", "99999999999", "x"):
        assert reader_of_a_full_list.get(f"/my-list?page={number}").status_code == 200


def test_pages_that_show_the_list_are_not_kept_for_others(client: FlaskClient, shelves: Shelves) -> None:
    for path in ("/my-list", "/my-list/print", "/search?q=algebra", f"/record/{shelves.textbook}"):
        # Where a session begins with the page, its own answer is stricter still.
        assert client.get(path).headers["Cache-Control"] in ("private, no-cache", "no-store"), path
