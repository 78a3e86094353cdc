"""What a librarian may point at: files, directories, bases, and things that are none of these."""

import shutil
from pathlib import Path

import pytest

from library.domain.errors import UnreadableSource
from library.domain.marc import ControlField, DataField, Dialect, MarcRecord, Subfield
from library.marc import iso2709, reading
from library.marc.irbis import database, values
from library.marc.reading import Unreadable
from library.marc.source import Format, ReadRecord, Source

DATA = Path(__file__).parents[1] / "data" / "marc"
RECORD = MarcRecord(
    "00000nam a2200000   4500", (ControlField("001", "1"), DataField("245", "00", (Subfield("a", "Suv"),)))
)


def write_base(directory: Path, name: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    mst = directory / f"{name}.mst"
    record = MarcRecord(values.LEADER, (values.field(200, "^ASuv"),))
    database.write(mst, [database.StoredRecord(mfn=1, marc=record)])
    return mst


def write_file(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(iso2709.encode(RECORD))
    return path


def names(found: list[Source | Unreadable]) -> list[str]:
    return [item.name if isinstance(item, Source) else f"! {item.path.name}" for item in found]


def test_a_directory_gives_its_sources_in_order_and_passes_over_the_rest(tmp_path: Path):
    write_file(tmp_path / "b.MRC")
    write_file(tmp_path / "a" / "z.iso")
    write_base(tmp_path / "base", "Ibis")
    (tmp_path / "read.me").write_text("not a source")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7")
    found = list(reading.find_sources([tmp_path]))
    assert names(found) == ["a/z", "b", "IBIS"]
    assert [item.format for item in found if isinstance(item, Source)] == [
        Format.ISO2709,
        Format.ISO2709,
        Format.IRBIS64,
    ]


def test_a_named_file_is_tried_whatever_its_ending(tmp_path: Path):
    path = write_file(tmp_path / "export.2024")
    (source,) = reading.find_sources([path])
    assert isinstance(source, Source)
    assert (source.name, source.dialect, source.encoding) == ("export", Dialect.MARC21, "utf-8")


def test_a_base_named_by_both_its_files_is_read_once(tmp_path: Path):
    mst = write_base(tmp_path, "ibis")
    found = list(reading.find_sources([mst, mst.with_suffix(".xrf"), tmp_path]))
    assert names(found) == ["IBIS"]


def test_the_second_base_of_a_name_waits_for_another_name(tmp_path: Path):
    one, two = write_base(tmp_path / "one", "IBIS"), write_base(tmp_path / "two", "ibis")
    found = list(reading.find_sources([one, two]))
    assert names(found) == ["IBIS", "! ibis.mst"]
    assert isinstance(found[1], Unreadable)
    assert "--source" in str(found[1].reason)
    assert names(list(reading.find_sources([two], name="IBIS-2"))) == ["IBIS-2"]


def test_files_of_one_name_from_two_directories_are_not_mixed(tmp_path: Path):
    found = list(reading.find_sources([write_file(tmp_path / "a" / "x.mrc"), write_file(tmp_path / "b" / "x.mrc")]))
    assert names(found) == ["x", "! x.mrc"]
    assert names(list(reading.find_sources([tmp_path]))) == ["a/x", "b/x"]


def test_a_cross_reference_without_its_base_is_missed_in_a_directory_too(tmp_path: Path):
    (tmp_path / "ibis.xrf").write_bytes(bytes(12))
    write_file(tmp_path / "x.mrc")
    found = list(reading.find_sources([tmp_path]))
    assert names(found) == ["! ibis.xrf", "x"]
    assert isinstance(found[0], Unreadable)
    assert "ibis.mst" in str(found[0].reason)


def test_an_empty_directory_is_said(tmp_path: Path):
    (item,) = reading.find_sources([tmp_path])
    assert isinstance(item, Unreadable)
    assert "no file" in str(item.reason)


NO_SOURCES = {
    "empty.mrc": (b"", "empty"),
    "book.mrc": (b"%PDF-1.7 \x1e", "a PDF document"),
    "page.mrc": (b"\n <!-- x --><HTML><body>", r"HTML"),
    "packed.mrc": (b"\x1f\x8b\x08", "gzip"),
    "sheet.mrc": (b"PK\x03\x04 ", "office document"),
    "setup.mrc": (b"MZ\x90", "a Windows program"),
    "notes.txt": (b"Dear colleague, the base is attached.", "no kind that can be imported"),
    "blank.mrc": (b"\r\n  \x1a", "no kind that can be imported"),
}


@pytest.mark.parametrize("name", NO_SOURCES)
def test_what_is_no_source_is_told_by_its_kind(name: str, tmp_path: Path):
    content, words = NO_SOURCES[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableSource, match=words) as caught:
        reading.inspect(tmp_path / name)
    assert name in str(caught.value)
    (item,) = reading.find_sources([tmp_path / name])
    assert item == Unreadable(path=tmp_path / name, reason=caught.value.message)


def test_a_missing_path_and_a_directory_are_said(tmp_path: Path):
    with pytest.raises(UnreadableSource, match="can't be read: No such file"):
        reading.inspect(tmp_path / "none.mrc")
    with pytest.raises(UnreadableSource, match="is a directory"):
        reading.inspect(tmp_path)
    (item,) = reading.find_sources([tmp_path / "nowhere"])
    assert isinstance(item, Unreadable)


def test_a_base_without_its_cross_reference_is_said(tmp_path: Path):
    mst = write_base(tmp_path, "ibis")
    mst.with_suffix(".xrf").unlink()
    with pytest.raises(UnreadableSource, match=r"ibis\.xrf"):
        reading.inspect(mst)


@pytest.mark.parametrize("encoding", ["klingon", "hex", "utf-16", "utf-7", "undefined"])
def test_an_encoding_that_can_not_be_is_refused(encoding: str, tmp_path: Path):
    with pytest.raises(UnreadableSource, match=encoding):
        reading.inspect(write_file(tmp_path / "x.mrc"), encoding=encoding)


def test_marc8_is_refused_for_irbis(tmp_path: Path):
    (tmp_path / "x.txt").write_text("#920: PAZK\n*****\n")
    with pytest.raises(UnreadableSource, match="MARC-8"):
        reading.inspect(tmp_path / "x.txt", encoding="marc-8")


def test_what_is_forced_wins(tmp_path: Path):
    source = reading.inspect(write_file(tmp_path / "x.mrc"), dialect=Dialect.UNIMARC, encoding="cp866", name="N")
    assert (source.dialect, source.encoding, source.name) == (Dialect.UNIMARC, "cp866", "N")


@pytest.mark.parametrize("place", ["iso2709/textbook_koha.mrc", "marcxml/prefixed_collection.xml"])
def test_a_second_reading_gives_the_same_keys_and_records(place: str, tmp_path: Path):
    path = Path(shutil.copy(DATA / place, tmp_path))
    first, second = (list(reading.read(reading.inspect(path))) for _ in range(2))
    assert first == second
    assert all(isinstance(item, ReadRecord) for item in first)


DIALECTS = {
    Dialect.MARC21: ["245", "700", "200"],
    Dialect.UNIMARC: ["200", "700", "801"],
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_tags_tell_the_dialect(dialect: Dialect, tmp_path: Path):
    found = tuple(DataField(tag, "  ", (Subfield("a", "x"),)) for tag in DIALECTS[dialect])
    marc = MarcRecord("00000nam  2200000   45  ", found)
    path = tmp_path / "x.mrc"
    path.write_bytes(iso2709.encode(marc) * 3)
    assert reading.inspect(path).dialect is (Dialect.UNIMARC if dialect is Dialect.UNIMARC else Dialect.MARC21)


def test_fields_without_subfields_tell_irbis(tmp_path: Path):
    from library.marc.irbis import iso

    marc = MarcRecord(values.LEADER, (values.field(920, "PAZK"), values.field(101, "uzb"), values.field(200, "^ASuv")))
    path = tmp_path / "x.iso"
    path.write_bytes(iso.encode(marc) * 2)
    source = reading.inspect(path)
    assert source.dialect is Dialect.IRBIS
    assert [item.marc for item in reading.read(source) if isinstance(item, ReadRecord)] == [marc, marc]


def test_a_file_that_goes_away_while_it_is_read_is_said(tmp_path: Path):
    path = write_file(tmp_path / "x.mrc")
    source = reading.inspect(path)
    path.unlink()
    with pytest.raises(UnreadableSource, match="No such file"):
        list(reading.read(source))
