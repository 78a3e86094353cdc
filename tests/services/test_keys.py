"""Keys of the installation: made once, whole, and readable by their owner alone."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from library.services.keys import KEY_BYTES, installation_key


def test_many_that_start_at_once_have_one_whole_key(tmp_path: Path) -> None:
    path = tmp_path / "data" / "journal.key"
    with ThreadPoolExecutor(16) as many:
        keys = set(many.map(installation_key, [path] * 64))
    (key,) = keys
    assert len(key) == KEY_BYTES
    assert path.read_bytes() == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["journal.key"]
