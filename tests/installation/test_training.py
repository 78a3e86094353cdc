"""A library to learn in: started with one command, told apart on every page, never the real one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

from library.cli.train import training_environment
from library.settings import Settings
from tests.installation.conftest import ROOT, Started, free_port


def _library(command: str, data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "library", *command.split()],
        cwd=ROOT,
        env={**os.environ, "LIBRARY_DATA_DIR": str(data), **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


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

    opened = _library("index state", training)
    assert opened.returncode == 2
    assert "is a training installation. Open it by library train" in opened.stderr


def test_training_never_touches_a_real_library(tmp_path: Path) -> None:
    real = tmp_path / "real"
    assert _library("db upgrade", real).returncode == 0
    before = {path.name: path.stat().st_mtime_ns for path in real.iterdir()}
    for attempt in (f"train {real}", "index state"):
        refused = _library(attempt, real, LIBRARY_TRAINING="true")
        assert refused.returncode == 2
        assert "is not a training installation" in refused.stderr
    assert {path.name: path.stat().st_mtime_ns for path in real.iterdir()} == before


def test_the_real_librarys_database_and_secrets_are_not_taken_over(tmp_path: Path) -> None:
    real = {
        "PATH": "/usr/bin",
        "LIBRARY_DATA_DIR": "/var/lib/library",
        "LIBRARY_DATABASE_URL": "postgresql+psycopg://library@/library",
        "LIBRARY_BASE_URL": "https://kutubxona.example.uz",
        "LIBRARY_INSTITUTION": "TDIU",
    }
    environment = training_environment(real, tmp_path)
    settings = Settings.from_environment(environment)
    assert settings == Settings(data_dir=tmp_path, training=True, institution="TDIU")
    assert environment["PATH"] == "/usr/bin"
