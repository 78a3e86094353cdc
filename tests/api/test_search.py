"""The catalogue for machines: the same search as the page's, as JSON."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from indexer.parsing import MAX_CHARACTERS
from tests.api.conftest import BASE, Stacks
from tests.web.shelves import ALGEBRAS, MARKER

Recording = Callable[[Engine], AbstractContextManager[list[str]]]
HOSTILE = (
    "%00",
    quote("(" * 900),
    quote('"' * 901),
    quote('"a' * 301),
    quote("*" * 500),
    quote("NOT NOT AND OR title:"),
    "%ff%fe",
    "%ed%a0%80",
    quote(MARKER),
    quote("title:(a OR (b AND (c NOT"),
    quote("'; DROP TABLE records; --"),
    quote("a* b* c* d* e* f* g* h* i* j*"),
)
MACHINES = ("/api/v1/search", "/api/v1/suggest", "/search.atom", "/search.rss", "/opensearch/suggestions")


def _json(client: FlaskClient, path: str, status: int = 200) -> Any:
    response = client.get(path)
    assert response.status_code == status, f"{path}: {response.status_code}"
    assert response.mimetype == "application/json"
    return response.get_json()


def test_a_search_gives_records_with_their_facts_and_addresses(client: FlaskClient, stacks: Stacks) -> None:
    found = _json(client, "/api/v1/search?" + urlencode({"q": "Алгебра жана", "language": "kir"}))
    assert (found["total"], found["page"], found["pages"], found["size"]) == (1, 1, 1, 20)
    (record,) = found["records"]
    assert record["id"] == stacks.shelves.irbis
    assert record["url"] == f"{BASE}/record/{stacks.shelves.irbis}"
    assert record["api_url"] == f"{BASE}/api/v1/records/{stacks.shelves.irbis}"
    assert record["dialect"] == "irbis"
    assert record["description"]["title"] == "Алгебра жана анализ"
    assert {"value": "kir", "count": 1} in found["facets"]["language"]


def test_it_finds_what_the_page_finds(client: FlaskClient) -> None:
    for query in ({"q": "algebra"}, {"material": "textbook", "sort": "oldest"}, {"year_from": "2011"}, {"q": "zzzz"}):
        page = client.get("/search?" + urlencode(query)).get_data(as_text=True)
        shown = [
            f'href="/record/{found["id"]}"' for found in _json(client, f"/api/v1/search?{urlencode(query)}")["records"]
        ]
        positions = [page.find(link) for link in shown]
        assert -1 not in positions
        assert positions == sorted(positions)


def test_following_next_leads_past_every_record_once_and_previous_leads_back(client: FlaskClient) -> None:
    address = "/api/v1/search?q=algebra&sort=title&size=7"
    pages, seen = [], []
    while address:
        found = _json(client, address)
        assert found["size"] == 7
        pages.append(found["links"]["self"])
        seen += [record["id"] for record in found["records"]]
        assert found["links"]["previous"] == (pages[-2] if len(pages) > 1 else None)
        address = (found["links"]["next"] or "").removeprefix(BASE)
    assert len(seen) == len(set(seen)) == found["total"] >= ALGEBRAS
    assert len(pages) == found["pages"]


@pytest.mark.parametrize(
    ("asked", "size", "page"),
    [
        ("size=0", 1, 1),
        ("size=-3", 20, 1),
        ("size=9999999", 20, 1),
        ("size=500", 100, 1),
        ("size=x&page=x", 20, 1),
        ("page=0", 20, 1),
        ("page=99999999", 20, 1),
        ("page=1000000", 20, 500),
        ("page=400&size=100", 100, 100),
    ],
)
def test_page_and_size_are_brought_into_their_bounds(client: FlaskClient, asked: str, size: int, page: int) -> None:
    found = _json(client, f"/api/v1/search?{asked}")
    assert (found["size"], found["page"]) == (size, page)


def test_past_the_last_page_there_is_nothing_but_a_way_back(client: FlaskClient) -> None:
    found = _json(client, "/api/v1/search?q=algebra&page=9")
    assert found["records"] == []
    assert found["links"]["next"] is None
    last = _json(client, found["links"]["previous"].removeprefix(BASE))
    assert last["page"] == last["pages"]
    assert last["records"]


def test_a_record_tells_its_facts_its_origin_and_its_files(client: FlaskClient, stacks: Stacks) -> None:
    record = _json(client, f"/api/v1/records/{stacks.shelves.irbis}")
    assert (record["status"], record["version"], record["dialect"]) == ("published", 1, "irbis")
    assert record["origins"] == [{"base": "IBIS", "mfn": 17}]
    for file in record["formats"]:
        response = client.get(file["url"].removeprefix(BASE))
        assert response.status_code == 200, file
        assert response.content_type.startswith(file["media_type"].partition(";")[0])
    assert {(file["format"], file["dialect"]) for file in record["formats"]} == {
        ("marcxml", "irbis"),
        ("iso2709", "irbis"),
        ("txt", "irbis"),
        ("marcxml", "marc21"),
        ("iso2709", "marc21"),
    }


def test_every_file_of_the_other_dialects_is_there_too(client: FlaskClient, stacks: Stacks) -> None:
    for number, count in ((stacks.shelves.textbook, 2), (stacks.shelves.unimarc, 4)):
        files = _json(client, f"/api/v1/records/{number}")["formats"]
        assert [client.get(file["url"].removeprefix(BASE)).status_code for file in files] == [200] * count


def test_a_withdrawn_record_leaves_a_tombstone(client: FlaskClient, stacks: Stacks) -> None:
    gone = _json(client, f"/api/v1/records/{stacks.shelves.withdrawn}", 410)
    assert gone["error"] == {"code": "withdrawn", "message": "This record has been withdrawn", "problems": []}
    assert gone["record"]["reason"] == "Takroriy yozuv"
    assert gone["record"]["title"] == "Yoʻqolgan kitob"
    assert "description" not in gone["record"]


def test_drafts_and_numbers_never_given_look_the_same(client: FlaskClient, stacks: Stacks) -> None:
    draft, never = (_json(client, f"/api/v1/records/{number}", 404) for number in (stacks.shelves.draft, 999_999))
    assert draft["error"]["code"] == never["error"]["code"] == "record-not-found"
    assert draft["error"]["message"].replace(str(stacks.shelves.draft), "N") == never["error"]["message"].replace(
        "999999", "N"
    )


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/records/abc", 404, "not-found"),
        ("/api/v1/records/99999999999999999999", 404, "not-found"),
        ("/api/v1/nothing", 404, "not-found"),
        ("/api/v1/search?q=" + "x" * (MAX_CHARACTERS + 1), 400, "query-too-long"),
    ],
)
def test_errors_have_one_shape(client: FlaskClient, path: str, status: int, code: str) -> None:
    error = _json(client, path, status)["error"]
    assert error["code"] == code
    assert error["message"]
    assert error["problems"] == []


def test_only_reading_is_possible(client: FlaskClient) -> None:
    for method in ("post", "put", "delete", "patch"):
        response = getattr(client, method)("/api/v1/search")
        assert response.status_code in (400, 405)
        assert set(response.get_json()) == {"error"}


def test_without_an_index_the_search_says_so_and_records_are_still_there(without_index: FlaskClient) -> None:
    for path in ("/api/v1/search?q=a", "/api/v1/suggest?q=a"):
        response = without_index.get(path)
        assert response.status_code == 503
        assert response.get_json()["error"]["code"] == "search-unavailable"
        assert response.headers["Retry-After"]
    assert without_index.get("/api/v1/records/1").status_code == 404
    assert without_index.get("/new.atom").status_code == 200


def test_suggestions_come_in_whichever_alphabet_and_only_as_many_as_wanted(client: FlaskClient) -> None:
    found = _json(client, "/api/v1/suggest?" + urlencode({"q": "матем", "limit": 3}))
    assert found["q"] == "матем"
    assert any("matematika" in one["text"].lower() for one in found["suggestions"])
    assert len(found["suggestions"]) <= 3
    authors = _json(client, "/api/v1/suggest?q=soat&field=author")["suggestions"]
    assert [one["field"] for one in authors] == ["author"]
    assert _json(client, "/api/v1/suggest")["suggestions"] == []


@pytest.mark.parametrize("path", MACHINES)
@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_are_answered(client: FlaskClient, path: str, query: str) -> None:
    for parameter in ("q", "author", "page", "size", "field", "year_from", "sort"):
        response = client.get(f"{path}?{parameter}={query}")
        assert response.status_code in (200, 400), f"{parameter}={query}: {response.status_code}"


@given(text=st.text(max_size=60), path=st.sampled_from(MACHINES))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_answered(client: FlaskClient, text: str, path: str) -> None:
    response = client.get(path, query_string={"q": text.encode("utf-8", "replace").decode()})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/api/v1/search?q=algebra&size=1", 2),
        ("/api/v1/search?q=algebra&size=100", 2),
        ("/api/v1/records/{textbook}", 3),
        ("/api/v1/suggest?q=alg", 0),
        ("/api/v1/openapi.json", 0),
        ("/search.atom?q=botanika", 2),
        ("/search.rss?q=algebra", 2),
        ("/new.atom", 2),
        ("/new.rss", 2),
        ("/opensearch.xml", 0),
        ("/opensearch/suggestions?q=alg", 0),
        ("/sitemap.xml", 1),
        ("/sitemap-1.xml", 1),
    ],
)
def test_the_number_of_queries_to_the_database_is_fixed(
    client: FlaskClient, stacks: Stacks, statements: Recording, path: str, queries: int
) -> None:
    with statements(stacks.shelves.container.database.engine) as sent:
        response = client.get(path.format(textbook=stacks.shelves.textbook))
    assert response.status_code == 200
    assert len(sent) == queries
