"""For authors: make the files of the sample's full texts again: `python -m library.sample.full_text_files`.

It needs DjVuLibre (cjb2, djvm, djvused).
"""

from __future__ import annotations

import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from io import BytesIO
from pathlib import Path

import typst
from docx import Document
from PIL import Image

from library.sample.full_texts import FullText, full_texts

_PAPER = "#set document(title: [{title}], date: none)\n#set page(width: 14.8cm, height: 21cm, margin: 1.8cm)\n"
_TYPE = '#set text(font: "Libertinus Serif", size: 11pt, lang: "{language}")\n#set par(justify: true)\n'
_DOTS = 150
_WHITE_FROM = 160
_EPOCH = (2026, 1, 1, 0, 0, 0)


def _pages(text: FullText) -> list[str]:
    """The pages for typst: the title page, then a page for each section."""
    name = f"#par(justify: false)[#text(size: 20pt)[*{_plain(text.title)}*]]"
    title = f"#align(center)[{_plain(text.author)}]\n#v(4cm)\n#align(center)[{name}]"
    sections = ["\n\n".join([f"= {_plain(head)}", *map(_plain, body)]) for head, *body in text.sections]
    return [f"{title}\n#v(1fr)\n#align(center)[{text.year}]", *sections]


def _markup(text: FullText, pages: list[str]) -> bytes:
    head = _PAPER.format(title=_plain(text.title)) + _TYPE.format(language=text.language.partition("-")[0])
    return (head + "\n#pagebreak()\n".join(pages)).encode()


def _plain(words: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\#$*_`<>@[]~" else sign for sign in words)


def _pdf(text: FullText) -> bytes:
    return bytes(typst.compile(_markup(text, _pages(text))))


def _pictures(text: FullText) -> list[Image.Image]:
    """Each page in black and white, as a scanner gives it."""
    made = (typst.compile(_markup(text, [page]), format="png", ppi=_DOTS) for page in _pages(text))
    return [
        Image.open(BytesIO(bytes(png))).convert("L").point(lambda dot: 255 * (dot > _WHITE_FROM)).convert("1")
        for png in made
    ]


def _scan(text: FullText) -> bytes:
    first, *further = _pictures(text)
    out = BytesIO()
    first.save(
        out, format="PDF", save_all=True, append_images=further, resolution=_DOTS, creationDate=None, modDate=None
    )
    return out.getvalue()


def _djvu(text: FullText, *, with_text: bool = True) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        pages = []
        for number, picture in enumerate(_pictures(text)):
            bitmap, page = home / f"{number}.pbm", home / f"{number}.djvu"
            picture.save(bitmap)
            _run("cjb2", "-dpi", str(_DOTS), str(bitmap), str(page))
            if with_text:
                said = text.sections[number - 1] if number else (text.author, text.title, str(text.year))
                words = " ".join(said).replace("\\", "\\\\").replace('"', '\\"')
                script = home / f"{number}.dsed"
                size = f"{picture.width} {picture.height}"
                script.write_text(f'select 1\nset-txt\n(page 0 0 {size} "{words}")\n.\nsave\n', encoding="utf-8")
                _run("djvused", str(page), "-f", str(script))
            pages.append(str(page))
        whole = home / "whole.djvu"
        _run("djvm", "-c", str(whole), *pages)
        return whole.read_bytes()


def _run(*command: str) -> None:
    subprocess.run(command, check=True)  # noqa: S603  (our own words, on the author's machine)


def _docx(text: FullText) -> bytes:
    document = Document()
    for number, (head, *body) in enumerate(text.sections):
        document.add_heading(head, level=1).paragraph_format.page_break_before = number > 0
        for paragraph in body:
            document.add_paragraph(paragraph)
    document.core_properties.created = document.core_properties.modified = datetime(*_EPOCH)  # noqa: DTZ001  (no zone)
    saved, out = BytesIO(), BytesIO()
    document.save(saved)
    # With the times of today the parts would be others each time.
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(out, "w") as book:
        for name in parts.namelist():
            _add(book, name, parts.read(name))
    return out.getvalue()


def _txt(text: FullText) -> str:
    return "\r\n".join("\r\n\r\n".join(section) + "\r\n" for section in text.sections)


def _epub(text: FullText) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        _add(book, "mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        _add(book, "META-INF/container.xml", _CONTAINER)
        names = [f"s{number}" for number in range(1, len(text.sections) + 1)]
        manifest = "".join(
            f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>' for name in names
        )
        spine = "".join(f'<itemref idref="{name}"/>' for name in names)
        lines = "".join(
            f'<li><a href="{name}.xhtml">{escape(section[0])}</a></li>'
            for name, section in zip(names, text.sections, strict=True)
        )
        identity = f"urn:sample:{text.source}:{text.key}"
        _add(book, "package.opf", _PACKAGE.format(identity=escape(identity), title=escape(text.title),
                                                  language=text.language, manifest=manifest, spine=spine))  # fmt: skip
        contents = f'<nav epub:type="toc"><ol>{lines}</ol></nav>'
        _add(book, "nav.xhtml", _PAGE.format(language=text.language, title=escape(text.title), body=contents))
        for name, (head, *body) in zip(names, text.sections, strict=True):
            words = f"<h1>{escape(head)}</h1>" + "".join(f"<p>{escape(paragraph)}</p>" for paragraph in body)
            _add(book, f"{name}.xhtml", _PAGE.format(language=text.language, title=escape(head), body=words))
    return out.getvalue()


def _add(book: zipfile.ZipFile, name: str, content: str | bytes, method: int = zipfile.ZIP_DEFLATED) -> None:
    part = zipfile.ZipInfo(name, _EPOCH)
    part.compress_type = method
    book.writestr(part, content)


_CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
_PACKAGE = (
    '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">{identity}</dc:identifier>'
    "<dc:title>{title}</dc:title><dc:language>{language}</dc:language>"
    '<meta property="dcterms:modified">2026-01-01T00:00:00Z</meta></metadata>'
    '<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>{manifest}'
    "</manifest>"
    "<spine>{spine}</spine></package>"
)
_PAGE = (
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
    'xml:lang="{language}"><head><title>{title}</title></head><body>{body}</body></html>'
)

_MAKERS: Mapping[str, Callable[[FullText], bytes]] = {
    "pdf": _pdf,
    "scan": _scan,
    "djvu": _djvu,
    "djvu-scan": lambda text: _djvu(text, with_text=False),
    "docx": _docx,
    "epub": _epub,
    "txt": lambda text: _txt(text).encode(),
    "cp1251": lambda text: _txt(text).encode("cp1251"),
}


def write() -> None:
    """Make all files anew."""
    for text in full_texts():
        text.path.parent.mkdir(parents=True, exist_ok=True)
        text.path.write_bytes(_MAKERS[text.kind](text))


if __name__ == "__main__":
    write()
