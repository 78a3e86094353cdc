import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.errors import NotExpressible, UnreadableSource
from library.domain.marc import ControlField, DataField, MarcRecord, Subfield
from library.marc.irbis import database, values
from library.marc.irbis.database import StoredRecord
from library.marc.source import Format, ReadRecord, RejectedRecord, Source

Reader = Callable[[Path], list[Any]]

_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=20)
_FIELDS = st.lists(st.tuples(st.integers(0, 2**32 - 1), _TEXT), max_size=6)


def _marc(fields: list[tuple[int, str]]) -> MarcRecord:
    return MarcRecord(values.LEADER, tuple(values.field(tag, text) for tag, text in fields))


_MARC = _FIELDS.map(_marc)
_HISTORIES = st.lists(
    st.tuples(st.integers(1, 4), _MARC, st.booleans(), st.lists(_MARC, max_size=3).map(tuple)), max_size=5
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("base")


@pytest.fixture
def base(tmp_path: Path, record: Callable[..., MarcRecord]) -> Path:
    """Three records: a plain one, one with two earlier versions, one logically deleted."""
    path = tmp_path / "ibis.mst"
    earlier = (record((200, "^AИл")), record((200, "^AИлк")))
    database.write(
        path,
        [
            StoredRecord(mfn=1, marc=record((920, "PAZK"), (200, "^AToʻy^eqissa"))),
            StoredRecord(mfn=2, marc=record((200, "^AИлк бор"), (1119, "guid")), earlier=earlier),
            StoredRecord(mfn=3, marc=record((200, "^AЭски")), deleted=True),
        ],
    )
    return path


@pytest.fixture
def read(source: Callable[..., Source]) -> Reader:
    return lambda path: list(database.read(source(path, Format.IRBIS64)))


def _patch(path: Path, offset: int, numbers: bytes) -> None:
    raw = bytearray(path.read_bytes())
    raw[offset : offset + len(numbers)] = numbers
    path.write_bytes(raw)


def _place(base: Path, mfn: int) -> int:
    return int(struct.unpack_from(">I", base.with_suffix(".xrf").read_bytes(), (mfn - 1) * 12)[0])


def _verdict(path: Path) -> str:
    """The kind of a base, or why it is none; any other exception than `UnreadableSource` fails the test."""
    try:
        return database.inspect(path).value
    except UnreadableSource as error:
        return str(error)


@settings(max_examples=60, deadline=None)
@given(histories=_HISTORIES)
def test_what_is_written_is_read_again(folder: Path, source: Callable[..., Source], histories: list[Any]) -> None:
    path = folder / "random.mst"
    stored = []
    mfn = 0
    for step, marc, deleted, earlier in histories:
        mfn += step
        stored.append(StoredRecord(mfn=mfn, marc=marc, deleted=deleted, earlier=earlier))
    database.write(path, stored)
    assert database.inspect(path) is Format.IRBIS64
    found = list(database.read(source(path, Format.IRBIS64)))
    assert not any(isinstance(item, RejectedRecord) or item.warnings for item in found)
    assert [
        StoredRecord(mfn=item.number, marc=item.marc, deleted=item.deleted, earlier=item.earlier)
        for item in found
        if isinstance(item, ReadRecord)
    ] == stored
    assert [item.key for item in found if isinstance(item, ReadRecord)] == [str(item.mfn) for item in stored]


@settings(max_examples=150, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8), data=st.data())
def test_a_spoilt_base_ends_in_an_answer(
    folder: Path, source: Callable[..., Source], changes: list[tuple[int, int]], data: st.DataObject
) -> None:
    path = folder / "spoilt.mst"
    marc = _marc([(200, "^AЧўл"), (910, "^A0^B1"), (610, "сув")])
    database.write(path, [StoredRecord(mfn=mfn, marc=marc, earlier=(marc, marc)) for mfn in range(1, 6)])
    for file in (path, path.with_suffix(".xrf")):
        raw = bytearray(file.read_bytes())
        for place, byte in changes:
            raw[place % len(raw)] = byte
        file.write_bytes(raw[: data.draw(st.integers(len(raw) - 40, len(raw)))])
    for kind in (Format.IRBIS64, Format.IRBIS32):
        for item in database.read(source(path, kind, "cp1251" if kind is Format.IRBIS32 else "utf-8")):
            assert str(item.reason) if isinstance(item, RejectedRecord) else item.marc.leader == values.LEADER
    assert _verdict(path)


