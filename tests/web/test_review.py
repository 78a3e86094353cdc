"""The queue, the decisions of a second person, and the versions that stay: in the browser."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from library.app import create_app
from library.container import Container
from library.domain.access import Actor
from library.domain.journal import Deed
from library.domain.marc import Dialect
from library.domain.people import Person, Role
from library.domain.record import Status
from library.services.cataloguing import Stamp
from tests.builders import a_field, a_marc21_record, add_records
from tests.documents import a_document, keep
from tests.signed_in import a_person, browser_of, guest_of


@pytest.fixture
def app(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def nodira(container: Container) -> Person:
    return a_person(container, "nodira", Role.CATALOGUER)


@pytest.fixture
def aziza(container: Container) -> Person:
    return a_person(container, "aziza", Role.APPROVER)


@pytest.fixture
def botir(container: Container) -> Person:
    return a_person(container, "botir", Role.HEAD)


@pytest.fixture
def approver(app: Flask, container: Container, aziza: Person) -> FlaskClient:
    """Aziza's browser."""
    return browser_of(app, container, aziza)


@pytest.fixture
def head(app: Flask, container: Container, botir: Person) -> FlaskClient:
    """Botir's browser."""
    return browser_of(app, container, botir)


def _actor(person: Person) -> Actor:
    return Actor.person(person.id, person.name, person.roles)


def _submitted(container: Container, person: Person, title: str) -> int:
    number = container.cataloguing.create(Dialect.MARC21, a_marc21_record(title=title), actor=_actor(person))
    container.cataloguing.submit(number, expected=Stamp(1, 1), actor=_actor(person))
    return number


def _published(container: Container, person: Person, second: Person, title: str) -> int:
    number = _submitted(container, person, title)
    stamp = container.cataloguing.workplace(number, actor=_actor(person)).stamp
    container.cataloguing.approve(number, expected=stamp, actor=_actor(second))
    return number


def _press(client: FlaskClient, path: str, action: str, **values: str) -> TestResponse:
    """Send the form of a page that leads to this address, with what is typed into it."""
    tree = html.fromstring(client.get(path).get_data())
    forms = tree.xpath("//form[@action=$action]", action=action)
    assert forms, f"{path} has no form to {action}"
    return client.post(action, data={**dict(forms[0].form_values()), **values})


def _forms(client: FlaskClient, path: str) -> list[str]:
    return list(html.fromstring(client.get(path).get_data()).xpath("//main//form/@action"))


def _status(container: Container, number: int) -> Status:
    return container.catalogue.record(number).record.status


def test_work_is_approved_from_the_page_that_shows_its_differences(
    container: Container, approver: FlaskClient, nodira: Person, aziza: Person
) -> None:
    number = _published(container, nodira, aziza, "Algebra")
    changed = a_marc21_record(title="Algebra asoslari").with_fields(
        [*a_marc21_record(title="Algebra asoslari").fields, a_field("700", "1 ", a="Karimov, A.")]
    )
    stamp = container.cataloguing.save(number, changed, expected=Stamp(2), actor=_actor(nodira))
    container.cataloguing.submit(number, expected=stamp, actor=_actor(nodira))
    assert "Algebra asoslari" in approver.get("/review").get_data(as_text=True)
    tree = html.fromstring(approver.get(f"/review/{number}").get_data())
    before, after = ([" ".join(one.text_content().split()) for one in tree.xpath(f"//{tag}")] for tag in ("del", "ins"))
    assert before == ["245 10 $aAlgebra $cSoatov, Yo. U."]
    assert after == ["245 10 $aAlgebra asoslari $cSoatov, Yo. U.", "700 1# $aKarimov, A."]
    assert [one.text_content().strip() for one in tree.xpath("//ins//mark")] == ["asoslari"]
    assert _press(approver, f"/review/{number}", f"/review/{number}/approve").headers["Location"] == f"/record/{number}"
    assert "Algebra asoslari" in approver.get(f"/record/{number}").get_data(as_text=True)
    assert "Nothing waits" in approver.get("/review").get_data(as_text=True)


