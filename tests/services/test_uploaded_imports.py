"""An uploaded file is examined, approved by another person, imported by the worker, and can be taken back whole."""

from __future__ import annotations

import gc
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from library.db.imports import Counts
from library.db.unit_of_work import Database
from library.domain.errors import FourEyes, NotEntitled, NotFound, NotSubmitted, TooManyAttempts, UnreadableSource
from library.domain.journal import Deed
from library.domain.marc import Dialect, MarcRecord
from library.domain.people import Role
from library.domain.record import Status
from library.domain.uploaded_import import Fate, Reading, UploadState
from library.marc import codec, iso2709, marcxml
from library.marc.irbis import database as base
from library.marc.irbis import text as irbis_text
from library.marc.irbis.database import StoredRecord
from library.services import import_prepared, import_reader
from library.services.cataloguing import Cataloguing
from library.services.import_report import ImportOptions
from library.services.importing import Importing
from library.services.locks import held
from library.services.uploaded_imports import Move, UploadedImports, UploadView
from library.services.uploaded_imports_intake import Intake, SentFile
from library.services.uploaded_imports_work import UploadedImportsWork
from tests.builders import a_marc21_record, a_unimarc_record, an_irbis_record
from tests.conftest import Clock
from tests.staff import AZIZA, BOTIR, NODIRA, published, revised

BROKEN = b"00060nam  2200000   450 no directory, no fields, no sense\x1d"
ANYHOW = Reading(source_name="")


@dataclass
class Desk:
    """The service, the worker's part in it, and what both work on."""

    database: Database
    clock: Clock
    data: Path
    megabytes: int = 1

    def __post_init__(self) -> None:
        self.intake = Intake(self.data / "imports", self.megabytes)
        self.imports = UploadedImports(self.database, self.intake, self.clock)
        self.cataloguing = Cataloguing(self.database, self.clock)
        self.restart()

    def restart(self) -> None:
        """A new worker, as after a kill: what the former one held open is gone."""
        self.__dict__.pop("work", None)
        gc.collect()
        lock = self.data / "import.lock"
        self.work = UploadedImportsWork(self.database, self.intake, self.data / "imports", lock, self.clock)

    def run(self) -> None:
        for _ in range(1000):
            if not self.work.step():
                return
        raise AssertionError("the worker never rests")

    def receive(self, body: bytes, name: str = "kitoblar.mrc", reading: Reading = ANYHOW) -> int:
        return self.imports.receive([SentFile(name=name, stream=io.BytesIO(body))], reading, actor=NODIRA)

    def examined(self, body: bytes, name: str = "kitoblar.mrc", reading: Reading = ANYHOW) -> int:
        number = self.receive(body, name, reading)
        self.run()
        return number

    def approved(self, number: int) -> None:
        self.imports.submit(number, actor=NODIRA)
        self.imports.approve(number, actor=AZIZA)

    def imported(self, body: bytes, name: str = "kitoblar.mrc", reading: Reading = ANYHOW) -> int:
        number = self.examined(body, name, reading)
        self.approved(number)
        self.run()
        return number

    def view(self, number: int) -> UploadView:
        return self.imports.view(number, actor=NODIRA)

    def marcs(self) -> dict[int, tuple[Status, MarcRecord]]:
        with self.database.reading() as view:
            return {one.id: (one.status, one.marc) for one in view.records.page(0, 10_000)}

    def deeds(self) -> list[str]:
        with self.database.reading() as view:
            return [line.deed for line in view.journal.lines()]


@pytest.fixture
def desk(database: Database, clock: Clock, tmp_path: Path) -> Desk:
    return Desk(database, clock, tmp_path)


def _books(*numbers: int, title: str = "Kitob") -> list[MarcRecord]:
    return [a_marc21_record(f"kx{number}", title=f"{title} {number}") for number in numbers]


def _iso(*records: MarcRecord) -> bytes:
    return b"".join(map(iso2709.encode, records))


def test_a_file_is_examined_before_anything_is_written(desk: Desk) -> None:
    number = desk.receive(_iso(*_books(1, 2)) + BROKEN + _iso(*_books(3)))
    assert desk.view(number).upload.state is UploadState.EXAMINING
    desk.run()
    view = desk.view(number)
    assert (view.upload.state, view.upload.reading.source_name) == (UploadState.EXAMINED, "kitoblar")
    assert view.foreseen is not None
    assert view.foreseen.counts == Counts(new=3, rejected=1)
    assert (view.foreseen.format, view.foreseen.dialect) == ("iso2709", "marc21")
    assert view.foreseen.titles[0] == "Kitob 1 / Soatov, Yo. U., 2019"
    assert len(view.foreseen.titles) == 3
    (reason,) = desk.imports.reasons(number, 0, 10, actor=AZIZA)
    assert (reason.number, reason.offset) == (3, len(_iso(*_books(1, 2))))
    assert desk.marcs() == {}
    assert view.possible == {Move.READ, Move.SUBMIT, Move.STOP}