@settings(max_examples=100, deadline=None)
@given(mst=st.binary(max_size=300), xrf=st.binary(max_size=1100))
def test_bytes_that_are_no_base_are_told_so_or_read_without_harm(
    folder: Path, source: Callable[..., Source], mst: bytes, xrf: bytes
) -> None:
    path = folder / "noise.mst"
    path.write_bytes(mst)
    path.with_suffix(".xrf").write_bytes(xrf)
    for kind in (Format.IRBIS64, Format.IRBIS32):
        assert all(isinstance(item, ReadRecord | RejectedRecord) for item in database.read(source(path, kind)))
    assert _verdict(path)


def test_versions_and_deletions_are_told(base: Path, read: Reader) -> None:
    first, second, third = read(base)
    assert (first.offset, first.deleted, first.earlier) == (36, False, ())
    assert [marc.first("200", "A") for marc in second.earlier] == ["Ил", "Илк"]
    assert second.marc.first("200", "A") == "Илк бор"
    assert third.deleted
    assert third.marc.first("200", "A") == "Эски"


def test_the_bytes_are_those_of_irbis(base: Path) -> None:
    raw = base.read_bytes()
    control = struct.unpack(">9I", raw[:36])
    assert control == (0, 4, len(raw), 0, 0, 0, 0, 0, 0)
    mfn, length, low, high, text_at, fields, version, status = struct.unpack_from(">8I", raw, 36)
    assert (mfn, low, high, text_at, fields, version, status) == (1, 0, 0, 32 + 2 * 12, 2, 1, 32)
    assert struct.unpack_from(">3I", raw, 36 + 32) == (920, 0, 4)
    assert raw[36 + text_at : 36 + length] == "PAZK^AToʻy^eqissa".encode()
    middle = struct.unpack_from(">8I", raw, 36 + length + 46 + 4)
    assert middle[0] == 2
    newest = struct.unpack_from(">8I", raw, _place(base, 2))
    assert (newest[6], newest[7]) == (3, 32)
    previous = struct.unpack_from(">8I", raw, newest[2])
    assert (previous[0], previous[6], previous[7]) == (2, 2, 8)
    assert struct.unpack(">IIi", base.with_suffix(".xrf").read_bytes()[24:])[2] == 1
    assert struct.unpack_from(">8I", raw, _place(base, 3))[7] == 33


def test_fields_are_found_by_their_own_positions(base: Path, read: Reader) -> None:
    raw = base.read_bytes()
    directory = raw[36 + 32 : 36 + 56]
    _patch(base, 36 + 32, directory[12:] + directory[:12])
    assert [field.tag for field in read(base)[0].marc.fields] == ["200", "920"]
    assert read(base)[0].marc.first("200", "A") == "Toʻy"


def test_space_reserved_at_the_end_of_both_files_is_no_record(base: Path, read: Reader) -> None:
    for path, block in ((base, 1_048_576), (base.with_suffix(".xrf"), 32_768)):
        path.write_bytes(path.read_bytes().ljust(block, b"\0"))
    assert database.inspect(base) is Format.IRBIS64
    assert [item.number for item in read(base)] == [1, 2, 3]


def test_physically_deleted_and_absent_records_are_none(base: Path, read: Reader) -> None:
    _patch(base.with_suffix(".xrf"), 8, struct.pack(">i", 2))
    _patch(base.with_suffix(".xrf"), 20, struct.pack(">i", 4))
    _patch(base, _place(base, 3) + 28, struct.pack(">I", 34))
    assert read(base) == []


def test_a_record_that_was_being_edited_is_read_with_a_warning(base: Path, read: Reader) -> None:
    _patch(base, 36 + 28, struct.pack(">I", 32 | 64))
    assert "somebody was editing it" in str(read(base)[0].warnings[0])


