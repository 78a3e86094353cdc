"""Commands as an administrator gives them: as processes with a data directory of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass
class Shell:
    """Runs `library` with a data directory, and nothing else of our settings."""

    data: Path
    started: list[subprocess.Popen[str]]

    def library(
        self, *arguments: str | Path, before: Callable[[], None] | None = None, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(arguments),
            env=self._environment(settings),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            preexec_fn=before,
        )

    def peak_memory(self, *arguments: str | Path) -> int:
        """The largest resident memory, in MB, of the command and of each process it starts."""
        # Asked of a process between, since that of the tests counts all its children, browsers too.
        measure = (
            "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, capture_output=True); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
        )
        done = subprocess.run(
            [sys.executable, "-c", measure, *self._command(arguments)],
            env=self._environment({}),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return int(done.stdout)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            self._command(arguments),
            env=self._environment({}),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def _command(self, arguments: tuple[str | Path, ...]) -> list[str]:
        return [sys.executable, "-m", "library", *map(str, arguments)]

    def _environment(self, settings: dict[str, str]) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LIBRARY_")}
        return {**inherited, "LIBRARY_DATA_DIR": str(self.data), **settings}


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    shell = Shell(tmp_path / "data", [])
    yield shell
    for process in shell.started:
        if process.poll() is None:
            process.kill()
        process.communicate()
