"""Records of others, in a real browser: taken over from a real SRU server, and brought in by a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from library.app import create_app
from library.container import Container
from library.domain.people import Person, Role
from library.domain.record import Status
from library.marc import iso2709
from library.settings import Settings
from tests.builders import a_marc21_record
from tests.journeys.barriers import barriers, too_wide
from tests.journeys.serving import served
from tests.journeys.working import at_work, press, until
from tests.signed_in import a_person, session_of

PATIENCE = 60_000
BROKEN = b"00060nam  2200000   450 no directory, no fields, no sense\x1d"
Desk = Callable[..., Page]


@pytest.fixture
def settings(settings: Settings, ztest: int) -> Settings:
    return replace(settings, partner_networks=("127.0.0.1/32",), partner_ports=(str(ztest),))


@pytest.fixture
def address(container: Container) -> Iterator[str]:
    with served(create_app(container)) as address:
        yield address


@pytest.fixture
def desk(browser: Browser, container: Container, address: str) -> Iterator[Desk]:
    """Opens a window of its own for a person."""
    windows = []

    def build(person: Person, **how: object) -> Page:
        window = browser.new_context(base_url=address, locale="en", **how)  # type: ignore[arg-type]
        windows.append(window)
        window.set_default_timeout(PATIENCE)
        window.add_cookies([{"name": "sid", "value": session_of(container, person), "url": address}])
        return window.new_page()

    yield build
    for window in windows:
        window.close()


def _sound(page: Page) -> None:
    assert barriers(page) == []
    assert too_wide(page) == 0


@pytest.mark.parametrize("scripts", [True, False])
def test_a_record_of_a_real_sru_server_becomes_a_draft(
    container: Container, desk: Desk, ztest: int, scripts: bool
) -> None:
    head = desk(a_person(container, "botir", Role.HEAD), java_script_enabled=scripts)
    head.goto("/copy-cataloguing/catalogues/new")
    head.get_by_label("Name, as cataloguers").fill("Milliy kutubxona")
    head.get_by_label("Address").fill(f"http://127.0.0.1:{ztest}/Default")
    head.get_by_label("Words to try it with").fill("3")
    head.get_by_role("button", name="Test").press("Enter")
    trial = head.get_by_role("status", name="The server answered")
    expect(trial).to_contain_text("Books about programming")
    expect(trial).to_contain_text("The search found 3 records.")
    head.get_by_role("button", name="Save").press("Enter")
    expect(head.get_by_role("link", name="Milliy kutubxona")).to_be_visible()

    page = desk(a_person(container, "nodira", Role.CATALOGUER), java_script_enabled=scripts)
    page.goto("/copy-cataloguing")
    page.get_by_label("Title", exact=True).fill("4 programs")
    page.get_by_label("Title", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Milliy kutubxona")).to_contain_text("4 records")
    page.get_by_role("link", name="Computer processing of dynamic images").press("Enter")
    expect(page.get_by_role("table")).to_contain_text("$a")
    page.get_by_role("button", name="Take over into a draft").press("Enter")
    page.wait_for_url("**/cataloguing/1")
    expect(page.locator("main")).to_contain_text("Computer processing of dynamic images")
    with container.database.reading() as view:
        record = view.records.get(1)
    assert record.status is Status.DRAFT
    assert (record.marc.first("588", "a") or "").startswith("Milliy kutubxona, ")


def test_a_file_comes_in_and_is_taken_back(container: Container, desk: Desk, tmp_path: Path) -> None:
    books = [a_marc21_record(f"k{number}", title=f"Yangi kitob {number}") for number in range(3)]
    path = tmp_path / "yangi.mrc"
    path.write_bytes(b"".join(map(iso2709.encode, books)) + BROKEN)
    nodira = desk(a_person(container, "nodira", Role.CATALOGUER))
    aziza = desk(a_person(container, "aziza", Role.APPROVER), viewport={"width": 360, "height": 800})
    with at_work(container):
        nodira.goto("/imports")
        _sound(nodira)
        nodira.get_by_label("File of records").set_input_files(path)
        nodira.get_by_role("button", name="Upload and examine").press("Enter")
        nodira.wait_for_url("**/imports/1")
        until(nodira, nodira.url, "What would come in")
        expect(nodira.get_by_text("Yangi kitob 0 / Soatov")).to_be_visible()
        expect(nodira.get_by_role("heading", name="1 record was rejected")).to_be_visible()
        _sound(nodira)
        nodira.get_by_role("button", name="Submit for approval").press("Enter")
        expect(nodira.get_by_text("Waits for approval")).to_be_visible()

        aziza.goto("/imports")
        aziza.get_by_role("link", name="yangi.mrc").click()
        press(aziza.get_by_role("button", name="Approve and import"))
        until(aziza, aziza.url, "What came in")
        _sound(aziza)
        with aziza.expect_download() as taken:
            aziza.get_by_role("link", name="Rejected records: yangi").click()
        assert Path(taken.value.path()).read_bytes() == BROKEN
        aziza.goto("/record/2")
        expect(aziza.get_by_role("heading", name="Yangi kitob 1")).to_be_visible()

        aziza.goto("/imports/1")
        press(aziza.get_by_role("button", name="Withdraw the whole import"))
        until(aziza, "/record/2", "withdrawn together with the import that brought it")
        until(aziza, "/imports/1", "What became of its records")
