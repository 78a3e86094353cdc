"""A portal started as an administrator starts it: as processes of its own, on a port of its own."""

import os
import queue
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 240


@dataclass
class Started:
    """A running `library start`: what it has printed, and the address it gave."""

    popen: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    address: str = ""
    token: str = ""

    def follow(self) -> None:
        """Read the output until the address and the token are there."""
        incoming: queue.Queue[str | None] = queue.Queue()

        def pump() -> None:
            assert self.popen.stdout is not None
            for line in self.popen.stdout:
                incoming.put(line)
            incoming.put(None)

        threading.Thread(target=pump, daemon=True).start()
        while not (self.address and self.token):
            line = incoming.get(timeout=SECONDS)
            assert line is not None, "ended before it was ready:\n" + "".join(self.lines)
            self.lines.append(line)
            if found := re.search(r"http://[\w.:]+/", line):
                self.address = found[0]
            if found := re.search(r"token, for /sign-in: (\S+)", line):
                self.token = found[1]

    def stop(self, ending: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C does and give its exit status."""
        self.popen.send_signal(ending)
        status = self.popen.wait(30)
        assert self.popen.stdout is not None
        self.popen.stdout.close()
        return status


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def start() -> Iterator[Callable[..., Started]]:
    """Start the library by a command and wait until it is ready; whatever still runs is ended after the test."""
    running: list[Started] = []

    def begin(command: list[str], *, cwd: Path, pythonpath: str | None = None) -> Started:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LIBRARY_")}
        environment.pop("PYTHONPATH", None)
        if pythonpath is not None:
            environment["PYTHONPATH"] = pythonpath
        environment["PYTHONUNBUFFERED"] = "1"
        popen = subprocess.Popen(
            command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started = Started(popen)
        running.append(started)
        started.follow()
        return started

    yield begin
    for started in running:
        if started.popen.poll() is None:
            started.popen.terminate()
            started.popen.wait(30)
        if started.popen.stdout is not None:
            started.popen.stdout.close()
