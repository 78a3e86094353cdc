"""The results page: finding, narrowing, turning pages, and what it says when nothing was found."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.web.shelves import ALGEBRAS, Shelves

Get = Callable[..., str]


def _titles(text: str) -> list[str]:
    found = re.findall(r"<h3><a href=\"/record/\d+\"><bdi[^>]*>(.*?)</bdi>", text)
    return [re.sub("<[^>]*>", "", title) for title in found]


def test_what_was_looked_for_is_marked_in_whichever_alphabet_it_stands(page: Get) -> None:
    found = page("/search?q=" + quote("алгебра"))
    assert "<mark>Algebra</mark> masalalari" in found
    assert "<mark>Алгебра</mark> жана анализ" in found


def test_a_title_bears_the_language_it_is_written_in(page: Get) -> None:
    found = page("/search?q=" + quote("анализ OR химия"))
    assert '<bdi lang="ky">' in found
    assert '<bdi lang="ru">' in found


def test_a_facet_narrows_and_its_chip_widens_again(page: Get) -> None:
    wide = page("/search?q=algebra")
    assert 'href="/search?q=algebra&amp;language=kir"' in wide
    narrow = page("/search?q=algebra&language=kir")
    assert _titles(narrow) == ["Алгебра жана анализ"]
    assert '<a class="chip chip-chosen" href="/search?q=algebra"' in narrow


def test_several_values_of_one_facet_can_be_chosen(page: Get) -> None:
    both = page("/search?language=kir&language=rus")
    assert len(_titles(both)) == 2
    assert both.count("chip-chosen") == 2


def test_a_chosen_value_that_finds_nothing_stays_visible(page: Get) -> None:
    empty = page("/search?q=algebra&material=map")
    assert "Nothing found" in empty
    assert "chip-chosen" in empty
    assert 'aria-current="true"' in empty


def test_years_are_drawn_and_can_be_limited(page: Get) -> None:
    limited = page("/search?q=masalalari&year_from=1970&year_to=1979")
    assert "10 records found" in limited
    assert "1970–1979" in limited
    assert 'class="is-outside"' in limited
    assert (
        'name="year_from" type="number" inputmode="numeric" min="0" max="9999" placeholder="1960" value="1970"'
        in limited
    )


def test_a_range_typed_the_wrong_way_round_is_turned(page: Get) -> None:
    assert "10 records found" in page("/search?q=masalalari&year_from=1979&year_to=1970")


@pytest.mark.parametrize("side", ["year_from=1990", "year_to=1974"])
def test_a_range_may_be_open(page: Get, side: str) -> None:
    assert "15 records found" in page(f"/search?q=masalalari&{side}")


def test_pages_follow_one_another_and_keep_the_search(page: Get) -> None:
    seen: list[str] = []
    address = "/search?q=masalalari&sort=title"
    while address:
        text = page(address)
        seen += _titles(text)
        following = re.search(r'href="([^"]*)" rel="next"', text)
        address = following.group(1).replace("&amp;", "&") if following else ""
    assert seen == [f"Algebra masalalari {number:02}" for number in range(ALGEBRAS)]


def test_a_page_beyond_the_end_leads_to_the_last(client: FlaskClient) -> None:
    response = client.get("/search?q=masalalari&page=999999")
    assert (response.status_code, response.headers["Location"]) == (302, "/search?q=masalalari&page=3")


def test_sorting_keeps_the_search_and_is_named(page: Get) -> None:
    oldest = page("/search?q=masalalari&sort=oldest")
    assert _titles(oldest)[0] == "Algebra masalalari 00"
    assert '<option value="oldest" selected>' in oldest
    assert '<input type="hidden" name="q" value="masalalari">' in oldest


def test_no_hits_say_what_was_searched_and_what_to_loosen(page: Get) -> None:
    nothing = page("/search?q=masalalari+qwxzqwxz&language=kir")
    assert "Query: masalalari qwxzqwxz" in nothing
    assert 'href="/search?q=masalalari+OR+qwxzqwxz"' in nothing
    assert "Any of the words, without filters" in nothing
    assert "45 records" in nothing
    assert "Search without filters" not in nothing


def test_withdrawn_records_and_drafts_are_not_found(page: Get) -> None:
    assert "Nothing found" in page("/search?q=" + quote("Yoʻqolgan"))
    assert "Nothing found" in page("/search?q=tayyor")


def test_forty_authors_are_three_and_a_number(page: Get) -> None:
    assert "and 37 more" in page("/search?q=uzun")


def test_a_query_longer_than_can_be_used_is_told_so(page: Get) -> None:
    assert "The query is longer than 1000 characters" in page("/search?q=" + "a" * 1001, 400)


def test_a_broken_index_is_never_an_empty_list(portal_without_index: FlaskClient) -> None:
    response = portal_without_index.get("/search?q=kitob")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert 'href="/browse/titles"' in response.get_data(as_text=True)


HOSTILE = [
    "q=" + "a" * 10_000,
    "q=" + "(" * 900,
    "q=" + ")" * 900,
    "q=%00",
    "q=%22unbalanced",
    "q=%ED%A0%80",
    "q=%FF%FE",
    "q=***",
    "q=AND+OR+NOT",
    "q=title:",
    "q=-" + "x" * 200 + "*",
    "q=" + "%28a+OR+" * 100,
    "page=0",
    "page=-1",
    "page=abc",
    "page=999999999",
    "page=%D9%A3",
    "page=1e3",
    "sort=title;drop",
    "sort=",
    "material=" + "x" * 5000,
    "material=%00&language=%ED%A0%80&author=%27%3B--",
    "&".join(f"author={number}" for number in range(200)),
    "year_from=99999999999999999999&year_to=-1",
    "year_from=abc&year_to=%00",
    "lang=xx",
    "lang=../../etc/passwd",
    "%ED%A0%80=%ED%A0%80",
]


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: query[:24])
def test_whatever_is_typed_the_answer_is_a_page(client: FlaskClient, query: str) -> None:
    response = client.get(f"/search?{query}", follow_redirects=True)
    assert response.status_code in (200, 400, 414)
    assert "</html>" in response.get_data(as_text=True)


def test_a_page_takes_the_same_few_queries_however_many_it_shows(
    client: FlaskClient, shelves: Shelves, statements: Callable[..., object]
) -> None:
    for address in ("/search?q=masalalari", "/search?q=qwxzqwxz"):
        with statements(shelves.container.database.engine) as sent:  # type: ignore[attr-defined]
            assert client.get(address).status_code == 200
        assert len(sent) <= 2


def test_a_long_query_makes_no_heavy_page(page: Get) -> None:
    text = page("/search?q=" + quote("алгебра OR " * 55))
    assert "found" in text
    assert len(text.encode()) <= 100_000


def test_classes_are_facets_with_names_and_can_be_taken_back(page: Get) -> None:
    text = page("/search?q=masalalari&udc=51&bbk=22.1")
    assert "51 Mathematics" in text
    assert "22.1 · В1 Mathematics" in text
    assert 'class="chip chip-chosen" href="/search?q=masalalari&amp;bbk=22.1"' in text
    assert 'class="chip chip-chosen" href="/search?q=masalalari&amp;udc=51"' in text


def test_titles_found_in_the_other_script_are_told_of(page: Get) -> None:
    assert "Also found in Cyrillic" in page("/search?q=algebra+analiz")
    assert "Also found in Latin" in page("/search?q=" + quote("масалалари"))
    assert "Also found" not in page("/search?q=masalalari")
