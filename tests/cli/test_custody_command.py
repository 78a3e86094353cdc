"""`library custody`, as an administrator gives it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import bagit
import pytest
from click.testing import CliRunner, Result

from library.cli import main
from library.container import Container
from library.settings import Settings
from tests.builders import add_records
from tests.documents import a_pdf
from tests.storage.clamd_daemon import EICAR, Daemon

Custody = Callable[..., Result]
PAPERS = ("--source", "gift", "--partner", "Soatov, Yo. U.", "--paper", "act:12-k:2026-09-01")


@pytest.fixture
def custody(guarded_settings: Settings, migrated_sqlite: Path) -> Custody:
    """Gives `library custody`; the catalogue has record 1."""
    guarded_settings.data_dir.mkdir()
    shutil.copy(migrated_sqlite, guarded_settings.data_dir / "library.sqlite")
    with closing(Container(guarded_settings)) as container:
        assert add_records(container.database, "Oliy matematika") == [1]

    def command(*arguments: str | Path) -> Result:
        done = CliRunner().invoke(main, ["custody", *map(str, arguments)], env=guarded_settings.chosen())
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    return command


def _listed(custody: Custody) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(custody("list", "--format", "json").stdout)
    return found


def test_files_come_are_listed_audited_mended_exported_and_come_back(
    guarded_settings: Settings, migrated_sqlite: Path, custody: Custody, tmp_path: Path
) -> None:
    data = guarded_settings.data_dir
    book, virus = tmp_path / "darslik.pdf", tmp_path / "virus.txt"
    book.write_bytes(a_pdf("Birinchi bet"))
    virus.write_bytes(EICAR)
    added = custody("add", "1", book, virus, *PAPERS, "--level", "campus", "--licence", "CC-BY-4.0", "--inspect")
    assert added.exit_code == 1
    assert "Transfer 1 is entered." in added.stdout
    assert "1\trecord 1\tkept\tcampus\tdarslik.pdf" in added.stdout
    assert "Test.Eicar" in added.stdout

    one, other = _listed(custody)
    digest = hashlib.sha256(book.read_bytes()).hexdigest()
    assert (one["state"], one["digest"], one["transfer"], one["title"]) == ("kept", digest, 1, "Oliy matematika")
    assert one["verdict"]["finding"] == "clean"
    assert one["rights"] == {"level": "campus", "embargo_until": None, "licence": "CC-BY-4.0"}
    assert (other["state"], other["verdict"]) == ("refused", None)
    assert "Test.Eicar" in other["reason"]
    rows = list(csv.DictReader(io.StringIO(custody("list", "--format", "csv").stdout)))
    assert [(row["id"], row["state"], row["level"]) for row in rows] == [
        ("1", "kept", "campus"),
        ("2", "refused", "campus"),
    ]
    assert len(custody("list").stdout.splitlines()) == 2

    exported = custody("export", "1", tmp_path / "bag")
    assert exported.exit_code == 0, exported.stderr
    bagit.Bag(str(tmp_path / "bag")).validate()

    original = data / "originals" / digest[:2] / digest[2:4] / digest
    original.chmod(0o640)
    original.write_bytes(a_pdf("Boshqa bet"))
    audited = custody("audit", "--all")
    assert audited.exit_code == 1
    assert f"{digest}: altered" in audited.stderr
    assert _listed(custody)[0]["state"] == "closed"
    refused = custody("mend", digest, virus)
    assert (refused.exit_code, "another file" in refused.stderr) == (2, True)
    mended = custody("mend", digest.upper(), book)
    assert mended.exit_code == 0, mended.stderr
    assert custody("audit").exit_code == 0
    before = _listed(custody)[0]
    assert before["state"] == "kept"

    swept = custody("sweep", "--older-than", "0")
    assert (swept.exit_code, swept.stdout.splitlines()[-1][:9]) == (0, "0 removed"), swept.stderr

    again = custody("rebuild")
    assert (again.exit_code, "records here already" in again.stderr) == (2, True)
    (data / "library.sqlite").unlink()
    shutil.copy(migrated_sqlite, data / "library.sqlite")
    shutil.rmtree(data / "quarantine")
    rebuilt = custody("rebuild")
    assert rebuilt.exit_code == 0, rebuilt.stderr
    assert "1 documents, 1 records, 1 transfers are back." in rebuilt.stdout
    (after,) = _listed(custody)
    for found in (before, after):
        found.pop("audited_at")
    assert after == before


def test_without_a_scanner_files_wait_and_the_command_says_why(custody: Custody, clamd: Daemon, tmp_path: Path) -> None:
    book = tmp_path / "darslik.pdf"
    book.write_bytes(a_pdf("Birinchi bet"))
    with clamd.stopped():
        added = custody("add", "1", book)
        assert (added.exit_code, "quarantined" in added.stdout) == (0, True)
        state = custody("scanner")
        assert state.exit_code == 1
        assert "can't be trusted" in state.stdout
        waiting = custody("inspect")
        assert waiting.exit_code == 1
        assert "did not answer" in waiting.stdout
    assert custody("scanner").exit_code == 0
    done = custody("inspect")
    assert (done.exit_code, "kept" in done.stdout) == (0, True)


def test_what_can_not_be_taken_in_is_told_in_a_sentence(custody: Custody, tmp_path: Path) -> None:
    book = tmp_path / "darslik.pdf"
    book.write_bytes(a_pdf("Birinchi bet"))
    assert custody("add", "1", book).exit_code == 0
    twice = custody("add", "1", book, tmp_path / "nowhere.pdf")
    assert twice.exit_code == 2
    assert "has this file already" in twice.stderr
    assert "nowhere.pdf: No such file" in twice.stderr
    other = tmp_path / "boshqa.pdf"
    other.write_bytes(a_pdf("Ikkinchi"))
    some = custody("add", "1", other, book)
    assert some.exit_code == 1
    nowhere = custody("add", "99", other)
    assert (nowhere.exit_code, "no record 99" in nowhere.stderr) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--partner", "Soatov"),
        ("--licence", "CC-BY-4.0"),
        ("--paper", "act:2026-09-01"),
        ("--paper", "ticket:1:2026-09-01"),
        ("--source", "gift", "--transfer", "1"),
        ("--source", "gift", "--price", "much"),
        ("--level", "anybody"),
    ],
)
def test_options_that_do_not_fit_are_refused_before_anything_is_written(
    container: Container, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (record,) = add_records(container.database, "Algebra")
    book = tmp_path / "darslik.pdf"
    book.write_bytes(a_pdf("Birinchi bet"))
    environment = {"LIBRARY_DATA_DIR": str(container.settings.data_dir)}
    done = CliRunner().invoke(main, ["custody", "add", str(record), str(book), *arguments], env=environment)
    assert done.exit_code == 2
    assert "Error: " in done.output
    with container.database.reading() as view:
        assert (list(view.documents.all()), view.transfers.count()) == ([], 0)
