"""MARCXML from strangers: hostile documents are refused, broken records cost only themselves."""

import io
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library.domain.errors import NotExpressible, UnreadableSource
from library.domain.marc import ControlField, DataField, Dialect, MarcRecord, Subfield
from library.marc import marcxml, marcxml_reader, reading
from library.marc.marcxml_reader import XmlFault, XmlRecord
from library.marc.source import ReadRecord, RejectedRecord

Read = Callable[..., list[ReadRecord | RejectedRecord]]
SLIM = 'xmlns="http://www.loc.gov/MARC21/slim"'


def record(number: object, title: str = "Title") -> str:
    return (
        f'<record><leader>00000nam a2200000   4500</leader><controlfield tag="001">{number}</controlfield>'
        f'<datafield tag="245" ind1="0" ind2="0"><subfield code="a">{title}</subfield></datafield></record>\n'
    )


def collection(*records: str) -> bytes:
    return f"<collection {SLIM}>\n{''.join(records)}</collection>".encode()


def items(data: bytes, dialect: Dialect = Dialect.MARC21) -> list[XmlRecord | XmlFault]:
    return list(marcxml_reader.read(io.BytesIO(data), dialect))


def numbers(found: list[XmlRecord | XmlFault]) -> list[str]:
    return [item.marc.control("001") or "" if isinstance(item, XmlRecord) else "-" for item in found]


HOSTILE = {
    "an external entity": b'<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "an entity from the net": b'<!DOCTYPE c [<!ENTITY x SYSTEM "http://127.0.0.1:1/x">]>',
    "a parameter entity": b'<!DOCTYPE c [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>',
    "a bare DOCTYPE": b"<!DOCTYPE collection>",
    "an external DTD": b'<!DOCTYPE c SYSTEM "http://127.0.0.1:1/marc.dtd">',
    "billion laughs": b'<!DOCTYPE c [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY x "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>',
}


