"""The life of an uploaded textbook: taken in, checked, approved, found, read; and what is refused, or waits.

The worker runs beside the portal, and the virus scanner is a real one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typst
from playwright.sync_api import Browser, BrowserContext, Page, expect

from library.app import create_app
from library.container import Container
from library.domain.marc import Dialect
from library.domain.people import Role
from tests.builders import a_marc21_record
from tests.journeys.serving import served
from tests.journeys.working import SOON, at_work, press, until
from tests.signed_in import a_person, session_of
from tests.staff import published
from tests.storage.clamd_daemon import EICAR, Daemon

PATIENCE = 60_000

Enter = Callable[..., Page]


@pytest.fixture
def working(guarded: Container) -> Iterator[Container]:
    with at_work(guarded):
        yield guarded


@pytest.fixture
def record_id(guarded: Container) -> int:
    return published(guarded.cataloguing, Dialect.MARC21, a_marc21_record(title="Oliy matematika"))


@pytest.fixture
def enter(browser: Browser, working: Container) -> Iterator[Enter]:
    """Opens a window of a person with these roles, or of a guest."""
    contexts: list[BrowserContext] = []
    with served(create_app(working)) as address:

        def build(name: str = "", *roles: Role, phone: bool = False) -> Page:
            context = browser.new_context(
                base_url=address,
                viewport={"width": 360, "height": 800} if phone else {"width": 1280, "height": 900},
                has_touch=phone,
                locale="en",
            )
            context.set_default_timeout(PATIENCE)
            contexts.append(context)
            if name:
                number = session_of(working, a_person(working, name, *roles))
                context.add_cookies([{"name": "sid", "value": number, "url": address}])
            return context.new_page()

        yield build
        for context in contexts:
            context.close()


@pytest.fixture
def textbook(tmp_path: Path) -> Path:
    path = tmp_path / "oliy-matematika.pdf"
    path.write_bytes(
        typst.compile("= Kirish\nBirinchi bob.\n#pagebreak()\n= Hosila\nOʻtkir shamshir masalasi.".encode())
    )
    return path


def _upload(page: Page, record_id: int, *files: Path) -> None:
    page.goto(f"/documents/new?record={record_id}")
    page.locator("#file").set_input_files(files)
    page.get_by_role("button", name="Upload").click()
    # In the list of the script; or above the page, where the click came before the script.
    expect(page.get_by_text("being checked").first).to_be_visible(timeout=SOON)


def _enter_transfer(page: Page, record_id: int) -> None:
    page.goto(f"/transfers/new?record={record_id}")
    page.get_by_label("How the files came").select_option("purchase")
    page.get_by_label("Supplier or giver").fill("Ziyo kitob")
    page.get_by_label("Taken over on").fill("2026-09-01")
    for row, (kind, number) in enumerate((("act", "12"), ("contract", "7"))):
        page.locator("[name=paper-kind]").nth(row).select_option(kind)
        page.locator("[name=paper-number]").nth(row).fill(number)
        page.locator("[name=paper-date]").nth(row).fill("2026-09-01")
    page.get_by_role("button", name="Save").click()


def test_a_textbook_is_uploaded_checked_approved_found_and_read_on_a_phone_but_not_by_a_guest(
    enter: Enter, working: Container, record_id: int, textbook: Path
) -> None:
    nodira = enter("nodira", Role.CATALOGUER)
    _enter_transfer(nodira, record_id)
    _upload(nodira, record_id, textbook)
    with working.database.reading() as view:
        document, transfer = view.documents.of_record(record_id)[0], view.transfers.latest(1)[0]
    until(nodira, f"/documents/{document.id}", "PDF 1.7")
    nodira.get_by_label("By which transfer it came").select_option(str(transfer.id))
    nodira.get_by_label("Who may read it").select_option("view-only")
    press(nodira.get_by_role("button", name="Save"))

    aziza = enter("aziza", Role.APPROVER)
    aziza.goto(f"/documents/{document.id}")
    aziza.get_by_role("button", name="Approve for readers").click()
    expect(aziza.get_by_text("File approved for readers", exact=True)).to_be_visible()

    student = enter("gulnora", Role.READER, phone=True)
    until(student, "/search?q=шамшир", "Oliy matematika")
    expect(student.locator("mark").first).to_have_text("shamshir")
    student.goto(f"/record/{record_id}")
    student.get_by_role("link", name="Read").first.click()
    expect(student.get_by_text("/ 2")).to_be_visible()
    image = student.locator("img.page, .page img, main img").first
    expect(image).to_be_visible()
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("one => one.naturalWidth") > 0
    assert student.request.get(f"/files/{document.id}").status == 403

    guest = enter()
    guest.goto(f"/view/{document.id}")
    expect(guest.get_by_text("Copyright lets this file be read here")).to_be_visible()
    assert guest.request.get(f"/files/{document.id}").status == 403


def test_an_infected_file_is_refused_and_seen_in_the_queue(
    enter: Enter, working: Container, record_id: int, textbook: Path
) -> None:
    virus = textbook.with_name("hisobot.txt")
    virus.write_bytes(b"Hisobot\n" * 20 + EICAR)
    nodira = enter("nodira", Role.CATALOGUER)
    _upload(nodira, record_id, virus, textbook)
    until(nodira, "/documents?part=refused", "Test.Eicar.Anywhere")
    expect(nodira.get_by_text("hisobot.txt")).to_be_visible()
    with working.database.reading() as view:
        states = {one.name: one.state.value for one in view.documents.of_record(record_id)}
    assert states["hisobot.txt"] == "refused"
    until(nodira, "/documents?part=unapproved", "oliy-matematika.pdf")
    guest = enter()
    guest.goto(f"/record/{record_id}")
    assert "hisobot" not in guest.content()


def test_while_the_scanner_is_down_an_upload_waits_and_opens_by_itself_when_it_is_back(
    enter: Enter, working: Container, record_id: int, textbook: Path, clamd: Daemon
) -> None:
    nodira, aziza, guest = enter("nodira", Role.CATALOGUER), enter("aziza", Role.APPROVER), enter()
    _enter_transfer(nodira, record_id)
    with clamd.stopped():
        _upload(nodira, record_id, textbook)
        with working.database.reading() as view:
            document, transfer = view.documents.of_record(record_id)[0], view.transfers.latest(1)[0]
        until(nodira, f"/documents/{document.id}", "did not answer")
        nodira.get_by_label("By which transfer it came").select_option(str(transfer.id))
        nodira.get_by_label("Who may read it").select_option("open")
        press(nodira.get_by_role("button", name="Save"))
        aziza.goto(f"/documents/{document.id}")
        aziza.get_by_role("button", name="Approve for readers").click()
        expect(aziza.get_by_text("File approved for readers", exact=True)).to_be_visible()
        assert guest.request.get(f"/files/{document.id}").status == 404
    for _ in range(SOON // 500):
        if guest.request.get(f"/files/{document.id}").status == 200:
            break
        guest.wait_for_timeout(500)
    until(guest, "/search?q=shamshir", "Oliy matematika")
    assert guest.request.get(f"/files/{document.id}").body() == textbook.read_bytes()
