"""The pages of deposits: who sees which, forms that keep what was typed, files, lists of work; hostile values."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from library.app import create_app
from library.container import Container
from library.domain.access import Actor
from library.domain.people import Role
from library.settings import Settings
from tests.documents import PDF, a_document, a_pdf, keep
from tests.signed_in import a_person, browser_of, csrf_of, guest_of
from tests.web.colleagues import Colleague

THESIS = {
    "title": "Yarimoʻtkazgichlar fizikasi",
    "language": "uzb",
    "author-name": "Soatova, Dilnoza",
    "author-orcid": "0000-0002-1825-0097",
    "author-affiliation": "Fizika kafedrasi",
    "abstract": "Issiqlik oqimi.",
    "year": "2026",
    "degree": "PhD",
    "supervisor": "Toʻrayev, E.",
    "defence_date": "2026-10-01",
    "licence": "CC-BY-4.0",
}
OTHER = a_pdf("Ilova")
MARKER = '"><x-m id=1>'


class House:
    def __init__(self, container: Container) -> None:
        self.container = container
        self.app: Flask = create_app(container)
        self._logins = count(1)
        self.chair = self.somebody("chair", Role.DEPARTMENT)
        self.librarian = self.somebody("nodira", Role.CATALOGUER)
        self.head = self.somebody("head", Role.HEAD)
        self.inspector = self.somebody("inspector", Role.INSPECTOR)
        self.come()

    def come(self) -> None:
        """Two people whom nobody knows yet."""
        self.dilnoza = self.somebody(f"dilnoza{next(self._logins)}", Role.READER)
        self.other = self.somebody(f"botir{next(self._logins)}", Role.DEPOSITOR)

    def somebody(self, login: str, *roles: Role) -> Colleague:
        person = a_person(self.container, login, *roles)
        return Colleague(person, browser_of(self.app, self.container, person))

    def send(self, who: Colleague, path: str, **form: object) -> tuple[int, str]:
        """Send a form; the status, and where it leads or what the page says."""
        data = {"csrf": csrf_of(who.client), **{name.replace("__", "-"): value for name, value in form.items()}}
        response = who.client.post(path, data=data)
        return response.status_code, response.headers.get("Location") or response.get_data(as_text=True)

    def begun(self, kind: str = "dissertation") -> int:
        status, place = self.send(self.dilnoza, "/deposit/new", kind=kind)
        assert status == 303
        return int(place.split("/")[2])

    def typed(self, number: int, **more: object) -> tuple[int, str]:
        """Dilnoza sends the form of a thesis with these values instead of its own."""
        form = {**THESIS, "version": 1, "do": "continue", **more}
        return self.send(self.dilnoza, f"/deposit/{number}/edit", **form)

    def sent(self) -> int:
        number = self.begun()
        assert self.typed(number) == (303, f"/deposit/{number}/files")
        path = f"/deposit/{number}/files"
        assert self.send(self.dilnoza, path, file=(BytesIO(PDF), "ish.pdf")) == (303, f"{path}?came=1")
        done = self.send(self.dilnoza, f"/deposit/{number}/send", version=2, accepted="1")
        assert done == (303, f"/deposit/{number}"), done
        return number


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[House]:
    directory = tmp_path_factory.mktemp("deposits")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory))
    yield House(container)
    container.close()


@pytest.fixture
def house(library: House) -> House:
    library.come()
    return library


def test_a_work_is_typed_sent_confirmed_and_followed(house: House) -> None:
    number = house.sent()
    own = house.dilnoza.page(f"/deposit/{number}")
    assert "With the department" in own
    assert "Sent to the department" in own
    assert house.chair.page("/deposits").count(f"/deposits/{number}") == 1
    staff = house.chair.page(f"/deposits/{number}")
    assert "0000-0002-1825-0097" in staff
    assert house.send(house.chair, f"/deposits/{number}/confirm", version=3) == (303, f"/deposits/{number}")
    own = house.dilnoza.page(f"/deposit/{number}")
    assert "In cataloguing" in own
    assert "Confirmed by the department" in own
    assert "Chair" in own
    desk = house.librarian.page("/cataloguing")
    assert "1 work given to the open archive waits for its description." in desk
    assert "Complete the description" in house.librarian.page(f"/deposits/{number}")


def test_each_page_is_for_those_whom_it_concerns(house: House) -> None:
    draft, sent = house.begun("article"), house.sent()
    for path in (f"/deposit/{draft}", f"/deposit/{draft}/edit", f"/deposit/{draft}/files", f"/deposit/{draft}/send"):
        assert house.dilnoza.get(path).status_code == 200, path
        assert house.other.get(path).status_code == 404, path
        assert house.librarian.get(path).status_code == 404, path
        assert house.inspector.get(path).status_code == 403, path
        assert guest_of(house.app).get(path).status_code == 303, path
    for who, status in (
        (house.chair, 200),
        (house.librarian, 200),
        (house.head, 200),
        (house.inspector, 200),
        (house.dilnoza, 403),
        (house.other, 403),
    ):
        assert who.get(f"/deposits/{sent}").status_code == status
        assert who.get(f"/deposits/{draft}").status_code == (404 if status == 200 else 403)
        assert who.get("/deposits").status_code == status


def test_what_others_gave_is_not_changed_whoever_tries(house: House) -> None:
    number = house.begun()
    for path, form in (
        ("edit", {"version": 1, "title": "X"}),
        ("keep", {"version": 1, "title": "X"}),
        ("send", {"version": 1, "accepted": "1"}),
        ("withdraw", {"version": 1}),
        ("uploads", {"name": "a.pdf", "size": "10"}),
        ("files", {"file": (BytesIO(PDF), "a.pdf")}),
    ):
        assert house.send(house.other, f"/deposit/{number}/{path}", **form)[0] == 404, path
    sent = house.sent()
    for who in (house.librarian, house.head, house.inspector, house.dilnoza):
        assert house.send(who, f"/deposits/{sent}/confirm", version=3)[0] == 403
    for who in (house.inspector, house.librarian):
        assert house.send(who, f"/deposits/{sent}/return", version=3, reason="yoq")[0] == 403
    assert "With the department" in house.dilnoza.page(f"/deposit/{sent}")


def test_a_form_without_our_token_does_nothing(house: House) -> None:
    number = house.begun()
    for path in ("edit", "keep", "send", "withdraw", "files", "uploads"):
        assert house.dilnoza.client.post(f"/deposit/{number}/{path}", data={"version": "1"}).status_code == 400


def test_errors_stand_on_top_with_links_and_what_was_typed_is_kept(house: House) -> None:
    number = house.begun()
    status, page = house.typed(number, year="202", **{"author-orcid": "0000-0002-1825-0098"}, degree="")
    assert status == 422
    assert 'href="#f-year"' in page
    assert 'href="#f-authors-0-orcid"' in page
    assert 'href="#f-degree"' in page
    assert 'id="f-year"' in page
    assert 'aria-invalid="true"' in page
    again = house.dilnoza.page(f"/deposit/{number}/edit")
    assert 'value="202"' in again
    last = house.dilnoza.page(f"/deposit/{number}/send")
    assert f'href="/deposit/{number}/edit?check=1#f-year"' in last


def test_the_form_keeps_itself_and_an_old_window_loses_nothing(house: House) -> None:
    number = house.begun()
    answer = house.dilnoza.client.post(
        f"/deposit/{number}/keep",
        data={"csrf": csrf_of(house.dilnoza.client), "version": "1", "title": "Yarim sarl"},
        headers={"Accept": "application/json"},
    )
    assert answer.json == {"version": 2}
    assert 'value="Yarim sarl"' in house.dilnoza.page(f"/deposit/{number}/edit")
    status, page = house.typed(number, title="Eski oyna", do="save")
    assert status == 409
    assert 'value="Eski oyna"' in page
    assert "saved meanwhile" in page
    assert 'name="version" value="2"' in page
    assert house.typed(number, version=2, title="Eski oyna", do="save")[0] == 303
    assert 'value="Eski oyna"' in house.dilnoza.page(f"/deposit/{number}/edit")


def test_more_authors_get_rows_and_doubles_of_a_form_make_one_deposit(house: House) -> None:
    assert house.begun() == house.begun()
    number = house.begun()
    status, place = house.typed(number, do="more")
    assert (status, place) == (303, f"/deposit/{number}/edit?more=3#f-authors-1-name")
    assert house.dilnoza.page(place.partition("#")[0]).count('name="author-name"') == 4
    assert house.dilnoza.page("/deposit").count(f'href="/deposit/{number}"') == 1


def test_it_is_sent_once_with_the_agreement_and_the_file(house: House) -> None:
    number = house.begun()
    house.typed(number)
    status, page = house.send(house.dilnoza, f"/deposit/{number}/send", version=2)
    assert status == 422
    assert "Add the file of the work." in page
    assert "Accept the agreement." in page
    sent = house.sent()
    status, page = house.send(house.dilnoza, f"/deposit/{sent}/send", version=2, accepted="1")
    assert status == 409
    assert house.send(house.dilnoza, f"/deposit/{sent}/edit", version=3, title="X")[0] == 409
    assert house.dilnoza.get(f"/deposit/{sent}/edit").status_code == 303
    assert "I am the author of this work" in house.dilnoza.page(f"/deposit/{sent}")


def test_files_come_in_pieces_go_again_and_are_nobody_elses(house: House) -> None:
    number = house.begun()
    csrf = csrf_of(house.dilnoza.client)
    base = f"/deposit/{number}/uploads"
    begun = house.dilnoza.client.post(base, data={"csrf": csrf, "name": "a.pdf", "size": str(len(PDF))})
    assert begun.status_code == 201
    file = _said(begun)["id"]
    piece = {"csrf": csrf, "offset": "0", "piece": (BytesIO(PDF), "piece")}
    assert _said(house.dilnoza.client.post(f"{base}/{file}", data=piece))["received"] == len(PDF)
    finished = house.dilnoza.client.post(f"{base}/{file}/finish", data={"csrf": csrf})
    assert _said(finished)["state"] == "quarantined"
    theirs = house.send(house.other, "/deposit/new", kind="article")[1].split("/")[2]
    assert house.other.get(f"{base}/{file}").status_code == 404
    assert house.other.get(f"/deposit/{theirs}/uploads/{file}").status_code == 404
    assert house.send(house.other, f"/deposit/{theirs}/files/{file}/remove", version=2)[0] == 404
    page = house.dilnoza.page(f"/deposit/{number}/files")
    assert "a.pdf" in page
    assert house.send(house.dilnoza, f"/deposit/{number}/files/{file}/remove", version=2)[0] == 303
    assert "a.pdf" not in house.dilnoza.page(f"/deposit/{number}/files")
    assert house.librarian.get(f"/documents/{file}").status_code == 404


def test_the_department_returns_with_a_reason_that_the_depositor_reads(house: House) -> None:
    number = house.sent()
    status, page = house.send(house.chair, f"/deposits/{number}/return", version=3, reason=" ")
    assert status == 409
    assert "Write what has to be mended." in page
    house.send(house.chair, f"/deposits/{number}/return", version=3, reason=f"Yil {MARKER}")
    for path in (f"/deposit/{number}", f"/deposit/{number}/edit"):
        page = house.dilnoza.page(path)
        assert "Yil &#34;&gt;&lt;x-m id=1&gt;" in page
        assert MARKER not in page
    assert house.send(house.chair, f"/deposits/{number}/confirm", version=4)[0] == 409


def test_nothing_typed_is_markup_anywhere(house: House) -> None:
    number = house.begun()
    texts = {name: MARKER for name in THESIS if name not in ("language", "year", "licence", "defence_date")}
    evil = {**texts, "keywords": MARKER, "project": MARKER, "author-orcid": "", "title": f"{MARKER}{{{{7*7}}}}"}
    assert house.typed(number, **evil)[0] == 303
    path = f"/deposit/{number}/files"
    assert house.send(house.dilnoza, path, file=(BytesIO(PDF), "<x-m id=1>.pdf"))[0] == 303
    assert house.send(house.dilnoza, f"/deposit/{number}/send", version=2, accepted="1")[0] == 303
    for who, where in (
        (house.dilnoza, "/deposit"),
        (house.dilnoza, f"/deposit/{number}"),
        (house.chair, "/deposits"),
        (house.chair, f"/deposits/{number}"),
    ):
        page = who.page(where)
        assert "<x-m" not in page, where
        assert "49" not in page.partition("<main")[2].partition("</h1>")[0], where


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/deposit/new", {"kind": "roman"}),
        ("/deposit/new", {}),
        ("/deposit/{id}/edit", {"version": "x" * 5000, "title": "a\x00\ud800"}),
        ("/deposit/{id}/edit", {"version": "-1"}),
        ("/deposit/{id}/send", {"version": "999999999999999999"}),
        ("/deposit/{id}/withdraw", {"version": ""}),
        ("/deposit/{id}/uploads", {"name": "", "size": "-5"}),
        ("/deposit/{id}/uploads", {"name": "../../etc/passwd", "size": "1e9"}),
        ("/deposit/{id}/files", {}),
    ],
)
def test_nonsense_is_an_answer_and_no_failure(house: House, path: str, form: dict[str, str]) -> None:
    number = house.begun()
    form = {name: value.encode("utf-8", "ignore").decode() for name, value in form.items()}
    assert house.send(house.dilnoza, path.format(id=number), **form)[0] in (400, 404, 409, 422)
    assert house.dilnoza.get("/deposit/2147483648").status_code == 404


def test_what_is_typed_without_end_is_cut(house: House) -> None:
    number = house.begun()
    assert house.typed(number, title="Ё" * 5_000, abstract="q" * 50_000)[0] == 303
    kept = house.container.deposits.own(number, actor=_actor(house))
    assert (len(kept.fields.title), len(kept.fields.abstract)) == (1_000, 20_000)


def test_a_draft_is_withdrawn_and_gone_from_the_lists(house: House) -> None:
    number = house.sent()
    assert house.send(house.dilnoza, f"/deposit/{number}/withdraw", version=3)[0] == 303
    assert "Withdrawn" in house.dilnoza.page(f"/deposit/{number}")
    assert f"/deposits/{number}" not in house.chair.page("/deposits")


def test_pages_are_light(house: House) -> None:
    number = house.sent()
    for who, path in (
        (house.dilnoza, "/deposit"),
        (house.dilnoza, f"/deposit/{number}"),
        (house.chair, f"/deposits/{number}"),
        (house.dilnoza, f"/deposit/{house.begun('article')}/edit"),
    ):
        assert len(who.get(path).data) < 40_000, path


def _actor(house: House) -> Actor:
    person = house.dilnoza.person
    return Actor.person(person.id, person.name, person.roles)


def _said(answer: TestResponse) -> dict[str, object]:
    """What an answer says in JSON."""
    said: dict[str, object] = json.loads(answer.data)
    return said


def test_department_and_depositor_look_at_the_file_before_it_is_published(house: House) -> None:
    number = house.sent()
    with house.container.database.reading() as view:
        record = view.deposits.get(number).record_id
    kept = keep(house.container, a_document(record, approved=False, data=OTHER), OTHER)
    for who in (house.dilnoza, house.chair, house.librarian):
        assert who.get(f"/view/{kept.id}").status_code == 200
        assert who.get(f"/files/{kept.id}").status_code == 404
    for who in (house.other, house.somebody(f"reader{number}", Role.READER)):
        assert who.get(f"/view/{kept.id}").status_code == 404
    assert guest_of(house.app).get(f"/view/{kept.id}").status_code == 404
    assert f'href="/view/{kept.id}"' in house.chair.page(f"/deposits/{number}")
