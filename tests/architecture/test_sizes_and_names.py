"""What the import contracts cannot say: sizes, names, words that do not belong here."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("library", "indexer", "storage", "harvest")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
DRAWERS = {"utils", "util", "helpers", "common", "misc", "base"}


def _tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name.decode() for name in listing.split(b"\0") if name]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_has_one_subject(module: Path) -> None:
    lines = module.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 400, "a module above 400 lines has two subjects: find the second"
    assert module.stem not in DRAWERS, "a drawer, not a name"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_function_fits_on_a_screen(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            length = node.end_lineno - node.lineno + 1
            assert length <= 50, f"{node.name} has {length} lines"


def test_scripts_of_the_pages_are_short() -> None:
    scripts = sorted((ROOT / "library/web/static").rglob("*.js"))
    for script in scripts:
        assert len(script.read_text(encoding="utf-8").splitlines()) < 150, script.name


def test_nothing_speaks_of_the_place_it_was_written_in() -> None:
    foreign = re.compile(r"/(?:work|root)/|\.\./(?:shared)|/home/[a-z]+/")
    for path in _tracked_files():
        if path.suffix in {".lock", ".png", ".mst", ".xrf", ".iso", ".mrc"} or path == Path(__file__):
            continue
        found = foreign.search(path.read_text(encoding="utf-8", errors="ignore"))
        assert found is None, f"{path.relative_to(ROOT)}: {found}"


def test_lock_files_name_no_registry_and_pin_by_hash() -> None:
    for name in ("requirements.lock", "requirements-check.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        pins = re.findall(r"^[A-Za-z0-9._-]+(?:\[[a-z,]+\])?==\S+", text, re.MULTILINE)
        assert pins
        assert text.count("--hash=sha256:") >= len(pins)


def test_what_runs_is_what_is_checked() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([A-Za-z0-9._-]+(?:\[[a-z,]+\])?)==([^\s;\\]+)", text, re.MULTILINE))

    checked = pins("requirements-check.lock")
    assert {name: checked.get(name) for name in pins("requirements.lock")} == pins("requirements.lock")
