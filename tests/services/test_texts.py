"""From the bytes of a kept file to hits in its pages: extraction, recognition, and what the index is given."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

import pytest
import typst
from PIL import Image

from library.container import Container
from library.domain.access import GUEST
from library.domain.document import Contents, Document, DocumentState, TextState
from library.domain.marc import Dialect
from library.services.search import SearchRequest
from library.services.texts import first_pages
from library.settings import Settings
from storage.errors import NoText
from storage.model import Digest
from tests.builders import a_marc21_record, a_unimarc_record
from tests.documents import a_document, keep
from tests.staff import published


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Container]:
    opened = Container(Settings(data_dir=tmp_path / "data"))
    opened.migrate()
    yield opened
    opened.close()


def _pdf(*pages: str) -> bytes:
    return typst.compile(b"#set page(width: 12cm, height: 8cm)\n" + "\n#pagebreak()\n".join(pages).encode())


def _scan(*pages: str) -> bytes:
    """A PDF whose pages are pictures of these pages."""
    pictures = []
    for page in pages:
        source = f"#set page(width: 12cm, height: 5cm)\n#set text(size: 18pt)\n{page}".encode()
        pictures.append(Image.open(BytesIO(typst.compile(source, format="png", ppi=200))).convert("L"))
    out = BytesIO()
    pictures[0].save(out, format="PDF", save_all=True, append_images=pictures[1:], resolution=200)
    return out.getvalue()


def _waiting(container: Container, record: int, data: bytes, media_type: str = "application/pdf") -> Document:
    """A file that was just kept, whose text nobody has looked for."""
    document = replace(a_document(record, data=data), contents=Contents(), media_type=media_type)
    return keep(container, document, data)


def _work(container: Container) -> None:
    while container.full_texts.extract_step() or container.full_texts.recognise_step():
        pass
    container.indexing.rebuild()


def _hits(container: Container, words: str) -> list[tuple[int, int | None]]:
    found = container.search.run(SearchRequest(words=words), container.reading.visit(GUEST, "")).records
    return [(record.id, record.snippet.page if record.snippet else None) for record in found]


def test_words_of_a_page_find_the_record_in_the_other_alphabet(container: Container) -> None:
    number = published(container.cataloguing, Dialect.MARC21, a_marc21_record(title="Tarix"))
    document = _waiting(container, number, _pdf("Birinchi bet", "Oʻtkir shamshir haqida"))
    _work(container)
    contents = container.reading.document(document.id).contents
    assert (contents.text, contents.pages, contents.format) == (TextState.EXTRACTED, 2, "PDF 1.7")
    assert _hits(container, "шамшир") == [(number, 2)]


def test_the_cover_is_drawn_before_anybody_asks_for_it(container: Container) -> None:
    number = published(container.cataloguing, Dialect.MARC21, a_marc21_record(title="Tarix"))
    document = _waiting(container, number, _pdf("Muqovali kitob"))

    def drawn() -> set[Path]:
        return {path for path in Path(container.settings.drawings_dir).rglob("*") if path.is_file()}

    before = drawn()
    assert container.full_texts.extract_step()
    after = drawn()
    assert len(after - before) == 2
    for small in (True, False):
        container.covers.of(document.id, GUEST, "", small=small)
    assert drawn() == after


def test_pages_of_the_second_file_are_counted_on_from_the_first(container: Container) -> None:
    number = published(container.cataloguing, Dialect.MARC21, a_marc21_record(title="Tarix"))
    first = _waiting(container, number, _pdf("bir", "ikki", "uch"))
    second = _waiting(container, number, _pdf("toʻrt", "shamshir"))
    _work(container)
    documents = [container.reading.document(one.id) for one in (first, second)]
    assert first_pages(documents) == {first.id: 1, second.id: 4}
    assert _hits(container, "shamshir") == [(number, 5)]


def test_a_scan_is_recognised_page_by_page_in_the_language_of_its_record(container: Container) -> None:
    number = published(container.cataloguing, Dialect.UNIMARC, a_unimarc_record(title="История"))
    document = _waiting(container, number, _scan("История Бухары", "Великий шёлковый путь"))
    assert container.full_texts.extract_step()
    assert container.reading.document(document.id).contents.text is TextState.SCANNED
    assert container.full_texts.recognise_step()
    after_one = container.reading.document(document.id).contents
    assert (after_one.text, after_one.recognised) == (TextState.SCANNED, 1)
    _work(container)
    assert container.reading.document(document.id).contents.text is TextState.RECOGNISED
    assert _hits(container, "шелковый") == [(number, 2)]


def test_without_tesseract_a_scan_waits_and_says_what_to_install(
    container: Container, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    number = published(container.cataloguing, Dialect.UNIMARC, a_unimarc_record(title="История"))
    document = _waiting(container, number, _scan("История Бухары"))
    container.full_texts.extract_step()
    # A path on which everything is but tesseract.
    for program in ("setpriv", "unshare", "prlimit"):
        if found := shutil.which(program):
            (tmp_path / program).symlink_to(found)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not container.full_texts.recognise_step()
    contents = container.reading.document(document.id).contents
    assert (contents.text, contents.recognised) == (TextState.SCANNED, 0)
    assert "tesseract-ocr" in str(contents.text_reason)
    monkeypatch.undo()
    assert not container.full_texts.recognise_step(), "it is tried again after a while, not at once"


def test_a_recording_has_no_text_and_a_damaged_file_says_why(container: Container) -> None:
    number = published(container.cataloguing, Dialect.MARC21, a_marc21_record(title="Kuy"))
    sound = _waiting(container, number, b"ID3" + b"\0" * 200, "audio/mpeg")
    damaged = _waiting(container, number, b"%PDF-1.4\n" + b"nothing" * 50)
    _work(container)
    assert container.reading.document(sound.id).contents.text is TextState.WITHOUT
    contents = container.reading.document(damaged.id).contents
    assert contents.text is TextState.FAILED
    assert "damaged" in str(contents.text_reason)


@pytest.mark.parametrize("state", [DocumentState.CLOSED, DocumentState.WITHDRAWN])
def test_words_of_a_file_that_readers_are_not_told_of_find_nothing(container: Container, state: DocumentState) -> None:
    number = published(container.cataloguing, Dialect.MARC21, a_marc21_record(title="Tarix"))
    document = _waiting(container, number, _pdf("shamshir"))
    _work(container)
    assert _hits(container, "shamshir") == [(number, 1)]
    with container.database.writing() as tx:
        tx.documents.save(replace(tx.documents.get(document.id), state=state))
        tx.commit()
    container.indexing.refresh([number])
    assert _hits(container, "shamshir") == []


def test_texts_that_are_lost_are_made_again(container: Container) -> None:
    number = published(container.cataloguing, Dialect.MARC21, a_marc21_record(title="Tarix"))
    document = _waiting(container, number, _pdf("shamshir"))
    _work(container)
    shutil.rmtree(container.settings.text_dir)
    container.indexing.refresh([number])
    assert _hits(container, "shamshir") == []
    assert container.full_texts.restore_step()
    assert container.reading.document(document.id).contents.pages == 1, "how long it is is known all the while"
    _work(container)
    assert container.texts.read(Digest(document.digest)).pages
    assert _hits(container, "shamshir") == [(number, 1)]
    assert not container.full_texts.restore_step()


def test_the_worker_looks_for_lost_texts_when_it_starts(container: Container) -> None:
    number = published(container.cataloguing, Dialect.MARC21, a_marc21_record(title="Tarix"))
    _waiting(container, number, _pdf("shamshir"))
    _work(container)
    shutil.rmtree(container.settings.text_dir)
    deadline = monotonic() + 100

    def wait(seconds: float) -> bool:
        sleep(min(seconds, 0.05))
        return monotonic() > deadline or _hits(container, "shamshir") == [(number, 1)]

    container.indexing.rebuild()
    assert _hits(container, "shamshir") == []
    container.worker.run(wait)
    assert _hits(container, "shamshir") == [(number, 1)]


def test_pages_that_were_recognised_and_lost_are_recognised_again(container: Container) -> None:
    number = published(container.cataloguing, Dialect.UNIMARC, a_unimarc_record(title="История"))
    document = _waiting(container, number, _scan("История Бухары", "Глава вторая"))
    assert container.full_texts.extract_step()
    assert container.full_texts.recognise_step()
    shutil.rmtree(container.settings.text_dir)
    assert container.full_texts.restore_step()
    _work(container)
    first, second = container.texts.read(Digest(document.digest)).pages
    assert "Бухары" in first
    assert "Глава" in second


def test_the_same_bytes_in_two_records_are_read_once(container: Container) -> None:
    data = _pdf("shamshir")
    numbers = [
        published(container.cataloguing, Dialect.MARC21, a_marc21_record(title=title)) for title in ("Tarix", "Tarix 2")
    ]
    documents = [_waiting(container, number, data) for number in numbers]
    assert container.full_texts.extract_step()
    assert not container.full_texts.extract_step()
    assert {container.reading.document(one.id).contents.text for one in documents} == {TextState.EXTRACTED}
    container.indexing.rebuild()
    assert sorted(_hits(container, "shamshir")) == [(number, 1) for number in numbers]
    with pytest.raises(NoText):
        container.texts.read(Digest.of(b"something else"))
