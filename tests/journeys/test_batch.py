"""Five hundred records are corrected at once and restored, by the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from library.app import create_app
from library.container import Container
from library.domain.people import Person, Role
from tests.builders import add_records
from tests.journeys.serving import served
from tests.signed_in import a_person, session_of

RECORDS = 500
MOST_TABS = 200


@pytest.fixture
def address(container: Container) -> Iterator[str]:
    add_records(container.database, *(f"Kimyo {number}" for number in range(1, RECORDS + 1)))
    container.indexing.rebuild()
    with served(create_app(container)) as address:
        yield address


@contextmanager
def _desk(browser: Browser, address: str, container: Container, person: Person) -> Iterator[Page]:
    with browser.new_context(base_url=address, locale="en") as window:
        window.add_cookies([{"name": "sid", "value": session_of(container, person), "url": address}])
        yield window.new_page()


def _press(page: Page, target: Locator) -> None:
    """Reach a link or a button by the Tab key, and press it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{target} is not reached by the Tab key")


def _places(container: Container) -> set[str | None]:
    with container.database.reading() as view:
        found = view.records.many(range(1, RECORDS + 1))
    assert len(found) == RECORDS
    return {record.marc.first("264", "a") for record in found.values()}


def _run(container: Container) -> None:
    while container.worker.step(lambda _: False) or container.batches.step():
        pass


def test_five_hundred_records_are_corrected_and_restored(browser: Browser, container: Container, address: str) -> None:
    nodira, aziza = a_person(container, "nodira", Role.CATALOGUER), a_person(container, "aziza", Role.APPROVER)
    with _desk(browser, address, container, nodira) as page:
        page.goto("/search?q=kimyo")
        _press(page, page.get_by_role("link", name="Change these records"))
        expect(page.get_by_text("500 records are chosen")).to_be_visible()
        for text in ("Replace text", "264", "a", "", "Toshkent", "Samarqand"):
            page.keyboard.press("Tab")
            while not page.evaluate("document.activeElement.name?.startsWith('change-')"):
                page.keyboard.press("Tab")
            page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(page.locator("ins").first).to_contain_text("Samarqand")
        assert _places(container) == {"Toshkent"}
        _press(page, page.get_by_role("button", name="Submit for approval"))
        expect(page.get_by_text("Waits for approval")).to_be_visible()
        expect(page.get_by_role("button", name="Approve and run")).to_have_count(0)
        batch = page.url

        with _desk(browser, address, container, aziza) as other:
            other.goto(batch)
            _press(other, other.get_by_role("button", name="Approve and run"))
            expect(other.get_by_text("Running")).to_be_visible()
        _run(container)
        assert _places(container) == {"Samarqand"}

        page.goto(batch)
        _press(page, page.get_by_role("button", name="Undo the whole batch"))
        expect(page.get_by_text("Being undone")).to_be_visible()
        _run(container)
        page.goto(batch)
        expect(page.get_by_text("Undone", exact=True)).to_be_visible()
    assert _places(container) == {"Toshkent"}
