"""The form for complaints and questions, the page of their sender, and the desk of staff, with hostile visitors too."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from library.app import create_app
from library.container import Container
from library.db.appeals import AppealFilter
from library.domain.marc import Dialect
from library.domain.people import Role
from library.settings import Settings
from tests.builders import a_marc21_record
from tests.signed_in import guest_of
from tests.staff import NODIRA, published, withdrawn
from tests.web.colleagues import Colleague, colleague

SENT = {"kind": "complaint", "subject": "Fayl ochilmaydi", "text": "Uch kundan beri.", "contact": "dilnoza@example.uz"}
MARKUP = "\"><x-m id=1>{{7*7}}'"


@dataclass
class Desk:
    """A portal that all tests of the module share, a guest's browser of each test's own, and the head's."""

    container: Container
    app: Flask
    guest: FlaskClient
    head: Colleague

    def form(self, path: str = "/appeals/new") -> dict[str, str]:
        """What the form of a page carries, as a browser would send it."""
        return carried(self.guest.get(path).get_data(as_text=True))

    def send(self, form: dict[str, str] | None = None, **typed: object) -> TestResponse:
        return self.guest.post("/appeals/new", data={**(form or self.form()), **SENT, **typed})

    def sent(self, form: dict[str, str] | None = None, **typed: object) -> str:
        """The number of a new appeal."""
        return self.send(form, **typed).headers["Location"].split("/")[2]

    def total(self) -> int:
        with self.container.database.reading() as view:
            return view.appeals.count(AppealFilter())


def carried(text: str) -> dict[str, str]:
    fields = re.findall(r'name="(csrf|form|about|subject|name|contact|version)" value="([^"]*)"', text)
    return {name: unescape(value) for name, value in fields}


@pytest.fixture(scope="module")
def library(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    directory = tmp_path_factory.mktemp("appeals")
    shutil.copy(migrated_sqlite, directory / "library.sqlite")
    container = Container(Settings(data_dir=directory))
    app = create_app(container)
    yield Desk(container, app, guest_of(app), colleague(container, app, Role.HEAD, name="botir"))
    container.close()


@pytest.fixture
def desk(library: Desk) -> Desk:
    return replace(library, guest=guest_of(library.app))


def test_a_complaint_leads_to_a_page_that_its_address_alone_opens(desk: Desk) -> None:
    response = desk.send()
    address = response.headers["Location"]
    assert response.status_code == 303
    assert re.fullmatch(r"/appeals/\d+/[A-Za-z0-9_-]{22}", address)
    page = desk.guest.get(address)
    text = page.get_data(as_text=True)
    assert "Uch kundan beri." in text
    assert "Received" in text
    assert "dilnoza@example.uz" not in text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex,nofollow"


def test_a_word_that_is_guessed_opens_nothing_and_tells_nothing(desk: Desk) -> None:
    number, word = desk.send().headers["Location"].split("/")[2:]
    there = desk.guest.get(f"/appeals/{number}/{'A' * 22}")
    not_there = desk.guest.get(f"/appeals/99999/{'A' * 22}")
    assert (there.status_code, not_there.status_code) == (404, 404)
    said = [one.get_data(as_text=True).split("<main")[1].split("<footer")[0] for one in (there, not_there)]
    # Each error has a number of its own.
    said = [re.sub(r"\b[0-9a-f]{12}\b", "", one) for one in said]
    assert said[0] == said[1]
    for path in (f"/appeals/{number}/{word[:-1]}", f"/appeals/{number}/{word}A", f"/appeals/{int(number) + 1}/{word}"):
        assert desk.guest.get(path).status_code == 404, path


def test_a_form_that_is_sent_twice_makes_one_and_leads_to_it_both_times(desk: Desk) -> None:
    form = desk.form()
    before = desk.total()
    first, again = desk.send(form), desk.send(form)
    assert again.headers["Location"] == first.headers["Location"]
    assert desk.total() == before + 1
    assert desk.send().headers["Location"] != first.headers["Location"]


def test_a_form_from_elsewhere_is_refused(desk: Desk) -> None:
    before = desk.total()
    desk.form()
    assert desk.guest.post("/appeals/new", data=SENT).status_code == 400
    assert guest_of(desk.app).post("/appeals/new", data={**SENT, "csrf": "a" * 64}).status_code == 400
    assert desk.total() == before


def test_a_form_without_a_word_of_its_own_is_taken_as_a_new_one(desk: Desk) -> None:
    form = {**desk.form(), "form": "'; DROP TABLE appeals; --"}
    assert desk.sent(form) != desk.sent(form)


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"subject": "", "text": ""}, 422),
        ({"text": "а" * 10_001}, 422),
        ({"text": "a" * 1_100_000}, 413),
        ({"subject": "a" * 5_000}, 422),
        ({"text": "\x00\x01\u202e\u200b"}, 422),
        ({"website": "https://spam.example"}, 422),
        ({"kind": "copy", "contact": ""}, 422),
        ({"files": (BytesIO(b"<svg/>"), "a.svg")}, 422),
        ({"files": [(BytesIO(b"a"), f"{n}.txt") for n in range(4)]}, 422),
    ],
    ids=lambda value: str(next(iter(value))) if isinstance(value, dict) else str(value),
)
def test_what_cant_be_taken_is_refused_and_leaves_nothing(desk: Desk, typed: dict[str, object], status: int) -> None:
    form, before = desk.form(), desk.total()
    assert desk.send(form, **typed).status_code == status
    assert desk.total() == before
    left = (desk.container.settings.data_dir / "appeals").rglob("*")
    assert not [path for path in left if path.is_file()]


