"""Files in ISO 2709 that are wrong in every place: no record costs another, and the counts agree."""

import io
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library.domain.errors import NotExpressible
from library.domain.marc import ControlField, DataField, Dialect, MarcRecord, Subfield
from library.marc import iso2709, reading
from library.marc.source import Format, ReadRecord, RejectedRecord, Source

Outcome = list[ReadRecord | RejectedRecord]
Read = Callable[..., Outcome]
LEADER = "00000nam a2200000   4500"


def titled(number: int, title: str = "Suv va yer") -> MarcRecord:
    field = DataField("245", "00", (Subfield("a", f"{title} {number}"),))
    return MarcRecord(
        LEADER, (ControlField("001", f"n{number}"), field, DataField("300", "  ", (Subfield("a", "9 b."),)))
    )


def good(number: int) -> bytes:
    return iso2709.encode(titled(number))


def shape(outcome: Outcome) -> str:
    return "".join("+" if isinstance(item, ReadRecord) else "-" for item in outcome)


NEVER_A_RECORD = {
    "too short": b"00005\x1d",
    "no marks at all": b"00500nam a2200049   4500 nothing that ends a field\x1d",
    "an empty directory": b"00026nam a2200025   4500\x1e\x1d",
    "a directory of letters": b"00060nam a2200037   4500no tag here!\x1e00\x1faText\x1e\x1d",
    "half an entry": b"00060nam a2200037   45002450009\x1e00\x1faText\x1e\x1d",
    "more fields than tags": b"00060nam a2200037   4500245000900000\x1e00\x1faText\x1e00\x1faMore\x1e\x1d",
    "more tags than fields": b"00060nam a2200049   4500245000900000300000900009\x1e00\x1faText\x1e\x1d",
}


@pytest.mark.parametrize("bad", NEVER_A_RECORD.values(), ids=NEVER_A_RECORD.keys())
def test_a_bad_record_between_good_ones_costs_only_itself(bad: bytes, read_bytes: Read):
    outcome = read_bytes(good(1) + bad + good(2) + bad + good(3))
    assert shape(outcome) == "+-+-+"
    rejected = outcome[1]
    assert isinstance(rejected, RejectedRecord)
    assert (rejected.number, rejected.offset, rejected.raw) == (2, len(good(1)), bad)
    assert str(rejected.reason)
    assert outcome[4].offset == len(good(1) + bad + good(2) + bad)


LYING_LENGTHS = {"zero": b"00000", "negative": b"-0100", "too long": b"99999", "letters": b"abcde", "one off": b"00097"}


@pytest.mark.parametrize("length", LYING_LENGTHS.values(), ids=LYING_LENGTHS.keys())
def test_a_wrong_length_in_the_leader_is_mended_and_said(length: bytes, read_bytes: Read):
    outcome = read_bytes(good(1) + length + good(2)[5:] + good(3))
    assert shape(outcome) == "+++"
    assert [len(item.warnings) for item in outcome if isinstance(item, ReadRecord)] == [0, 1, 0]
    assert isinstance(outcome[1], ReadRecord)
    assert outcome[1].marc == titled(2)


@pytest.mark.parametrize("base", [b"00000", b"99999", b"xxxxx", b"-0001"])
def test_a_wrong_base_address_does_not_matter(base: bytes, read_bytes: Read):
    data = good(2)
    (item,) = read_bytes(data[:12] + base + data[17:])
    assert isinstance(item, ReadRecord)
    assert item.marc == titled(2)


def test_a_directory_that_points_elsewhere_is_overruled_by_the_marks(read_bytes: Read):
    data = good(2)
    lying = data[:24] + b"001000300000" + b"245999900500" + data[48:]
    (item,) = read_bytes(lying)
    assert isinstance(item, ReadRecord)
    assert item.marc == titled(2)
    assert "directory is wrong" in str(item.warnings[0])


