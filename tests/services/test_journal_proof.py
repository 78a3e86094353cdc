"""What is noted of the journal outside the database, and what comes of comparing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text

from library.container import Container, now
from library.db.journal_head import HeadFile
from library.db.unit_of_work import Database
from library.domain.journal import Deed
from library.domain.journal_proof import Anchor, FaultKind
from library.services.journal_proof import HeadState, JournalProof, read_anchors
from tests.conftest import Clock
from tests.staff import NODIRA

KEY = b"k" * 32
PATIENCE = 200


class Library:
    """A journal with what is kept beside its database."""

    def __init__(self, database: Database, directory: Path, clock: Clock) -> None:
        self.head = HeadFile(directory / "head")
        self.anchors = directory / "anchors"
        self.clock = clock
        self.database = Database(database.engine, KEY, self.head.follow)
        self.proof = self.with_key(KEY)

    def with_key(self, key: bytes) -> JournalProof:
        return JournalProof(self.database, key, self.head, self.anchors, self.clock)

    def work(self, count: int) -> None:
        for number in range(count):
            with self.database.writing() as tx:
                tx.journal.add(NODIRA, Deed.WORK_SAVED, f"record:{number}", self.clock())
                tx.commit()

    def cut(self, last: int) -> None:
        with self.database.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("ALTER TABLE journal DISABLE TRIGGER USER"))
            else:
                connection.execute(text("DROP TRIGGER IF EXISTS journal_no_delete"))
            connection.execute(text("DELETE FROM journal WHERE seq > :last"), {"last": last})

    def lines(self) -> list[str]:
        return self.anchors.read_text().splitlines() if self.anchors.exists() else []


@pytest.fixture
def library(database: Database, tmp_path: Path, clock: Clock) -> Library:
    return Library(database, tmp_path, clock)


def test_a_library_where_nothing_was_done_has_a_whole_journal(library: Library) -> None:
    found = library.proof.verify()
    assert found.is_proved
    assert found.verdict.entries == 0


def test_a_cut_end_is_told_with_the_time_of_the_entry_that_was_last(library: Library) -> None:
    library.work(5)
    assert library.proof.verify().is_proved
    last = library.head.read()
    assert last is not None
    library.cut(3)
    found = library.proof.verify()
    assert not found.is_proved
    (fault,) = found.verdict.faults
    assert (fault.kind, fault.first, fault.last) == (FaultKind.CUT, 4, 5)
    assert fault.known_at == last.at.replace(microsecond=0)


def test_a_crash_between_the_commit_and_the_note_is_not_called_tampering(library: Library) -> None:
    library.work(3)
    library.database = Database(library.database.engine, KEY)
    library.work(2)
    found = library.proof.verify()
    assert found.head is HeadState.KNOWN
    assert found.verdict.last == 5
    assert found.is_proved


def test_what_cannot_be_compared_is_not_called_proved(library: Library, tmp_path: Path) -> None:
    library.work(3)
    (tmp_path / "head").unlink()
    assert (library.proof.verify().head, library.proof.verify().is_proved) == (HeadState.MISSING, False)
    (tmp_path / "head").write_text("torn")
    assert (library.proof.verify().head, library.proof.verify().is_proved) == (HeadState.DAMAGED, False)
    library.work(1)
    assert library.proof.verify().is_proved
    library.anchors.write_text("\nhalf a li")
    assert library.proof.verify().unreadable == (2,)
    assert not library.proof.verify().is_proved


def test_a_new_key_is_told_as_such(library: Library) -> None:
    library.work(3)
    (fault,) = library.with_key(b"n" * 32).verify().verdict.faults
    assert (fault.kind, fault.first, fault.last) == (FaultKind.WRONG_KEY, 1, 3)


def test_an_anchor_is_added_each_hour_in_which_something_was_done(library: Library) -> None:
    library.proof.keep_anchor()
    assert library.lines() == []
    library.work(2)
    library.clock.time += timedelta(hours=1)
    library.proof.keep_anchor()
    library.work(1)
    library.proof.keep_anchor()
    assert [line.split()[1] for line in library.lines()] == ["2"]
    library.clock.time += timedelta(minutes=50)
    again = library.with_key(KEY)
    again.keep_anchor()
    assert len(library.lines()) == 1, "the worker that was started anew knows when the last was written"
    library.clock.time += timedelta(minutes=15)
    again.keep_anchor()
    library.clock.time += timedelta(hours=2)
    again.keep_anchor()
    assert [line.split()[1] for line in library.lines()] == ["2", "3"]
    assert library.proof.verify().anchors == 2
    assert library.anchors.stat().st_mode & 0o077 == 0


def test_anchors_tell_of_a_cut_that_the_note_of_the_newest_entry_has_forgotten(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    library.work(4)
    library.proof.keep_anchor()
    elsewhere = [Anchor.parse(line) for line in library.lines()]
    library.cut(2)
    library.clock.time += timedelta(hours=1)
    library.proof.keep_anchor()
    assert "The journal ends with entry 2, but had 4" in caplog.text
    library.work(5)
    (fault,) = library.proof.verify().verdict.faults
    assert (fault.kind, fault.first) == (FaultKind.REWRITTEN, 4)
    library.anchors.unlink()
    assert library.proof.verify().is_proved, "on this machine alone nothing is left to tell"
    assert library.proof.verify(elsewhere).verdict.faults[0].kind is FaultKind.REWRITTEN


def test_the_worker_keeps_anchors(container: Container) -> None:
    with container.database.writing() as tx:
        tx.journal.add(NODIRA, Deed.WORK_SAVED, "record:1", now())
        tx.commit()
    anchors, deadline = container.settings.data_dir / "journal.anchors", monotonic() + PATIENCE
    container.worker.run(lambda _seconds: anchors.exists() or monotonic() > deadline)
    (line,) = anchors.read_text().splitlines()
    # The worker itself may have noted by then that there is no scanner.
    assert Anchor.parse(line).seq in (1, 2)
    assert container.journal_proof.verify().anchors == 1


def test_anchors_are_read_from_what_a_mail_makes_of_them(library: Library) -> None:
    library.work(1)
    anchor = library.proof.anchor()
    found, unreadable = read_anchors(f"\r\n  {anchor}  \r\n\r\nRegards\r\n")
    assert [(one.seq, one.hash) for one in found] == [(1, anchor.hash)]
    assert unreadable == [4]
