"""`library journal`: what an administrator is told about the journal."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from library.container import Container, now
from library.domain.journal import Deed
from library.settings import Settings
from tests.cli.conftest import Shell
from tests.staff import NODIRA


@pytest.fixture
def busy(shell: Shell) -> Shell:
    """A library in which five things were done."""
    container = Container(Settings(data_dir=shell.data))
    container.prepare()
    for number in range(5):
        with container.database.writing() as tx:
            tx.journal.add(NODIRA, Deed.WORK_SAVED, f"record:{number}", now())
            tx.commit()
    container.close()
    return shell


def _tamper(shell: Shell, *statements: str) -> None:
    with sqlite3.connect(shell.data / "library.sqlite") as connection:
        connection.executescript("DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete;")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_a_whole_journal_is_said_to_be_whole(busy: Shell) -> None:
    done = busy.library("journal", "verify")
    assert done.returncode == 0, done.stderr
    assert "The journal is whole: 5 entries" in done.stdout


def test_every_fault_is_a_sentence_and_the_exit_code_is_1(busy: Shell, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(busy.library("journal", "anchor").stdout)
    _tamper(busy, "UPDATE journal SET actor_name = 'Nobody' WHERE seq = 2", "DELETE FROM journal WHERE seq IN (4, 5)")
    done = busy.library("journal", "verify", "--anchors", kept)
    assert done.returncode == 1
    assert "Entry 2 is not sealed with these contents" in done.stderr
    assert "Entries 4 to 5 are missing at the end: there was an entry 5 on 20" in done.stderr
    assert done.stdout == ""


def test_a_missing_key_is_told_and_not_replaced(busy: Shell) -> None:
    key = busy.data / "journal.key"
    key.unlink()
    done = busy.library("journal", "verify")
    assert done.returncode == 2
    assert "There is no key" in done.stderr
    assert not key.exists()


def test_a_key_that_was_made_anew_is_told(busy: Shell) -> None:
    (busy.data / "journal.key").write_bytes(b"n" * 32)
    done = busy.library("journal", "verify")
    assert done.returncode == 1
    assert "Entries 1 to 5 are not sealed with the key in journal.key" in done.stderr


def test_what_was_noted_may_be_missing_or_damaged_and_is_told(busy: Shell, tmp_path: Path) -> None:
    (busy.data / ".journal.head").unlink()
    (busy.data / "journal.anchors").write_text("?\n")
    done = busy.library("journal", "verify")
    assert done.returncode == 1
    assert "Whether entries were cut from the end can't be told" in done.stderr
    assert "Line 1 of journal.anchors is damaged" in done.stderr
    no_anchors = tmp_path / "letter.txt"
    no_anchors.write_text("Dear colleagues\n")
    done = busy.library("journal", "verify", "--anchors", no_anchors)
    assert done.returncode == 2
    assert "is no anchor" in done.stderr
