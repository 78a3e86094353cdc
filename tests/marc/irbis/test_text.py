from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.errors import NotExpressible, UnreadableSource
from library.domain.marc import ControlField, MarcRecord
from library.marc.irbis import text, values
from library.marc.source import Format, ReadRecord, RejectedRecord, Source

_VALUE = st.text(
    alphabet=st.one_of(
        st.sampled_from("^#:* "), st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    ),
    max_size=20,
)
_RECORD = st.lists(st.tuples(st.integers(0, 2**32 - 1), _VALUE), min_size=1, max_size=6)

Reader = Callable[..., list[Any]]


@pytest.fixture
def read(tmp_path: Path, source: Callable[..., Source]) -> Reader:
    def read_text(content: str | bytes, encoding: str = "utf-8") -> list[Any]:
        path = tmp_path / "records.txt"
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return list(text.read(source(path, Format.IRBIS_TEXT, encoding)))

    return read_text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("text")


@settings(max_examples=150, deadline=None)
@given(records=st.lists(_RECORD, max_size=4))
def test_what_is_written_is_read_again(folder: Path, source: Callable[..., Source], records: list[Any]) -> None:
    wanted = [MarcRecord(values.LEADER, tuple(values.field(tag, value) for tag, value in fields)) for fields in records]
    written = "".join(map(text.encode, wanted))
    path = folder / "random.txt"
    path.write_bytes(written.encode())
    found = list(text.read(source(path, Format.IRBIS_TEXT)))
    assert [item.marc for item in found if isinstance(item, ReadRecord)] == wanted
    assert not any(item.warnings for item in found if isinstance(item, ReadRecord))
    assert len({item.key for item in found if isinstance(item, ReadRecord)}) == len(wanted)


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=200) | st.text(alphabet="#1: ^A*\r\n\x00я", max_size=80).map(str.encode))
def test_any_bytes_end_in_an_answer(folder: Path, source: Callable[..., Source], content: bytes) -> None:
    path = folder / "noise.txt"
    path.write_bytes(content)
    for item in text.read(source(path, Format.IRBIS_TEXT)):
        assert item.offset < len(content)
        if isinstance(item, RejectedRecord):
            assert item.raw == content[item.offset : item.offset + len(item.raw)]
        else:
            assert list(text.read(source(path, Format.IRBIS_TEXT)))
            assert text.encode(item.marc).endswith("*****\r\n")


def test_the_catalogue_comes_back_byte_for_byte(data: Path, catalogue: list[ReadRecord]) -> None:
    written = "".join(text.encode(item.marc) for item in catalogue)
    assert written.encode() == (data / "catalogue.txt").read_bytes()


def test_byte_order_mark_line_ends_and_empty_lines_are_the_only_difference(read: Reader) -> None:
    content = "\ufeff#010:^A1\n\n#610:  икки сўз \n*****\n\n*****\n#200: ^AБир\r\n***** 2\r\n\x1a"
    first, second = read(content)
    assert text.encode(first.marc) == "#10: ^A1\r\n#610:  икки сўз \r\n*****\r\n"
    assert (first.number, first.offset, first.warnings) == (1, 3, ())
    assert text.encode(second.marc) == "#200: ^AБир\r\n*****\r\n"
    assert (second.number, second.offset) == (2, len("\ufeff#010:^A1\n\n#610:  икки сўз \n*****\n\n*****\n".encode()))


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "utf-8"])
def test_each_encoding_of_irbis_is_read(read: Reader, encoding: str) -> None:
    (only,) = read("#200: ^AПлач^Eповесть\r\n*****\r\n", encoding)
    assert only.marc.first("200", "E") == "повесть"
    assert only.warnings == ()


def test_damaged_lines_are_mended_or_joined_and_named(read: Reader) -> None:
    content = "stray\n#920: PAZK\n919: ^Auzb\n#200 ^AYoʻl^E\n# 10: ^A1\n#331: first line\nsecond line\n*****\n"
    (only,) = read(content)
    assert [(field.tag, values.text_of(field)) for field in only.marc.fields] == [
        ("920", "PAZK"),
        ("919", "^Auzb"),
        ("200", "^AYoʻl^E"),
        ("10", "^A1"),
        ("331", "first line second line"),
    ]
    assert [str(warning) for warning in only.warnings] == [
        "Line 1 is no field and was left out: stray",
        "Line 3 was mended: it should begin #919: ",
        "Line 4 was mended: it should begin #200: ",
        "Line 5 was mended: it should begin #10: ",
        "Line 7 is no field; it was joined to field 331 before it.",
    ]


