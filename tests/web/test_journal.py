"""The journal in the browser: who did what, found and taken away, whatever was written into it."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from library.app import create_app
from library.container import Container
from library.domain.access import Actor
from library.domain.journal import Deed
from library.domain.people import Role
from library.services.journal import JournalReading
from library.web import journal_words
from tests.staff import AZIZA, BOTIR, NODIRA
from tests.web.colleagues import Colleague, colleague

MARKER = '"><x-m id=1>'
AT = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)


@pytest.fixture
def portal(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def botir(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.HEAD, name="Botir")


def _note(
    container: Container,
    actor: Actor = NODIRA,
    deed: Deed = Deed.WORK_SAVED,
    of: str = "record:12",
    at: datetime = AT,
    **facts: object,
) -> None:
    with container.database.writing() as tx:
        tx.journal.add(actor, deed, of, at, before={}, after=facts)
        tx.commit()


def _deeds(page: str) -> list[str]:
    """What was done by those entries that are not about signing in, as everybody here did first."""
    return [deed for deed in re.findall(r"<strong>([^<]+)</strong> <a class", page) if deed != "Signed in"]


@pytest.mark.parametrize("deed", Deed)
def test_every_deed_has_words(deed: Deed) -> None:
    assert journal_words.DEEDS[deed]


def test_entries_stand_newest_first_with_what_changed(container: Container, botir: Colleague) -> None:
    _note(container, title="Fizika", fields=["245 $a Fizika", "020 $a 978"])
    _note(container, AZIZA, Deed.RECORD_APPROVED)
    page = botir.page("/journal")
    assert _deeds(page) == ["Record approved", "Work saved"]
    assert "<bdi>245 $a Fizika</bdi>" in page
    assert "Aziza" in page
    assert 'href="/record/12"' in page
    assert "2 Mar 2026, 01:30" in page, "times are those of the library"


def test_it_is_asked_by_person_in_any_alphabet_thing_deed_and_day(container: Container, botir: Colleague) -> None:
    with container.database.reading() as view:
        person = view.people.get(botir.person.id)
    own = Actor.person(person.id, person.name, person.roles)
    _note(container, own, Deed.WORK_SUBMITTED, "record:7", AT)
    _note(container, AZIZA, Deed.WORK_SAVED, "person:7", AT + timedelta(days=1))

    def asked(query: str) -> list[str]:
        return _deeds(botir.page(f"/journal?{query}"))

    assert asked("person=Ботир") == ["Work submitted for approval"]
    assert asked(f"person={person.login}") == ["Work submitted for approval"]
    assert asked("person=person:1") == ["Work submitted for approval"]
    assert asked("object=7") == ["Work submitted for approval"]
    assert asked("object=person:7") == ["Work saved"]
    assert asked("deed=work-saved") == ["Work saved"]
    assert asked("since=2026-03-02&until=2026-03-02") == ["Work submitted for approval"]
    assert asked("since=2026-03-03") == ["Work saved"]
    assert asked("person=Gulnora") == []
    assert "The journal has nothing like this" in botir.page("/journal?person=Gulnora")


@pytest.mark.parametrize(
    "query", ["deed=x", "since=x&until=31.12.2026", "since=0001-01-01", "until=9999-12-31", "below=x", "below=-1"]
)
def test_nonsense_asks_nothing(container: Container, botir: Colleague, query: str) -> None:
    _note(container)
    assert _deeds(botir.page(f"/journal?{query}")) == ["Work saved"]


def test_what_both_sides_have_is_in_the_list_not_told_and_values_have_words(
    container: Container, botir: Colleague
) -> None:
    with container.database.writing() as tx:
        before = {"roles": ["cataloguer"], "standing": "active", "status": "draft"}
        after = {"roles": ["approver", "cataloguer"], "standing": "active", "status": "published"}
        tx.journal.add(NODIRA, Deed.ACCOUNT_CHANGED, "person:3", AT, before=before, after=after)
        tx.commit()
    page = botir.page("/journal?object=person:3")
    for line in ("Approver", "Draft", "Published"):
        assert f"<bdi>{line}</bdi>" in page
    assert "Cataloguer" not in page
    assert "State of the account" not in page
    assert botir.page("/journal/2").count("<bdi>Cataloguer</bdi>") == 2


def test_pages_follow_one_another_without_gap(container: Container, botir: Colleague) -> None:
    for number in range(60):
        _note(container, of=f"record:{number}")
    found, address = [], "/journal?deed=work-saved"
    while address:
        page = botir.page(address)
        found += re.findall(r'href="/record/(\d+)"', page)
        following = re.search(r'href="(/journal[^"]+)" rel="next"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert found == [str(number) for number in range(59, -1, -1)]


def test_a_long_entry_is_short_in_the_list_and_says_so(container: Container, botir: Colleague) -> None:
    _note(container, fields=[f"500 $a Note {number} " + "x" * 300 for number in range(40)])
    page = botir.page("/journal?deed=work-saved")
    assert page.count("<ins>") == 8
    assert "32 more lines" in page
    assert "x" * 300 not in page
    whole = botir.page("/journal/2")
    assert whole.count("<ins>") == 40
    assert "x" * 300 in whole
    assert botir.get("/journal/3").status_code == 404


def test_what_was_written_into_it_does_nothing(container: Container, botir: Colleague) -> None:
    _note(
        container,
        Actor(key=f"person:{MARKER}", name=f"No\u202e{MARKER}\r\nSet-Cookie: a=b"),
        of=f"record:{MARKER}",
        **{MARKER: MARKER, "fields": [MARKER, "a\u2066b\x00"]},  # type: ignore[arg-type]
    )
    for page in (
        botir.page("/journal"),
        botir.page("/journal/2"),
        botir.page(f"/journal?person={MARKER}&object={MARKER}"),
    ):
        assert "<x-m" not in page
        assert "\u202e" not in page
        assert "\\u{202e}" in page or "nothing like this" in page
    assert "\\r\\nSet-Cookie" in botir.page("/journal")


def test_an_entry_that_was_tampered_with_is_shown_all_the_same(container: Container, botir: Colleague) -> None:
    _note(container)
    with container.database.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER journal_no_update"))
        connection.execute(
            text("UPDATE journal SET deed = 'none-such', at = '9999-12-31 23:59:59.999999', after = '{'")
        )
    page = botir.page("/journal")
    assert "none-such" in page
    assert "9999-12-31T23:59:59" in page
    for form in ("csv", "pdf"):
        assert botir.post("/journal/export", format=form).status_code == 200


def test_a_table_has_all_of_it_and_no_formula(container: Container, botir: Colleague) -> None:
    for number in range(30):
        _note(container, of=f"record:{number}", title="=HYPERLINK(1)")
    response = botir.post("/journal/export", format="csv", deed="work-saved")
    assert response.headers["Content-Disposition"].startswith("attachment; filename=journal-20")
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"), newline="")))
    assert rows[0][0] == "Number"
    assert [row[0] for row in rows[1:-1]] == [str(number) for number in range(31, 1, -1)]
    assert rows[-1][0] == "30 entries in all"
    assert len({len(row) for row in rows}) == 1
    assert all("=" not in row[6][:1] for row in rows)
    assert re.fullmatch(r"[0-9a-f]{64}", rows[1][-1])


def test_taking_it_away_is_noted_with_what_was_asked(container: Container, botir: Colleague) -> None:
    _note(container)
    botir.post("/journal/export", format="pdf", person="Nodira", since="2026-01-01")
    page = botir.page("/journal?deed=journal-exported")
    assert "Botir" in page
    for line in ("pdf", "Nodira", "2026-01-01"):
        assert f"<bdi>{line}</bdi>" in page


def test_pages_for_the_management_say_when_they_are_cut(container: Container, tmp_path: Path) -> None:
    container.journal = JournalReading(container.database, UTC, lambda: AT, most_printed=5)
    botir = colleague(container, create_app(container), Role.HEAD, name="Botir")
    for number in range(8):
        _note(container, of=f"record:{number}", title="*_$#[Сув] " + "uzun " * 200)
    assert "The PDF has the newest 5 entries" in botir.page("/journal")
    response = botir.post("/journal/export", format="pdf", deed="work-saved")
    assert response.mimetype == "application/pdf"
    (tmp_path / "journal.pdf").write_bytes(response.data)
    said = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "journal.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    said = re.sub(r"[\u200b\s]+", " ", said)
    assert "This list is cut: 8 entries were found, only the newest 5 are here" in said
    assert "A cell that ends with … is cut" in said
    assert "*_$#[Сув]" in said
    assert "Record 7" in said
    assert "Record 2" not in said


@pytest.mark.parametrize("role", [Role.CATALOGUER, Role.APPROVER, Role.READER])
def test_others_do_not_see_it(container: Container, portal: Flask, role: Role) -> None:
    other = colleague(container, portal, role)
    assert other.get("/journal").status_code == 403
    assert other.get("/journal/1").status_code == 403
    assert other.post("/journal/export", format="csv").status_code == 403


def test_more_namesakes_than_are_looked_for_are_told(container: Container, portal: Flask, botir: Colleague) -> None:
    for _ in range(51):
        colleague(container, portal, Role.READER, name="Dilnoza")
    assert "Too many people are called so" in botir.page("/journal?person=dilnoza")
    assert "Too many people" not in botir.page("/journal?person=botir")
    assert BOTIR.name in botir.page("/journal")


def test_a_full_page_is_light_and_takes_few_queries(container: Container, botir: Colleague, statements: object) -> None:
    for number in range(30):
        _note(container, of=f"record:{number}", fields=["Ж" * 1_000] * 40)
    with statements(container.database.engine) as sent:  # type: ignore[operator]
        page = botir.page("/journal?person=Nodira")
    assert len(page.encode()) < 100_000
    assert len(sent) <= 5
