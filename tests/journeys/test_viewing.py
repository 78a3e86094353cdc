"""A student reads a view-only textbook on a phone, at a desk by the keyboard alone, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from library.app import create_app
from library.domain.access_level import AccessLevel
from library.domain.document import Document
from library.settings import LANGUAGES
from storage.model import MediaType
from tests.documents import a_document, keep
from tests.journeys.barriers import barriers, too_wide, unfold
from tests.journeys.serving import served
from tests.signed_in import session_of, with_password
from tests.web.viewers import Library, a_library

PATIENCE = 60_000
PASSWORD = "Yashil choynak 7 tog"

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Library]:
    with a_library(tmp_path_factory.mktemp("viewing"), migrated_sqlite) as library:
        with_password(library.container, library.people["reader"], PASSWORD)
        yield library


@pytest.fixture(scope="module")
def address(library: Library) -> Iterator[str]:
    with served(create_app(library.container)) as address:
        yield address


@pytest.fixture
def book(library: Library) -> Document:
    """A view-only file of three pages."""
    return library.a_file(label="Darslik, 1-qism")


@pytest.fixture
def open_page(browser: Browser, library: Library, address: str) -> Iterator[Open]:
    """Opens a window, signed in or not; a complaint of the browser or a request to another host fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    def watch(request: Request) -> None:
        if urlsplit(request.url).hostname != "127.0.0.1":
            complaints.append(f"asked a foreign host: {request.url}")

    def build(
        who: str = "", *, phone: bool = False, scheme: str = "light", language: str = "en", scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport={"width": 360, "height": 800} if phone else {"width": 1440, "height": 900},
            has_touch=phone,
            color_scheme="dark" if scheme == "dark" else "light",
            locale=language,
            java_script_enabled=scripts,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if who:
            number = session_of(library.container, library.people[who])
            context.add_cookies([{"name": "sid", "value": number, "url": address}])
        page = context.new_page()
        page.on("console", note)
        page.on("request", watch)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield build
    for context in contexts:
        context.close()
    assert not complaints


def _shows(page: Page, number: int) -> None:
    """Wait until this page of the file is on the screen, as an image that came."""
    expect(page.locator("#sheet")).to_have_attribute("alt", f"Page {number} of 3")
    expect(page.locator("#sheet")).to_have_attribute("src", re.compile(f"/page/{number}[?]"))
    expect(page.locator("#sheet")).to_have_js_property("complete", value=True)
    expect(page.locator("#sheet")).not_to_have_js_property("naturalWidth", 0)


def _swipe(page: Page, *, to_the_left: bool) -> None:
    page.locator("#stage").evaluate(
        """(stage, isLeft) => {
          const touch = (x) => new Touch({ identifier: 1, target: stage, clientX: x, clientY: 500 });
          const [from, to] = isLeft ? [touch(280), touch(90)] : [touch(90), touch(280)];
          stage.dispatchEvent(new TouchEvent("touchstart", { touches: [from], changedTouches: [from], bubbles: true }));
          stage.dispatchEvent(new TouchEvent("touchend", { touches: [], changedTouches: [to], bubbles: true }));
        }""",
        to_the_left,
    )


def test_a_student_on_a_phone_signs_in_reads_searches_and_comes_back(
    open_page: Open, library: Library, book: Document
) -> None:
    page = open_page(phone=True)
    page.goto(f"/view/{book.id}")
    expect(page.get_by_role("heading", name="Why can this file not be opened?")).to_be_visible()
    page.get_by_role("link", name="Sign in to read").tap()
    page.locator("#login").fill("2026-00417")
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button").tap()
    _shows(page, 1)
    page.get_by_role("link", name="Next page").tap()
    _shows(page, 2)
    _swipe(page, to_the_left=True)
    _shows(page, 3)
    _swipe(page, to_the_left=False)
    _shows(page, 2)
    page.get_by_role("button", name="Search, contents, pages").tap()
    page.locator("#words").fill("навоий")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Page 3 Учинчи бет").tap()
    expect(page.locator("#drawer-inside")).to_be_hidden()
    _shows(page, 3)
    page.goto("/help")
    page.goto(f"/view/{book.id}")
    _shows(page, 3)
    assert library.opened(book) == [("Dilnoza", "{}")]


def test_a_touch_at_the_side_turns_the_page_and_one_in_the_middle_does_not(open_page: Open, book: Document) -> None:
    page = open_page("reader", phone=True)
    page.goto(f"/view/{book.id}?page=1")
    _shows(page, 1)
    box = page.locator("#sheet").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + 60)
    page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + 60)
    _shows(page, 2)
    page.touchscreen.tap(box["x"] + box["width"] * 0.1, box["y"] + 60)
    _shows(page, 1)


