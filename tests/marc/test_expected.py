"""Odd files, and all that must come of them: one file in expected/ for each."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[1] / "data" / "marc"
ODD_FILES = sorted([*(DATA / "iso2709").iterdir(), *(DATA / "marcxml").iterdir()])


@pytest.mark.parametrize("path", ODD_FILES, ids=lambda path: path.name)
def test_an_odd_file_gives_what_was_agreed(path: Path, outcome_of: Callable[[Path], Any]):
    assert outcome_of(path) == json.loads((DATA / "expected" / f"{path.stem}.json").read_text())


def test_no_expectation_is_left_without_its_file():
    assert {path.stem for path in (DATA / "expected").iterdir()} == {path.stem for path in ODD_FILES}