def test_another_person_approves_and_the_worker_imports(desk: Desk) -> None:
    number = desk.examined(_iso(*_books(1, 2)) + BROKEN)
    with pytest.raises(NotSubmitted):
        desk.imports.approve(number, actor=AZIZA)
    desk.imports.submit(number, actor=NODIRA)
    with pytest.raises(NotEntitled):
        desk.imports.approve(number, actor=NODIRA)
    desk.imports.approve(number, actor=AZIZA)
    desk.run()
    view = desk.view(number)
    assert view.outcome is not None
    assert (view.upload.state, view.outcome.counts) == (UploadState.DONE, Counts(new=2, rejected=1))
    assert view.fates == {Fate.ADDED: 2}
    with desk.database.reading() as reading:
        record = reading.records.get(1)
        assert len(reading.outbox.first(10)) == 2
    assert (record.status, record.changed_by, record.approved_by) == (Status.PUBLISHED, NODIRA.key, AZIZA.key)
    (name,) = view.rejected_files
    assert desk.imports.rejected_file(number, name, actor=AZIZA).read_bytes() == BROKEN
    for wrong in ("../../library.sqlite", "reasons.jsonl", ""):
        with pytest.raises(NotFound):
            desk.imports.rejected_file(number, wrong, actor=AZIZA)
    assert desk.deeds() == [Deed.IMPORT_UPLOADED, Deed.IMPORT_SUBMITTED, Deed.IMPORT_APPROVED, Deed.IMPORT_ENDED]


def test_nobody_approves_an_upload_of_their_own_not_even_the_head(desk: Desk) -> None:
    sent = [SentFile(name="a.mrc", stream=io.BytesIO(_iso(*_books(1))))]
    number = desk.imports.receive(sent, ANYHOW, actor=BOTIR)
    desk.run()
    desk.imports.submit(number, actor=BOTIR)
    with pytest.raises(FourEyes):
        desk.imports.approve(number, actor=BOTIR)
    assert desk.view(number).upload.state is UploadState.SUBMITTED


def test_what_each_may_do(desk: Desk) -> None:
    reader = type(NODIRA).person(8, "Talaba", frozenset({Role.READER}))
    number = desk.examined(_iso(*_books(1)))
    imports = desk.imports
    for use in (
        lambda: imports.receive([], ANYHOW, actor=AZIZA),
        lambda: imports.latest(5, actor=reader),
        lambda: imports.view(number, actor=reader),
        lambda: imports.reasons(number, 0, 5, actor=reader),
        lambda: imports.rejected_file(number, "x", actor=reader),
        lambda: imports.kept(number, 0, 5, actor=reader),
        lambda: imports.read_differently(number, ANYHOW, actor=AZIZA),
        lambda: imports.submit(number, actor=AZIZA),
        lambda: imports.approve(number, actor=NODIRA),
        lambda: imports.stop(number, actor=AZIZA),
        lambda: imports.go_on(number, actor=AZIZA),
        lambda: imports.withdraw(number, actor=NODIRA),
    ):
        with pytest.raises(NotEntitled):
            use()
    assert [one.id for one in imports.latest(5, actor=AZIZA)] == [number]


def _base(directory: Path, *numbers: int) -> tuple[bytes, bytes]:
    mst = directory / "ibis.mst"
    base.write(mst, [StoredRecord(mfn=mfn, marc=an_irbis_record(f"c{mfn}", inventory=f"K-{mfn}")) for mfn in numbers])
    return mst.read_bytes(), mst.with_suffix(".xrf").read_bytes()


FILES: dict[str, Callable[[], bytes]] = {
    "a.mrc": lambda: _iso(*_books(1, 2)),
    "b.iso": lambda: b"".join(iso2709.encode_unimarc(a_unimarc_record(f"RU-{number}")) for number in (1, 2)),
    "c.xml": lambda: (
        marcxml.header(Dialect.MARC21)
        + b"".join(marcxml.encode(Dialect.MARC21, book) for book in _books(1, 2))
        + marcxml.footer()
    ),
    "d.jsonl": lambda: "\n".join(map(codec.to_json, _books(1, 2))).encode(),
    "e.txt": lambda: "".join(irbis_text.encode(an_irbis_record(f"c{number}")) for number in (1, 2)).encode(),
    "no ending at all": lambda: _iso(*_books(1, 2)),
}


