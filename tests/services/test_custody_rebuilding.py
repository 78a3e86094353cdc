"""The database is lost: documents, their records and transfers come back from the store alone, under their numbers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from library.cli.accounts import CONSOLE
from library.cli.custody_rows import as_json
from library.container import Container
from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.domain.access_level import AccessLevel, Rights
from library.domain.document import Document, DocumentState, TextState
from library.domain.errors import LibraryError, NotEntitled
from library.domain.journal import Deed, Sealed
from library.domain.record import Status
from library.services.custody_rebuilding import Rebuilding, Rebuilt
from storage.model import Digest, Finding
from tests.builders import add_records
from tests.documents import a_pdf
from tests.services.custodian import Custodian
from tests.staff import AZIZA, BOTIR, NODIRA


@pytest.fixture
def full(custodian: Custodian) -> Custodian:
    """Files under several rights and in several states, of several records."""
    documents = custodian.container.documents
    first = custodian.send(a_pdf("Birinchi"), "darslik.pdf")
    custodian.approve(first)
    custodian.inspected(first)
    draft = add_records(custodian.container.database, "Algebra", "Botanika", status=Status.DRAFT)
    second = custodian.keep(a_pdf("Ikkinchi"), "algebra.pdf", draft[0])
    rights = Rights(level=AccessLevel.CAMPUS, embargo_until=date(2030, 5, 1), licence="CC-BY-4.0")
    documents.describe(
        second.id,
        label="2-nashr",
        rights=rights,
        transfer_id=custodian.transfer.id,
        expected=custodian.document(second).version,
        actor=NODIRA,
    )
    # The same bytes in another record, and one that was withdrawn.
    custodian.keep(a_pdf("Birinchi"), "nusxa.pdf", draft[1])
    withdrawn = custodian.keep(a_pdf("Uchinchi"), "uchinchi.pdf", draft[1])
    documents.withdraw(withdrawn.id, "muallif soʻradi", expected=withdrawn.version, actor=BOTIR)
    lost = custodian.keep(a_pdf("Toʻrtinchi".encode("ascii", "ignore").decode()), "yoʻqolgan.pdf")
    custodian.path(lost).unlink()
    custodian.audit.check(lost.digest)
    custodian.sidecars.write_all()
    return custodian


@contextmanager
def _emptied(custodian: Custodian, address: str) -> Iterator[tuple[Database, Callable[[], Rebuilt]]]:
    """The same store over an empty database."""
    with closing(Database(open_engine(address), b"k" * 32)) as database:
        rebuilding = Rebuilding(database, custodian.store, custodian.quarantine, custodian.clock)
        yield database, lambda: rebuilding.run(actor=CONSOLE)


def _all(database: Database) -> list[Document]:
    with database.reading() as view:
        return list(view.documents.all())


def _comparable(document: Document) -> Document:
    """A document without what can't be known: when it was audited, and the text that is extracted again."""
    contents = replace(document.contents, text=TextState.WAITING, text_reason=None, recognised=0)
    return replace(document, audited_at=None, contents=contents, sidecar_due=False, tries=0)


def test_everything_comes_back_as_it_was(full: Custodian, database_address: str) -> None:
    original = full.container.database
    before = _all(original)
    assert len(before) == 5
    with _emptied(full, database_address) as (database, rebuild):
        rebuilt = rebuild()
        assert [_comparable(one) for one in _all(database)] == [_comparable(one) for one in before]
        assert (rebuilt.documents, rebuilt.records, rebuilt.transfers, rebuilt.waiting) == (5, 3, 1, 0)
        # The file whose bytes are lost is told, and closed as it was.
        assert [one.what[-5:] for one in rebuilt.lost] == [".json"]
        with original.reading() as old, database.reading() as new:
            for number in {one.record_id for one in before}:
                assert new.records.get(number) == old.records.get(number)
                assert new.records.described(number).description.title
            assert new.transfers.get(full.transfer.id) == old.transfers.get(full.transfer.id)
            assert new.outbox.waiting()[0] == 3


