"""`library worker`, `library index`, `library db`, `library settings`."""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

from library.cli.progress import plain_lines
from library.marc import iso2709
from library.services.progress import Step
from tests.builders import a_marc21_record
from tests.cli.conftest import Shell


def _import(shell: Shell, tmp_path: Path, *titles: str) -> None:
    source = tmp_path / "new.mrc"
    records = [a_marc21_record(f"k{title}", title=title) for title in titles]
    source.write_bytes(b"".join(iso2709.encode(record) for record in records))
    assert shell.library("import", source).returncode == 0


def _entries(shell: Shell) -> int | None:
    found = re.search(r"entries +([\d,]+)", shell.library("index", "state").stdout)
    return int(found[1]) if found else None


def _wait_for(entries: int, shell: Shell) -> None:
    deadline = time.monotonic() + 30
    while _entries(shell) != entries:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_the_worker_makes_the_index_keeps_it_and_ends_when_told(shell: Shell, tmp_path: Path) -> None:
    state = shell.library("index", "state")
    assert state.returncode == 1
    assert "library index rebuild" in state.stderr
    worker = shell.start("worker")
    _wait_for(0, shell)
    _import(shell, tmp_path, "Algebra", "Botanika")
    _wait_for(2, shell)
    state = shell.library("index", "state")
    assert "worker          runs" in state.stdout
    assert "records waiting 0" in state.stdout

    second = shell.library("worker")
    assert second.returncode == 2
    assert "Another worker runs" in second.stderr

    generation = re.search(r"generation +(\d+)", state.stdout)
    rebuilt = shell.library("index", "rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert "The index is built." in rebuilt.stdout
    newer = re.search(r"generation +(\d+)", shell.library("index", "state").stdout)
    assert generation
    assert newer
    assert int(newer[1]) > int(generation[1])

    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=10)
    assert worker.returncode == 0
    assert "worker          does not run" in shell.library("index", "state").stdout


def test_a_killed_worker_leaves_nothing_that_keeps_the_next_from_starting(shell: Shell, tmp_path: Path) -> None:
    for number in range(3):
        worker = shell.start("worker")
        _import(shell, tmp_path, *(f"Kitob {title}" for title in range(5 * (number + 1))))
        worker.kill()
        worker.wait(10)
    shell.start("worker")
    _wait_for(15, shell)


def test_without_a_worker_the_index_is_built_by_the_command(shell: Shell, tmp_path: Path) -> None:
    _import(shell, tmp_path, "Algebra")
    assert shell.library("index", "rebuild").returncode == 0
    assert _entries(shell) == 1
    shutil.rmtree(shell.data / "index")
    assert _entries(shell) is None
    assert shell.library("index", "rebuild").returncode == 0
    assert _entries(shell) == 1


def test_the_database_is_made_looked_at_and_refused_when_it_is_of_another_release(shell: Shell) -> None:
    empty = shell.library("db", "check")
    assert empty.returncode == 1
    assert "library db upgrade" in empty.stderr
    for _ in range(2):
        assert shell.library("db", "upgrade").returncode == 0
    assert "is sound" in shell.library("db", "check").stdout
    with closing(sqlite3.connect(shell.data / "library.sqlite")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    for command in (("worker",), ("index", "state"), ("export", "--format", "json")):
        refused = shell.library(*command)
        assert refused.returncode == 2
        assert "later release" in refused.stderr


def test_descriptions_by_former_rules_are_made_again(shell: Shell, tmp_path: Path) -> None:
    _import(shell, tmp_path, "Algebra")
    with closing(sqlite3.connect(shell.data / "library.sqlite")) as connection:
        connection.execute("UPDATE records SET description_version = 0, title = 'by former rules'")
        connection.execute("DELETE FROM outbox")
        connection.commit()
    assert "1 records were described anew." in shell.library("db", "upgrade").stdout
    with closing(sqlite3.connect(shell.data / "library.sqlite")) as connection:
        assert connection.execute("SELECT title, version FROM records").fetchall() == [("Algebra", 1)]
        assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (1,)
    assert "described anew" not in shell.library("db", "upgrade").stdout


def test_settings_are_told_with_their_sentences_and_secrets_masked(shell: Shell) -> None:
    done = shell.library("settings", LIBRARY_DATABASE_URL="postgresql+psycopg://library:geheim@/library")
    assert done.returncode == 0
    assert "LIBRARY_DATABASE_URL=********" in done.stdout
    assert "geheim" not in done.stdout
    assert f"LIBRARY_DATA_DIR={shell.data}" in done.stdout
    assert "Name of the university, shown on every page." in done.stdout


def test_wrong_settings_stop_every_command_with_all_of_them_named(shell: Shell) -> None:
    done = shell.library("index", "state", LIBRARY_COLOUR="red", LIBRARY_DEFAULT_LANGUAGE="tlh")
    assert done.returncode == 2
    assert "LIBRARY_COLOUR" in done.stderr
    assert "LIBRARY_DEFAULT_LANGUAGE" in done.stderr
    assert "Traceback" not in done.stderr


def test_progress_without_a_terminal_is_a_line_now_and_then_and_one_at_the_end() -> None:
    lines: list[str] = []
    times = iter([0.0, 1.0, 5.0, 6.0, 11.0, 20.0, 21.0])
    tell = plain_lines("Importing", lines.append, lambda: next(times))
    for done in (10, 25, 30, 50, 100, 100):
        tell(Step(done, 100, done * 100))
    assert lines == [
        "Importing: 25 %, 2,500 records, 500 a second, 15 s left\n",
        "Importing: 50 %, 5,000 records, 454 a second, 11 s left\n",
        "Importing: 100 %, 10,000 records, 500 a second\n",
    ]


def test_a_command_that_fails_in_a_pipe_keeps_its_exit_code(shell: Shell) -> None:
    done: subprocess.CompletedProcess[str] = shell.library("import", "no-such-file.mrc")
    assert done.returncode == 2
    assert "no-such-file.mrc" in done.stderr