@pytest.mark.parametrize("name", FILES)
def test_every_format_of_the_command_line_comes_in(desk: Desk, name: str) -> None:
    number = desk.imported(FILES[name](), name)
    view = desk.view(number)
    assert view.outcome is not None
    assert (view.upload.state, view.outcome.counts) == (UploadState.DONE, Counts(new=2))
    again = desk.imported(FILES[name](), name)
    assert desk.view(again).outcome.counts == Counts(unchanged=2)  # type: ignore[union-attr]


@pytest.mark.parametrize("names", [("ibis.mst", "ibis.xrf"), ("C:\\bases\\IBIS.XRF", "ibis.MST")])
def test_both_files_of_a_base_come_in(desk: Desk, tmp_path: Path, names: tuple[str, str]) -> None:
    mst, xrf = _base(tmp_path, 1, 3)
    bodies = {".mst": mst, ".xrf": xrf}
    files = [SentFile(name=name, stream=io.BytesIO(bodies[name[-4:].lower()])) for name in names]
    number = desk.imports.receive(files, ANYHOW, actor=NODIRA)
    desk.run()
    desk.approved(number)
    desk.run()
    view = desk.view(number)
    assert view.outcome is not None
    assert (view.outcome.counts.new, view.outcome.staff_names) == (2, 2)
    assert view.upload.reading.source_name == "IBIS"
    with desk.database.reading() as reading:
        assert reading.origins.record_of_mfn("IBIS", 3) is not None


@pytest.mark.parametrize("names", [("a.mst",), ("a.xrf",), ("a.mst", "b.xrf"), ("a.mrc", "b.mrc"), ()])
def test_files_that_do_not_belong_together_are_told(desk: Desk, names: tuple[str, ...]) -> None:
    files = [SentFile(name=name, stream=io.BytesIO(_iso(*_books(1)))) for name in names]
    with pytest.raises(UnreadableSource):
        desk.imports.receive(files, ANYHOW, actor=NODIRA)
    assert not list(desk.data.glob("imports/*"))


def test_a_file_is_read_again_in_another_way(desk: Desk) -> None:
    body = "".join(irbis_text.encode(an_irbis_record(f"c{number}")) for number in (1, 2)).encode("cp1251")
    number = desk.examined(body, "export.txt", Reading(source_name="x", encoding="cp866"))
    view = desk.view(number)
    assert view.foreseen is not None
    assert "Алгебра" not in view.foreseen.titles[0]
    desk.imports.read_differently(number, Reading(source_name=" IBIS ", encoding="cp1251"), actor=NODIRA)
    assert desk.view(number).foreseen is None
    desk.run()
    view = desk.view(number)
    assert view.foreseen is not None
    assert view.foreseen.titles[0].startswith("Алгебра жана анализ")
    assert view.upload.reading.source_name == "IBIS"
    for wrong in (Reading(source_name="", dialect="klingon"), Reading(source_name="", encoding="rot13")):
        with pytest.raises(UnreadableSource):
            desk.imports.read_differently(number, wrong, actor=NODIRA)


def test_records_that_are_here_already_are_told_in_whatever_alphabet(desk: Desk) -> None:
    ours = published(desk.cataloguing, Dialect.MARC21, a_marc21_record("k1", title="Олий математика"))
    same_isbn = a_marc21_record("a", title="Boshqa nom")
    same_work = a_marc21_record("b", title="Oliy matematika")
    same_work = same_work.with_fields(field for field in same_work.fields if field.tag != "020")
    other = a_marc21_record("c", title="Kimyo")
    other = other.with_fields(field for field in other.fields if field.tag != "020")
    number = desk.examined(_iso(same_isbn, same_work, other))
    foreseen = desk.view(number).foreseen
    assert foreseen is not None
    assert foreseen.duplicates == 2
    assert [(one.title.split(" /")[0], one.record_id, one.kind) for one in foreseen.twice] == [
        ("Boshqa nom", ours, "isbn"),
        ("Oliy matematika", ours, "work"),
    ]


