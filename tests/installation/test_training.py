"""A library to learn in: started with one command, told apart on every page, never the real one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from library.cli.train import training_environment
from library.domain.errors import InvalidSettings, LibraryError
from library.services.installation import claim
from library.settings import Settings
from tests.installation.conftest import ROOT, Started, free_port


def test_training_is_started_by_one_command_and_told_on_every_page(
    start: Callable[..., Started], tmp_path: Path
) -> None:
    training = tmp_path / "training"
    command = [str(ROOT / "run"), "--training", str(training), "--port", str(free_port())]
    started = start(command, cwd=tmp_path)
    banners = {"uz-Latn": "Mashq rejimi", "uz-Cyrl": "Машқ режими", "ky": "Машыгуу режими", "ru": "Учебный режим"}
    for language, banner in {**banners, "en": "Training"}.items():
        with urllib.request.urlopen(f"{started.address}?lang={language}", timeout=30) as answer:
            assert f"<strong>{banner}</strong>" in answer.read().decode()
            assert answer.headers["X-Robots-Tag"] == "noindex,nofollow"
    for path in ("search?q=matematika", "browse/titles", "sitemap.xml", "help"):
        with urllib.request.urlopen(started.address + path, timeout=30) as answer:
            page = answer.read().decode()
            assert answer.headers["X-Robots-Tag"] == "noindex,nofollow"
            assert (path == "sitemap.xml") != ('class="training"' in page)
    assert re.search(r"/record/\d+", urllib.request.urlopen(f"{started.address}browse/titles").read().decode())
    assert started.stop() == 0

    with pytest.raises(LibraryError, match=r"is a training installation\. Open it by library train"):
        claim(Settings(data_dir=training))


def test_training_never_touches_a_real_library(tmp_path: Path, migrated_sqlite: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "library.sqlite")
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    refused = subprocess.run(
        [sys.executable, "-m", "library", "train", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert refused.returncode == 2
    assert "is not a training installation" in refused.stderr
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    with pytest.raises(LibraryError, match="never touches another one"):
        claim(Settings(data_dir=tmp_path, training=True))


def test_a_new_directory_becomes_one_for_training_and_stays_so(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "training", training=True)
    for _ in range(2):
        claim(settings)
    with pytest.raises(LibraryError, match="is a training installation"):
        claim(Settings(data_dir=settings.data_dir))


def test_training_keeps_a_database_of_its_own() -> None:
    with pytest.raises(InvalidSettings, match="LIBRARY_TRAINING: unset LIBRARY_DATABASE_URL"):
        Settings.from_environment({"LIBRARY_TRAINING": "true", "LIBRARY_DATABASE_URL": "postgresql+psycopg:///x"})


def test_the_real_librarys_database_and_secrets_are_not_taken_over(tmp_path: Path) -> None:
    real = {
        "PATH": "/usr/bin",
        "LIBRARY_DATA_DIR": "/var/lib/library",
        "LIBRARY_DATABASE_URL": "postgresql+psycopg://library@/library",
        "LIBRARY_BASE_URL": "https://kutubxona.example.uz",
        "LIBRARY_INSTITUTION": "TDIU",
        "LIBRARY_PARTNER_NETWORKS": "10.9.0.0/16",
    }
    environment = training_environment(real, tmp_path)
    settings = Settings.from_environment(environment)
    assert settings == Settings(data_dir=tmp_path, training=True, institution="TDIU", partner_networks=("10.9.0.0/16",))
    assert environment["PATH"] == "/usr/bin"
