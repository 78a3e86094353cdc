"""A reader looks for a book and takes its record home: with a mouse, with the keyboard alone, without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.web.shelves import Shelves


def _find_and_take(page: Page, shelves: Shelves) -> Path:
    page.goto("/")
    page.locator("#q").fill("алгебра")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("46 records found")
    page.get_by_role("link", name="Kyrgyz 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 record found")
    expect(page.get_by_role("link", name="Language: Kyrgyz")).to_be_visible()
    page.get_by_role("link", name="Алгебра жана анализ").click()
    expect(page).to_have_url(f"{page.url.split('/record')[0]}/record/{shelves.irbis}")
    page.locator("details.languages > summary").click()
    page.get_by_role("link", name="Кыргызча").click()
    expect(page.get_by_role("heading", name="Жазууну жүктөп алуу")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="MARC 21, MARCXML").click()
    return Path(download.value.path())


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_book_typed_in_the_other_alphabet_is_found_narrowed_read_and_downloaded(
    new_page: NewPage, shelves: Shelves, scripts: bool
) -> None:
    file = _find_and_take(new_page(scripts=scripts), shelves)
    assert "Алгебра жана анализ" in file.read_text(encoding="utf-8")


def test_the_keyboard_alone_is_enough(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/help")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("algebra/2")
    expect(page.locator("#q")).to_have_value("algebra/2")
    page.locator("#q").fill("masalalari 07")
    page.keyboard.press("Enter")
    result = page.get_by_role("link", name="Algebra masalalari 07")
    expect(result).to_be_visible()
    for _ in range(80):
        page.keyboard.press("Tab")
        if result.evaluate("element => element === document.activeElement"):
            break
    expect(result).to_be_focused()
    outline = result.evaluate("element => getComputedStyle(element).outlineWidth")
    assert outline == "3px"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Algebra masalalari 07")


def test_the_list_of_languages_opens_and_closes_by_keyboard(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/help")
    menu = page.locator("details.languages > summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Русский")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Русский")).to_be_hidden()
    expect(menu).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_facets_are_folded_on_a_phone_and_open_on_a_desk(new_page: NewPage, scripts: bool) -> None:
    desk = new_page(scripts=scripts)
    desk.goto("/search?q=algebra")
    expect(desk.get_by_role("link", name="Kyrgyz 1")).to_be_visible()
    phone = new_page(width=360, height=800, scripts=scripts)
    phone.goto("/search?q=algebra")
    expect(phone.get_by_role("link", name="Kyrgyz 1")).to_be_hidden()
    phone.get_by_text("Refine results").click()
    expect(phone.get_by_role("link", name="Kyrgyz 1")).to_be_visible()


def test_years_can_be_narrowed_in_the_form(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/search?q=masalalari&sort=oldest")
    page.get_by_label("From year").fill("1990")
    page.get_by_label("To year").fill("1991")
    page.locator("form.years button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 records found")
    expect(page).to_have_url(
        f"{page.url.split('/search')[0]}/search?q=masalalari&sort=oldest&year_from=1990&year_to=1991"
    )
