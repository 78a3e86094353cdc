"""A reader keeps records, cites one and takes them home: with scripts and without, with the mouse and the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.barriers import barriers, too_wide, unfold
from tests.journeys.conftest import NewPage
from tests.web.shelves import Shelves


def _keep(page: Page, shelves: Shelves) -> None:
    page.goto(f"/record/{shelves.textbook}")
    page.get_by_role("button", name="Add to my list").press("Enter")
    expect(page.get_by_role("button", name="Remove from my list")).to_be_visible()
    expect(page.locator("#kept-count")).to_have_text("1")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_record_is_kept_listed_and_removed(new_page: NewPage, shelves: Shelves, scripts: bool) -> None:
    page = new_page(scripts=scripts)
    _keep(page, shelves)
    page.goto("/search?q=masalalari")
    page.get_by_role("button", name="Add to my list").nth(2).press("Enter")
    expect(page.get_by_role("button", name="Remove from my list")).to_have_count(1)
    page.get_by_role("link", name="My list").click()
    expect(page.locator(".listed > li")).to_have_count(2)
    page.locator(".listed").get_by_role("button", name="Remove").first.press("Enter")
    expect(page.locator(".listed > li")).to_have_count(1)
    page.get_by_role("button", name="Empty the list").click()
    expect(page.get_by_text("The list is empty")).to_be_visible()


def test_keeping_a_record_leaves_the_reader_on_the_page(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/search?q=masalalari")
    page.evaluate("document.body.dataset.same = 'page'")
    page.get_by_role("button", name="Add to my list").nth(5).click()
    expect(page.get_by_role("button", name="Remove from my list")).to_be_focused()
    assert page.evaluate("document.body.dataset.same") == "page"
    assert page.url.endswith("/search?q=masalalari")


def test_a_citation_is_copied(new_page: NewPage, shelves: Shelves) -> None:
    page = new_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/record/{shelves.textbook}")
    page.locator("#cite").get_by_role("button", name="Copy").first.click()
    expect(page.locator("#cite").get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#cite-gost").inner_text()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1440, "dark")])
def test_the_pages_of_the_list_have_no_barrier(new_page: NewPage, shelves: Shelves, scheme: str, width: int) -> None:
    page = new_page(width=width, scheme=scheme)
    page.goto("/my-list")
    assert barriers(page) == []
    _keep(page, shelves)
    for address in ("/my-list", "/my-list/print", "/search/export?q=masalalari", f"/record/{shelves.textbook}"):
        page.goto(address)
        unfold(page)
        assert barriers(page) == [], address
        assert too_wide(page) == 0


def test_a_list_is_printed_with_descriptions_and_addresses_only(new_page: NewPage, shelves: Shelves) -> None:
    page = new_page()
    _keep(page, shelves)
    page.goto("/my-list")
    page.get_by_role("link", name="Print").click()
    page.wait_for_url("**/my-list/print*")
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes'; }")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("document.body.dataset.printed") == "yes"
    page.emulate_media(media="print")
    expect(page.get_by_text("To‘plam. — 2018")).to_be_visible()
    expect(page.get_by_text(f"/record/{shelves.textbook}")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("navigation")).to_have_count(0)


def test_the_whole_list_is_copied(new_page: NewPage, shelves: Shelves) -> None:
    page = new_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _keep(page, shelves)
    page.goto("/my-list")
    page.get_by_role("button", name="Copy the whole text").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"/record/{shelves.textbook}" in copied


def test_without_scripts_no_button_is_shown_that_needs_them(new_page: NewPage, shelves: Shelves) -> None:
    page = new_page(scripts=False)
    _keep(page, shelves)
    page.goto("/my-list")
    expect(page.get_by_role("button", name="Copy the whole text")).to_be_hidden()
    expect(page.get_by_role("link", name="Write a letter")).to_be_visible()
    page.get_by_role("link", name="Print").click()
    page.wait_for_url("**/my-list/print*")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