@pytest.mark.parametrize("size", [(10 << 20) + 1, 33 << 20])
def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(desk: Desk, size: int) -> None:
    form, before = desk.form(), desk.total()
    fields = b"".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in {**form, **SENT}.items()
    )
    file = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n' + b"a" * size
    body, kind = fields + file + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"
    assert desk.guest.post("/appeals/new", data=body, content_type=kind).status_code == 413
    assert desk.total() == before
    left = (desk.container.settings.data_dir / "appeals").rglob("*")
    assert not [path for path in left if path.is_file()]


def test_what_was_typed_stays_in_the_form_with_what_is_to_be_mended(desk: Desk) -> None:
    form = desk.form()
    text = desk.send(form, subject="", text=MARKUP, name=MARKUP).get_data(as_text=True)
    assert 'href="#subject"' in text
    assert "<x-m" not in text
    assert text.count("&lt;x-m id=1&gt;{{7*7}}") == 2
    assert carried(text)["form"] == form["form"]


def test_hostile_words_are_shown_as_words_to_the_sender_and_to_staff(desk: Desk) -> None:
    address = desk.send(subject=MARKUP, text=MARKUP, name=MARKUP, contact=MARKUP).headers["Location"]
    number = address.split("/")[2]
    for text in (
        desk.guest.get(address).get_data(as_text=True),
        desk.head.page(f"/appeals/{number}"),
        desk.head.page("/appeals/"),
    ):
        assert "<x-m" not in text
        assert "{{7*7}}" in text


@pytest.mark.parametrize(
    "about", ["https://evil.example", "//evil.example", "/\\evil", "javascript:alert(1)", "/" + "a" * 600]
)
def test_the_page_it_is_about_is_one_of_ours(desk: Desk, about: str) -> None:
    assert desk.form(f"/appeals/new?about={about}")["about"] == ""
    number = desk.sent({**desk.form(), "about": about})
    assert "About the page" not in desk.head.page(f"/appeals/{number}")


def test_a_mistake_in_a_record_opens_its_place_in_the_review(desk: Desk) -> None:
    work = desk.container.cataloguing
    number = published(work, Dialect.MARC21, a_marc21_record("a1", title="Algebra asoslari"))
    path = re.search(
        r'href="(/appeals/new\?kind=mistake[^"]+)"', desk.guest.get(f"/record/{number}").get_data(as_text=True)
    )
    assert path is not None
    form = desk.form(unescape(path[1]))
    assert form["subject"].startswith("Algebra asoslari")
    case = desk.sent(form, kind="mistake", subject=form["subject"])
    other = desk.sent(kind="mistake", about=f"/record/{number}")
    assert f'href="/record/{number}"' in desk.head.page(f"/appeals/{case}")
    assert f'href="/appeals/{other}"' in desk.head.page(f"/appeals/{case}")
    response = desk.head.post(f"/appeals/{case}/correct")
    assert response.headers["Location"] == f"/review/{number}"
    assert "Algebra asoslari" in desk.head.page(f"/review/{number}")
    assert desk.head.post(f"/appeals/{case}/correct").headers["Location"] == f"/review/{number}"