def test_an_import_is_taken_back_whole(desk: Desk) -> None:
    first = desk.imported(_iso(*_books(1, 2, 3)))
    before = desk.marcs()
    second = desk.imported(_iso(*_books(2, 3, 4, 5, title="Yangi kitob")))
    view = desk.view(second)
    assert view.outcome is not None
    assert (view.outcome.counts, view.other_uses) == (Counts(new=2, changed=2), 1)
    assert view.fates == {Fate.ADDED: 2, Fate.CHANGED: 2}

    desk.imports.withdraw(second, actor=AZIZA)
    desk.run()
    view = desk.view(second)
    assert view.upload.state is UploadState.WITHDRAWN
    assert view.fates == {Fate.WITHDRAWN: 2, Fate.RESTORED: 2}
    after = desk.marcs()
    assert {number: after[number] for number in before} == before
    assert [after[number][0] for number in sorted(set(after) - set(before))] == [Status.WITHDRAWN] * 2
    assert desk.view(first).upload.state is UploadState.DONE
    deeds = desk.deeds()
    assert deeds.count(Deed.RECORD_CHANGED_BY_IMPORT) == 2
    assert deeds.count(Deed.RECORD_WITHDRAWN) == deeds.count(Deed.RECORD_RESTORED) == 2
    assert deeds[-1] == Deed.IMPORT_WITHDRAWAL_ENDED

    third = desk.imported(_iso(*_books(2, 3, 4, 5, title="Yangi kitob")))
    outcome = desk.view(third).outcome
    assert outcome is not None
    assert outcome.counts == Counts(changed=4), "the same numbers come to life again"
    assert len(desk.marcs()) == 5
    assert {status for status, _ in desk.marcs().values()} == {Status.PUBLISHED}


