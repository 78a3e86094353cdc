"""A student's dissertation from the keyboard to its reader: sent, returned, confirmed, catalogued, approved, found.

The worker runs beside the portal, and the virus scanner is a real one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import typst
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sickle import Sickle

from library.app import create_app
from library.container import Container, now
from library.domain.people import Role
from library.services.open_archive import OpenArchive
from tests.journeys.barriers import barriers, too_wide
from tests.journeys.serving import served
from tests.journeys.working import SOON, at_work, until
from tests.signed_in import a_person, session_of

PATIENCE = 60_000
MOST_TABS = 80

Enter = Callable[..., Page]


@pytest.fixture
def working(guarded: Container) -> Iterator[Container]:
    with at_work(guarded):
        yield guarded


@pytest.fixture
def enter(browser: Browser, working: Container) -> Iterator[Enter]:
    """Opens a window of a person with these roles, or of a guest."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    with served(create_app(working)) as address:

        def build(name: str = "", *roles: Role) -> Page:
            context = browser.new_context(base_url=address, locale="en", reduced_motion="reduce")
            context.set_default_timeout(PATIENCE)
            contexts.append(context)
            if name:
                number = session_of(working, a_person(working, name, *roles))
                context.add_cookies([{"name": "sid", "value": number, "url": address}])
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            return page

        yield build
        for context in contexts:
            context.close()
    assert not complaints


@pytest.fixture
def thesis(tmp_path: Path) -> Path:
    path = tmp_path / "dissertatsiya.pdf"
    path.write_bytes(typst.compile(b"= Kirish\nIssiqlik oqimi.\n#pagebreak()\n= Xulosa\nFononlar haqida."))
    return path


def _tab_to(page: Page, target: Locator) -> None:
    """As somebody without a mouse does."""
    for _ in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by the Tab key")


def _type(page: Page, label: str, text: str) -> None:
    _tab_to(page, page.get_by_label(label, exact=True).first)
    page.keyboard.type(text)


def _press(page: Page, role: str, name: str) -> None:
    _tab_to(page, page.get_by_role(role, name=name, exact=True).first)  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def _clean(page: Page) -> None:
    """No barrier for anybody, and nothing beside the page."""
    assert barriers(page) == []
    assert too_wide(page) == 0


def _describe(page: Page) -> None:
    """The form, by the keyboard alone."""
    page.goto("/deposit")
    _clean(page)
    _press(page, "button", "Dissertation")
    page.wait_for_url("**/edit")
    _type(page, "Title of the work", "Yarimo‘tkazgichlar fizikasi")
    _tab_to(page, page.get_by_label("Language of the work", exact=True))
    page.keyboard.type("Uzbek")
    _type(page, "Year", "2026")
    _type(page, "Degree", "PhD")
    _type(page, "Scientific supervisor", "To‘rayev, Elmurod")
    page.locator("[name=defence_date]").fill("2026-09-01")
    _type(page, "Abstract", "Issiqlik oqimi o‘rganilgan.")
    _tab_to(page, page.get_by_label("Licence", exact=True))
    page.keyboard.type("CC BY 4.0")
    expect(page.locator("#kept")).to_contain_text("Kept")
    _clean(page)


def _is_harvested(library: Container, address: str, record: int, document: int) -> None:
    """Libraries elsewhere get the work, with the address of its file."""
    # Answers are as of half a minute ago: nobody waits for that here.
    library.open_archive = OpenArchive(
        library.database, library.configuration, library.settings, b"k" * 32, lambda: now() + timedelta(minutes=1)
    )
    partner = Sickle(f"{address}/oai")
    name = f"oai:library.localhost:{record}"
    one = partner.GetRecord(identifier=name, metadataPrefix="oai_dc")
    assert one.metadata["title"] == ["Yarimo‘tkazgichlar fizikasi: dissertatsiya"]
    assert one.metadata["identifier"] == [f"{address}/record/{record}", f"{address}/files/{document}/dissertatsiya.pdf"]
    assert {"info:eu-repo/semantics/openAccess", "https://creativecommons.org/licenses/by/4.0/"} <= set(
        one.metadata["rights"]
    )
    for prefix, chosen in (("oai_dc", {}), ("etdms", {"set": "openarchive"})):
        (listed,) = partner.ListRecords(metadataPrefix=prefix, **chosen)
        assert (listed.header.identifier, listed.header.deleted) == (name, False)
    assert {"openarchive", "type:dissertation"} <= set(one.header.setSpecs)


