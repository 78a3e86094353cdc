"""Files made to hurt whoever reads them: each ends soon, with a typed answer, and leaves no process and no file."""

import io
import random
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter

from indexer.extraction.model import Extracted, NoText, Outcome, Unreadable
from indexer.extraction.reading import extract
from indexer.extraction.sandbox import Limits
from tests.indexer.extraction.extraction_samples import (
    DJVU,
    DOCX,
    EPUB,
    FONT,
    PDF,
    SHOW,
    TEXTS,
    TXT,
    book,
    djvu,
    docx,
    epub_parts,
    one_page_pdf,
    page,
    stream,
    written_pdf,
    xhtml,
    zipped,
)

LIMITS = Limits(memory=400 << 20, processor=5, clock=10, output=4 << 20, pages=300)
# The limit of the clock for each of the two readers a PDF may need, and what it takes to start and end them.
LONGEST = 100.0


def children() -> set[str]:
    return {child for task in Path("/proc/self/task").iterdir() for child in (task / "children").read_text().split()}


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the hostile file goes; afterwards it must be the only thing that has come about."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    before = children(), open_files()
    yield tmp_path
    assert (children(), open_files()) == before
    assert list(temporary.iterdir()) == []


def outcome_of(room: Path, data: bytes, media_type: str, limits: Limits = LIMITS) -> Outcome:
    path = room / "file"
    path.write_bytes(data)
    started = time.monotonic()
    outcome = extract(path, media_type, limits)
    assert time.monotonic() - started < LONGEST
    assert isinstance(outcome, Extracted | NoText | Unreadable)
    if isinstance(outcome, Extracted):
        assert len(outcome.pages) <= limits.pages
        assert sum(map(len, outcome.pages)) <= limits.output
    return outcome


def code_of(outcome: Outcome) -> str:
    """The code of the reason why a file couldn't be read, or not wholly; "" for one that was."""
    if isinstance(outcome, Unreadable):
        return outcome.reason.code
    return outcome.shortfall.code if isinstance(outcome, Extracted) and outcome.shortfall else ""


def text_of(outcome: Outcome) -> str:
    return " ".join(outcome.pages) if isinstance(outcome, Extracted) else ""


def flood(size: int, layers: int) -> bytes:
    data = b"\n" * size
    for _ in range(layers):
        data = zlib.compress(data, 9)
    return data


def deep_contents() -> bytes:
    return b"[" * 100_000 + b"]" * 100_000


def many_pages(count: int) -> list[bytes]:
    kids = b" ".join(b"%d 0 R" % number for number in range(4, count + 4))
    contents = count + 4
    return [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        FONT,
        *[page(contents, font=3)] * count,
        stream(SHOW % b"Sahifa"),
    ]


def nested_tree(depth: int) -> list[bytes]:
    """A tree of pages so deep that whoever goes down by recursion falls."""
    nodes = [b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (n + 4, n + 6) for n in range(depth - 1)]
    return [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        stream(SHOW % b"Chuqur"),
        FONT,
        *nodes,
        page(3, parent=depth + 3),
    ]


def circle_of_references() -> bytes:
    sound = written_pdf(one_page_pdf())
    return sound.replace(b"/Size", b"/Prev %d /Size" % sound.index(b"xref\n"))


def outline_circle() -> list[bytes]:
    objects = one_page_pdf()
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>"
    item = b"<< /Title (Yana) /Parent 6 0 R /Next %d 0 R /First %d 0 R /Dest [3 0 R /Fit] >>"
    return [*objects, b"<< /Type /Outlines /First 7 0 R /Last 8 0 R >>", item % (8, 7), item % (7, 6)]


def form_circle() -> list[bytes]:
    objects = one_page_pdf(b"Shakl) Tj ET /X Do BT (")
    objects[2] = objects[2].replace(b"/Font", b"/XObject << /X 6 0 R >> /Font")
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
    return [*objects, stream(b"/X Do " * 50, form)]


def pdf_with_contents(data: bytes, entries: bytes = b"") -> bytes:
    objects = one_page_pdf()
    objects[4] = stream(data, entries)
    return written_pdf(objects)