def test_what_somebody_changed_since_is_kept(desk: Desk) -> None:
    number = desk.imported(_iso(*_books(1, 2, 3)))
    edited, _, waiting = sorted(desk.marcs())
    revised(desk.cataloguing, edited, a_marc21_record("kx1", title="Tuzatilgan"))
    stamp = desk.cataloguing.workplace(waiting, actor=NODIRA).stamp
    desk.cataloguing.save(waiting, a_marc21_record("kx3", title="Ishda"), expected=stamp, actor=NODIRA)
    desk.imports.withdraw(number, actor=BOTIR)
    desk.run()
    assert desk.view(number).fates == {Fate.WITHDRAWN: 1, Fate.KEPT: 2}
    kept = desk.imports.kept(number, 0, 10, actor=AZIZA)
    assert [one.record_id for one in kept] == [edited, waiting]
    assert desk.marcs()[edited][0] is Status.PUBLISHED
    with pytest.raises(NotSubmitted):
        desk.imports.withdraw(number, actor=BOTIR)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of three records, so that a small file has many."""
    monkeypatch.setattr(import_reader, "BATCH_RECORDS", 3)
    monkeypatch.setattr(import_prepared, "BATCH_RECORDS", 3)


@pytest.mark.usefixtures("small_batches")
def test_a_killed_worker_goes_on_and_the_whole_import_is_known(desk: Desk) -> None:
    number = desk.examined(_iso(*_books(*range(20))))
    desk.approved(number)
    for steps in (2, 4):
        for _ in range(steps):
            assert desk.work.step()
        desk.restart()
    assert 0 < len(desk.marcs()) < 20
    assert 0 < desk.view(number).upload.share < 1000
    desk.run()
    view = desk.view(number)
    assert view.outcome is not None
    assert (view.upload.state, view.outcome.counts) == (UploadState.DONE, Counts(new=20))
    assert view.fates == {Fate.ADDED: 20}
    desk.imports.withdraw(number, actor=AZIZA)
    desk.run()
    assert {status for status, _ in desk.marcs().values()} == {Status.WITHDRAWN}


@pytest.mark.usefixtures("small_batches")
def test_a_running_import_is_stopped_and_taken_back(desk: Desk) -> None:
    number = desk.examined(_iso(*_books(*range(20))))
    desk.approved(number)
    for _ in range(3):
        desk.work.step()
    desk.imports.stop(number, actor=NODIRA)
    desk.run()
    view = desk.view(number)
    came_in = len(desk.marcs())
    assert view.outcome is not None
    assert (view.upload.state, view.outcome.counts.new) == (UploadState.STOPPED, came_in)
    assert 0 < came_in < 20
    desk.imports.withdraw(number, actor=AZIZA)
    desk.run()
    assert desk.view(number).fates == {Fate.WITHDRAWN: came_in}


@pytest.mark.usefixtures("small_batches")
def test_an_examination_is_stopped(desk: Desk) -> None:
    number = desk.receive(_iso(*_books(*range(20))))
    desk.work.step()
    desk.imports.stop(number, actor=NODIRA)
    desk.run()
    view = desk.view(number)
    assert (view.upload.state, view.foreseen, view.possible) == (UploadState.STOPPED, None, frozenset())


def test_a_file_that_changed_on_the_disk_is_not_imported(desk: Desk) -> None:
    number = desk.examined(_iso(*_books(1)))
    (path,) = desk.data.glob("imports/*/records.dat")
    path.write_bytes(_iso(*_books(7)))
    desk.approved(number)
    desk.run()
    view = desk.view(number)
    assert view.outcome is not None
    assert (view.upload.state, desk.marcs()) == (UploadState.FAILED, {})
    assert "not the one that was examined" in str(view.outcome.problem)
    path.write_bytes(_iso(*_books(1)))
    desk.imports.go_on(number, actor=NODIRA)
    desk.run()
    assert desk.view(number).upload.state is UploadState.DONE


def test_an_import_waits_for_one_on_the_command_line(desk: Desk, tmp_path: Path) -> None:
    number = desk.examined(_iso(*_books(1)))
    desk.approved(number)
    with held(desk.data / "import.lock"):
        assert not desk.work.step()
    desk.run()
    assert desk.view(number).upload.state is UploadState.DONE
    path = tmp_path / "kitoblar.mrc"
    path.write_bytes(_iso(*_books(1)))
    importing = Importing(desk.database, tmp_path / "rejected", desk.data / "import.lock", desk.clock)
    assert importing.run([path], ImportOptions()).counts == Counts(unchanged=1)


def test_what_breaks_a_reader_breaks_no_worker(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    number = desk.receive(_iso(*_books(1)))

    def broken(*_: object) -> None:
        raise ZeroDivisionError("oh")

    with monkeypatch.context() as patched:
        patched.setattr("library.services.uploaded_imports_report.Foresight.foreseen", broken)
        desk.run()
    view = desk.view(number)
    assert view.foreseen is not None
    assert (view.upload.state, "ZeroDivisionError: oh" in str(view.foreseen.problem)) == (UploadState.REFUSED, True)
    desk.imports.read_differently(number, ANYHOW, actor=NODIRA)
    desk.run()
    assert desk.view(number).upload.state is UploadState.EXAMINED


def test_a_disk_that_fails_is_told_and_tried_again(desk: Desk) -> None:
    number = desk.receive(_iso(*_books(1)))
    (place,) = desk.data.glob("imports/*")
    (place / "reasons.jsonl").mkdir()
    desk.run()
    view = desk.view(number)
    assert view.foreseen is not None
    assert (view.upload.state, "Is a directory" in str(view.foreseen.problem)) == (UploadState.REFUSED, True)
    (place / "reasons.jsonl").rmdir()
    desk.imports.read_differently(number, ANYHOW, actor=NODIRA)
    desk.run()
    desk.approved(number)
    (place / "reasons.jsonl").mkdir()
    desk.run()
    assert desk.view(number).upload.state is UploadState.FAILED
    (place / "reasons.jsonl").rmdir()
    desk.imports.go_on(number, actor=NODIRA)
    desk.run()
    assert desk.view(number).upload.state is UploadState.DONE


def test_files_go_after_thirty_days_and_what_came_of_them_stays(desk: Desk) -> None:
    done, waiting = desk.imported(_iso(*_books(1)) + BROKEN), desk.examined(_iso(*_books(2)))
    stray = desk.data / "imports" / ("0" * 32)
    stray.mkdir()
    desk.clock.time += timedelta(days=31)
    long_ago = (desk.clock.time - timedelta(days=2)).timestamp()
    os.utime(stray, (long_ago, long_ago))
    desk.run()
    assert list((desk.data / "imports").iterdir()) == []
    view = desk.view(done)
    assert (view.upload.state, view.upload.directory, view.rejected_files) == (UploadState.DONE, "", ())
    assert list(desk.imports.reasons(done, 0, 5, actor=AZIZA)) == []
    assert desk.view(waiting).upload.state is UploadState.STOPPED
    assert desk.view(done).possible == {Move.WITHDRAW}
    desk.imports.withdraw(done, actor=AZIZA)
    desk.run()
    assert desk.view(done).fates == {Fate.WITHDRAWN: 1}


def test_one_person_does_not_fill_the_disk(desk: Desk) -> None:
    for _ in range(20):
        desk.receive(_iso(*_books(1)))
    with pytest.raises(TooManyAttempts):
        desk.receive(_iso(*_books(1)))
    desk.clock.time += timedelta(hours=1)
    desk.receive(_iso(*_books(1)))
    with pytest.raises(UnreadableSource, match="more than 1 megabytes"):
        desk.receive(_iso(*_books(1)) * 4000)
    assert len(list(desk.data.glob("imports/*"))) == 21
