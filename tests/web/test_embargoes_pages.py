"""A record is closed until a day, and opened before it, in the browser of an approver."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

from flask.testing import FlaskClient

from library.app import create_app
from library.container import Container
from library.domain.access import Actor
from library.domain.marc import Dialect
from library.domain.people import Role
from tests.builders import a_marc21_record
from tests.documents import PDF
from tests.signed_in import a_person, browser_of, carried_by, guest_of
from tests.staff import AZIZA, NODIRA, published, withdrawn
from tests.web.test_deposit_pages import House


def _send(client: FlaskClient, path: str, **typed: str) -> int:
    hidden = carried_by(client.get(path).get_data(as_text=True)) | typed
    if "end" not in typed:
        hidden.pop("end", None)
    return client.post(path, data=hidden).status_code


def test_an_approver_closes_a_record_and_opens_it_again(container: Container) -> None:
    app = create_app(container)
    aziza, guest = browser_of(app, container, a_person(container, "aziza", Role.APPROVER)), guest_of(app)
    number = published(container.cataloguing, Dialect.MARC21, a_marc21_record(title="Yopiq ish"))
    path = f"/cataloguing/{number}/embargo"
    assert _send(aziza, path, until="kecha") == 422
    assert _send(aziza, path, until="2001-01-01") == 422
    assert guest.get(f"/record/{number}").status_code == 200
    day = container.deposits.today() + timedelta(days=40)
    assert _send(aziza, path, until=day.isoformat()) == 303
    closed = guest.get(f"/record/{number}")
    page = closed.get_data(as_text=True)
    assert closed.status_code == 410
    assert "This record is closed until a day" in page
    assert f"{day.day} " in re.search(r"<dt>Opens on</dt><dd>([^<]*)</dd>", page)[1]  # type: ignore[index]
    assert path not in page
    assert path in aziza.get(f"/record/{number}").get_data(as_text=True)
    told = guest.get(f"/api/v1/records/{number}").get_json()["record"]
    assert (told["status"], told["opens_on"]) == ("withdrawn", day.isoformat())
    assert _send(aziza, path, until=(day + timedelta(days=1)).isoformat()) == 303
    assert _send(aziza, path, end="1") == 303
    assert guest.get(f"/record/{number}").status_code == 200


def test_the_cataloguing_form_says_that_an_approval_opens_no_closed_record(container: Container) -> None:
    app = create_app(container)
    aziza = browser_of(app, container, a_person(container, "aziza", Role.APPROVER))
    nodira = browser_of(app, container, a_person(container, "nodira", Role.CATALOGUER))
    number = published(container.cataloguing, Dialect.MARC21, a_marc21_record())
    draft = container.cataloguing.create(Dialect.MARC21, a_marc21_record("d1"), actor=NODIRA)
    form, again = f"/cataloguing/{number}", "readers see it again"
    until = (container.deposits.today() + timedelta(days=40)).isoformat()
    for closed in (number, draft):
        assert "An embargo closes this record" not in nodira.get(f"/cataloguing/{closed}").get_data(as_text=True)
        assert _send(aziza, f"/cataloguing/{closed}/embargo", until=until) == 303
        page = nodira.get(f"/cataloguing/{closed}").get_data(as_text=True)
        assert "An embargo closes this record until" in page
        assert again not in page
    place = container.cataloguing.workplace(number, actor=NODIRA)
    stamp = container.cataloguing.save(number, place.marc, expected=place.stamp, actor=NODIRA)
    stamp = container.cataloguing.submit(number, expected=stamp, actor=NODIRA)
    container.cataloguing.approve(number, expected=stamp, actor=AZIZA)
    assert guest_of(app).get(f"/record/{number}").status_code == 410
    assert "An embargo closes this record until" in nodira.get(form).get_data(as_text=True)
    assert _send(aziza, f"{form}/embargo", end="1") == 303
    withdrawn(container.cataloguing, number, "Takroriy yozuv")
    page = nodira.get(form).get_data(as_text=True)
    assert again in page
    assert "An embargo closes" not in page


def test_a_cataloguer_has_no_such_form(container: Container) -> None:
    app = create_app(container)
    nodira = browser_of(app, container, a_person(container, "nodira", Role.CATALOGUER))
    number = published(container.cataloguing, Dialect.MARC21, a_marc21_record())
    assert nodira.get(f"/cataloguing/{number}/embargo").status_code == 403


def test_an_author_closes_a_whole_work_and_sees_when_it_opens(container: Container) -> None:
    house = House(container)
    day = container.deposits.today() + timedelta(days=40)
    number = house.begun()
    assert 'name="embargo_of"' in house.dilnoza.page(f"/deposit/{number}/edit")
    assert house.typed(number, embargo_until=day.isoformat(), embargo_of="whole")[0] == 303
    files = f"/deposit/{number}/files"
    assert house.send(house.dilnoza, files, file=(BytesIO(PDF), "ish.pdf"))[0] == 303
    assert house.send(house.dilnoza, f"/deposit/{number}/send", version=2, accepted="1")[0] == 303
    assert house.send(house.chair, f"/deposits/{number}/confirm", version=3)[0] == 303
    assert "The text and the description" in house.head.page(f"/deposits/{number}")
    record = container.deposits.view(
        number, actor=Actor.person(house.dilnoza.person.id, "", frozenset())
    ).deposit.record_id
    place = container.cataloguing.workplace(record, actor=NODIRA)
    stamp = container.cataloguing.save(record, place.marc, expected=place.stamp, actor=NODIRA)
    stamp = container.cataloguing.submit(record, expected=stamp, actor=NODIRA)
    approved = house.send(house.head, f"/review/{record}/approve", stamp=f"{stamp.record}.{stamp.work}")
    assert approved == (303, f"/cataloguing/{record}/embargo")
    assert "It is closed until" in house.head.page(approved[1])
    own = house.dilnoza.page(f"/deposit/{number}")
    assert "Nobody finds it before" in own
    assert f"/record/{record}" not in own
    assert guest_of(house.app).get(f"/record/{record}").status_code == 404
