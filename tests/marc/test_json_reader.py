"""MARC-in-JSON: a record a line or an array; what is broken costs only itself."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.errors import UnreadableSource
from library.domain.marc import Dialect, MarcRecord
from library.marc import codec, json_reader, reading
from library.marc.json_reader import JsonFault, JsonRecord
from library.marc.source import Format
from tests.builders import a_marc21_record, a_unimarc_record, an_irbis_record

BROKEN = b'{"leader": "00000nam", "fields": [{"001"'


def _read(body: bytes, dialect: Dialect = Dialect.MARC21) -> list[JsonRecord | JsonFault]:
    return list(json_reader.read(BytesIO(body), dialect))


def _json(marc: MarcRecord) -> bytes:
    return codec.to_json(marc).encode()


def _books(*numbers: int) -> list[MarcRecord]:
    return [a_marc21_record(f"kx{number}", title=f'Kitob {number} "{{}}" \\') for number in numbers]


@pytest.mark.parametrize("join", [b"\n", b"\r\n\r\n", b"\n\x20\t\n"])
def test_records_on_lines_come_back(join: bytes) -> None:
    books = _books(1, 2, 3)
    assert [item.marc for item in _read(join.join(map(_json, books)))] == books  # type: ignore[union-attr]


@pytest.mark.parametrize(("start", "join", "end"), [(b"[", b",", b"]"), (b"\n[ ", b" ,\n", b"\n]\n")])
def test_an_array_comes_back_however_it_is_laid_out(start: bytes, join: bytes, end: bytes) -> None:
    books = _books(1, 2, 3)
    indented = [json.dumps(json.loads(_json(book)), indent=2).encode() for book in books]
    for texts in ([_json(book) for book in books], indented):
        found = _read(start + join.join(texts) + end)
        assert [item.marc for item in found] == books  # type: ignore[union-attr]
        whole = start + join.join(texts) + end
        assert [whole[item.offset : item.offset + 1] for item in found] == [b"{"] * 3


def test_a_broken_line_costs_only_itself() -> None:
    good = _books(1, 2)
    body = b"\n".join([_json(good[0]), BROKEN, b'{"leader": 5}', b"[]", b"null", _json(good[1]), b"\xff\xfe"])
    found = _read(body)
    assert [type(item) for item in found] == [JsonRecord, *[JsonFault] * 4, JsonRecord, JsonFault]
    assert [item.marc for item in found if isinstance(item, JsonRecord)] == good
    faults = [item for item in found if isinstance(item, JsonFault)]
    assert body[faults[0].offset :].startswith(BROKEN)
    assert faults[0].raw == BROKEN


def test_a_broken_record_of_an_array_costs_only_itself() -> None:
    good = _books(1, 2)
    found = _read(b"[" + _json(good[0]) + b',\n{"fields": [}, \n' + _json(good[1]) + b"," + BROKEN)
    assert [item.marc for item in found if isinstance(item, JsonRecord)] == good
    assert [type(item) for item in found] == [JsonRecord, JsonFault, JsonRecord, JsonFault]


def test_our_own_exports_are_read_with_their_dialect(tmp_path: Path) -> None:
    for dialect, marc in (
        (Dialect.MARC21, a_marc21_record()),
        (Dialect.UNIMARC, a_unimarc_record()),
        (Dialect.IRBIS, an_irbis_record()),
    ):
        path = tmp_path / f"{dialect}.jsonl"
        line = {"id": 7, "dialect": dialect.value, "status": "published", "marc": json.loads(_json(marc))}
        path.write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")
        source = reading.inspect(path)
        assert (source.format, source.dialect, source.encoding) == (Format.MARC_JSON, dialect, "utf-8")
        (record,) = reading.read(source)
        assert record.marc == marc  # type: ignore[union-attr]
        path.write_bytes(_json(marc))
        assert reading.inspect(path).dialect is dialect


@pytest.mark.parametrize(
    "field",
    [
        '{"245": "text"}',
        '{"001": {"subfields": []}}',
        '{"245": {"ind1": "12", "subfields": [{"a": "x"}]}}',
        '{"245": {"ind1": 1, "subfields": [{"a": "x"}]}}',
        '{"245": {"subfields": {"a": "x"}}}',
        '{"245": {"subfields": [{"ab": "x"}]}}',
        '{"245": {"subfields": [{"a": 5}]}}',
        '{"245": {"subfields": [{"a": "x", "b": "y"}]}}',
        '{"245": null}',
        '{"24": {"subfields": []}}',
        '{"<x>": {"subfields": []}}',
        '{"245": {"subfields": []}, "246": {"subfields": []}}',
        "7",
    ],
)
def test_what_is_no_field_is_told(field: str) -> None:
    (fault,) = _read(f'{{"leader": "00000nam a2200000   4500", "fields": [{field}]}}'.encode())
    assert isinstance(fault, JsonFault)


def test_control_characters_and_a_bad_leader_are_mended_and_told() -> None:
    (item,) = _read(b'{"leader": "x", "fields": [{"245": {"subfields": [{"a": "Ki\\u0000\\u0008myo"}]}}]}')
    assert isinstance(item, JsonRecord)
    assert item.marc.first("245", "a") == "Kimyo"
    assert item.marc.leader.startswith("00000 ")
    assert len(item.warnings) == 2


@pytest.mark.parametrize("layout", [b"%b\n", b"[%b]"])
def test_an_oversize_record_is_not_held(layout: bytes) -> None:
    good = _json(a_marc21_record())
    joint = b"\n" if layout.endswith(b"\n") else b","
    big = b'{"fields": [{"500": {"subfields": [{"a": "' + b"x" * 10_500_000 + b'"}]}}]}'
    found = _read(layout % joint.join([good, big, good]))
    assert [type(item) for item in found] == [JsonRecord, JsonFault, JsonRecord]
    assert isinstance(found[1], JsonFault)
    assert len(found[1].raw) <= 100_001
    assert found[2].offset == len(layout % joint.join([good, big, good])) - len(good) - 1


@pytest.mark.parametrize("body", [b"{", b'{"a": 1}', b"[{}]", b'{"' + b"[" * 100_000, b'[{"fields": []}]'])
def test_a_file_without_records_is_told(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(body)
    with pytest.raises(UnreadableSource):
        reading.inspect(path)


@settings(max_examples=150, deadline=None)
@given(junk=st.binary(max_size=200), where=st.integers(0, 400), by_line=st.booleans())
def test_no_bytes_stop_the_reader(junk: bytes, where: int, by_line: bool) -> None:
    books = _books(1, 2)
    body = b"\n".join(map(_json, books)) if by_line else b"[" + b",".join(map(_json, books)) + b"]"
    for item in _read(body[:where] + junk + body[where:]):
        assert isinstance(item, JsonRecord | JsonFault)
