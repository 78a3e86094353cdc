"""One record of a partner: whatever carried it, and whatever it is really."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.errors import UnreadableSource
from library.domain.marc import Dialect
from library.marc import iso2709, marcxml
from library.marc.foreign import from_iso2709, from_xml
from tests.builders import a_marc21_record, a_unimarc_record


def test_a_record_comes_out_as_it_went_in() -> None:
    marc = a_marc21_record()
    assert from_xml(marcxml.encode(Dialect.MARC21, marc), Dialect.MARC21).marc == marc
    assert from_iso2709(iso2709.encode(marc), Dialect.MARC21).marc == marc


def test_a_collection_gives_its_first_record() -> None:
    body = marcxml.header(Dialect.UNIMARC) + marcxml.encode(Dialect.UNIMARC, a_unimarc_record()) + marcxml.footer()
    assert from_xml(body, Dialect.UNIMARC).marc == a_unimarc_record()


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r", "utf-8"])
def test_letters_tell_the_encoding_and_a_hint_is_believed(encoding: str) -> None:
    title = "Общая химия: учебное пособие для студентов высших учебных заведений"
    raw = iso2709.encode(a_unimarc_record(title=title)).decode().encode(encoding)
    for hint in ("", encoding):
        assert from_iso2709(raw, Dialect.UNIMARC, hint).marc.first("200", "a") == title


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<record",
        b"<html><body>Not found</body></html>",
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><record><leader>&x;</leader></record>',
        b"<record/>",
        b"<a>" * 300,
    ],
)
def test_what_is_no_record_of_xml_is_told(raw: bytes) -> None:
    with pytest.raises(UnreadableSource) as refused:
        from_xml(raw, Dialect.MARC21)
    assert "root:" not in str(refused.value)


@pytest.mark.parametrize("raw", [b"", b"\x1d", b"00026\x1d", b"x" * 40 + b"\x1d", b"\x00" * 50])
def test_what_is_no_record_of_iso_2709_is_told(raw: bytes) -> None:
    with pytest.raises(UnreadableSource):
        from_iso2709(raw, Dialect.MARC21)


@settings(max_examples=150, deadline=None)
@given(raw=st.binary(max_size=300), where=st.integers(0, 60))
def test_no_bytes_raise_anything_else(raw: bytes, where: int) -> None:
    whole = iso2709.encode(a_marc21_record())
    for read, body in ((from_iso2709, whole), (from_xml, marcxml.encode(Dialect.MARC21, a_marc21_record()))):
        try:
            read(body[:where] + raw + body[where + len(raw) :], Dialect.MARC21)
        except UnreadableSource:
            continue
