"""Every file is read again within 90 days; a flipped bit, a lost and a swapped file are found, closed, and mended."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from library.cli.accounts import CONSOLE
from library.domain.document import Document, DocumentState
from library.domain.errors import LibraryError, NotEntitled, NotFound, StorageUnreadable
from library.domain.journal import Deed
from library.services.custody_audit import Audit
from storage.fixity import Condition
from storage.model import Digest
from tests.documents import a_pdf
from tests.services.custodian import Custodian
from tests.staff import NODIRA
from tests.storage.clamd_daemon import Daemon


def _kept(custodian: Custodian, number: int) -> list[Document]:
    return [custodian.keep(a_pdf(f"Bet {one}"), f"{one}.pdf") for one in range(number)]


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o640)
    path.write_bytes(data)


def test_the_worker_reads_a_share_each_day_and_all_within_ninety(custodian: Custodian) -> None:
    documents = _kept(custodian, 3)
    days = 0
    while any(custodian.document(one).audited_at is None for one in documents):
        while custodian.audit.step():
            pass
        days += 1
        assert days <= 90
        custodian.clock.pass_(days=1)
    # Files that were never read are read at once.
    assert days == 1
    assert '"checked":3' in custodian.facts(Deed.STORE_AUDITED)[0]
    for _ in range(90):
        while custodian.audit.step():
            pass
        custodian.clock.pass_(days=1)
    for one in documents:
        audited = custodian.document(one).audited_at
        assert audited is not None
        assert (custodian.clock() - audited).days <= 90


def test_a_day_is_told_once_however_often_the_worker_starts(custodian: Custodian) -> None:
    _kept(custodian, 1)
    while custodian.audit.step():
        pass
    custodian.clock.pass_(seconds=1)
    fresh = Audit(
        custodian.container.database,
        custodian.store,
        custodian.container.settings.originals_dir,
        custodian.sidecars,
        custodian.clock,
    )
    assert not fresh.step()
    assert custodian.deeds().count(Deed.STORE_AUDITED) == 1


def test_an_empty_store_is_no_news(custodian: Custodian) -> None:
    assert not custodian.audit.step()
    assert custodian.deeds().count(Deed.STORE_AUDITED) == 0


def test_flipped_lost_and_swapped_files_are_each_found_closed_and_told(custodian: Custodian) -> None:
    flipped, lost, one, other, sound = _kept(custodian, 5)
    _flip(custodian.path(flipped))
    custodian.path(lost).unlink()
    first, second = custodian.path(one), custodian.path(other)
    aside = first.with_name("aside")
    first.rename(aside)
    second.rename(first)
    aside.rename(second)
    result = custodian.audit.run(custodian.audit.all(), CONSOLE)
    assert result.checked == 5
    found = {fault.digest.hex: fault.condition for fault in result.faults}
    assert found == {
        flipped.digest: Condition.ALTERED,
        lost.digest: Condition.MISSING,
        one.digest: Condition.SWAPPED,
        other.digest: Condition.SWAPPED,
    }
    for document in (flipped, lost, one, other):
        assert custodian.document(document).state is DocumentState.CLOSED
        assert custodian.deeds(document)[-1] is Deed.DOCUMENT_CLOSED
    assert custodian.document(sound).state is DocumentState.KEPT
    assert custodian.custody.alerts(actor=NODIRA).closed == 4
    assert '"faults":4' in custodian.facts(Deed.STORE_AUDITED)[-1]
    # Told once: the next audit finds the same and closes nothing twice.
    custodian.audit.run(custodian.audit.all(), CONSOLE)
    assert custodian.deeds(lost).count(Deed.DOCUMENT_CLOSED) == 1


@pytest.mark.parametrize("harm", ["flipped", "lost", "lost with its sidecar"])
def test_what_was_harmed_is_mended_from_a_copy_and_opens_again(custodian: Custodian, tmp_path: Path, harm: str) -> None:
    document = custodian.send(a_pdf("Birinchi"))
    custodian.approve(document)
    document = custodian.inspected(document)
    custodian.keep(a_pdf("Boshqa"), "boshqa.pdf")
    path = custodian.path(document)
    copy = Path(shutil.copy(path, tmp_path / "backup.pdf"))
    if harm == "flipped":
        _flip(path)
    else:
        path.unlink()
    if harm == "lost with its sidecar":
        path.with_name(f"{path.name}.json").unlink()
    custodian.audit.check(document.digest)
    assert not custodian.document(document).is_published
    mended = custodian.mending.mend(Digest(document.digest), copy, actor=CONSOLE)
    assert (mended.documents, mended.reopened) == (1, 1)
    assert path.read_bytes() == copy.read_bytes()
    assert custodian.document(document).is_published
    assert custodian.deeds(document)[-1] is Deed.DOCUMENT_REOPENED
    assert custodian.audit.condition(Digest(document.digest)) is Condition.SOUND
    assert list(custodian.store.faults()) == []


def test_another_file_mends_nothing(custodian: Custodian, tmp_path: Path) -> None:
    document = custodian.keep(a_pdf("Birinchi"))
    custodian.keep(a_pdf("Boshqa"), "boshqa.pdf")
    custodian.path(document).unlink()
    custodian.audit.check(document.digest)
    copy = tmp_path / "copy.pdf"
    copy.write_bytes(a_pdf("Begona"))
    with pytest.raises(LibraryError, match="another file"):
        custodian.mending.mend(Digest(document.digest), copy, actor=CONSOLE)
    with pytest.raises(NotFound):
        custodian.mending.mend(Digest("ab" * 32), copy, actor=CONSOLE)
    with pytest.raises(NotEntitled):
        custodian.mending.mend(Digest(document.digest), copy, actor=NODIRA)
    assert custodian.document(document).state is DocumentState.CLOSED
    assert not custodian.path(document).exists()


def test_a_copy_without_a_sidecar_passes_the_scanner_or_stays_outside(
    custodian: Custodian, tmp_path: Path, clamd: Daemon
) -> None:
    document = custodian.keep(a_pdf("Birinchi"))
    custodian.keep(a_pdf("Boshqa"), "boshqa.pdf")
    path = custodian.path(document)
    copy = Path(shutil.copy(path, tmp_path / "backup.pdf"))
    path.unlink()
    path.with_name(f"{path.name}.json").unlink()
    custodian.audit.check(document.digest)
    with clamd.stopped(), pytest.raises(LibraryError, match="did not answer"):
        custodian.mending.mend(Digest(document.digest), copy, actor=CONSOLE)
    assert not path.exists()
    assert not any(name.startswith("quarantine") for name in custodian.files())


def test_an_infected_file_stays_closed_though_its_bytes_are_back(
    custodian: Custodian, tmp_path: Path, clamd: Daemon
) -> None:
    words = b"Oddiy matn: OMBOR-SINOVI-7731."
    document = custodian.keep(words, "matn.txt")
    with clamd.knowing(f"Test.Later:0:*:{b'OMBOR-SINOVI-7731'.hex()}\n"):
        custodian.rescan.scan(document.digest)
    copy = tmp_path / "copy.txt"
    copy.write_bytes(words)
    assert custodian.mending.mend(Digest(document.digest), copy, actor=CONSOLE).reopened == 0
    assert custodian.document(document).state is DocumentState.CLOSED


def test_a_disk_that_is_not_mounted_closes_nothing(custodian: Custodian) -> None:
    (document,) = _kept(custodian, 1)
    originals = custodian.container.settings.originals_dir
    originals.rename(originals.with_name("away"))
    for _ in range(2):
        with pytest.raises(StorageUnreadable, match="mounted"):
            custodian.audit.check(document.digest)
        originals.mkdir(exist_ok=True)
    assert custodian.document(document).state is DocumentState.KEPT


def test_a_file_that_can_not_be_read_for_the_moment_is_told_and_stays_open(custodian: Custodian) -> None:
    (document,) = _kept(custodian, 1)
    path = custodian.path(document)
    path.rename(path.with_name("aside"))
    path.mkdir()
    assert custodian.audit.check(document.digest).condition is Condition.UNREADABLE
    assert custodian.document(document).state is DocumentState.KEPT
    assert custodian.document(document).audited_at is None
    assert "unreadable" in custodian.facts(Deed.STORE_AUDITED)[-1]
