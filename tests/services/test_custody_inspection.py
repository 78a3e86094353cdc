"""From quarantine into the store: clean files are kept, others refused; what is in doubt waits and is tried again."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from library.cli.accounts import CONSOLE
from library.domain.document import DocumentState
from library.domain.journal import Deed
from library.services.custody_inspection import PAUSES, TOO_LONG
from library.services.custody_scanner import ScannerCondition
from storage.content_store import Fault
from storage.errors import StorageFailed
from storage.model import Digest
from tests.documents import a_pdf
from tests.services.custodian import Custodian
from tests.staff import AZIZA, NODIRA
from tests.storage import specimens
from tests.storage.clamd_daemon import EICAR, Daemon

PDF = a_pdf("Birinchi bet")


def test_a_clean_file_is_kept_with_its_verdict_and_leaves_quarantine(custodian: Custodian) -> None:
    kept = custodian.inspected(custodian.send(PDF))
    assert kept.state is DocumentState.KEPT
    assert kept.media_type == "application/pdf"
    assert kept.scan is not None
    assert (kept.scan.finding, kept.scan.signatures) == ("clean", "local")
    assert kept.scan.engine.startswith("ClamAV ")
    assert (kept.intake_id, kept.reason, kept.next_try_at) == ("", None, None)
    place = f"originals/{kept.digest[:2]}/{kept.digest[2:4]}/{kept.digest}"
    assert custodian.files() == [place, f"{place}.json"]
    assert custodian.deeds(kept) == [Deed.DOCUMENT_RECEIVED, Deed.DOCUMENT_KEPT]


def test_readers_find_it_only_once_it_is_approved_too(custodian: Custodian) -> None:
    document = custodian.send(PDF)
    before = custodian.indexed()
    custodian.inspected(document)
    assert custodian.indexed() == before
    second = custodian.send(a_pdf("Ikkinchi"), "ikkinchi.pdf")
    custodian.approve(second)
    before = custodian.indexed()
    assert custodian.inspected(second).is_published
    assert custodian.indexed() == before + 1


def test_an_infected_file_is_refused_locked_and_told_in_the_journal(custodian: Custodian) -> None:
    refused = custodian.inspected(custodian.send(b"Matn " + EICAR, "virus.txt"))
    assert refused.state is DocumentState.REFUSED
    assert "Test.Eicar.Anywhere" in str(refused.reason)
    assert custodian.deeds(refused) == [Deed.DOCUMENT_RECEIVED, Deed.DOCUMENT_REFUSED]
    assert '"code":"infected"' in custodian.facts(Deed.DOCUMENT_REFUSED)[0]
    assert [one.intake.id for one in custodian.quarantine.locked()] == [refused.intake_id]
    assert not any(name.startswith("originals") for name in custodian.files())
    custodian.keep(PDF)


def test_a_locked_document_waits_for_a_person_and_is_not_tried_again(custodian: Custodian) -> None:
    waiting = custodian.inspected(custodian.send(specimens.pdf(trailer=specimens.LOCK)))
    assert (waiting.state, waiting.next_try_at) == (DocumentState.QUARANTINED, None)
    assert "password" in str(waiting.reason)
    assert custodian.deeds(waiting) == [Deed.DOCUMENT_RECEIVED, Deed.DOCUMENT_CHANGED]
    custodian.clock.pass_(days=3)
    assert not custodian.inspection.step()


def test_without_the_scanner_files_wait_ever_longer_and_go_on_by_themselves(
    custodian: Custodian, clamd: Daemon
) -> None:
    document = custodian.send(PDF)
    with clamd.stopped():
        for pause in (*PAUSES, PAUSES[-1]):
            assert custodian.inspection.step()
            document = custodian.document(document)
            assert document.state is DocumentState.QUARANTINED
            assert document.next_try_at == custodian.clock() + pause
            assert "did not answer" in str(document.reason)
            custodian.clock.pass_(seconds=pause.total_seconds() - 1)
            assert not custodian.inspection.step()
            custodian.clock.pass_(seconds=1)
        assert custodian.custody.scanner_state().condition is ScannerCondition.UNKNOWN
        custodian.watch.step()
        assert custodian.custody.scanner_state().condition is ScannerCondition.SICK
        assert custodian.inspection.step()
    assert not custodian.inspection.step()
    custodian.clock.pass_(seconds=5)
    assert custodian.watch.step()
    assert custodian.inspected(document).state is DocumentState.KEPT


def test_a_frozen_scanner_lets_nothing_through(custodian: Custodian, clamd: Daemon) -> None:
    document = custodian.send(PDF)
    with clamd.frozen():
        waiting = custodian.inspected(document)
        assert waiting.state is DocumentState.QUARANTINED
        assert waiting.next_try_at is not None
    custodian.clock.pass_(minutes=1)
    custodian.watch.look()
    assert custodian.inspected(document).state is DocumentState.KEPT


def test_a_scanner_that_finds_no_virus_lets_nothing_through(custodian: Custodian, clamd: Daemon) -> None:
    document = custodian.send(PDF)
    with clamd.knowing("Test.Other:0:*:aabbccddeeff00112233\n"):
        waiting = custodian.inspected(document)
        assert waiting.state is DocumentState.QUARANTINED
        assert "can't be trusted" in str(waiting.reason)
        assert Deed.SCANNER_FAILED in custodian.deeds()
    custodian.clock.pass_(minutes=1)
    custodian.watch.look()
    assert custodian.inspected(document).state is DocumentState.KEPT


def test_who_waits_for_a_day_is_told_of(custodian: Custodian, clamd: Daemon) -> None:
    document = custodian.send(PDF)
    with clamd.stopped():
        custodian.inspected(document)
        assert custodian.custody.alerts(actor=NODIRA).waiting_long == 0
        custodian.clock.pass_(seconds=TOO_LONG.total_seconds() + 60)
        assert custodian.custody.alerts(actor=NODIRA).waiting_long == 1


@pytest.mark.parametrize("lost", [".bytes", ".intake"])
def test_a_file_whose_bytes_vanished_is_refused_with_the_remedy(custodian: Custodian, lost: str) -> None:
    document = custodian.send(PDF)
    (custodian.container.settings.quarantine_dir / f"{document.intake_id}{lost}").unlink()
    refused = custodian.inspected(document)
    assert refused.state is DocumentState.REFUSED
    assert "Upload it again" in str(refused.reason)
    assert Deed.DOCUMENT_REFUSED in custodian.deeds(refused)


def test_bytes_that_changed_in_quarantine_are_refused(custodian: Custodian) -> None:
    document = custodian.send(PDF)
    (custodian.container.settings.quarantine_dir / f"{document.intake_id}.bytes").write_bytes(PDF + b" ")
    refused = custodian.inspected(document)
    assert refused.state is DocumentState.REFUSED
    assert "have changed" in str(refused.reason)


def test_another_file_put_in_its_place_with_its_description_is_refused(custodian: Custodian) -> None:
    document = custodian.send(PDF)
    path = custodian.container.settings.quarantine_dir / f"{document.intake_id}.intake"
    other = a_pdf("Boshqa")
    path.write_text(json.dumps({**json.loads(path.read_text()), "digest": Digest.of(other).hex, "size": len(other)}))
    path.with_suffix(".bytes").write_bytes(other)
    refused = custodian.inspected(document)
    assert refused.state is DocumentState.REFUSED
    assert not any(name.startswith("originals") for name in custodian.files())


def test_a_refusal_that_was_killed_before_its_row_is_told_again(custodian: Custodian) -> None:
    document = custodian.send(EICAR, "virus.txt")
    custodian.gate.inspect(custodian.quarantine.intake(document.intake_id))
    refused = custodian.inspected(document)
    assert refused.state is DocumentState.REFUSED
    assert "Test.Eicar" in str(refused.reason)


def test_an_inspection_that_was_killed_before_the_row_is_done_again(
    custodian: Custodian, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = custodian.send(PDF)
    with monkeypatch.context() as patch:

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(custodian.inspection, "_save", killed)
        with pytest.raises(KeyboardInterrupt):
            custodian.inspection.step()
    assert custodian.document(document).state is DocumentState.QUARANTINED
    assert len(list(custodian.store.files())) == 1
    assert custodian.inspected(document).state is DocumentState.KEPT
    assert len(custodian.files()) == 2


def test_what_was_killed_before_quarantine_was_emptied_is_swept(
    custodian: Custodian, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = custodian.send(PDF)
    with monkeypatch.context() as patch:

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(custodian.quarantine, "discard", killed)
        with pytest.raises(KeyboardInterrupt):
            custodian.inspection.step()
    assert custodian.document(document).state is DocumentState.KEPT
    assert len(custodian.files()) == 4
    swept = custodian.custody.sweep(actor=CONSOLE, left_over_after=timedelta(seconds=-5))
    assert len(swept.removed) == 2
    assert (swept.unknown, swept.faults) == ((), ())
    assert len(custodian.files()) == 2


def test_two_who_inspect_the_same_document_decide_once(custodian: Custodian) -> None:
    document = custodian.send(PDF)
    custodian.inspection.inspect(document)
    late = custodian.inspection.inspect(document)
    assert late is not None
    assert late.state is DocumentState.KEPT
    assert custodian.deeds(document) == [Deed.DOCUMENT_RECEIVED, Deed.DOCUMENT_KEPT]


def test_what_staff_change_while_it_is_scanned_stays(custodian: Custodian) -> None:
    document = custodian.send(PDF)
    custodian.approve(document)
    # As it was read before it was approved.
    kept = custodian.inspection.inspect(document)
    assert kept is not None
    assert kept.state is DocumentState.KEPT
    assert kept.approved is not None
    assert kept.approved.by == AZIZA.key


def test_a_file_that_is_discarded_while_it_is_scanned_is_nobodys(custodian: Custodian) -> None:
    document = custodian.send(PDF)
    custodian.container.documents.discard(document.id, expected=document.version, actor=NODIRA)
    assert custodian.inspection.inspect(document) is None


def test_a_check_that_breaks_down_holds_nobody_up(custodian: Custodian, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = custodian.send(PDF), custodian.send(a_pdf("Ikki"), "ikki.pdf")
    real = custodian.gate.inspect

    def breaking(intake: object) -> object:
        if getattr(intake, "id", "") == first.intake_id:
            message = "a row of zeros\nin the file"
            raise ArithmeticError(message)
        return real(intake)  # type: ignore[arg-type]

    monkeypatch.setattr(custodian.gate, "inspect", breaking)
    waiting = custodian.inspected(first)
    assert waiting.state is DocumentState.QUARANTINED
    assert "ArithmeticError: a row of zeros in the file" in str(waiting.reason)
    assert custodian.document(second).state is DocumentState.KEPT


def test_a_disk_that_fails_lets_the_file_wait(custodian: Custodian, monkeypatch: pytest.MonkeyPatch) -> None:
    document = custodian.send(PDF)

    def failing(*_: object, **__: object) -> None:
        raise StorageFailed("Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(custodian.store, "keep", failing)
        waiting = custodian.inspected(document)
    assert waiting.next_try_at == custodian.clock() + PAUSES[0]
    assert "Input/output error" in str(waiting.reason)
    custodian.clock.pass_(seconds=5)
    assert custodian.inspected(document).state is DocumentState.KEPT


def test_the_same_bytes_that_come_again_mend_a_damaged_original(custodian: Custodian) -> None:
    first = custodian.keep(PDF)
    path = custodian.path(first)
    path.chmod(0o640)
    path.write_bytes(PDF[:-1] + b"!")
    record = custodian.record_named("Algebra")
    assert custodian.keep(PDF, record=record).digest == first.digest
    assert path.read_bytes() == PDF
    assert [fault for fault in custodian.store.faults() if fault.fault is not Fault.STRANGE] == []


def test_bytes_found_infected_in_an_upload_close_the_same_bytes_in_the_store(
    custodian: Custodian, clamd: Daemon
) -> None:
    words = b"Oddiy matn: OMBOR-SINOVI-7731. " * 3
    kept = custodian.keep(words, "matn.txt")
    signature = f"Test.Eicar.Anywhere:0:*:{EICAR.hex()}\nTest.Later:0:*:{b'OMBOR-SINOVI-7731'.hex()}\n"
    with clamd.knowing(signature):
        refused = custodian.inspected(custodian.send(words, "matn.txt", custodian.record_named("Algebra")))
        assert refused.state is DocumentState.REFUSED
        assert custodian.document(kept).state is DocumentState.CLOSED
