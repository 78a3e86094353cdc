import pytest

from storage.content_store import place_of
from storage.errors import NoText
from storage.model import Digest
from storage.text_store import Heading, Text, TextStore

BOOK, OTHER = Digest.of(b"book"), Digest.of(b"other")


@pytest.fixture
def texts(tmp_path):
    return TextStore(tmp_path / "text")


def test_pages_are_kept_as_they_are(texts, tmp_path):
    pages = ["Биринчи бет", "", "Үчүнчү барак\n\x0c", "\ud800"]
    text = texts.keep(BOOK, pages, made_by="reader 1")
    assert text == Text(pages=tuple(pages), made_by="reader 1")
    assert TextStore(tmp_path / "text").read(BOOK) == text


def test_the_table_of_contents_is_kept_with_the_pages(texts):
    outline = (Heading(title="1-боб. Тарих", page=1, level=0), Heading(title="1.1", page=2, level=1))
    text = texts.keep(BOOK, ["a", "b"], made_by="reader 1", outline=outline)
    assert text.outline == outline
    assert texts.read(BOOK) == text


def test_a_later_text_takes_the_place_of_the_former(texts):
    texts.keep(BOOK, ["scanned"], made_by="ocr 1")
    texts.keep(BOOK, ["read"], made_by="ocr 2")
    assert texts.read(BOOK).pages == ("read",)


def test_there_is_no_text_where_none_was_kept(texts):
    with pytest.raises(NoText):
        texts.read(BOOK)
    texts.forget(BOOK)


@pytest.mark.parametrize("damage", [lambda data: data[:-3], lambda _: b"", lambda data: data[:9] + b"xx" + data[11:]])
def test_a_damaged_text_is_extracted_again(texts, tmp_path, damage):
    texts.keep(BOOK, ["words " * 99], made_by="reader 1")
    path = place_of(tmp_path / "text", BOOK)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(NoText):
        texts.read(BOOK)


def test_a_text_can_be_forgotten(texts):
    texts.keep(BOOK, ["words"], made_by="reader 1")
    texts.forget(BOOK)
    with pytest.raises(NoText):
        texts.read(BOOK)


def test_texts_of_files_that_are_gone_are_swept(texts, tmp_path):
    for digest in (BOOK, OTHER):
        texts.keep(digest, ["words"], made_by="reader 1")
    place_of(tmp_path / "text", BOOK).with_name("begun.1-2.part").write_bytes(b"x")
    assert texts.sweep({BOOK}) == 2
    assert texts.read(BOOK).pages == ("words",)
    with pytest.raises(NoText):
        texts.read(OTHER)
