"""The full texts of the sample: a newcomer sees each kind, each language, each right, and what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.extraction.model import Extracted, NoText
from indexer.extraction.reading import extract
from indexer.extraction.sandbox import Limits
from library import sample
from library.cli import sample_texts
from library.container import Container
from library.domain.access_level import AccessLevel
from library.domain.document import DocumentState
from library.sample.full_texts import FullText, full_texts
from library.settings import Settings

_TYPES = {
    ".pdf": "application/pdf",
    ".epub": "application/epub+zip",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".djvu": "image/vnd.djvu",
    ".txt": "text/plain",
}
_PICTURES = ("scan", "djvu-scan")


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Container]:
    opened = Container(Settings(data_dir=tmp_path / "data"))
    opened.migrate()
    opened.importing.run(sample.paths())
    yield opened
    opened.close()


def test_there_is_one_of_every_case() -> None:
    texts = full_texts()
    assert len(texts) >= 20
    assert {text.level for text in texts} == set(AccessLevel)
    assert {text.language for text in texts} == {"uz-Latn", "uz-Cyrl", "ky", "ru", "en"}
    kinds = Counter(text.kind for text in texts)
    assert set(kinds) == {"pdf", "scan", "epub", "docx", "djvu", "djvu-scan", "txt", "cp1251"}
    assert any(text.has_embargo for text in texts)
    assert any(not text.is_approved for text in texts)
    assert {text.came for text in texts} >= {
        "own",
        "purchase",
        "exchange",
        "gift",
        "subscription",
        "subscription-ended",
        "",
    }


@pytest.mark.parametrize("text", full_texts(), ids=lambda text: text.path.name)
def test_each_file_says_what_it_was_made_from(text: FullText) -> None:
    outcome = extract(text.path, _TYPES[text.path.suffix], Limits())
    if text.kind in _PICTURES:
        assert isinstance(outcome, NoText)
        assert outcome.page_count == 1 + len(text.sections)
        return
    assert isinstance(outcome, Extracted)
    said = _letters("".join(outcome.pages))
    for section in text.sections:
        for paragraph in section:
            assert _letters(paragraph) in said


def _letters(words: str) -> str:
    """Without blanks, and without hyphens, which at the end of a line are taken for those of a broken word."""
    return "".join(words.replace("-", "").split())


def test_they_are_taken_in_with_their_transfers_and_wait_for_the_checks(container: Container) -> None:
    assert sample_texts.take_in(container) == len(full_texts())
    with container.database.reading() as view:
        documents = view.documents.page(0, 100)
    assert {document.state for document in documents} == {DocumentState.QUARANTINED}
    assert sum(document.approved is None for document in documents) == 2
    assert sum(document.transfer_id is None for document in documents) == 1
    today = container.transfers.today()
    ends = [document.term_ends for document in documents if document.term_ends is not None]
    assert len(ends) == 2
    assert min(ends) < today < max(ends)
    assert "Oliy matematika.pdf" in {document.name for document in documents}