def test_new_things_get_new_numbers_afterwards(full: Custodian, database_address: str) -> None:
    with _emptied(full, database_address) as (database, rebuild):
        rebuild()
        before = _all(database)
        number = add_records(database, "Yangi")[0]
        assert number > max(one.record_id for one in before)
        with database.writing() as tx:
            added = tx.documents.add(replace(before[0], record_id=number))
            transfer = tx.transfers.add(full.transfer)
            tx.commit()
        assert added.id == before[-1].id + 1
        assert transfer.id == full.transfer.id + 1


def test_a_catalogue_that_is_not_empty_is_left_alone(full: Custodian) -> None:
    database = full.container.database
    before = _all(database)
    rebuilding = Rebuilding(database, full.store, full.quarantine, full.clock)
    with pytest.raises(LibraryError, match="records here already"):
        rebuilding.run(actor=CONSOLE)
    with pytest.raises(NotEntitled):
        rebuilding.run(actor=AZIZA)
    assert _all(database) == before


def test_what_can_not_come_back_is_told_one_by_one(full: Custodian, database_address: str) -> None:
    waiting = full.send(a_pdf("Kutadi"), "kutadi.pdf")
    documents = [one for one in _all(full.container.database) if one.state is DocumentState.KEPT]
    first, second = documents[0], documents[1]
    sidecar = full.path(first).with_name(f"{first.digest}.json")
    sidecar.chmod(0o640)
    sidecar.write_text("{}")
    full.store.note_facts(Digest(second.digest), {"by": "another program"})
    with _emptied(full, database_address) as (database, rebuild):
        rebuilt = rebuild()
        back = _all(database)
        assert rebuilt.waiting == 1
        told = {one.what[-64:].removesuffix(".json") for one in rebuilt.lost}
        assert second.digest in told
        assert any(one.what.endswith(f"{first.digest}.json") for one in rebuilt.lost)
        assert not {first.id, second.id, waiting.id} & {one.id for one in back}
        assert back
        for one in rebuilt.lost:
            assert str(one.why)


def test_what_the_last_scan_found_unclean_comes_back_closed(custodian: Custodian, database_address: str) -> None:
    document = custodian.keep(a_pdf("Birinchi"))
    stored = custodian.store.describe(Digest(document.digest))
    # Killed after the sidecar was written and before the rows were.
    custodian.store.note_verdict(stored.digest, replace(stored.verdict, finding=Finding.INFECTED))
    with _emptied(custodian, database_address) as (database, rebuild):
        rebuild()
        (back,) = _all(database)
        assert back.state is DocumentState.CLOSED
        assert "clean" in str(back.reason)


def test_the_list_of_a_rebuilt_library_equals_the_former_one(
    full: Custodian, migrated_sqlite: Path, tmp_path: Path
) -> None:
    settings = full.container.settings
    before = [as_json(one) for one in full.custody.listed(actor=CONSOLE)]
    new = tmp_path / "new"
    new.mkdir()
    shutil.copytree(settings.originals_dir, new / "originals")
    shutil.copy(migrated_sqlite, new / "library.sqlite")
    with closing(Container(replace(settings, data_dir=new))) as container:
        container.rebuilding.run(actor=CONSOLE)
        after = [as_json(one) for one in container.custody.listed(actor=CONSOLE)]
        for one in (*before, *after):
            one.pop("audited_at")
        assert after == before
        (told,) = [line.entry for line in _journal(container.database) if line.entry.deed is Deed.STORE_REBUILT]
        assert told.after["documents"] == 5
        with container.store.open(Digest(str(before[0]["digest"]))) as file:
            assert file.read() == a_pdf("Birinchi")


def _journal(database: Database) -> list[Sealed]:
    with database.reading() as view:
        return list(view.journal.after(0))
