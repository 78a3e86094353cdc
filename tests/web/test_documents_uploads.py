"""Files that are sent: by a form without scripts, and in pieces that may be lost, doubled or a stranger's."""

from __future__ import annotations

import os
from dataclasses import replace
from errno import ENOSPC
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from library.app import create_app
from library.container import Container
from library.domain.access_level import AccessLevel
from library.domain.document import Document, DocumentState
from library.domain.people import Role
from library.domain.record import Status
from library.domain.transfer import PaperKind
from library.settings import Settings
from library.web import limits, uploaded_imports_request
from tests.builders import add_records
from tests.signed_in import csrf_of
from tests.web.colleagues import Colleague, colleague
from tests.web.test_documents_pages import a_transfer

UPLOADS = "/documents/uploads"
JSON = {"Accept": "application/json"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", file_megabytes=1)


@pytest.fixture
def portal(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def nodira(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.CATALOGUER, name="Nodira")


@pytest.fixture
def record(container: Container) -> int:
    return add_records(container.database, "Oliy matematika")[0]


def _send(who: Colleague, record: int, *files: tuple[bytes, str], **fields: object) -> TestResponse:
    parts = [FileStorage(BytesIO(content), name) for content, name in files]
    return _post(who, "/documents/new", {"record": record, "file": parts, **fields}, {})


def _ask(who: Colleague, path: str, **fields: object) -> TestResponse:
    return _post(who, f"{UPLOADS}{path}", fields, JSON)


def _post(who: Colleague, path: str, fields: dict[str, object], headers: dict[str, str]) -> TestResponse:
    boundary, body = encode_multipart({"csrf": csrf_of(who.client), **fields})
    kind = f"multipart/form-data; boundary={boundary}"
    return who.client.post(path, data=body, content_type=kind, headers=headers)


def _piece(who: Colleague, number: int, offset: object, content: bytes) -> TestResponse:
    return _ask(who, f"/{number}", offset=offset, piece=FileStorage(BytesIO(content), "piece"))


def _begun(who: Colleague, record: int, size: int, name: str = "kitob.pdf") -> int:
    answer = _ask(who, "", record=record, name=name, size=size)
    assert answer.status_code == 201
    return int(answer.get_json()["id"])


def _files(container: Container, record: int) -> list[Document]:
    with container.database.reading() as view:
        return view.documents.of_record(record)


def _left(container: Container) -> list[str]:
    directory = container.settings.quarantine_dir
    return sorted(path.suffix for path in directory.iterdir()) if directory.exists() else []


def test_several_files_come_by_a_plain_form(container: Container, nodira: Colleague, record: int) -> None:
    transfer = a_transfer(container, nodira, PaperKind.ACT)
    answer = _send(nodira, record, (b"one", "a.pdf"), (b"two", "b.epub"), transfer=transfer, embargo="2030-01-01")
    assert answer.headers["Location"] == f"/documents/new?record={record}&came=2"
    assert "2 files came and are being checked." in nodira.page(answer.headers["Location"])
    first, second = _files(container, record)
    assert (first.name, second.name, first.state) == ("a.pdf", "b.epub", DocumentState.QUARANTINED)
    assert (first.transfer_id, first.rights.level, str(first.rights.embargo_until)) == (
        transfer,
        AccessLevel.VIEW_ONLY,
        "2030-01-01",
    )


def test_a_form_sent_twice_takes_each_file_once(container: Container, nodira: Colleague, record: int) -> None:
    _send(nodira, record, (b"one", "a.pdf"))
    again = _send(nodira, record, (b"one", "a.pdf"), (b"two", "b.pdf"))
    page = again.get_data(as_text=True)
    assert again.status_code == 422
    assert "The record has this file already" in page
    assert "<bdi>b.pdf</bdi>: <bdi>came and is being checked</bdi>" in page
    assert [one.name for one in _files(container, record)] == ["a.pdf", "b.pdf"]


def test_what_a_form_can_not_bring_is_told(container: Container, nodira: Colleague, record: int) -> None:
    gone = add_records(container.database, "Yoʻq", status=Status.WITHDRAWN)[0]
    assert nodira.post("/documents/new", record=record).status_code == 422
    assert _send(nodira, 999, (b"x", "a.pdf")).status_code == 404
    assert _send(nodira, gone, (b"x", "a.pdf")).status_code == 422
    assert _send(nodira, record, (b"x", "a.pdf"), embargo="soon").status_code == 422
    large = _send(nodira, record, (b"x" * (2 << 20), "a.pdf"))
    assert "larger than 1 megabytes" in large.get_data(as_text=True)
    assert _send(nodira, record, (b"x" * (6 << 20), "a.pdf")).status_code == 413
    assert _left(container) == []
    assert _send(nodira, record, (b"x", "a.pdf")).status_code == 303


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\boot.pdf", "boot.pdf"),
        ("nul\x00byte.pdf", "nulbyte.pdf"),
        ("fdp.\u202egpj.pdf", "fdp.gpj.pdf"),
        ("كتاب.pdf", "كتاب.pdf"),
        ("k" * 300 + ".pdf", "k" * 196 + ".pdf"),
        ('a"><x-m id=1>.pdf', "a___x-m id=1_.pdf"),
        ("....", "file"),
    ],
)
def test_hostile_names_are_shown_as_words_and_are_never_paths(
    container: Container, nodira: Colleague, record: int, sent: str, kept: str
) -> None:
    number = _begun(nodira, record, 3, sent)
    assert _piece(nodira, number, 0, b"abc").status_code == 200
    assert _ask(nodira, f"/{number}/finish").status_code == 200
    (document,) = _files(container, record)
    assert document.name == kept
    assert "<x-m" not in nodira.page(f"/documents/{number}")
    assert _left(container) == [".bytes", ".intake"]
    assert {path.name for path in container.settings.data_dir.iterdir()} >= {"quarantine"}
    assert not (container.settings.data_dir.parent / "passwd.pdf").exists()