SMALL = one_page_pdf()
HOSTILE_PDFS = {
    "page tree in a circle": written_pdf(one_page_pdf(count=b"3", kids=b"3 0 R 2 0 R 3 0 R")),
    "page tree that is its own child": written_pdf(one_page_pdf(count=b"1", kids=b"2 0 R")),
    "page whose parents are a circle": written_pdf(
        [SMALL[0], b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 2 0 R >>", *SMALL[2:]]
    ),
    "tables of references in a circle": circle_of_references(),
    "a million pages claimed": written_pdf(one_page_pdf(count=b"1000000")),
    "pages below nothing": written_pdf(one_page_pdf(count=b"-7")),
    "count that is no number": written_pdf(one_page_pdf(count=b"/Ko'p")),
    "a flood": pdf_with_contents(flood(500 << 20, 1), b"/Filter /FlateDecode"),
    "a flood in a flood": pdf_with_contents(flood(500 << 20, 2), b"/Filter [/FlateDecode /FlateDecode]"),
    "forty filters": pdf_with_contents(flood(1 << 20, 1), b"/Filter [%s]" % (b"/FlateDecode " * 40)),
    "lists in lists": written_pdf([*SMALL, deep_contents()]),
    "lists in lists in what is drawn": pdf_with_contents(deep_contents()),
    "dictionaries in dictionaries": pdf_with_contents(b"<< /A " * 100_000),
    "ten thousand pages": written_pdf(many_pages(10_000)),
    "a deep tree": written_pdf(nested_tree(5_000)),
    "contents in a circle": written_pdf(outline_circle()),
    "a form that draws itself": written_pdf(form_circle()),
    "a length that lies": written_pdf([*SMALL[:4], SMALL[4].replace(b"/Length ", b"/Length 9999999")]),
    "an object that is itself": written_pdf([*SMALL[:4], b"5 0 R"]),
    "a root that is nothing": written_pdf(SMALL, root=99),
    "zeros": written_pdf(SMALL).replace(b"endobj", b"\0\0\0\0\0\0"),
    "a megabyte of zeros": b"%PDF-1.7\n" + bytes(1 << 20),
    "nothing but a head": b"%PDF-1.7",
    "a million objects claimed": written_pdf(SMALL).replace(b"/Size 6", b"/Size 99999999"),
}


@pytest.mark.parametrize("name", HOSTILE_PDFS)
def test_hostile_pdf(room: Path, name: str) -> None:
    outcome_of(room, HOSTILE_PDFS[name], PDF)


def test_of_a_million_claimed_pages_the_one_that_is_there_is_read(room: Path) -> None:
    outcome = outcome_of(room, HOSTILE_PDFS["a million pages claimed"], PDF)
    assert isinstance(outcome, Extracted)
    assert (outcome.pages, outcome.page_count, outcome.shortfall) == (("Birinchi sahifa",), 1, None)


def test_of_ten_thousand_pages_the_first_are_read(room: Path) -> None:
    outcome = outcome_of(room, HOSTILE_PDFS["ten thousand pages"], PDF)
    assert isinstance(outcome, Extracted)
    assert (outcome.pages, outcome.page_count) == (("Sahifa",) * 300, 10_000)
    assert code_of(outcome) == "many-pages"


def test_more_text_than_is_taken_is_cut_and_said(room: Path) -> None:
    outcome = outcome_of(room, book("ru", 20), PDF, Limits(output=2_000))
    assert isinstance(outcome, Extracted)
    assert 0 < len(outcome.pages) < 20
    assert code_of(outcome) == "much-text"


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256"])
def test_a_locked_pdf(room: Path, algorithm: str) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(written_pdf(SMALL))))
    writer.encrypt("sir", algorithm=algorithm)
    file = io.BytesIO()
    writer.write(file)
    assert code_of(outcome_of(room, file.getvalue(), PDF)) == "encrypted"


def samples(room: Path) -> dict[str, bytes]:
    return {
        PDF: book("uz-Latn", 2),
        EPUB: zipped(epub_parts([xhtml(f"<p>{TEXTS['ky']}</p>")])),
        DOCX: docx([("Bob", TEXTS["ru"])]),
        DJVU: djvu(room, ["birinchi", "ikkinchi"]).read_bytes(),
        TXT: TEXTS["uz-Cyrl"].encode("utf-16"),
    }


