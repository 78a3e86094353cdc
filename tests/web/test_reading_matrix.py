"""Nobody reads past the rights by changing a number: every visitor, every address of a file, a file in every state.

What is expected comes from the tables of docs/rights.md. A new address of files that is not placed here fails.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule as Route

from library.app import create_app
from library.container import Container
from library.domain.access import Action, Actor, Rule, Use, may
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Document, DocumentState
from library.domain.people import Role
from library.domain.record import Status
from library.settings import Settings
from storage.model import Digest
from storage.text_store import Text
from tests.builders import add_records
from tests.documents import KEPT_AT, PDF, a_document, keep
from tests.rights_table import expected
from tests.signed_in import a_person, browser_of, guest_of
from tests.web.walked import methods

CAMPUS, HOME = "10.20.3.4", "127.0.0.1"
READ = (DocumentState.KEPT, DocumentState.CLOSED)
# What each public address gives of a file; the image of a page wants a seal besides.
USES: Mapping[str, Use] = {
    "reading.file": Use.DOWNLOAD,
    "reading.named": Use.DOWNLOAD,
    "reading.titled": Use.DOWNLOAD,
    "reading.cover": Use.COVER,
    "viewing.viewer": Use.VIEW,
    "viewing.turn": Use.VIEW,
    "viewing.image": Use.VIEW,
    "viewing.thumbnails": Use.VIEW,
    "viewing.places": Use.SNIPPET,
    "viewing.text": Use.TEXT,
}
# Pages of the viewer are drawn, which takes its time: of roles with the same columns one of each kind comes.
VIEWERS = ("guest", "guest on campus", "reader", "cataloguer", "inspector", "reader on campus", "reader with text")


@dataclass(frozen=True)
class Visitor:
    """A browser somewhere, and the columns of the table of rights that are theirs."""

    client: FlaskClient
    address: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class House:
    """A library with a file in each state, and everybody who may come."""

    app: Flask
    container: Container
    files: Mapping[str, Document]
    visitors: Mapping[str, Visitor]
    today: date

    def routes(self) -> list[Route]:
        """All addresses that name a file and ask for no right to work here."""
        views = self.app.view_functions
        public = (rule for rule, method in methods(self.app.url_map) if method == "GET")
        return [
            rule
            for rule in public
            if "document_id" in rule.arguments and getattr(views[rule.endpoint], "required_action", None) is None
        ]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[House]:
    directory = tmp_path_factory.mktemp("matrix")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    unhurried = Settings(
        data_dir=directory, campus_networks=("10.20.0.0/16",), pages_a_minute=100_000, pages_a_day=100_000
    )
    container = Container(unhurried)
    app = create_app(container)
    files = _files(container)
    pages = Text(pages=("Birinchi bet", "Ikkinchi bet", "Uchinchi bet"), made_by="test")
    container.texts.keep(Digest.of(PDF), pages.pages, made_by=pages.made_by)
    today = container.reading.visit(Actor(key="guest", name=""), "").today
    yield House(app, container, files, _visitors(container, app, files), today)
    container.close()


def _files(container: Container) -> dict[str, Document]:
    published, draft, withdrawn = (
        add_records(container.database, status.value, status=status)[0]
        for status in (Status.PUBLISHED, Status.DRAFT, Status.WITHDRAWN)
    )
    later, before = date(2099, 1, 1), date(2026, 9, 1)
    files = {
        **{level.value: a_document(published, level) for level in AccessLevel},
        **{state.value: a_document(published, state=state) for state in DocumentState if state.value not in READ},
        "embargoed": replace(a_document(published), rights=Rights(level=AccessLevel.OPEN, embargo_until=later)),
        "unapproved": a_document(published, approved=False),
        "closed by a scan": a_document(published, state=DocumentState.CLOSED),
        "closed by a scan, never approved": a_document(published, state=DocumentState.CLOSED, approved=False),
        "of a draft": a_document(draft),
        "of a withdrawn record": a_document(withdrawn),
        "of a withdrawn record, members": a_document(withdrawn, AccessLevel.MEMBERS),
    }
    kept = {name: keep(container, document) for name, document in files.items()}
    return {**kept, "after its term": keep(container, a_document(published), term_ends=before)}


def _visitors(container: Container, app: Flask, files: Mapping[str, Document]) -> dict[str, Visitor]:
    guest = guest_of(app)
    visitors = {
        "guest": Visitor(guest, HOME, ("Guest",)),
        "guest on campus": Visitor(guest, CAMPUS, ("On campus",)),
    }
    for role in Role:
        person = a_person(container, role.value, role)
        is_staff = may(Actor.person(person.id, "", person.roles), Action.SEE_WORK)
        visitors[role.value] = Visitor(browser_of(app, container, person), HOME, ("Staff" if is_staff else "Reader",))
    reader = visitors[Role.READER.value]
    visitors["reader on campus"] = replace(reader, address=CAMPUS, columns=("On campus", "Reader"))
    blind = a_person(container, "zulfiya", Role.READER)
    with container.database.writing() as tx:
        for file in files.values():
            tx.reading.add_grant(file.id, blind.id, "Koʻzi ojiz", by="person:2", by_name="Aziza", at=KEPT_AT)
        tx.commit()
    visitors["reader with text"] = Visitor(browser_of(app, container, blind), HOME, ("With text",))
    return visitors


def test_every_public_address_of_a_file_is_known_here(house: House) -> None:
    assert {route.endpoint for route in house.routes()} == set(USES)


@pytest.mark.parametrize("endpoint", USES)
def test_an_address_gives_what_the_table_says_and_nothing_else(house: House, endpoint: str) -> None:
    (route,) = (route for route in house.routes() if route.endpoint == endpoint)
    visitors = {who: visitor for who, visitor in house.visitors.items() if "viewing" not in endpoint or who in VIEWERS}
    for name, file in house.files.items():
        values = {"document_id": file.id, "name": "kitob.pdf", "page": 1}
        path = house.app.url_map.bind("localhost").build(
            endpoint, {key: value for key, value in values.items() if key in route.arguments}
        )
        path += "?width=1000" if endpoint == "viewing.image" else ""
        for who, visitor in visitors.items():
            ruled = expected(file, USES[endpoint], visitor.columns, house.today)
            response = visitor.client.get(path, environ_overrides={"REMOTE_ADDR": visitor.address}, buffered=True)
            about = f"{who}: {path} ({name}): {response.status_code}"
            if endpoint == "viewing.image":
                # Without a seal the image is for all or for nobody.
                assert (response.status_code == 200) == (ruled.allowed and ruled.rule is Rule.OPEN), about
                assert response.status_code in (200, 403, 404, 410), about
            else:
                assert response.status_code == _status(file, ruled.allowed, ruled.rule), about
            if not ruled.allowed:
                assert b"%PDF" not in response.data, about
                assert b"\xff\xd8\xff" not in response.data, about
                assert b"Birinchi" not in response.data, about


def _status(file: Document, allowed: bool, rule: Rule) -> int:
    if allowed:
        return 200
    if rule is not Rule.NOT_PUBLISHED:
        return 403
    was_read = replace(file, record_status=Status.PUBLISHED).is_published
    return 410 if file.record_status is Status.WITHDRAWN and was_read else 404


def test_the_page_of_a_record_offers_each_visitor_what_they_would_get(house: House) -> None:
    number = house.files["open"].record_id
    for who, visitor in house.visitors.items():
        here = {"REMOTE_ADDR": visitor.address}
        text = visitor.client.get(f"/record/{number}", environ_overrides=here).get_data(as_text=True)
        for name, file in house.files.items():
            if file.record_id != number:
                continue
            told = {use: expected(file, use, visitor.columns, house.today) for use in Use}
            offered = f'href="/files/{file.id}/' in text
            assert offered == told[Use.DOWNLOAD].allowed, f"{who}: {name}"
            assert (f'href="/view/{file.id}"' in text) == told[Use.VIEW].allowed or "Staff" in visitor.columns
            is_there = told[Use.DOWNLOAD].rule is not Rule.NOT_PUBLISHED
            assert (f'id="file-{file.id}"' in text) == is_there, f"{who}: {name}"
            assert (f'href="/documents/{file.id}"' in text) == (not is_there and "Staff" in visitor.columns)


def test_machines_learn_of_files_that_readers_see_and_get_addresses_that_everybody_may_open(house: House) -> None:
    number = house.files["open"].record_id
    for who, visitor in house.visitors.items():
        here = {"REMOTE_ADDR": visitor.address}
        answer = visitor.client.get(f"/api/v1/records/{number}", environ_overrides=here).json
        assert answer is not None
        told = {file["id"]: file["url"] for file in answer["files"]}
        for name, file in house.files.items():
            if file.record_id == number:
                ruled = expected(file, Use.DOWNLOAD, ("Guest",), house.today)
                assert (file.id in told) == (ruled.rule is not Rule.NOT_PUBLISHED), f"{who}: {name}"
                assert bool(told.get(file.id)) == ruled.allowed, f"{who}: {name}"
