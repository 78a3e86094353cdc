"""What interrupted work leaves behind is removed; what somebody may still want is not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from library.cli.accounts import CONSOLE
from library.domain.document import DocumentState
from library.domain.errors import NotEntitled
from library.domain.journal import Deed
from library.services.custody import Swept
from storage.content_store import Fault
from storage.model import Digest
from tests.documents import a_pdf
from tests.services.custodian import Custodian
from tests.staff import NODIRA
from tests.storage.clamd_daemon import EICAR

PDF = a_pdf("Birinchi bet")


def _sweep(custodian: Custodian) -> Swept:
    """What is swept when everything is old enough."""
    custodian.clock.pass_(seconds=1)
    return custodian.custody.sweep(actor=CONSOLE, left_over_after=timedelta(seconds=-10))


def test_nothing_that_is_in_order_is_touched(custodian: Custodian) -> None:
    custodian.keep(PDF)
    custodian.inspected(custodian.send(EICAR, "virus.txt"))
    custodian.send(a_pdf("Kutadi"), "kutadi.pdf")
    files = custodian.files()
    assert _sweep(custodian) == Swept(removed=(), resumed=0, given_up=0, unknown=(), faults=())
    assert custodian.files() == files


def test_what_is_young_may_be_on_its_way(custodian: Custodian) -> None:
    custodian.quarantine.receive(BytesIO(PDF), limit=1 << 20, name="a.pdf")
    assert custodian.custody.sweep(actor=CONSOLE).removed == ()
    assert len(custodian.files()) == 2


def test_bytes_that_never_got_a_row_are_removed(custodian: Custodian) -> None:
    custodian.quarantine.receive(BytesIO(PDF), limit=1 << 20, name="a.pdf")
    kept = custodian.keep(a_pdf("Boshqa"))
    folder = custodian.path(kept).parent
    (folder / f"{kept.digest}.77-1.part").write_bytes(b"half")
    other = Digest.of(b"bytes without a sidecar")
    place = custodian.container.settings.originals_dir / other.hex[:2] / other.hex[2:4]
    place.mkdir(parents=True)
    (place / other.hex).write_bytes(b"bytes without a sidecar")
    assert len(_sweep(custodian).removed) == 4
    assert len(custodian.files()) == 2


def test_an_upload_that_nobody_goes_on_with_is_given_up(custodian: Custodian) -> None:
    documents = custodian.container.documents
    begun = documents.begin(custodian.record, "katta.pdf", len(PDF), actor=NODIRA)
    documents.append(begun.id, BytesIO(PDF[:100]), offset=0, actor=NODIRA)
    assert custodian.custody.sweep(actor=CONSOLE).given_up == 0
    swept = _sweep(custodian)
    assert swept.given_up == 1
    assert len(swept.removed) == 2
    assert custodian.files() == []
    assert custodian.deeds(begun)[-1] is Deed.DOCUMENT_DISCARDED


def test_an_upload_that_nobody_goes_on_with_for_a_week_is_given_up_by_itself(custodian: Custodian) -> None:
    documents = custodian.container.documents
    forgotten = documents.begin(custodian.record, "katta.pdf", len(PDF), actor=NODIRA)
    documents.append(forgotten.id, BytesIO(PDF[:100]), offset=0, actor=NODIRA)
    custodian.clock.pass_(days=6)
    assert not custodian.custody.sweep_step()
    custodian.clock.pass_(hours=23)
    assert not custodian.custody.sweep_step()
    assert custodian.document(forgotten).state is DocumentState.ARRIVING
    custodian.clock.pass_(days=2)
    assert custodian.custody.sweep_step()
    assert custodian.files() == []
    assert custodian.deeds(forgotten)[-1] is Deed.DOCUMENT_DISCARDED


def test_an_upload_that_had_come_whole_goes_on(custodian: Custodian) -> None:
    documents = custodian.container.documents
    begun = documents.begin(custodian.record, "katta.pdf", len(PDF), actor=NODIRA)
    documents.append(begun.id, BytesIO(PDF), offset=0, actor=NODIRA)
    # Killed after the bytes were whole and before the row said so.
    custodian.quarantine.finish(begun.intake_id)
    assert _sweep(custodian).resumed == 1
    assert custodian.inspected(begun).state is DocumentState.KEPT


def test_files_of_no_list_stay_and_are_told(custodian: Custodian) -> None:
    kept = custodian.keep(PDF)
    sidecar = custodian.path(kept).with_name(f"{kept.digest}.json")
    other = b"Of a database that is gone."
    digest = Digest.of(other)
    place = custodian.container.settings.originals_dir / digest.hex[:2] / digest.hex[2:4]
    place.mkdir(parents=True)
    (place / digest.hex).write_bytes(other)
    stored = custodian.store.describe(Digest(kept.digest))
    verdict = replace(stored.verdict, digest=digest)
    custodian.store.restore_sidecar(replace(stored, digest=digest, size=len(other), verdict=verdict))
    strange = custodian.container.settings.originals_dir / "notes.txt"
    strange.write_text("a note of the administrator")
    sidecar.chmod(0o640)
    sidecar.write_text(json.dumps({"format": 1}))
    swept = _sweep(custodian)
    assert swept.unknown == (digest,)
    assert {fault.fault for fault in swept.faults} == {Fault.STRANGE, Fault.BAD_SIDECAR}
    assert strange.exists()
    assert (place / digest.hex).exists()


def test_only_those_who_look_after_the_system_sweep(custodian: Custodian) -> None:
    with pytest.raises(NotEntitled):
        custodian.custody.sweep(actor=NODIRA)