@pytest.mark.parametrize("media_type", [PDF, EPUB, DOCX, DJVU, TXT])
def test_flipped_bits_and_cut_ends(room: Path, media_type: str) -> None:
    sound = samples(room)[media_type]
    chance = random.Random(media_type)
    for _ in range(3):
        spoiled = bytearray(sound)
        for _ in range(chance.choice([1, 10, 200])):
            spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
        outcome_of(room, bytes(spoiled), media_type)
        outcome_of(room, sound[: chance.randrange(1, len(sound))], media_type)


@pytest.mark.parametrize("media_type", [PDF, EPUB, DOCX, DJVU, TXT])
@pytest.mark.parametrize(
    "data",
    [bytes(5000), b"PK\x03\x04", random.Random(3).randbytes(3000), b"AT&TFORM\0\0\0\0DJVMDIRM\0\0\0\0\x80"],
    ids=["zeros", "a mark", "noise", "half a head"],
)
def test_what_is_nothing_of_the_kind(room: Path, media_type: str, data: bytes) -> None:
    outcome = outcome_of(room, data, media_type)
    assert media_type == TXT or isinstance(outcome, Unreadable)


@pytest.mark.parametrize("media_type", [PDF, EPUB, DOCX, DJVU, TXT, "audio/mpeg"])
def test_an_empty_file(room: Path, media_type: str) -> None:
    assert code_of(outcome_of(room, b"", media_type)) == "empty"


SECRET = "fosh-etilgan-sir"


def entity(place: Path) -> str:
    return f'<!DOCTYPE x [<!ENTITY sir SYSTEM "{place.as_uri()}">]>'


LAUGHS = (
    "<!DOCTYPE x ["
    + '<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    + '<!ENTITY sir "&l9;">]>'
)
BLOW_UP = f'<!DOCTYPE x [<!ENTITY sir "{"a" * 60_000}">]>'


def declared(head: str, body: str, encoding: str) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>{head}{body}'.encode(encoding)


@pytest.mark.parametrize(
    ("part", "kind", "encoding"),
    [
        ("META-INF/container.xml", "outside", "utf-8"),
        ("OEBPS/kitob.opf", "outside", "utf-8"),
        ("OEBPS/kitob.opf", "laughs", "utf-16"),
        ("OEBPS/kitob.opf", "laughs", "cp037"),
        ("OEBPS/nav.xhtml", "outside", "utf-8"),
        ("OEBPS/matn/c1.xhtml", "outside", "utf-8"),
        ("OEBPS/matn/c1.xhtml", "laughs", "utf-8"),
        ("OEBPS/matn/c1.xhtml", "blow up", "utf-8"),
        ("OEBPS/matn/c1.xhtml", "outside", "utf-16"),
        ("OEBPS/matn/c1.xhtml", "laughs", "cp037"),
    ],
)
def test_entities_in_an_epub(room: Path, part: str, kind: str, encoding: str) -> None:
    secret = room / "secret"
    secret.write_text(SECRET)
    head = {"outside": entity(secret), "laughs": LAUGHS, "blow up": BLOW_UP}[kind]
    parts = epub_parts([xhtml("<p>matn</p>")], extra='<item id="n" properties="nav" href="nav.xhtml"/>')
    parts["OEBPS/nav.xhtml"] = xhtml('<nav epub:type="toc"><a href="matn/c1.xhtml">Bob</a></nav>')
    sound = str(parts[part]).partition("?>")[2].replace("<!DOCTYPE html>", "")
    at = sound.index(">") + 1
    parts[part] = declared(head, sound[:at] + "&sir;" * 200 + sound[at:], encoding)
    outcome = outcome_of(room, zipped(parts), EPUB)
    assert SECRET not in repr(outcome)
    assert len(text_of(outcome)) < 10_000
    if encoding != "cp037":
        assert code_of(outcome) == "entities"


