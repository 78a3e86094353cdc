import time
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from storage import active_pdf
from storage.active_pdf import WalkLimits, check
from storage.model import Doubt, Objection, WaitsFor
from storage.pdf_walk import report
from tests.storage import specimens
from tests.storage.specimens import deflated, object_stream, pdf, revised, stream

SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


@pytest.fixture
def walk(tmp_path):
    """Says what is found, by the real process."""

    def walked(data, **limits):
        path = tmp_path / "a.pdf"
        path.write_bytes(data)
        with path.open("rb") as file:
            try:
                check(file, WalkLimits(**limits))
            except Objection as objection:
                if objection.reason.code != "active-content":
                    return objection.reason.code
                return set(str(dict(objection.reason.values)["found"]).split(", "))
            return set()

    return walked


def found(data):
    """The same, in this process."""
    match report(BytesIO(data)):
        case {"found": list(names)}:
            return set(names)
        case trouble:
            return trouble


@pytest.mark.parametrize(
    "data",
    [
        pdf(),
        pdf(b"/OpenAction [3 0 R /Fit]"),
        pdf(b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"),
        pdf(b"/OpenAction 10 0 R", [b"<< /S /GoTo /D (bob) >>"]),
        pdf(page=b"/Annots [<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://example.org/JavaScript) >> >>]"),
        pdf(page=b"/Resources << /Font << /JS 10 0 R /AA 10 0 R /EF 10 0 R >> >>", objects=[b"<< /Type /Font /F 5 >>"]),
        pdf(b"/Names << /EmbeddedFiles << /Names [] >> >>"),
        pdf(b"/AA << >>"),
        pdf(objects=[deflated(b"/JavaScript /JS (no object)"), b"(/Launch /JavaScript)"]),
        pdf(objects=[object_stream({20: b"<< /Type /Font >>", 21: b"[1 2 3]"})]),
    ],
    ids=range(10),
)
def test_honest_documents_pass(walk, data):
    assert walk(data) == set()


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (pdf(b"/OpenAction " + SCRIPT), {"/JavaScript", "/JS", "/OpenAction"}),
        (pdf(b"/OpenAction 10 0 R", [SCRIPT]), {"/JavaScript", "/JS", "/OpenAction"}),
        (pdf(b"/OpenAction << /S /URI /URI (https://example.org) >>"), {"/OpenAction"}),
        (pdf(b"/OpenAction << /S /GoTo /D (a) /Next " + SCRIPT + b" >>"), {"/JavaScript", "/JS"}),
        (pdf(b"/Names << /JavaScript << /Names [(a) 10 0 R] >> >>", [SCRIPT]), {"/JavaScript", "/JS"}),
        (pdf(objects=[b"<< /S /JavaScript /JS 11 0 R >>", stream(b"app.alert(1)")]), {"/JavaScript", "/JS"}),
        (pdf(objects=[b"<< /S /J#61va#53cript /#4aS (1) >>"]), {"/JavaScript", "/JS"}),
        (pdf(objects=[b"<< /S 11 0 R >>", b"/Launch"]), {"/Launch"}),
        (pdf(objects=[b"<< /S /Launch /F (cmd.exe) >>"]), {"/Launch"}),
        (pdf(page=b"/AA << /O << /S /URI /URI (x) >> >>"), {"/AA"}),
        (pdf(b"/AA 10 0 R", [b"<< /WC 11 0 R >>", b"<< /S /GoTo >>"]), {"/AA"}),
        (pdf(b"/AcroForm << /XFA [(template) 10 0 R] >>", [stream(b"<xdp/>")]), {"/XFA"}),
        (pdf(b"/AcroForm << /XFA 10 0 R >>", [stream(b"<xdp/>")]), {"/XFA"}),
        (specimens.attached(b"words"), {"/EmbeddedFile", "/EmbeddedFiles"}),
        (
            pdf(page=b"/Annots [<< /Subtype /FileAttachment /FS << /F (a) /EF << /UF 10 0 R >> >> >>]"),
            {"/EmbeddedFile"},
        ),
        (pdf(objects=[stream(b"words", b"/Type /EmbeddedFile")]), {"/EmbeddedFile"}),
        (pdf(page=b"/Annots [<< /Type /Annot /Subtype /RichMedia >>]"), {"/RichMedia"}),
        (pdf(page=b"/Annots [<< /Type /Annot /Subtype /3D >>]"), {"/3D"}),
        (pdf(objects=[b"<< /S /SubmitForm /F (https://example.org) >>"]), {"/SubmitForm"}),
        (pdf(objects=[b"<< /S /ImportData /F (a.fdf) >>"]), {"/ImportData"}),
        (pdf(objects=[b"<< /S /GoToE /T << >> >>"]), {"/GoToE"}),
        (pdf(trailer=b"/Info << /A " + SCRIPT + b" >>"), {"/JavaScript", "/JS"}),
        (pdf(objects=[object_stream({20: b"<< /Type /Font >>", 21: SCRIPT})]), {"/JavaScript", "/JS"}),
        (pdf(objects=[object_stream({20: b"[[[<< /S /L#61unch >>]]]"})]), {"/Launch"}),
        (pdf(objects=[b"[" * 90 + SCRIPT + b"]" * 90]), {"/JavaScript", "/JS"}),
    ],
    ids=range(25),
)
def test_what_acts_by_itself_is_found(data, names):
    assert found(data) == names


