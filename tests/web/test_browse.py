"""Browsing by titles, authors, subjects, classes and arrivals, with and without an index."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from library.settings import LANGUAGES
from tests.web.shelves import Shelves

Get = Callable[..., str]


def test_every_published_record_is_in_the_list_once(page: Get) -> None:
    seen: list[str] = []
    address = "/browse/titles"
    while address:
        text = page(address)
        seen += re.findall(r'<h3><a href="(/record/\d+)"', text)
        following = re.search(r'href="([^"]*)" rel="next"', text)
        address = following.group(1) if following else ""
    assert len(seen) == len(set(seen)) == 51


def test_it_needs_no_index(portal_without_index: FlaskClient) -> None:
    assert portal_without_index.get("/browse/titles").status_code == 200


@pytest.mark.parametrize("after", ["", "abc", "-1", "0", "99999999999999999999999", "%00", "%ED%A0%80"])
def test_a_wrong_place_is_harmless(page: Get, after: str) -> None:
    assert "Browse by title" in page(f"/browse/titles?after={after}")


def _followed(page: Get, address: str) -> list[str]:
    """The records of all pages of a list."""
    seen: list[str] = []
    while address:
        text = page(address)
        seen += re.findall(r'<h3><a href="(/record/\d+)"', text)
        following = re.search(r'href="([^"]*)" rel="next"', text)
        address = following.group(1).replace("&amp;", "&") if following else ""
    return seen


def test_titles_of_a_letter_are_followed_to_their_end(page: Get) -> None:
    assert len(_followed(page, "/browse/titles?alphabet=en&letter=A")) == 45
    assert len(_followed(page, "/browse/titles?alphabet=ky&letter=%D0%90")) == 1
    assert _followed(page, "/browse/titles?alphabet=en&letter=Z") == []


def test_new_arrivals_are_all_published_records_the_last_first(page: Get) -> None:
    numbers = [int(address.rpartition("/")[2]) for address in _followed(page, "/browse/new")]
    assert len(numbers) == 51
    assert numbers == sorted(numbers, reverse=True)
    assert "3 February 2020" in page("/browse/new")


@pytest.mark.parametrize("path", ["/browse", "/browse/titles?alphabet=uz-Latn&letter=Sh", "/browse/new"])
def test_what_needs_no_index_works_without_one(portal_without_index: FlaskClient, path: str) -> None:
    assert portal_without_index.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/browse/authors", "/browse/subjects", "/browse/udc", "/browse/bbk"])
def test_what_needs_the_index_says_that_it_is_away(portal_without_index: FlaskClient, path: str) -> None:
    response = portal_without_index.get(path)
    assert response.status_code == 503
    assert 'href="/browse/titles"' in response.get_data(as_text=True)


def test_authors_lead_to_their_records(page: Get) -> None:
    text = page("/browse/authors?alphabet=en&letter=S")
    link = re.search(r'href="(/search\?author=Soatov[^"]*)"', text)
    assert link is not None
    assert "46 records found" in page(link.group(1))


def test_a_long_list_is_cut_into_pages(page: Get) -> None:
    text = page("/browse/authors?alphabet=en&letter=M")
    assert text.count("/search?author=") == 40
    assert 'aria-current="page">M</a>' in text


def test_an_alphabet_in_which_nothing_stands_says_so(page: Get) -> None:
    assert "Nothing stands in this alphabet" in page("/browse/subjects?alphabet=ky&letter=%D0%90")


def test_classes_are_named_in_the_language_of_the_reader_and_lead_to_their_records(page: Get) -> None:
    text = page("/browse/udc")
    assert 'href="/search?udc=51"' in text
    assert "47 records found" in page("/search?udc=51")
    assert "51 Mathematics" in page("/search?udc=51")
    for language, name in {"uz-Latn": "Taʼlim", "uz-Cyrl": "Таълим", "ky": "Билим берүү", "ru": "Образование"}.items():
        assert name in page(f"/browse/udc?lang={language}")
    bbk = page("/browse/bbk")
    assert "22.1 · В1" in bbk
    assert 'href="/search?bbk=22.1"' in bbk
    assert "87, 88 · Ю" in bbk


@pytest.mark.parametrize("what", ["alphabet=xx&letter=A", "letter=%00", "letter=%ED%A0%80", "page=-1", "page=99999999"])
@pytest.mark.parametrize("path", ["/browse/titles", "/browse/authors", "/browse/subjects"])
def test_wrong_letters_are_harmless(page: Get, path: str, what: str) -> None:
    assert "</html>" in page(f"{path}?{what}")


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/browse/titles?alphabet=en&letter=A", 3),
        ("/browse/new", 3),
        ("/browse/authors", 0),
        ("/browse/udc", 0),
        ("/browse/bbk", 0),
    ],
)
def test_a_page_costs_few_queries_and_is_light(
    client: FlaskClient, shelves: Shelves, statements: Callable[..., object], path: str, queries: int
) -> None:
    for language in LANGUAGES:
        client.set_cookie("language", language)
        with statements(shelves.container.database.engine) as sent:  # type: ignore[attr-defined]
            response = client.get(path)
        assert len(sent) == queries
        assert len(response.data) <= 100_000
