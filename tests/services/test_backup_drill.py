"""A drill passes for a good backup only: one changed byte, anywhere, fails it."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from library.container import Container
from library.projections.search_entry import entry_key
from library.services import backup_sealing
from library.services.backup_drill import Drill, Failed, Installation, Outcome
from library.services.backup_manifest import MANIFEST, SEAL, Backup
from library.services.backup_sealing import Key, read_key
from library.services.backup_taking import Taking
from library.services.indexing import Indexing
from library.services.progress import Progress, silent
from library.settings import Settings
from tests.builders import add_records
from tests.conftest import Clock

TITLES = [
    f"{word} {number}" for number in range(15) for word in ("Algebra", "Химия", "O‘zbekiston tarixi: -ming", "NOT (?)")
]


@pytest.fixture(params=["plain", "encrypted"])
def key(request: pytest.FixtureRequest, tmp_path: Path) -> Key | None:
    if request.param == "plain":
        return None
    backup_sealing.new_key(tmp_path / "key")
    return read_key(tmp_path / "key")


@pytest.fixture
def backup(container: Container, key: Key | None, tmp_path: Path, clock: Clock) -> Backup:
    """A catalogue with sixty titles, a key and a rejected record."""
    add_records(container.database, *TITLES)
    rejected = container.settings.data_dir / "rejected"
    rejected.mkdir()
    (rejected / "KITOB-1.mrc").write_bytes(b"00026nam")
    return Taking(container.database, container.settings, clock).take(tmp_path / "backups", key)


def drilled(backup: Backup, *checks: tuple[str, Callable[[Installation], str]]) -> list[Outcome]:
    return list(Drill(Container, checks).run(backup.directory, backup.key, Settings()))


def test_a_good_backup_passes_every_step(backup: Backup) -> None:
    outcomes = drilled(backup, ("reading room", lambda _: "open"))
    assert [outcome.step for outcome in outcomes] == [
        *("manifest", "files", "restore", "restored files"),
        *("database", "journal", "index", "known titles", "full texts", "reading room"),
    ]
    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert outcomes[6].finding.startswith("60 entries")
    assert outcomes[7].finding == "20 of 20 titles were searched and found"


def test_one_changed_byte_in_any_file_fails_it(backup: Backup) -> None:
    dice = random.Random(7)
    files = sorted(path for path in backup.directory.rglob("*") if path.is_file())
    kinds = {path.name.partition(".")[0] for path in files}
    assert kinds >= {"manifest", "settings", "records", "journal", "KITOB-1"}
    for path in files:
        good = path.read_bytes()
        place = dice.randrange(len(good))
        path.write_bytes(good[:place] + bytes([good[place] ^ 1 << dice.randrange(8)]) + good[place + 1 :])
        last = drilled(backup)[-1]
        assert not last.passed, f"{path}: byte {place}"
        assert last.step == ("manifest" if path.name in (MANIFEST, SEAL) else "files")
        path.write_bytes(good)


def test_a_missing_and_a_cut_file_fail_it(backup: Backup) -> None:
    files = [backup.directory / file.stored for file in backup.manifest.files]
    for path in (*files[:2], files[-1], backup.directory / SEAL, backup.directory / MANIFEST):
        good = path.read_bytes()
        path.write_bytes(good[:-2])
        cut = drilled(backup)[-1]
        path.unlink()
        missing = drilled(backup)[-1]
        path.write_bytes(good)
        assert not cut.passed, path
        assert not missing.passed, path


def test_a_step_that_fails_is_told_and_the_others_go_on(backup: Backup) -> None:
    def broken(_: Installation) -> str:
        raise Failed("entry 7 was changed")

    *_, journal, after = drilled(backup, ("journal", broken), ("after", lambda _: "well"))
    assert journal == Outcome(step="journal", passed=False, finding="entry 7 was changed")
    assert after.passed


class Forgetful(Indexing):
    """Builds an index that lacks half of the records."""

    def rebuild(self, progress: Progress = silent) -> None:
        super().rebuild(progress)
        self._index.apply([], [entry_key(number) for number in range(1, 61, 2)])


def test_a_title_that_is_not_found_fails_it(backup: Backup) -> None:
    def forgetful(settings: Settings) -> Container:
        container = Container(settings)
        container.indexing = Forgetful(container.database, container.index, container.full_texts)
        return container

    *_, index, titles, _ = Drill(forgetful).run(backup.directory, backup.key, Settings())
    assert (index.step, index.passed, index.finding) == ("index", False, "30 entries for 60 published records")
    assert not titles.passed
    assert titles.finding.startswith("10 of 20 titles were not found: Algebra 0 (1), ")


def test_nothing_of_the_restored_copy_stays(backup: Backup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    steps = Drill(Container).run(backup.directory, backup.key, Settings())
    while next(steps).step != "restore":
        assert list(scratch.iterdir()) == []
    (copy,) = scratch.iterdir()
    assert copy.stat().st_mode & 0o777 == 0o700
    assert len(list(steps)) == 6
    assert list(scratch.iterdir()) == []
