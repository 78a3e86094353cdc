"""What was clean is scanned again each week and after new signatures; what is found then is closed at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from library.domain.document import DocumentState
from library.domain.errors import DocumentNotReady, NotEntitled
from library.domain.journal import Deed
from storage.errors import NotClean
from storage.model import Digest, Finding
from tests.documents import a_pdf
from tests.services.custodian import Custodian
from tests.staff import AZIZA, NODIRA
from tests.storage.clamd_daemon import EICAR, Daemon

MARK = b"OMBOR-SINOVI-7731"
WORDS = b"Oddiy matn: " + MARK + b". "
EICAR_TOO = f"Test.Eicar.Anywhere:0:*:{EICAR.hex()}\n"
LATER = f"{EICAR_TOO}Test.Later:0:*:{MARK.hex()}\n"


def _week(custodian: Custodian) -> int:
    """A week later: how many files are scanned."""
    custodian.clock.pass_(days=7, seconds=1)
    custodian.watch.look()
    steps = 0
    while custodian.rescan.step():
        steps += 1
    return steps


def test_every_file_is_scanned_again_within_a_week_and_the_verdict_is_renewed(custodian: Custodian) -> None:
    documents = [custodian.keep(a_pdf(f"Bet {number}"), f"{number}.pdf") for number in range(3)]
    custodian.watch.look()
    assert not custodian.rescan.step()
    assert _week(custodian) == 3
    for document in map(custodian.document, documents):
        assert document.state is DocumentState.KEPT
        assert document.scan is not None
        assert document.scan.at == custodian.clock()
        assert custodian.store.describe(Digest(document.digest)).verdict.scanned_at == custodian.clock()
    assert not custodian.rescan.step()


def test_what_new_signatures_find_is_closed_in_rows_and_store_and_told(custodian: Custodian, clamd: Daemon) -> None:
    document = custodian.send(WORDS, "matn.txt")
    custodian.approve(document)
    assert custodian.inspected(document).is_published
    twin = custodian.keep(WORDS, "nusxa.txt", custodian.record_named("Algebra"))
    other = custodian.keep(a_pdf("Boshqa"))
    indexed = custodian.indexed()
    with clamd.knowing(LATER):
        assert _week(custodian) == 2
    for one in map(custodian.document, (document, twin)):
        assert one.state is DocumentState.CLOSED
        assert "Test.Later" in str(one.reason)
        assert custodian.deeds(one)[-1] is Deed.DOCUMENT_CLOSED
    with pytest.raises(NotClean):
        custodian.store.open(Digest(document.digest))
    assert custodian.document(other).state is DocumentState.KEPT
    assert custodian.indexed() == indexed + 2
    assert custodian.custody.alerts(actor=NODIRA).closed == 2


def test_other_signatures_have_the_store_scanned_again_little_by_little(custodian: Custodian) -> None:
    documents = [custodian.keep(a_pdf(f"Bet {number}"), f"{number}.pdf") for number in range(3)]
    with custodian.container.database.writing() as tx:
        for document in documents:
            assert document.scan is not None
            tx.documents.note_scan(document.digest, replace(document.scan, signatures="27001 of Mon Sep 7 2026"))
        tx.commit()
    custodian.watch.look()
    assert custodian.rescan.step()
    assert not custodian.rescan.step()
    custodian.clock.pass_(seconds=59)
    assert not custodian.rescan.step()
    for _ in range(2):
        custodian.clock.pass_(seconds=61)
        assert custodian.rescan.step()
    custodian.clock.pass_(seconds=61)
    assert not custodian.rescan.step()


def test_nothing_is_scanned_while_the_scanner_can_not_be_trusted(custodian: Custodian, clamd: Daemon) -> None:
    document = custodian.keep(WORDS, "matn.txt")
    custodian.clock.pass_(days=8)
    with clamd.stopped():
        custodian.watch.look()
        assert not custodian.rescan.step()
    assert custodian.document(document).state is DocumentState.KEPT


def test_a_scanner_that_falls_silent_in_between_changes_nothing(custodian: Custodian, clamd: Daemon) -> None:
    document = custodian.keep(WORDS, "matn.txt")
    with clamd.stopped():
        assert custodian.rescan.scan(document.digest) is Finding.RETRY
    assert custodian.document(document).state is DocumentState.KEPT
    custodian.store.open(Digest(document.digest)).close()


@pytest.mark.parametrize("harm", ["altered", "lost"])
def test_a_file_that_can_not_be_scanned_is_closed_and_not_in_the_way(custodian: Custodian, harm: str) -> None:
    harmed, other = custodian.keep(WORDS, "matn.txt"), custodian.keep(a_pdf("Boshqa"))
    path = custodian.path(harmed)
    path.chmod(0o640)
    path.unlink() if harm == "lost" else path.write_bytes(WORDS + b"!")
    assert _week(custodian) == 2
    assert custodian.document(harmed).state is DocumentState.CLOSED
    sound = custodian.document(other)
    assert sound.scan is not None
    assert sound.scan.at == custodian.clock()


def test_a_false_alarm_that_was_mended_opens_by_a_person_only(custodian: Custodian, clamd: Daemon) -> None:
    document = custodian.send(WORDS, "matn.txt")
    custodian.approve(document)
    document = custodian.inspected(document)
    with clamd.knowing(LATER):
        _week(custodian)
        with pytest.raises(DocumentNotReady, match="Test"):
            custodian.rescan.reopen(document.id, actor=AZIZA)
    assert _week(custodian) == 1
    assert custodian.document(document).state is DocumentState.CLOSED
    with pytest.raises(NotEntitled):
        custodian.rescan.reopen(document.id, actor=NODIRA)
    custodian.rescan.reopen(document.id, actor=AZIZA)
    opened = custodian.document(document)
    assert opened.is_published
    assert opened.scan is not None
    assert opened.scan.finding == "clean"
    assert custodian.deeds(document)[-1] is Deed.DOCUMENT_REOPENED
    custodian.store.open(Digest(document.digest)).close()
    with pytest.raises(DocumentNotReady, match="not closed"):
        custodian.rescan.reopen(document.id, actor=AZIZA)


def test_lost_bytes_are_not_opened_by_a_click(custodian: Custodian) -> None:
    document = custodian.keep(WORDS, "matn.txt")
    custodian.path(document).unlink()
    custodian.audit.check(document.digest)
    with pytest.raises(DocumentNotReady, match="administrator"):
        custodian.rescan.reopen(document.id, actor=AZIZA)
