"""The administrator's way in: one token, once; forged forms are refused; nothing is kept on the way."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container


@pytest.fixture
def fresh(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def visitor(fresh: Flask) -> FlaskClient:
    client = fresh.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


def _csrf(client: FlaskClient, path: str = "/sign-in") -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found is not None
    return found.group(1)


def _sign_in(client: FlaskClient, token: str) -> int:
    return client.post("/sign-in", data={"csrf": _csrf(client), "token": token}).status_code


def test_the_token_opens_once(container: Container, fresh: Flask, visitor: FlaskClient) -> None:
    token = container.first_token.issue()
    assert visitor.get("/administration").headers["Location"] == "/sign-in"
    assert _sign_in(visitor, f"  {token}\n") == 303
    response = visitor.get("/administration")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert _sign_in(fresh.test_client(), token) == 403


@pytest.mark.parametrize("token", ["", "wrong", "x" * 201, "\x00", "’; DROP TABLE", "\ud800"])
def test_nothing_else_opens(container: Container, visitor: FlaskClient, token: str) -> None:
    container.first_token.issue()
    data = {"csrf": _csrf(visitor), "token": token.encode("utf-8", "surrogatepass")}
    response = visitor.post("/sign-in", data=data)
    assert response.status_code == 403
    assert "not the newest one" in response.get_data(as_text=True)
    assert visitor.get("/administration").status_code == 303


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/search", "/nowhere"])
@pytest.mark.parametrize("csrf", [None, "", "forged", "\ud800"])
def test_a_form_from_elsewhere_is_refused(visitor: FlaskClient, path: str, csrf: str | None) -> None:
    _csrf(visitor)
    data = {} if csrf is None else {"csrf": csrf.encode("utf-8", "surrogatepass")}
    response = visitor.post(path, data=data)
    assert response.status_code == 400
    assert "The form is out of date" in response.get_data(as_text=True)


def test_a_cookie_from_before_does_not_become_the_administrator_s(container: Container, visitor: FlaskClient) -> None:
    before = _csrf(visitor)
    old = visitor.get_cookie("sid")
    assert old is not None
    assert _sign_in(visitor, container.first_token.issue()) == 303
    new = visitor.get_cookie("sid")
    assert new is not None
    assert new.value != old.value
    assert _csrf(visitor, "/administration") != before
    stranger = create_app(container).test_client()
    stranger.set_cookie("sid", old.value)
    assert stranger.get("/administration").status_code == 303


def test_signing_out_ends_it(container: Container, visitor: FlaskClient) -> None:
    _sign_in(visitor, container.first_token.issue())
    csrf = _csrf(visitor, "/administration")
    assert visitor.post("/sign-out", data={"csrf": csrf}).headers["Location"] == "/"
    assert visitor.get("/administration").status_code == 303


def test_a_cookie_that_was_tampered_with_is_worth_nothing(visitor: FlaskClient) -> None:
    visitor.set_cookie("sid", "eyJyb2xlIjoiYWRtaW5pc3RyYXRvciJ9.aaaa.bbbb")
    assert visitor.get("/administration").status_code == 303


def test_the_key_is_made_once_and_is_for_the_owner_alone(container: Container) -> None:
    first = create_app(container).secret_key
    path = container.settings.data_dir / "session.key"
    assert path.read_bytes() == first
    assert path.stat().st_mode & 0o077 == 0
    assert create_app(container).secret_key == first


def test_over_tls_the_cookie_is_bound_to_the_host(container: Container) -> None:
    container.settings = replace(container.settings, base_url="https://library.example")
    response = create_app(container).test_client().get("/sign-in", base_url="https://library.example")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sid=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


def test_the_administrator_sees_state_imports_and_settings_without_secrets(container: Container) -> None:
    container.settings = replace(container.settings, institution="Namangan", database_url="")
    client = create_app(container).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    _sign_in(client, container.first_token.issue())
    text = client.get("/administration").get_data(as_text=True)
    assert "Nothing was imported yet" in text
    assert "LIBRARY_INSTITUTION" in text
    assert "Namangan" in text
    assert "Records waiting to be indexed" in text
    container.settings = replace(container.settings, database_url="postgresql+psycopg://me:hush@/library")
    other = create_app(container).test_client()
    _sign_in(other, container.first_token.issue())
    assert "hush" not in other.get("/administration").get_data(as_text=True)