def test_pieces_go_on_where_the_last_one_ended(container: Container, nodira: Colleague, record: int) -> None:
    content = os.urandom(900_000)
    number = _begun(nodira, record, len(content))
    assert _piece(nodira, number, 0, content[:500_000]).get_json()["received"] == 500_000
    for wrong in (0, 499_999, 500_001, 10**30, "x", ""):
        answer = _piece(nodira, number, wrong, b"wrong")
        assert answer.status_code == 409
        assert answer.get_json()["error"]["code"] == "upload-conflict"
    early = _ask(nodira, f"/{number}/finish")
    assert (early.status_code, "500000 of 900000" in early.get_json()["error"]["message"]) == (409, True)
    far = nodira.client.get(f"{UPLOADS}/{number}", headers=JSON).get_json()
    assert (far["state"], far["received"], far["size"]) == ("arriving", 500_000, 900_000)
    assert _piece(nodira, number, 500_000, content[500_000:]).status_code == 200
    for _ in range(2):
        done = _ask(nodira, f"/{number}/finish")
        assert (done.status_code, done.get_json()["state"]) == (200, "quarantined")
    with container.quarantine.open(container.quarantine.whole()[0]) as stream:
        assert stream.read() == content
    assert _piece(nodira, number, len(content), b"x").status_code == 409


def test_a_piece_that_is_cut_off_leaves_what_came_before(nodira: Colleague, record: int) -> None:
    number = _begun(nodira, record, 10)
    _piece(nodira, number, 0, b"01234")
    whole = (
        f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{csrf_of(nodira.client)}\r\n--b\r\n'
        'Content-Disposition: form-data; name="offset"\r\n\r\n5\r\n--b\r\n'
        'Content-Disposition: form-data; name="piece"; filename="p"\r\n\r\n567'
    ).encode()
    nodira.client.post(f"{UPLOADS}/{number}", data=whole, content_type="multipart/form-data; boundary=b", headers=JSON)
    assert nodira.client.get(f"{UPLOADS}/{number}", headers=JSON).get_json()["received"] == 5
    assert _piece(nodira, number, 5, b"56789").get_json()["received"] == 10