@pytest.mark.parametrize(
    ("at", "number", "reason"),
    [
        (0, 7, "stands the record 7"),
        (4, 10**9, "too many"),
        (4, 5000, "beyond the end of the base"),
        (4, 40, "contradict one another"),
        (16, 20, "contradict one another"),
        (20, 2**31, "contradict one another"),
        (32 + 4, 90, "Field 920 reaches beyond"),
        (32 + 12 + 8, 22, "Field 200 reaches beyond"),
    ],
)
def test_a_number_that_cannot_be_right_costs_one_record(
    base: Path, read: Reader, at: int, number: int, reason: str
) -> None:
    _patch(base, 36 + at, struct.pack(">I", number))
    rejected, *others = read(base)
    assert isinstance(rejected, RejectedRecord)
    assert (rejected.number, rejected.offset) == (1, 36)
    assert reason in str(rejected.reason)
    assert "Toʻy".encode() in rejected.raw or number == 40
    assert [item.number for item in others] == [2, 3]


def test_a_slot_that_leads_out_of_the_base_costs_one_record(base: Path, read: Reader) -> None:
    _patch(base.with_suffix(".xrf"), 0, struct.pack(">II", 5, 9))
    rejected, *others = read(base)
    assert str(rejected.reason) == f"Its place, byte {9 << 32 | 5}, lies outside the base."
    assert rejected.raw == b""
    assert len(others) == 2


def test_a_chain_of_versions_that_runs_in_a_circle_ends(base: Path, read: Reader) -> None:
    oldest = base.read_bytes().index("Ил".encode()) - len("^A") - 44
    _patch(base, oldest + 8, struct.pack(">I", _place(base, 2)))
    second = read(base)[1]
    assert len(second.earlier) == 2
    assert str(second.warnings[0]) == "The chain of earlier versions runs in a circle."


def test_a_broken_earlier_version_does_not_cost_the_record(base: Path, read: Reader) -> None:
    _patch(base, _place(base, 2) + 8, struct.pack(">I", 36))
    second = read(base)[1]
    assert second.marc.first("200", "A") == "Илк бор"
    assert second.earlier == ()
    assert "An earlier version can't be read: At byte 36 stands the record 1." in str(second.warnings[0])


def test_only_so_many_versions_are_kept(tmp_path: Path, read: Reader, record: Callable[..., MarcRecord]) -> None:
    versions = tuple(record((200, f"^A{number}")) for number in range(1003))
    path = tmp_path / "long.mst"
    database.write(path, [StoredRecord(mfn=1, marc=versions[-1], earlier=versions[:-1])])
    (only,) = read(path)
    assert only.earlier == versions[2:-1]
    assert str(only.warnings[0]) == "Only the last 1000 earlier versions were read."


def test_a_field_in_cp1251_is_read_and_named(base: Path, read: Reader) -> None:
    raw = base.read_bytes()
    wrong = "Эски".encode("cp1251") * 2
    base.write_bytes(raw.replace("Эски".encode(), wrong))
    third = read(base)[2]
    assert third.marc.first("200", "A") == "ЭскиЭски"
    assert "it was read as cp1251" in str(third.warnings[0])


def test_letters_that_are_none_cost_one_record(base: Path, read: Reader) -> None:
    base.write_bytes(base.read_bytes().replace("Эски".encode(), b"\x98\xff" * 4))
    third = read(base)[2]
    assert isinstance(third, RejectedRecord)
    assert "Field 200 holds bytes that are no letters in utf-8" in str(third.reason)


def test_a_base_without_cross_reference_says_what_to_copy(base: Path) -> None:
    base.with_suffix(".xrf").unlink()
    with pytest.raises(UnreadableSource, match=r"a file ibis\.xrf must lie beside it"):
        database.inspect(base)


def test_the_cross_reference_is_found_in_any_case(base: Path, read: Reader) -> None:
    base.with_suffix(".xrf").rename(base.with_name("IBIS.Xrf"))
    assert database.inspect(base) is Format.IRBIS64
    assert len(read(base)) == 3


