"""Files in the browser of the staff: the queue, one file, its approval by another person, text for single readers."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask

from library.app import create_app
from library.container import Container, now
from library.db.unit_of_work import UnitOfWork
from library.domain.access import Actor
from library.domain.document import Document, DocumentState, Scan
from library.domain.errors import Message
from library.domain.holdings import Source
from library.domain.people import LibraryCard, ReaderCategory, Role
from library.domain.transfer import Paper, PaperKind, Transfer
from tests.builders import add_records
from tests.web.colleagues import Colleague, colleague

MARKER = '"><x-m id=1>'


@pytest.fixture
def portal(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def nodira(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.CATALOGUER, name="Nodira")


@pytest.fixture
def aziza(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.APPROVER, name="Aziza")


@pytest.fixture
def botir(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.HEAD, name="Botir")


@pytest.fixture
def record(container: Container) -> int:
    return add_records(container.database, "Oliy matematika")[0]


def actor_of(one: Colleague) -> Actor:
    """The colleague as services know them."""
    return Actor.person(one.person.id, one.person.name, one.person.roles)


def a_transfer(container: Container, who: Colleague, *papers: PaperKind, source: Source = Source.GIFT) -> int:
    """A transfer with these papers; its number."""
    today = now().date()
    ends = today + timedelta(days=30) if source is Source.SUBSCRIPTION else None
    written = tuple(Paper(kind=kind, number="7", date=today) for kind in papers)
    transfer = Transfer(source=source, partner="Kafedra", taken_on=today, papers=written, term_ends=ends)
    return container.transfers.enter(transfer, actor=actor_of(who)).id


def came(container: Container, who: Colleague, record: int, content: bytes = b"1", **told: object) -> Document:
    """A file that waits in quarantine."""
    return container.documents.receive(record, BytesIO(content), "kitob.pdf", actor=actor_of(who), **told)  # type: ignore[arg-type]


def kept(tx: UnitOfWork, document: Document) -> Document:
    """The same, found clean."""
    scan = Scan(finding="clean", engine="ClamAV 1.4.3", signatures="27812", at=now())
    return tx.documents.save(document.kept(media_type="application/pdf", scan=scan, at=now()))


def _now(container: Container, number: int) -> Document:
    with container.database.reading() as view:
        return view.documents.get(number)


def test_a_file_is_approved_by_another_person_once_its_papers_are_there(
    container: Container, nodira: Colleague, aziza: Colleague, record: int
) -> None:
    one = came(container, nodira, record)
    page = aziza.page(f"/documents/{one.id}")
    assert "enter by which transfer it came" in page
    assert "Approve for readers" not in page
    refused = aziza.post(f"/documents/{one.id}/approve", version=1)
    assert refused.status_code == 409
    assert "Nobody entered by which transfer" in refused.get_data(as_text=True)
    bought = a_transfer(container, nodira, PaperKind.ACT, source=Source.PURCHASE)
    described = nodira.post(f"/documents/{one.id}", version=1, label="1-qism", level="open", transfer=bought)
    assert described.headers["Location"] == f"/documents/{one.id}"
    assert "(Contract or Invoice)" in aziza.page(f"/documents/{one.id}")
    refused = aziza.post(f"/documents/{one.id}/approve", version=2)
    assert refused.status_code == 409
    assert "Papers are missing: Contract or Invoice." in refused.get_data(as_text=True)
    given = a_transfer(container, nodira, PaperKind.ACT)
    nodira.post(f"/documents/{one.id}", version=2, label="1-qism", level="open", transfer=given)
    assert "Approve for readers" in aziza.page(f"/documents/{one.id}")
    assert aziza.post(f"/documents/{one.id}/approve", version=3).status_code == 303
    assert _now(container, one.id).approved is not None
    assert "File approved for readers" in aziza.page(f"/documents/{one.id}")


def test_four_eyes_are_told_on_the_page(container: Container, botir: Colleague, record: int) -> None:
    one = came(container, botir, record, transfer_id=a_transfer(container, botir, PaperKind.ACT))
    page = botir.page(f"/documents/{one.id}")
    assert "another person approves it" in page
    assert "Approve for readers" not in page
    answer = botir.post(f"/documents/{one.id}/approve", version=1)
    assert answer.status_code == 403
    assert "another person has to approve it" in answer.get_data(as_text=True)


def test_what_was_typed_stays_when_somebody_was_quicker(
    container: Container, nodira: Colleague, botir: Colleague, record: int
) -> None:
    one = came(container, nodira, record)
    botir.post(f"/documents/{one.id}", version=1, label="1", level="closed")
    answer = nodira.post(f"/documents/{one.id}", version=1, label=f"2 {MARKER}", level="open", embargo="2030-01-01")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "was changed meanwhile" in page
    assert 'value="2 &#34;&gt;&lt;x-m id=1&gt;"' in page
    assert 'value="2030-01-01"' in page
    assert 'value="open" selected' in page
    assert _now(container, one.id).label == "1"


@pytest.mark.parametrize(("field", "typed"), [("embargo", "tomorrow"), ("label", "x" * 201), ("licence", "x" * 201)])
def test_a_description_that_can_not_be_kept_is_told(
    container: Container, nodira: Colleague, record: int, field: str, typed: str
) -> None:
    one = came(container, nodira, record)
    answer = nodira.post(f"/documents/{one.id}", **{"version": 1, "level": "open", field: typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.get_data(as_text=True)
    assert _now(container, one.id).version == 1


def test_the_queue_shows_its_parts_and_what_comes_next(
    container: Container, nodira: Colleague, aziza: Colleague, record: int
) -> None:
    transfer = a_transfer(container, nodira, PaperKind.ACT)
    waits, refused, done = (
        came(container, nodira, record, bytes([number]), transfer_id=transfer) for number in range(3)
    )
    done = container.documents.approve(done.id, expected=1, actor=actor_of(aziza))
    with container.database.writing() as tx:
        tx.documents.save(refused.refused(Message.of("A virus was found: {name}.", name=MARKER)))
        tx.documents.save(waits.waits(Message.of("The scanner does not answer."), again_at=now()))
        kept(tx, done)
        tx.commit()

    def shown(part: str) -> set[int]:
        return {int(one) for one in re.findall(r'href="/documents/(\d+)"', nodira.page(f"/documents?part={part}"))}

    assert shown("under-way") == shown("") == shown("nonsense") == {waits.id, refused.id}
    assert shown("all") == {waits.id, refused.id, done.id}
    assert (shown("waiting"), shown("refused"), shown("to-approve")) == ({waits.id}, {refused.id}, {waits.id})
    assert (shown("without-papers"), shown("closed"), shown("being-read")) == (set(), set(), {done.id})
    page = nodira.page("/documents")
    assert "The scanner does not answer." in page
    assert "It is under lock." in page
    assert MARKER not in page
    assert "the worker does not run" in page
    assert nodira.get("/documents?part=all&page=99&q=%00%ff").status_code == 200


def test_a_file_goes_through_its_life_on_its_page(
    container: Container, nodira: Colleague, aziza: Colleague, record: int
) -> None:
    one = came(container, nodira, record)
    assert nodira.post(f"/documents/{one.id}/try-again", version=1).status_code == 303
    with container.database.writing() as tx:
        one = kept(tx, tx.documents.get(one.id))
        tx.commit()
    assert aziza.post(f"/documents/{one.id}/withdraw", version=one.version, reason=" ").status_code == 422
    away = aziza.post(f"/documents/{one.id}/withdraw", version=one.version, reason=f"{{page}} {MARKER}")
    assert away.status_code == 303
    page = aziza.page(f"/documents/{one.id}")
    assert "{page} &#34;&gt;&lt;x-m id=1&gt;" in page
    again = aziza.post(f"/documents/{one.id}/withdraw", version=one.version + 1, reason="again")
    assert again.status_code == 409
    assert aziza.post(f"/documents/{one.id}/restore", version=one.version + 1).status_code == 303
    assert _now(container, one.id).state is DocumentState.KEPT
    assert nodira.post(f"/documents/{one.id}/discard", version=one.version + 2).status_code == 409


def test_what_was_refused_is_discarded(container: Container, nodira: Colleague, record: int) -> None:
    one = came(container, nodira, record)
    with container.database.writing() as tx:
        tx.documents.save(one.refused(Message.of("No.")))
        tx.commit()
    answer = nodira.post(f"/documents/{one.id}/discard", version=2)
    assert answer.headers["Location"] == f"/documents/new?record={record}"
    assert nodira.get(f"/documents/{one.id}").status_code == 404
    assert container.quarantine.whole() == ()


def test_one_reader_is_given_the_text_and_it_is_taken_back(
    container: Container, nodira: Colleague, aziza: Colleague, record: int
) -> None:
    card = LibraryCard(number="AB-7", category=ReaderCategory.STUDENT)
    reader = container.readers.add("Dilnoza", card, actor=actor_of(nodira))
    one = came(container, nodira, record)
    assert aziza.post(f"/documents/{one.id}/grants", reader="AB-7", reason="koʻzi ojiz").status_code == 422
    with container.database.writing() as tx:
        kept(tx, one)
        tx.commit()
    for reader_typed, reason in (("nobody", "x"), ("", "x"), ("AB-7", " ")):
        refused = aziza.post(f"/documents/{one.id}/grants", reader=reader_typed, reason=reason)
        assert refused.status_code == 422
    assert nodira.post(f"/documents/{one.id}/grants", reader="AB-7", reason="x").status_code == 403
    assert aziza.post(f"/documents/{one.id}/grants", reader="AB-7", reason="koʻzi ojiz").status_code == 303
    assert aziza.post(f"/documents/{one.id}/grants", reader="AB-7", reason="again").status_code == 422

    def has_text() -> bool:
        with container.database.reading() as view:
            return view.reading.has_text_grant(reader.id, one.id)

    assert has_text()
    found = re.search(r"/documents/grants/(\d+)/end", aziza.page(f"/documents/{one.id}"))
    assert found is not None
    for _ in range(2):
        assert aziza.post(found[0]).headers["Location"] == f"/documents/{one.id}"
        assert not has_text()
    page = aziza.page(f"/documents/{one.id}")
    assert page.count("<strong>Text version taken back") == 1


def test_the_desk_warns_of_what_ends_and_of_what_waits(container: Container, nodira: Colleague, record: int) -> None:
    assert "notice-warning" not in nodira.page("/cataloguing")
    a_transfer(container, nodira, PaperKind.CONTRACT, source=Source.SUBSCRIPTION)
    came(container, nodira, record)
    page = nodira.page("/cataloguing")
    assert "1 subscription ends within 60 days." in page
    assert "for more than a day" not in page


def test_staff_find_files_from_the_record_and_guests_do_not(portal: Flask, nodira: Colleague, record: int) -> None:
    link = f"/documents/new?record={record}"
    assert link in nodira.page(f"/record/{record}")
    assert link not in portal.test_client().get(f"/record/{record}").get_data(as_text=True)
    assert 'href="/documents"' in nodira.page("/help")
