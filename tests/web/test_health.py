"""What machines are told about the service."""

from __future__ import annotations

import shutil

from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container


def test_a_whole_library_is_ready(client: FlaskClient) -> None:
    assert client.get("/health/live").get_json() == {"live": True}
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.get_json()) == (200, {"ready": True, "reasons": []})
    state = client.get("/health").get_json()
    assert state["database"] == "current"
    assert state["index"]["entries"] == 51
    assert state["lag"] == {"records": 0, "seconds": 0.0}
    assert state["worker"] == "stopped"
    assert state["scanner"] == {"state": "unknown", "tried_at": None, "signatures": ""}


def test_without_an_index_it_lives_but_is_not_ready(portal_without_index: FlaskClient) -> None:
    assert portal_without_index.get("/health/live").status_code == 200
    ready = portal_without_index.get("/health/ready")
    assert ready.status_code == 503
    assert "index" in ready.get_json()["reasons"][0]
    assert portal_without_index.get("/health").get_json()["index"] is None


def test_without_its_database_it_says_so(container: Container) -> None:
    client = create_app(container).test_client()
    container.database.close()
    shutil.rmtree(container.settings.data_dir)
    ready = client.get("/health/ready")
    assert ready.status_code == 503
    assert ready.get_json()["reasons"]
    assert client.get("/health/live").status_code == 200


def test_the_answer_is_never_kept(client: FlaskClient) -> None:
    for path in ("/health", "/health/live", "/health/ready"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_crawlers_are_kept_from_the_endless_pages(client: FlaskClient) -> None:
    text = client.get("/robots.txt").get_data(as_text=True)
    assert "Disallow: /search" in text
    assert client.get("/favicon.ico", buffered=True).mimetype == "image/svg+xml"
