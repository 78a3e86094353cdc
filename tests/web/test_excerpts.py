"""Hits in a full text show the words around the match, and the page, to those who may read it and to nobody else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from library.app import create_app
from library.container import Container
from library.db.outbox import Topic
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Contents, Document, DocumentState, TextState
from library.domain.people import Role
from library.projections.search_entry import search_entry
from library.settings import Settings
from storage.model import Digest
from tests.builders import a_description, add_records
from tests.documents import KEPT_AT, a_document, keep
from tests.signed_in import a_person, browser_of, guest_of
from tests.web.shelves import MARKER

PAGES = (
    "Muqaddima. Oʻsimliklar hayoti haqida.",
    f"Barglarda <fotosintez> jarayoni kechadi {MARKER}. Fotosintez — yorugʻlik energiyasi.",
    "Xulosa.",
)
SECOND = ("Ilova.", "Xlorofill moddasi haqida.")
CAMPUS = {"REMOTE_ADDR": "10.20.3.4"}
FEEDS = ("/search.atom?q=fotosintez", "/search.rss?q=fotosintez", "/new.atom", "/new.rss")


@dataclass
class Shelf:
    """A portal with one record, whose files are put into the index by pages, and its visitors."""

    container: Container
    app: Flask
    guest: FlaskClient
    reader: FlaskClient
    staff: FlaskClient

    def put(self, *documents: Document, pages: tuple[str, ...] = PAGES) -> tuple[int, list[Document]]:
        """A new record with these files and these pages; its number."""
        (number,) = add_records(self.container.database, "Botanika")
        kept = [keep(self.container, replace(document, record_id=number)) for document in documents]
        entry = search_entry(number, a_description("Botanika"), "")
        former = [key for key in map(str, range(1, number)) if key]
        self.container.index.apply([replace(entry, body=pages)], former)
        return number, kept


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Shelf]:
    directory = tmp_path_factory.mktemp("excerpts")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory, campus_networks=("10.20.0.0/16",)))
    container.indexing.rebuild()
    app = create_app(container)
    people = {role: browser_of(app, container, a_person(container, role, role)) for role in (Role.READER, Role.HEAD)}
    yield Shelf(container, app, guest_of(app), people[Role.READER], people[Role.HEAD])
    container.close()


def _found(client: FlaskClient, words: str = "fotosintez", **about: Any) -> str:
    """The excerpt on a page of results, empty where there is none."""
    text = client.get("/search", query_string={"q": words}, **about).get_data(as_text=True)
    assert "record found" in text
    assert MARKER not in text
    return text.split('class="excerpt"')[1].split("</p>")[0] if 'class="excerpt"' in text else ""


def _snippet(client: FlaskClient, words: str = "fotosintez", **about: Any) -> object:
    answer = client.get("/api/v1/search", query_string={"q": words}, **about).json
    assert answer is not None
    (found,) = answer["records"]
    return found["snippet"]


@pytest.mark.parametrize("words", ["fotosintez", "фотосинтез", "text:fotosintez"])
def test_the_page_and_the_words_around_the_match_are_shown_and_lead_to_the_page(shelf: Shelf, words: str) -> None:
    _, (file,) = shelf.put(a_document(0))
    excerpt = _found(shelf.guest, words)
    assert "In the full text, page 2" in excerpt
    assert f'href="/view/{file.id}?page=2&amp;words=' in excerpt
    assert '<q lang="uz-Latn">…' in excerpt
    assert excerpt.count("<mark>") == 2
    assert "&lt;<mark>fotosintez</mark>&gt;" in excerpt


def test_a_record_found_by_its_title_alone_has_no_excerpt(shelf: Shelf) -> None:
    shelf.put(a_document(0))
    assert _found(shelf.guest, "botanika") == ""


def test_the_pages_of_a_second_file_are_counted_from_its_own_first(shelf: Shelf) -> None:
    first, second = replace(a_document(0), label="1-qism"), replace(a_document(0), label="2-qism")
    contents = Contents(pages=2, format="PDF 1.7", text=TextState.RECOGNISED)
    waiting = replace(a_document(0), contents=Contents(text=TextState.WAITING))
    _, files = shelf.put(waiting, first, replace(second, contents=contents), pages=(*PAGES, *SECOND))
    excerpt = _found(shelf.guest, "xlorofill")
    assert "In the full text, page 2" in excerpt
    assert "(<bdi>2-qism</bdi>)" in excerpt
    assert f"/view/{files[2].id}?page=2" in excerpt
    assert _snippet(shelf.guest, "xlorofill") == {"file": files[2].id, "page": 2, "text": SECOND[1]}
    assert f"/view/{files[1].id}?page=2" in _found(shelf.guest)


@pytest.mark.parametrize(
    ("level", "to_guest", "on_campus", "to_reader"),
    [
        (AccessLevel.OPEN, True, True, True),
        (AccessLevel.MEMBERS, False, False, True),
        (AccessLevel.CAMPUS, False, True, False),
        (AccessLevel.VIEW_ONLY, False, False, True),
        (AccessLevel.CLOSED, False, False, False),
    ],
)
def test_a_piece_of_a_text_is_shown_to_those_who_may_read_it(
    shelf: Shelf, level: AccessLevel, to_guest: bool, on_campus: bool, to_reader: bool
) -> None:
    shelf.put(a_document(0, level))
    assert bool(_found(shelf.guest)) is to_guest
    assert bool(_found(shelf.guest, environ_overrides=CAMPUS)) is on_campus
    assert bool(_found(shelf.reader)) is to_reader
    assert _found(shelf.staff)


@pytest.mark.parametrize("level", [level for level in AccessLevel if level is not AccessLevel.OPEN])
def test_machines_are_given_what_everybody_may_read_whoever_they_are(shelf: Shelf, level: AccessLevel) -> None:
    shelf.put(a_document(0, level))
    for client, address in ((shelf.guest, "127.0.0.1"), (shelf.guest, "10.20.3.4"), (shelf.staff, "10.20.3.4")):
        assert _snippet(client, environ_overrides={"REMOTE_ADDR": address}) is None


def test_a_match_in_a_file_that_may_be_read_is_shown_behind_one_in_a_file_that_may_not(shelf: Shelf) -> None:
    contents = Contents(pages=2, format="PDF 1.7", text=TextState.EXTRACTED)
    _, files = shelf.put(
        a_document(0, AccessLevel.CLOSED),
        replace(a_document(1), contents=contents, label="2-qism"),
        pages=(*PAGES, "Ilova.", "Fotosintez haqida yana."),
    )
    shelf.container.texts.keep(Digest(files[1].digest), ("Ilova.", "Fotosintez haqida yana."), made_by="reader 1")
    excerpt = _found(shelf.guest)
    assert f'href="/view/{files[1].id}?page=2&amp;words=' in excerpt
    assert "<mark>Fotosintez</mark> haqida yana." in excerpt
    assert "energiyasi" not in excerpt
    assert _snippet(shelf.guest) == {"file": files[1].id, "page": 2, "text": "Fotosintez haqida yana."}
    assert "energiyasi" in _found(shelf.staff)


def test_an_embargo_hides_the_words_too(shelf: Shelf) -> None:
    later = Rights(level=AccessLevel.OPEN, embargo_until=date(2099, 1, 1))
    shelf.put(replace(a_document(0), rights=later))
    assert _found(shelf.reader) == ""
    assert _snippet(shelf.guest) is None


@pytest.mark.parametrize("state", [DocumentState.CLOSED, DocumentState.WITHDRAWN])
def test_a_file_that_was_closed_since_the_index_was_written_shows_nothing(shelf: Shelf, state: DocumentState) -> None:
    shelf.put(a_document(0, state=state))
    for client in (shelf.guest, shelf.reader, shelf.staff):
        assert _found(client) == ""


def test_while_an_index_is_out_of_date_no_page_is_taken_for_one_of_another_file(shelf: Shelf) -> None:
    """The first file was closed; before the index knows, its words stand where those of the open one are counted."""
    number, _ = shelf.put(a_document(0, AccessLevel.CLOSED, state=DocumentState.WITHDRAWN), a_document(0))
    assert _found(shelf.guest)
    with shelf.container.database.writing() as tx:
        tx.outbox.add(Topic.INDEX_RECORD, [number], KEPT_AT)
        tx.commit()
    assert _found(shelf.guest) == ""
    assert _snippet(shelf.staff) is None


def test_feeds_and_files_of_records_carry_no_text(shelf: Shelf) -> None:
    number, _ = shelf.put(a_document(0))
    for path in (*FEEDS, f"/record/{number}.xml", f"/api/v1/records/{number}", "/export?q=fotosintez&format=csv"):
        assert "jarayoni" not in shelf.guest.get(path).get_data(as_text=True), path


def test_a_page_of_results_takes_one_query_more_for_files_and_one_for_hits_in_texts(
    shelf: Shelf, statements: object
) -> None:
    shelf.put(a_document(0), a_document(0, AccessLevel.MEMBERS))
    engine: Engine = shelf.container.database.engine
    for words, queries in (("botanika", 2), ("fotosintez", 3), ("hechnarsa", 1)):
        with statements(engine) as sent:  # type: ignore[operator]
            shelf.guest.get("/search", query_string={"q": words})
        assert len(sent) == queries, sent.sent
