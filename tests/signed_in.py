"""Browsers in which somebody with these roles is signed in, for tests of staff pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from library.container import Container, now
from library.db.credentials import Credential
from library.domain.people import Order, Person, Role
from library.services.passwords import Passwords
from library.services.signing_in import Client, begin


def a_person(container: Container, login: str, *roles: Role, at: datetime | None = None) -> Person:
    """An account with a second factor that nobody knows, and a password that nobody knows either."""
    at = at or now()
    person = Person(
        id=0,
        login=login,
        name=login.title(),
        roles=frozenset(roles),
        order=Order(number="12-k", date=date(2026, 9, 1)),
        created_at=at,
        changed_at=at,
    )
    with container.database.writing() as tx:
        person = tx.people.add(person)
        tx.credentials.save(Credential(person_id=person.id, totp_confirmed=True, changed_at=at))
        tx.commit()
    return person


def session_of(container: Container, person: Person) -> str:
    """The number of a new session of this person, all the way in."""
    at = now()
    with container.database.writing() as tx:
        credential = tx.credentials.find(person.id) or Credential(person_id=person.id, changed_at=at)
        begun = begin(tx, person, credential, Client(address="127.0.0.1", browser="test"), at, second_factor=True)
        tx.commit()
    return begun.number


def browser_of(app: Flask, container: Container, person: Person) -> FlaskClient:
    """A browser in which this person is signed in; its pages are in English."""
    client = guest_of(app)
    client.set_cookie("sid", session_of(container, person))
    return client


def csrf_of(client: FlaskClient, path: str = "/help") -> str:
    """The token that forms of this browser bring back, from a page that has one."""
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found is not None, path
    return found.group(1)


def carried_by(text: str) -> dict[str, str]:
    """The hidden fields of the form on a page, as a browser would send them."""
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text.split("</header>")[1], re.DOTALL)
    return {unescape(name): unescape(value) for name, value in pairs}


def guest_of(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in; its pages are in English."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


def with_password(container: Container, person: Person, password: str) -> Person:
    """The person with this password and no second factor."""
    with container.database.writing() as tx:
        credential = tx.credentials.find(person.id)
        assert credential is not None
        tx.credentials.save(replace(credential, password_hash=Passwords().hash(password), totp_confirmed=False))
        tx.commit()
    return person
