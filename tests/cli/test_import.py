"""`library import`: what it says, and the exit code it ends with."""

from __future__ import annotations

import resource
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from benchmarks.kill_import import write_source
from library.marc import iso2709
from library.marc.irbis import database as base
from library.marc.irbis.database import StoredRecord
from tests.builders import a_marc21_record, an_irbis_record
from tests.cli.conftest import Shell

BROKEN = b"00060nam  2200000   450 no directory, no fields, no sense\x1d"


def _records(shell: Shell) -> int:
    with closing(sqlite3.connect(shell.data / "library.sqlite")) as connection:
        (count,) = connection.execute("SELECT count(*) FROM records").fetchone()
    return int(count)


def test_a_base_comes_in_with_one_command(shell: Shell, tmp_path: Path) -> None:
    base.write(
        tmp_path / "IBIS.mst", [StoredRecord(mfn=number, marc=an_irbis_record(f"c{number}")) for number in (1, 2)]
    )
    done = shell.library("import", tmp_path / "IBIS.mst")
    assert done.returncode == 0, done.stderr
    assert "IBIS" in done.stdout
    assert "irbis64, irbis, utf-8" in done.stdout
    assert "read 2 = new 2 + changed 0 + unchanged 0 + rejected 0" in done.stdout
    assert "2 names of cataloguers left out (--keep-staff-names keeps them)" in done.stdout
    again = shell.library("import", tmp_path / "IBIS.mst")
    assert again.returncode == 0
    assert "read 2 = new 0 + changed 0 + unchanged 2 + rejected 0" in again.stdout


def test_rejected_records_are_told_and_exit_with_one(shell: Shell, tmp_path: Path) -> None:
    source = tmp_path / "new.mrc"
    source.write_bytes(BROKEN + iso2709.encode(a_marc21_record()))
    foreseen = shell.library("import", "--dry-run", source)
    assert foreseen.returncode == 1
    assert "This was a dry run: nothing was written." in foreseen.stdout
    assert "read 2 = new 1 + changed 0 + unchanged 0 + rejected 1" in foreseen.stdout
    assert not shell.data.exists()
    done = shell.library("import", source)
    assert done.returncode == 1
    assert "read 2 = new 1 + changed 0 + unchanged 0 + rejected 1" in done.stdout
    assert "rejected: record 1, byte 0: " in done.stdout
    (raw,) = (shell.data / "rejected").glob("new-1.iso")
    assert raw.read_bytes() == BROKEN
    assert str(raw) in done.stdout


def test_sources_that_can_not_be_read_exit_with_two_and_are_named(shell: Shell, tmp_path: Path) -> None:
    good, orphan, pdf = tmp_path / "good.mrc", tmp_path / "orphan.mst", tmp_path / "report.mrc"
    good.write_bytes(iso2709.encode(a_marc21_record()))
    orphan.write_bytes(bytes(36))
    pdf.write_bytes(b"%PDF-1.7\n")
    done = shell.library("import", good, orphan, pdf, tmp_path / "missing.mrc")
    assert done.returncode == 2
    assert "read 1 = new 1 + changed 0 + unchanged 0 + rejected 0" in done.stdout
    for path in (orphan, pdf, tmp_path / "missing.mrc"):
        assert str(path) in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_finishes_the_batch_and_says_how_to_go_on(shell: Shell, tmp_path: Path) -> None:
    source = tmp_path / "large.mrc"
    write_source(source, 20_000, seed=5)
    process = shell.start("import", source)
    while not (shell.data / "library.sqlite").exists() or not _has_records(shell):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert f"library import {source}" in out
    counts = int(out.split("new ")[1].split(" ")[0].replace(",", ""))
    assert counts == _records(shell)
    assert 0 < counts < 20_000
    assert counts % 1000 == 0


def _has_records(shell: Shell) -> bool:
    try:
        return _records(shell) > 0
    except sqlite3.OperationalError:
        return False


def test_a_full_disk_ends_with_one_sentence_and_nothing_half_written(shell: Shell, tmp_path: Path) -> None:
    source = tmp_path / "large.mrc"
    write_source(source, 5_000, seed=6)
    assert shell.library("db", "upgrade").returncode == 0

    def no_file_above_four_megabytes() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20))

    done = shell.library("import", source, before=no_file_above_four_megabytes)
    assert done.returncode == 2
    assert "The import ended early" in done.stderr
    assert "Traceback" not in done.stderr
    assert _records(shell) % 1000 == 0
    again = shell.library("import", source)
    assert again.returncode == 0, again.stderr
    assert _records(shell) == 5_000
    assert shell.library("db", "check").returncode == 0


def test_a_disk_too_full_for_the_rejected_records_is_told_too(shell: Shell, tmp_path: Path) -> None:
    source = tmp_path / "broken.mrc"
    source.write_bytes(iso2709.encode(a_marc21_record()) * 20 + BROKEN * 60_000)
    assert shell.library("db", "upgrade").returncode == 0

    def no_file_above_two_megabytes() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, 2 << 20))

    done = shell.library("import", source, before=no_file_above_two_megabytes)
    assert done.returncode == 2
    assert "it goes on where it was" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_importers_at_once_do_not_mix(shell: Shell, tmp_path: Path) -> None:
    source = tmp_path / "large.mrc"
    write_source(source, 30_000, seed=7)
    first = shell.start("import", source)
    while not (shell.data / "library.sqlite").exists() or not _has_records(shell):
        assert first.poll() is None
        time.sleep(0.05)
    second = shell.library("import", source)
    assert second.returncode == 2
    assert "Another import is running here" in second.stderr
    first.communicate(timeout=60)
    assert first.returncode == 0
    assert _records(shell) == 30_000


def test_help_says_the_exit_codes(shell: Shell) -> None:
    text = " ".join(shell.library("import", "--help").stdout.split())
    for promise in (
        "0 all records are in",
        "1 some were rejected",
        "2 a source could not be read",
        "130 it was interrupted",
    ):
        assert promise in text


def test_memory_stays_small_however_large_the_file_is(shell: Shell, tmp_path: Path) -> None:
    """400 MB is the promise for any size; twice the records may not cost more."""
    peaks = []
    for records in (6_000, 12_000):
        source = tmp_path / f"of{records}.mrc"
        write_source(source, records, seed=8)
        peaks.append(shell.peak_memory("import", source))
    assert peaks[-1] < 400
    assert peaks[-1] < peaks[0] * 1.5
