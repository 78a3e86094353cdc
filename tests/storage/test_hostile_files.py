"""The rows of the list of threats that touch files, each with its hostile input, through the whole gate."""

import gzip
import resource
import time
import zipfile

import pytest

from storage.model import Admitted, Refused, Undecided
from tests.storage import specimens
from tests.storage.clamd_daemon import EICAR, MEGABYTES
from tests.storage.specimens import docx, epub, opf, pdf, zipped

XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def _large(end):
    """A member above the scanner's limit with something at its end."""
    return bytes(range(256)) * (MEGABYTES << 12) + b"words" + end


def _locked(data):
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + place
        data = data[:at] + bytes([data[at] | 1]) + data[at + 1 :]
    return data


HOSTILE = {
    # 1 and 2: what XML draws in
    "entity to a file in the list of parts": ("a.epub", lambda: epub(package=opf(before=XXE)), "entities"),
    "entity in a document": ("a.docx", lambda: docx({"word/document.xml": XXE + "<a>&x;</a>"}), "entities"),
    "bare document type": ("a.docx", lambda: docx({"word/a.xml": "<!DOCTYPE a><a/>"}), "entities"),
    "form of XFA": ("a.pdf", lambda: pdf(b"/AcroForm << /XFA (" + XXE.encode() + b") >>"), "active-content"),
    # 3: paths
    "part above its place": ("a.epub", lambda: epub({"../../evil": b"a"}), "container-path"),
    "part with an absolute path": ("a.docx", lambda: docx({"/etc/cron.d/evil": b"a"}), "container-path"),
    "part with backslashes": ("a.docx", lambda: docx({"..\\..\\evil": b"a"}), "container-path"),
    # 4 and 20: another kind than it says
    "page called pdf": ("a.pdf", lambda: HTML, "kinds-disagree"),
    "page called text": ("a.txt", lambda: HTML, "kinds-disagree"),
    "picture with a script": ("a.svg", lambda: b"<svg onload='alert(1)'/>", "kind-not-taken"),
    "picture with a script called text": ("a.txt", lambda: b"<svg xmlns='a' onload='alert(1)'/>", "kinds-disagree"),
    "GIF that is a script": ("a.mp3", lambda: b"GIF89a/*\0\0*/=1;alert(1)", "kinds-disagree"),
    "mark of a PDF at byte 900": ("a.pdf", lambda: b" " * 900 + pdf(), "kinds-disagree"),
    "programme called pdf": ("a.pdf", lambda: b"MZ" + bytes(500), "kinds-disagree"),
    "pdf called programme": ("a.exe", pdf, "kind-not-taken"),
    "direction of the name turned": ("kitob\u202efdp.exe", pdf, "kind-not-taken"),
    "zero in the name": ("a.pdf\0.exe", pdf, "kind-not-taken"),
    "PDF that is an archive": ("a.pdf", lambda: pdf() + zipped({"a": b"a"}), "hidden-archive"),
    "archive called document": ("a.docx", lambda: zipped({"a": b"a"}), "part-damaged"),
    # 15: PDFs that hurt their reader
    "cut-off PDF": ("a.pdf", lambda: pdf()[:100], "pdf-damaged"),
    "PDF of noise": ("a.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 50, "pdf-damaged"),
    "flood in an object stream": (
        "a.pdf",
        lambda: pdf(objects=[specimens.deflated(bytes(40 << 20), b"/Type /ObjStm /N 1 /First 5")]),
        "pdf-damaged",
    ),
    # 16: PDFs that act
    "script": ("a.pdf", lambda: pdf(b"/OpenAction " + SCRIPT), "active-content"),
    "script under a disguised name": ("a.pdf", lambda: pdf(objects=[b"<< /S /J#61vaScript >>"]), "active-content"),
    "script in an object stream": (
        "a.pdf",
        lambda: pdf(objects=[specimens.object_stream({20: SCRIPT})]),
        "active-content",
    ),
    "programme that is started": ("a.pdf", lambda: pdf(objects=[b"<< /S /Launch /F (a) >>"]), "active-content"),
    "file in a PDF": ("a.pdf", lambda: specimens.attached(EICAR), "active-content"),
    # 17: archives
    "bomb": ("a.epub", lambda: epub({"a": bytes(7 << 20)}), "container-bomb"),
    "archives in archives": (
        "a.docx",
        lambda: docx({"a": zipped({"a": zipped({"a": zipped({"a": b"a"})})})}),
        "container-archive",
    ),
    "other archive inside": ("a.epub", lambda: epub({"a.gz": gzip.compress(EICAR)}), "container-archive"),
    "20 000 parts": ("a.epub", lambda: epub({str(number): b"" for number in range(20_000)}), "container-members"),
    "link": (
        "a.docx",
        lambda: docx({"word/link": b"/etc/passwd"}).replace(b"\x80\x01", b"\xff\xa1"),
        "container-special",
    ),
    "two parts of one name": ("a.docx", lambda: docx({"WORD/document.xml": b"a"}), "container-twice"),
    "locked part": ("a.epub", lambda: _locked(epub()), "container-encrypted"),
    "part pointing outside": ("a.epub", lambda: epub(package=opf("../../../etc/passwd")), "outside"),
    "macros": ("a.docx", lambda: docx({"word/vbaProject.bin": b"a"}), "macros"),
    "remote template": (
        "a.docx",
        lambda: docx(
            {
                "word/_rels/settings.xml.rels": specimens.relationships(
                    ("attachedTemplate", "http://192.0.2.1/a.dotm", "External")
                )
            }
        ),
        "remote-part",
    ),
    # 18: what a scanner says OK to without looking
    "part above the scanner's limit": ("a.epub", lambda: epub({"a": _large(EICAR)}), "container-member-size"),
    "part packed by LZMA": (
        "a.docx",
        lambda: zipped({**specimens.docx_members(), "a": EICAR}, method=zipfile.ZIP_LZMA),
        "container-method",
    ),
    # Nothing at all, and the virus wherever a kind that is taken can hold it.
    "zero bytes": ("a.pdf", lambda: b"", "empty"),
    "virus": ("a.txt", lambda: EICAR, "infected"),
    "virus in a letter": ("a.txt", lambda: specimens.mail(EICAR), "infected"),
    "virus in a book": ("a.epub", lambda: epub({"OEBPS/a.bin": EICAR}), "infected"),
    "virus in a document": ("a.docx", lambda: docx({"word/embeddings/oleObject1.bin": EICAR}), "infected"),
    "virus in a document in a document": (
        "a.docx",
        lambda: docx({"word/embeddings/a.docx": docx({"word/a.bin": EICAR})}),
        "infected",
    ),
    "virus behind a DjVu": ("a.djvu", lambda: specimens.djvu(EICAR), "infected"),
    "virus in a stream of a PDF": ("a.pdf", lambda: pdf(objects=[specimens.deflated(EICAR)]), "infected"),
    "virus in a recording": ("a.mp3", lambda: specimens.mp3() + EICAR, "infected"),
    "virus in a recording in a book": ("a.epub", lambda: epub({"a.mp3": specimens.mp3() + EICAR}), "infected"),
    "virus in a recording in a document in a book": (
        "a.epub",
        lambda: epub({"a.docx": docx({"word/a.ogg": b"OggS" + bytes(50) + EICAR})}),
        "infected",
    ),
    "virus in a film": ("a.mp4", lambda: specimens.mp4() + EICAR, "infected"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_locked_and_leaves_nothing_behind(house, case):
    name, make, code = HOSTILE[case]
    data = make()
    memory, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    refused = house.inspect(data, name)
    assert time.monotonic() - began < 50
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 300 << 10
    assert isinstance(refused, Refused)
    assert refused.reason.code == code
    assert str(refused.reason).isprintable()
    assert house.quarantine.locked() == (refused,)
    intake = refused.intake
    assert house.files() == [f"quarantine/{intake.id}.bytes", f"quarantine/{intake.id}.intake"]
    house.keep(specimens.txt(), "keyingi.txt")


@pytest.mark.parametrize(
    "name",
    [
        "к" * 300 + ".txt",
        "../../../../etc/passwd.txt",
        "..\\..\\boot.txt",
        "/etc/passwd.txt",
        "C:\\a.txt",
        "كتاب الطبيعة.txt",
        "\u202eكتاب\u202c.txt",
        "CON.txt",
        "a\nSet-Cookie: b=c\n.txt",
        "<script>alert(1)</script>.txt",
        "{{7*7}}${7*7}.TXT",
        "\ud800.txt.txt",
    ],
)
def test_a_hostile_name_is_only_a_name(house, name):
    stored = house.keep(specimens.txt(), name)
    assert stored.name.lower().endswith("txt")
    assert len(stored.name.encode()) <= 200
    digest = stored.digest.hex
    place = f"originals/{digest[:2]}/{digest[2:4]}/{digest}"
    assert house.files() == [place, f"{place}.json"]
    assert house.store.describe(stored.digest) == stored


def test_a_pdf_with_a_page_behind_its_mark_is_a_pdf_and_nothing_else(house):
    admitted = house.inspect(b"%PDF-1.7\n%" + HTML + b"\n" + pdf()[9:], "a.pdf")
    assert isinstance(admitted, Admitted | Refused)
    if isinstance(admitted, Admitted):
        assert admitted.media_type.value == "application/pdf"


def test_a_locked_pdf_waits_for_a_person(house):
    undecided = house.inspect(pdf(trailer=specimens.LOCK), "a.pdf")
    assert isinstance(undecided, Undecided)
    assert undecided.reason.code == "encrypted"
