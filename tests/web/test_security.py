"""What every response must bear, on every rule and in every state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from library.app import create_app
from library.container import Container
from library.web.pages import STATIC
from library.web.security import HEADERS
from tests.web.shelves import Shelves
from tests.web.walked import address_of, weight_of

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def _addresses(portal: Flask, shelves: Shelves) -> Iterator[str]:
    """Every rule, with what is there, what was withdrawn and what never was."""
    for rule in portal.url_map.iter_rules():
        for number in (shelves.textbook, shelves.withdrawn, shelves.draft, 999_999):
            yield address_of(portal.url_map, rule, number)
    yield from (
        "/nowhere",
        "/static/nothing.css",
        "/static/..%2f..%2fapp.py",
        "/record/1/marc/",
        "/search?q=" + "x" * 2000,
    )


def _assert_protected(response: TestResponse, about: str) -> None:
    for name, value in HEADERS.items():
        assert response.headers.get(name) == value, f"{about}: {name}"
    assert response.headers["Cache-Control"], about
    assert response.headers["Server"] == "library", about
    assert "Strict-Transport-Security" not in response.headers, about


def test_every_rule_answers_every_method_with_the_headers(portal: Flask, shelves: Shelves) -> None:
    client = portal.test_client()
    walked = set(_addresses(portal, shelves))
    assert len(walked) > 25
    for address in walked:
        for method in METHODS:
            response = client.open(address, method=method, buffered=True)
            about = f"{method} {address}"
            assert response.status_code < 500 or address == "/health/ready", about
            _assert_protected(response, about)


def test_no_page_allows_inline_scripts_or_styles_or_needs_them(portal: Flask, shelves: Shelves) -> None:
    client = portal.test_client()
    for address in set(_addresses(portal, shelves)):
        text = client.get(address, headers={"Accept": "text/html"}, buffered=True).data.decode(errors="replace")
        assert "<style" not in text
        assert " style=" not in text
        assert "<script>" not in text
        assert " onclick=" not in text


def test_over_tls_the_browser_is_told_to_stay_there(portal: Flask) -> None:
    response = portal.test_client().get("/", base_url="https://localhost")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_the_word_of_a_proxy_counts_only_where_one_was_set(container: Container) -> None:
    forwarded = {
        "Host": "library.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-For": "198.51.100.7",
    }
    alone = create_app(container).test_client().get("/help", headers=forwarded)
    assert "Strict-Transport-Security" not in alone.headers
    container.settings = replace(container.settings, behind_proxy=True)
    behind = create_app(container).test_client().get("/help", headers=forwarded)
    assert "Strict-Transport-Security" in behind.headers
    text = behind.get_data(as_text=True)
    assert 'rel="canonical" href="https://library.example/help"' in text
    assert "evil.example" not in text  # a proxy hands on what a stranger put there


def test_only_trusted_hosts_are_answered(container: Container) -> None:
    container.settings = replace(container.settings, trusted_hosts=("library.example",))
    client = create_app(container).test_client()
    refused = client.get("/", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert "evil" not in refused.get_data(as_text=True)
    _assert_protected(refused, "an untrusted host")
    assert client.get("/", headers={"Host": "library.example"}).status_code == 200


def test_permanent_links_bear_the_public_address(container: Container) -> None:
    container.settings = replace(container.settings, base_url="https://library.example/")
    text = create_app(container).test_client().get("/help").get_data(as_text=True)
    assert 'rel="canonical" href="https://library.example/help"' in text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"x" * (3 * 1024 * 1024), "application/x-www-form-urlencoded"),
        (b"token=" + b"x" * (1024 * 1024 + 1), "application/x-www-form-urlencoded"),
        (
            b"".join(b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n' % n for n in range(300))
            + b"--b--",
            "multipart/form-data; boundary=b",
        ),
    ],
    ids=["body", "field", "parts"],
)
def test_too_much_is_refused(client: FlaskClient, body: bytes, content_type: str) -> None:
    response = client.post("/sign-in", data=body, content_type=content_type)
    assert response.status_code == 413
    assert "Too much was sent at once" in response.get_data(as_text=True)


def test_static_files_are_kept_for_ever_under_an_address_of_their_content(client: FlaskClient) -> None:
    text = client.get("/").get_data(as_text=True)
    address = text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in address
    response = client.get(address, buffered=True)
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(address.split("?")[0], buffered=True).headers["Cache-Control"] == "public, max-age=3600"


def test_pages_may_be_kept_for_a_minute_but_never_with_a_cookie(client: FlaskClient) -> None:
    assert client.get("/help").headers["Cache-Control"] == "public, max-age=60"
    assert client.get("/help?lang=ru").headers["Cache-Control"] == "no-store"
    assert client.get("/nowhere").headers["Cache-Control"] == "no-store"


def test_a_page_with_all_it_needs_weighs_less_than_100_kb(client: FlaskClient, shelves: Shelves) -> None:
    for address in (
        "/",
        "/search?q=masalalari&material=textbook",
        f"/record/{shelves.crowded}",
        "/help",
        "/browse/titles",
    ):
        weight = weight_of(client.get(address))
        assert weight < 100_000, f"{address}: {weight}"


def test_no_page_and_no_style_names_a_foreign_host(client: FlaskClient, shelves: Shelves) -> None:
    for address in ("/", "/search?q=algebra", f"/record/{shelves.irbis}", "/help", "/nowhere", "/sign-in"):
        text = client.get(address).get_data(as_text=True)
        for attribute in ('src="', "url("):
            assert f"{attribute}http" not in text
            assert f"{attribute}//" not in text
    for path in STATIC.iterdir():
        # Names of XML vocabularies look like addresses, and nobody asks there.
        text = re.sub(r'xmlns(:\w+)?="[^"]*"', "", path.read_text(encoding="utf-8"))
        text = text.replace("http://www.w3.org/2000/svg", "")
        assert "//" not in text.replace("// ", "") or "http" not in text, path.name
