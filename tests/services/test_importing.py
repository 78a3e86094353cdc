"""Sources come in whole, once, and with a report that balances."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from library.db.imports import Counts, RunState
from library.db.tables import metadata
from library.db.unit_of_work import Database
from library.domain.description import Description
from library.domain.errors import LibraryError
from library.domain.marc import Dialect, MarcRecord
from library.domain.record import Status
from library.marc import dialects, iso2709, marcxml
from library.marc.irbis import database as base
from library.marc.irbis import text as irbis_text
from library.marc.irbis.database import StoredRecord
from library.services.catalogue import Catalogue
from library.services.cataloguing import Cataloguing
from library.services.import_report import ImportOptions, ImportOutcome
from library.services.importing import Importing
from library.services.locks import held
from library.services.progress import Step
from tests.builders import a_marc21_record, a_unimarc_record, an_irbis_record
from tests.conftest import Clock
from tests.staff import revised

Recording = Callable[[Engine], AbstractContextManager[list[str]]]


@dataclass
class Library:
    """An importer, what it fills, and the directory of its sources."""

    database: Database
    importing: Importing
    catalogue: Catalogue
    cataloguing: Cataloguing
    directory: Path
    data: Path

    def takes(self, *paths: Path, **options: object) -> ImportOutcome:
        return self.importing.run(paths or [self.directory], ImportOptions(**options))  # type: ignore[arg-type]

    def rows(self) -> dict[str, int]:
        with self.database.engine.connect() as connection:
            return {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in metadata.tables.items()
            }


@pytest.fixture
def library(database: Database, clock: Clock, tmp_path: Path) -> Library:
    directory, data = tmp_path / "sources", tmp_path / "data"
    directory.mkdir()
    data.mkdir()
    importing = Importing(database, data / "rejected", data / "import.lock", clock)
    return Library(database, importing, Catalogue(database), Cataloguing(database, clock), directory, data)


def _iso(path: Path, *records: MarcRecord) -> Path:
    path.write_bytes(b"".join(iso2709.encode(record) for record in records))
    return path


def _three_dialects(directory: Path) -> None:
    _iso(directory / "new.mrc", *(a_marc21_record(f"kx{number}", title=f"Kitob {number}") for number in range(3)))
    books = b"".join(iso2709.encode_unimarc(a_unimarc_record(f"RU-{number}")) for number in range(2))
    (directory / "books.iso").write_bytes(books)
    (directory / "ibis").mkdir()
    base.write(
        directory / "ibis/IBIS.mst",
        [StoredRecord(mfn=number, marc=an_irbis_record(f"c{number}")) for number in (1, 2, 7)],
    )
    body = b"".join(marcxml.encode(Dialect.MARC21, a_marc21_record(f"x{number}")) for number in range(2))
    (directory / "more.xml").write_bytes(marcxml.header(Dialect.MARC21) + body + marcxml.footer())
    (directory / "text.txt").write_text(irbis_text.encode(an_irbis_record("t1")), encoding="utf-8")


def test_a_directory_of_all_kinds_comes_in_and_a_second_import_changes_nothing(library: Library) -> None:
    _three_dialects(library.directory)
    first = library.takes()
    assert {report.source.name: report.counts for report in first.sources} == {
        "new": Counts(new=3),
        "books": Counts(new=2),
        "IBIS": Counts(new=3),
        "more": Counts(new=2),
        "text": Counts(new=1),
    }
    assert first.unreadable == ()
    rows = library.rows()
    assert (rows["records"], rows["origins"], rows["outbox"], rows["record_revisions"]) == (11, 11, 11, 0)
    assert library.catalogue.totals().published == 11

    second = library.takes()
    assert second.counts == Counts(unchanged=11)
    assert library.rows() == rows | {"import_runs": 10}


def test_a_dry_run_tells_the_same_and_writes_nothing(library: Library) -> None:
    _three_dialects(library.directory)
    (library.directory / "broken.mrc").write_bytes(
        iso2709.encode(a_marc21_record()) + b"00040nam  2200000 no directory\x1d"
    )
    before = library.rows()
    foreseen = library.takes(dry_run=True)
    assert library.rows() == before
    assert not (library.data / "rejected").exists()
    done = library.takes()
    assert {report.source.name: report.counts for report in foreseen.sources} == {
        report.source.name: report.counts for report in done.sources
    }
    assert done.counts.rejected == 1


def test_only_what_changed_in_the_source_is_saved_anew(library: Library) -> None:
    path = library.directory / "new.mrc"
    _iso(path, a_marc21_record("a", title="Algebra"), a_marc21_record("b", title="Botanika"))
    library.takes()
    _iso(
        path,
        a_marc21_record("c", title="Chizmachilik"),
        a_marc21_record("b", title="Botanika, 2-nashr"),
        a_marc21_record("a", title="Algebra"),
    )
    assert library.takes().counts == Counts(new=1, changed=1, unchanged=1)
    states = library.catalogue.versions(2)
    assert [state.marc.first("245", "a") for state in states] == ["Botanika", "Botanika, 2-nashr"]
    assert [state.version for state in library.catalogue.versions(1)] == [1]
    assert library.catalogue.record(2).origins[0].imported_version == 2
    assert library.takes().counts == Counts(unchanged=3)


def test_records_can_come_as_if_they_had_come_yesterday(library: Library, clock: Clock) -> None:
    yesterday = clock() - timedelta(days=1)
    path = _iso(library.directory / "new.mrc", a_marc21_record("a", title="Algebra"))
    library.importing.by_clock(lambda: yesterday).run([path])
    _iso(path, a_marc21_record("a", title="Algebra, 2-nashr"))
    library.takes()
    record = library.catalogue.record(1).record
    assert record.created_at == yesterday < record.changed_at - timedelta(days=1)


def test_what_was_edited_here_is_not_overwritten(library: Library) -> None:
    path = _iso(library.directory / "new.mrc", a_marc21_record("a", title="Algebra"), a_marc21_record("b"))
    library.takes()
    ours = a_marc21_record("a", title="Algebra (tuzatilgan)")
    revised(library.cataloguing, 1, ours)
    assert library.takes().counts == Counts(unchanged=2)

    _iso(path, a_marc21_record("a", title="Algebra, 3-nashr"), a_marc21_record("b", title="Botanika"))
    foreseen = library.takes(dry_run=True)
    outcome = library.takes()
    assert foreseen.counts == outcome.counts == Counts(changed=1, rejected=1)
    (rejected,) = outcome.sources[0].rejected
    assert "Record 1 was edited here" in str(rejected.reason)
    assert rejected.number == 1
    assert library.catalogue.record(1).record.marc == ours
    assert library.catalogue.record(2).description.title == "Botanika"
    report = outcome.sources[0].report_file
    assert report is not None
    assert "record 1, byte 0: rejected: Record 1 was edited here" in report.read_text()
    (kept,) = outcome.sources[0].rejects_files
    assert library.takes(kept, source_name="apart").counts == Counts(new=1)
    assert library.catalogue.record(3).record.marc == a_marc21_record("a", title="Algebra, 3-nashr")


def test_an_irbis_base_brings_its_history_its_deleted_records_and_its_numbers(library: Library) -> None:
    path = library.directory / "Ibis.mst"
    drafts = [an_irbis_record(title=f"Алгебра {number}") for number in (1, 2, 3, 4)]
    base.write(
        path,
        [
            StoredRecord(mfn=4, marc=drafts[1], earlier=(drafts[0],)),
            StoredRecord(mfn=9, marc=an_irbis_record("x"), deleted=True),
        ],
    )
    assert library.takes(keep_staff_names=True).counts == Counts(new=2)
    assert [state.marc for state in library.catalogue.versions(1)] == drafts[:2]
    assert library.catalogue.resolve_mfn("ibis", 4) == library.catalogue.resolve_mfn("IBIS", 4) == 1
    gone = library.catalogue.record(library.catalogue.resolve_mfn("IbIs", 9)).record
    assert (gone.status, gone.withdrawal_reason) == (Status.WITHDRAWN, "deleted in the source")
    assert library.catalogue.totals().published == 1

    # Saved twice in IRBIS since, and the deleted one restored: no state is lost, no number changes.
    base.write(
        path,
        [
            StoredRecord(mfn=4, marc=drafts[3], earlier=tuple(drafts[:3])),
            StoredRecord(mfn=9, marc=an_irbis_record("x")),
        ],
    )
    assert library.takes(keep_staff_names=True).counts == Counts(changed=2)
    states = library.catalogue.versions(1)
    assert [state.marc for state in states] == drafts
    assert [state.version for state in states] == [1, 2, 3, 4]
    back = library.catalogue.record(library.catalogue.resolve_mfn("IBIS", 9)).record
    assert (back.status, back.withdrawal_reason, back.version) == (Status.PUBLISHED, "", 2)

    base.write(path, [StoredRecord(mfn=4, marc=drafts[3], earlier=tuple(drafts[:3]), deleted=True)])
    assert library.takes(keep_staff_names=True).counts == Counts(changed=1)
    assert library.catalogue.record(1).record.status is Status.WITHDRAWN


def test_names_of_cataloguers_stay_out_of_the_record_and_of_its_history(library: Library) -> None:
    base.write(
        library.directory / "IBIS.mst",
        [StoredRecord(mfn=1, marc=an_irbis_record(), earlier=(an_irbis_record(title="Алгебра"),))],
    )
    assert library.takes().sources[0].staff_names == 2
    assert all("Токтогулова" not in str(state.marc) for state in library.catalogue.versions(1))
    assert library.takes().counts == Counts(unchanged=1)
    assert library.takes(keep_staff_names=True).counts == Counts(changed=1)
    assert library.catalogue.record(1).record.marc == an_irbis_record()


def test_rejected_records_are_mended_and_imported_again(library: Library) -> None:
    good = [iso2709.encode(a_marc21_record(f"kx{number}")) for number in range(3)]
    mended = iso2709.encode(a_marc21_record("kx-mended", title="Tuzatilgan"))
    broken = mended.replace(b"\x1e", b"\x1f")
    path = library.directory / "new.mrc"
    path.write_bytes(good[0] + broken + good[1] + broken[:30] + b"\x1d" + good[2])
    outcome = library.takes()
    assert outcome.counts == Counts(new=3, rejected=2)
    report = outcome.sources[0]
    assert [(record.number, record.offset) for record in report.rejected] == [
        (2, len(good[0])),
        (4, len(good[0]) + len(broken) + len(good[1])),
    ]
    (rejects,) = report.rejects_files
    assert rejects.read_bytes() == broken + broken[:30] + b"\x1d"
    assert report.report_file is not None
    assert f"record 2, byte {len(good[0])}: rejected: " in report.report_file.read_text()

    rejects.write_bytes(mended)
    assert library.takes(rejects, source_name="new").counts == Counts(new=1)
    path.write_bytes(good[0] + mended + good[1] + good[2])
    assert library.takes(path).counts == Counts(unchanged=4)


@pytest.mark.parametrize("ending", ["xml", "txt"])
def test_rejected_xml_and_text_can_be_read_again_after_mending(library: Library, ending: str) -> None:
    path = library.directory / f"new.{ending}"
    if ending == "xml":
        records = [marcxml.encode(Dialect.MARC21, a_marc21_record(f"x{number}")) for number in range(3)]
        records[1] = records[1].replace(b"</subfield>", b"</subfeild>", 1)
        path.write_bytes(marcxml.header(Dialect.MARC21) + b"".join(records) + marcxml.footer())
        wrong, right = b"</subfeild>", b"</subfield>"
    else:
        texts = [irbis_text.encode(an_irbis_record(f"t{number}")).encode() for number in range(3)]
        wrong, right = b"(no field is left of it)\r\n*****\r\n", texts[1]
        texts[1] = wrong
        path.write_bytes(b"".join(texts))
    outcome = library.takes()
    assert outcome.counts == Counts(new=2, rejected=1)
    (rejects,) = outcome.sources[0].rejects_files
    assert wrong in rejects.read_bytes()
    rejects.write_bytes(rejects.read_bytes().replace(wrong, right))
    assert library.takes(rejects, source_name="new").counts == Counts(new=1)


def test_bad_sources_are_named_and_cost_the_others_nothing(library: Library) -> None:
    _iso(library.directory / "good.mrc", a_marc21_record())
    (library.directory / "report.mrc").write_bytes(b"%PDF-1.7\n" + b"x" * 2000)
    (library.directory / "empty.mrc").touch()
    (library.directory / "evil.xml").write_text(
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><collection>&e;</collection>'
    )
    outcome = library.takes(library.directory, library.directory / "missing.mrc")
    assert outcome.counts == Counts(new=1)
    said = {path.path.name for path in outcome.unreadable} | {
        report.source.path.name for report in outcome.sources if report.problem is not None
    }
    assert said == {"report.mrc", "empty.mrc", "evil.xml", "missing.mrc"}


def test_an_unchanged_batch_takes_the_same_few_queries_whatever_its_size(
    library: Library, statements: Recording
) -> None:
    counts = []
    for number in (10, 900):
        path = _iso(library.directory / f"of{number}.mrc", *(a_marc21_record(f"k{n}") for n in range(number)))
        with statements(library.database.engine) as new:
            library.takes(path)
        with statements(library.database.engine) as unchanged:
            library.takes(path)
        counts.append((len(new), len(unchanged)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 18
    assert counts[0][1] <= 4


def test_an_import_that_is_asked_to_stop_ends_between_batches_and_goes_on_later(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.services.import_reader.BATCH_RECORDS", 10)
    path = _iso(library.directory / "new.mrc", *(a_marc21_record(f"k{number}") for number in range(35)))
    steps: list[Step] = []
    first = library.importing.run([path], progress=steps.append, stop=lambda: len(steps) == 2)
    assert first.interrupted
    assert first.counts == Counts(new=20)
    assert library.rows()["records"] == 20
    second = library.importing.run([path], progress=steps.append)
    assert second.counts == Counts(new=15, unchanged=20)
    with library.database.reading() as view:
        assert [run.state for run in view.imports.latest(5)] == [RunState.COMPLETE, RunState.INTERRUPTED]
    assert [step.records for step in steps] == [10, 20, 20, 10, 20, 30, 35, 35]
    assert steps[-1].done == steps[-1].total == path.stat().st_size


def test_a_second_importer_is_told_to_wait(library: Library) -> None:
    _iso(library.directory / "new.mrc", a_marc21_record())
    with held(library.data / "import.lock"), pytest.raises(LibraryError, match="Another import is running"):
        library.takes()
    assert library.takes().counts == Counts(new=1)


def test_two_files_of_one_name_are_not_mixed_up(library: Library) -> None:
    for folder in ("a", "b"):
        (library.directory / folder).mkdir()
        base.write(library.directory / folder / "IBIS.mst", [StoredRecord(mfn=1, marc=an_irbis_record(folder))])
    outcome = library.takes()
    assert outcome.counts == Counts(new=1)
    (refused,) = outcome.unreadable
    assert refused.path.parent.name == "b"
    assert library.takes(refused.path, source_name="RARE").counts == Counts(new=1)
    assert library.catalogue.resolve_mfn("ibis", 1) != library.catalogue.resolve_mfn("rare", 1)


def test_whether_anything_was_ever_imported_is_known(library: Library) -> None:
    assert not library.importing.has_run()
    _iso(library.directory / "new.mrc", a_marc21_record())
    library.takes(dry_run=True)
    assert not library.importing.has_run()
    library.takes()
    assert library.importing.has_run()


def test_a_record_that_can_not_be_described_costs_only_itself(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe = dialects.describe

    def fail_for_one(dialect: Dialect, marc: MarcRecord) -> Description:
        if marc.control("001") == "k1":
            raise ArithmeticError("odd")
        return describe(dialect, marc)

    monkeypatch.setattr(dialects, "describe", fail_for_one)
    _iso(library.directory / "new.mrc", *(a_marc21_record(f"k{number}") for number in range(3)))
    outcome = library.takes()
    assert outcome.counts == Counts(new=2, rejected=1)
    assert "ArithmeticError: odd" in str(outcome.sources[0].rejected[0].reason)
    (kept,) = outcome.sources[0].rejects_files
    monkeypatch.undo()
    assert library.takes(kept, source_name="new").counts == Counts(new=1)
