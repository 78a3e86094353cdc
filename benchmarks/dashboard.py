"""How quick the pages of statistics are over 100,000 records and two years of use.

    python -m benchmarks.dashboard [--records 100000] [--events 200000]

The time is that of the server: the Flask application without a network. The year is compared with the one before it.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from flask.testing import FlaskClient

from benchmarks.statistics import NOW, ZONE, fill_records, fill_use, milliseconds
from library.app import create_app
from library.container import Container
from library.domain.people import Role
from library.services.statistics_following import StatisticsFollowing
from library.settings import Settings
from tests.signed_in import a_person, browser_of

YEAR = "from=2025-01&to=2025-12"
PAGES = (
    f"/statistics/?{YEAR}",
    "/statistics/?from=2025-10&to=2025-10",
    "/statistics/public",
    "/record/1",
    f"/statistics/tables/titles.csv?{YEAR}",
    f"/statistics/statistics.xlsx?{YEAR}",
    f"/statistics/statistics.pdf?{YEAR}",
)
_OK = 200


def asking(client: FlaskClient, address: str) -> Callable[[], None]:
    """Ask for a page that must be there."""

    def ask() -> None:
        response = client.get(address, buffered=True)
        if response.status_code != _OK:
            raise SystemExit(f"{address}: {response.status_code}")

    return ask


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="How quick the pages of statistics are.")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=200_000)
    asked = parser.parse_args()
    chosen = random.Random(1)
    with (
        tempfile.TemporaryDirectory() as directory,
        closing(Container(Settings(data_dir=Path(directory)))) as container,
    ):
        container.migrate()
        fill_records(container, asked.records, chosen)
        fill_use(container, asked.events, asked.records, chosen)
        StatisticsFollowing(container.database, lambda: NOW, ZONE).follow(NOW.date() - timedelta(days=11))
        container.indexing.rebuild()
        client = browser_of(create_app(container), container, a_person(container, "head", Role.HEAD))
        for address in PAGES:
            asking(client, address)()
            print(f"{milliseconds(asking(client, address)):8.1f} ms  {address}")


if __name__ == "__main__":
    main()