def test_the_keyboard_alone_is_enough(open_page: Open, book: Document) -> None:
    page = open_page("reader")
    page.goto(f"/view/{book.id}?page=1")
    _shows(page, 1)
    for key, number in (("ArrowRight", 2), ("PageDown", 3), ("ArrowLeft", 2), ("PageUp", 1), ("End", 3), ("Home", 1)):
        page.keyboard.press(key)
        _shows(page, number)
    page.keyboard.press("+")
    expect(page.locator("#zoom")).to_have_text("150 %")
    expect(page.locator("#sheet")).to_have_js_property("naturalWidth", 1500)
    page.keyboard.press("-")
    page.keyboard.press("-")
    expect(page.locator("#zoom")).to_have_text("60 %")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#words")).to_be_focused()
    page.keyboard.type("navoiy f+?")
    expect(page.locator("#words")).to_have_value("navoiy f+?")
    page.locator("#words").fill("navoiy")
    page.keyboard.press("Enter")
    found = page.get_by_role("link", name="Page 3 Учинчи бет")
    found.focus()
    page.keyboard.press("Enter")
    _shows(page, 3)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Search, contents, pages")).to_be_focused()
    page.locator("#number").fill("2")
    page.keyboard.press("Enter")
    _shows(page, 2)
    expect(page).to_have_url(f"{page.url.split('/view')[0]}/view/{book.id}?page=2&zoom=60&words=navoiy")
    page.locator("#stage").focus()
    page.keyboard.press("f")
    expect(page.locator("#viewer:fullscreen")).to_be_visible()


def test_contents_and_thumbnails_lead_to_their_pages(open_page: Open, book: Document) -> None:
    page = open_page("reader")
    page.goto(f"/view/{book.id}?page=1")
    page.get_by_role("button", name="Search, contents, pages").click()
    page.get_by_role("link", name="Navoiy haqida").click()
    _shows(page, 3)
    expect(page.get_by_role("link", name="Navoiy haqida")).to_have_attribute("aria-current", "true")
    page.locator("#thumbnails a[data-page='2']").click()
    _shows(page, 2)
    for thumbnail in page.locator("#thumbnails img").all():
        expect(thumbnail).to_have_js_property("naturalWidth", 120)


def test_everything_is_done_without_scripts_too(open_page: Open, book: Document) -> None:
    page = open_page("reader", phone=True, scripts=False)
    page.goto(f"/view/{book.id}")
    page.get_by_role("link", name="Next page").click()
    expect(page.locator("#sheet")).to_have_attribute("alt", "Page 2 of 3")
    page.locator("details.zooms > summary").click()
    page.get_by_role("link", name="200 %").click()
    expect(page.locator("#sheet")).to_have_attribute("width", "2000")
    page.get_by_label("Page", exact=True).fill("3")
    page.get_by_role("button", name="Go").click()
    expect(page.locator("#sheet")).to_have_attribute("alt", "Page 3 of 3")
    page.locator("#drawer > summary").click()
    page.get_by_label("Words in this file").fill("birinchi")
    page.get_by_role("button", name="Search in this file").click()
    page.get_by_role("link", name="Page 1 Birinchi bet").click()
    expect(page.locator("#sheet")).to_have_attribute("alt", "Page 1 of 3")
    page.locator("#drawer > summary").click()
    page.get_by_role("link", name="All pages in small").click()
    page.locator("ol.thumbnails a").nth(2).click()
    expect(page.locator("#sheet")).to_have_attribute("alt", "Page 3 of 3")
    page.goto(f"/view/{book.id}")
    expect(page.locator("#sheet")).to_have_attribute("alt", "Page 3 of 3")


def test_an_address_that_has_grown_old_is_asked_for_anew(open_page: Open, book: Document) -> None:
    page = open_page("reader")
    page.goto(f"/view/{book.id}?page=2")
    _shows(page, 2)
    page.locator("#sheet").evaluate("image => { image.src = image.src.replace(/expires=\\d+/, 'expires=1700000000'); }")
    expect(page.locator("#sheet")).not_to_have_attribute("src", re.compile("expires=1700000000"))
    _shows(page, 2)


def test_a_lost_connection_is_told_and_mended(open_page: Open, book: Document) -> None:
    page = open_page("reader")
    page.goto(f"/view/{book.id}?page=1")
    page.context.set_offline(True)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("This page could not be loaded.")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    _shows(page, 2)


def test_a_recording_is_asked_for_by_the_player_of_the_browser(open_page: Open, library: Library) -> None:
    data = b"ID3 of a lecture"
    lecture = replace(a_document(library.record_id, AccessLevel.MEMBERS, data=data), media_type=MediaType.MP3)
    file = keep(library.container, lecture, data)
    page = open_page("reader")
    with page.expect_request(f"**/files/{file.id}/**"):
        page.goto(f"/view/{file.id}")
    expect(page.locator("audio")).to_be_visible()


def _faces(library: Library, book: Document) -> list[str]:
    here = f"/view/{book.id}"
    library.grant(book, "reader")
    return [f"{here}?page=2&words=navoiy", f"{here}/pages", f"{here}/search?words=bet", f"{here}/text"]


@pytest.mark.parametrize(("phone", "scheme"), [(True, "dark"), (False, "light")])
def test_no_page_of_the_viewer_has_a_barrier(
    open_page: Open, library: Library, book: Document, phone: bool, scheme: str
) -> None:
    page = open_page("reader", phone=phone, scheme=scheme)
    for address in _faces(library, book):
        page.goto(address)
        unfold(page)
        page.wait_for_load_state("networkidle")
        assert barriers(page) == [], address


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wider_than_a_phone_and_all_can_be_touched(
    open_page: Open, library: Library, book: Document, language: str
) -> None:
    page = open_page("reader", phone=True, language=language)
    for address in _faces(library, book):
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        assert too_wide(page) == 0, address
        small = page.evaluate(
            """() => [...document.querySelectorAll("main button, main input:not([type=hidden]), main summary, main a")]
              .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
              .map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert small == [], address
    page.goto(f"/view/{book.id}?page=2")
    rows = page.locator(".viewer-bar").evaluate("bar => bar.getBoundingClientRect().height")
    assert rows < 70, "the bar has one row"
