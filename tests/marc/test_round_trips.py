"""What is written can be read again, field for field, in each dialect and format."""

import io
from pathlib import Path

import pymarc
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.marc import ControlField, DataField, Dialect, MarcRecord, Subfield
from library.marc import codec, iso2709, marcxml, marcxml_reader, reading, writing
from library.marc.irbis import values
from library.marc.source import ReadRecord

LETTERS = "abcXYZ 019.,:;/=-[]()«»’ʻ&<>\"'\t$#^|абвЎўҚқҒғҲҳөүңёЯ漢𐍈é"
SCRIPTS = "aZ ’өҚя漢&<"
text = st.text(LETTERS, max_size=30)
# Without an accent alone before a letter NFC could change; the reader of UTF-8 changes nothing anyway.
code = st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789")
tags = st.from_regex(r"[0-9A-Z]{3}", fullmatch=True).filter(lambda tag: not tag.startswith("00"))
indicators = st.text(" 0123456789", min_size=2, max_size=2)
subfields = st.lists(st.builds(Subfield, code, text), max_size=4).map(tuple)
control_fields = st.builds(ControlField, st.from_regex(r"00[1-9]", fullmatch=True), text)
data_fields = st.builds(DataField, tags, indicators, subfields)
fields = st.lists(st.one_of(control_fields, data_fields), min_size=1, max_size=12).map(tuple)


def leaders(flag: str) -> st.SearchStrategy[str]:
    letters = st.sampled_from("acdnpmst 012")
    return st.builds(
        lambda head, tail: f"00000{head[0]}{head[1]}{head[2]}{head[3]}{flag}2200000{tail}4500",
        st.tuples(letters, letters, letters, letters),
        st.text("aiu 1234", min_size=3, max_size=3),
    )


marc21_records = st.builds(MarcRecord, leaders("a"), fields)
unimarc_records = st.builds(MarcRecord, leaders(" "), fields)
irbis_texts = st.text(LETTERS.replace("\t", ""), max_size=30)
irbis_fields = st.builds(values.field, st.integers(1, 2**31 - 1), irbis_texts)
irbis_records = st.builds(
    MarcRecord, st.just(values.LEADER), st.lists(irbis_fields, min_size=1, max_size=12).map(tuple)
)


def from_iso2709(data: bytes, dialect: Dialect) -> MarcRecord:
    (chunk,) = iso2709.split(io.BytesIO(data))
    record, warnings = iso2709.parse(chunk.raw, chunk.raw.decode(), dialect)
    assert warnings == []
    return record


def from_marcxml(data: bytes, dialect: Dialect) -> MarcRecord:
    (item,) = marcxml_reader.read(io.BytesIO(data), dialect)
    assert isinstance(item, marcxml_reader.XmlRecord), item
    assert item.warnings == ()
    return item.marc


@settings(max_examples=150, deadline=None)
@given(marc21_records)
def test_marc21_comes_back_from_iso2709(marc: MarcRecord):
    assert from_iso2709(iso2709.encode(marc), Dialect.MARC21) == marc


@settings(max_examples=150, deadline=None)
@given(unimarc_records)
def test_unimarc_comes_back_from_iso2709(marc: MarcRecord):
    assert from_iso2709(iso2709.encode(marc), Dialect.UNIMARC) == marc


@settings(max_examples=150, deadline=None)
@given(marc21_records)
def test_marc21_comes_back_from_marcxml(marc: MarcRecord):
    assert from_marcxml(marcxml.encode(Dialect.MARC21, marc), Dialect.MARC21) == marc


@settings(max_examples=150, deadline=None)
@given(unimarc_records)
def test_unimarc_comes_back_from_marcxchange(marc: MarcRecord):
    assert from_marcxml(marcxml.encode(Dialect.UNIMARC, marc), Dialect.UNIMARC) == marc


@settings(max_examples=150, deadline=None)
@given(irbis_records)
def test_irbis_comes_back_from_marcxchange_with_its_leading_texts_and_long_tags(marc: MarcRecord):
    assert from_marcxml(marcxml.encode(Dialect.IRBIS, marc), Dialect.IRBIS) == marc


@settings(max_examples=150, deadline=None)
@given(st.one_of(marc21_records, unimarc_records, irbis_records))
def test_every_record_comes_back_from_json_and_keeps_its_digest(marc: MarcRecord):
    again = codec.from_json(codec.to_json(marc))
    assert again == marc
    assert codec.digest(again) == codec.digest(marc)


@settings(max_examples=100, deadline=None)
@given(marc21_records, marc21_records)
def test_only_equal_records_have_equal_digests(one: MarcRecord, other: MarcRecord):
    assert (codec.digest(one) == codec.digest(other)) == (one == other)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(DataField, st.just("245"), indicators, subfields), min_size=1, max_size=3))
def test_another_program_reads_our_iso2709_alike(found: list[DataField]):
    marc = MarcRecord("00000nam a2200000   4500", (ControlField("001", "1"), *found))
    record = pymarc.Record(data=writing.encode_iso2709(Dialect.MARC21, marc))
    assert record["001"].data == "1"
    theirs = [[(subfield.code, subfield.value) for subfield in field.subfields] for field in record.get_fields("245")]
    assert theirs == [[(subfield.code, subfield.value) for subfield in field.subfields] for field in found]


def test_another_program_reads_our_marcxml_alike():
    title = DataField("245", "10", (Subfield("a", "Тоолор & <суу>"), Subfield("c", 'Ж. "М."\tБ.')))
    marc = MarcRecord("00000nam a2200000   4500", (ControlField("001", "к-1"), title))
    document = marcxml.header(Dialect.MARC21) + marcxml.encode(Dialect.MARC21, marc) + marcxml.footer()
    (record,) = pymarc.parse_xml_to_array(io.BytesIO(document), strict=True)
    assert record["001"].data == "к-1"
    assert [tuple(subfield) for subfield in record["245"].subfields] == [("a", "Тоолор & <суу>"), ("c", 'Ж. "М."\tБ.')]


def test_a_written_unimarc_record_claims_the_encoding_it_is_in(tmp_path: Path):
    coded = Subfield("a", "20010718d2000    u  y0rusy0189    ca")
    marc = MarcRecord("00000nam0 2200000   450 ", (DataField("100", "  ", (coded,)), DataField("200", "1 ", ())))
    data = writing.encode_iso2709(Dialect.UNIMARC, marc)
    assert b"\x1fa20010718d2000    u  y0rusy50      ca\x1e" in data
    (tmp_path / "u.iso").write_bytes(data)
    (item,) = reading.read(reading.inspect(tmp_path / "u.iso", dialect=Dialect.UNIMARC))
    assert isinstance(item, ReadRecord)
    assert item.marc.first("100", "a") == "20010718d2000    u  y0rusy50      ca"


def test_a_record_is_shown_as_lines():
    marc = MarcRecord(
        "00000nam a2200000   4500",
        (ControlField("001", "7"), DataField("245", "1 ", (Subfield("a", "Suv"), Subfield("b", "va yer")))),
    )
    assert writing.encode_text(Dialect.MARC21, marc) == "LDR 00000nam a2200000   4500\n001 7\n245 1# $aSuv $bva yer\n\n"
    assert writing.encode_text(Dialect.IRBIS, MarcRecord(values.LEADER, (values.field(200, "^ASuv"),))) == (
        "#200: ^ASuv\r\n*****\r\n"
    )