def test_the_form_tells_nobody_of_records_that_readers_dont_see(desk: Desk) -> None:
    work = desk.container.cataloguing
    draft = work.create(Dialect.MARC21, a_marc21_record("d1", title="Maxfiy asar"), actor=NODIRA)
    gone = published(work, Dialect.MARC21, a_marc21_record("w1", title="Maxfiy kitob"))
    withdrawn(work, gone, "Takroriy yozuv")
    for number in (draft, gone, 999_999):
        form = desk.form(f"/appeals/new?kind=copy&about=/record/{number}")
        assert form["subject"] == ""
        case = desk.sent(form, about=f"/record/{number}")
        assert "/correct" not in desk.head.page(f"/appeals/{case}")


def test_an_empty_search_offers_to_suggest_a_purchase_of_what_was_searched(desk: Desk) -> None:
    desk.container.indexing.rebuild()
    found = desk.guest.get(f"/search?q={quote('Чизиқли алгебра & co')}").get_data(as_text=True)
    path = re.search(r'href="(/appeals/new\?kind=purchase[^"]+)"', found)
    assert path is not None
    form = desk.form(unescape(path[1]))
    assert form["subject"] == "Чизиқли алгебра & co"
    assert form["about"].startswith("/search?q=")
    assert 'href="/appeals/new"' in desk.guest.get("/help").get_data(as_text=True)


def test_the_electronic_reception_is_offered_where_it_is_set(desk: Desk) -> None:
    assert "Electronic reception" not in desk.guest.get("/appeals/new").get_data(as_text=True)
    settings = "/administration/settings/appeals"
    typed = {"weekday": ["0", "1"], "reception": "https://qabulxona.example.uz/"}
    version = carried(desk.head.page(settings))["version"]
    bad = {**typed, "reception": "javascript:alert(1)"}
    assert desk.head.post(settings, **bad, version=version).status_code == 422
    assert desk.head.post(settings, **typed, version=version).status_code == 303
    assert 'href="https://qabulxona.example.uz/"' in desk.guest.get("/appeals/new").get_data(as_text=True)
    assert desk.head.post(settings, weekday=["0"], version=int(version) + 1).status_code == 303


def test_holidays_are_offered_and_saved_by_a_person_only(desk: Desk) -> None:
    settings = "/administration/settings/appeals"
    version = carried(desk.head.page(settings))["version"]
    typed = {"version": version, "weekday": ["0", "1", "2", "3", "4", "5"], "holidays": "04.05.2026 Hayit"}
    for country, name in (("uz", "Navroʻz"), ("kg", "Нооруз")):
        offered = desk.head.post(settings, **typed, offer=country).get_data(as_text=True)
        assert f"-03-21 {name}" in offered
        assert "2026-05-04 Hayit" in offered
    assert not desk.container.configuration.current().appeals.holidays
    wrong_days = ("31.02.2026", "٢٠٢٦-03-21", "1026-01-01")
    for wrong in (*({"holidays": day} for day in wrong_days), {"weekday": "9"}):
        assert desk.head.post(settings, **{**typed, **wrong}).status_code == 422
    both = {**typed, "workdays": "2026-05-04"}
    assert "both a day of rest and a working day" in desk.head.post(settings, **both).get_data(as_text=True)
    assert desk.head.post(settings, **typed).status_code == 303
    saved = desk.container.configuration.current().appeals
    assert (saved.weekdays, saved.holidays[0].name) == ((0, 1, 2, 3, 4, 5), "Hayit")
    assert desk.head.post(settings, **typed).status_code == 409


