"""How quick a record page is, and how many queries it makes; and how long import and index build of its catalogue take.

    python -m benchmarks.record_page                    100,000 records, 1,000 pages
    python -m benchmarks.record_page --records 3000 --pages 200

The time is that of the server: the Flask application without a network. Three kinds of pages are measured: the record,
its MARC view, and its MARCXML.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from benchmarks import catalogue
from library.app import create_app
from library.container import Container
from library.settings import Settings

PAGES = {"record": "/record/{id}", "MARC view": "/record/{id}/marc", "MARCXML": "/record/{id}.xml"}
_WARM_UP = 20
_OK = 200


def timed(what: str, records: int, step: Callable[[], object]) -> None:
    """Do the step and say how long it took."""
    started = time.perf_counter()
    step()
    seconds = time.perf_counter() - started
    print(f"{what:<12} {seconds:8.1f} s  {records / seconds:10,.0f} records a second")


def build(container: Container, directory: Path, records: int, seed: int) -> None:
    """A catalogue of so many records with its index, in an empty data directory."""
    timed("generate", records, lambda: catalogue.write(directory, records, seed))
    container.migrate()
    sources = [directory / name for name in ("marc21.mrc", "rusmarc.iso", "irbis.txt")]
    timed("import", records, lambda: container.importing.run(sources))
    timed("index build", records, container.indexing.rebuild)


def measure(client: FlaskClient, engine: Engine, address: str, numbers: list[int]) -> tuple[list[float], set[int]]:
    """The milliseconds of each page, and the numbers of queries that occurred."""
    queries = 0

    def note(*_: object) -> None:
        nonlocal queries
        queries += 1

    event.listen(engine, "before_cursor_execute", note)
    times, counts = [], set()
    for number in numbers:
        queries = 0
        started = time.perf_counter()
        answer = client.get(address.format(id=number))
        times.append((time.perf_counter() - started) * 1000)
        counts.add(queries)
        assert answer.status_code == _OK, answer.status
    event.remove(engine, "before_cursor_execute", note)
    return times[_WARM_UP:], counts


def main() -> None:
    """Build a catalogue, ask for random pages of it, and print the figures."""
    parser = argparse.ArgumentParser(description="How quick a record page is.")
    parser.add_argument("--records", type=int, default=catalogue.RECORDS)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=catalogue.SEED)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        container = Container(Settings(data_dir=Path(directory) / "data"))
        try:
            build(container, Path(directory) / "sources", asked.records, asked.seed)
            client = create_app(container).test_client()
            rng = random.Random(asked.seed)
            numbers = [rng.randint(1, asked.records) for _ in range(asked.pages + _WARM_UP)]
            for what, address in PAGES.items():
                times, counts = measure(client, container.database.engine, address, numbers)
                p95 = statistics.quantiles(times, n=20)[-1]
                print(
                    f"{what:<12} median {statistics.median(times):6.2f} ms  p95 {p95:6.2f} ms  "
                    f"queries {' or '.join(map(str, sorted(counts)))}"
                )
            print(f"memory       {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")
        finally:
            container.close()


if __name__ == "__main__":
    main()