def test_one_s_own_work_has_no_button_and_the_address_refuses_too(
    container: Container, botir: Person, head: FlaskClient
) -> None:
    number = _submitted(container, botir, "Algebra")
    page = head.get(f"/review/{number}").get_data(as_text=True)
    assert "another person has to approve it" in page
    assert f"/review/{number}/approve" not in _forms(head, f"/review/{number}")
    answer = _press(head, f"/review/{number}", f"/review/{number}/return", remark="")
    assert answer.status_code == 422
    csrf = html.fromstring(head.get("/review").get_data()).xpath("//main//input[@name='csrf']/@value")[0]
    refused = head.post(f"/review/{number}/approve", data={"csrf": csrf, "stamp": "1.2"})
    assert refused.status_code == 403
    assert "another person has to approve it" in refused.get_data(as_text=True)
    assert _status(container, number) is Status.DRAFT


def test_work_goes_back_with_a_remark_that_has_to_be_said(
    container: Container, approver: FlaskClient, nodira: Person
) -> None:
    number = _submitted(container, nodira, "Algebra")
    path = f"/review/{number}"
    silent = _press(approver, path, f"{path}/return", remark="  ")
    assert silent.status_code == 422
    assert "Say what is to be mended" in silent.get_data(as_text=True)
    assert _press(approver, path, f"{path}/return", remark="Muqova qani?\x00\r\nISBN?\u202e").status_code == 303
    work = container.cataloguing.workplace(number, actor=_actor(nodira)).work
    assert work is not None
    assert work.remark == "Muqova qani?\nISBN?"


def test_many_are_approved_at_once_but_for_one_s_own_and_those_that_changed(
    container: Container, head: FlaskClient, nodira: Person, botir: Person
) -> None:
    first, second = (_submitted(container, nodira, title) for title in ("Algebra", "Fizika"))
    own = _submitted(container, botir, "Kimyo")
    tree = html.fromstring(head.get("/review").get_data())
    offered = tree.xpath("//input[@name='chosen']/@value")
    assert [value.split(":")[0] for value in offered] == [str(first), str(second)]
    csrf = tree.xpath("//main//input[@name='csrf']/@value")[0]
    stamp = container.cataloguing.workplace(second, actor=_actor(nodira)).stamp
    container.cataloguing.save(second, a_marc21_record(title="Fizika 2"), expected=stamp, actor=_actor(nodira))
    answer = head.post("/review", data={"csrf": csrf, "chosen": [*offered, f"{own}:1.2", "999:1.1"]})
    text = answer.get_data(as_text=True)
    assert "1 of 4 approved" in text
    assert "was saved by somebody else" in text
    assert "another person has to approve it" in text
    assert [_status(container, one) for one in (first, second, own)] == [Status.PUBLISHED, Status.DRAFT, Status.DRAFT]
    assert head.post("/review", data={"csrf": csrf, "chosen": "x:1.1"}).status_code == 422


def test_an_emergency_is_loud(container: Container, head: FlaskClient, botir: Person) -> None:
    number = _submitted(container, botir, "Algebra")
    path = f"/review/{number}"
    assert _press(head, path, f"{path}/emergency", reason=" ").status_code == 422
    assert _press(head, path, f"{path}/emergency", reason="Ministrlik tekshiruvi").status_code == 303
    assert _status(container, number) is Status.PUBLISHED
    assert "without a second person" in head.get(f"/cataloguing/{number}/versions").get_data(as_text=True)
    with container.database.reading() as view:
        last = [sealed.entry for sealed in view.journal.after(0)][-1]
    assert last.deed is Deed.EMERGENCY_APPROVAL
    assert last.after["reason"] == "Ministrlik tekshiruvi"