def test_a_directory_in_another_order_than_its_fields_is_followed(read_bytes: Read):
    data = good(2)
    entries = [data[24:36], data[36:48], data[48:60]]
    (item,) = read_bytes(data[:24] + entries[2] + entries[0] + entries[1] + data[60:])
    assert isinstance(item, ReadRecord)
    assert [field.tag for field in item.marc.fields] == ["300", "001", "245"]
    assert item.marc.first("245", "a") == "Suv va yer 2"
    assert item.warnings == ()


def test_line_ends_blanks_and_a_dos_end_between_records_are_passed_over(read_bytes: Read):
    outcome = read_bytes(b"\xef\xbb\xbf" + good(1) + b"\r\n" + good(2) + b" \x00\n" + good(3) + b"\r\n\x1a")
    assert shape(outcome) == "+++"
    assert outcome[1].offset == 3 + len(good(1)) + 2


def test_a_cut_off_last_record_is_rejected_with_its_bytes(read_bytes: Read):
    outcome = read_bytes(good(1) + good(2)[:-20])
    assert shape(outcome) == "+-"
    assert isinstance(outcome[1], RejectedRecord)
    assert outcome[1].raw == good(2)[:-20]
    assert "cut off" in str(outcome[1].reason)


def test_a_record_of_a_hundred_megabytes_is_passed_over_in_little_memory():
    class Endless(io.RawIOBase):
        """Two good records around 100 MB without an end mark, made as they are read."""

        def __init__(self) -> None:
            self.blocks = itertools.chain([good(1)], itertools.repeat(b"x" * (1 << 20), 100), [b"\x1d" + good(2)])

        def read(self, size: int = -1) -> bytes:  # noqa: ARG002  (as streams have it)
            return next(self.blocks, b"")

    chunks = list(iso2709.split(Endless()))  # type: ignore[arg-type]
    assert [chunk.size for chunk in chunks] == [len(good(1)), (100 << 20) + 1, len(good(2))]
    assert chunks[2].offset == len(good(1)) + (100 << 20) + 1
    assert max(len(chunk.raw) for chunk in chunks) == 100_000
    assert [iso2709.reason_to_reject(chunk) is None for chunk in chunks] == [True, False, True]
    assert "104857601" in str(iso2709.reason_to_reject(chunks[1]))


def test_a_record_across_two_blocks_is_whole():
    field = DataField("520", "  ", (Subfield("a", "z" * 9_000),))
    marc = MarcRecord(LEADER, (ControlField("001", "1"), *[field] * 10))
    data = iso2709.encode(marc)
    chunks = list(iso2709.split(io.BytesIO(data * 30)))
    assert [chunk.raw for chunk in chunks] == [data] * 30
    assert [chunk.offset for chunk in chunks] == [len(data) * place for place in range(30)]


def test_control_characters_are_left_out_and_the_field_is_named(read_bytes: Read):
    data = good(1).replace(b"va yer", b"v\x08 \x00er")
    (item,) = read_bytes(data.replace(b"nam a", b"n\x01m a"))
    assert isinstance(item, ReadRecord)
    assert item.marc.first("245", "a") == "Suv v er 1"
    assert item.marc.leader[5:8] == "n m"
    assert [str(warning) for warning in item.warnings] == [
        "Field 245: control characters were left out.",
        "The leader was not 24 letters, digits and blanks; blanks were put in their place.",
    ]


@pytest.mark.parametrize("bad", ["\x85", "\ufffe", "\uffff", "\x7f"])
def test_what_xml_can_not_hold_is_left_out(bad: str, read_bytes: Read):
    data = iso2709.encode(titled(1, f"Su{bad}v"))
    (item,) = read_bytes(data)
    assert isinstance(item, ReadRecord)
    assert item.marc.first("245", "a") == "Suv 1"
    assert len(item.warnings) == 1


