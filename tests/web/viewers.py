"""A library with files to view, people who view them, and what a browser does with a page of the viewer."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from library.app import create_app
from library.container import Container
from library.domain.access_level import AccessLevel
from library.domain.document import Document
from library.domain.people import LibraryCard, Person, ReaderCategory, Role
from library.settings import Settings
from storage.model import Digest
from storage.text_store import Heading
from tests.builders import add_records
from tests.documents import PDF, a_document, keep
from tests.signed_in import a_person, browser_of, guest_of

TEXTS = ("Birinchi bet, unda maxfiysoʻz bor", "Ikkinchi bet", "Учинчи бет, унда Навоий")
OUTLINE = (Heading(title="Kirish", page=1, level=0), Heading(title="Navoiy haqida", page=3, level=1))
CAMPUS = {"REMOTE_ADDR": "10.20.3.4"}
JPEG = b"\xff\xd8"


@dataclass(frozen=True, kw_only=True)
class Library:
    """One record with files, two readers, a cataloguer and a guest; pages are in English."""

    app: Flask
    container: Container
    record_id: int
    people: dict[str, Person]
    browsers: dict[str, FlaskClient]

    @property
    def guest(self) -> FlaskClient:
        return self.browsers["guest"]

    @property
    def reader(self) -> FlaskClient:
        return self.browsers["reader"]

    @property
    def other(self) -> FlaskClient:
        return self.browsers["other"]

    @property
    def staff(self) -> FlaskClient:
        return self.browsers["staff"]

    def a_file(self, level: AccessLevel = AccessLevel.VIEW_ONLY, **changes: object) -> Document:
        """A PDF of three pages whose text is known."""
        return keep(self.container, replace(a_document(self.record_id, level), **changes))  # type: ignore[arg-type]

    def change(self, document: Document) -> None:
        """Write what somebody changed of a document meanwhile."""
        with self.container.database.writing() as tx:
            tx.documents.save(document)
            tx.commit()

    def grant(self, document: Document, who: str) -> None:
        """Let a reader have the text of a file."""
        at = document.received.at
        with self.container.database.writing() as tx:
            tx.reading.add_grant(
                document.id, self.people[who].id, "koʻrish nuqsoni", by="person:9", by_name="Botir", at=at
            )
            tx.commit()

    def opened(self, document: Document) -> list[tuple[str, str]]:
        """Who opened a file by the journal, and how, the oldest first."""
        with self.container.database.reading() as view:
            return [
                (line.actor_name, line.after)
                for line in view.journal.lines()
                if line.deed == "document-opened" and line.object == f"document:{document.id}"
            ]


@contextmanager
def a_library(directory: Path, migrated: Path, **options: int) -> Iterator[Library]:
    """A library with these settings."""
    shutil.copy(migrated, directory / "library.sqlite")
    pace = {"pages_a_minute": 1_000, "pages_a_day": 10_000, **options}
    container = Container(Settings(data_dir=directory, campus_networks=("10.20.0.0/16",), **pace))  # type: ignore[arg-type]
    app = create_app(container)
    container.texts.keep(Digest.of(PDF), TEXTS, made_by="reader 1", outline=OUTLINE)
    people = {
        "reader": _with_card(container, a_person(container, "dilnoza", Role.READER)),
        "other": a_person(container, "aybek", Role.READER),
        "staff": a_person(container, "nodira", Role.CATALOGUER),
    }
    browsers = {who: browser_of(app, container, person) for who, person in people.items()}
    yield Library(
        app=app,
        container=container,
        record_id=add_records(container.database, "Oliy matematika")[0],
        people=people,
        browsers={"guest": guest_of(app), **browsers},
    )
    container.close()


def _with_card(container: Container, person: Person) -> Person:
    after = replace(person, card=LibraryCard(number="2026-00417", category=ReaderCategory.STUDENT))
    with container.database.writing() as tx:
        tx.people.replace(person, after)
        tx.commit()
    return after


def sheet_of(page: TestResponse) -> str:
    """The address of the image on a page of the viewer."""
    found = re.search(r'<img id="sheet"[^>]* src="([^"]+)"', page.get_data(as_text=True))
    assert found is not None, page.status
    return unescape(found.group(1))


def image_address(
    browser: FlaskClient, document: Document, page: int = 1, *, place: Mapping[str, str] | None = None
) -> str:
    """The address of the image of a page, as this browser is given it."""
    return sheet_of(browser.get(f"/view/{document.id}?page={page}", environ_overrides=dict(place or {})))
