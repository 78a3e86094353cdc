"""Cataloguing forms in the browser: nothing typed is ever lost, and nothing wrong is ever submitted."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from library.app import create_app
from library.container import Container
from library.db.records import DescribedRecord
from library.domain.access import Actor
from library.domain.marc import Dialect
from library.domain.people import Person, Role
from library.domain.record import Status
from library.domain.work import WorkState
from library.services.cataloguing import Stamp, Workplace
from tests.builders import a_field, a_marc21_record, an_irbis_record
from tests.signed_in import a_person, browser_of, csrf_of, guest_of
from tests.web.sheets import Sheet, opened

BOOK = "/cataloguing/new/irbis-book"


@pytest.fixture
def app(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def nodira(container: Container) -> Person:
    return a_person(container, "nodira", Role.CATALOGUER)


@pytest.fixture
def client(app: Flask, container: Container, nodira: Person) -> FlaskClient:
    """Nodira's browser."""
    return browser_of(app, container, nodira)


@pytest.fixture
def colleague(app: Flask, container: Container) -> FlaskClient:
    """The browser of another cataloguer."""
    return browser_of(app, container, a_person(container, "sevara", Role.CATALOGUER))


def _actor(person: Person) -> Actor:
    return Actor.person(person.id, person.name, person.roles)


def _place(container: Container, person: Person, number: int) -> Workplace:
    return container.cataloguing.workplace(number, actor=_actor(person))


def _choice(answer: TestResponse) -> dict[str, str]:
    """What the form of a choice between two versions sends as it is opened."""
    (form,) = html.fromstring(answer.get_data()).xpath("//form[contains(@action, '/merge')]")
    return dict(form.form_values())


def _textbook(sheet: Sheet) -> Sheet:
    return sheet.type(
        _200_0_A_0="Oliy matematika",
        _200_0_F_0="Yo. U. Soatov",
        _700_0_A_0="Soatov",
        _700_0_B_0="Yo. U.",
        _210_0_A_0="Toshkent",
        _210_0_C_0="Oʻqituvchi",
        _210_0_D_0="2019",
        _10_0_A_0="9789943225510",
        _101_0_text_0="uzb",
        _675_0_text_0="517",
    )


def test_a_textbook_is_catalogued_from_nothing_and_submitted(
    client: FlaskClient, container: Container, nodira: Person
) -> None:
    saved = _textbook(opened(client, BOOK)).press("save")
    assert "Saved as a draft" in saved.text
    place = _place(container, nodira, 1)
    assert place.record.status is Status.DRAFT
    assert place.marc.first("200", "A") == "Oliy matematika"
    assert place.marc.first("700", "B") == "Yo. U."
    assert [field.text for field in place.marc.all("101")] == ["uzb"]
    submitted = saved.press("submit")
    assert "Submitted. Another person has to approve it." in submitted.text
    work = _place(container, nodira, 1).work
    assert work is not None
    assert work.state is WorkState.SUBMITTED


def test_whoever_is_not_entitled_sees_no_form(app: Flask, container: Container) -> None:
    assert guest_of(app).get(BOOK).headers["Location"].startswith("/sign-in?next=")
    for role in (Role.READER, Role.APPROVER, Role.ADMINISTRATOR, Role.INSPECTOR):
        assert browser_of(app, container, a_person(container, role.value, role)).get(BOOK).status_code == 403


def test_a_wrong_number_is_named_at_its_input_and_everything_typed_is_shown_again(
    client: FlaskClient, container: Container
) -> None:
    sheet = _textbook(opened(client, BOOK)).type(_10_0_A_0="9789943225511")
    wrong = sheet.press("save")
    assert wrong.response.status_code == 422
    assert "Not saved yet" in wrong.text
    assert ("#10.0.A.0", "ISBN: ISBN is wrong") in [(at, said[:19]) for at, said in wrong.complaints()]
    assert wrong.focused == "10.0.A.0"
    (bad,) = wrong.tree.xpath("//*[@aria-invalid='true']")
    assert bad.get("id") == "10.0.A.0"
    assert all(wrong.tree.xpath("//*[@id=$id]", id=one) for one in bad.get("aria-describedby").split())
    for name, value in sheet.inputs.items():
        if name not in ("csrf", "base"):
            assert wrong.inputs[name] == value, name
    with container.database.reading() as view:
        assert view.records.counts() == {}
    assert "Saved as a draft" in wrong.type(_10_0_A_0="9789943225510").press("save").text