@pytest.mark.parametrize("doctype", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused_before_anything_of_it_is_read(doctype: bytes, encoding: str, tmp_path: Path):
    body = f"<collection {SLIM}>{record(1, '&x;')}</collection>"
    document = f'<?xml version="1.0" encoding="{encoding}"?><!-- a comment --> {doctype.decode()}{body}'
    path = tmp_path / "hostile.xml"
    path.write_bytes(document.encode(encoding))
    started = time.monotonic()
    with pytest.raises(UnreadableSource, match="DOCTYPE"):
        reading.inspect(path)
    assert time.monotonic() - started < 10


def test_an_entity_that_nobody_declared_costs_its_record_only():
    found = items(collection(record(1), record(2, "&xxe;"), record(3)))
    assert numbers(found) == ["1", "-", "3"]
    assert b"&xxe;" in found[1].raw if isinstance(found[1], XmlFault) else False


def test_a_gzip_named_xml_is_not_unpacked(tmp_path: Path):
    (tmp_path / "bomb.xml").write_bytes(b"\x1f\x8b\x08\x00" + bytes(100))
    with pytest.raises(UnreadableSource, match="gzip"):
        reading.inspect(tmp_path / "bomb.xml")


def test_a_web_page_has_no_records(tmp_path: Path):
    (tmp_path / "page.xml").write_text("<!doctype html><html><p>Sign in</p></html>")
    with pytest.raises(UnreadableSource, match="HTML"):
        reading.inspect(tmp_path / "page.xml")


@pytest.mark.parametrize(
    "body", ["<feed xmlns='http://www.w3.org/2005/Atom'/>", "<record xmlns='urn:other'/>", "<collection/>"]
)
def test_xml_without_marc_records_is_no_source(body: str, tmp_path: Path):
    (tmp_path / "x.xml").write_text(body)
    with pytest.raises(UnreadableSource, match="no MARC records"):
        reading.inspect(tmp_path / "x.xml")


def test_nesting_without_end_and_endless_tags_stop_the_reader():
    deep = collection(record(1), "<record>" + "<a>" * 300 + "</a>" * 300 + "</record>", record(3))
    assert numbers(items(deep)) == ["1", "-", "3"]
    wide = collection(record(1), f'<record><leader x="{"y" * (9 << 20)}"/></record>', record(3))
    found = items(wide)
    assert numbers(found) == ["1", "-", "3"]
    assert all(len(fault.raw) <= 100_000 for fault in found if isinstance(fault, XmlFault))


class Endless(io.RawIOBase):
    """A collection whose second record has a text of 64 MB, made as it is read."""

    def __init__(self) -> None:
        self._parts = self._made()
        self._left = b""

    @staticmethod
    def _made() -> Iterator[bytes]:
        yield f"<collection {SLIM}>{record(1)}<record><datafield tag='500'><subfield code='a'>".encode()
        for _ in range(1024):
            yield b"endless " * 8192
        yield f"</subfield></datafield></record>{record(3)}</collection>".encode()

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size and (part := next(self._parts, b"")):
            self._left += part
        block, self._left = self._left[:size], self._left[size:]
        return block


def test_a_huge_record_is_passed_over_in_bounded_memory():
    tracemalloc.start()
    try:
        found = list(marcxml_reader.read(Endless(), Dialect.MARC21))  # type: ignore[arg-type]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert numbers(found) == ["1", "-", "3"]
    assert peak < 60 << 20
    assert isinstance(found[1], XmlFault)
    assert found[1].raw.startswith(b"<record><datafield tag='500'>")


def test_a_long_preface_is_not_kept_in_memory():
    document = b"<feed>" + b"<entry>no record</entry>" * 400_000 + record(1).encode() + b"</feed>"
    tracemalloc.start()
    try:
        found = items(document)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert numbers(found) == ["1"]
    assert peak < 2 << 20


def test_namespaces_prefixes_and_wrappers_do_not_matter():
    inner = record(1)
    prefixed = inner.replace("<", "<m:").replace("<m:/", "</m:")
    documents = [
        inner,
        f"<collection>{inner}</collection>",
        f"<collection {SLIM}>{inner}</collection>",
        f'<m:collection xmlns:m="http://www.loc.gov/MARC21/slim">{prefixed}</m:collection>',
        f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header/><metadata>'
        f'<m:record xmlns:m="http://www.loc.gov/MARC21/slim">{prefixed.strip()[10:]}</metadata></record></ListRecords></OAI-PMH>',
        f"<?xml version='1.0'?>{inner}<?xml version='1.0'?>{inner.replace('>1<', '>2<')}",
    ]
    for document in documents:
        found = items(document.encode())
        assert numbers(found)[0] == "1", document
        assert all(isinstance(item, XmlRecord) for item in found), found
    assert numbers(items(documents[-1].encode())) == ["1", "2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251", "koi8-r"])
def test_the_encoding_of_the_declaration_is_followed(encoding: str):
    document = f'<?xml version="1.0" encoding="{encoding}"?>\n<collection>{record(1, "Тарых")}</collection>'
    (item,) = items(document.encode(encoding))
    assert isinstance(item, XmlRecord)
    assert item.marc.first("245", "a") == "Тарых"


def test_an_encoding_nobody_knows_is_said():
    (fault,) = items(f'<?xml version="1.0" encoding="UmF-8"?>{record(1)}'.encode())
    assert isinstance(fault, XmlFault)
    assert "UmF-8" in str(fault.reason)


def test_control_fields_of_letters_are_kept():
    (item,) = items(b'<record><controlfield tag="FMT">BK</controlfield></record>')
    assert isinstance(item, XmlRecord)
    assert item.marc.control("FMT") == "BK"


