from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import media_types
from storage.model import MediaType, Objection
from tests.storage import specimens

HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0" + bytes(40)
EXE = b"MZ" + bytes(200)
GIF_AND_SCRIPT = b"GIF89a/*\0\0*/=1;alert(1)"


def code_of(data, name):
    with pytest.raises(Objection) as caught:
        media_types.recognise(BytesIO(data), name)
    return caught.value.reason.code


@pytest.mark.parametrize("name", specimens.sound())
def test_each_kind_is_recognised(name):
    data = specimens.sound()[name]
    assert media_types.recognise(BytesIO(data), name) is MediaType[name.rpartition(".")[2].upper()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "cp866", "koi8-r", "utf-16"])
def test_text_is_taken_in_every_encoding(encoding):
    data = "Кутубхона — китоблар уйи.\r\nКитепканадагы китептер.\n\f".encode(encoding, "replace") * 30
    assert media_types.recognise(BytesIO(data), "МАТН.TXT") is MediaType.TXT


@pytest.mark.parametrize(
    "text",
    ["#include <stdio.h>\nint main(){}\n", '{"a": 1}', "a,b\n1,2\n3,4\n", "import os\nprint(1)\n", "From: a\n\nb"],
)
def test_text_that_looks_like_something_harmless_is_taken(text):
    assert media_types.recognise(BytesIO(text.encode()), "a.txt") is MediaType.TXT


def test_an_empty_file_is_refused():
    assert code_of(b"", "a.pdf") == "empty"


@pytest.mark.parametrize(
    "name", ["a.exe", "a.html", "a.svg", "a", "pdf", "a.pdf.exe", "a.doc", "a.zip", "a.docm", "a.pdf "]
)
def test_other_kinds_are_refused_whatever_is_in_them(name):
    assert code_of(specimens.pdf(), name) == "kind-not-taken"


@pytest.mark.parametrize("name", specimens.sound())
@pytest.mark.parametrize(
    "content", [HTML, SVG, PNG, EXE, GIF_AND_SCRIPT, b"PK\3\4", b"{\\rtf1 }", b"\0" * 1000], ids=repr
)
def test_what_is_inside_must_be_what_the_name_says(name, content):
    if name.endswith("docx") and content.startswith(b"PK"):
        # An archive with nothing in it is refused by its structure.
        return
    assert code_of(content, name) == "kinds-disagree"


@pytest.mark.parametrize("name", specimens.sound())
def test_a_good_file_under_the_name_of_another_kind_is_refused(name):
    extension = name.rpartition(".")[2]
    for other in specimens.sound():
        if not other.endswith(extension) and (extension, other[-4:]) not in {("epub", "docx")}:
            assert code_of(specimens.sound()[name], other) == "kinds-disagree", other


@pytest.mark.parametrize("before", [b" ", b"\n", b"\xef\xbb\xbf", b"x" * 900, b"\0" * 4])
def test_a_pdf_begins_at_the_first_byte(before):
    assert code_of(before + specimens.pdf(), "a.pdf") == "kinds-disagree"


@pytest.mark.parametrize("name", ["a.pdf", "a.djvu", "a.mp3", "a.mp4"])
def test_an_archive_hidden_behind_another_file_is_refused(name):
    good = next(data for other, data in specimens.sound().items() if other.endswith(name[1:]))
    assert code_of(good + specimens.zipped({"a.txt": b"a"}), name) == "hidden-archive"


def test_controls_in_text_are_refused_even_far_from_its_beginning():
    assert code_of(b"words\n" * 100_000 + b"\0", "a.txt") == "kinds-disagree"


def test_html_after_the_head_of_a_pdf_is_still_served_as_pdf():
    assert media_types.recognise(BytesIO(b"%PDF-1.4\n" + HTML + specimens.pdf()), "a.pdf") is MediaType.PDF


def test_an_epub_says_so_in_its_first_bytes():
    members = specimens.epub_members()
    mimetype = members.pop("mimetype")
    assert code_of(specimens.zipped({**members, "mimetype": mimetype}), "a.epub") == "kinds-disagree"


@given(st.sampled_from(["", "%PDF-1.7", "PK\3\4", "ID3\3", "AT&TFORM", "\0\0\0\x18ftyp"]), st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_noise_is_recognised_or_refused(head, noise):
    for extension in ("pdf", "epub", "djvu", "docx", "txt", "mp3", "mp4"):
        with suppress(Objection):
            assert media_types.recognise(BytesIO(head.encode("latin-1") + noise), f"a.{extension}")
