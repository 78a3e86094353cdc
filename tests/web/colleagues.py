"""Colleagues with browsers of their own, signed in."""

from __future__ import annotations

import secrets
from http import HTTPStatus

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from library.container import Container
from library.domain.people import Person, Role
from tests.signed_in import a_person, browser_of, csrf_of


class Colleague:
    """A person's browser; `post` brings back the token that forms of ours carry."""

    def __init__(self, person: Person, client: FlaskClient) -> None:
        self.person = person
        self.client = client

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
        return self.client.post(path, data={"csrf": csrf_of(self.client), **values})


def colleague(container: Container, app: Flask, *roles: Role, name: str = "nodira") -> Colleague:
    """A new person with these roles, who came in just now."""
    person = a_person(container, f"{name.lower()}.{secrets.token_hex(4)}", *roles)
    return Colleague(person, browser_of(app, container, person))
