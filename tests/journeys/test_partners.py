"""A partner in a real browser: entered, tested, harvested; a rejected record mended and found by a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from harvest.intake.asking import Patience
from library.app import create_app
from library.container import Container
from library.domain.people import Role
from library.settings import Settings
from tests.harvest.hostile_server import HostileServer
from tests.harvest.oai_partner import Repository, works
from tests.journeys.barriers import barriers, too_wide
from tests.journeys.serving import served
from tests.journeys.working import at_work, press, until
from tests.signed_in import a_person, session_of

PATIENCE = 60_000


@pytest.fixture
def repository() -> Repository:
    repository = Repository(works(12), batch=5)
    repository.works[6].inside = b" & <torn"
    return repository


@pytest.fixture
def partner(repository: Repository) -> Iterator[int]:
    """The port at which the partner answers."""
    with HostileServer(repository) as server:
        yield server.port


@pytest.fixture
def settings(settings: Settings, partner: int) -> Settings:
    return replace(settings, partner_networks=("127.0.0.1/32",), partner_ports=(str(partner),))


@pytest.fixture
def page(browser: Browser, container: Container) -> Iterator[Page]:
    """The desk of the head of the library, with the worker at its work."""
    container.harvesting.patience = Patience(pause=0)
    with (
        at_work(container),
        served(create_app(container)) as address,
        browser.new_context(base_url=address, locale="en") as window,
    ):
        window.set_default_timeout(PATIENCE)
        number = session_of(container, a_person(container, "botir", Role.HEAD))
        window.add_cookies([{"name": "sid", "value": number, "url": address}])
        yield window.new_page()


def _sound(page: Page) -> None:
    assert barriers(page) == []
    assert too_wide(page) == 0


def test_a_partner_is_entered_tested_and_harvested_and_a_rejected_record_mended(page: Page, partner: int) -> None:
    page.goto("/partners")
    page.get_by_role("link", name="New partner").press("Enter")
    page.get_by_label("Name, as readers").fill("Hamkor kutubxona")
    page.get_by_label("Address of its OAI-PMH").fill("http://169.254.169.254/oai")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not an address of the public internet")
    page.get_by_label("Address of its OAI-PMH").fill(f"http://127.0.0.1:{partner}/oai")
    page.get_by_role("button", name="Test").press("Enter")
    trial = page.get_by_role("status", name="The partner answered, and can be harvested")
    expect(trial).to_contain_text("Records on the first page: 5 of 12.")
    _sound(page)
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("heading", name="Hamkor kutubxona")).to_be_visible()
    press(page.get_by_role("button", name="Harvest now"))
    until(page, page.url, "Complete")
    expect(page.locator("main")).to_contain_text("new 11, rejected 1")
    _sound(page)

    page.get_by_role("link", name="1", exact=True).press("Enter")
    page.get_by_role("link", name="oai:partner.example:7").press("Enter")
    raw = page.get_by_label("The record, as it came")
    expect(raw).to_have_value(re.compile("& <torn"))
    raw.fill(raw.input_value().replace(" & <torn", ", Tuzatilgan"))
    _sound(page)
    page.get_by_role("button", name="Check it and take it in").press("Enter")
    page.wait_for_url("**/record/*")
    expect(page.get_by_role("link", name="Hamkor kutubxona")).to_be_visible()
    expect(page.locator("main")).to_contain_text("oai:partner.example:7")
    until(page, "/search?q=Tuzatilgan", "Oʻquv qoʻllanma 7")
