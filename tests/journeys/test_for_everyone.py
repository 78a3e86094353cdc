"""Every page, in light and dark, on a phone and on a desk: free of barriers, within its width, asking nobody else."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.sync_api import Browser, Request

from library.settings import LANGUAGES
from tests.journeys.barriers import barriers, too_wide, unfold
from tests.journeys.conftest import NewPage
from tests.web.shelves import Shelves

HEAVIEST = 100_000


def _addresses(shelves: Shelves) -> list[str]:
    return [
        "/",
        "/search?q=masalalari&material=textbook&year_from=1970",
        "/search?q=masalalari&page=2",
        "/search?q=qwxzqwxz+kimyo",
        "/search?q=nishon+OR+uzun+OR+%D8%A7%D9%84%D8%B4%D9%81%D8%A7%D8%A1",
        f"/record/{shelves.textbook}",
        f"/record/{shelves.crowded}",
        f"/record/{shelves.arabic}",
        f"/record/{shelves.marked}",
        f"/record/{shelves.irbis}/marc",
        f"/record/{shelves.textbook}/marc",
        f"/record/{shelves.withdrawn}",
        "/browse",
        "/browse/titles?alphabet=uz-Latn&letter=Sh",
        "/browse/authors?alphabet=en&letter=M",
        "/browse/udc",
        "/browse/bbk",
        "/browse/new",
        "/search/advanced",
        "/help",
        "/sign-in",
        "/first-token",
        "/set-password",
        "/nowhere",
    ]


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1440, "dark")])
def test_no_page_has_a_barrier(new_page: NewPage, shelves: Shelves, scheme: str, width: int) -> None:
    page = new_page(width=width, scheme=scheme)
    for address in _addresses(shelves):
        page.goto(address)
        unfold(page)
        assert barriers(page) == [], address


def test_the_page_of_an_unavailable_search_has_none_either(browser: Browser, address_without_index: str) -> None:
    with browser.new_context(locale="en") as context:
        page = context.new_page()
        response = page.goto(f"{address_without_index}/search?q=kitob")
        assert response is not None
        assert response.status == 503
        assert barriers(page) == []
        page.get_by_role("link", name="Browse by title").click()
        page.wait_for_url("**/browse/titles")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wider_than_a_phone(new_page: NewPage, shelves: Shelves, language: str) -> None:
    page = new_page(width=360, height=800, language=language)
    for address in _addresses(shelves):
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        assert too_wide(page) == 0, f"{language} {address}"


def _weigh(weights: list[int], request: Request) -> None:
    weights.append(request.sizes()["responseBodySize"])


def test_no_page_is_heavier_than_a_hundred_kilobytes(new_page: NewPage, shelves: Shelves) -> None:
    for address in ("/", "/search?q=masalalari", f"/record/{shelves.textbook}", "/browse/udc", "/help"):
        page = new_page()
        weights: list[int] = []
        page.on("requestfinished", partial(_weigh, weights))
        page.goto(address, wait_until="networkidle")
        assert len(weights) > 3, address
        assert sum(weights) < HEAVIEST, f"{address}: {sum(weights)} bytes"


def test_what_can_be_touched_is_large_enough(new_page: NewPage, shelves: Shelves) -> None:
    page = new_page(width=360, height=800)
    for address in ("/", "/search?q=masalalari&material=textbook", f"/record/{shelves.textbook}"):
        page.goto(address)
        small = page.evaluate(
            """() => [...document.querySelectorAll(
                "button, input:not([type=hidden]), select, summary, .chip, .step, .menu a, .facet a, .tabs a, .button")]
              .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44)
              .map((element) => element.outerHTML.slice(0, 80))"""
        )
        assert small == [], address


def test_a_page_can_be_printed_without_its_furniture(new_page: NewPage, shelves: Shelves) -> None:
    page = new_page()
    page.emulate_media(media="print")
    page.goto(f"/record/{shelves.textbook}")
    assert page.get_by_role("heading", level=1).is_visible()
    assert not page.locator("#q").is_visible()
    assert not page.get_by_text("MARC view").is_visible()
    assert not page.get_by_text("Where is it?").is_visible()


def test_printed_results_use_the_width_of_the_paper(new_page: NewPage) -> None:
    page = new_page(width=700)
    page.emulate_media(media="print")
    page.goto("/search?q=masalalari")
    width = page.locator(".result-words").first.evaluate("element => element.getBoundingClientRect().width")
    assert width > 500
