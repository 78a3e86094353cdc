"""The advanced form: from fields to the address of an ordinary search."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from indexer.parsing import parse
from indexer.queries import And, InField, Not, Or, Phrase, SearchField, Words
from library.web.advanced import FIELDS, query_of

Get = Callable[..., str]
NAMES = ("all", "phrase", "any", "without", *(field.value for field, _, _ in FIELDS))


@pytest.mark.parametrize(
    ("form", "query"),
    [
        ({"all": "oliy matematika"}, "oliy matematika"),
        ({"phrase": "oliy matematika"}, '"oliy matematika"'),
        ({"any": "fizika физика"}, "fizika OR физика"),
        ({"all": "kitob", "any": "fizika физика"}, "kitob (fizika OR физика)"),
        ({"all": "tarix", "without": "jahon urush"}, "tarix -jahon -urush"),
        ({"title": "algebra"}, "title:algebra"),
        ({"title": "oliy algebra", "author": "Soatov"}, "title:(oliy algebra) author:Soatov"),
        ({"udc": "94(575.1)"}, "udc:94(575.1)"),
        ({"bbk": "В161"}, "bbk:В161"),
        ({"number": "978-9943-20-123-4"}, "number:978-9943-20-123-4"),
        ({"body": '"kvant nazariyasi"'}, 'body:"kvant nazariyasi"'),
        ({"title": " ", "all": ""}, ""),
    ],
)
def test_what_is_filled_in_is_written_as_a_reader_would_type_it(form: dict[str, str], query: str) -> None:
    assert query_of(MultiDict(form)) == query


def test_what_is_written_is_understood_as_it_was_meant() -> None:
    form = MultiDict({"all": "kitob", "phrase": "a b", "any": "x y", "author": "Soatov", "without": "z", "udc": "51"})
    meant = And(
        (
            Words("kitob"),
            Phrase("a b"),
            Or((Words("x"), Words("y"))),
            InField(SearchField.AUTHOR, Words("Soatov")),
            InField(SearchField.UDC, Words("51")),
            Not(Words("z")),
        )
    )
    read = parse(query_of(form))
    assert isinstance(read, And)
    assert set(read.nodes) == set(meant.nodes)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=30), max_size=6))
def test_whatever_is_filled_in_becomes_a_query(form: dict[str, str]) -> None:
    parse(query_of(MultiDict(form)))


def test_the_form_leads_to_a_permanent_address(client: FlaskClient) -> None:
    form = [("title", "masalalari"), ("author", ""), ("language", "uzb"), ("material", "textbook")]
    form += [("material", "book"), ("year_from", "1970"), ("year_to", "1979"), ("sort", "title")]
    response = client.get(f"/search/advanced/go?{urlencode(form)}")
    assert response.status_code == 303
    pairs = parse_qsl(urlsplit(response.headers["Location"]).query)
    assert pairs == [
        ("q", "title:masalalari"),
        ("material", "book"),
        ("material", "textbook"),
        ("language", "uzb"),
        ("year_from", "1970"),
        ("year_to", "1979"),
        ("sort", "title"),
    ]
    assert "10 records found" in client.get(response.headers["Location"]).get_data(as_text=True)


def test_an_empty_form_is_a_search_for_everything(client: FlaskClient) -> None:
    assert client.get("/search/advanced/go").headers["Location"] == "/search"


def test_the_form_is_filled_with_the_search_the_reader_comes_from(page: Get) -> None:
    form = page("/search/advanced?q=algebra+masalalari&language=uzb&author=Soatov%2C+Yo.+U.&udc=51&year_from=1970")
    assert 'name="all" value="algebra masalalari"' in form
    assert 'name="language" value="uzb" checked' in form
    assert 'name="author" value="&#34;Soatov, Yo. U.&#34;"' in form
    assert 'name="udc" value="51"' in form
    assert 'name="year_from" type="number" inputmode="numeric" min="0" max="9999" value="1970"' in form


def test_more_than_a_search_can_use_is_told(page: Get) -> None:
    assert "1000 characters" in page("/search/advanced/go?" + urlencode({"all": "a" * 600, "title": "b" * 600}), 400)


def test_without_an_index_the_form_says_so(portal_without_index: FlaskClient) -> None:
    assert portal_without_index.get("/search/advanced").status_code == 503
