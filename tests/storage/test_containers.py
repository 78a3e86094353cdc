import io
import stat
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.containers import Limits, examine
from storage.model import Objection
from tests.storage import specimens

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
SMALL = Limits(members=20, member=1 << 20, total=3 << 20, ratio=200, ratio_from=1 << 10)


def code_of(data, limits=SMALL):
    with pytest.raises(Objection) as caught:
        examine(io.BytesIO(data), limits)
    return caught.value.reason.code.removeprefix("container-")


def archive(*members, comment=b""):
    """Members given as (ZipInfo or name, data), as they come."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.comment = comment
        for name, data in members:
            made.writestr(name, data)
    return file.getvalue()


def patched(data, mark, offset, value):
    """The archive with bytes put into its first record of this mark."""
    place = data.index(mark) + offset
    return data[:place] + value + data[place + len(value) :]


def packed(name, data, *, size=None, crc=None, body=None, flags=0, method=8):
    """A one-member archive whose records say what they are told to."""
    raw = name.encode()
    if body is None:
        packing = zlib.compressobj(9, zlib.DEFLATED, -15)
        body = packing.compress(data) + packing.flush()
    facts = (
        flags,
        method,
        0,
        0,
        zlib.crc32(data) if crc is None else crc,
        len(body),
        len(data) if size is None else size,
    )
    local = struct.pack("<4s5H3L2H", LOCAL, 20, *facts, len(raw), 0) + raw + body
    central = struct.pack("<4s6H3L5H2L", CENTRAL, 20, 20, *facts, len(raw), 0, 0, 0, 0, 0, 0) + raw
    return local + central + struct.pack("<4s4H2LH", END, 0, 0, 1, 1, len(central), len(local), 0)


def test_a_sound_archive_gives_its_parts():
    container = examine(io.BytesIO(archive(("b/", b""), ("b/a.txt", b"words"), ("empty", b""))), SMALL)
    assert container.members == {"b/a.txt": 5, "empty": 0}
    assert container.read("b/a.txt") == b"words"


def test_an_archive_written_as_a_stream_is_sound():
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a", b"words" * 99)
        made.writestr("b", b"more words")
    assert set(examine(io.BytesIO(pipe.data), SMALL).members) == {"a", "b"}


def test_a_comment_at_the_end_is_no_harm():
    assert examine(io.BytesIO(archive(("a", b"a"), comment=b"made by hand")), SMALL).members


def test_a_page_packed_well_is_no_bomb():
    assert examine(io.BytesIO(archive(("a.xml", b"<row><cell>1</cell></row>" * 2000))), Limits()).members


@pytest.mark.parametrize("cut", [0, 3, 10, 21, 22, 60])
def test_a_file_that_is_cut_off_is_refused(cut):
    assert code_of(archive(("a", b"words"))[:cut]) in {"damaged", "trailing"}


@pytest.mark.parametrize(
    "name",
    ["../a", "a/../../b", "/etc/passwd", "..", "a\\b", "..\\a", "C:/a", "c:a", "a\nb", "a\x7fb", "\\\\host\\share"],
)
def test_names_that_leave_their_place_are_refused(name):
    assert code_of(archive((name, b"a"))) == "path"


def test_a_name_with_a_zero_in_it_is_refused():
    data = archive(("aXb", b"a")).replace(b"aXb", b"a\0b")
    assert code_of(data) == "path"


@pytest.mark.parametrize("names", [("a.txt", "A.TXT"), ("é", "e\u0301"), ("straße", "STRASSE"), ("a", "a/")])
def test_two_parts_of_one_name_are_refused(names):
    assert code_of(archive(*((name, b"") for name in names))) == "twice"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_very_same_name_twice_is_refused():
    assert code_of(archive(("a", b"1"), ("a", b"2"))) == "twice"


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_methods_the_scanner_may_not_know_are_refused(method):
    assert code_of(specimens.zipped({"a": b"words"}, method=method)) == "method"


@pytest.mark.parametrize("method", [1, 6, 9, 12, 93, 99])
def test_unknown_methods_are_refused(method):
    assert code_of(packed("a", b"words", method=method)) == "method"


@pytest.mark.parametrize("flags", [0x01, 0x40, 0x41])
def test_locked_parts_are_refused(flags):
    assert code_of(packed("a", b"words", flags=flags)) == "encrypted"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_are_refused(kind):
    info = zipfile.ZipInfo("a")
    info.external_attr = (kind | 0o777) << 16
    assert code_of(archive((info, b"/etc/passwd"))) == "special"


def test_a_directory_with_content_is_refused():
    assert code_of(packed("a/", b"words")) == "special"


def test_too_many_parts_are_refused_before_they_are_listed():
    assert code_of(archive(*((str(number), b"") for number in range(21)))) == "members"
    assert code_of(archive(*((str(number), b"") for number in range(20_000))), Limits()) == "members"


def test_a_list_that_is_too_long_is_refused_before_it_is_read():
    data = archive(("a", b"a"))
    place = data.index(END)
    huge = data[:place] + bytes(5 << 20) + patched(data[place:], END, 12, struct.pack("<L", (5 << 20) + place))
    assert code_of(huge, Limits()) == "members"


def test_no_parts_at_all_are_refused():
    assert code_of(archive()) == "members"


def test_a_part_above_the_limit_is_refused():
    assert code_of(archive(("a", bytes((1 << 20) + 1)))) == "member-size"


def test_all_parts_together_have_a_limit():
    members = [(str(number), b"%d" % number * 900_000) for number in range(4)]
    assert code_of(archive(*members)) in {"too-much", "bomb"}


def test_what_unpacks_to_suspiciously_much_is_refused():
    assert code_of(archive(("a", bytes(1 << 20)))) == "bomb"


def test_a_part_that_lies_about_its_size_is_refused():
    # It says 10 bytes, with the checksum of these, and unpacks to a million: zipfile alone would believe it.
    data = bytes(1 << 20)
    assert code_of(packed("a", data, size=10, crc=zlib.crc32(bytes(10)))) in {"bomb", "damaged"}


def test_a_part_that_is_shorter_than_it_says_is_refused():
    assert code_of(packed("a", b"words", size=500)) == "damaged"


def test_a_wrong_checksum_is_refused():
    assert code_of(packed("a", b"words", crc=1)) == "damaged"


def test_bytes_after_the_end_of_a_part_are_refused():
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packing.compress(b"words") + packing.flush() + b"hidden"
    assert code_of(packed("a", b"words", body=body)) == "hidden"


def test_broken_packing_is_refused():
    assert code_of(packed("a", b"words", body=b"\xff" * 20)) == "damaged"
    assert code_of(packed("a", b"words", body=b"")) == "damaged"


def test_parts_that_lie_in_one_another_are_refused():
    # Both list entries point to the one part there is: a bomb made of one kernel.
    data = bytearray(archive(("aa", b"words"), ("bb", b"words")))
    second = data.index(CENTRAL, data.index(CENTRAL) + 1)
    data[second + 42 : second + 46] = struct.pack("<L", 0)
    assert code_of(bytes(data)) in {"overlap", "damaged"}


def test_a_part_in_a_part_is_refused():
    inner = packed("b", b"words")
    data = bytearray(archive((zipfile.ZipInfo("a"), inner), ("b", b"words")))
    (start,) = struct.unpack_from("<L", data, data.rindex(END) + 16)
    second = data.index(CENTRAL, start + 4)
    data[second + 42 : second + 46] = struct.pack("<L", data.index(inner))
    assert code_of(bytes(data)) in {"overlap", "damaged"}


def test_bytes_before_the_first_part_are_refused():
    assert code_of(b"#!/bin/sh\n" + archive(("a", b"words"))) == "hidden"


def test_bytes_between_the_parts_are_refused():
    data = archive(("a", b"words"))
    at, end = data.index(CENTRAL), data.index(END)
    hidden = data[:at] + b"hidden" * 10 + data[at:end]
    assert code_of(hidden + patched(data[end:], END, 16, struct.pack("<L", at + 60))) == "hidden"


def test_bytes_after_the_end_are_refused():
    assert code_of(archive(("a", b"words")) + b"<html>") == "trailing"


def test_a_part_must_bear_the_name_the_list_gives_it():
    assert code_of(patched(archive(("a.txt", b"words")), LOCAL, 30, b"b.exe")) == "damaged"


def test_archives_for_huge_files_are_refused():
    data = archive(("a", b"words"))
    end = data.index(END)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    moved = patched(data[end:], END, 16, struct.pack("<L", data.index(CENTRAL)))
    assert code_of(data[:end] + locator + moved) == "split"


@pytest.mark.parametrize("place", [4, 6, 8])
def test_split_archives_are_refused(place):
    assert code_of(patched(archive(("a", b"words")), END, place, b"\2\0")) == "split"


def test_an_archive_inside_is_judged_by_the_same_rules():
    good = archive(("a.xlsx", archive(("b", b"words"))))
    assert examine(io.BytesIO(good), SMALL).members
    bad = archive(("a.xlsx", specimens.zipped({"b": b"words"}, method=zipfile.ZIP_LZMA)))
    assert code_of(bad) == "method"


def test_archives_in_archives_have_an_end():
    data = archive(("a", b"words"))
    for _ in range(2):
        data = archive(("a.zip", data))
    assert examine(io.BytesIO(data), SMALL).members
    assert code_of(archive(("a.zip", data))) == "archive"


@pytest.mark.parametrize("head", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0"])
def test_archives_of_other_kinds_inside_are_refused(head):
    assert code_of(archive(("a.bin", head + bytes(50)))) == "archive"


GOOD = archive(("mimetype", b"words"), ("b/a.txt", b"more words" * 50), ("c", bytes(range(256)) * 4))


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=8))
@settings(max_examples=400, deadline=None)
def test_a_damaged_archive_is_refused_or_gives_what_it_says(place, change):
    data = GOOD[:place] + change + GOOD[place + len(change) :]
    try:
        container = examine(io.BytesIO(data), SMALL)
    except Objection:
        return
    for name, size in container.members.items():
        assert len(container.read(name)) == size


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_noise_is_never_an_archive(noise):
    with pytest.raises(Objection):
        examine(io.BytesIO(LOCAL + noise), SMALL)
