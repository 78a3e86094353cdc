"""Every page of the staff, in light and dark, on a phone and on a desk: free of barriers, within its width, light."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from library.container import Container
from library.domain.people import Role
from library.settings import LANGUAGES, Settings
from tests.journeys.barriers import barriers, too_wide, unfold
from tests.journeys.rooms import Staff, furnish
from tests.journeys.serving import served
from tests.signed_in import browser_of

HEAVIEST = 100_000
PATIENCE = 60_000
# The head sees most pages: they are shared out, so that several processes look at them.
SHARES = 4
OTHERS = (Role.CATALOGUER, Role.ADMINISTRATOR)


@pytest.fixture(scope="module")
def staff(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, ztest: int) -> Iterator[Staff]:
    directory = tmp_path_factory.mktemp("rooms")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory, institution="Namangan davlat universiteti"))
    yield furnish(container, ztest)
    container.close()


@pytest.fixture(scope="module")
def address(staff: Staff) -> Iterator[str]:
    with served(staff.app) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    # A colour on its way to the other scheme has the contrast of neither.
    with browser.new_context(base_url=address, locale="en", reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


@pytest.mark.parametrize(
    ("role", "share"), [(Role.HEAD, share) for share in range(SHARES)] + [(role, 0) for role in OTHERS]
)
def test_no_page_of_the_staff_has_a_barrier(page: Page, staff: Staff, address: str, role: Role, share: int) -> None:
    page.context.add_cookies([{"name": "sid", "value": staff.session(role), "url": address}])
    pages = islice(staff.pages(role), share, None, SHARES if role is Role.HEAD else 1)
    flaws = [f"{path}: {flaw}" for path in pages for flaw in _flaws(page, path)]
    assert not flaws, "\n".join(flaws)


def _flaws(page: Page, path: str) -> Iterator[str]:
    answer = page.request.get(path)
    if answer.status not in (HTTPStatus.OK, HTTPStatus.CONFLICT):
        yield f"answers {answer.status}: is its place in rooms.py right?"
    if not answer.body().startswith(b"<!doctype html>"):
        return
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(path)
    unfold(page)
    if (pixels := too_wide(page)) > 0:
        yield f"{pixels} px too wide"
    yield from (f"on a phone, light: {barrier}" for barrier in barriers(page))
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 900})
    yield from (f"on a desk, dark: {barrier}" for barrier in barriers(page))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_the_staff_is_heavy_in_any_language(staff: Staff, language: str) -> None:
    browser = browser_of(staff.app, staff.container, staff.people[Role.HEAD])
    assets: dict[str, int] = {}
    for path in staff.pages(Role.HEAD):
        answer = browser.get(f"{path}{'&' if '?' in path else '?'}lang={language}", buffered=True)
        if answer.mimetype != "text/html":
            continue
        used = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', answer.get_data(as_text=True)))
        for asset in used - assets.keys():
            assets[asset] = len(browser.get(asset, buffered=True).data)
        weight = len(answer.data) + sum(assets[asset] for asset in used)
        assert weight < HEAVIEST, f"{path} in {language}: {weight} bytes"


def test_no_answer_to_a_form_has_a_barrier(page: Page, staff: Staff, address: str) -> None:
    def sign_in(role: Role, path: str) -> None:
        page.context.add_cookies([{"name": "sid", "value": staff.session(role), "url": address}])
        page.goto(path)

    def look(heading: str) -> None:
        expect(page.get_by_role("heading", name=heading).first).to_be_visible()
        assert barriers(page) == [], heading

    page.emulate_media(color_scheme="dark")
    sign_in(Role.HEAD, "/cataloguing/new/irbis-book")
    page.locator('[name="10.0.A.0"]').fill("9789943190770")
    page.get_by_role("button", name="Check", exact=True).click()
    look("places to look at")
    page.goto(f"/cataloguing/{staff.places['record_id']}")
    expect(page.get_by_text("Choose for each field which version is right")).to_be_visible()
    look("Алгебра жана анализ")
    page.goto("/review")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Approve the chosen ones").click()
    look("of 1 approved")
    page.goto("/readers")
    page.get_by_role("button", name="Codes to be printed").click()
    look("Activation codes")
    sign_in(Role.ADMINISTRATOR, f"/accounts/{staff.places['person_id']}")
    page.get_by_role("button", name="Link for a new password").click()
    look("Link for a new password")
    page.goto("/administration/maintenance")
    page.get_by_label("Begins").fill("2000-01-01T10:00")
    page.get_by_label("Ends").fill("2000-01-01T12:00")
    page.get_by_role("button", name="Announce").click()
    expect(page.locator("#problem")).to_be_visible()
    look("Maintenance")
