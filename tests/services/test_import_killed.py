"""An import that is killed and run again leaves the catalogue of an undisturbed one."""

from __future__ import annotations

import random
import time
from pathlib import Path

from benchmarks.kill_import import content, kill_after, start, write_source

ROUNDS = 4


def test_kills_leave_neither_a_duplicate_nor_a_hole(tmp_path: Path) -> None:
    """A kill does not test a power cut: what was written survives it in the page cache of the kernel."""
    source, disturbed, undisturbed = tmp_path / "source.mrc", tmp_path / "disturbed", tmp_path / "undisturbed"
    write_source(source, 6_000, seed=random.randrange(10**6))
    began = time.monotonic()
    assert start(source, undisturbed).wait(120) == 0
    whole = time.monotonic() - began
    # The same directory each time: an import that was killed again and again must go on where it was.
    killed = sum(kill_after(random.uniform(0.1, 0.7) * whole, source, disturbed) for _ in range(ROUNDS))
    assert killed
    assert start(source, disturbed).wait(120) == 0
    assert content(disturbed) == content(undisturbed)
