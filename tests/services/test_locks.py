"""A lock lives as long as its holder."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from library.domain.errors import LibraryError
from library.services.locks import held, is_held

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from library.services.locks import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_another_process_is_refused_until_the_holder_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "data" / "worker.lock"
    assert not is_held(path)
    path.parent.mkdir()
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], cwd=ROOT, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert is_held(path)
        with pytest.raises(LibraryError, match="stop the other"), held(path, "There is one already: stop the other."):
            pass
        holder.send_signal(signal.SIGKILL)
    assert not is_held(path)
    with held(path):
        assert is_held(path)
    assert not is_held(path)
