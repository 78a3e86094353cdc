"""Files of every kind with known text in the five languages; all are written here."""

import io
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import typst
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement

PDF = "application/pdf"
EPUB = "application/epub+zip"
DJVU = "image/vnd.djvu"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TXT = "text/plain"

TEXTS = {
    "uz-Latn": (
        "Oʻzbek kutubxonalarida gʻoyat qadimiy qoʻlyozmalar saqlanadi. Har bir kitobning oʻz taqdiri bor: biri "
        "saroydan kelgan, boshqasi bozordan topilgan. Choʻl shamoli va yomgʻir ularning sahifalarini oʻchira olmadi."
    ),
    "uz-Cyrl": (
        "Ўзбек кутубхоналарида ғоят қадимий қўлёзмалар сақланади. Ҳар бир китобнинг ўз тақдири бор: бири саройдан "
        "келган, бошқаси бозордан топилган. Чўл шамоли ва ёмғир уларнинг саҳифаларини ўчира олмади."
    ),
    "ky": (
        "Кыргыз китепканаларында өтө байыркы кол жазмалар сакталат. Ар бир китептин өз тагдыры бар: бири сарайдан "
        "келген, башкасы базардан табылган. Талаанын шамалы менен жаңы жамгыр алардын беттерин өчүрө алган жок."
    ),
    "ru": (
        "В библиотеках хранятся очень древние рукописи. У каждой книги своя судьба: одна пришла из дворца, другую "
        "нашли на базаре. Ни степной ветер, ни дожди не смогли стереть их страницы, и объём собрания растёт."
    ),
    "en": (
        "The libraries keep very old manuscripts. Every book has a fate of its own: one came from the palace, another "
        "was found in the bazaar. Neither the wind of the steppe nor the rain could efface their flowing pages."
    ),
}


def words(text: str) -> set[str]:
    """The words of a text, without the signs around them."""
    return {word.strip(".,:;!?()«»\"'").lower() for word in text.split()} - {""}


def pdf(pages: Sequence[tuple[str, str, str]]) -> bytes:
    """A PDF of pages, each with a language, a heading (which becomes a bookmark) and a text."""
    lines = ['#set page(width: 148mm, height: 210mm)\n#set par(justify: true)\n#set text(font: "DejaVu Serif", 10pt)\n']
    for language, heading, text in pages:
        lines.append(
            f'#set text(lang: "{language[:2]}", hyphenate: true)\n= {heading}\n{text}\n#pagebreak(weak: true)\n'
        )
    return bytes(typst.compile("".join(lines).encode()))


def book(language: str, count: int) -> bytes:
    """A PDF with one text on each of so many pages."""
    return pdf([(language, f"Bob {number}", TEXTS[language]) for number in range(1, count + 1)])


def written_pdf(objects: Sequence[bytes], *, root: int = 1, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1, with a right table of references."""
    data = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, root, trailer, start,
    )  # fmt: skip
    return bytes(data)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
SHOW = b"BT /F 12 Tf 72 700 Td (%s) Tj ET"


def page(contents: int, *, parent: int = 2, font: int = 4) -> bytes:
    return (
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
        b" /Resources << /Font << /F %d 0 R >> >> >>" % (parent, contents, font)
    )


def one_page_pdf(text: bytes = b"Birinchi sahifa", *, count: bytes = b"1", kids: bytes = b"3 0 R") -> list[bytes]:
    """The objects of a PDF with one page: catalogue, pages, page, font, contents."""
    return [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %s >>" % (kids, count),
        page(5),
        FONT,
        stream(SHOW % text),
    ]


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 9, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def xhtml(body: str, *, before: str = "<!DOCTYPE html>") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{before}<html xmlns="http://www.w3.org/1999/xhtml"'
        f' xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Sarlavha</title></head><body>{body}</body></html>'
    )


def epub_parts(
    chapters: Sequence[str], *, extra: str = "", spine: str = "", version: str = "3.0"
) -> dict[str, str | bytes]:
    """The parts of a book of such chapters, each a document of XHTML."""
    items = "".join(f'<item id="c{n}" href="matn/c{n}.xhtml"/>' for n in range(1, len(chapters) + 1))
    order = "".join(f'<itemref idref="c{n}"/>' for n in range(1, len(chapters) + 1))
    return {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": (
            '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
            '<rootfiles><rootfile full-path="OEBPS/kitob.opf"/></rootfiles></container>'
        ),
        "OEBPS/kitob.opf": (
            f'<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="{version}"><metadata/>'
            f"<manifest>{items}{extra}</manifest><spine{spine}>{order}</spine></package>"
        ),
        **{f"OEBPS/matn/c{n}.xhtml": text for n, text in enumerate(chapters, 1)},
    }


def docx(pages: Sequence[tuple[str, str]], *, rendered: bool = False) -> bytes:
    """A document with a heading and a text on each page; `rendered` adds the marks Word leaves where pages began."""
    document = Document()
    for number, (heading, text) in enumerate(pages):
        paragraph = document.add_heading(heading, level=1)
        if number and rendered:
            paragraph.runs[0]._r.insert(0, OxmlElement("w:lastRenderedPageBreak"))
        document.add_paragraph(text)
        if number + 1 < len(pages):
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def djvu(directory: Path, pages: Sequence[str], *, contents: str = "") -> Path:
    """A DjVu document with a hidden text on each page ("" for none), and an outline in djvused's words."""
    picture = directory / "page.pbm"
    picture.write_text("P1\n16 16\n" + "0 1 " * 128)
    names = []
    for number, text in enumerate(pages, 1):
        name = directory / f"p{number}.djvu"
        subprocess.run(["cjb2", picture, name], check=True)
        if text:
            quoted = "".join(f"\\{byte:03o}" for byte in text.encode())
            (directory / "text").write_text(f'(page 0 0 16 16 (line 0 0 16 16 "{quoted}"))')
            subprocess.run(["djvused", name, "-e", f"select 1; set-txt {directory}/text; save"], check=True)
        names.append(name)
    whole = directory / "whole.djvu"
    subprocess.run(["djvm", "-c", whole, *names], check=True)
    if contents:
        (directory / "outline").write_text(contents, encoding="utf-8")
        subprocess.run(["djvused", whole, "-e", f"set-outline {directory}/outline; save"], check=True)
    return whole
