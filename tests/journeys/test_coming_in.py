"""People come in: the first administrator, a cataloguer by a link, a reader by a code; a session ends mid-form."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from library.app import create_app
from library.container import Container
from library.domain.people import Role
from tests.journeys.barriers import barriers, too_wide, unfold
from tests.journeys.working import press
from tests.signed_in import a_person, session_of, with_password

PASSWORD = "uch otli arava"
PATIENCE = 60_000


@pytest.fixture
def address(container: Container) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(container), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _window(browser: Browser, address: str, *, scripts: bool = True) -> BrowserContext:
    window = browser.new_context(base_url=address, locale="en", java_script_enabled=scripts)
    window.set_default_timeout(PATIENCE)
    return window


def _type(page: Page, *texts: str) -> None:
    """Fill the fields from the focused one on, by the keyboard alone, and send the form."""
    for number, text in enumerate(texts):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_the_first_administrator_appoints_a_cataloguer_who_comes_in(
    browser: Browser, container: Container, address: str
) -> None:
    with _window(browser, address) as window:
        page = window.new_page()
        page.goto("/administration")
        page.get_by_role("link", name="A new library: come in with the one-time token").click()
        page.get_by_label("One-time token").focus()
        _type(page, container.first_token.issue() or "")
        page.get_by_label("Login").focus()
        _type(page, "boss", "Karimov Olim", "12-k")
        page.get_by_label("Date of the order").fill("2026-09-01")
        page.get_by_label("New password").focus()
        _type(page, PASSWORD)
        expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
        page.goto("/accounts")
        expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
        press(page.get_by_role("button", name="Set up the second factor"))
        assert barriers(page) == []
        secret = re.search(r"secret: (\w+)", page.locator("main").inner_text())
        assert secret is not None
        page.get_by_label("Code of your authenticator application").focus()
        _type(page, pyotp.TOTP(secret.group(1)).now())
        expect(page.locator("ol.codes li")).to_have_count(10)
        page.get_by_role("link", name="I have them. Go on").press("Enter")
        page.locator("details.who > summary").press("Enter")
        page.get_by_role("link", name="Accounts of staff").press("Enter")
        page.get_by_role("link", name="New account").press("Enter")
        page.get_by_label("Login", exact=True).focus()
        page.keyboard.type("nodira")
        page.get_by_label("Surname and name").fill("Karimova Nodira")
        page.get_by_label("Number of the order of appointment").fill("13-k")
        page.get_by_label("Date of the order").fill("2026-09-02")
        page.get_by_label("Cataloguer").press("Space")
        page.get_by_role("button", name="Make the account").press("Enter")
        link = page.locator("code.link").inner_text()
    with _window(browser, address) as window:
        page = window.new_page()
        page.goto(link)
        expect(page.locator("main")).to_contain_text("Karimova Nodira")
        page.get_by_label("New password").focus()
        _type(page, "yaxshi uzun parolim")
        expect(page.get_by_role("heading", level=1)).to_have_text("My account")
        page.goto("/readers")
        expect(page.get_by_role("heading", level=1)).to_have_text("Readers")
        assert page.goto("/accounts").status == 403  # type: ignore[union-attr]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(
    browser: Browser, container: Container, address: str, *, scripts: bool
) -> None:
    nodira = with_password(container, a_person(container, "nodira", Role.CATALOGUER), PASSWORD)
    with _window(browser, address, scripts=scripts) as window:
        window.add_cookies([{"name": "sid", "value": session_of(container, nodira), "url": address}])
        page = window.new_page()
        page.goto("/readers/new")
        page.get_by_label("Surname and name").fill('Gʻofurov "Aziz" <b>')
        page.get_by_label("Number of the library card").fill("K-1042")
        page.get_by_label("Faculty").fill("Fizika")
        if scripts:
            with container.database.writing() as tx:
                tx.sessions.end_all(nodira.id)
                tx.commit()
        else:
            window.clear_cookies()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        expect(page.locator("main")).to_contain_text("What you had typed is kept")
        page.get_by_label("Login, library card or HEMIS number").fill("nodira")
        page.get_by_label("Password").fill("a wrong one")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("The login or the password is wrong.")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Send what you had typed")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", level=1)).to_have_text('Gʻofurov "Aziz" <b>')
        expect(page.get_by_label("Faculty")).to_have_value("Fizika")


def test_a_reader_gets_in_by_the_code_of_a_list(
    browser: Browser, container: Container, address: str, tmp_path: Path
) -> None:
    nodira = a_person(container, "nodira", Role.CATALOGUER)
    path = tmp_path / "readers.csv"
    path.write_text("card;name;group;until\nK-7;Karimov Aziz;F-1;2099-06-30\n", encoding="utf-8")
    with _window(browser, address) as window:
        window.add_cookies([{"name": "sid", "value": session_of(container, nodira), "url": address}])
        page = window.new_page()
        page.goto("/readers/import")
        for check in (False, True):
            page.locator("#list").set_input_files(path)
            page.get_by_label("Import, not only try").set_checked(check)
            page.get_by_role("button", name="Read the list").click()
        expect(page.get_by_role("heading", level=2).first).to_have_text("The list was imported")
        page.goto("/readers?group=F-1")
        page.get_by_role("button", name="Codes to be printed").click()
        code = page.locator(".slips code").inner_text()
    with _window(browser, address) as window:
        page = window.new_page()
        page.goto("/sign-in")
        page.get_by_role("link", name="The first time here?").click()
        page.get_by_label("Activation code from the library").fill(code.lower())
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("New password").fill("kitob oqiyman har kuni")
        page.get_by_role("button", name="Set the password").click()
        expect(page.locator("main")).to_contain_text("30.06.2099")
        page.locator("details.who > summary").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.locator("header")).to_contain_text("Sign in")


@pytest.mark.parametrize(("width", "scheme", "language"), [(360, "dark", "uz-Latn"), (1440, "light", "ru")])
def test_no_page_of_accounts_has_a_barrier_or_is_wider_than_its_window(
    browser: Browser, container: Container, address: str, width: int, scheme: str, language: str
) -> None:
    boss = a_person(container, "boss", Role.ADMINISTRATOR)
    nodira = a_person(container, "abdurahmonova.muhayyoxon", Role.CATALOGUER)
    ways = {
        boss: ("/accounts", "/accounts/new", f"/accounts/{nodira.id}", "/account", "/account/password"),
        nodira: ("/readers", "/readers/new", "/readers/import", "/account/second-factor"),
    }
    for person, paths in ways.items():
        with browser.new_context(
            base_url=address,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            locale=language,
        ) as window:
            window.add_cookies([{"name": "sid", "value": session_of(container, person), "url": address}])
            page = window.new_page()
            for path in paths:
                page.goto(path)
                unfold(page)
                assert barriers(page) == [], path
                assert too_wide(page) == 0, path