def test_the_process_says_what_was_found(walk):
    assert walk(pdf(b"/OpenAction " + SCRIPT)) == {"/JavaScript", "/JS", "/OpenAction"}


def test_former_revisions_and_objects_outside_of_the_table_are_read_too():
    hidden = pdf(b"/OpenAction 10 0 R", [SCRIPT])
    replaced = revised(hidden, {1: b"<< /Type /Catalog /Pages 2 0 R >>", 10: b"<< >>"})
    assert "/JavaScript" in found(replaced)
    assert "/JavaScript" in found(revised(pdf(), {20: SCRIPT}))
    assert "/JavaScript" in found(revised(pdf(), {20: SCRIPT}, listed=False))
    assert "/JavaScript" in found(revised(pdf(), {20: object_stream({21: SCRIPT})}, listed=False))


def test_an_object_called_free_is_read_all_the_same():
    data = pdf(b"/OpenAction 10 0 R", [SCRIPT])
    place = data.index(b"10 1\n") + 5
    freed = data[:place] + data[place : place + 18].replace(b"n", b"f") + data[place + 18 :]
    assert "/JavaScript" in found(freed)


@pytest.mark.parametrize(
    "head", [b"10 0%\nobj\n", b"10%a\r0 %b\n obj\n", b"10 0obj\n", b"10\t\t0\x00obj", b"10 0 obj%a\n"]
)
def test_heads_of_objects_that_only_other_readers_know_are_known_too(head):
    data = pdf(b"/OpenAction 10 0 R", [SCRIPT]).replace(b"10 0 obj\n", head)
    assert "/JavaScript" in found(data)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b"<< /A [1 2 3} /S /JavaScript >>", {"/JavaScript"}),
        (b"<< /A [1 2 3} /S /#4a#61vaScript >>", {"/JavaScript"}),
        (b"<< /OpenAction null /OpenAction 11 0 R >>", {"/OpenAction"}),
        (b"<< /S /GoTo /S /Launch >>", {"/Launch"}),
        (b"<< /S /Jav", set()),
        (b"<< /A [1 2 3} >>", set()),
        (b"<< /A 1 /A 2 >>", set()),
    ],
)
def test_where_readers_disagree_names_are_enough(body, names):
    assert found(pdf(objects=[body])) == names
    assert found(pdf(objects=[object_stream({20: body})])) == names


@pytest.mark.parametrize(
    "body",
    [
        stream(b"abc", b"/Type /ObjStm /N 1 /First 4"),
        deflated(b"20 0 << /S /Jav", b"/Type /ObjStm /N 1 /First 5"),
        deflated(b"20 0 1", b"/Type /ObjStm /N 999999999 /First 5"),
        b"[" * 5000,
        b"<< /A (open",
    ],
)
def test_rubbish_without_such_names_is_no_harm(body):
    assert found(pdf(objects=[body])) == set()


def test_a_packed_object_whose_place_is_a_lie_is_found_by_its_name():
    packed = deflated(b"20 99999 " + SCRIPT, b"/Type /ObjStm /N 1 /First 9")
    assert "/JavaScript" in found(pdf(objects=[packed]))
    assert "/JavaScript" in found(pdf(objects=[packed.replace(b"/N 1", b"/N (a)")]))
    two_lengths = packed.replace(b"/Length", b"/Length 3 /Length")
    assert found(pdf(objects=[two_lengths])) == {"trouble": "damaged", "detail": "object stream at 274"}


@pytest.mark.parametrize("place", [b"0000000000", b"0000999999"])
def test_an_object_that_was_listed_but_never_written_is_no_harm(place):
    data = pdf(objects=[b"(words)"])
    entry = data.index(b"10 1\n") + 5
    assert found(data[:entry] + place + data[entry + 10 :].replace(b"10 0 obj", b"11 0 obj")) == set()