def test_only_the_head_is_offered_the_emergency(
    app: Flask, container: Container, approver: FlaskClient, nodira: Person
) -> None:
    number = _submitted(container, nodira, "Algebra")
    assert f"/review/{number}/emergency" not in _forms(approver, f"/review/{number}")
    inspector = browser_of(app, container, a_person(container, "inspector", Role.INSPECTOR))
    assert _forms(inspector, f"/review/{number}") == []
    assert inspector.get(f"/review/{number}").status_code == 200


def test_versions_are_listed_compared_and_restored(
    app: Flask, container: Container, nodira: Person, aziza: Person
) -> None:
    number = _published(container, nodira, aziza, "Algebra")
    stamp = container.cataloguing.save(
        number, a_marc21_record(title="Geometriya"), expected=Stamp(2), actor=_actor(nodira)
    )
    stamp = container.cataloguing.submit(number, expected=stamp, actor=_actor(nodira))
    container.cataloguing.approve(number, expected=stamp, actor=_actor(aziza))
    client = browser_of(app, container, nodira)
    path = f"/cataloguing/{number}/versions"
    tree = html.fromstring(client.get(path).get_data())
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in tree.xpath("//tbody/tr")]
    assert [row[0] for row in rows] == ["3", "2", "1"]
    assert rows[0][4].startswith("Nodira")
    assert rows[0][5] == "Aziza"
    compared = client.get(f"{path}?before=2&after=3").get_data(as_text=True)
    assert "Geometriya" in compared
    assert "Version 2" in compared
    assert client.get(f"{path}?before=2&after=9").status_code == 404
    restored = _press(client, path, f"{path}/restore", version="2")
    assert restored.headers["Location"] == f"/cataloguing/{number}?done=restored"
    work = container.cataloguing.workplace(number, actor=_actor(nodira)).work
    assert work is not None
    assert work.marc.first("245", "a") == "Algebra"
    assert container.catalogue.record(number).description.title == "Geometriya"
    assert _press(client, path, f"{path}/restore", version="77").status_code == 404


def test_long_queues_are_read_page_by_page(container: Container, approver: FlaskClient, nodira: Person) -> None:
    for number in range(52):
        _submitted(container, nodira, f"Kitob {number:02}")
    first = approver.get("/review").get_data(as_text=True)
    assert "Kitob 49" in first
    assert "Kitob 50" not in first
    second = approver.get("/review?page=2").get_data(as_text=True)
    assert "Kitob 50" in second
    assert "/review?page=1" in second
    assert "/review?page=3" not in second
    for odd in ("0", "-1", "x", "99999999999999", "%00"):
        assert approver.get(f"/review?page={odd}").status_code == 200


def test_a_record_page_offers_what_its_visitor_may_do(
    app: Flask, container: Container, nodira: Person, aziza: Person
) -> None:
    number = _published(container, nodira, aziza, "Algebra")

    def offered(client: FlaskClient) -> set[str]:
        links = html.fromstring(client.get(f"/record/{number}").get_data()).xpath("//article//a/@href")
        return {link.removeprefix(f"/cataloguing/{number}") or "edit" for link in links if "/cataloguing/" in link}

    assert offered(guest_of(app)) == set()
    assert offered(browser_of(app, container, nodira)) == {"edit", "/versions"}
    assert offered(browser_of(app, container, aziza)) == {"/versions", "/withdraw"}


def test_the_queue_counts_the_files_that_wait_for_approval_too(app: Flask, container: Container, aziza: Person) -> None:
    browser = browser_of(app, container, aziza)
    assert "/documents?part=" not in browser.get("/review").get_data(as_text=True)
    (record,) = add_records(container.database, "Botanika")
    keep(container, a_document(record, approved=False))
    keep(container, a_document(record))
    page = html.fromstring(browser.get("/review").data)
    (link,) = page.xpath("//a[@href='/documents?part=to-approve']")
    assert link.text_content() == "Files: Waiting for approval 1"
    listed = html.fromstring(browser.get(link.get("href")).data)
    assert listed.xpath("string(//h2[@id='list']/*[@class='count'])") == "1"
