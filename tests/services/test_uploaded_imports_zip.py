"""Archives: a base in a ZIP comes in; bombs, lies, links and names that lead elsewhere do not, and leave nothing."""

from __future__ import annotations

import io
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.domain.errors import UnreadableSource
from library.domain.uploaded_import import Reading
from library.marc import iso2709
from library.marc.irbis import database as base
from library.marc.irbis.database import StoredRecord
from library.services import uploaded_imports_zip as zip_archives
from library.services.uploaded_imports_intake import Intake, SentFile
from tests.builders import a_marc21_record, an_irbis_record

LIMIT = 30 << 20
RECORDS = iso2709.encode(a_marc21_record())


def _zip(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in members:
            archive.writestr(name, body)
    return out.getvalue()


def _unpacked(tmp_path: Path, body: bytes) -> dict[str, bytes]:
    archive, directory = tmp_path / "a.zip", tmp_path / "out"
    archive.write_bytes(body)
    directory.mkdir(exist_ok=True)
    for _ in zip_archives.unpack(archive, zip_archives.look(archive, LIMIT), directory):
        pass
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def _base(directory: Path) -> tuple[bytes, bytes]:
    mst = directory / "ibis.mst"
    base.write(mst, [StoredRecord(mfn=mfn, marc=an_irbis_record(f"c{mfn}")) for mfn in (1, 2)])
    return mst.read_bytes(), mst.with_suffix(".xrf").read_bytes()


def test_a_base_is_found_among_its_other_files(tmp_path: Path) -> None:
    mst, xrf = _base(tmp_path)
    body = _zip(("IBIS/", b""), ("IBIS/ibis.ifp", b"x"), ("IBIS/Ibis.MST", mst), ("IBIS/IBIS.xrf", xrf), ("a.par", b""))
    assert _unpacked(tmp_path, body) == {"base.mst": mst, "base.xrf": xrf}
    received = Intake(tmp_path / "imports", 1).receive(
        [SentFile(name="arxiv.zip", stream=io.BytesIO(body))], Reading(source_name="")
    )
    assert received.reading.source_name == "IBIS"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_one_file_of_records_is_found(tmp_path: Path, method: int) -> None:
    body = _zip(("kitoblar.mrc", RECORDS), ("readme.md", b"x"), method=method)
    assert _unpacked(tmp_path, body) == {"records.dat": RECORDS}


def _with_flag(body: bytes, flag: int) -> bytes:
    central = body.index(b"PK\x01\x02")
    return body[:6] + struct.pack("<H", flag) + body[8 : central + 8] + struct.pack("<H", flag) + body[central + 10 :]


def _with_method(body: bytes, method: int) -> bytes:
    central = body.index(b"PK\x01\x02")
    code = struct.pack("<H", method)
    return body[:8] + code + body[10 : central + 10] + code + body[central + 12 :]


def _claiming(body: bytes, size: int) -> bytes:
    """The archive with another size of its member when unpacked."""
    central = body.index(b"PK\x01\x02")
    return (
        body[:22] + struct.pack("<I", size) + body[26 : central + 24] + struct.pack("<I", size) + body[central + 28 :]
    )


def _overlapping() -> bytes:
    """Two members of the central directory that share one place in the file, as in a bomb without recursion."""
    data = zlib.compress(RECORDS)[2:-4]
    crc, name = zlib.crc32(RECORDS), b"a.mrc"
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(data), len(RECORDS), 5, 0) + name + data
    entries = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(data), len(RECORDS), 5, 0, 0, 0, 0, 0, 0)
        + member
        for member in (b"a.mrc", b"b.par")
    )
    return local + entries + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, len(entries), len(local), 0)


