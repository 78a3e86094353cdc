"""How quick a search by SRU is over 100,000 records: 20 of them as MARCXML, Dublin Core and MODS.

    python -m benchmarks.sru --kept DIR                 (`benchmarks.pages` keeps the same catalogue)

The time is that of the server: the Flask application without a network. Printed are the milliseconds of an answer at
the median and at 95 %, and how many records it has.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import catalogue
from benchmarks.pages import build, fill
from library.app import create_app
from library.container import Container
from library.settings import Settings

SCHEMAS = ("marcxml", "dc", "mods")
_ANSWERS = 200
_RECORDS = 20
_TITLES = 5_000
_SHORT = 4
_WARM_UP = 20
_QUERIES = (
    "dc.title all {word}",
    "cql.anywhere = {word} and dc.date > 1990",
    "dc.subject any {word} sortBy dc.date/sort.descending",
    "dc.creator all {word} or dc.title = {word}",
)


def queries(container: Container, count: int) -> list[str]:
    """Searches for words of titles that are there."""
    chosen = random.Random(1)
    titles = (one.description.title for one in container.catalogue.browse(limit=_TITLES).records)
    words = sorted({word for title in titles for word in title.split() if word.isalpha() and len(word) > _SHORT})
    return [_QUERIES[number % len(_QUERIES)].format(word=chosen.choice(words)) for number in range(count)]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="How quick a search by SRU is.")
    parser.add_argument("--kept", type=Path, required=True, help="where the catalogue and its index are kept")
    parser.add_argument("--records", type=int, default=catalogue.RECORDS)
    asked = parser.parse_args()
    database = f"sqlite:///{asked.kept.absolute() / 'library.sqlite'}"
    with closing(Container(Settings(data_dir=asked.kept / "whoosh", database_url=database))) as container:
        fill(container, asked.kept / "sources", asked.records)
        build(container)
        client = create_app(container).test_client()
        for schema in SCHEMAS:
            times, records = [], 0
            for query in queries(container, _ANSWERS + _WARM_UP):
                arguments = {"query": query, "maximumRecords": _RECORDS, "recordSchema": schema}
                started = time.perf_counter()
                answer = client.get(f"/sru?{urlencode(arguments)}")
                times.append((time.perf_counter() - started) * 1000)
                records += answer.data.count(b"<recordData>")
            p95 = statistics.quantiles(times[_WARM_UP:], n=20)[-1]
            median = statistics.median(times[_WARM_UP:])
            print(
                f"{schema:<8} median {median:6.1f} ms  p95 {p95:6.1f} ms  {records / len(times):.1f} records an answer"
            )


if __name__ == "__main__":
    main()
