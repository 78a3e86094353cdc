"""A large file streams in constant memory, from the real server."""

from __future__ import annotations

import hashlib
from pathlib import Path

from benchmarks.download import BLOCK, large, measured, serving, take

MEGABYTES = 100
MOST_GROWTH = 16 * BLOCK


def test_a_hundred_megabytes_pass_through_a_few(tmp_path: Path) -> None:
    with serving(tmp_path / "data", MEGABYTES) as (portal, path):
        digests: list[str] = []
        whole = measured(portal, lambda: digests.append(take(portal, path)))
        part = measured(portal, lambda: digests.append(take(portal, path, f"bytes={50 * BLOCK}-")))
    data = large(MEGABYTES)
    assert digests == [hashlib.sha256(data).hexdigest(), hashlib.sha256(data[50 * BLOCK :]).hexdigest()]
    assert whole.growth < MOST_GROWTH
    assert part.growth < MOST_GROWTH
