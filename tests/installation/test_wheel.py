"""The wheel carries all it needs: it is built, installed away from the checkout, and started."""

import subprocess
import sys
import sysconfig
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.installation.conftest import ROOT, Started, free_port

PARTS = (
    "library/templates/home/home.html",
    "library/web/static/site.css",
    "library/translations/uz_Cyrl/LC_MESSAGES/messages.po",
    "library/db/migrations/env.py",
    "library/sample/data/",
)


def _source_tree(target: Path) -> Path:
    """The files git knows, copied: what lies about in the checkout must not get into the wheel."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, names.decode().split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())
    return target


def test_the_wheel_runs_without_the_checkout(start: Callable[..., Started], tmp_path: Path) -> None:
    tree = _source_tree(tmp_path / "tree")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist"), str(tree)],
        check=True,
        capture_output=True,
    )
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for part in PARTS:
        assert any(name.startswith(part) for name in names), part
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]

    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "of_the_checks.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    python = environment / "bin/python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    started = start(
        [str(environment / "bin/library"), "start", "--data", str(tmp_path / "data"), "--port", str(free_port())],
        cwd=elsewhere,
    )
    with urllib.request.urlopen(started.address + "search?q=kimyo&lang=uz-Cyrl", timeout=30) as answer:
        page = answer.read().decode()
    assert "/record/" in page
    assert started.stop() == 0
