"""How fast a large open file leaves the portal, and how much memory that takes, whole and by ranges.

    python -m benchmarks.download                   100 MB, taken by 4 readers at once
    python -m benchmarks.download --megabytes 300

The portal is the real one under gunicorn on loopback; memory is the largest growth of what its processes hold, from
their first page on.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from library.container import Container
from library.settings import Settings
from tests.builders import add_records
from tests.documents import a_document, keep

BLOCK = 1 << 20
POLL_SECONDS = 0.01


@dataclass
class Portal:
    """A running portal: where it answers, and the processes that do."""

    address: str
    process: subprocess.Popen[bytes]

    def resident(self) -> int:
        """Bytes that its processes hold in memory together."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return sum(_resident(int(number)) for number in (str(self.process.pid), *children.split()))


@dataclass(frozen=True)
class Measured:
    """Seconds and the growth of memory in bytes while a block ran."""

    seconds: float
    growth: int


def main() -> None:
    """Keep a file, serve it, take it, print."""
    arguments = argparse.ArgumentParser(description="Downloads of a large open file.")
    arguments.add_argument("--megabytes", type=int, default=100)
    arguments.add_argument("--readers", type=int, default=4)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as directory, serving(Path(directory), options.megabytes) as (portal, path):
        whole = measured(portal, lambda: take(portal, path))
        print(f"one reader: {options.megabytes / whole.seconds:.0f} MB/s, {whole.growth / BLOCK:.1f} MB of memory")
        with ThreadPoolExecutor(options.readers) as readers:
            crowd = measured(portal, lambda: list(readers.map(lambda _: take(portal, path), range(options.readers))))
        rate = options.readers * options.megabytes / crowd.seconds
        print(f"{options.readers} readers: {rate:.0f} MB/s, {crowd.growth / BLOCK:.1f} MB of memory")
        last = f"bytes={(options.megabytes - 1) * BLOCK}-"
        part = measured(portal, lambda: take(portal, path, last))
        print(f"the last megabyte: {part.seconds * 1000:.0f} ms, {part.growth / BLOCK:.1f} MB of memory")


@contextmanager
def serving(directory: Path, megabytes: int) -> Iterator[tuple[Portal, str]]:
    """A portal with one open file of so many megabytes, and the path of that file."""
    container = Container(Settings(data_dir=directory))
    container.migrate()
    data = large(megabytes)
    (record_id,) = add_records(container.database, "Katta kitob")
    file = keep(container, a_document(record_id, data=data), data)
    container.close()
    del data
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "library.wsgi:application()", "--bind", f"127.0.0.1:{port}"),
            *("--threads", "8", "--worker-class", "gthread", "--log-level", "error", "--no-control-socket"),
        ],
        env={**os.environ, "LIBRARY_DATA_DIR": str(directory)},
    )
    portal = Portal(f"http://127.0.0.1:{port}", process)
    try:
        _wait(portal)
        yield portal, f"/files/{file.id}"
    finally:
        process.terminate()
        process.wait()


def large(megabytes: int) -> bytes:
    """Bytes that begin like a PDF and repeat nothing within a megabyte."""
    block = hashlib.shake_256(b"kitob").digest(BLOCK)
    return b"%PDF-1.7\n" + (block * megabytes)[9:]


def take(portal: Portal, path: str, wanted: str = "") -> str:
    """Download a file, or the range of it that is wanted, and keep nothing; the SHA-256 of what came."""
    headers = {"Range": wanted} if wanted else {}
    request = urllib.request.Request(portal.address + path, headers=headers)  # noqa: S310  (our own address)
    digest = hashlib.sha256()
    with urllib.request.urlopen(request) as response:  # noqa: S310
        while block := response.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def measured(portal: Portal, block: object) -> Measured:
    """What this takes the portal."""
    assert callable(block)
    before, most, done = portal.resident(), 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(POLL_SECONDS):
            most = max(most, portal.resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    try:
        block()
    finally:
        done.set()
        watcher.join()
    return Measured(time.perf_counter() - began, max(most - before, 0))


def _wait(portal: Portal) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{portal.address}/help") as page:  # noqa: S310
                page.read()
        except OSError:
            assert portal.process.poll() is None, "the portal ended"
            time.sleep(0.1)
        else:
            return
    message = "the portal does not answer"
    raise TimeoutError(message)


def _resident(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) << 10


if __name__ == "__main__":
    main()
