"""Suggestions under the search box, by keyboard and by pointer, and browsing where scripts do not run."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.barriers import barriers
from tests.journeys.conftest import NewPage


def _typed(page: Page, text: str) -> None:
    page.locator("#q").press_sequentially(text)
    expect(page.get_by_role("listbox")).to_be_visible()


def test_a_title_is_chosen_with_the_keyboard(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/")
    _typed(page, "алгебра жана")
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert barriers(page) == []
    page.keyboard.press("ArrowDown")
    marked = page.get_by_role("option", selected=True)
    expect(marked).to_contain_text("Алгебра жана анализ")
    expect(box).to_have_attribute("aria-activedescendant", marked.get_attribute("id") or "")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 record found")


def test_an_author_is_chosen_with_the_pointer(new_page: NewPage) -> None:
    page = new_page(width=360)
    page.goto("/browse/authors")
    _typed(page, "soatov")
    page.get_by_role("option", name="Soatov, Yo. U.").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("46 records found")
    assert "author=Soatov" in page.url


def test_escape_closes_the_list_and_leaves_what_was_typed(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/help")
    _typed(page, "alg")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("alg")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=alg")


def test_from_a_letter_and_from_a_class_to_a_record_without_scripts(new_page: NewPage) -> None:
    page = new_page(scripts=False)
    page.goto("/")
    page.get_by_role("link", name="Browse", exact=True).click()
    page.get_by_role("link", name="Authors").first.click()
    page.get_by_role("link", name="Кыргызча").first.click()
    page.get_by_role("link", name="Асанов, А.").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 record found")
    page.goto("/browse/udc")
    page.get_by_role("link", name="51 Mathematics").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("47 records found")


def test_the_advanced_form_needs_no_scripts(new_page: NewPage) -> None:
    page = new_page(scripts=False)
    page.goto("/search/advanced")
    page.get_by_label("Title").fill("masalalari")
    page.get_by_label("From year").fill("1970")
    page.get_by_label("To year").fill("1979")
    page.get_by_label("Uzbek").check()
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("10 records found")