def _special(mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("a.mrc")
    info.external_attr = mode << 16
    return info


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing in it": _zip,
    "only a signature": lambda: b"PK\x03\x04" + bytes(100),
    "cut off": lambda: _zip(("a.mrc", RECORDS))[:-30],
    "too many members": lambda: _zip(*((f"{number}.par", b"") for number in range(5001)), ("a.mrc", RECORDS)),
    "names alike": lambda: _zip(("a.mrc", RECORDS), ("A.MRC", RECORDS)),
    "climbing out": lambda: _zip(("../a.mrc", RECORDS)),
    "climbing out inside": lambda: _zip(("x/../../a.mrc", RECORDS)),
    "absolute": lambda: _zip(("/etc/cron.d/a.mrc", RECORDS)),
    "a drive": lambda: _zip(("C:a.mrc", RECORDS)),
    "backslashes": lambda: _zip(("..\\a.mrc", RECORDS)),
    "control characters": lambda: _zip(("a\n.mrc", RECORDS)),
    "text that runs backwards": lambda: _zip(("a\u202ecrm.mrc", RECORDS)),
    "encrypted": lambda: _with_flag(_zip(("a.mrc", RECORDS)), 1),
    "strongly encrypted": lambda: _with_flag(_zip(("a.mrc", RECORDS)), 0x40),
    "LZMA": lambda: _zip(("a.mrc", RECORDS), method=zipfile.ZIP_LZMA),
    "an unknown method": lambda: _with_method(_zip(("a.mrc", RECORDS)), 99),
    "a link": lambda: _zip((_special(stat.S_IFLNK | 0o777), b"/etc/passwd")),
    "a device": lambda: _zip((_special(stat.S_IFCHR | 0o666), b"")),
    "overlapping": _overlapping,
    "something before it": lambda: b"PK\x03\x04" + _zip(("a.mrc", RECORDS)),
    "a bomb": lambda: _zip(("a.mrc", bytes(28 << 20))),
    "too large": lambda: _claiming(_zip(("a.mrc", RECORDS)), 31 << 20),
    "more than it says": lambda: _claiming(_zip(("a.mrc", RECORDS * 50)), 10),
    "less than it says": lambda: _claiming(_zip(("a.mrc", RECORDS)), len(RECORDS) + 9),
    "a wrong checksum": lambda: _zip(("a.mrc", RECORDS), method=zipfile.ZIP_STORED).replace(b"Toshkent", b"Tashkent"),
    "no records": lambda: _zip(("a.doc", b"x")),
    "two files of records": lambda: _zip(("a.mrc", RECORDS), ("b.mrc", RECORDS)),
    "two bases": lambda: _zip(("a.mst", b""), ("a.xrf", b""), ("b.mst", b""), ("b.xrf", b"")),
    "half a base": lambda: _zip(("a/ibis.mst", b"x"), ("b/ibis.xrf", b"x")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_honest_archive_is_refused_at_once(tmp_path: Path, name: str) -> None:
    body = HOSTILE[name]()
    start = time.monotonic()
    with pytest.raises(UnreadableSource):
        _unpacked(tmp_path, body)
    assert time.monotonic() - start < 10
    assert {path.name for path in tmp_path.rglob("*")} <= {"a.zip", "out", "records.dat"}
    assert sum(path.stat().st_size for path in (tmp_path / "out").iterdir()) <= len(RECORDS) * 50


@pytest.mark.parametrize("name", [name for name in HOSTILE if "says" not in name and "checksum" not in name])
def test_an_archive_of_a_wrong_structure_is_not_even_kept(tmp_path: Path, name: str) -> None:
    intake = Intake(tmp_path / "imports", 3)
    with pytest.raises(UnreadableSource):
        intake.receive([SentFile(name="a.zip", stream=io.BytesIO(HOSTILE[name]()))], Reading(source_name=""))
    assert list((tmp_path / "imports").iterdir()) == []


@settings(max_examples=120, deadline=None)
@given(where=st.integers(0, 2000), junk=st.binary(min_size=1, max_size=8))
def test_no_damage_raises_anything_else(tmp_path_factory: pytest.TempPathFactory, where: int, junk: bytes) -> None:
    body = bytearray(_zip(("a.mrc", RECORDS), ("b.par", b"x")))
    body[where % len(body) : where % len(body) + len(junk)] = junk
    try:
        _unpacked(tmp_path_factory.mktemp("damaged"), bytes(body))
    except UnreadableSource:
        return
