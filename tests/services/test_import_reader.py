"""A reading process gives what reading in place gives, and its end, however it comes, is told."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.kill_import import write_source
from library.db.imports import RunState
from library.db.unit_of_work import Database
from library.domain.errors import UnreadableSource
from library.marc import reading
from library.marc.source import Source
from library.services import import_reader
from library.services.import_prepared import BATCH_RECORDS, prepared
from library.services.importing import Importing
from library.services.progress import Step
from tests.conftest import Clock

RECORDS = 9_000


@pytest.fixture
def source(tmp_path: Path) -> Source:
    write_source(tmp_path / "large.mrc", RECORDS, seed=3)
    return reading.inspect(tmp_path / "large.mrc")


def _readers() -> list[int]:
    """The reading processes that this one has started."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=True
    )
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "import_reader" in line]


def test_a_process_gives_the_batches_that_reading_in_place_gives(source: Source) -> None:
    with closing(import_reader.batches(source, keep_staff_names=False)) as batches:
        first = next(batches)
        assert len(_readers()) == 1
        others = list(batches)
    assert _readers() == []
    assert [first, *others] == list(prepared(source, keep_staff_names=False, batch_records=BATCH_RECORDS))


def test_a_reader_that_is_not_wanted_any_more_ends(source: Source) -> None:
    with closing(import_reader.batches(source, keep_staff_names=False)) as batches:
        next(batches)
        assert len(_readers()) == 1
    assert _readers() == []


def test_a_source_that_stops_being_readable_is_told_from_the_process(source: Source) -> None:
    batches = import_reader.batches(source, keep_staff_names=False)
    gone = source.path.rename(source.path.with_suffix(".gone"))
    with pytest.raises(FileNotFoundError):
        import_reader.batches(source, keep_staff_names=False)
    with pytest.raises(UnreadableSource, match=r"large\.mrc"):
        next(batches)
    assert gone.exists()


def test_a_reader_that_is_killed_is_the_problem_of_its_source_and_the_import_goes_on_later(
    source: Source, database: Database, clock: Clock, tmp_path: Path
) -> None:
    importing = Importing(database, tmp_path / "rejected", tmp_path / "lock", clock)

    def kill(_step: Step) -> None:
        for reader in _readers():
            os.kill(reader, signal.SIGKILL)

    outcome = importing.run([source.path], progress=kill)
    (report,) = outcome.sources
    assert report.state is RunState.FAILED
    assert "ended before its time (exit code -9)" in str(report.problem)
    assert 0 < report.counts.new < RECORDS
    assert importing.run([source.path]).counts.read == RECORDS
    with database.reading() as view:
        assert sum(view.records.counts().values()) == RECORDS
