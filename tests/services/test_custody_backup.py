"""A backup has the files of the store, what waits, and not what was refused; a drill reads every one of them."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from library.container import Container
from library.domain.document import DocumentState
from library.services.backup_drill import Drill
from library.services.backup_restoring import restore
from library.services.backup_taking import Taking
from storage.content_store import place_of
from storage.model import Digest
from tests.documents import a_pdf
from tests.services.custodian import Custodian
from tests.storage.clamd_daemon import EICAR


def _names(directory: Path) -> set[str]:
    return {str(path.relative_to(directory / "data")) for path in (directory / "data").rglob("*") if path.is_file()}


def test_files_are_in_the_backup_and_shared_with_the_one_before(custodian: Custodian, tmp_path: Path) -> None:
    container = custodian.container
    kept = custodian.keep(a_pdf("Birinchi"))
    waits = custodian.send(a_pdf("Kutadi"), "kutadi.pdf")
    refused = custodian.inspection.inspect(custodian.send(EICAR, "virus.txt"))
    assert refused is not None
    for name in ("text/ab", "drawings/ab", "scanner"):
        (container.settings.data_dir / name).mkdir(parents=True)
        (container.settings.data_dir / name / "made again").touch()
    taking = Taking(container.database, container.settings, custodian.clock)
    first = taking.take(tmp_path / "backups", None)
    place = f"originals/{kept.digest[:2]}/{kept.digest[2:4]}/{kept.digest}"
    assert {place, f"{place}.json", f"quarantine/{waits.intake_id}.bytes"} <= _names(first.directory)
    assert f"quarantine/{refused.intake_id}.bytes" not in _names(first.directory)
    assert not any("made again" in name for name in _names(first.directory))
    custodian.clock.pass_(days=1)
    second = taking.take(tmp_path / "backups", None)
    inodes = {(one.directory / "data" / place).stat().st_ino for one in (first, second)}
    assert len(inodes) == 1


def test_a_drill_reads_every_file(custodian: Custodian, tmp_path: Path) -> None:
    container = custodian.container
    kept = custodian.keep(a_pdf("Birinchi"))
    custodian.keep(a_pdf("Ikkinchi"), "ikki.pdf")
    taking = Taking(container.database, container.settings, custodian.clock)

    def outcome() -> tuple[bool, str]:
        custodian.clock.pass_(days=1)
        backup = taking.take(tmp_path / "backups", None)
        (found,) = [
            one for one in Drill(Container).run(backup.directory, None, container.settings) if one.step == "full texts"
        ]
        return found.passed, found.finding

    assert outcome() == (True, "2 files of 2 documents are what was kept")
    # Lost before the backup was taken, and never noticed.
    custodian.path(kept).unlink()
    passed, finding = outcome()
    assert not passed
    assert kept.digest in finding


def test_a_file_that_moved_while_the_backup_was_taken_is_kept_after_the_restore(
    custodian: Custodian, tmp_path: Path
) -> None:
    container = custodian.container
    document = custodian.send(a_pdf("Birinchi"))
    backup = Taking(container.database, container.settings, custodian.clock).take(tmp_path / "backups", None)
    custodian.inspected(document)
    settings = replace(container.settings, data_dir=tmp_path / "restored")
    restore(backup, settings)
    # The tables as they were when the file was in quarantine, the files as they were when it was in the store.
    shutil.rmtree(settings.quarantine_dir)
    shutil.copytree(container.settings.originals_dir, settings.originals_dir)
    with closing(Container(settings)) as restored:
        assert restored.inspection.step()
        with restored.database.reading() as view:
            again = view.documents.get(document.id)
        assert again.state is DocumentState.KEPT
        assert again.media_type == "application/pdf"
        with restored.store.open(Digest(again.digest)) as file:
            assert file.read() == a_pdf("Birinchi")
        assert place_of(settings.originals_dir, Digest(again.digest)).exists()