@pytest.mark.parametrize(
    "head", ['<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://127.0.0.1:9/x.dtd">', "<!DOCTYPE html>"]
)
def test_a_plain_document_type_in_a_chapter_is_read_and_not_fetched(room: Path, head: str) -> None:
    outcome = outcome_of(room, zipped(epub_parts([xhtml("<p>matn</p>", before=head)])), EPUB)
    assert text_of(outcome) == "matn"


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("word/document.xml", "outside"),
        ("word/document.xml", "laughs"),
        ("word/document.xml", "blow up"),
        ("word/document.xml", "bare"),
        ("word/styles.xml", "outside"),
        ("[Content_Types].xml", "laughs"),
        ("_rels/.rels", "outside"),
    ],
)
def test_entities_in_a_docx(room: Path, part: str, kind: str) -> None:
    secret = room / "secret"
    secret.write_text(SECRET)
    head = {"outside": entity(secret), "laughs": LAUGHS, "blow up": BLOW_UP, "bare": "<!DOCTYPE x>"}[kind]
    parts = parts_of(docx([("Bob", "matn")]))
    first, _, rest = parts[part].decode().partition("?>")
    parts[part] = f"{first}?>{head}{rest}".replace("matn", "matn&sir;").encode()
    outcome = outcome_of(room, zipped(parts), DOCX)
    assert SECRET not in repr(outcome)
    assert code_of(outcome) == "entities"


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("size", [30 << 20, 300 << 20])
@pytest.mark.parametrize("media_type", [EPUB, DOCX])
def test_a_part_that_unpacks_to_too_much(room: Path, media_type: str, size: int) -> None:
    parts = dict(parts_of(samples(room)[media_type]))
    parts["OEBPS/matn/c1.xhtml" if media_type == EPUB else "word/document.xml"] = b" " * size
    assert code_of(outcome_of(room, zipped(parts), media_type)) == "bomb"


def test_one_chapter_told_ten_thousand_times(room: Path) -> None:
    parts = epub_parts([xhtml("<p>" + "a " * 100_000 + "</p>")])
    parts["OEBPS/kitob.opf"] = str(parts["OEBPS/kitob.opf"]).replace(
        "<itemref", '<itemref idref="c1"/>' * 10_000 + "<itemref"
    )
    limits = Limits(processor=1)
    assert code_of(outcome_of(room, zipped(parts), EPUB, limits)) in {"bomb", "processor-time"}


@pytest.mark.parametrize(
    "href",
    [
        "../../../etc/hostname",
        "/etc/hostname",
        "file:///etc/hostname",
        "http://127.0.0.1/x",
        "//h/x",
        "%2e%2e/%2e%2e/x",
        "[",
        "c1.xhtml\0",
    ],
)
def test_a_book_that_points_outside_of_itself(room: Path, href: str) -> None:
    parts = epub_parts([xhtml("<p>matn</p>"), xhtml("<p>oxir</p>")])
    parts["OEBPS/kitob.opf"] = str(parts["OEBPS/kitob.opf"]).replace("matn/c1.xhtml", href.replace("\0", "&#xfffd;"))
    outcome = outcome_of(room, zipped(parts), EPUB)
    assert text_of(outcome).strip() == "oxir"
    assert code_of(outcome) == "pages-damaged"


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("META-INF/container.xml", "<container/>"),
        ("META-INF/container.xml", "<container><rootfiles><rootfile full-path='yoq.opf'/></rootfiles></container>"),
        ("OEBPS/kitob.opf", "<package/>"),
        ("OEBPS/kitob.opf", "<package><spine><itemref idref='c9'/></spine></package>"),
        ("OEBPS/kitob.opf", ""),
    ],
)
def test_a_book_that_leads_to_no_chapter(room: Path, part: str, text: str) -> None:
    outcome = outcome_of(room, zipped({**epub_parts([xhtml("<p>matn</p>")]), part: text}), EPUB)
    assert code_of(outcome) == "damaged"


