"""Every hostile file of the list of threats, from the librarian's hand to the end: refused or waiting, never further.

What the gate says of each stands in the tests of the engine; here it is what becomes of it in the library.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from library.domain.document import DocumentState
from library.domain.journal import Deed
from tests.documents import a_pdf
from tests.services.custodian import Custodian
from tests.staff import NODIRA
from tests.storage import specimens
from tests.storage.test_hostile_files import HOSTILE

LONGEST_SECONDS = 60


MAY_APPEAR = {"quarantine", "originals", ".scanner.json", ".journal.head", "custody.lock"}


def _nothing_is_left_but(custodian: Custodian, intake: str, before: set[Path]) -> None:
    """Outside quarantine there is nothing of it, and there it is whole or locked."""
    assert custodian.files() == [f"quarantine/{intake}.bytes", f"quarantine/{intake}.intake"]
    assert {path.name for path in _around(custodian) - before} <= MAY_APPEAR


def _around(custodian: Custodian) -> set[Path]:
    """What is in and beside the data directory."""
    data = custodian.container.settings.data_dir
    return set(data.iterdir()) | set(data.parent.iterdir())


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_told_and_leaves_the_way_free(custodian: Custodian, case: str) -> None:
    name, make, code = HOSTILE[case]
    before = _around(custodian)
    document = custodian.send(make(), name)
    began = time.monotonic()
    refused = custodian.inspected(document)
    assert time.monotonic() - began < LONGEST_SECONDS
    assert refused.state is DocumentState.REFUSED
    assert str(refused.reason).isprintable()
    assert refused.name.isprintable()
    assert len(refused.name.encode()) <= 200
    assert custodian.deeds(refused) == [Deed.DOCUMENT_RECEIVED, Deed.DOCUMENT_REFUSED]
    assert f'"code":"{code}"' in custodian.facts(Deed.DOCUMENT_REFUSED)[0]
    _nothing_is_left_but(custodian, refused.intake_id, before)
    custodian.keep(a_pdf("Keyingi"), "keyingi.pdf")


@pytest.mark.parametrize("wrap", specimens.infected())
def test_the_virus_is_kept_in_no_wrap_under_no_name(custodian: Custodian, wrap: str) -> None:
    for ending in ("pdf", "epub", "docx", "djvu", "txt", "mp3", "mp4"):
        record = custodian.record_named(ending)
        document = custodian.inspected(custodian.send(specimens.infected()[wrap], f"kitob.{ending}", record))
        assert document.state is DocumentState.REFUSED
        assert custodian.deeds(document)[-1] is Deed.DOCUMENT_REFUSED
    assert not any(name.startswith("originals") for name in custodian.files())


def test_what_nobody_can_look_into_waits_for_a_person_out_of_reach(custodian: Custodian) -> None:
    before = _around(custodian)
    document = custodian.inspected(custodian.send(specimens.pdf(trailer=specimens.LOCK)))
    assert (document.state, document.next_try_at) == (DocumentState.QUARANTINED, None)
    _nothing_is_left_but(custodian, document.intake_id, before)
    custodian.approve(document)
    assert not custodian.document(document).is_published
    custodian.keep(a_pdf("Keyingi"), "keyingi.pdf")


@pytest.mark.parametrize(
    "name",
    [
        "к" * 300 + ".pdf",
        "../../../../etc/passwd.pdf",
        "..\\..\\boot.pdf",
        "/etc/passwd.pdf",
        "كتاب الطبيعة.pdf",
        "\u202eكتاب\u202c.pdf",
        "CON.pdf",
        "a\nSet-Cookie: b=c\n.pdf",
        "<script>alert(1)</script>.pdf",
        "{{7*7}}${7*7}%s{name}.PDF",
        "\ud800.pdf.pdf",
    ],
)
def test_a_hostile_name_is_only_a_name(custodian: Custodian, name: str) -> None:
    document = custodian.keep(a_pdf("Birinchi"), name)
    assert document.name.isprintable()
    assert len(document.name.encode()) <= 200
    place = f"originals/{document.digest[:2]}/{document.digest[2:4]}/{document.digest}"
    assert custodian.files() == [place, f"{place}.json"]
    custodian.sidecars.write_all()
    assert custodian.store.describe(next(iter(custodian.store.files())).digest).name == document.name


def test_a_refused_file_that_is_discarded_leaves_nothing(custodian: Custodian) -> None:
    data = specimens.pdf(b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")
    refused = custodian.inspected(custodian.send(data))
    custodian.container.documents.discard(refused.id, expected=refused.version, actor=NODIRA)
    assert custodian.files() == []
    assert custodian.deeds()[-1] is Deed.DOCUMENT_DISCARDED