def test_objects_across_the_blocks_of_reading_are_met():
    for size in range((1 << 20) - 60, (1 << 20) + 20, 7):
        data = pdf() + b"\n%" + b"x" * size + b"\n30 0 obj\n" + SCRIPT + b"\nendobj\n" + pdf()[-40:]
        assert "/JavaScript" in found(data), size


def test_a_lost_table_is_made_again_from_the_objects():
    data = pdf(objects=[SCRIPT])
    assert "/JavaScript" in found(data[: data.index(b"xref")] + b"trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF")


def test_a_locked_document_waits_for_a_person(walk):
    with pytest.raises(Doubt) as caught:
        walk(pdf(trailer=specimens.LOCK))
    assert caught.value.reason.code == "encrypted"
    assert caught.value.waits_for is WaitsFor.PERSON


@pytest.mark.parametrize(("password", "readable"), [("", True), ("secret", False)])
@pytest.mark.parametrize(("plain", "names"), [(pdf(), set()), (pdf(b"/A 10 0 R", [SCRIPT]), {"/JavaScript", "/JS"})])
def test_a_document_that_only_forbids_printing_is_walked(password, readable, plain, names):
    writer = PdfWriter()
    writer.clone_document_from_reader(PdfReader(BytesIO(plain)))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    file = BytesIO()
    writer.write(file)
    locked = {"trouble": "encrypted", "detail": ""}
    assert found(file.getvalue()) == (names if readable else locked)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + b"\0" * 5000,
        pdf()[:200],
        pdf(objects=[stream(b"abc", b"/Type /ObjStm /N 1 /First 4 /Filter /NoSuchFilter")]),
        pdf(objects=[b"<< /S /JavaScript"]),
    ],
    ids=range(5),
)
def test_a_document_that_nobody_can_read_is_never_passed(data):
    answer = found(data)
    assert answer != set()
    if isinstance(answer, dict):
        assert answer["trouble"] == "damaged"


@pytest.mark.parametrize(
    "data",
    [
        pdf(b"/Names 10 0 R", [b"<< /Kids [10 0 R] >>"]),
        pdf(objects=[b"11 0 R", b"10 0 R"]),
        pdf(objects=[b"10 0 R"]),
        pdf(objects=[b"<< /Length 10 0 R >>\nstream\nabc\nendstream"]),
        pdf().replace(b"/Count 1", b"/Count 99999999"),
        pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R 2 0 R]"),
        pdf(trailer=b"/Prev 9"),
        revised(pdf(), {9: b"null"}).replace(b"/Prev", b"/Prev 0 /P"),
        pdf(objects=[b"/%s" % (b"a" * 1_000_000)]),
        pdf(objects=[b"<< " + b"/A << " * 3000 + b">> " * 3000 + b">>"]),
        pdf(trailer=b"/Size 4294967295"),
    ],
    ids=range(11),
)
def test_circles_and_floods_come_to_an_end(walk, data):
    began = time.monotonic()
    with suppress(Doubt):
        assert walk(data) in (set(), "pdf-damaged")
    assert time.monotonic() - began < 50


def test_a_flood_packed_small_is_not_unpacked(walk):
    assert walk(pdf(objects=[deflated(bytes(40 << 20), b"/Type /ObjStm /N 1 /First 5")])) == "pdf-damaged"


@pytest.mark.parametrize("limits", [{"clock": 0.05}, {"memory": 30 << 20}, {"processor": 0}], ids=str)
def test_a_walk_that_is_not_finished_has_decided_nothing(walk, limits):
    with pytest.raises(Doubt) as caught:
        walk(pdf(), **limits)
    assert caught.value.reason.code == "walk-unfinished"
    assert caught.value.waits_for is WaitsFor.SCANNER


def test_the_process_imports_nothing_of_ours_and_cannot_write_files():
    source = Path(active_pdf.__file__).with_name("pdf_walk.py").read_text()
    assert "from storage" not in source
    assert "import storage" not in source


GOOD = pdf(b"/OpenAction [3 0 R /Fit]", [object_stream({20: b"<< /Type /Font >>"}), b"(words)"])


@given(st.integers(9, len(GOOD) - 1), st.binary(min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_flipped_bits_never_break_the_walk(place, change):
    answer = found(GOOD[:place] + change + GOOD[place + len(change) :])
    assert isinstance(answer, set) or answer["trouble"] in {"damaged", "encrypted"}
