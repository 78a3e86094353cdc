"""Files of every kind that is taken in, sound ones and ones made to do harm; all are written here byte by byte."""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Mapping, Sequence

from tests.storage.clamd_daemon import EICAR

DOCX_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

Members = Mapping[str, bytes | str]


def zipped(members: Members, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive; a member called `mimetype` is stored, as EPUB demands."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2026, 9, 1, 0, 0, 0))
            archive.writestr(info, data, zipfile.ZIP_STORED if name == "mimetype" else method)
    return file.getvalue()


def opf(*hrefs: str, before: str = "") -> str:
    items = "".join(f'<item id="i{number}" href="{href}"/>' for number, href in enumerate(hrefs))
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{before}<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f"<metadata/><manifest>{items}</manifest><spine/></package>"
    )


def epub_members(package: str | None = None, root: str = "OEBPS/book.opf") -> dict[str, bytes | str]:
    return {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": (
            '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
            f'<rootfiles><rootfile full-path="{root}" media-type="application/oebps-package+xml"/>'
            "</rootfiles></container>"
        ),
        "OEBPS/book.opf": opf("bob.xhtml", "../cover.svg") if package is None else package,
        "OEBPS/bob.xhtml": '<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>Birinchi bob</body></html>',
        "cover.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    }


def epub(extra: Members | None = None, **changes: str) -> bytes:
    return zipped({**epub_members(**changes), **(extra or {})})


def content_types(main: str = DOCX_MAIN, extra: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>{extra}</Types>'
    )


def relationships(*rows: tuple[str, str, str]) -> str:
    """Each row: the end of the type, the target, the mode (`Internal` or `External`)."""
    links = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/>'
        for number, (kind, target, mode) in enumerate(rows)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{RELATIONSHIPS}">{links}</Relationships>'


def docx_members() -> dict[str, bytes | str]:
    return {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relationships(("officeDocument", "word/document.xml", "Internal")),
        "word/document.xml": (
            f'<?xml version="1.0"?><w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>Matn</w:t></w:r></w:p></w:body>'
            "</w:document>"
        ),
        "word/_rels/document.xml.rels": relationships(("hyperlink", "https://example.org/", "External")),
    }


def docx(extra: Members | None = None) -> bytes:
    return zipped({**docx_members(), **(extra or {})})


def djvu(tail: bytes = b"") -> bytes:
    info = struct.pack(">HHBBHBB", 100, 100, 24, 0, 300, 22, 1)
    body = b"DJVU" + b"INFO" + struct.pack(">I", len(info)) + info
    return b"AT&TFORM" + struct.pack(">I", len(body)) + body + tail


def mp3() -> bytes:
    frame = b"\xff\xfb\x90\x64" + bytes(413)
    return b"ID3\x03\0\0\0\0\0\x0a" + bytes(10) + frame * 4


def mp4() -> bytes:
    return struct.pack(">I", 24) + b"ftypisom\0\0\2\0isommp41" + struct.pack(">I", 16) + b"mdat" + bytes(8)


def txt() -> bytes:
    return "Кутубхона ва китоблар ҳақида.\r\n".encode("cp1251", "replace") * 20


# A document with this in its trailer opens only with a password.
LOCK = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>]" % (b"41" * 32, b"42" * 32)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def deflated(data: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(data), b"/Filter /FlateDecode " + entries)


def pdf(catalogue: bytes = b"", objects: Sequence[bytes] = (), trailer: bytes = b"", *, page: bytes = b"") -> bytes:
    """A PDF of one page: entries for its catalogue, its page and its trailer; further objects are numbered from 10."""
    numbered = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R %s >>" % page,
        4: stream(b"BT ET"),
        **dict(enumerate(objects, 10)),
    }
    file = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in numbered.items():
        places[number] = len(file)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(file)
    file += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        file += b"%d 1\n%010d 00000 n \n" % (number, place)
    size = max(numbered) + 1
    return bytes(file) + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)


def revised(document: bytes, objects: Mapping[int, bytes], *, listed: bool = True) -> bytes:
    """The document with objects added behind its end, in a new cross-reference table or in none."""
    file = bytearray(document)
    former = int(document[document.rindex(b"startxref") :].split()[1])
    places = {}
    for number, body in objects.items():
        places[number] = len(file)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(file)
    file += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items() if listed else ():
        file += b"%d 1\n%010d 00000 n \n" % (number, place)
    size = max([14, *objects]) + 1
    return bytes(file) + b"trailer\n<< /Size %d /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        former,
        start,
    )


def object_stream(bodies: Mapping[int, bytes]) -> bytes:
    """An object stream with these objects."""
    data, heads = b"", b""
    for number, body in bodies.items():
        heads += b"%d %d " % (number, len(data))
        data += body + b" "
    return deflated(heads + data, b"/Type /ObjStm /N %d /First %d" % (len(bodies), len(heads)))


def attached(data: bytes, filters: bytes = b"") -> bytes:
    """A PDF with a file inside."""
    return pdf(
        b"/Names << /EmbeddedFiles << /Names [(a) 10 0 R] >> >>",
        [
            b"<< /Type /Filespec /F (a.txt) /EF << /F 11 0 R >> >>",
            stream(data, b"/Type /EmbeddedFile " + filters),
        ],
    )


def sound() -> dict[str, bytes]:
    """A good file of each kind by the name it is sent under."""
    return {
        "darslik.pdf": pdf(),
        "kitob.epub": epub(),
        "maqola.docx": docx(),
        "qoʻlyozma.djvu": djvu(),
        "эскиз.txt": txt(),
        "maʼruza.mp3": mp3(),
        "dars.mp4": mp4(),
    }


def mail(data: bytes) -> bytes:
    return (
        b'MIME-Version: 1.0\nFrom: a@example.org\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n'
        b'Content-Type: application/octet-stream; name="a.bin"\nContent-Transfer-Encoding: base64\n\n'
        + b64encode(data)
        + b"\n--b--\n"
    )


def tarred(data: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def infected() -> dict[str, bytes]:
    """The test virus in every wrap that a scanner must look into, as raw bytes for it."""
    return {
        "plain": EICAR,
        "with line ends": EICAR + b"\r\n",
        "in the middle": b"a" * 5000 + EICAR + b"b" * 5000,
        "zip": zipped({"a.txt": EICAR}),
        "zip in zip": zipped({"a.zip": zipped({"a.txt": EICAR})}),
        "gz": gzip.compress(EICAR, mtime=0),
        "tar.gz": tarred(EICAR),
        "mail": mail(EICAR),
        "docx": docx({"word/embeddings/oleObject1.bin": EICAR}),
        "epub": epub({"OEBPS/a.txt": EICAR}),
        "pdf": attached(EICAR),
        "pdf, deflated": attached(zlib.compress(EICAR), b"/Filter /FlateDecode"),
        "pdf, hexadecimal and deflated": attached(
            zlib.compress(EICAR).hex().encode() + b">", b"/Filter [/ASCIIHexDecode /FlateDecode]"
        ),
        "pdf, zip": attached(zipped({"a.txt": EICAR})),
        "djvu tail": djvu(EICAR),
        "mp3 tail": mp3() + EICAR,
        "mp3 without a tag": mp3()[20:] + EICAR,
        "mp4 tail": mp4() + EICAR,
        "pdf tail": pdf() + EICAR,
    }
