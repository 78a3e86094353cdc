"""What a backup holds, what it shares with the one before, and what is left of one that failed."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from library.db.engine import open_engine
from library.db.unit_of_work import Database
from library.domain.errors import LibraryError
from library.services import backup_sealing
from library.services.backup_files import kept
from library.services.backup_manifest import MANIFEST, Backup, read_backup
from library.services.backup_restoring import chosen_settings, damage
from library.services.backup_sealing import Key, read_key
from library.services.backup_taking import Taking, whole_backups
from library.services.locks import held
from library.services.progress import Step
from library.settings import Settings
from tests.builders import add_records
from tests.conftest import Clock

Take = Callable[..., Backup]


@pytest.fixture
def source(settings: Settings, migrated_sqlite: Path) -> Settings:
    """An installation with something of everything in its data directory."""
    for name in ("index/gen-1/toc", "text/ab/abcd", "originals/ab/abcd", "rejected/KITOB-1.txt", "session.key"):
        path = settings.data_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode() * 10)
    for name in ("worker.lock", ".probe-1234", ".journal.head"):
        (settings.data_dir / name).touch()
    (settings.data_dir / "library.sqlite").write_bytes(migrated_sqlite.read_bytes())
    return settings


@pytest.fixture
def taking(source: Settings, clock: Clock) -> Taking:
    return Taking(Database(open_engine(source.database), b""), source, clock)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def key(tmp_path: Path) -> Key:
    backup_sealing.new_key(tmp_path / "key")
    return read_key(tmp_path / "key")


def names(backup: Backup) -> list[str]:
    return [file.path for file in backup.manifest.files if not file.path.startswith("tables/")]


def test_what_can_be_made_again_is_left_out(taking: Taking, place: Path) -> None:
    backup = taking.take(place, None)
    assert names(backup) == ["settings.json", "data/originals/ab/abcd", "data/rejected/KITOB-1.txt", "data/session.key"]
    assert list(damage(backup)) == []
    closed = [place, backup.directory, *(path for path in backup.directory.rglob("*") if path.is_file())]
    assert [path for path in closed if path.stat().st_mode & 0o077] == []


def test_links_to_other_disks_are_followed(source: Settings, tmp_path: Path) -> None:
    originals = source.data_dir / "originals"
    originals.rename(tmp_path / "large disk")
    originals.symlink_to(tmp_path / "large disk")
    assert originals / "ab/abcd" in set(kept(source.data_dir, []))


def test_a_manifest_says_what_it_is(taking: Taking, place: Path) -> None:
    backup = taking.take(place, None)
    again = read_backup(backup.directory, None)
    assert again == backup
    assert again.manifest.taken_at.isoformat() == "2026-09-01T09:00:01+00:00"
    assert again.directory.name == "2026-09-01T090001Z"
    assert {table.name: table.rows for table in again.manifest.tables}["records"] == 0


def test_files_that_did_not_change_are_shared_with_the_backup_before(
    taking: Taking, source: Settings, place: Path, key: Key
) -> None:
    for chosen in (None, key):
        first = taking.take(place, chosen)
        (source.data_dir / "rejected/KITOB-1.txt").write_bytes(b"x" * len("rejected/KITOB-1.txt" * 10))
        second = taking.take(place, chosen)
        (source.data_dir / "rejected/KITOB-1.txt").write_bytes(b"rejected/KITOB-1.txt" * 10)
        one, two = (
            {path.name: path.stat().st_ino for path in backup.directory.glob("data/**/*") if path.is_file()}
            for backup in (first, second)
        )
        assert [name.removesuffix(".age") for name in one if one[name] == two[name]] == ["session.key", "abcd"]
        assert list(damage(second)) == []


def test_a_copy_that_went_bad_is_not_shared(taking: Taking, place: Path) -> None:
    first = taking.take(place, None)
    (first.directory / "data/originals/ab/abcd").write_bytes(b"originals/ab/abcD" * 10)
    second = taking.take(place, None)
    assert list(damage(first)) == ["data/originals/ab/abcd was changed"]
    assert list(damage(second)) == []


def test_nothing_is_shared_with_a_backup_of_another_key(taking: Taking, place: Path, key: Key, tmp_path: Path) -> None:
    taking.take(place, key)
    backup_sealing.new_key(tmp_path / "other")
    second = taking.take(place, read_key(tmp_path / "other"))
    assert list(damage(second)) == []
    assert all(path.stat().st_nlink == 1 for path in second.directory.rglob("*") if path.is_file())


def test_an_encrypted_backup_tells_nothing_and_opens_with_any_program_for_age(
    taking: Taking, source: Settings, place: Path, key: Key, tmp_path: Path
) -> None:
    add_records(Database(open_engine(source.database), b"k"), "Maxfiy kitob")
    backup = taking.take(place, key)
    stored = [path.read_bytes() for path in backup.directory.rglob("*") if path.is_file()]
    for secret in (b"Maxfiy", b"session.key" * 10, (tmp_path / "key").read_bytes().split()[-1]):
        assert not any(secret in content for content in stored)
    identity = pyrage.x25519.Identity.from_str((tmp_path / "key").read_text().split()[-1])
    plain = io.BytesIO()
    pyrage.decrypt_io(io.BytesIO((backup.directory / "tables/records.jsonl.gz.age").read_bytes()), plain, [identity])
    assert b"Maxfiy kitob" in gzip.decompress(plain.getvalue())


def test_a_backup_opens_with_its_own_key_only(taking: Taking, place: Path, key: Key, tmp_path: Path) -> None:
    sealed, unsealed = taking.take(place, key), taking.take(place, None)
    backup_sealing.new_key(tmp_path / "other")
    with pytest.raises(LibraryError, match="the key is not the one"):
        read_backup(sealed.directory, read_key(tmp_path / "other"))
    with pytest.raises(LibraryError, match="is encrypted"):
        read_backup(sealed.directory, None)
    # Whoever can write to the disk of backups must not pass off one of their own.
    with pytest.raises(LibraryError, match="No key seals"):
        read_backup(unsealed.directory, key)


def test_a_key_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key"
    backup_sealing.new_key(path)
    before = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(LibraryError, match="never overwritten"):
        backup_sealing.new_key(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"AGE-SECRET-KEY-1QQQ", b"\xff\xfe", b"AGE-SECRET-KEY-1\nAGE-SECRET-KEY-2\n"])
def test_a_file_that_is_no_key_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(LibraryError, match="can't be used"):
        read_key(tmp_path / "key")


def test_settings_are_kept_without_secrets(place: Path, clock: Clock, source: Settings) -> None:
    settings = Settings(
        data_dir=source.data_dir,
        database_url=f"sqlite:///{source.data_dir}/library.sqlite?secret=parol",
        institution="TDIU",
    )
    backup = Taking(Database(open_engine(source.database), b""), settings, clock).take(place, None)
    assert chosen_settings(backup) == {"LIBRARY_DATA_DIR": str(source.data_dir), "LIBRARY_INSTITUTION": "TDIU"}
    assert b"parol" not in b"".join(path.read_bytes() for path in backup.directory.rglob("*") if path.is_file())


def test_a_backup_inside_the_data_directory_is_refused(taking: Taking, source: Settings) -> None:
    with pytest.raises(LibraryError, match="inside the data directory"):
        taking.take(source.data_dir / "backups", None)
    assert not (source.data_dir / "backups").exists()


def test_what_a_killed_backup_left_is_removed_by_the_next(taking: Taking, place: Path) -> None:
    left = place / ".unfinished-2026-08-31T090001Z"
    left.mkdir(parents=True)
    (left / "manifest.json").touch()
    taking.take(place, None)
    assert not left.exists()
    assert len(whole_backups(place)) == 1


def test_a_backup_that_is_stopped_leaves_nothing(taking: Taking, place: Path, key: Key) -> None:
    def stop(_step: Step) -> None:
        raise KeyboardInterrupt

    for chosen in (None, key):
        with pytest.raises(KeyboardInterrupt):
            taking.take(place, chosen, stop)
    assert [path.name for path in place.iterdir()] == [".lock"]


def test_a_second_backup_at_the_same_time_is_refused(taking: Taking, place: Path) -> None:
    with held(place / ".lock"), pytest.raises(LibraryError, match="Another backup is being made"):
        taking.take(place, None)


def test_the_newest_stay_and_the_one_that_was_proved(taking: Taking, place: Path) -> None:
    backups = [taking.take(place, None) for _ in range(5)]
    (place / "notes").mkdir()
    removed = taking.thin(place, 2, backups[1].seal)
    assert removed == [backups[2].directory, backups[0].directory]
    assert whole_backups(place) == [backups[number].directory for number in (4, 3, 1)]
    assert list(damage(backups[4])) == []
    assert (place / "notes").exists()


def test_a_directory_without_a_manifest_is_no_backup(place: Path) -> None:
    with pytest.raises(LibraryError, match=f"no whole backup: {MANIFEST}"):
        read_backup(place, None)
