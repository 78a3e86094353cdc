"""The keys of the cataloguing form do what the help says."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from library.app import create_app
from library.container import Container
from library.domain.people import Role
from tests.journeys.serving import served
from tests.signed_in import a_person, session_of

PATIENCE = 60_000


def test_enter_goes_on_from_long_inputs_too(browser: Browser, container: Container) -> None:
    session = session_of(container, a_person(container, "nodira", Role.CATALOGUER))
    with served(create_app(container)) as address, browser.new_context(base_url=address, locale="en") as window:
        window.set_default_timeout(PATIENCE)
        window.add_cookies([{"name": "sid", "value": session, "url": address}])
        page = window.new_page()
        page.goto("/cataloguing/new/irbis-book")
        page.locator('[name="200.0.A.0"]').fill("Algebra")
        page.keyboard.press("Enter")
        expect(page.locator('[name="200.0.B.0"]')).to_be_focused()
        expect(page.locator('[name="200.0.A.0"]')).to_have_value("Algebra")
