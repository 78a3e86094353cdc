"""`library export`: a file that is whole or is not there."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from library.domain.marc import Dialect
from library.marc import iso2709, marcxml
from library.marc.irbis import text as irbis_text
from tests.builders import a_field, a_marc21_record, an_irbis_record
from tests.cli.conftest import ROOT, Shell


@pytest.fixture
def filled(shell: Shell, tmp_path: Path) -> Shell:
    long = a_marc21_record("long", title="Uzun")
    records = [a_marc21_record("a"), long.with_fields((*long.fields, a_field("520", a="m" * 12_000)))]
    (tmp_path / "new.mrc").write_bytes(iso2709.encode(records[0]))
    (tmp_path / "ours.txt").write_bytes(irbis_text.encode(an_irbis_record()).encode())
    body = marcxml.encode(Dialect.MARC21, records[1])
    (tmp_path / "long.xml").write_bytes(marcxml.header(Dialect.MARC21) + body + marcxml.footer())
    done = shell.library(
        "import", "--keep-staff-names", tmp_path / "new.mrc", tmp_path / "ours.txt", tmp_path / "long.xml"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return shell


def test_standard_output_carries_the_records_and_nothing_else(filled: Shell) -> None:
    done = filled.library("export", "--format", "json")
    assert done.returncode == 0
    assert [json.loads(line)["dialect"] for line in done.stdout.splitlines()] == ["marc21", "irbis", "marc21"]
    assert "3 records written." in done.stderr


def test_irbis_text_that_came_in_goes_out_unchanged(filled: Shell, tmp_path: Path) -> None:
    output = tmp_path / "out.txt"
    done = filled.library("export", "--format", "txt", "--dialect", "irbis", "--output", output)
    assert output.read_bytes() == (tmp_path / "ours.txt").read_bytes()
    assert done.returncode == 3
    assert "1 records written." in done.stderr
    assert "2 left out, the first is record 1: " in done.stderr


def test_what_is_left_out_is_said_with_its_reason_and_exit_code_three(filled: Shell, tmp_path: Path) -> None:
    output = tmp_path / "out.mrc"
    done = filled.library("export", "--format", "iso2709", "--output", output)
    assert done.returncode == 3
    assert "1 left out, the first is record 3: Field 520" in done.stderr
    assert output.read_bytes().count(b"\x1d") == 2
    whole = filled.library("export", "--format", "marcxml", "--dialect", "marc21", "--output", tmp_path / "out.xml")
    assert whole.returncode == 0


def test_a_query_needs_an_index_and_says_so(filled: Shell, tmp_path: Path) -> None:
    output = tmp_path / "out.json"
    refused = filled.library("export", "--format", "json", "--query", "алгебра", "--output", output)
    assert refused.returncode == 2
    assert "library index rebuild" in refused.stderr
    assert list(tmp_path.glob("*out.json*")) == []
    assert filled.library("index", "rebuild").returncode == 0
    found = filled.library("export", "--format", "json", "--query", "алгебра", "--output", output)
    assert found.returncode == 0
    assert len(output.read_text().splitlines()) == 1


def test_a_full_disk_leaves_the_former_file_as_it_was(filled: Shell, tmp_path: Path) -> None:
    output = tmp_path / "out.json"
    output.write_text("former")

    def no_file_above_a_kilobyte() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 10, 1 << 10))

    # The database itself must not be written at its opening.
    done = filled.library("export", "--format", "json", "--output", output, before=no_file_above_a_kilobyte)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert output.read_text() == "former"
    assert [path.name for path in tmp_path.iterdir() if "out.json" in path.name] == ["out.json"]


def test_a_reader_that_goes_away_is_no_traceback(filled: Shell) -> None:
    command = f"{sys.executable} -m library export --format json | true"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        env={"LIBRARY_DATA_DIR": str(filled.data), "PATH": "/usr/bin:/bin"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
