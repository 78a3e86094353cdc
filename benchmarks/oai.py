"""How quickly harvesters take the open archive: 100,000 records over HTTP on loopback, from one process, on SQLite.

    python -m benchmarks.oai --kept DIR

The catalogue is kept in DIR, so that only the first run is long (`benchmarks.pages` keeps the same one). The server is
gunicorn with one process and its usual thread; the client asks for one page after the other, as harvesters do, and only
looks for the token. Printed are records a second, milliseconds a page in the first and in the last tenth of the list at
95 %, and the memory of the server before and after.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from benchmarks import catalogue
from benchmarks.pages import fill
from library.container import Container, now
from library.services.open_archive import LAG
from library.services.open_archive_upkeep import OpenArchiveUpkeep
from library.settings import Settings

LISTS = (("ListRecords", "oai_dc"), ("ListRecords", "marc21"), ("ListRecords", "mods"), ("ListIdentifiers", "oai_dc"))
_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)</resumptionToken>")
_HEADER = re.compile(rb"<header")
_MEGABYTE = 2**20
_READY_SECONDS = 60


def main() -> None:
    """Make the catalogue ready, then take it list by list."""
    arguments = argparse.ArgumentParser(description="How quickly harvesters take the open archive.")
    arguments.add_argument("--kept", type=Path, required=True, help="where the catalogue is kept")
    arguments.add_argument("--records", type=int, default=catalogue.RECORDS)
    asked = arguments.parse_args()
    settings = Settings(
        data_dir=asked.kept / "oai", database_url=f"sqlite:///{asked.kept.absolute() / 'library.sqlite'}"
    )
    with closing(Container(settings)) as container:
        fill(container, asked.kept / "sources", asked.records)
        prepare(container)
    with served(settings) as server:
        # The first answer loads the application.
        take(server.port, "Identify", "")
        for verb, prefix in LISTS:
            before = server.memory()
            harvest = take(server.port, verb, prefix)
            print(
                f"{verb} {prefix}: {harvest.records} records, {harvest.records / harvest.seconds:,.0f} a second; "
                f"p95 of pages {harvest.first():.0f} ms in the first tenth, {harvest.last():.0f} ms in the last "
                f"(ratio {harvest.last() / harvest.first():.2f}); "
                f"server {before:.0f} MB before, {server.memory():.0f} MB after",
                flush=True,
            )


def prepare(container: Container) -> None:
    """Do what the worker does for the archive, until nothing is due, and wait until harvesters see it."""
    upkeep = OpenArchiveUpkeep(container.database, container.configuration, now, ZoneInfo(container.settings.time_zone))
    busy = False
    while upkeep.step():
        busy = True
    if busy:
        time.sleep(LAG.total_seconds() + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """A whole list: how many records in how many seconds, and the milliseconds of each page."""

    records: int
    seconds: float
    pages: tuple[float, ...]

    def first(self) -> float:
        """The 95th of 100 pages of the first tenth."""
        return _p95(self.pages[: max(len(self.pages) // 10, 1)])

    def last(self) -> float:
        """The 95th of 100 pages of the last tenth."""
        return _p95(self.pages[-max(len(self.pages) // 10, 1) :])


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The process that answers."""

    port: int
    process: int

    def memory(self) -> float:
        """Megabytes that the workers hold now."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        pages = sum(int(Path(f"/proc/{child}/statm").read_text().split()[1]) for child in children)
        return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE


@contextmanager
def served(settings: Settings) -> Iterator[Server]:
    """Gunicorn with one worker process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment: Mapping[str, str] = {
        **os.environ,
        "LIBRARY_DATA_DIR": str(settings.data_dir.absolute()),
        "LIBRARY_DATABASE_URL": settings.database_url,
    }
    command = [sys.executable, "-m", "gunicorn", "library.wsgi:application()", "-b", f"127.0.0.1:{port}", "-w", "1"]
    process = subprocess.Popen([*command, "--log-level", "error"], env=environment)
    try:
        _wait_for(port)
        yield Server(port=port, process=process.pid)
    finally:
        process.terminate()
        process.wait()


def take(port: int, verb: str, prefix: str) -> Harvest:
    """The whole list, page by page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    query, records, pages = f"verb={verb}&metadataPrefix={prefix}" if prefix else f"verb={verb}", 0, []
    started = time.perf_counter()
    while query:
        asked = time.perf_counter()
        connection.request("GET", f"/oai?{query}")
        body = connection.getresponse().read()
        pages.append((time.perf_counter() - asked) * 1000)
        records += len(_HEADER.findall(body))
        token = _TOKEN.search(body)
        query = f"verb={verb}&resumptionToken={quote(token[1].decode(), safe='')}" if token else ""
    connection.close()
    return Harvest(records=records, seconds=time.perf_counter() - started, pages=tuple(pages))


def _wait_for(port: int) -> None:
    ends = time.monotonic() + _READY_SECONDS
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not begin to listen.")


def _p95(milliseconds: tuple[float, ...]) -> float:
    return sorted(milliseconds)[int(len(milliseconds) * 0.95)]


if __name__ == "__main__":
    main()
