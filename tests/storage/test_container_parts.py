import io
import random

import pytest

from storage.container_parts import look_into
from storage.containers import Limits, examine
from storage.model import MediaType, Objection
from tests.storage import specimens

DOCX, EPUB = MediaType.DOCX, MediaType.EPUB
XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://192.0.2.1/x.dtd"> %x;]>'
BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
DECLARATIONS = [XXE, PARAMETER, BOMB]


def judge(data, kind):
    look_into(examine(io.BytesIO(data), Limits()), kind)


def code_of(data, kind):
    with pytest.raises(Objection) as caught:
        judge(data, kind)
    return caught.value.reason.code


def test_sound_books_and_documents_pass():
    judge(specimens.epub(), EPUB)
    judge(specimens.docx(), DOCX)
    judge(specimens.docx({"word/embeddings/oleObject1.bin": b"an equation"}), DOCX)


@pytest.mark.parametrize(
    "href",
    [
        "../../outside.xhtml",
        "%2e%2e/%2e%2e/outside.xhtml",
        "a/../../../b",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://192.0.2.1/a.xhtml",
        "//192.0.2.1/a.xhtml",
        "..\\..\\a",
        "javascript:alert(1)",
        "http://[",
    ],
)
def test_a_list_of_parts_that_points_outside_is_refused(href):
    assert code_of(specimens.epub(package=specimens.opf("bob.xhtml", href)), EPUB) == "outside"


def test_a_book_may_point_up_within_itself():
    judge(specimens.epub(package=specimens.opf("../cover.svg", "bob.xhtml#a", "a%20b.xhtml")), EPUB)


@pytest.mark.parametrize("root", ["../book.opf", "/etc/passwd", "http://192.0.2.1/book.opf"])
def test_a_book_whose_list_lies_outside_is_refused(root):
    assert code_of(specimens.epub(root=root), EPUB) in {"outside", "part-damaged"}


@pytest.mark.parametrize("part", ["META-INF/container.xml", "OEBPS/book.opf"])
def test_a_book_without_its_lists_is_refused(part):
    members = specimens.epub_members()
    members[part] = "<not closed"
    assert code_of(specimens.zipped(members), EPUB) == "part-damaged"
    del members[part]
    assert code_of(specimens.zipped(members), EPUB) == "part-damaged"


def test_a_list_of_no_book_is_refused():
    empty = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"/>'
    assert code_of(specimens.epub({"META-INF/container.xml": empty}), EPUB) == "part-damaged"


@pytest.mark.parametrize("declaration", [*DECLARATIONS, "<!DOCTYPE package>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declarations_in_the_list_of_parts_are_refused(declaration, encoding):
    package = specimens.opf("bob.xhtml", before=declaration).replace('encoding="utf-8"', f'encoding="{encoding}"')
    assert code_of(specimens.epub({"OEBPS/book.opf": package.encode(encoding)}), EPUB) == "entities"


@pytest.mark.parametrize("declaration", DECLARATIONS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-32"])
def test_entities_in_any_part_of_a_book_are_refused(declaration, encoding):
    page = f"{declaration}<html><body>&x;</body></html>".encode(encoding)
    assert code_of(specimens.epub({"OEBPS/bob2.xhtml": page}), EPUB) == "entities"


@pytest.mark.parametrize("declaration", [*DECLARATIONS, "<!DOCTYPE document>"])
@pytest.mark.parametrize(
    "part",
    ["[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels", "docProps/core.xml"],
)
def test_declarations_in_any_part_of_a_document_are_refused(declaration, part):
    text = specimens.docx_members().get(part, "<?xml version='1.0'?><a/>")
    head, end, body = str(text).partition("?>")
    assert code_of(specimens.docx({part: head + end + declaration + body}), DOCX) == "entities"


def test_a_declaration_hidden_by_an_encoding_is_refused():
    text = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>'
    assert code_of(specimens.docx({"word/settings.xml": text}), DOCX) == "entities"


@pytest.mark.parametrize(
    "part",
    ["word/vbaProject.bin", "word/VBAPROJECT.BIN", "word/vbaData.xml", "word/activeX/activeX1.xml", "vbaProject.bin"],
)
def test_macros_and_controls_are_refused(part):
    assert code_of(specimens.docx({part: b"a"}), DOCX) == "macros"


@pytest.mark.parametrize(
    "types",
    [
        specimens.content_types("application/vnd.ms-word.document.macroEnabled.main+xml"),
        specimens.content_types(extra='<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'),
        specimens.content_types(
            extra='<Override PartName="/a.xml" ContentType="application/vnd.ms-office.activeX+xml"/>'
        ),
    ],
)
def test_macros_under_another_name_are_refused(types):
    assert code_of(specimens.docx({"[Content_Types].xml": types, "word/a.dat": b"a"}), DOCX) == "macros"


def test_a_table_or_a_template_is_no_document():
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    assert code_of(specimens.docx({"[Content_Types].xml": specimens.content_types(sheet)}), DOCX) == "not-docx"


def test_an_archive_that_is_no_document_is_refused():
    assert code_of(specimens.zipped({"a.txt": b"words"}), DOCX) == "part-damaged"


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject", "frame", "subDocument", "externalLinkPath"])
@pytest.mark.parametrize("mode", ["External", "external"])
def test_parts_fetched_from_elsewhere_are_refused(kind, mode):
    links = specimens.relationships((kind, "http://192.0.2.1/a.dotm", mode))
    assert code_of(specimens.docx({"word/_rels/settings.xml.rels": links}), DOCX) == "remote-part"


def test_links_that_a_reader_follows_are_no_harm():
    links = specimens.relationships(
        ("hyperlink", "https://example.org/", "External"),
        ("image", "media/a.png", "Internal"),
        ("x", "/word/a.xml", ""),
    )
    judge(specimens.docx({"word/_rels/document.xml.rels": links}), DOCX)


@pytest.mark.parametrize("target", ["../../etc/passwd", "file:///etc/passwd", "\\\\host\\share\\a"])
def test_own_parts_that_lie_outside_are_refused(target):
    links = specimens.relationships(("image", target, "Internal"))
    assert code_of(specimens.docx({"word/_rels/document.xml.rels": links}), DOCX) == "outside"


def test_a_page_of_another_kind_built_in_is_refused():
    links = specimens.relationships(("aFChunk", "a.mht", "Internal"))
    assert code_of(specimens.docx({"word/_rels/document.xml.rels": links}), DOCX) == "foreign-chunk"


def test_a_protected_book_is_refused_but_scrambled_fonts_are_not():
    text = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<enc:EncryptedData xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptionMethod Algorithm="{}"/>'
        "</enc:EncryptedData></encryption>"
    )
    fonts = text.format("http://www.idpf.org/2008/embedding")
    judge(specimens.epub({"META-INF/encryption.xml": fonts}), EPUB)
    locked = text.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    assert code_of(specimens.epub({"META-INF/encryption.xml": locked}), EPUB) == "protected"


def test_a_list_larger_than_any_honest_one_is_refused():
    many = random.Random(1).randbytes(2_700_000).hex()
    package = specimens.opf("bob.xhtml").replace("<metadata/>", f"<metadata>{many}</metadata>")
    assert code_of(specimens.epub(package=package), EPUB) == "part-damaged"