def test_a_chapter_that_cannot_be_unpacked_costs_that_chapter(room: Path) -> None:
    data = bytearray(zipped(epub_parts([xhtml(f"<p>{TEXTS['ru']}</p>"), xhtml("<p>oxir</p>")])))
    at = data.index(b"c1.xhtml", data.index(b"OEBPS/matn/")) + len("c1.xhtml")
    data[at : at + 40] = bytes(40)
    assert text_of(outcome_of(room, bytes(data), EPUB)).strip() == "oxir"


def test_a_book_protected_against_copying(room: Path) -> None:
    parts = epub_parts([xhtml("<p>matn</p>")])
    method = '<enc:EncryptionMethod xmlns:enc="http://www.w3.org/2001/04/xmlenc#" Algorithm="{}"/>'
    parts["META-INF/encryption.xml"] = f"<encryption>{method.format('http://www.idpf.org/2008/embedding')}</encryption>"
    assert text_of(outcome_of(room, zipped(parts), EPUB)) == "matn"
    parts["META-INF/encryption.xml"] = (
        f"<encryption>{method.format('http://www.w3.org/2001/04/xmlenc#aes256-cbc')}</encryption>"
    )
    assert code_of(outcome_of(room, zipped(parts), EPUB)) == "encrypted"


def test_a_docx_locked_with_a_password_is_told_from_a_broken_one(room: Path) -> None:
    assert code_of(outcome_of(room, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), DOCX)) == "encrypted"
    assert code_of(outcome_of(room, b"PK\x03\x04" + bytes(600), DOCX)) == "damaged"


@pytest.mark.parametrize("name", ["word/document.xml", "OEBPS/matn/c1.xhtml"])
def test_an_archive_whose_parts_need_a_password(room: Path, name: str) -> None:
    media_type = EPUB if name.startswith("OEBPS") else DOCX
    data = bytearray(samples(room)[media_type])
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.rindex(name.encode()) if mark == b"PK\x01\x02" else data.index(name.encode())
        struct.pack_into("<H", data, data.rindex(mark, 0, at) + flags, 1)
    assert code_of(outcome_of(room, bytes(data), media_type)) == "encrypted"


def test_markup_in_markup(room: Path) -> None:
    deep = xhtml("<div>" * 50_000 + "chuqur" + "</div>" * 50_000)
    outcome_of(room, zipped(epub_parts([deep])), EPUB)
    wide = xhtml("<p " + " ".join(f'a{n}="x"' for n in range(100_000)) + ">keng</p>")
    outcome_of(room, zipped(epub_parts([wide])), EPUB)
    document = Document()
    file = io.BytesIO()
    document.save(file)
    parts = parts_of(file.getvalue())
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        b"<w:body>", b"<w:body>" + b"<w:sdt><w:sdtContent>" * 20_000
    )
    assert isinstance(outcome_of(room, zipped(parts), DOCX), Unreadable)


def test_what_a_program_complains_of_is_not_told(room: Path) -> None:
    outcome = outcome_of(room, djvu(room, ["bir"]).read_bytes()[:40], DJVU)
    assert isinstance(outcome, Unreadable)
    assert outcome.reason.values == (("detail", "djvused"),)


def test_djvu_whose_pages_lie_in_other_files(room: Path) -> None:
    data = djvu(room, ["bir", "ikki"]).read_bytes()
    at = data.index(b"DIRM") + 8
    assert code_of(outcome_of(room, data[:at] + bytes([data[at] & 0x7F]) + data[at + 1 :], DJVU)) == "in-parts"


def test_a_txt_of_nothing_but_controls_and_broken_letters(room: Path) -> None:
    noise = random.Random(5).randbytes(200_000)
    outcome = outcome_of(room, noise, TXT)
    assert not any(sign in text_of(outcome) for sign in map(chr, [*range(9), *range(14, 32), 0x7F]))
    assert isinstance(outcome_of(room, b"\0" * 100_000, TXT), NoText)
    assert isinstance(outcome_of(room, ("a" + "\u0301" * 2_000_000).encode(), TXT), Extracted)


def test_the_next_sound_file_is_read_as_ever(room: Path) -> None:
    outcome_of(room, HOSTILE_PDFS["a flood in a flood"], PDF)
    assert text_of(outcome_of(room, written_pdf(SMALL), PDF)) == "Birinchi sahifa"
