"""A textbook from the cataloguer's hands to the reader, by the keyboard alone; and what is typed is never lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.serving import make_server

from library.app import create_app
from library.container import Container
from library.domain.marc import Dialect
from library.domain.people import Person, Role
from tests.builders import an_irbis_record
from tests.signed_in import a_person, session_of, with_password
from tests.staff import published

PATIENCE = 60_000
PASSWORD = "uch otli arava"
MOST_TABS = 150


@pytest.fixture
def address(container: Container) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(container), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def nodira(container: Container) -> Person:
    """The head of a small library catalogues too, and may approve what others made."""
    return with_password(container, a_person(container, "nodira", Role.HEAD), PASSWORD)


@contextmanager
def _desk(browser: Browser, address: str, container: Container, person: Person) -> Iterator[Page]:
    with browser.new_context(base_url=address, locale="en") as window:
        window.set_default_timeout(PATIENCE)
        window.add_cookies([{"name": "sid", "value": session_of(container, person), "url": address}])
        page = window.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        assert not complaints


def _tab_to(page: Page, target: Locator) -> None:
    """As somebody without a mouse does."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached by the Tab key")


def _go_to_field(page: Page, tag: str) -> None:
    page.keyboard.press("Alt+KeyG")
    page.keyboard.type(tag)
    page.keyboard.press("Enter")
    expect(page.locator(f"#row-{tag} :is(input, textarea, select)").first).to_be_focused()


def _type(page: Page, *texts: str) -> None:
    """Type into the inputs from the focused one on; an empty text passes one over."""
    for number, text in enumerate(texts):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(text)


def _type_a_textbook(page: Page) -> None:
    _go_to_field(page, "200")
    _type(page, "", "Олий математика", "", "дарслик", "Ё. У. Соатов")
    _go_to_field(page, "210")
    _type(page, "Тошкент", "Ўқитувчи", "2021")
    _go_to_field(page, "700")
    _type(page, "Соатов", "Ё. У.")
    _go_to_field(page, "101")
    _type(page, "uzb")
    _go_to_field(page, "675")
    _type(page, "517(075.8)")


def test_a_textbook_from_nothing_to_its_reader(
    browser: Browser, container: Container, address: str, nodira: Person
) -> None:
    there = published(container.cataloguing, Dialect.IRBIS, an_irbis_record(title="Oliy matematika", author="Soatov"))
    aziza = a_person(container, "aziza", Role.APPROVER)
    container.indexing.rebuild()
    with _desk(browser, address, container, nodira) as page:
        page.goto("/cataloguing")
        _tab_to(page, page.get_by_role("link", name="Book", exact=True).first)
        page.keyboard.press("Enter")
        page.wait_for_url("**/cataloguing/new/irbis-book")
        _type_a_textbook(page)
        warning = page.locator("#duplicates")
        expect(warning).to_contain_text("may be the same")
        expect(warning).to_contain_text("The same title and author, another year")
        expect(warning).to_contain_text(f"Record {there}")
        _go_to_field(page, "610")
        _type(page, "integral")
        page.keyboard.press("Alt+KeyN")
        expect(page.locator("[name='610.1.text.0']")).to_be_focused()
        _type(page, "limit")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Submitted. Another person has to approve it.")).to_be_visible()
        number = int(page.url.split("?")[0].rsplit("/", 1)[1])
        page.goto("/review")
        _tab_to(page, page.get_by_role("link", name="Олий математика"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("another person has to approve it")).to_be_visible()
        expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    with _desk(browser, address, container, aziza) as page:
        page.goto("/review")
        _tab_to(page, page.get_by_role("link", name="Олий математика"))
        page.keyboard.press("Enter")
        expect(page.locator("ins").filter(has_text="limit")).to_be_visible()
        _tab_to(page, page.get_by_role("button", name="Approve", exact=True))
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/record/{number}")
    while container.worker.step(lambda _: False):
        pass
    with browser.new_context(base_url=address, locale="en") as window:
        page = window.new_page()
        page.goto("/")
        page.keyboard.type("oliy matematika darslik")
        page.keyboard.press("Enter")
        expect(page.locator(".result a").filter(has_text="Олий математика")).to_be_visible()


def test_a_session_that_ends_in_the_middle_of_a_form_costs_nothing(
    browser: Browser, container: Container, address: str, nodira: Person
) -> None:
    with _desk(browser, address, container, nodira) as page:
        page.goto("/cataloguing/new/irbis-book")
        _type_a_textbook(page)
        with container.database.writing() as tx:
            tx.sessions.end_all(nodira.id)
            tx.commit()
        page.keyboard.press("Control+KeyS")
        expect(page.get_by_text("What you had typed is kept")).to_be_visible()
        page.get_by_label("Login").focus()
        _type(page, "nodira", PASSWORD)
        page.keyboard.press("Enter")
        _tab_to(page, page.get_by_role("button", name="Send", exact=True))
        page.keyboard.press("Enter")
        expect(page.get_by_text("Saved as a draft")).to_be_visible()
        expect(page.locator("[name='200.0.A.0']")).to_have_value("Олий математика")
        expect(page.locator("[name='675.0.text.0']")).to_have_value("517(075.8)")


def test_a_page_that_is_left_keeps_what_was_typed_into_it(
    browser: Browser, container: Container, address: str, nodira: Person
) -> None:
    with _desk(browser, address, container, nodira) as page:
        page.goto("/cataloguing/new/irbis-book")
        _go_to_field(page, "200")
        _type(page, "", "Yarim sarlavha")
        page.goto("/cataloguing")
        # The browser sends what was typed while it leaves, and says nothing about it to anybody.
        for _ in range(PATIENCE // 100):
            if page.get_by_text("Typed and not saved").is_visible():
                break
            page.wait_for_timeout(100)
            page.reload()
        _tab_to(page, page.get_by_role("link", name="Book, IRBIS"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("You typed this and did not save it")).to_be_visible()
        expect(page.locator("[name='200.0.A.0']")).to_have_value("Yarim sarlavha")
        page.locator("[name='200.0.A.0']").press("End")
        page.keyboard.type(" yana")
        expect(page.locator("#kept")).to_contain_text("Kept")
        page.reload()
        expect(page.locator("[name='200.0.A.0']")).to_have_value("Yarim sarlavha yana")


def test_an_error_takes_the_cursor_to_its_place_and_enter_goes_on(
    browser: Browser, container: Container, address: str, nodira: Person
) -> None:
    with _desk(browser, address, container, nodira) as page:
        page.goto("/cataloguing/new/irbis-book")
        _go_to_field(page, "10")
        _type(page, "9789943225511")
        page.keyboard.press("Enter")
        expect(page.locator("[name='10.0.B.0']")).to_be_focused()
        _go_to_field(page, "200")
        _type(page, "", "Sarlavha")
        page.keyboard.press("Control+KeyS")
        wrong = page.locator("[name='10.0.A.0']")
        expect(wrong).to_be_focused()
        expect(page.locator("#kept")).to_have_text("Not saved yet")
        page.keyboard.press("Alt+KeyX")
        expect(page.get_by_text("Taken out: ISBN (10)")).to_be_visible()
        page.keyboard.press("Control+KeyS")
        expect(page.get_by_text("Saved as a draft")).to_be_visible()