def test_a_flood_of_damaged_lines_is_no_record(read: Reader) -> None:
    flood, last = read("#200: ^AA\n" + "x\n" * 100_000 + "*****\n#200: ^AB\n*****\n")
    assert str(flood.reason) == "More than 200 of its lines are damaged: it is hardly a record."
    assert last.marc.first("200", "A") == "B"


def test_a_number_that_is_no_tag_does_not_make_a_field(read: Reader) -> None:
    (only,) = read("#4294967296: x\n#4294967295: y\n*****\n")
    assert text.encode(only.marc) == "#4294967295: y\r\n*****\r\n"
    assert str(only.warnings[0]) == "Line 1 is no field and was left out: #4294967296: x"


def test_a_last_record_without_end_mark_is_read_with_a_warning(read: Reader) -> None:
    first, last = read("#200: ^AA\n*****\n#200: ^AB\n#210: ^D19")
    assert first.warnings == ()
    assert last.marc.first("210", "D") == "19"
    assert "end mark (*****) is missing" in str(last.warnings[0])


def test_a_record_that_is_none_does_not_cost_its_neighbours(read: Reader) -> None:
    first, bad, last = read("#200: ^AA\n*****\nnothing at all\n*****\n#200: ^AB\n*****\n")
    assert isinstance(bad, RejectedRecord)
    assert (bad.number, bad.offset, bad.raw) == (2, 16, b"nothing at all\n*****\n")
    assert "None of its lines is a field" in str(bad.reason)
    assert (first.number, last.number) == (1, 3)


def test_a_line_in_another_encoding_is_read_and_named(read: Reader) -> None:
    first, second = read(b"#200: ^A\xd2\xf3\xf2\n*****\n#200: ^A\x98\xff\n*****\n")
    assert first.marc.first("200", "A") == "Тут"
    assert "it was read as cp1251" in str(first.warnings[0])
    assert str(second.reason) == "Line 3 holds bytes that are no letters in utf-8."


def test_an_endless_record_is_rejected_in_bounded_memory(read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LONGEST_RECORD", 1000)
    lines = "#610: " + "у" * 20 + "\n"
    endless_line = "#331: " + "я" * 5000 + "\n*****\n"
    many_lines = lines * 100 + "*****\n"
    first, second, third = read(endless_line + many_lines + "#200: ^AB\n*****\n")
    assert str(first.reason).startswith("The record has 10013 bytes; more than 1000")
    assert str(second.reason).startswith(f"The record has {len(many_lines.encode())} bytes")
    assert second.offset == len(endless_line.encode())
    assert third.marc.first("200", "A") == "B"


def test_control_characters_are_left_out_and_named(read: Reader) -> None:
    (only,) = read("#200: ^AA\x07B\n*****\n")
    assert only.marc.first("200", "A") == "AB"
    assert str(only.warnings[0]) == "Field 200: control characters were left out."


def test_a_missing_file_is_told_in_plain_words(tmp_path: Path, source: Callable[..., Source]) -> None:
    with pytest.raises(UnreadableSource, match="No such file"):
        list(text.read(source(tmp_path / "gone.txt", Format.IRBIS_TEXT)))


def test_the_key_is_the_code_or_the_guid_or_the_content(record: Callable[..., MarcRecord]) -> None:
    assert text.record_key(record((1119, "guid"), (903, " 37/К88-602720 "))) == "37/К88-602720"
    assert text.record_key(record((903, " "), (2147483647, "long"), (1119, "guid"))) == "guid"
    assert text.record_key(record((2147483647, "long"))) == "long"
    by_content = text.record_key(record((200, "^AA")))
    assert by_content == text.record_key(record((200, "^AA")))
    assert by_content != text.record_key(record((200, "^AB")))


def test_a_repeated_key_is_numbered(read: Reader) -> None:
    found = read("#903: x\n*****\n" * 3)
    assert [item.key for item in found] == ["x", "x#2", "x#3"]


@pytest.mark.parametrize("value", ["a\nb", "a\rb"])
def test_a_line_break_has_no_place_in_the_text(record: Callable[..., MarcRecord], value: str) -> None:
    with pytest.raises(NotExpressible, match="Field 331"):
        text.encode(record((331, value)))


def test_a_tag_of_another_dialect_has_no_place_in_the_text() -> None:
    with pytest.raises(NotExpressible, match="Field 24X"):
        text.encode(MarcRecord(values.LEADER, (ControlField("24X", "a"),)))