def test_staff_look_assign_answer_print_and_close(desk: Desk) -> None:
    address = desk.send(name="Dilnoza").headers["Location"]
    case = "/".join(address.split("/")[:3])
    page = desk.head.page(case)
    assert "dilnoza@example.uz" in page
    assert address in unescape(page)
    assert desk.head.post(f"{case}/look", version=1).status_code == 303
    assert desk.head.post(f"{case}/assign", version=2, person=desk.head.person.id).status_code == 303
    stale = desk.head.post(f"{case}/answer", version=1, outcome="done", answer="Tuzatildi, uzr.")
    assert stale.status_code == 409
    assert "Tuzatildi, uzr." in stale.get_data(as_text=True)
    assert desk.head.get(f"{case}/letter.pdf").status_code == 409
    assert desk.head.post(f"{case}/answer", version=3, outcome="done", answer=" ").status_code == 422
    assert (
        desk.head.post(f"{case}/answer", version=3, outcome="done", answer="Tuzatildi.\n#strong[x]").status_code == 303
    )
    shown = desk.guest.get(address).get_data(as_text=True)
    assert "Tuzatildi." in shown
    assert "Done as asked" in shown
    letter = desk.head.get(f"{case}/letter.pdf")
    printed = PdfReader(BytesIO(letter.data)).pages[0].extract_text()
    assert "Dilnoza" in printed
    assert "#strong[x]" in printed
    assert desk.head.post(f"{case}/close", version=4, effect="Yordam berdi").status_code == 303
    assert desk.head.post(f"{case}/erase", version=5).status_code == 303
    erased = desk.head.page(case)
    assert "dilnoza@example.uz" not in erased
    assert "Appeal closed with what came of it" in erased
    assert "Yordam berdi" not in desk.guest.get(address).get_data(as_text=True)


def test_an_inspector_sees_the_clocks_and_not_the_sender(desk: Desk) -> None:
    number = desk.sent(name="Dilnoza")
    inspector = colleague(desk.container, desk.app, Role.INSPECTOR, name="nazorat")
    page = inspector.page(f"/appeals/{number}")
    assert "First look" in page
    assert not [word for word in ("Dilnoza", "dilnoza@example.uz", "/answer", f"/appeals/{number}/") if word in page]
    assert inspector.post(f"/appeals/{number}/look", version=1).status_code == 403


def test_a_letter_that_came_by_post_is_entered_by_staff(desk: Desk) -> None:
    form = carried(desk.head.page("/appeals/register"))
    typed = {**SENT, "form": form["form"], "channel": "letter", "outside_number": "01-17/45"}
    wrong = desk.head.post("/appeals/register", **typed, received_on="kecha")
    assert wrong.status_code == 422
    assert 'href="#received_at"' in wrong.get_data(as_text=True)
    response = desk.head.post("/appeals/register", **typed, received_on="2026-09-01")
    case = response.headers["Location"]
    page = desk.head.page(case)
    assert "01-17/45" in page
    assert "Overdue by" in page
    assert "past its deadline" in desk.head.page("/cataloguing") or "past their deadline" in desk.head.page(
        "/cataloguing"
    )
    assert desk.head.post("/appeals/register", **typed).headers["Location"] == case


def test_files_are_checked_before_staff_open_them_and_a_virus_never_is(
    guarded_settings: Settings, guarded: Container
) -> None:
    app = create_app(guarded)
    desk = Desk(guarded, app, guest_of(app), colleague(guarded, app, Role.HEAD, name="botir"))
    virus = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    sent = [(BytesIO(virus), "../../xat.txt"), (BytesIO(b"Salom"), "a\u202e;b.txt")]
    address = desk.send(files=sent).headers["Location"]
    assert "Being checked" in desk.guest.get(address).get_data(as_text=True)
    assert desk.head.get("/appeals/1/files/1").status_code == 409
    while guarded.appeal_files.step():
        pass
    assert desk.head.get("/appeals/1/files/1").status_code == 409
    assert "The virus scanner found" in desk.guest.get(address).get_data(as_text=True)
    clean = desk.head.client.get("/appeals/1/files/2", buffered=True)
    assert clean.data == b"Salom"
    assert clean.headers["Content-Disposition"].startswith("attachment")
    assert clean.headers["Content-Security-Policy"].startswith("sandbox")
    assert desk.guest.get("/appeals/1/files/2").status_code == 303
    letter = {"version": 1, "file": (BytesIO(b"Xat"), "javob.txt")}
    assert desk.head.post("/appeals/1/letter", **letter).status_code == 303
    assert "javob.txt" in desk.head.page("/appeals/1")
    assert not list(guarded_settings.data_dir.rglob("xat.txt"))


def test_one_address_writes_ten_times_in_an_hour(settings: Settings, migrated_sqlite: Path) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / "library.sqlite").write_bytes(migrated_sqlite.read_bytes())
    container = Container(replace(settings, behind_proxy=True))
    app = create_app(container)
    guest = guest_of(app)
    guest.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.7"
    form = carried(guest.get("/appeals/new").get_data(as_text=True))
    answers = [guest.post("/appeals/new", data={**form, **SENT}).status_code for _ in range(11)]
    assert answers == [303] * 10 + [429]
    container.close()
