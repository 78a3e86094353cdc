"""How often one address may search and ask the interface for machines, and what is never limited."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from library.app import create_app
from library.domain.errors import InvalidSettings
from library.settings import Settings
from library.web import limits
from tests.web.shelves import Shelves

READER, NEIGHBOUR = "203.0.113.7", "203.0.113.8"


@pytest.fixture
def limited(shelves: Shelves) -> FlaskClient:
    """A portal whose counters nobody has touched, and a reader whose address is a public one."""
    return _client(create_app(shelves.container), READER)


def _client(app: Flask, address: str, **headers: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base.update({"REMOTE_ADDR": address, "HTTP_ACCEPT": "text/html", **headers})
    return client


def _statuses(client: FlaskClient, path: str, times: int) -> list[int]:
    return [client.get(path, buffered=True).status_code for _ in range(times)]


def test_sixty_searches_a_minute_are_answered_and_the_next_is_told_when_to_come_again(limited: FlaskClient) -> None:
    assert set(_statuses(limited, "/search?q=algebra", 60)) == {200}
    refused = limited.get("/search?q=algebra")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Cache-Control"] == "no-store"
    assert _statuses(limited, "/search/export?q=algebra&format=csv", 1) == [429]


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("uz-Latn", "Soʻrovlar juda koʻp"),
        ("uz-Cyrl", "Сўровлар жуда кўп"),
        ("ky", "Сурам өтө көп"),
        ("ru", "Слишком много запросов"),
        ("en", "Too many requests"),
    ],
)
def test_the_refusal_is_in_the_language_of_the_reader(shelves: Shelves, language: str, heading: str) -> None:
    reader = _client(create_app(shelves.container), READER, HTTP_ACCEPT_LANGUAGE=language)
    text = [reader.get("/search").get_data(as_text=True) for _ in range(61)][-1]
    assert heading in text


def test_machines_are_refused_in_json_and_searches_of_people_are_counted_apart(limited: FlaskClient) -> None:
    assert set(_statuses(limited, "/api/v1/search?q=algebra", 40)) == {200}
    assert set(_statuses(limited, "/api/v1/records/1", 20)) == {200}
    refused = limited.get("/api/v1/search?q=algebra")
    assert refused.status_code == 429
    assert refused.json is not None
    assert refused.json["error"]["code"] == "too-many-requests"
    assert int(refused.headers["Retry-After"]) > 0
    assert limited.get("/search?q=algebra").status_code == 200


def test_what_the_search_box_asks_while_one_types_is_not_refused_soon(limited: FlaskClient) -> None:
    assert set(_statuses(limited, "/api/v1/suggest?q=alg", 200)) == {200}


def test_reading_has_no_limit(limited: FlaskClient, shelves: Shelves) -> None:
    paths = (
        "/",
        f"/record/{shelves.textbook}",
        f"/record/{shelves.textbook}.xml",
        "/browse/titles",
        "/my-list",
        "/help",
    )
    for path in (*paths, "/static/site.css", "/new.atom", "/sitemap.xml", "/health/live"):
        assert set(_statuses(limited, path, 65)) == {200}, path


def test_each_address_has_its_own_allowance(limited: FlaskClient) -> None:
    _statuses(limited, "/search", 61)
    neighbour = limited.application.test_client()
    assert neighbour.get("/search", environ_overrides={"REMOTE_ADDR": NEIGHBOUR}).status_code == 200


def test_a_network_of_ipv6_is_one_address(limited: FlaskClient) -> None:
    def ask(address: str) -> int:
        return limited.get("/search", environ_overrides={"REMOTE_ADDR": address}).status_code

    assert {ask(f"2001:db8:1:2::{host:x}") for host in range(60)} == {200}
    assert ask("2001:db8:1:2:ffff::1") == 429
    assert ask("2001:db8:1:3::1") == 200
    assert {ask(f"::ffff:{NEIGHBOUR}") for _ in range(60)} == {200}
    assert ask(NEIGHBOUR) == 429


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "198.51.100.7", "", "unix:"])
def test_this_machine_and_the_campus_have_no_limit(shelves: Shelves, address: str) -> None:
    container = shelves.container
    before = container.settings
    container.settings = replace(before, campus_networks=("10.0.0.0/8", "198.51.100.7"))
    try:
        client = _client(create_app(container), address)
    finally:
        container.settings = before
    assert set(_statuses(client, "/search", 65)) == {200}


def test_beyond_very_many_addresses_the_counters_begin_anew(
    limited: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_ADDRESSES", 3)
    assert _statuses(limited, "/search", 61)[-1] == 429
    for host in range(4):
        limited.get("/search", environ_overrides={"REMOTE_ADDR": f"198.51.100.{host}"})
    assert limited.get("/search").status_code == 200


def test_the_table_names_endpoints_that_are_there(portal: Flask) -> None:
    named = [endpoint for rule in limits.RULES for endpoint in rule.endpoints]
    assert len(named) == len(set(named))
    assert set(named) <= set(portal.view_functions)


def test_a_campus_that_is_no_network_stops_the_start() -> None:
    with pytest.raises(InvalidSettings) as refused:
        Settings.from_environment({"LIBRARY_CAMPUS_NETWORKS": "10.0.0.0/8, campus"})
    assert "LIBRARY_CAMPUS_NETWORKS: campus" in str(refused.value)
    read = Settings.from_environment({"LIBRARY_CAMPUS_NETWORKS": "10.0.0.0/8,2001:db8::/32"})
    assert read.campus_networks == ("10.0.0.0/8", "2001:db8::/32")
