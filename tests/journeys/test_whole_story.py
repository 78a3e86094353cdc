"""The whole way of a reader: the other alphabet, facets and years, the feed, the citation, the list, the card."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import NewPage
from tests.web.shelves import Shelves

FARTHEST = 250

Press = Callable[[Locator], None]


def _reached(target: Locator) -> None:
    for _ in range(FARTHEST):
        if target.evaluate("element => element === document.activeElement"):
            return
        target.page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not lead to {target}")


def _by_keyboard(target: Locator) -> None:
    _reached(target)
    target.page.keyboard.press("Enter")


def _by_pointer(target: Locator) -> None:
    target.click()


def _found(page: Page, count: int) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{count} record{'s' if count > 1 else ''} found")


def _narrowed(page: Page, press: Press) -> None:
    page.goto("/")
    # The first page puts the reader into the box.
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("алгебра")
    page.keyboard.press("Enter")
    _found(page, 46)
    press(page.get_by_role("link", name="Kyrgyz 1"))
    _found(page, 1)
    press(page.get_by_role("link", name="Uzbek 45"))
    _found(page, 46)
    expect(page.locator(".chosen .chip")).to_have_count(2)
    _reached(page.get_by_label("From year"))
    page.keyboard.type("2000")
    page.keyboard.press("Tab")
    page.keyboard.type("2011")
    press(page.locator("form.years button"))
    _found(page, 6)


def _cited(page: Page, press: Press) -> Path:
    form = page.locator("#cite details").filter(has_text="BibTeX")
    press(form.locator("summary"))
    with page.expect_download() as download:
        press(form.get_by_role("link", name="Download"))
    return Path(download.value.path())


@pytest.mark.parametrize(
    ("press", "scripts"),
    [(_by_pointer, True), (_by_pointer, False), (_by_keyboard, True), (_by_keyboard, False)],
    ids=["pointer", "pointer without scripts", "keyboard", "keyboard without scripts"],
)
def test_a_book_is_found_narrowed_subscribed_to_cited_kept_and_printed(
    new_page: NewPage, shelves: Shelves, press: Press, scripts: bool
) -> None:
    page = new_page(scripts=scripts)
    _narrowed(page, press)
    feed = page.request.get(page.locator("link[type='application/atom+xml']").get_attribute("href") or "")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert feed.text().count("<entry>") == 6
    press(page.get_by_role("link", name="Алгебра жана анализ"))
    page.wait_for_url(f"**/record/{shelves.irbis}")
    assert _cited(page, press).read_text(encoding="utf-8").startswith("@book{")
    press(page.get_by_role("button", name="Add to my list"))
    expect(page.get_by_role("button", name="Remove from my list")).to_be_visible()
    press(page.get_by_role("link", name="My list"))
    expect(page.get_by_role("heading", level=2, name="Алгебра жана анализ")).to_be_visible()
    card = page.request.get(page.get_by_role("link", name="75 × 125 mm, PDF").get_attribute("href") or "")
    assert card.headers["content-type"] == "application/pdf"
    assert card.body().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("олий математика", "Oliy matematika"),
        ("algebra jana analiz", "Алгебра жана анализ"),
        ("öqituvçi oliy matematika", "Oliy matematika"),
    ],
)
def test_every_alphabet_finds_the_same_book(new_page: NewPage, typed: str, title: str) -> None:
    page = new_page()
    page.goto("/")
    page.locator("#q").fill(typed)
    page.keyboard.press("Enter")
    expect(page.locator(".results").get_by_role("link", name=title, exact=True)).to_be_visible()


def test_where_nothing_is_found_a_link_says_what_to_leave_out(new_page: NewPage) -> None:
    page = new_page(scripts=False)
    page.goto("/search?q=masalalari+qwxzqwxz&language=kir")
    way = page.locator("ul.ways li").first
    expect(way).to_contain_text("record")
    way.get_by_role("link").click()
    expect(page.locator("ol.results > li").first).to_be_visible()


def test_another_language_keeps_the_page_and_its_filters(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/search?q=algebra&language=kir")
    page.locator("details.languages > summary").click()
    page.get_by_role("link", name="Русский").click()
    page.wait_for_url("**/search?q=algebra&language=kir**")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.get_by_role("link", name="Алгебра жана анализ")).to_be_visible()
