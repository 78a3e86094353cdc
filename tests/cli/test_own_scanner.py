"""The virus scanner that comes with `library start`: set up safely, and alive where clamd is installed."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest

from library.cli import own_scanner
from library.cli.opened import opened_container
from library.cli.own_scanner import OwnScanner, in_use, prepared, told
from library.container import now
from library.services.custody_scanner import ScannerCondition
from library.settings import Settings
from storage.canary import Canary, eicar
from storage.clamd_configuration import read_configuration
from storage.configured_scanner import ConfiguredScanner
from storage.model import Digest, Finding

READY_SECONDS = 20


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    return Settings(data_dir=data_dir, file_megabytes=30)


@contextmanager
def _running(scanner: OwnScanner) -> Iterator[None]:
    daemon = subprocess.Popen(scanner.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        socket = read_configuration(scanner.configuration, largest=1).socket
        deadline = time.monotonic() + READY_SECONDS
        while not socket.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        yield
    finally:
        daemon.terminate()
        daemon.wait(READY_SECONDS)


def test_it_finds_the_test_virus_lets_words_pass_and_takes_files_as_large_as_the_settings_say(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(own_scanner, "SYSTEM_SIGNATURES", tmp_path / "none")
    with prepared(settings) as own:
        assert own is not None
        assert not own.knows_viruses
        assert "test virus alone" in told(own)
        assert read_configuration(own.configuration, largest=30 << 20).limit == 30 << 20
        with _running(own):
            scanner = ConfiguredScanner(own.configuration, largest=30 << 20, clock=now)
            assert Canary(scanner, now).look().good
            virus, words = eicar(), b"Kitob" * 100
            assert scanner.scan(BytesIO(virus), Digest.of(virus)).finding is Finding.INFECTED
            assert scanner.scan(BytesIO(words), Digest.of(words)).finding is Finding.CLEAN
        verdict = scanner.scan(BytesIO(words), Digest.of(words))
        assert verdict.finding is Finding.RETRY, "a scanner that is gone says nothing"


def test_signatures_of_the_system_are_used_where_freshclam_brought_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "daily.cvd").touch()
    monkeypatch.setattr(own_scanner, "SYSTEM_SIGNATURES", tmp_path)
    with prepared(settings) as own:
        assert own is not None
        assert own.knows_viruses
        assert told(own) == ""
        assert f"DatabaseDirectory {tmp_path}\n" in own.configuration.read_text(encoding="utf-8")


def test_without_clamd_the_library_starts_and_says_that_files_wait(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_args, **_options: None)
    with prepared(settings) as own:
        assert own is None
    assert "files wait until clamd is installed" in told(own)


def test_a_scanner_that_somebody_named_is_not_replaced() -> None:
    assert own_scanner.is_wanted({})
    assert not own_scanner.is_wanted({own_scanner.CONFIGURATION: "/etc/clamav/clamd.conf"})


def test_an_unsafe_configuration_scans_nothing_and_says_why(tmp_path: Path) -> None:
    configuration = tmp_path / "clamd.conf"
    configuration.write_text("TCPSocket 3310\nLocalSocket /run/clamd.sock\n", encoding="utf-8")
    scanner = ConfiguredScanner(configuration, largest=1 << 20, clock=now)
    verdict = scanner.scan(BytesIO(b"x"), Digest.of(b"x"))
    assert verdict.finding is Finding.RETRY
    assert "remove TCPSocket" in verdict.detail
    assert not Canary(scanner, now).look().good


def test_commands_ask_the_scanner_that_runs_on_their_data_and_no_other(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(own_scanner, "SYSTEM_SIGNATURES", tmp_path / "none")
    assert in_use(settings, {}) == settings
    with prepared(settings) as own:
        assert own is not None
        assert in_use(settings, {}) == settings, "it doesn't run yet"
        with _running(own):
            assert in_use(settings, {}).scanner_configuration == str(own.configuration)
            assert in_use(settings, {own_scanner.CONFIGURATION: "/etc/other.conf"}) == settings
            monkeypatch.setenv("LIBRARY_DATA_DIR", str(settings.data_dir))
            monkeypatch.setenv("LIBRARY_FILE_MEGABYTES", "30")
            monkeypatch.delenv(own_scanner.CONFIGURATION, raising=False)
            with opened_container() as container:
                assert container.scanner_watch.look().condition is ScannerCondition.GOOD
    assert in_use(settings, {}) == settings
