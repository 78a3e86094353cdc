"""A librarian uploads full texts in a real browser: connections are lost, pages reloaded, files sent twice."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from library.app import create_app
from library.container import Container
from library.domain.document import DocumentState
from library.domain.people import Role
from tests.builders import add_records
from tests.journeys.barriers import barriers, too_wide
from tests.journeys.serving import served
from tests.signed_in import a_person, session_of

PATIENCE = 60_000
PIECE = 1 << 16
TEXTBOOK = 4_000_000
CAME = "came and is being checked"
Desk = Callable[..., Page]


@pytest.fixture
def record(container: Container) -> int:
    return add_records(container.database, "Oliy matematika")[0]


@pytest.fixture
def address(container: Container) -> Iterator[str]:
    with served(create_app(container)) as address:
        yield address


@pytest.fixture
def desk(browser: Browser, container: Container, address: str, record: int) -> Iterator[Desk]:
    """Opens the page of the record's files for a cataloguer; pieces are small, so that there are many."""
    person = a_person(container, "nodira", Role.CATALOGUER)
    windows: list[BrowserContext] = []

    def build(**how: object) -> Page:
        window = browser.new_context(base_url=address, locale="en", **how)  # type: ignore[arg-type]
        windows.append(window)
        window.set_default_timeout(PATIENCE)
        window.add_cookies([{"name": "sid", "value": session_of(container, person), "url": address}])
        page = window.new_page()
        page.goto(f"/documents/new?record={record}")
        return page

    yield build
    for window in windows:
        window.close()


@pytest.fixture
def textbook(tmp_path: Path) -> Path:
    path = tmp_path / "Oliy matematika, 1-qism.pdf"
    path.write_bytes(os.urandom(TEXTBOOK))
    return path


def _upload(page: Page, *files: Path) -> None:
    page.evaluate(f"document.getElementById('upload').dataset.piece = '{PIECE}'")
    page.get_by_label("Files", exact=True).set_input_files([str(file) for file in files])
    page.get_by_role("button", name="Upload").click()


def _content(container: Container) -> list[bytes]:
    contents = []
    for intake in container.quarantine.whole():
        with container.quarantine.open(intake) as stream:
            contents.append(stream.read())
    return contents


def _line(page: Page, number: int = 0) -> str:
    return page.locator("#uploads li").nth(number).inner_text()


def test_an_upload_goes_on_by_itself_when_the_connection_is_back(
    container: Container, desk: Desk, textbook: Path, tmp_path: Path
) -> None:
    appendix = tmp_path / "ilova.txt"
    appendix.write_text("Jadvallar")
    page = desk(viewport={"width": 360, "height": 800})
    _upload(page, textbook, appendix)
    bar = page.get_by_role("progressbar", name=textbook.name)
    expect(bar).not_to_have_attribute("value", "0")
    page.context.set_offline(True)
    status = page.locator("#upload-status")
    expect(status).to_contain_text("connection lost: it goes on by itself")
    stopped = int(bar.get_attribute("value") or "0")
    assert 0 < stopped < TEXTBOOK
    assert barriers(page) == []
    assert too_wide(page) == 0
    page.context.set_offline(False)
    expect(page.locator("#uploads-done")).to_be_visible()
    assert [CAME in _line(page, number) for number in (0, 1)] == [True, True]
    expect(status).to_contain_text("All is done.")
    assert sorted(_content(container), key=len) == [b"Jadvallar", textbook.read_bytes()]
    page.get_by_role("link", name="Show the files of this record").click()
    expect(page.get_by_role("row")).to_have_count(3)


def test_the_same_file_goes_on_after_the_page_was_left(
    container: Container, desk: Desk, textbook: Path, record: int
) -> None:
    page = desk()
    page.on("dialog", lambda dialog: dialog.accept())
    _upload(page, textbook)
    expect(page.get_by_role("progressbar")).not_to_have_attribute("value", "0")
    page.context.set_offline(True)
    expect(page.locator("#upload-status")).to_contain_text("connection lost")
    with container.database.reading() as view:
        (document,) = view.documents.of_record(record)
    came = container.quarantine.arriving(document.intake_id).received
    page.context.set_offline(False)
    page.goto("about:blank")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/uploads" in request.url else None)
    page.goto(f"/documents/new?record={record}")
    _upload(page, textbook)
    expect(page.locator("#uploads-done")).to_be_visible()
    assert CAME in _line(page)
    assert (asked[0].method, asked[0].url.rpartition("/")[2]) == ("GET", str(document.id))
    assert len([request for request in asked if request.method == "POST"]) <= (TEXTBOOK - came) // PIECE + 2
    assert _content(container) == [textbook.read_bytes()]


def test_what_can_not_come_is_told_beside_its_name(
    container: Container, desk: Desk, textbook: Path, tmp_path: Path
) -> None:
    page = desk()
    empty, twin = tmp_path / "bosh.pdf", tmp_path / "nusxa.pdf"
    empty.write_bytes(b"")
    twin.write_bytes(textbook.read_bytes())
    page.evaluate(f"document.getElementById('upload').dataset.largest = '{TEXTBOOK}'")
    large = tmp_path / "katta.pdf"
    large.write_bytes(bytes(TEXTBOOK + 1))
    _upload(page, empty, large, textbook, twin)
    expect(page.locator("#uploads-done")).to_be_visible()
    lines = [_line(page, number) for number in range(4)]
    assert "empty: it is not taken" in lines[0]
    assert "larger than 300 MB" in lines[1]
    assert CAME in lines[2]
    assert "The record has this file already" in lines[3]
    expect(page.locator("#upload-status")).to_contain_text("nusxa.pdf")
    assert len(_content(container)) == 1


def test_an_upload_is_cancelled_with_the_keyboard(
    container: Container, desk: Desk, textbook: Path, record: int
) -> None:
    page = desk()
    page.context.set_offline(True)
    _upload(page, textbook)
    expect(page.locator("#upload-status")).to_contain_text("connection lost")
    page.context.set_offline(False)
    expect(page.get_by_role("progressbar")).not_to_have_attribute("value", "0")
    cancel = page.get_by_role("button", name=re.compile("^Cancel"))
    cancel.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#uploads li")).to_contain_text("cancelled")
    expect(page.get_by_label("Files", exact=True)).to_be_focused()
    with container.database.reading() as view:
        left = [one for one in view.documents.of_record(record) if one.state is not DocumentState.ARRIVING]
    assert left == []
    assert _content(container) == []


def test_the_form_works_without_scripts(container: Container, desk: Desk, textbook: Path) -> None:
    page = desk(java_script_enabled=False)
    page.get_by_label("Files", exact=True).set_input_files(str(textbook))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("status").first).to_contain_text("1 file came and is being checked.")
    assert _content(container) == [textbook.read_bytes()]
    page.get_by_role("link", name=textbook.name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(textbook.name)
