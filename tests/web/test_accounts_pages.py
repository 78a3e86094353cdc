"""Pages on which accounts and readers are kept: what they take, what they show, and that nothing typed gets out raw."""

from __future__ import annotations

import csv
import re
import time
from dataclasses import dataclass
from html import unescape
from io import BytesIO, StringIO

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from library.app import create_app
from library.cli.accounts import CONSOLE
from library.container import Container
from library.domain.people import Person, Role
from tests.signed_in import a_person, browser_of, carried_by, csrf_of, guest_of, session_of, with_password
from tests.web.shelves import MARKER

PASSWORD = "uch otli arava"
STAFF = {"login": "sobir", "name": "Sobirov Sobir", "order_number": "5-k", "order_date": "2026-09-01"}
READER = {"name": "Karimov Aziz", "card": "K-1", "hemis": "391", "category": "student", "group": "F-1"}


@dataclass
class Office:
    """An application, an administrator and a cataloguer with browsers of their own."""

    container: Container
    app: Flask
    boss: Person
    boss_browser: FlaskClient
    nodira: Person
    nodira_browser: FlaskClient

    def send(self, browser: FlaskClient, path: str, **form: object):
        return browser.post(path, data={"csrf": csrf_of(browser), **form})


@pytest.fixture
def office(container: Container) -> Office:
    app = create_app(container)
    boss = a_person(container, "boss", Role.ADMINISTRATOR)
    nodira = a_person(container, "nodira", Role.CATALOGUER)
    return Office(container, app, boss, browser_of(app, container, boss), nodira, browser_of(app, container, nodira))


def _alert(response) -> str:
    found = re.search(r'role="alert".*?<p>(.*?)</p>', response.get_data(as_text=True), re.DOTALL)
    assert found is not None
    return unescape(found.group(1))


def test_an_account_is_added_changed_closed_and_opened(office: Office) -> None:
    browser = office.boss_browser
    made = office.send(browser, "/accounts", **STAFF, role=["cataloguer", "approver"])
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    found = re.search(r'class="link">http://localhost(/set-password/[A-Z2-7-]+)<', made.get_data(as_text=True))
    assert found is not None
    assert STAFF["name"] in guest_of(office.app).get(found.group(1)).get_data(as_text=True)
    page = browser.get("/accounts?q=sobirov&role=approver").get_data(as_text=True)
    number = re.search(r'/accounts/(\d+)"><bdi>Sobirov Sobir', page)
    assert number is not None
    path = f"/accounts/{number.group(1)}"
    form = {**STAFF, "name": "Sobirova", "role": "approver"}
    assert office.send(browser, path, **form, version="1").status_code == 303
    assert "Sobirova" in browser.get(path).get_data(as_text=True)
    assert office.send(browser, path, **form, version="1").status_code == 409
    assert office.send(browser, f"{path}/close", version="2").status_code == 303
    assert "Open the account again" in browser.get(path).get_data(as_text=True)
    assert "Sobirova" not in browser.get("/accounts").get_data(as_text=True)
    assert "Sobirova" in browser.get("/accounts?standing=closed").get_data(as_text=True)
    assert office.send(browser, f"{path}/link").status_code == 422
    assert office.send(browser, f"{path}/reopen", version="3").status_code == 303


def test_a_slip_in_the_form_keeps_what_was_typed(office: Office) -> None:
    response = office.send(office.boss_browser, "/accounts", **{**STAFF, "order_date": "soon"}, role="head")
    assert response.status_code == 422
    assert "2026-09-01" in _alert(response)
    text = response.get_data(as_text=True)
    assert 'value="Sobirov Sobir"' in text
    assert 'value="head" checked' in text
    both = office.send(office.boss_browser, "/accounts", **STAFF, role=["head", "administrator"])
    assert "no cataloguing" in _alert(both)
    assert "at least one role" in _alert(office.send(office.boss_browser, "/accounts", **STAFF, role="emperor"))


def test_an_administrator_ends_a_session_and_it_is_over(office: Office) -> None:
    path = f"/accounts/{office.nodira.id}"
    text = office.boss_browser.get(path).get_data(as_text=True)
    (digest,) = set(re.findall(r'name="session" value="([0-9a-f]{64})"', text))
    assert office.nodira_browser.get("/readers").status_code == 200
    assert office.send(office.boss_browser, f"{path}/sessions/end", session=digest).status_code == 303
    assert office.nodira_browser.get("/readers").status_code == 303
    assert office.send(office.boss_browser, f"{path}/sessions/end", session=digest).status_code == 404