def test_what_was_typed_and_not_saved_comes_back_until_it_is_thrown_away(
    client: FlaskClient, colleague: FlaskClient
) -> None:
    sheet = opened(client, BOOK).type(_200_0_A_0='Yarim "yozilgan" <sarlavha> 📚')
    assert client.post("/cataloguing/keep", data=sheet.inputs).status_code == 204
    again = opened(client, BOOK)
    assert "You typed this and did not save it" in again.text
    assert again.inputs["200.0.A.0"] == 'Yarim "yozilgan" <sarlavha> 📚'
    assert "Typed and not saved" in opened(client, "/cataloguing").text
    assert opened(colleague, BOOK).inputs["200.0.A.0"] == ""
    clean = again.press("discard")
    assert clean.inputs["200.0.A.0"] == ""
    assert "You typed this" not in clean.text


def test_what_is_saved_is_not_offered_as_unsaved(client: FlaskClient) -> None:
    sheet = _textbook(opened(client, BOOK))
    client.post("/cataloguing/keep", data=sheet.inputs)
    sheet.press("save")
    assert opened(client, BOOK).inputs["200.0.A.0"] == ""
    assert "Typed and not saved" not in opened(client, "/cataloguing").text


def test_fields_and_parts_are_added_and_taken_out_without_scripts(
    client: FlaskClient, container: Container, nodira: Person
) -> None:
    sheet = _textbook(opened(client, BOOK)).type(_610_0_text_0="algebra").press("add:610.1.text.0")
    assert sheet.focused == "610.1.text.0"
    assert sheet.inputs["200.0.A.0"] == "Oliy matematika"
    sheet = sheet.type(_610_1_text_0="integral").press("add:610.2.text.0").type(_610_2_text_0="limit")
    saved = sheet.press("remove:610.1").press("save")
    assert [field.text for field in _place(container, nodira, 1).marc.all("610")] == ["algebra", "limit"]
    gone = saved.press("remove:610.0")
    assert "Taken out: Keyword (610)" in gone.text
    assert "610.0.text.0" not in gone.inputs
    assert gone.press("back:610.0").inputs["610.0.text.0"] == "algebra"
    gone.press("save")
    assert [field.text for field in _place(container, nodira, 1).marc.all("610")] == ["limit"]


def test_a_field_that_is_seldom_needed_is_drawn_when_it_is_asked_for(client: FlaskClient) -> None:
    sheet = opened(client, BOOK)
    assert "510.0.D.0" not in sheet.inputs
    (more,) = [do for do in sheet.buttons if do.startswith("add:510.")]
    drawn = sheet.press(more)
    assert drawn.focused == "510.0.D.0"


def test_the_record_is_edited_as_text_and_a_line_that_cannot_be_read_is_named(
    client: FlaskClient, container: Container, nodira: Person
) -> None:
    text = _textbook(opened(client, BOOK)).press("text")
    assert "#200: ^AOliy matematika^FYo. U. Soatov" in text.inputs["text"]
    text.inputs["text"] += "\r\nthis is no field"
    broken = text.press("save")
    assert broken.response.status_code == 422
    lines = len(text.inputs["text"].split("\r\n"))
    assert f"Line {lines}:" in broken.complaints()[0][1]
    assert broken.inputs["text"] == text.inputs["text"]
    broken.inputs["text"] = broken.inputs["text"].replace("this is no field", "#300: Eslatma")
    fields = broken.press("fields")
    assert fields.inputs["300.0.text.0"] == "Eslatma"
    fields.press("save")
    assert [field.text for field in _place(container, nodira, 1).marc.all("300")] == ["Eslatma"]


def test_another_worksheet_keeps_what_was_typed(client: FlaskClient) -> None:
    sheet = _textbook(opened(client, BOOK)).type(_other_worksheet="x")
    sheet.inputs["other-worksheet"] = "irbis-article"
    article = sheet.press("worksheet")
    assert article.inputs["worksheet"] == "irbis-article"
    assert article.inputs["200.0.A.0"] == "Oliy matematika"
    article.inputs["other-worksheet"] = "marc21-book"
    assert article.press("worksheet").inputs["worksheet"] == "irbis-article"