@pytest.mark.parametrize("ending", [b"\x1d", b"\x1f\x1d", b"\x1fa\x1d", b"\xe2\x1d"], ids=repr)
@pytest.mark.parametrize("encoding", ["utf-8", "marc-8", "cp1251"])
def test_a_last_field_without_its_mark_leaves_no_mark_behind(ending: bytes, encoding: str, read_bytes: Read):
    data = good(1).replace(b"nam a", b"nam  ")[:-2] + ending
    for item in read_bytes(data, encoding=encoding, dialect=Dialect.MARC21):
        assert isinstance(item, RejectedRecord) or "\x1d" not in repr(item.marc)


def test_the_same_number_again_gets_a_number_of_its_own_and_none_a_digest(read_bytes: Read):
    nameless = iso2709.encode(MarcRecord(LEADER, (DataField("245", "00", (Subfield("a", "X"),)),)))
    first, again = (
        [
            item.key
            for item in read_bytes(good(1) + good(2) + good(1) + good(1) + nameless + nameless)
            if isinstance(item, ReadRecord)
        ]
        for _ in range(2)
    )
    assert first == again
    assert first[:4] == ["n1", "n2", "n1#2", "n1#3"]
    assert len(first[4]) == 64
    assert first[5] == first[4] + "#2"


def test_a_record_that_calls_itself_deleted_is_read_as_deleted(read_bytes: Read):
    outcome = read_bytes(good(1) + good(2).replace(b"nam a", b"dam a"))
    assert [item.deleted for item in outcome if isinstance(item, ReadRecord)] == [False, True]


def test_what_does_not_fit_is_refused_and_not_cut():
    def field(size: int) -> DataField:
        return DataField("520", "  ", (Subfield("a", "x" * size),))

    assert iso2709.encode(MarcRecord(LEADER, (field(9_994),)))
    with pytest.raises(NotExpressible, match="520"):
        iso2709.encode(MarcRecord(LEADER, (field(9_995),)))
    with pytest.raises(NotExpressible, match="99999"):
        iso2709.encode(MarcRecord(LEADER, (field(9_900),) * 11))
    with pytest.raises(NotExpressible, match="FMT"):
        iso2709.encode(MarcRecord(LEADER, (ControlField("FMT", "BK"),)))
    for tag in ("1119", "24", "ö12", "001"):
        with pytest.raises(NotExpressible):
            iso2709.encode(MarcRecord(LEADER, (DataField(tag, "  ", ()),)))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from(list(Dialect)), st.sampled_from(["utf-8", "marc-8", "cp1251"]))
def test_random_bytes_never_raise_and_the_counts_agree(tmp_path: Path, data: bytes, dialect: Dialect, encoding: str):
    path = tmp_path / "random.mrc"
    path.write_bytes(data + b"\x1e\x1d" + good(7))
    source = Source(path=path, name="random", format=Format.ISO2709, dialect=dialect, encoding=encoding)
    if dialect is Dialect.IRBIS and encoding == "marc-8":
        return  # such a source is refused
    outcome = list(reading.read(source))
    parts = [part.lstrip(b"\r\n \x00\x1a").removeprefix(b"\xef\xbb\xbf") for part in path.read_bytes().split(b"\x1d")]
    assert [item.number for item in outcome] == list(range(1, len(list(filter(None, parts))) + 1))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(0, 255), st.sampled_from(["set", "drop", "add"])), max_size=8
    )
)
def test_mutated_records_never_raise_and_good_ones_around_them_stay(
    read_bytes: Read, changes: list[tuple[int, int, str]]
):
    victim = bytearray(good(2)[:-1])
    for anywhere, byte, kind in changes:
        place = anywhere % len(victim)
        if byte == 0x1D:
            continue
        if kind == "set":
            victim[place] = byte
        elif kind == "drop" and len(victim) > 1:
            del victim[place]
        else:
            victim.insert(place, byte)
    outcome = read_bytes(good(1) * 3 + bytes(victim) + b"\x1d" + good(3))
    assert len(outcome) == 5
    assert isinstance(outcome[0], ReadRecord)
    assert outcome[0].marc == titled(1)
    assert isinstance(outcome[4], ReadRecord)
    assert outcome[4].marc == titled(3)