def test_what_is_too_large_or_empty_is_told_before_it_is_sent(nodira: Colleague, record: int) -> None:
    too_large = _ask(nodira, "", record=record, name="a.pdf", size=(1 << 20) + 1)
    assert (too_large.status_code, too_large.get_json()["error"]["code"]) == (413, "file-too-large")
    for size in ("0", "", "-5", "1e9"):
        assert _ask(nodira, "", record=record, name="a.pdf", size=size).status_code == 422
    number = _begun(nodira, record, 3)
    assert _piece(nodira, number, 0, b"1234").status_code == 413
    assert 'data-largest="1048576"' in nodira.page(f"/documents/new?record={record}")


def test_a_stranger_s_upload_is_nobody_else_s(
    container: Container, portal: Flask, nodira: Colleague, record: int
) -> None:
    number = _begun(nodira, record, 3)
    aziza = colleague(container, portal, Role.APPROVER, name="Aziza")
    dilnoza = colleague(container, portal, Role.READER, name="Dilnoza")
    for other in (aziza, dilnoza):
        assert other.client.get(f"{UPLOADS}/{number}", headers=JSON).status_code == 403
        assert _piece(other, number, 0, b"abc").status_code == 403
        assert _ask(other, f"/{number}/cancel").status_code == 403
    botir = colleague(container, portal, Role.HEAD, name="Botir")
    assert _piece(botir, number, 0, b"abc").status_code == 200
    assert _ask(botir, f"/{number}/finish").status_code == 200


def test_no_piece_is_taken_without_the_token(nodira: Colleague, record: int) -> None:
    number = _begun(nodira, record, 3)
    for path in ("", f"/{number}", f"/{number}/finish", f"/{number}/cancel"):
        answer = nodira.client.post(
            f"{UPLOADS}{path}", data={"offset": 0, "piece": (BytesIO(b"abc"), "p")}, headers=JSON
        )
        assert answer.status_code == 400
    assert nodira.client.get(f"{UPLOADS}/{number}", headers=JSON).get_json()["received"] == 0


def test_an_upload_can_be_given_up(container: Container, nodira: Colleague, record: int) -> None:
    number = _begun(nodira, record, 3)
    assert _ask(nodira, f"/{number}/cancel").status_code == 204
    assert nodira.client.get(f"{UPLOADS}/{number}", headers=JSON).status_code == 404
    assert (_files(container, record), _left(container)) == ([], [])


def test_a_full_disk_keeps_what_came(
    container: Container, nodira: Colleague, record: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _begun(nodira, record, 6)
    _piece(nodira, number, 0, b"abc")
    with monkeypatch.context() as full:
        full.setattr(container.quarantine, "_reserve", 2.0)
        answer = _piece(nodira, number, 3, b"def")
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (507, "storage-full")
        assert _ask(nodira, "", record=record, name="b.pdf", size=3).status_code == 507
        assert "no room left" in _send(nodira, record, (b"x", "c.pdf")).get_data(as_text=True)
    assert _piece(nodira, number, 3, b"def").get_json()["received"] == 6
    assert _ask(nodira, f"/{number}/finish").status_code == 200
    assert len(_files(container, record)) == 1


def test_a_disk_that_fills_while_a_form_is_read_is_told(
    nodira: Colleague, record: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(BytesIO):
        def write(self, _content: object, /) -> int:
            raise OSError(ENOSPC, "No space left on device")

    csrf_of(nodira.client)
    monkeypatch.setattr(uploaded_imports_request, "TemporaryFile", lambda **_: Full())
    answer = _send(nodira, record, (b"x" * 100_000, "a.pdf"))
    assert answer.status_code == 507
    assert "no room left" in answer.get_data(as_text=True)


def test_nobody_begins_more_uploads_in_an_hour_than_a_delivery_has(
    container: Container, record: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = next(rule for rule in limits.RULES if rule.name == "uploads")
    few = replace(uploads, limit=type(uploads.limit)(2))
    monkeypatch.setattr(limits, "RULES", (few,))
    app = create_app(container)
    hurried, other = (colleague(container, app, Role.CATALOGUER, name=name) for name in ("Ali", "Vali"))
    statuses = [_ask(hurried, "", record=record, name="a.pdf", size=3).status_code for _ in range(3)]
    assert statuses == [201, 201, 429]
    assert _begun(other, record, 3)