def test_one_s_own_sessions_can_be_ended_but_not_those_of_others(office: Office) -> None:
    other = session_of(office.container, office.nodira)
    text = office.nodira_browser.get("/account").get_data(as_text=True)
    (digest,) = re.findall(r'name="session" value="([0-9a-f]{64})"', text)
    assert "This one" in text
    stranger = office.send(office.boss_browser, "/account/sessions/end", session=digest)
    assert stranger.status_code == 404
    assert office.container.signing_in.visit(other) is not None
    assert office.send(office.nodira_browser, "/account/sessions/end", session=digest).status_code == 303
    assert office.container.signing_in.visit(other) is None
    assert office.nodira_browser.get("/account").status_code == 200


def test_a_new_password_ends_all_other_sessions_and_gives_this_one_a_new_number(office: Office) -> None:
    with_password(office.container, office.nodira, PASSWORD)
    other = session_of(office.container, office.nodira)
    browser = office.nodira_browser
    before = browser.get_cookie("sid")
    wrong = office.send(browser, "/account/password", password_present="not this", password="yangi uzun soz")
    assert (wrong.status_code, _alert(wrong)) == (403, "The present password is wrong.")
    short = office.send(browser, "/account/password", password_present=PASSWORD, password="qisqa")
    assert short.status_code == 422
    done = office.send(browser, "/account/password", password_present=PASSWORD, password="yangi uzun soz")
    assert done.headers["Location"] == "/account"
    assert browser.get("/account").status_code == 200
    after = browser.get_cookie("sid")
    assert before is not None
    assert after is not None
    assert after.value != before.value
    assert office.container.signing_in.visit(before.value) is None
    assert office.container.signing_in.visit(other) is None


def test_whoever_found_an_open_browser_can_not_try_passwords_for_ever(office: Office) -> None:
    with_password(office.container, office.nodira, PASSWORD)
    for _ in range(5):
        tried = office.send(office.nodira_browser, "/account/password", password_present="x", password="yangi soz bu")
        assert tried.status_code == 403
    for weak in ("qisqa", PASSWORD, "parol parol parol"):
        tried = office.send(office.nodira_browser, "/account/password", password_present=PASSWORD, password=weak)
        assert tried.status_code == 422
    tried = office.send(office.nodira_browser, "/account/password", password_present=PASSWORD, password="yangi soz bu")
    assert tried.status_code == 429
    assert int(tried.headers["Retry-After"]) > 800


def test_staff_set_up_and_remove_a_second_factor_and_readers_have_none(office: Office) -> None:
    with_password(office.container, office.nodira, PASSWORD)
    browser = office.nodira_browser
    office.send(browser, "/account/second-factor/begin")
    text = browser.get("/account/second-factor").get_data(as_text=True)
    assert "data:image/svg+xml;base64," in text
    secret = re.search(r"secret: (\w+)", text)
    assert secret is not None
    totp = pyotp.TOTP(secret.group(1))
    first = office.send(browser, "/account/second-factor", password_once=totp.now())
    assert first.status_code == 200
    assert "In use" in browser.get("/account/second-factor").get_data(as_text=True)
    assert secret.group(1) not in browser.get("/account/second-factor").get_data(as_text=True)
    again = office.send(browser, "/account/second-factor/codes", password_once=totp.now())
    assert (again.status_code, "used already" in _alert(again)) == (403, True)
    guest = guest_of(office.app)
    form = {"csrf": csrf_of(guest, "/sign-in"), "login": "nodira", "password": PASSWORD, "next": "/readers"}
    half = guest.post("/sign-in", data=form)
    assert "Code of your authenticator" in half.get_data(as_text=True)
    assert guest.get("/readers").status_code == 303, "half the way is not in"
    assert "Sign in" in guest.get("/help").get_data(as_text=True)
    coming = totp.at(int(time.time()) + 30)
    whole = guest.post("/sign-in/code", data={**carried_by(half.get_data(as_text=True)), "code": coming})
    assert whole.headers["Location"] == "/readers"
    codes = re.findall(r"<code>(.*?)</code>", first.get_data(as_text=True))
    renewed = office.send(guest, "/account/second-factor/codes", password_once=codes[0])
    assert "10 codes on paper are left" in guest.get("/account").get_data(as_text=True)
    void = office.send(guest, "/account/second-factor/remove", password_once=codes[1])
    assert void.status_code == 403
    code = re.findall(r"<code>(.*?)</code>", renewed.get_data(as_text=True))[0]
    assert office.send(guest, "/account/second-factor/remove", password_once=code).headers["Location"] == "/account"
    assert "Set up the second factor" in guest.get("/account").get_data(as_text=True)
    assert office.send(office.boss_browser, "/account/second-factor/remove", password_once="1").status_code == 422
    reader = a_person(office.container, "k-9", Role.READER)
    own = browser_of(office.app, office.container, reader)
    assert "second factor" not in own.get("/account").get_data(as_text=True).lower().split("password and")[0]
    assert office.send(own, "/account/second-factor/begin").status_code == 422


