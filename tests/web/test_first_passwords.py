"""How people get their first password: the one-time token, and links that work once."""

from __future__ import annotations

import re

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from library.app import create_app
from library.cli.accounts import CONSOLE
from library.container import Container
from library.domain.people import Person, Role
from tests.signed_in import a_person, browser_of, carried_by, csrf_of, guest_of, with_password

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


def test_the_first_administrator_makes_the_account_and_the_second_factor(
    container: Container, visitor: FlaskClient
) -> None:
    token = container.first_token.issue()
    refused = visitor.post("/first-token", data={"csrf": csrf_of(visitor, "/first-token"), "token": "wrong"})
    assert refused.status_code == 403
    assert "not the newest one" in refused.get_data(as_text=True)
    form = visitor.post("/first-token", data={"csrf": csrf_of(visitor, "/first-token"), "token": f"  {token}\n"})
    data = {**carried_by(form.get_data(as_text=True)), "login": "boss", "name": "Olim Karimov", "order_number": "12-k"}
    slip = visitor.post("/first-administrator", data={**data, "order_date": "1.9.2026", "password": PASSWORD})
    assert slip.status_code == 422
    assert 'value="Olim Karimov"' in slip.get_data(as_text=True)
    data["order_date"] = "2026-09-01"
    made = visitor.post("/first-administrator", data={**data, "password": PASSWORD})
    assert made.headers["Location"] == "/account/second-factor"
    for path in ("/administration", "/accounts"):
        assert visitor.get(path).headers["Location"] == "/account/second-factor"
    assert visitor.post("/accounts", data={"csrf": csrf_of(visitor)}).status_code == 403
    visitor.post("/account/second-factor/begin", data={"csrf": csrf_of(visitor)})
    text = visitor.get("/account/second-factor").get_data(as_text=True)
    found = re.search(r"secret: (\w+)", text)
    assert found is not None
    before = visitor.get_cookie("sid")
    wrong = visitor.post("/account/second-factor", data={"csrf": csrf_of(visitor), "password_once": "12"})
    assert wrong.status_code == 403
    code = pyotp.TOTP(found.group(1)).now()
    codes = visitor.post("/account/second-factor", data={"csrf": csrf_of(visitor), "password_once": code})
    assert len(re.findall(r"<code>[A-Z2-7-]{19}</code>", codes.get_data(as_text=True))) == 10
    assert before is not None
    assert visitor.get_cookie("sid") != before
    assert visitor.get("/administration").status_code == 200
    again = visitor.post("/first-token", data={"csrf": csrf_of(visitor, "/first-token"), "token": token})
    assert again.status_code == 403


@pytest.mark.parametrize("token", ["", "wrong", "x" * 201, "\x00", "’; DROP TABLE", "\ud800"])
def test_no_other_token_opens(container: Container, visitor: FlaskClient, token: str) -> None:
    container.first_token.issue()
    data = {"csrf": csrf_of(visitor, "/first-token"), "token": token.encode("utf-8", "surrogatepass")}
    assert visitor.post("/first-token", data=data).status_code == 403
    account = {"login": "boss", "name": "Boss", "order_number": "1", "order_date": "2026-09-01", "password": PASSWORD}
    assert visitor.post("/first-administrator", data={**data, **account}).status_code == 403
    assert visitor.get("/administration").status_code == 303


def test_a_link_for_a_password_works_once(container: Container, visitor: FlaskClient, nodira: Person) -> None:
    link = container.accounts.link(nodira.id, actor=CONSOLE)
    text = visitor.get(f"/set-password/{link.code}").get_data(as_text=True)
    assert nodira.name in text
    data = {**carried_by(text), "password": "short"}
    assert visitor.post("/set-password", data=data).status_code == 422
    assert visitor.post("/set-password", data={**data, "password": "yangi uzun soz"}).headers["Location"] == "/account"
    assert visitor.get("/account").status_code == 200
    assert visitor.get(f"/set-password/{link.code}").status_code == 403
    data["csrf"] = csrf_of(visitor)
    assert visitor.post("/set-password", data={**data, "password": "boshqa uzun soz"}).status_code == 403


@pytest.mark.parametrize("code", ["x", "x" * 3000, "ў", "%00", "..%2f..", "AAAA-BBBB-CCCC-DDDD"])
def test_no_other_code_sets_a_password(visitor: FlaskClient, code: str) -> None:
    assert visitor.get(f"/set-password/{code}").status_code in (403, 404)
    data = {"csrf": csrf_of(visitor, "/set-password"), "code": code, "password": PASSWORD}
    assert visitor.post("/set-password", data=data).status_code == 403


def test_who_was_given_a_link_must_change_the_password_before_anything_else(
    container: Container, fresh: Flask, nodira: Person
) -> None:
    client = browser_of(fresh, container, nodira)
    assert client.get("/readers").status_code == 200
    container.accounts.link(nodira.id, actor=CONSOLE)
    assert client.get("/readers").headers["Location"] == "/account/password"
    assert client.post("/readers", data={"csrf": csrf_of(client)}).status_code == 403
    data = {"csrf": csrf_of(client), "password_present": PASSWORD, "password": PASSWORD}
    assert client.post("/account/password", data=data).status_code == 422
    assert client.post("/account/password", data={**data, "password": "yangi uzun soz"}).status_code == 303
    assert client.get("/readers").status_code == 200
