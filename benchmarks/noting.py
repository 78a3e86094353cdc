"""What it costs a reader that a use is noted, in the real portal without a network.

    python -m benchmarks.noting                 1,000 pages of each kind
    python -m benchmarks.noting --pages 5000

Two times are told for each kind of page: what is added before the answer leaves, for which the reader waits, and what
comes after it was given. The thread that brings uses into the database runs meanwhile.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from flask import Flask

from library.app import create_app
from library.container import Container
from library.settings import Settings
from library.web import noting
from tests.builders import add_records
from tests.documents import a_document, keep

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
_WARM_UP = 20
_GOOD = 400


class Timed:
    """A function that keeps how many seconds each of its calls took."""

    def __init__(self, function: Callable[..., object]) -> None:
        self._function = function
        self.seconds: list[float] = []

    def __call__(self, *arguments: object, **named: object) -> object:
        """Call it and keep how long that took."""
        began = time.perf_counter()
        try:
            return self._function(*arguments, **named)
        finally:
            self.seconds.append(time.perf_counter() - began)


def main() -> None:
    """Make a catalogue, ask, print."""
    parser = argparse.ArgumentParser(description="What noting costs.")
    parser.add_argument("--pages", type=int, default=1_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        container = Container(Settings(data_dir=Path(directory)))
        container.migrate()
        (record_id,) = add_records(container.database, "Oliy matematika")
        file = keep(container, a_document(record_id))
        container.indexing.rebuild()
        pages = {"record": f"/record/{record_id}", "search": "/search?q=matematika", "download": f"/files/{file.id}"}
        portal = create_app(container)
        for what, path in pages.items():
            _measure(container, portal, what, path, asked.pages)
        container.close()


def _measure(container: Container, portal: Flask, what: str, path: str, pages: int) -> None:
    made, counted, noted = (
        Timed(function) for function in (noting.hand_over, container.answer_times.note, container.usage.note)
    )
    with (
        patch.object(noting, "hand_over", made),
        patch.object(container.answer_times, "note", counted),
        patch.object(container.usage, "note", noted),
    ):
        times = [_seconds(portal, path) for _ in range(pages + _WARM_UP)]
    assert len(made.seconds) == len(counted.seconds) == len(noted.seconds) == len(times)
    before = [made + counted for made, counted in zip(made.seconds, counted.seconds, strict=True)]
    print(f"{what:<9} {_told(times)} a page; {_told(before)} before it leaves, {_told(noted.seconds)} after")


def _told(seconds: list[float]) -> str:
    measured = [second * 1000 for second in seconds[_WARM_UP:]]
    return f"{statistics.median(measured):.2f} ms (p95 {statistics.quantiles(measured, n=20)[-1]:.2f})"


def _seconds(portal: Flask, path: str) -> float:
    client = portal.test_client()
    began = time.perf_counter()
    response = client.get(path, headers={"User-Agent": AGENT}, buffered=True)
    response.close()
    assert response.status_code < _GOOD, response.status
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