def test_a_reader_is_added_found_changed_and_gets_in_by_a_code(office: Office) -> None:
    browser = office.nodira_browser
    made = office.send(browser, "/readers", **READER)
    path = made.headers["Location"]
    assert "Karimov Aziz" in browser.get("/readers?q=каримов+азиз&group=F-1").get_data(as_text=True)
    assert "Karimov Aziz" not in browser.get("/readers?group=F-2").get_data(as_text=True)
    assert office.send(browser, "/readers", **READER).status_code == 422
    form = {**READER, "until": "2027-06-30", "version": "1"}
    assert office.send(browser, path, **form).status_code == 303
    assert 'value="2027-06-30"' in browser.get(path).get_data(as_text=True)
    table = office.send(browser, "/readers/codes", group="F-1", csv="1")
    assert table.headers["Content-Disposition"] == "attachment; filename=activation-codes.csv"
    heading, line = csv.reader(StringIO(table.get_data(as_text=True).lstrip("\ufeff")), delimiter=";")
    code = dict(zip(heading, line, strict=True))["Activation code"]
    guest = guest_of(office.app)
    shown = guest.post("/set-password/code", data={"csrf": csrf_of(guest, "/set-password"), "code": code.lower()})
    data = carried_by(shown.get_data(as_text=True))
    assert guest.post("/set-password", data={**data, "password": PASSWORD}).status_code == 303
    account = guest.get("/account").get_data(as_text=True)
    assert "K-1" in account
    assert "30.06.2027" in account
    assert office.send(browser, "/readers/codes", group="F-1", print="1").status_code == 422
    assert office.send(browser, f"{path}/close", version="2").status_code == 303
    assert guest.get("/account").status_code == 303


def test_a_list_is_tried_before_it_is_imported(office: Office) -> None:
    browser = office.nodira_browser
    data = "card;name;category\nK-1;Aziz;talaba\n;Botir;\nK-3;Chori;космонавт\n".encode("cp1251")

    def sent(**form: str) -> str:
        form_data = {"csrf": csrf_of(browser), "list": (BytesIO(data), "../../list.csv"), **form}
        return browser.post("/readers/import", data=form_data).get_data(as_text=True)

    tried = sent()
    assert "Line 3: It has no card number or no name." in tried
    assert "Line 4: The category “космонавт” is not known" in tried
    assert re.findall(r"<dd>(\d+)</dd>", tried) == ["2", "0", "0", "1"]
    assert "0 readers" in browser.get("/readers").get_data(as_text=True)
    assert "The list was imported" in sent(**{"import": "1"})
    assert "2 readers" in browser.get("/readers").get_data(as_text=True)
    empty = office.send(browser, "/readers/import")
    assert (empty.status_code, _alert(empty)) == (422, "Choose a file first.")


def test_no_file_breaks_the_import(office: Office) -> None:
    contents = (b"", b"\0" * 50, b"%PDF-1.7", b"PK\x03\x04" + b"x" * 100, b'"' * 3000, b"\xff" * 500, b"," * 5000)
    csrf = csrf_of(office.nodira_browser)
    for name in ("list.csv", "rdr.mst", "list.iso", "x.xrf", "'; DROP TABLE people.csv", "../" * 40, "\x00.csv"):
        for content in contents:
            form = {"csrf": csrf, "list": (BytesIO(content), name), "import": "1"}
            response = office.nodira_browser.post("/readers/import", data=form)
            assert response.status_code in (200, 422), f"{name}: {content[:20]!r}"
    assert "0 readers" in office.nodira_browser.get("/readers").get_data(as_text=True)


def test_nothing_that_was_typed_gets_out_raw(office: Office) -> None:
    staff = {**STAFF, "name": MARKER, "order_number": MARKER, "email": MARKER}
    made = office.send(office.boss_browser, "/accounts", **staff, role="cataloguer")
    assert made.status_code == 200
    wrong = office.send(office.boss_browser, "/accounts", **dict.fromkeys(STAFF, MARKER), role=MARKER)
    assert wrong.status_code == 422
    reader = {**READER, "name": MARKER, "faculty": MARKER, "group": MARKER, "card": '"><x-m'}
    path = office.send(office.nodira_browser, "/readers", **reader).headers["Location"]
    codes = office.send(office.nodira_browser, "/readers/codes", q="", print="1")
    named = browser_of(office.app, office.container, office.container.accounts.by_login("sobir", actor=CONSOLE))
    text = "".join(
        (response if isinstance(response, str) else response.get_data(as_text=True))
        for response in (
            made,
            wrong,
            codes,
            office.boss_browser.get("/accounts"),
            office.boss_browser.get("/accounts", query_string={"q": MARKER, "role": MARKER, "standing": MARKER}),
            office.nodira_browser.get("/readers", query_string={"q": MARKER, "group": MARKER, "faculty": MARKER}),
            office.nodira_browser.get("/readers"),
            office.nodira_browser.get(path),
            named.get("/account"),
            named.get("/help"),
        )
    )
    assert "&lt;x-m" in text
    assert "<x-m" not in text
