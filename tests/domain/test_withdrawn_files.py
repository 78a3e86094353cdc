"""Files that were taken away from readers, and which of them come back."""

from dataclasses import replace

import pytest

from library.domain.document import CLEAN, Document, DocumentState
from library.domain.errors import DocumentNotReady
from storage.model import Finding
from tests.documents import a_document


def _withdrawn(finding: str) -> Document:
    document = a_document(1, state=DocumentState.CLOSED)
    assert document.scan is not None
    return replace(document, scan=replace(document.scan, finding=finding)).withdraw("a page is missing")


def test_a_clean_file_comes_back_and_needs_a_new_approval() -> None:
    back = _withdrawn(Finding.CLEAN).restore()
    assert (back.state, back.approved, back.reason, back.sidecar_due) == (DocumentState.KEPT, None, None, True)


@pytest.mark.parametrize("finding", [finding for finding in Finding if finding is not Finding.CLEAN])
def test_a_file_that_its_last_scan_did_not_find_clean_stays_away(finding: Finding) -> None:
    with pytest.raises(DocumentNotReady, match="stays withdrawn"):
        _withdrawn(finding).restore()


def test_what_is_not_withdrawn_does_not_come_back() -> None:
    with pytest.raises(DocumentNotReady, match="is not withdrawn"):
        a_document(1, state=DocumentState.CLOSED).restore()


def test_clean_is_written_as_the_scanner_writes_it() -> None:
    assert CLEAN == Finding.CLEAN
