"""Sound files of each kind, in the five languages: every page, its words, the contents."""

import io
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from pypdf import PdfReader, PdfWriter

from indexer.extraction import sandbox
from indexer.extraction.model import Extracted, NoText, Unreadable
from indexer.extraction.reading import extract
from indexer.extraction.sandbox import Limits
from tests.indexer.extraction.extraction_samples import (
    DJVU,
    DOCX,
    EPUB,
    PDF,
    TEXTS,
    TXT,
    book,
    djvu,
    docx,
    epub_parts,
    one_page_pdf,
    page,
    stream,
    words,
    written_pdf,
    xhtml,
    zipped,
)

LIMITS = Limits()
LANGUAGES = sorted(TEXTS)
Read = Callable[..., Extracted]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Keeps bytes in a file and extracts its text, which must be there and whole."""

    def read(data: bytes, media_type: str, limits: Limits = LIMITS) -> Extracted:
        path = tmp_path / "file"
        path.write_bytes(data)
        outcome = extract(path, media_type, limits)
        assert isinstance(outcome, Extracted), outcome
        return outcome

    return read


@pytest.mark.parametrize("language", LANGUAGES)
def test_pdf_has_its_words_and_bookmarks(read: Read, language: str) -> None:
    found = read(book(language, 3), PDF)
    assert found.page_count == len(found.pages) == 3
    assert all(words(TEXTS[language]) <= words(text) for text in found.pages)
    assert [(item.title, item.page, item.level) for item in found.outline] == [
        ("Bob 1", 1, 0), ("Bob 2", 2, 0), ("Bob 3", 3, 0),
    ]  # fmt: skip
    assert (found.format, found.made_by, found.wordless, found.shortfall) == ("PDF 1.7", "PDFium", (), None)


@pytest.mark.parametrize("language", ["uz-Cyrl", "ky"])
def test_both_readers_of_pdf_find_the_same_words(tmp_path: Path, language: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(book(language, 1))
    arguments: dict[str, dict[str, object]] = {"pdfium": {"most": 9}, "pypdf": {"most": 9, "wanted": [0]}}
    for name, given in arguments.items():
        told = sandbox.call(f"indexer.extraction.pdf:by_{name}", given, LIMITS, source=path)
        pages = [message["page"] for message in sandbox.lines(told.output) if "page" in message]
        assert words(TEXTS[language]) <= words(pages[0]), name


def test_pdf_of_pictures_has_no_text_and_its_pages_are_counted(tmp_path: Path) -> None:
    blank = PdfWriter()
    for _ in range(4):
        blank.add_blank_page(200, 200)
    file = io.BytesIO()
    blank.write(file)
    path = tmp_path / "file"
    path.write_bytes(file.getvalue())
    outcome = extract(path, PDF, LIMITS)
    assert isinstance(outcome, NoText)
    assert outcome.page_count == 4


def test_pages_without_words_in_a_pdf_are_named(read: Read) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(book("ru", 2))))
    writer.insert_blank_page(200, 200, 1)
    file = io.BytesIO()
    writer.write(file)
    found = read(file.getvalue(), PDF)
    assert found.wordless == (2,)
    assert found.pages[1] == ""
    assert words(TEXTS["ru"]) <= words(found.pages[2])


def test_a_pdf_locked_only_against_printing_is_read(read: Read) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(book("ky", 1))))
    writer.encrypt("", "egasi", algorithm="AES-256")
    file = io.BytesIO()
    writer.write(file)
    assert words(TEXTS["ky"]) <= words(read(file.getvalue(), PDF).pages[0])


def test_no_more_pages_are_read_than_are_asked_for(read: Read) -> None:
    found = read(book("en", 5), PDF, Limits(pages=3))
    assert (len(found.pages), found.page_count) == (3, 5)
    assert found.shortfall is not None
    assert found.shortfall.code == "many-pages"
    assert str(found.shortfall) == "Only the first 3 pages of 5 were read."


def test_a_file_that_pdfium_cannot_open_is_read_by_pypdf(read: Read) -> None:
    found = read(written_pdf(one_page_pdf(b"Bitta")).replace(b"%PDF-1.7", b"%XYZ-1.7"), PDF)
    assert (found.pages, found.made_by, found.format, found.shortfall) == (("Bitta",), "pypdf", "PDF", None)


def test_a_page_that_brings_pdfium_down_costs_that_page_alone(read: Read) -> None:
    objects = one_page_pdf(b"Bitta", count=b"3", kids=b"3 0 R 6 0 R 3 0 R")
    flood = zlib.compress(zlib.compress(b" " * (250 << 20)))
    objects += [page(7), stream(flood, b"/Filter [/FlateDecode /FlateDecode]")]
    found = read(written_pdf(objects), PDF, Limits(memory=200 << 20))
    assert (found.pages, found.wordless, found.page_count) == (("Bitta", "", "Bitta"), (2,), 3)
    assert found.made_by == "PDFium, pypdf"
    assert found.shortfall is not None
    assert found.shortfall.code == "pages-damaged"


def test_pages_that_are_only_claimed_are_left_out(read: Read) -> None:
    objects = one_page_pdf(b"Bitta", count=b"4", kids=b"6 0 R 3 0 R")
    objects += [b"<< /Type /Pages /Parent 2 0 R /Kids [7 0 R] /Count 3 >>", page(5, parent=6)]
    found = read(written_pdf(objects), PDF)
    assert (found.pages, found.page_count, found.shortfall) == (("Bitta", "Bitta"), 2, None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_epub_is_read_in_the_order_of_its_spine(read: Read, language: str) -> None:
    chapters = [xhtml(f"<h1>Bob {number}</h1><p>{TEXTS[language]}</p>") for number in (1, 2, 3)]
    found = read(zipped(epub_parts(chapters)), EPUB)
    assert found.pages == tuple(f"Bob {number}\n\n{TEXTS[language]}" for number in (1, 2, 3))
    assert (found.format, found.page_count) == ("EPUB 3.0", 3)


NAV = xhtml(
    '<nav epub:type="toc"><ol><li><a href="matn/c1.xhtml">Birinchi <i>bob</i></a><ol><li>'
    '<a href="matn/c2.xhtml#joy">Ichki</a></li></ol></li><li><a href="../../tashqi.xhtml">Yoʻq</a></li></ol></nav>'
)
NCX = (
    '<?xml version="1.0"?><!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx.dtd">'
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Birinchi bob</text></navLabel>'
    '<content src="matn/c1.xhtml"/><navPoint><navLabel><text>Ichki</text></navLabel><content src="matn/c2.xhtml#joy"/>'
    "</navPoint></navPoint></navMap></ncx>"
)


@pytest.mark.parametrize(
    ("extra", "spine", "part"),
    [
        ('<item id="n" properties="nav" href="nav.xhtml"/>', "", {"OEBPS/nav.xhtml": NAV}),
        ('<item id="n" href="kitob.ncx"/>', ' toc="n"', {"OEBPS/kitob.ncx": NCX}),
    ],
)
def test_contents_of_an_epub(read: Read, extra: str, spine: str, part: dict[str, str]) -> None:
    chapters = [xhtml("<p>" + "soʻz " * 4000 + "</p>"), xhtml("<p>oxiri</p>")]
    found = read(zipped({**epub_parts(chapters, extra=extra, spine=spine), **part}), EPUB)
    last = len(found.pages)
    assert last > 4, "a chapter of 20 000 characters is more than one page"
    assert [(item.title, item.page, item.level) for item in found.outline] == [
        ("Birinchi bob", 1, 0), ("Ichki", last, 1),
    ]  # fmt: skip


def test_epub_shows_what_a_reader_sees(read: Read) -> None:
    body = (
        "<p>Oʻz<b>bek</b>&nbsp;tili&mdash;&#x431;ой</p><script>alert</script><!-- izoh -->keyin"
        "<table><tr><td>bir</td><td>ikki</td></tr></table><p>1<br/>2</p><ruby>漢<rt>kan</rt></ruby><pre>a  b</pre>"
    )
    found = read(zipped(epub_parts([xhtml(body)])), EPUB)
    assert found.pages[0].split("\n\n") == ["Oʻzbek tili—бой", "keyin", "bir ikki", "1\n2", "漢", "a b"]


@pytest.mark.parametrize(
    ("chapter", "text"),
    [
        ("<p>Ochiq qolgan <b>belgi<p>va yana & boshqasi", "Ochiq qolgan belgi\n\nva yana & boshqasi"),
        (xhtml("<p>Салом</p>").replace("utf-8", "windows-1251").encode("cp1251"), "Салом"),
        (xhtml("<p>Салом</p>").replace("utf-8", "utf-16").encode("utf-16"), "Салом"),
        (xhtml("<p>Салом</p>").replace("utf-8", "no-such-thing").encode(), "Салом"),
    ],
)
def test_epub_chapters_that_are_not_as_they_should_be(read: Read, chapter: str | bytes, text: str) -> None:
    parts = epub_parts([""])
    parts["OEBPS/matn/c1.xhtml"] = chapter
    assert read(zipped(parts), EPUB).pages == (text,)


def test_a_missing_chapter_keeps_its_place(read: Read) -> None:
    parts = epub_parts([xhtml("<p>bir</p>"), xhtml("<p>ikki</p>"), xhtml("<p>uch</p>")])
    del parts["OEBPS/matn/c2.xhtml"]
    found = read(zipped(parts), EPUB)
    assert found.pages == ("bir", "", "uch")
    assert found.shortfall is not None
    assert found.shortfall.code == "pages-damaged"


@pytest.mark.parametrize(("language", "rendered"), [*((name, False) for name in LANGUAGES), ("ky", True)])
def test_docx_has_pages_and_headings(read: Read, language: str, rendered: bool) -> None:
    found = read(docx([("Bob 1", TEXTS[language]), ("Bob 2", TEXTS[language])], rendered=rendered), DOCX)
    assert found.pages == tuple(f"Bob {number}\n\n{TEXTS[language]}" for number in (1, 2))
    assert [(item.title, item.page, item.level) for item in found.outline] == [("Bob 1", 1, 0), ("Bob 2", 2, 0)]
    assert found.format == "DOCX"


def test_docx_without_pages_is_cut_into_pieces_where_paragraphs_end(read: Read) -> None:
    document = Document()
    for number in range(40):
        document.add_heading(f"Bob {number}", level=2)
        document.add_paragraph(TEXTS["uz-Cyrl"])
    file = io.BytesIO()
    document.save(file)
    found = read(file.getvalue(), DOCX)
    assert 3 <= len(found.pages) <= 5
    assert len(found.outline) == 40
    assert all(item.title in found.pages[item.page - 1].split("\n") and item.level == 1 for item in found.outline)


def test_docx_footnotes_stand_at_the_foot_of_their_page(read: Read) -> None:
    document = Document()
    space = nsdecls("w")
    notes = (
        f'<w:footnotes {space}><w:footnote w:id="7"><w:p><w:r><w:t>Izoh</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    name, kind = PackURI("/word/footnotes.xml"), f"{DOCX.rpartition('.')[0]}.footnotes+xml"
    document.part.relate_to(Part(name, kind, notes.encode(), document.part.package), RELATIONSHIP_TYPE.FOOTNOTES)
    paragraph = document.add_paragraph("Bir")
    paragraph._p.append(parse_xml(f'<w:r {space}><w:footnoteReference w:id="7"/></w:r>'))
    document.add_paragraph("ikki").add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("uch")
    file = io.BytesIO()
    document.save(file)
    assert read(file.getvalue(), DOCX).pages == ("Bir\n\nikki\n\nIzoh", "uch")


def test_docx_tables_controls_and_what_was_deleted(read: Read) -> None:
    document = Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "chap", "oʻng"
    space = nsdecls("w")
    body = document.element.body
    for inner in (
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>boshqariladigan</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        "<w:p><w:del><w:r><w:delText>oʻchirilgan</w:delText></w:r></w:del><w:ins><w:r><w:t>kiritilgan</w:t></w:r></w:ins></w:p>",
        "<w:p><w:r><w:instrText>PAGEREF</w:instrText></w:r><w:r><w:t>bir</w:t><w:tab/><w:t>ikki</w:t><w:br/><w:t>uch</w:t></w:r></w:p>",
    ):
        body.insert(len(body) - 1, parse_xml(inner.replace(">", f" {space}>", 1)))
    file = io.BytesIO()
    document.save(file)
    assert read(file.getvalue(), DOCX).pages[0].split("\n\n") == [
        "chap",
        "oʻng",
        "boshqariladigan",
        "kiritilgan",
        "bir ikki\nuch",
    ]


def test_a_row_of_a_table_over_two_pages_turns_one_page(read: Read) -> None:
    document = Document()
    table = document.add_table(rows=1, cols=3)
    for cell in table.rows[0].cells:
        cell.text = "matn"
        cell.paragraphs[0].runs[0]._r.insert(0, parse_xml(f"<w:lastRenderedPageBreak {nsdecls('w')}/>"))
    file = io.BytesIO()
    document.save(file)
    assert read(file.getvalue(), DOCX).page_count == 2


def test_docx_heading_by_outline_level_of_a_style_of_ones_own(read: Read) -> None:
    document = Document()
    document.styles.add_style("Sarlavha", 1).base_style = document.styles["Heading 3"]
    document.add_paragraph("Kirish", style="Sarlavha")
    endless = document.styles.add_style("Ozi", 1)
    endless.base_style = endless
    assert endless.element.find(qn("w:basedOn")) is not None
    document.add_paragraph("Matn", style="Ozi")
    file = io.BytesIO()
    document.save(file)
    assert [(item.title, item.level) for item in read(file.getvalue(), DOCX).outline] == [("Kirish", 2)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_djvu_has_its_words_and_outline(tmp_path: Path, language: str) -> None:
    text = TEXTS[language]
    outline = '(bookmarks ("Боб 1" "#1" ("Oʻzi \\"ichki\\"" "#3")) ("Nomsiz" "#p2.djvu"))'
    found = extract(djvu(tmp_path, [text, "", f'\f{text} (a) \\ "'], contents=outline), DJVU, LIMITS)
    assert isinstance(found, Extracted)
    assert found.pages == (text, "", f'{text} (a) \\ "')
    assert (found.wordless, found.page_count, found.made_by) == ((2,), 3, "djvutxt")
    assert [(item.title, item.page, item.level) for item in found.outline] == [("Боб 1", 1, 0), ('Oʻzi "ichki"', 3, 1)]


def test_djvu_of_pictures_alone(tmp_path: Path) -> None:
    outcome = extract(djvu(tmp_path, ["", ""]), DJVU, LIMITS)
    assert outcome == NoText(page_count=2, format="DjVu")


def test_djvu_without_its_reader_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = djvu(tmp_path, ["matn"])
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    outcome = extract(path, DJVU, LIMITS)
    assert isinstance(outcome, Unreadable)
    assert outcome.reason.code == "program-missing"
    assert dict(outcome.reason.values)["package"] == "djvulibre-bin"


@pytest.mark.parametrize(
    ("codec", "called"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-be", "UTF-16"), ("cp1251", "cp1251"),
     ("cp866", "cp866"), ("koi8-r", "KOI8-R")],
)  # fmt: skip
def test_txt_in_its_encodings(read: Read, codec: str, called: str) -> None:
    text = TEXTS["ru"]
    mark = "\ufeff" if codec == "utf-16-be" else ""
    found = read((mark + text + "\f" + text + "\r\n\f").encode(codec), TXT)
    assert found.pages == (text, text)
    assert found.format == f"TXT {called}"


def test_a_long_txt_is_cut_into_pieces_without_loss(read: Read) -> None:
    text = "\n".join(f"{number} {TEXTS['uz-Latn']}" for number in range(200))
    found = read(text.encode(), TXT)
    assert len(found.pages) > 10
    assert "\n".join(found.pages) == text


@pytest.mark.parametrize(("media_type", "called"), [("audio/mpeg", "MP3"), ("video/mp4", "MP4")])
def test_sound_and_moving_pictures_have_no_text(tmp_path: Path, media_type: str, called: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"ID3")
    assert extract(path, media_type, LIMITS) == NoText(page_count=0, format=called)


def test_a_kind_that_nobody_reads(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"GIF89a")
    outcome = extract(path, "image/gif", LIMITS)
    assert isinstance(outcome, Unreadable)
    assert outcome.reason.code == "kind-not-read"
