"""The n-th write, fsync or rename fails, for every n: no row without bytes, no byte without a clean verdict."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from library.cli.accounts import CONSOLE
from library.domain.document import Document, DocumentState
from library.domain.errors import LibraryError
from storage.errors import NotClean, NotKept, StorageError
from storage.model import Digest, Finding
from tests.documents import a_pdf
from tests.services.custodian import Custodian
from tests.storage.clamd_daemon import EICAR
from tests.storage.test_failing_disk import CALLS, Disk

PDF = a_pdf("Birinchi bet")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def _hold(custodian: Custodian) -> None:
    """What holds at every moment."""
    with custodian.container.database.reading() as view:
        documents = list(view.documents.all())
    for document in documents:
        if document.state is DocumentState.KEPT:
            with custodian.store.open(Digest(document.digest)) as file:
                assert Digest.of(file.read()).hex == document.digest
        elif document.state is DocumentState.QUARANTINED:
            intake = custodian.quarantine.intake(document.intake_id)
            assert intake.digest.hex == document.digest
    for stored in custodian.store.files():
        assert stored.verdict.finding is Finding.CLEAN
    with pytest.raises((NotKept, NotClean)):
        custodian.store.open(Digest.of(EICAR))


def _every_failure(custodian: Custodian, disk: Disk, attempt: Callable[[], object], *, lasting: bool) -> int:
    """Attempt with each call failing in turn, until none fails any more; how often one did."""
    failed = 0
    for name in CALLS:
        for number in range(1, 100):
            with disk.failing(name, number, lasting=lasting):
                try:
                    attempt()
                except (StorageError, LibraryError):
                    failed += 1
            _hold(custodian)
            if disk.calls < number:
                break
            custodian.clock.pass_(minutes=11)
    return failed


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
def test_an_upload_that_fails_leaves_nothing(custodian: Custodian, disk: Disk, *, lasting: bool) -> None:
    records = iter([custodian.record_named(str(number)) for number in range(40)])
    tried: list[int] = []

    def attempt() -> Document:
        tried.append(next(records))
        return custodian.send(PDF, record=tried[-1])

    assert _every_failure(custodian, disk, attempt, lasting=lasting) >= 5
    with custodian.container.database.reading() as view:
        rows = list(view.documents.all())
    # What was acknowledged is there, and nothing of what was not.
    assert len(rows) == len(CALLS)
    assert len(custodian.files()) == 2 * len(rows)


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
def test_an_inspection_that_fails_is_done_again(custodian: Custodian, disk: Disk, *, lasting: bool) -> None:
    sent: list[Document] = []

    def attempt() -> None:
        while custodian.inspection.step():
            pass
        custodian.sidecars.write_all()

    for name in CALLS:
        for number in range(1, 100):
            sent.append(custodian.send(f"Matn {name} {number}".encode(), f"matn{name}{number}.txt"))
            sent.append(custodian.send(EICAR + f"{name} {number}".encode(), f"{name}{number}.txt"))
            with disk.failing(name, number, lasting=lasting), suppress(StorageError, LibraryError):
                attempt()
            _hold(custodian)
            custodian.clock.pass_(minutes=11)
            attempt()
            _hold(custodian)
            if disk.calls < number:
                break
    states = [custodian.document(one).state for one in sent]
    assert states == [DocumentState.KEPT, DocumentState.REFUSED] * (len(sent) // 2)
    custodian.clock.pass_(seconds=1)
    swept = custodian.custody.sweep(actor=CONSOLE, left_over_after=timedelta(days=-1))
    assert (swept.unknown, swept.faults) == ((), ())
    # Of each kept file its bytes and sidecar, of each refused one its bytes and description.
    assert len(custodian.files()) == 2 * len(sent)


def test_a_verdict_that_can_not_be_written_closes_nothing_by_half(
    custodian: Custodian, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = custodian.keep(PDF)
    real = custodian.gate.scan_again

    def infected(stored: object, file: object) -> object:
        return replace(real(stored, file), finding=Finding.INFECTED, detail="Test.Later")  # type: ignore[arg-type]

    monkeypatch.setattr(custodian.gate, "scan_again", infected)
    with disk.failing("write", 1), pytest.raises(LibraryError):
        custodian.rescan.scan(document.digest)
    assert custodian.document(document).state is DocumentState.KEPT
    custodian.store.open(Digest(document.digest)).close()
    custodian.rescan.scan(document.digest)
    assert custodian.document(document).state is DocumentState.CLOSED
    with pytest.raises(NotClean):
        custodian.store.open(Digest(document.digest))