def test_a_dissertation_from_its_author_to_its_reader(enter: Enter, working: Container, thesis: Path) -> None:
    dilnoza = enter("dilnoza", Role.READER)
    _describe(dilnoza)
    _press(dilnoza, "button", "Save and continue")
    dilnoza.wait_for_url("**/files")
    dilnoza.locator("#file").set_input_files(thesis)
    _press(dilnoza, "button", "Upload")
    expect(dilnoza.locator("#upload-status")).to_contain_text("All is done.", timeout=SOON)
    _clean(dilnoza)
    _press(dilnoza, "link", "Continue")
    dilnoza.wait_for_url("**/send")
    _press(dilnoza, "button", "Send to the department")
    expect(dilnoza.get_by_text("Accept the agreement.")).to_be_visible()
    _clean(dilnoza)
    _tab_to(dilnoza, dilnoza.get_by_label("I accept the agreement"))
    dilnoza.keyboard.press("Space")
    _press(dilnoza, "button", "Send to the department")
    own = dilnoza.url.rsplit("/", 1)[0].rsplit("/", 1)[1] if dilnoza.url.endswith("send") else "1"
    expect(dilnoza.get_by_text("With the department").first).to_be_visible()

    chair = enter("kafedra", Role.DEPARTMENT)
    chair.goto("/deposits")
    _clean(chair)
    _press(chair, "link", "Yarimo‘tkazgichlar fizikasi")
    _type(chair, "What has to be mended", "Boshqa tildagi annotatsiya yo‘q.")
    _press(chair, "button", "Return")
    expect(chair.get_by_text("Returned to the depositor").first).to_be_visible()

    dilnoza.goto(f"/deposit/{own}")
    expect(dilnoza.locator(".notice").get_by_text("annotatsiya yo‘q")).to_be_visible()
    _press(dilnoza, "link", "Go on with it")
    dilnoza.get_by_label("Abstract in another language").fill("Heat flow.")
    _press(dilnoza, "button", "Save and continue")
    dilnoza.wait_for_url("**/files")
    dilnoza.goto(f"/deposit/{own}/send")
    dilnoza.get_by_label("I accept the agreement").check()
    _press(dilnoza, "button", "Send to the department")
    expect(dilnoza.get_by_text("With the department").first).to_be_visible()

    chair.goto(f"/deposits/{own}")
    _press(chair, "button", "Confirm")
    expect(chair.get_by_text("In cataloguing").first).to_be_visible()

    nodira = enter("nodira", Role.CATALOGUER)
    nodira.goto("/cataloguing")
    _press(nodira, "link", "1 work given to the open archive waits for its description.")
    _press(nodira, "link", "Yarimo‘tkazgichlar fizikasi")
    _press(nodira, "link", "Complete the description")
    nodira.wait_for_url("**/cataloguing/*")
    record = int(nodira.url.rsplit("/", 1)[1])
    nodira.get_by_role("button", name="Submit for approval").click()
    expect(nodira.get_by_text("Submitted. Another person has to approve it.")).to_be_visible()

    aziza = enter("aziza", Role.APPROVER)
    aziza.goto(f"/review/{record}")
    aziza.get_by_role("button", name="Approve", exact=True).click()
    aziza.wait_for_url(f"**/record/{record}")
    with working.database.reading() as view:
        document = view.documents.of_record(record)[0]
    until(aziza, f"/documents/{document.id}", "PDF 1.7")
    aziza.get_by_role("button", name="Approve for readers").click()
    expect(aziza.get_by_text("File approved for readers", exact=True)).to_be_visible()

    dilnoza.goto(f"/deposit/{own}")
    expect(dilnoza.get_by_text("Published").first).to_be_visible()
    for step in ("Returned", "Confirmed by the department", "Description completed", "File approved for readers"):
        expect(dilnoza.locator(".history").get_by_text(step, exact=True)).to_be_visible()
    _clean(dilnoza)

    guest = enter()
    until(guest, "/search?q=фонон", "Yarimo‘tkazgichlar fizikasi")
    guest.goto(f"/record/{record}")
    guest.get_by_role("link", name="all works").first.click()
    expect(guest.get_by_role("link", name="Yarimo‘tkazgichlar fizikasi")).to_be_visible()
    _clean(guest)
    answer = guest.request.get(f"/files/{document.id}")
    assert answer.body() == thesis.read_bytes()
    _is_harvested(working, guest.url.partition("/author")[0], record, document.id)
