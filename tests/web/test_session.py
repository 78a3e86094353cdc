"""The way in and out in the browser: forged forms are refused, numbers change, and what was typed is never lost."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container
from library.domain.people import Person, Role
from tests.signed_in import a_person, browser_of, csrf_of, guest_of, with_password

PASSWORD = "uch otli arava"
OWN = {"Origin": "http://localhost"}


@pytest.fixture
def fresh(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def visitor(fresh: Flask) -> FlaskClient:
    return guest_of(fresh)


@pytest.fixture
def nodira(container: Container) -> Person:
    """A cataloguer with a password and no second factor."""
    return with_password(container, a_person(container, "nodira", Role.CATALOGUER), PASSWORD)


def _sign_in(client: FlaskClient, login: str = "nodira", password: str = PASSWORD, **other: str):
    data = {"csrf": csrf_of(client, "/sign-in"), "login": login, "password": password, **other}
    return client.post("/sign-in", data=data)


def test_login_and_password_lead_to_where_one_wanted_to_go(visitor: FlaskClient, nodira: Person) -> None:
    asked = visitor.get("/readers?q=aziz")
    assert asked.status_code == 303
    assert asked.headers["Location"] == "/sign-in?next=%2Freaders%3Fq%3Daziz"
    form = visitor.get(asked.headers["Location"]).get_data(as_text=True)
    assert 'name="next" value="/readers?q=aziz"' in form
    response = _sign_in(visitor, " NODIRA ", next="/readers?q=aziz")
    assert (response.status_code, response.headers["Location"]) == (303, "/readers?q=aziz")
    assert nodira.name in visitor.get("/readers").get_data(as_text=True)


@pytest.mark.parametrize(
    "elsewhere",
    [
        *("//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "https://evil.example"),
        *("javascript:alert(1)", "", "x", "/a\r\nX: y", "/\x00", "/" + "x" * 3000, "/ў"),
    ],
)
@pytest.mark.usefixtures("nodira")
def test_a_sign_in_leads_nowhere_else(visitor: FlaskClient, elsewhere: str) -> None:
    assert _sign_in(visitor, next=elsewhere).headers["Location"] == "/"
    shown = visitor.get("/sign-in", query_string={"next": elsewhere})
    assert shown.headers["Location"] == "/"


@pytest.mark.usefixtures("nodira")
def test_a_wrong_password_says_so_and_keeps_the_login(visitor: FlaskClient) -> None:
    response = _sign_in(visitor, password="not the right one", next="/readers")
    text = response.get_data(as_text=True)
    assert response.status_code == 403
    assert "The login or the password is wrong." in text
    assert 'value="nodira"' in text
    assert 'name="next" value="/readers"' in text
    assert "not the right one" not in text


def test_too_many_attempts_are_429_with_the_time_to_wait(visitor: FlaskClient) -> None:
    for _ in range(20):
        assert _sign_in(visitor, "x" * 100_000, "y").status_code == 403
    response = _sign_in(visitor, "x" * 100_000, "y")
    assert response.status_code == 429
    assert 880 <= int(response.headers["Retry-After"]) <= 900
    assert "Try again in 15 min" in response.get_data(as_text=True)


def test_a_login_of_100_kb_costs_nothing(visitor: FlaskClient) -> None:
    csrf = csrf_of(visitor, "/sign-in")
    started = time.perf_counter()
    response = visitor.post("/sign-in", data={"csrf": csrf, "login": "a" * 100_000, "password": "b" * 100_000})
    assert time.perf_counter() - started < 5
    assert response.status_code == 403
    assert len(response.data) < 20_000


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/search", "/nowhere", "/first-token", "/set-password"])
@pytest.mark.parametrize("csrf", [None, "", "forged", "\ud800", "0" * 64])
def test_a_form_from_elsewhere_is_refused(visitor: FlaskClient, path: str, csrf: str | None) -> None:
    csrf_of(visitor, "/sign-in")
    data = {} if csrf is None else {"csrf": csrf.encode("utf-8", "surrogatepass")}
    response = visitor.post(path, data=data)
    assert response.status_code == 400
    assert "The form is out of date" in response.get_data(as_text=True)


def test_the_token_of_one_browser_is_worth_nothing_in_another(fresh: Flask, visitor: FlaskClient) -> None:
    other = fresh.test_client()
    assert other.post("/my-list", data={"csrf": csrf_of(visitor, "/sign-in"), "clear": "1"}).status_code == 400
    csrf_of(other, "/sign-in")
    assert other.post("/my-list", data={"csrf": csrf_of(visitor, "/sign-in"), "clear": "1"}).status_code == 400


@pytest.mark.usefixtures("nodira")
def test_the_number_changes_with_the_sign_in_and_the_one_before_opens_nothing(
    fresh: Flask, visitor: FlaskClient
) -> None:
    before = csrf_of(visitor, "/sign-in")
    old = visitor.get_cookie("sid")
    assert old is not None
    _sign_in(visitor)
    new = visitor.get_cookie("sid")
    assert new is not None
    assert new.value != old.value
    assert csrf_of(visitor, "/account") != before
    stranger = fresh.test_client()
    for value in (old.value, "", "x" * 43, "guest." + new.value, new.value[:-1] + "_", "eyJyb2xlIjoiYWRtaW4ifQ.aa.bb"):
        stranger.set_cookie("sid", value)
        assert stranger.get("/account").status_code == 303, value
    data = {"csrf": csrf_of(visitor), "login": "nodira", "password": PASSWORD}
    assert visitor.post("/sign-in", data=data).status_code == 303
    stranger.set_cookie("sid", new.value)
    assert stranger.get("/account").status_code == 303, "another sign-in in the same browser ends the session before"


@pytest.mark.usefixtures("nodira")
def test_signing_out_ends_the_session_on_the_server(fresh: Flask, visitor: FlaskClient) -> None:
    _sign_in(visitor)
    cookie = visitor.get_cookie("sid")
    assert cookie is not None
    response = visitor.post("/sign-out", data={"csrf": csrf_of(visitor)})
    assert response.headers["Location"] == "/"
    assert visitor.get_cookie("sid") is None
    stranger = fresh.test_client()
    stranger.set_cookie("sid", cookie.value)
    assert stranger.get("/account").status_code == 303


@pytest.mark.usefixtures("nodira")
def test_pages_of_somebody_who_signed_in_are_kept_by_no_cache(visitor: FlaskClient) -> None:
    assert visitor.get("/help").headers["Cache-Control"] == "public, max-age=60"
    _sign_in(visitor)
    for path in ("/help", "/", "/account", "/nowhere", "/search?q=a", "/api/v1/search?q=a", "/my-list"):
        assert visitor.get(path).headers["Cache-Control"] == "no-store", path
    assert "immutable" in visitor.get("/static/site.css?v=1", buffered=True).headers["Cache-Control"]


def test_pages_of_guests_are_the_same_for_all_of_them_and_cost_no_query(
    container: Container, visitor: FlaskClient, statements
) -> None:
    csrf_of(visitor, "/sign-in")
    with statements(container.database.engine) as sent:
        response = visitor.get("/help")
    assert len(sent) == 0
    assert "Set-Cookie" not in response.headers
    assert "Sign in" in response.get_data(as_text=True)
    assert response.data == create_app(container).test_client().get("/help?", headers=_english()).data


def _english() -> dict[str, str]:
    return {"Accept-Language": "en", "Accept": "text/html"}


def test_somebody_who_signed_in_costs_one_query_a_request(
    container: Container, fresh: Flask, nodira: Person, statements
) -> None:
    client = browser_of(fresh, container, nodira)
    for path in ("/help", "/accounts", "/nowhere"):
        with statements(container.database.engine) as sent:
            client.get(path)
        assert len(sent) == 1, path
    with statements(container.database.engine) as sent:
        client.get("/static/site.css", buffered=True)
        client.get("/robots.txt")
    assert len(sent) == 0


def test_over_tls_the_cookie_is_bound_to_the_host(container: Container) -> None:
    container.settings = replace(container.settings, base_url="https://library.example")
    response = create_app(container).test_client().get("/sign-in", base_url="https://library.example")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sid=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert "Expires" not in cookie


def test_the_key_is_made_once_and_is_for_the_owner_alone(container: Container) -> None:
    create_app(container)
    path = container.settings.data_dir / "session.key"
    key = path.read_bytes()
    assert len(key) == 32
    assert path.stat().st_mode & 0o077 == 0
    create_app(container)
    assert path.read_bytes() == key


def test_the_administrator_sees_state_imports_and_settings_without_secrets(container: Container) -> None:
    boss = a_person(container, "boss", Role.ADMINISTRATOR)
    container.settings = replace(container.settings, institution="Namangan")
    text = browser_of(create_app(container), container, boss).get("/administration").get_data(as_text=True)
    for told in ("Nothing was imported yet", "LIBRARY_INSTITUTION", "Namangan", "Records waiting to be indexed"):
        assert told in text
    container.settings = replace(container.settings, database_url="postgresql+psycopg://me:hush@/library")
    other = browser_of(create_app(container), container, boss)
    assert "hush" not in other.get("/administration").get_data(as_text=True)
