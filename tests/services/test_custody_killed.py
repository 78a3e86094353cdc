"""The processes that take files in are killed with -9, a few times here and a hundred times in the benchmark.

A power cut is what `test_custody_failing_disk` means: a killed process leaves its writing to the system.
"""

from __future__ import annotations

import pytest

from benchmarks.kill_intake import run
from library.settings import Settings


@pytest.mark.timeout(240)
def test_nothing_confirmed_is_lost_nothing_unscanned_is_given_out_and_nothing_is_left(
    guarded_settings: Settings,
) -> None:
    guarded_settings.data_dir.mkdir()
    seen = run(guarded_settings, kills=3, seed=7, longest=0.4)
    assert len(seen.sent) > 3
    assert seen.infected
    assert seen.refused
