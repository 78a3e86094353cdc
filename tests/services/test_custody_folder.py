"""Files laid into the watched folder are taken in once nobody writes them; nothing hostile in it gets any further."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from library.domain.document import Document, DocumentState
from library.domain.errors import StorageFull
from library.services.custody_folder import FOLDER, QUIET_FOR, WatchedFolder
from tests.documents import a_pdf
from tests.services.custodian import Custodian

PDF = a_pdf("Birinchi bet")


class Folder:
    """The folder, and the worker that looks at it."""

    def __init__(self, custodian: Custodian, root: Path) -> None:
        self.custodian = custodian
        self.root = root / "intake"
        self.place = self.root / str(custodian.record)
        self.place.mkdir(parents=True)
        self.watched = WatchedFolder(self.root, custodian.container.documents, custodian.clock)

    def look(self) -> None:
        """All looks of as long as a file has to be quiet."""
        for _ in range(int(QUIET_FOR.total_seconds()) // 3 + 3):
            while self.watched.step():
                pass
            self.custodian.clock.pass_(seconds=3)

    def documents(self) -> list[Document]:
        with self.custodian.container.database.reading() as view:
            return list(view.documents.all())

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if not path.is_dir())


@pytest.fixture
def folder(custodian: Custodian, tmp_path: Path) -> Folder:
    return Folder(custodian, tmp_path)


def test_a_file_is_taken_in_for_its_record_and_set_aside(folder: Folder) -> None:
    (folder.place / "darslik.pdf").write_bytes(PDF)
    folder.look()
    (document,) = folder.documents()
    assert (document.record_id, document.name, document.state) == (
        folder.custodian.record,
        "darslik.pdf",
        DocumentState.QUARANTINED,
    )
    assert (document.received.by, document.transfer_id) == (FOLDER.key, None)
    assert folder.files() == [f"taken/{folder.custodian.record}/darslik.pdf"]
    assert folder.custodian.inspected(document).state is DocumentState.KEPT


def test_a_file_that_is_still_written_is_left_until_it_is_whole(folder: Folder) -> None:
    path = folder.place / "katta.pdf"
    for end in range(100, 500, 100):
        path.write_bytes(PDF[:end])
        folder.watched.step()
        folder.custodian.clock.pass_(seconds=9)
        folder.watched.step()
        assert folder.documents() == []
    path.write_bytes(PDF)
    folder.look()
    assert folder.documents()[0].size == len(PDF)


@pytest.mark.parametrize("name", [".yashirin.pdf", "a.pdf.part", "a.pdf.CRDOWNLOAD", "a.filepart", "a.tmp"])
def test_what_programs_that_copy_call_unfinished_is_left(folder: Folder, name: str) -> None:
    (folder.place / name).write_bytes(PDF)
    folder.look()
    assert folder.documents() == []
    assert folder.files() == [f"{folder.custodian.record}/{name}"]


def test_what_is_not_taken_is_set_aside_with_its_reason(folder: Folder) -> None:
    (folder.place / "bir.pdf").write_bytes(PDF)
    folder.look()
    (folder.place / "yana bir.pdf").write_bytes(PDF)
    (folder.place / "katta.txt").write_bytes(b"a" * (9 << 20))
    nowhere = folder.root / "999"
    nowhere.mkdir()
    (nowhere / "a.pdf").write_bytes(PDF)
    folder.look()
    assert len(folder.documents()) == 1
    record = folder.custodian.record
    aside = folder.root / "not-taken"
    assert "has this file already" in (aside / f"{record}/yana bir.pdf.txt").read_text()
    assert "megabytes" in (aside / f"{record}/katta.txt.txt").read_text()
    assert "no record 999" in (aside / "999/a.pdf.txt").read_text()
    assert (aside / f"{record}/yana bir.pdf").read_bytes() == PDF


def test_two_files_of_one_name_are_both_set_aside(folder: Folder) -> None:
    for words in ("Bir", "Ikki", "Uch"):
        (folder.place / "a.pdf").write_bytes(a_pdf(words))
        folder.look()
    record = folder.custodian.record
    assert folder.files() == [f"taken/{record}/{name}" for name in ("a-2.pdf", "a-3.pdf", "a.pdf")]


def test_links_folders_and_second_names_are_not_followed(folder: Folder, tmp_path: Path) -> None:
    secret = tmp_path / "journal.key"
    secret.write_bytes(b"k" * 32)
    (folder.place / "link.txt").symlink_to(secret)
    (folder.place / "second.txt").hardlink_to(secret)
    (folder.place / "folder").mkdir()
    os.mkfifo(folder.place / "pipe.txt")
    (folder.root / "77").symlink_to(tmp_path)
    folder.look()
    assert folder.documents() == []
    aside = folder.root / f"not-taken/{folder.custodian.record}"
    assert sorted(path.name for path in aside.glob("*.txt.txt")) == ["link.txt.txt", "pipe.txt.txt", "second.txt.txt"]
    assert "no plain file" in (aside / "folder.txt").read_text()
    assert secret.read_bytes() == b"k" * 32


def test_a_shelf_that_is_a_link_leads_nowhere(folder: Folder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder.root / "taken").symlink_to(elsewhere)
    (folder.place / "a.pdf").write_bytes(PDF)
    folder.look()
    assert list(elsewhere.iterdir()) == []
    assert (folder.place / "a.pdf").exists()


@pytest.mark.parametrize("name", ["a\nb.pdf", "\u202efdp.exe.pdf", "a\x01.pdf", b"\xff\xfe.pdf"])
def test_names_that_can_not_be_shown_are_refused(folder: Folder, name: str | bytes) -> None:
    (folder.place / os.fsdecode(name)).write_bytes(PDF)
    folder.look()
    assert folder.documents() == []
    (reason,) = (folder.root / "not-taken").rglob("*.txt")
    assert "another name" in reason.read_text()
    assert reason.name.isprintable()


@pytest.mark.parametrize("name", ["к" * 120 + ".pdf", "{{7}}.pdf", "<b>.pdf", "..pdf", "-rf.pdf"])
def test_odd_names_are_only_names(folder: Folder, name: str) -> None:
    (folder.place / name).write_bytes(PDF)
    folder.look()
    if name.startswith("."):
        assert folder.documents() == []
    else:
        assert len(folder.documents()) == 1


def test_places_that_are_no_record_numbers_are_left_alone_and_told_once(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("Yangi", "-1", "٣", "9" * 30, "1.5"):
        (folder.root / name).mkdir()
        (folder.root / name / "a.pdf").write_bytes(PDF)
    (folder.root / "a.pdf").write_bytes(PDF)
    folder.look()
    assert folder.documents() == []
    assert len(folder.files()) == 6
    told = [record.getMessage() for record in caplog.records if "left alone" in record.getMessage()]
    astray = {path.name for path in folder.root.iterdir() if path != folder.place}
    assert len(told) == len(astray) > 1
    assert all(any(repr(name) in line for line in told) for name in astray)


def test_a_disk_that_is_full_lets_the_file_wait_where_it_is(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.place / "a.pdf").write_bytes(PDF)

    def full(*_: object, **__: object) -> None:
        raise StorageFull("There is no space left.")

    with monkeypatch.context() as patch:
        patch.setattr(folder.custodian.container.documents, "receive", full)
        with pytest.raises(StorageFull):
            folder.look()
    assert (folder.place / "a.pdf").exists()
    folder.look()
    assert len(folder.documents()) == 1


def test_a_folder_that_can_not_be_read_is_no_end(custodian: Custodian, tmp_path: Path) -> None:
    watched = WatchedFolder(tmp_path / "nowhere", custodian.container.documents, custodian.clock)
    assert not watched.step()
