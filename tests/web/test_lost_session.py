"""A session that ends in the middle of a form: nothing typed is lost but files and passwords."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container
from library.domain.people import Person, Role
from tests.signed_in import a_person, browser_of, carried_by, csrf_of, guest_of, session_of, with_password

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


TYPED = {
    "code": "K",
    "name": 'Aziz "><x-m id=1>',
    "card": "K-1",
    "note": "line\n\nline &amp; <b>",
    "password": "never shown",
}


def test_a_form_sent_after_the_session_ended_is_sent_again_after_the_sign_in(
    container: Container, fresh: Flask, nodira: Person
) -> None:
    client = browser_of(fresh, container, nodira)
    csrf = csrf_of(client)
    with container.database.writing() as tx:
        tx.sessions.end_all(nodira.id)
        tx.commit()
    response = client.post("/readers", data={"csrf": csrf, **TYPED})
    text = response.get_data(as_text=True)
    assert response.status_code == 403
    assert "What you had typed is kept" in text
    assert "never shown" not in text
    assert "<x-m" not in text
    failed = client.post("/sign-in", data={**carried_by(text), "login": "nodira", "password": "a wrong one"})
    assert failed.status_code == 403
    carried = carried_by(failed.get_data(as_text=True))
    done = client.post("/sign-in", data={**carried, "login": "nodira", "password": PASSWORD})
    text = done.get_data(as_text=True)
    assert done.status_code == 200
    assert "Send what you had typed" in text
    assert '<form class="stack" action="/readers" method="post">' in text
    again = carried_by(text)
    assert {name: value for name, value in again.items() if name != "csrf"} == {
        name: value for name, value in TYPED.items() if name != "password"
    }
    made = client.post("/readers", data=again)
    assert made.status_code == 303
    assert "&lt;x-m id=1&gt;" in client.get(made.headers["Location"]).get_data(as_text=True)


@pytest.mark.usefixtures("nodira")
def test_a_form_is_kept_though_the_browser_forgot_its_cookie(visitor: FlaskClient) -> None:
    csrf_of(visitor, "/sign-in")
    data = {"csrf": "0" * 64, "name": "Aziz", "card": "K-1"}
    assert visitor.post("/readers", data=data).status_code == 400, "nobody says that it comes from here"
    for stranger in ("https://evil.example", "null", "http://localhost.evil.example"):
        assert visitor.post("/readers", data=data, headers={"Origin": stranger}).status_code == 400
    kept = visitor.post("/readers", data=data, headers=OWN)
    assert kept.status_code == 403
    assert carried_by(kept.get_data(as_text=True))["kept.name"] == "Aziz"


def test_a_form_with_the_token_of_an_earlier_session_is_asked_for_again(
    container: Container, fresh: Flask, nodira: Person
) -> None:
    client = browser_of(fresh, container, nodira)
    csrf = csrf_of(client)
    client.set_cookie("sid", session_of(container, nodira))
    data = {"csrf": csrf, "name": "Aziz", "card": "K-1"}
    assert client.post("/readers", data=data).status_code == 400
    response = client.post("/readers", data=data, headers=OWN)
    assert response.status_code == 400
    again = carried_by(response.get_data(as_text=True))
    assert again["name"] == "Aziz"
    assert client.post("/readers", data=again).status_code == 303


@pytest.mark.usefixtures("nodira")
def test_files_of_a_lost_form_are_named_and_huge_ones_not_read(visitor: FlaskClient) -> None:
    csrf = csrf_of(visitor, "/sign-in")
    form = {"csrf": csrf, "group": "g", "list": (BytesIO(b"x"), '../"><x-m id=1>.csv')}
    text = visitor.post("/readers/import", data=form).get_data(as_text=True)
    assert "These files have to be chosen again" in text
    assert "<x-m" not in text
    assert carried_by(text)["kept.group"] == "g"
    response = visitor.post("/readers/import", data=b"x" * 2_000_000, content_type="multipart/form-data; boundary=b")
    assert response.status_code == 403
    assert "Sign in" in response.get_data(as_text=True)


def test_a_form_too_long_to_be_carried_says_so(visitor: FlaskClient) -> None:
    csrf = csrf_of(visitor, "/sign-in")
    text = visitor.post("/readers", data={"csrf": csrf, "name": "ў" * 160_000}).get_data(as_text=True)
    assert "too long to be kept" in text
    assert not {name for name in carried_by(text) if name.startswith("kept")}
    assert len(text) < 20_000


@pytest.mark.usefixtures("nodira")
def test_what_is_carried_leads_nowhere_else(visitor: FlaskClient) -> None:
    form = {"login": "nodira", "password": PASSWORD, "kept_action": "//evil.example/take", "kept.password": "y"}
    text = visitor.post("/sign-in", data={"csrf": csrf_of(visitor, "/sign-in"), **form}).get_data(as_text=True)
    assert 'action="/"' in text
    assert "evil.example" not in text
    assert 'name="password"' not in text
