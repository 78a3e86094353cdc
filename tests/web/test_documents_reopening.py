"""A file that a later check closed, and that is sound and clean after all: an approver has it looked at and opened."""

from __future__ import annotations

import pytest

from library.app import create_app
from library.container import Container
from library.domain.document import Document
from library.domain.errors import Message
from library.domain.people import Role
from tests.builders import add_records
from tests.documents import PDF, a_document, keep
from tests.storage.clamd_daemon import Daemon
from tests.web.colleagues import Colleague, colleague


@pytest.fixture
def closed(guarded: Container) -> Document:
    document = keep(guarded, a_document(add_records(guarded.database, "Oliy matematika")[0]), PDF)
    with guarded.database.writing() as tx:
        tx.documents.save(document.closed(Message("A later virus scan found {virus} in the file.", (("virus", "X"),))))
        tx.commit()
    return guarded.reading.document(document.id)


def _come(container: Container, *roles: Role) -> Colleague:
    return colleague(container, create_app(container), *roles)


def test_an_approver_has_it_scanned_again_and_opened(guarded: Container, closed: Document) -> None:
    aziza = _come(guarded, Role.APPROVER)
    assert "Read and scan it again" in aziza.page(f"/documents/{closed.id}")
    assert aziza.client.get(f"/files/{closed.id}").status_code == 403
    assert aziza.post(f"/documents/{closed.id}/reopen").status_code == 303
    with aziza.client.get(f"/files/{closed.id}", follow_redirects=True) as answer:
        assert answer.data == PDF
    assert "Read and scan it again" not in aziza.page(f"/documents/{closed.id}")


def test_without_the_scanner_it_stays_closed_and_says_why(guarded: Container, closed: Document, clamd: Daemon) -> None:
    aziza = _come(guarded, Role.APPROVER)
    with clamd.stopped():
        answer = aziza.post(f"/documents/{closed.id}/reopen")
    assert answer.status_code == 409
    assert "stays closed" in answer.get_data(as_text=True)
    assert aziza.client.get(f"/files/{closed.id}").status_code == 403


def test_a_cataloguer_does_not_open_it(guarded: Container, closed: Document) -> None:
    nodira = _come(guarded, Role.CATALOGUER)
    assert "Read and scan it again" not in nodira.page(f"/documents/{closed.id}")
    assert nodira.post(f"/documents/{closed.id}/reopen").status_code == 403
    assert guarded.reading.document(closed.id) == closed
