"""`./run`, as a newcomer meets it: the sample catalogue in a browser, nothing loaded twice, a clean end."""

import os
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.installation.conftest import ROOT, Started, free_port


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        body: bytes = answer.read()
    return body.decode()


def _records(data: Path) -> int:
    with sqlite3.connect(data / "library.sqlite") as connection:
        (count,) = connection.execute("SELECT count(*) FROM records").fetchone()
    connection.close()
    return int(count)


def _alive(directory: Path) -> list[str]:
    """Command lines of the processes that were told to work in this directory."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            environment = (entry / "environ").read_bytes()
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if str(directory).encode() in environment and b"library" in command:
            found.append(command.replace(b"\0", b" ").decode())
    return found


def test_a_newcomer_starts_stops_and_starts_again(start: Callable[..., Started], tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    command = [str(ROOT / "run"), "--data", str(data), "--port", str(port)]
    first = start(command, cwd=tmp_path)
    assert "Qidir" in _get(first.address + "?lang=uz-Latn")
    loaded = _records(data)
    assert loaded >= 400
    assert "/record/" in _get(first.address + "search?q=matematika")
    assert first.stop() == 0
    assert _alive(data) == []

    second = start(command, cwd=tmp_path)
    assert _records(data) == loaded
    assert "/record/" in _get(second.address + "search?q=matematika")
    assert second.token != first.token
    assert second.stop(signal.SIGTERM) == 0
    assert _alive(data) == []


def test_an_empty_library_begins_empty(start: Callable[..., Started], tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    started = start([str(ROOT / "run"), "--data", str(data), "--port", str(port), "--empty"], cwd=tmp_path)
    assert _records(data) == 0
    assert _get(started.address)
    assert started.stop() == 0


def test_a_taken_port_and_a_closed_directory_are_said_plainly(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _library("start", "--data", str(tmp_path / "data"), "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port}" in done.stderr
    assert "--port" in done.stderr

    (tmp_path / "file").touch()
    done = _library("start", "--data", str(tmp_path / "file"), "--port", str(free_port()))
    assert done.returncode == 1
    assert "--data" in done.stderr


def _library(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "library", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