def test_a_base_in_capitals_is_written_in_capitals(tmp_path: Path) -> None:
    database.write(tmp_path / "IBIS.MST", [])
    assert {path.name for path in tmp_path.iterdir()} == {"IBIS.MST", "IBIS.XRF"}
    assert database.inspect(tmp_path / "IBIS.MST") is Format.IRBIS64


def test_a_locked_base_says_the_remedy(base: Path) -> None:
    _patch(base, 32, b"\x01\0\0\0")
    with pytest.raises(UnreadableSource, match="unlock the base in the IRBIS administrator's program"):
        database.inspect(base)


@pytest.mark.parametrize("suffix", [".mst", ".xrf"])
def test_a_base_that_was_cut_off_is_refused(base: Path, suffix: str) -> None:
    path = base.with_suffix(suffix)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(UnreadableSource, match="is cut off"):
        database.inspect(base)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7" + b" " * 100, b"\0" * 100])
def test_other_files_named_like_a_base_are_refused(base: Path, content: bytes) -> None:
    base.write_bytes(content)
    with pytest.raises(UnreadableSource, match="is no IRBIS base"):
        database.inspect(base)


def test_a_missing_base_is_told_in_plain_words(tmp_path: Path, source: Callable[..., Source]) -> None:
    (tmp_path / "gone.xrf").write_bytes(b"")
    with pytest.raises(UnreadableSource, match="No such file"):
        database.inspect(tmp_path / "gone.mst")
    with pytest.raises(UnreadableSource, match="No such file"):
        list(database.read(source(tmp_path / "gone.mst", Format.IRBIS64)))


def test_records_must_come_by_rising_mfn(tmp_path: Path, record: Callable[..., MarcRecord]) -> None:
    again = StoredRecord(mfn=2, marc=record((200, "^AA")))
    with pytest.raises(ValueError, match="MFN 2 comes after MFN 2"):
        database.write(tmp_path / "x.mst", [again, again])


def test_a_record_of_another_dialect_has_no_place_in_a_base(tmp_path: Path) -> None:
    marc = MarcRecord(values.LEADER, (DataField("24X", "  ", (Subfield("a", "A"),)),))
    with pytest.raises(NotExpressible, match="Field 24X"):
        database.write(tmp_path / "x.mst", [StoredRecord(mfn=1, marc=marc)])
    database.write(tmp_path / "y.mst", [StoredRecord(mfn=1, marc=MarcRecord("", (ControlField("001", "7"),)))])


def _irbis32(path: Path) -> Path:
    """Two records on blocks of 512 bytes, the second deleted and with a negative length."""
    blocks = bytearray(1024)
    struct.pack_into("<iiihh", blocks, 0, 0, 3, 2, 200, 0)
    for start, mfn, sign, text in ((64, 1, 1, "^AНур"), (512 + 100, 2, -1, "^AКүз".replace("ү", "у"))):
        raw = text.encode("cp1251")
        struct.pack_into("<ihihhhh", blocks, start, mfn, sign * (24 + len(raw)), 0, 0, 24, 1, int(sign < 0))
        struct.pack_into("<3H", blocks, start + 18, 200, 0, len(raw))
        blocks[start + 24 : start + 24 + len(raw)] = raw
    path.write_bytes(blocks)
    pointers = [1 << 11 | 64, -(2 << 11 | 0x400 | 100)] + [0] * 125
    path.with_suffix(".xrf").write_bytes(struct.pack("<128i", -1, *pointers))
    return path


def test_an_older_base_is_known_and_read(tmp_path: Path, source: Callable[..., Source]) -> None:
    path = _irbis32(tmp_path / "old.mst")
    assert database.inspect(path) is Format.IRBIS32
    first, second = database.read(source(path, Format.IRBIS32, "cp1251"))
    assert isinstance(first, ReadRecord)
    assert isinstance(second, ReadRecord)
    assert (first.number, first.offset, first.marc.first("200", "A"), first.deleted) == (1, 64, "Нур", False)
    assert (second.number, second.offset, second.marc.first("200", "A"), second.deleted) == (2, 612, "Куз", True)


def test_an_older_base_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = _irbis32(tmp_path / "old.mst")
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(UnreadableSource, match="is cut off"):
        database.inspect(path)