def test_two_who_change_one_record_choose_field_by_field(
    client: FlaskClient, colleague: FlaskClient, container: Container, nodira: Person
) -> None:
    _textbook(opened(client, BOOK)).press("save")
    mine, theirs = opened(client, "/cataloguing/1"), opened(colleague, "/cataloguing/1")
    theirs.type(_200_0_A_0="Oliy matematika (ularniki)", _300_0_text_0="Ularning eslatmasi").press("save")
    mine.type(_200_0_A_0="Oliy matematika (meniki)", _675_0_text_0="517.1")
    answer = client.post(mine.action, data={**mine.inputs, "do": "save"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Sevara saved this record while you were at it" in text
    assert "Both changed it" in text
    values = _choice(answer)
    chosen = [name for name in values if name.startswith("choice.")]
    assert len(chosen) == 3
    done = client.post("/cataloguing/1/merge", data=values, follow_redirects=True)
    assert "Saved as a draft" in done.get_data(as_text=True)
    marc = _place(container, nodira, 1).marc
    assert marc.first("200", "A") == "Oliy matematika (meniki)"
    assert [field.text for tag in ("300", "675") for field in marc.all(tag)] == ["Ularning eslatmasi", "517.1"]


def test_theirs_is_taken_where_it_is_chosen(
    client: FlaskClient, colleague: FlaskClient, container: Container, nodira: Person
) -> None:
    _textbook(opened(client, BOOK)).press("save")
    mine = opened(client, "/cataloguing/1").type(_200_0_A_0="Meniki")
    opened(colleague, "/cataloguing/1").type(_200_0_A_0="Ularniki").press("save")
    values = _choice(client.post(mine.action, data={**mine.inputs, "do": "save"}))
    client.post("/cataloguing/1/merge", data={**values, "choice.0": "theirs"})
    assert _place(container, nodira, 1).marc.first("200", "A") == "Ularniki"


def test_a_record_that_was_changed_under_the_work_is_brought_together_with_it(
    client: FlaskClient, container: Container, nodira: Person
) -> None:
    number = container.cataloguing.create(Dialect.IRBIS, an_irbis_record(), actor=_actor(nodira))
    with container.database.writing() as tx:
        before = tx.records.described(number)
        copy = a_field("910", a="0", b="К-2000", d="ЧЗ")
        marc = before.record.marc.with_fields([*before.record.marc.fields, copy])
        after = before.record.revise(marc, by="worker", at=before.record.changed_at)
        tx.records.replace([(before.record, DescribedRecord(record=after, description=before.description))])
        tx.commit()
    response = client.get(f"/cataloguing/{number}")
    assert response.status_code == 409
    client.post(f"/cataloguing/{number}/merge", data=_choice(response))
    place = _place(container, nodira, number)
    assert not place.is_behind
    assert copy in place.marc.fields


def test_a_form_that_is_sent_twice_makes_one_record(client: FlaskClient, container: Container) -> None:
    sheet = _textbook(opened(client, BOOK))
    for _ in range(2):
        assert "Saved as a draft" in sheet.press("save").text
    with container.database.reading() as view:
        assert view.records.counts() == {Status.DRAFT: 1}


def test_a_template_begins_new_records_without_what_was_the_other_s_own(client: FlaskClient) -> None:
    sheet = _textbook(opened(client, BOOK))
    sheet.inputs["template-name"] = "Oʻqituvchi darsliklari"
    assert "The template is kept" in sheet.press("template").text
    sheet.press("discard")
    (address,) = opened(client, "/cataloguing").tree.xpath("//section[@aria-labelledby='templates']//a/@href")
    begun = opened(client, address)
    assert begun.inputs["210.0.C.0"] == "Oʻqituvchi"
    assert begun.inputs["10.0.A.0"] == ""
    desk = opened(client, "/cataloguing")
    (delete,) = desk.tree.xpath("//form[contains(@action, '/templates/')]")
    client.post(delete.get("action"), data=dict(delete.form_values()))
    assert client.get(address).status_code == 404


def test_a_record_is_copied_in_its_own_dialect(client: FlaskClient, container: Container, nodira: Person) -> None:
    number = container.cataloguing.create(Dialect.MARC21, a_marc21_record(), actor=_actor(nodira))
    copy = opened(client, f"/cataloguing/new/irbis-book?copy={number}")
    assert copy.inputs["worksheet"] == "marc21-book"
    assert copy.inputs["245.0.a.0"] == "Oliy matematika"
    assert copy.inputs["020.0.a.0"] == ""
    assert "Saved as a draft" in copy.press("save").text
    assert _place(container, nodira, number + 1).marc.first("100", "a") == "Soatov, Yo. U."


def test_a_duplicate_is_shown_before_it_is_saved_and_after(client: FlaskClient, colleague: FlaskClient) -> None:
    _textbook(opened(client, BOOK)).press("save")
    answer = colleague.get("/cataloguing/duplicates?title=Олий+математика&author=Соатов&year=2019")
    assert "The same title, author and year" in answer.get_data(as_text=True)
    assert colleague.get("/cataloguing/duplicates?isbn=978-9943-22-551-0").get_data(as_text=True).count("<li>") == 1
    assert "may be the same" not in colleague.get("/cataloguing/duplicates?title=Botanika").get_data(as_text=True)
    assert "may be the same" in _textbook(opened(colleague, BOOK)).press("check").text
    assert "may be the same" in _textbook(opened(colleague, BOOK)).press("save").text
    assert "may be the same" not in opened(client, "/cataloguing/1?done=saved").text.split("<form")[0]


def test_work_is_given_up_and_the_record_stays(client: FlaskClient, container: Container, nodira: Person) -> None:
    sheet = _textbook(opened(client, BOOK)).press("save")
    (give_up,) = sheet.tree.xpath("//form[contains(@action, '/discard')]")
    assert client.post(give_up.get("action"), data=dict(give_up.form_values())).headers["Location"] == "/cataloguing"
    assert _place(container, nodira, 1).work is None


def test_a_remark_stands_beside_the_form_and_on_the_desk(
    client: FlaskClient, container: Container, nodira: Person
) -> None:
    number = container.cataloguing.create(Dialect.MARC21, a_marc21_record(), actor=_actor(nodira))
    stamp = container.cataloguing.submit(number, expected=Stamp(1, 1), actor=_actor(nodira))
    aziza = a_person(container, "aziza", Role.APPROVER)
    container.cataloguing.return_(number, "Muqova qani?", expected=stamp, actor=_actor(aziza))
    assert "Muqova qani?" in opened(client, f"/cataloguing/{number}").text
    assert "Muqova qani?" in opened(client, "/cataloguing").text


@pytest.mark.parametrize(
    "damage",
    [
        {"place": "../../etc"},
        {"place": "new/irbis-book?copy=0"},
        {"place": "7"},
        {"worksheet": "no-such"},
        {"base": "=LDR too short"},
        {"stamp": "x.y", "place": "1"},
        {"origin": "\x00"},
    ],
)
def test_a_damaged_form_is_refused_in_words(client: FlaskClient, damage: dict[str, str]) -> None:
    sheet = _textbook(opened(client, BOOK))
    answer = client.post(sheet.action, data={**sheet.inputs, **damage, "do": "save"})
    assert answer.status_code == 422
    assert "damaged on its way" in answer.get_data(as_text=True)


def test_a_form_longer_than_any_record_is_not_saved_in_part(client: FlaskClient, container: Container) -> None:
    sheet = _textbook(opened(client, BOOK)).type(_300_0_text_0="x" * 20_001)
    assert client.post(sheet.action, data={**sheet.inputs, "do": "save"}).status_code == 422
    assert client.post("/cataloguing/keep", data=sheet.inputs).status_code == 422
    with container.database.reading() as view:
        assert view.records.counts() == {}


def test_a_record_is_withdrawn_with_its_reason(app: Flask, container: Container, nodira: Person) -> None:
    number = container.cataloguing.create(Dialect.MARC21, a_marc21_record(), actor=_actor(nodira))
    stamp = container.cataloguing.submit(number, expected=Stamp(1, 1), actor=_actor(nodira))
    aziza = a_person(container, "aziza", Role.APPROVER)
    container.cataloguing.approve(number, expected=stamp, actor=_actor(aziza))
    client = browser_of(app, container, aziza)
    path = f"/cataloguing/{number}/withdraw"
    data = {"csrf": csrf_of(client, path), "stamp": "2.0"}
    refused = client.post(path, data={**data, "reason": " \n"})
    assert refused.status_code == 422
    assert "Say why" in refused.get_data(as_text=True)
    assert client.post(path, data={**data, "reason": "Takroriy yozuv"}).status_code == 303
    assert "Takroriy yozuv" in client.get(f"/record/{number}").get_data(as_text=True)
    assert client.get(path).status_code == 422


def test_every_code_of_a_long_list_has_its_page(client: FlaskClient) -> None:
    text = client.get("/cataloguing/codes/languages").get_data(as_text=True)
    assert '<th scope="row">kaa</th><td>Karakalpak</td>' in text
    assert client.get("/cataloguing/codes/no-such").status_code == 404
    assert client.get("/cataloguing/new/no-such").status_code == 422
