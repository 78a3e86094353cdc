"""Files of records through the browser: hostile ones are refused at once and leave nothing, honest ones come in."""

from __future__ import annotations

import gzip
import html
import io
import re
import resource
import time
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from library.app import create_app
from library.container import Container
from library.domain.marc import Dialect, MarcRecord
from library.domain.people import Role
from library.marc import iso2709, marcxml
from library.marc.irbis import database as base
from library.marc.irbis.database import StoredRecord
from library.settings import Settings
from tests.builders import a_field, a_marc21_record, a_unimarc_record, add_records, an_irbis_record
from tests.signed_in import csrf_of
from tests.web.colleagues import Colleague, colleague

MARKER = '"><x-m id=1>'
BROKEN = b"00060nam  2200000   450 no directory, no fields, no sense\x1d"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", import_megabytes=12)


@pytest.fixture
def portal(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def nodira(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.CATALOGUER, name="Nodira")


@pytest.fixture
def aziza(container: Container, portal: Flask) -> Colleague:
    return colleague(container, portal, Role.APPROVER, name="Aziza")


def _iso(*records: MarcRecord) -> bytes:
    return b"".join(map(iso2709.encode, records))


def _books(*numbers: int) -> bytes:
    return _iso(*(a_marc21_record(f"kx{number}", title=f"Kitob {number}") for number in numbers))


def _send(who: Colleague, *files: tuple[bytes, str], **values: str) -> TestResponse:
    sent = [FileStorage(io.BytesIO(body), name) for body, name in files]
    form = MultiDict([("csrf", csrf_of(who.client)), *(("file", file) for file in sent), *values.items()])
    boundary, body = encode_multipart(form)
    return who.client.post("/imports", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def _run(container: Container) -> None:
    for _ in range(500):
        if not container.uploaded_imports_work.step():
            return
    raise AssertionError("the worker never rests")


def _examined(container: Container, who: Colleague, body: bytes, name: str = "kitoblar.mrc", **values: str) -> str:
    sent = _send(who, (body, name), **values)
    assert sent.status_code == 303, html.unescape(sent.get_data(as_text=True))
    _run(container)
    return sent.headers["Location"]


def _imported(container: Container, nodira: Colleague, aziza: Colleague, body: bytes) -> str:
    address = _examined(container, nodira, body)
    assert nodira.post(f"{address}/submit").status_code == 303
    assert aziza.post(f"{address}/approve").status_code == 303
    _run(container)
    return address


def _left(container: Container) -> list[Path]:
    return list((container.settings.data_dir / "imports").rglob("*"))


def test_an_upload_from_first_to_last(container: Container, nodira: Colleague, aziza: Colleague) -> None:
    assert "Nothing was uploaded yet" in nodira.page("/imports")
    sent = _send(nodira, (_books(1, 2) + BROKEN, "Kitoblar 2026.mrc"))
    address = sent.headers["Location"]
    assert "Being examined" in nodira.page(address)
    _run(container)
    page = nodira.page(address)
    assert "What would come in" in page
    assert "Kitob 1 / Soatov, Yo. U., 2019" in page
    assert "1 record was rejected" in page
    assert "Record 3, byte" in page
    assert "Submit for approval" in page
    assert f"{address}/approve" not in page

    nodira.post(f"{address}/submit")
    assert nodira.post(f"{address}/approve").status_code == 403
    assert "Approve and import" in aziza.page(address)
    aziza.post(f"{address}/approve")
    assert "0 % is done" in aziza.page(address)
    _run(container)
    page = aziza.page(address)
    assert "What came in" in page
    (name,) = re.findall(rf'href="{address}/rejected/([^"]+)"', page)
    download = aziza.get(f"{address}/rejected/{name}")
    assert download.data == BROKEN
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    download.close()
    table = aziza.get(f"{address}/reasons.csv")
    assert table.mimetype == "text/csv"
    assert table.get_data(as_text=True).splitlines()[1].startswith('"3";')
    assert nodira.get("/record/1").status_code == 200

    assert f"{address}/withdraw" not in nodira.page(address)
    assert nodira.post(f"{address}/withdraw").status_code == 403
    assert "Withdraw the whole import" in page
    aziza.post(f"{address}/withdraw")
    _run(container)
    page = aziza.page(address)
    assert "What became of its records" in page
    assert f"{address}/withdraw" not in page
    assert nodira.get("/record/1").status_code == 410


def test_a_base_comes_in_as_two_files_and_as_an_archive(
    container: Container, nodira: Colleague, tmp_path: Path
) -> None:
    mst = tmp_path / "IBIS.mst"
    base.write(mst, [StoredRecord(mfn=mfn, marc=an_irbis_record(f"c{mfn}")) for mfn in (1, 2)])
    bodies = (mst.read_bytes(), "IBIS.mst"), (mst.with_suffix(".xrf").read_bytes(), "IBIS.xrf")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for body, name in bodies:
            archive.writestr(f"BASES/{name}", body)
    for files in (bodies, ((packed.getvalue(), "nusxa.zip"),)):
        sent = _send(nodira, *files)
        assert sent.status_code == 303
        _run(container)
        page = nodira.page(sent.headers["Location"])
        assert "base of IRBIS64 · IRBIS" in page
        assert "Names of cataloguers that are left out: 2" in page
        assert "<bdi>IBIS</bdi>" in page


def test_doubles_and_former_uploads_are_told(container: Container, nodira: Colleague, aziza: Colleague) -> None:
    (ours,) = add_records(container.database, "Oliy matematika")
    page = nodira.page(_examined(container, nodira, _iso(a_marc21_record("new1"))))
    assert "1 record may be here already" in page
    assert f'href="/record/{ours}"' in page
    assert "the same ISBN" in page
    _imported(container, nodira, aziza, _books(1))
    page = nodira.page(_examined(container, nodira, _books(1, 2)))
    assert "Records came in before from a source of this name" in page
    assert "Records came in before" not in nodira.page(_examined(container, nodira, _books(1), source="boshqa"))


def test_a_file_is_read_in_another_way(container: Container, nodira: Colleague) -> None:
    body = iso2709.encode(a_unimarc_record(title="Химия")).decode().encode("cp1251")
    address = _examined(container, nodira, body, encoding="cp866")
    assert "Химия" not in nodira.page(address)
    nodira.post(f"{address}/read", source="", dialect="unimarc", encoding="cp1251")
    _run(container)
    page = nodira.page(address)
    assert "Химия" in page
    assert "ISO 2709 · UNIMARC · cp1251" in page
    assert nodira.post(f"{address}/read", dialect="klingon").status_code == 422


def _xml(inside: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<collection xmlns="{marcxml.SLIM}">{inside}</collection>'.encode()


LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
TITLE = (
    '<record><leader>00000nam a2200000   4500</leader><datafield tag="245" ind1=" " ind2=" ">{}</datafield></record>'
)
ONE = TITLE.format('<subfield code="a">&x;</subfield>')
HOSTILE_XML = {
    "an external entity": _xml(ONE, '<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    "an entity of the network": _xml(ONE, '<!DOCTYPE c [<!ENTITY x SYSTEM "http://127.0.0.1:1/">]>'),
    "a parameter entity": _xml(ONE, '<!DOCTYPE c [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>'),
    "a bare DOCTYPE": _xml(ONE.replace("&x;", "Kimyo"), "<!DOCTYPE collection>"),
    "a billion laughs": _xml(ONE, f'<!DOCTYPE c [<!ENTITY l0 "lol">{LOL}<!ENTITY x "&l9;">]>'),
    "a quadratic blow-up": _xml(ONE * 50, f'<!DOCTYPE c [<!ENTITY x "{"a" * 100_000}">]>'),
    "a giant attribute": _xml(f'<record a="{"x" * 11_000_000}"/>'),
    "a deep tree": _xml("<record>" + "<a>" * 5_000),
    "a hundred thousand attributes": _xml("<record " + " ".join(f'a{n}="x"' for n in range(100_000)) + "/>"),
    "another namespace": b'<collection xmlns="urn:x"><record/></collection>',
    "a gzip named xml": gzip.compress(_xml(ONE.replace("&x;", "Kimyo"))),
    "half a tag": b'<?xml version="1.0"?><collection><rec',
    "no text at all": b"\x00" * 1000,
    "a web page": b"<!doctype html><html><script>alert(1)</script></html>",
}


def test_hostile_xml_is_refused_at_once_and_leaves_nothing(container: Container, nodira: Colleague) -> None:
    for name, body in HOSTILE_XML.items():
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.monotonic()
        refused = _send(nodira, (body, "new.xml"))
        took = time.monotonic() - start
        page = refused.get_data(as_text=True)
        assert refused.status_code == 422, name
        assert 'role="alert"' in page
        assert "root:" not in page
        assert took < 2, name
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000, name
        assert _left(container) == []
    assert _send(nodira, (_books(1), "new.mrc")).status_code == 303, "the next clean upload works"


NAMES = (
    "../../etc/cron.d/x.mrc",
    "..\\..\\x.mrc",
    "/etc/passwd",
    "C:\\Windows\\x.mrc",
    "x\x00.mrc",
    "CON",
    "a" * 3000 + ".mrc",
    "\u202ecrm.x",
    "'><x-m id=1>.mrc",
    "….mrc",
    "''; DROP TABLE records; --.mrc",
    "{{7*7}}.mrc",
)


def test_names_of_files_are_only_ever_shown(container: Container, nodira: Colleague) -> None:
    root = container.settings.data_dir
    for name in NAMES:
        sent = _send(nodira, (_books(1), name), source=name)
        assert sent.status_code in (303, 400), name
        if sent.status_code == 303:
            page = nodira.page(sent.headers["Location"])
            assert "<x-m" not in page
            assert "\u202e" not in page
            assert len(page) < 100_000
    _run(container)
    assert "<x-m" not in nodira.page("/imports")
    assert "49.mrc" not in nodira.page("/imports")
    stored = {path.name for path in _left(container) if path.is_file()}
    assert stored == {"records.dat"}
    assert {path.parent.parent for path in _left(container) if path.is_file()} == {root / "imports"}


def test_forms_that_are_too_large_are_cut_off(container: Container, nodira: Colleague) -> None:
    start = time.monotonic()
    assert _send(nodira, (bytes(14 << 20), "big.mrc")).status_code == 413
    over = _send(nodira, (_books(1) + bytes(12 << 20), "big.mrc"))
    assert over.status_code == 422
    assert "more than 12 megabytes" in over.get_data(as_text=True)
    assert _send(nodira, (_books(1), "a.mrc"), source="x" * (2 << 20)).status_code == 413
    many = {f"part{number}": "x" for number in range(5_000)}
    assert _send(nodira, (_books(1), "a.mrc"), **many).status_code == 413
    assert time.monotonic() - start < 40
    assert _left(container) == []


def test_a_part_of_carriage_returns_is_read_in_time(nodira: Colleague) -> None:
    head = 'Content-Disposition: form-data; name="file"; filename="a.mrc"\r\nContent-Type: application/octet-stream'
    token = f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{csrf_of(nodira.client)}\r\n'
    body = f"{token}--x\r\n{head}\r\n\r\n".encode() + b"\r" + b"a" * (8 << 20) + b"\r\n--x--\r\n"
    start = time.monotonic()
    response = nodira.client.post("/imports", data=body, content_type="multipart/form-data; boundary=x")
    assert time.monotonic() - start < 30
    assert response.status_code == 422


def test_a_large_file_never_stands_in_memory(container: Container, nodira: Colleague) -> None:
    body = _books(*range(300)) * 130
    assert 9 << 20 < len(body) < 12 << 20
    seen: list[Path] = []
    receive = container.uploaded_imports.receive

    def watched(files, wanted, *, actor):
        seen.append(Path(f"/proc/self/fd/{files[0].stream.fileno()}").readlink())
        return receive(files, wanted, actor=actor)

    container.uploaded_imports.receive = watched  # type: ignore[method-assign]
    assert _send(nodira, (body, "big.mrc")).status_code == 303
    (path,) = seen
    assert path.parent == container.settings.data_dir / "imports"
    assert "(deleted)" in str(path) or not path.exists()


def _lying(record: bytes, *, length: bytes = b"", base_address: bytes = b"") -> bytes:
    return (length or record[:5]) + record[5:12] + (base_address or record[12:17]) + record[17:]


def test_records_that_lie_are_listed_and_the_others_come_in(
    container: Container, nodira: Colleague, aziza: Colleague
) -> None:
    good = _books(1)
    long = iso2709.encode(a_marc21_record("kx9").with_fields((*a_marc21_record("kx9").fields, a_field("500", a="x"))))
    body = b"".join(
        (
            good,
            BROKEN,
            _lying(_books(2), length=b"00000"),
            _lying(_books(3), length=b"99999"),
            _lying(_books(4), length=b"-0100"),
            _lying(_books(5), length=b"abcde"),
            _lying(_books(6), base_address=b"99999"),
            b"\x1d\x1d\r\n",
            b"00024\x1d",
            long[: len(long) // 2],
        )
    )
    address = _imported(container, nodira, aziza, body)
    page = html.unescape(re.sub(r"<[^>]+>", " ", aziza.page(address)))
    assert "3 records were rejected" in page
    with container.database.reading() as view:
        titles = {one.description.title for one in view.records.listed_page(0, 50)}
    assert titles == {f"Kitob {number}" for number in range(1, 7)}
    again = _examined(container, nodira, body)
    with container.database.reading() as view:
        assert view.uploaded_imports.get(int(again.rpartition("/")[2])).foreseen["counts"] == [0, 0, 6, 3]


def test_letters_that_are_declared_falsely_come_in_right(
    container: Container, nodira: Colleague, aziza: Colleague
) -> None:
    title = "Общая химия: учебное пособие для студентов высших учебных заведений"
    for encoding in ("cp1251", "cp866"):
        raw = iso2709.encode(a_marc21_record(encoding, title=title)).decode().replace("‘", "'").encode(encoding)
        _imported(container, nodira, aziza, raw)
    with container.database.reading() as view:
        assert [record.marc.first("245", "a") for record in view.records.page(0, 5)] == [title] * 2


def test_markup_and_formulas_in_records_are_text_everywhere(
    container: Container, nodira: Colleague, aziza: Colleague
) -> None:
    evil = a_marc21_record(f"=1+1{MARKER}", title=f"{MARKER} {{{{7*7}}}}", author=f"@x {MARKER}")
    wrong = evil.with_fields((*evil.fields, a_field("500")))
    body = marcxml.header(Dialect.MARC21) + marcxml.encode(Dialect.MARC21, evil) + b"<x-m id='1'/>" + marcxml.footer()
    address = _examined(container, nodira, body, "evil.xml", source=MARKER)
    assert _iso(wrong)
    for page in (nodira.page(address), nodira.page("/imports"), nodira.page(f"{address}/reasons")):
        assert "<x-m" not in page
        assert "49" not in re.sub(r"[0-9a-f]{64}", "", page)
    nodira.post(f"{address}/submit")
    aziza.post(f"{address}/approve")
    _run(container)
    assert "<x-m" not in aziza.page(address)
    table = aziza.get(f"{address}/reasons.csv").get_data(as_text=True)
    assert not re.search(r'(^|;)"?[=+@-]', table, re.MULTILINE)
    journal = colleague(container, aziza.client.application, Role.HEAD, name="Botir").page("/journal")
    assert "<x-m" not in journal


def test_what_is_no_file_of_records_is_told_by_its_own_name(nodira: Colleague) -> None:
    for body, name, told in (
        (b"%PDF-1.7\n", "hisobot.pdf", "hisobot.pdf is a PDF document"),
        (b"", "empty.mrc", "empty.mrc is empty"),
        (b"just words", "words.txt", "words.txt is of no kind"),
        (b"{}", "empty.json", "of no kind"),
        (b"\x7fELF", "a.mrc", "a program"),
    ):
        refused = _send(nodira, (body, name))
        page = html.unescape(refused.get_data(as_text=True))
        assert refused.status_code == 422
        assert told in page
        assert "/data/imports" not in page
    assert _send(nodira).status_code == 422


def test_a_forged_form_is_not_kept(container: Container, nodira: Colleague) -> None:
    data = {"csrf": "forged", "file": (io.BytesIO(_books(1)), "a.mrc")}
    assert nodira.client.post("/imports", data=data, content_type="multipart/form-data").status_code == 400
    guest = nodira.client.application.test_client()
    boundary, body = encode_multipart(MultiDict([("file", FileStorage(io.BytesIO(bytes(3 << 20)), "a.mrc"))]))
    sent = guest.post("/imports", data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert sent.status_code == 403
    assert _left(container) == []


def test_files_of_others_can_not_be_named(container: Container, nodira: Colleague, aziza: Colleague) -> None:
    address = _imported(container, nodira, aziza, _books(1) + BROKEN)
    for name in ("..%2f..%2flibrary.sqlite", "records.dat", quote("../records.dat", safe=""), "reasons.jsonl"):
        assert aziza.get(f"{address}/rejected/{name}").status_code == 404
    assert aziza.get("/imports/99").status_code == 404
    assert aziza.get("/imports/99/reasons.csv").status_code == 404


def test_each_page_is_for_those_who_may(container: Container, portal: Flask, nodira: Colleague) -> None:
    address = _examined(container, nodira, _books(1))
    inspector = colleague(container, portal, Role.INSPECTOR, name="Vazirlik")
    reader = colleague(container, portal, Role.READER, name="Talaba")
    assert inspector.get(address).status_code == 200
    assert 'type="file"' not in inspector.page("/imports")
    assert "/submit" not in inspector.page(address)
    assert _send(inspector, (_books(1), "a.mrc")).status_code == 403
    for path in ("/imports", address, f"{address}/reasons", f"{address}/reasons.csv", f"{address}/rejected/x"):
        assert reader.get(path).status_code == 403
    for deed in ("read", "submit", "approve", "stop", "go-on", "withdraw"):
        assert reader.post(f"{address}/{deed}").status_code == 403
        assert inspector.post(f"{address}/{deed}").status_code == 403
    assert nodira.post(f"{address}/go-on").status_code == 409
