"""Colleagues with browsers of their own, signed in."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, date, datetime
from http import HTTPStatus

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from library.container import Container
from library.db.credentials import Credential
from library.domain.people import APPOINTED, LibraryCard, Order, Person, ReaderCategory, Role
from library.services.signing_in import Client, begin


class Colleague:
    """A person's browser; `post` brings back the token that forms of ours carry."""

    def __init__(self, app: Flask, person: Person, number: str) -> None:
        self.person = person
        self.client: FlaskClient = app.test_client()
        self.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        self.client.environ_base["HTTP_ACCEPT"] = "text/html"
        self.client.set_cookie("sid", number)

    def get(self, path: str) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path)

    def page(self, path: str) -> str:
        """The text of a page that must be there."""
        response = self.client.get(path)
        assert response.status_code == HTTPStatus.OK, f"{path}: {response.status_code}"
        return response.get_data(as_text=True)

    def post(self, path: str, **values: object) -> TestResponse:
        """Send a form to this address."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.client.get("/").get_data(as_text=True))
        assert found is not None, "pages of somebody who signed in have the form to sign out"
        return self.client.post(path, data={"csrf": found.group(1), **values})


def colleague(container: Container, app: Flask, *roles: Role, name: str = "Nodira") -> Colleague:
    """A new person with these roles, who came in just now with password and second factor."""
    at = datetime.now(UTC)
    login = f"{name.lower()}.{secrets.token_hex(4)}"
    with container.database.writing() as tx:
        person = tx.people.add(
            Person(
                id=0,
                login=login,
                name=name,
                roles=frozenset(roles),
                order=Order(number="12-k", date=date(2026, 1, 5)) if APPOINTED & set(roles) else None,
                card=LibraryCard(number=login, category=ReaderCategory.STUDENT) if Role.READER in roles else None,
                created_at=at,
                changed_at=at,
            )
        )
        credential = Credential(person_id=person.id, totp_confirmed=True, changed_at=at)
        tx.credentials.save(credential)
        begun = begin(tx, person, credential, Client(address="127.0.0.1", browser="test"), at, second_factor=True)
        tx.commit()
    return Colleague(app, person, begun.number)