def test_offsets_name_the_byte_where_a_record_starts():
    data = collection(record(1, "Ўзбек тили"), record(2), "<record><leader/></record>", record(4))
    found = items(data)
    assert [data[item.offset :].startswith(b"<record>") for item in found] == [True] * 4
    assert numbers(found) == ["1", "2", "-", "4"]
    assert isinstance(found[2], XmlFault)
    assert found[2].raw == b"<record><leader/></record>"
    assert "no fields" in str(found[2].reason)


REFUSED = {
    "no tag": '<datafield ind1=" " ind2=" "><subfield code="a">x</subfield></datafield>',
    "a long tag": '<datafield tag="2450" ind1=" " ind2=" "><subfield code="a">x</subfield></datafield>',
    "a long indicator": '<datafield tag="245" ind1="10" ind2=" "><subfield code="a">x</subfield></datafield>',
    "a long code": '<datafield tag="245" ind1=" " ind2=" "><subfield code="ab">x</subfield></datafield>',
    "text between": '<datafield tag="245" ind1=" " ind2=" ">lost<subfield code="a">x</subfield></datafield>',
    "a field in a field": '<datafield tag="245"><datafield tag="246"/></datafield>',
    "a data field 00X": '<datafield tag="001"><subfield code="a">x</subfield></datafield>',
    "a control field 245": '<controlfield tag="245">Title</controlfield>',
    "a subfield alone": '<subfield code="a">x</subfield>',
}


@pytest.mark.parametrize("inside", REFUSED.values(), ids=REFUSED.keys())
def test_a_record_that_would_lose_something_is_refused(inside: str):
    bad = f'<record><controlfield tag="001">2</controlfield>{inside}</record>\n'
    found = items(collection(record(1), bad, record(3)))
    assert numbers(found) == ["1", "-", "3"]
    assert isinstance(found[1], XmlFault)
    assert found[1].raw.decode().strip() == bad.strip()


def test_bytes_that_are_no_utf8_cost_their_record_only():
    data = collection(record(1), record(2, "Z\xfcrich"), record(3)).replace("\xfc".encode(), b"\xfc")
    assert numbers(items(data)) == ["1", "-", "3"]


def test_control_characters_are_left_out_and_the_field_is_named():
    (item,) = items(collection(record(1, "Su\x08v\x7f")))
    assert isinstance(item, XmlRecord)
    assert item.marc.first("245", "a") == "Suv"
    assert "245" in str(item.warnings[0])


def test_control_characters_are_refused_in_what_we_write():
    for bad in ("\x08", "\ufffe", "\ud800"):
        marc = MarcRecord("0" * 24, (DataField("245", "00", (Subfield("a", bad),)),))
        with pytest.raises(NotExpressible):
            marcxml.encode(Dialect.MARC21, marc)


def test_line_ends_and_blanks_of_a_value_survive_the_parser():
    marc = MarcRecord("00000nam a2200000   4500", (ControlField("001", " a\r\n\tb "),))
    (item,) = items(marcxml.encode(Dialect.MARC21, marc))
    assert isinstance(item, XmlRecord)
    assert item.marc == marc


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=3), st.integers(0, 30)), max_size=5))
def test_mutated_files_never_raise_but_for_a_doctype(changes: list[tuple[int, bytes, int]]):
    data = bytearray(collection(record(1), record(2), record(3)))
    for anywhere, new, length in changes:
        place = anywhere % len(data)
        data[place : place + length] = new
    try:
        found = items(bytes(data))
    except UnreadableSource:
        assert b"DOCTYPE" in data
        return
    offsets = [item.offset for item in found]
    assert offsets == sorted(offsets)
    assert all(str(item.reason) for item in found if isinstance(item, XmlFault))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 1000))
def test_a_file_cut_anywhere_gives_what_stands_before(place: int):
    whole = collection(*(record(number) for number in range(5)))
    cut = whole[: place % len(whole)]
    found = items(cut)
    complete = [item for item in found if isinstance(item, XmlRecord)]
    assert len(complete) == cut.count(b"</record>")
    assert len(found) == len(complete) + 1
