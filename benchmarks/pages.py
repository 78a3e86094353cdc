"""What a reader waits for: whole requests over 100,000 records of which 5,000 have a text of 3,000 words.

    python -m benchmarks.pages --kept DIR                       both engines
    python -m benchmarks.pages --kept DIR --engine tantivy

The Flask application is asked in its process, without a network: parsing, search, facets, rows from the database,
template. Printed are milliseconds by the clock and of processor time, which a busy machine disturbs less. The
catalogue and its indexes are kept in DIR, so that only the first run is long; remove DIR when the index has changed.
Each engine is built and measured in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from flask.testing import FlaskClient

from benchmarks import catalogue
from indexer.model import Entry
from library.app import create_app
from library.container import Container
from library.db.outbox import Topic
from library.db.records import DescribedRecord
from library.domain.marc import Dialect
from library.domain.record import CatalogueRecord, Status
from library.marc import dialects
from library.projections.search_entry import entry_key, search_entry
from library.settings import SEARCH_ENGINES, Settings

ENGINES = SEARCH_ENGINES
# One record in so many has a full text, of so many words on so many pages.
_TEXT_EVERY, _TEXT_WORDS, _TEXT_PAGES = 20, 3000, 10
_PAGE = 1000
_SAVES = 20
_LONGEST_QUERY_OF_PORTAL = 1000
_TOO_LONG = 400
_OK = 200
_MEGABYTE = 2**20


def main() -> None:
    """Build what is missing, then measure."""
    arguments = argparse.ArgumentParser(description="What a reader waits for.")
    arguments.add_argument("--kept", type=Path, required=True, help="where catalogue and indexes are kept")
    arguments.add_argument("--engine", choices=ENGINES, action="append")
    arguments.add_argument("--records", type=int, default=catalogue.RECORDS)
    arguments.add_argument("--pages", type=int, default=600)
    arguments.add_argument("--step", choices=["catalogue", "index", "measure"], help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    engines = asked.engine or ENGINES
    if asked.step is None:
        _in_a_process_of_its_own(asked, "catalogue", engines[0])
        for engine in engines:
            _in_a_process_of_its_own(asked, "index", engine)
            _in_a_process_of_its_own(asked, "measure", engine)
        return
    with closing(Container(_settings(asked.kept, engines[0]))) as container:
        if asked.step == "catalogue":
            fill(container, asked.kept / "sources", asked.records)
        elif asked.step == "index":
            build(container)
        else:
            measure(container, asked.pages)


def _in_a_process_of_its_own(asked: argparse.Namespace, step: str, engine: str) -> None:
    command = [sys.executable, "-m", "benchmarks.pages", "--kept", str(asked.kept), "--engine", engine, "--step", step]
    subprocess.run([*command, "--records", str(asked.records), "--pages", str(asked.pages)], check=True)


def _settings(kept: Path, engine: str) -> Settings:
    """Both engines read one database, and each has a directory of its own."""
    directory = kept / engine
    directory.mkdir(parents=True, exist_ok=True)
    return Settings(
        data_dir=directory, database_url=f"sqlite:///{kept.absolute() / 'library.sqlite'}", search_engine=engine
    )


def fill(container: Container, sources: Path, records: int) -> None:
    """Import the generated catalogue, unless that was done."""
    container.migrate()
    if container.importing.has_run():
        return
    files = [sources / name for name in ("marc21.mrc", "rusmarc.iso", "irbis.txt")]
    if not all(file.exists() for file in files):
        catalogue.write(sources, records)
    container.importing.run(files)


def build(container: Container) -> None:
    """Build the index with its texts, unless there is one."""
    if container.indexing.is_usable():
        return
    started, busy = time.perf_counter(), time.process_time()
    count = 0
    with container.index.rebuild() as rebuild:
        for entries in _entries(container):
            rebuild.add(entries)
            count += len(entries)
        rebuild.publish()
    with container.database.writing() as tx:
        # What the import left to the worker.
        tx.outbox.remove(tx.outbox.ids())
        tx.commit()
    took, busy = time.perf_counter() - started, time.process_time() - busy
    directory = container.settings.index_dir
    size = sum(file.stat().st_size for file in directory.rglob("*") if file.is_file()) / _MEGABYTE
    name = container.settings.search_engine
    print(f"{name}: built {count:,} entries in {took:.0f} s ({count / took:,.0f} a second), processor {busy:.0f} s")
    print(f"  {size:.0f} MB on disk; the building process had {_most_memory():.0f} MB at most", flush=True)


def _entries(container: Container) -> Iterator[list[Entry]]:
    """What can be found of every record, one in twenty with a text."""
    texts = catalogue.texts(_TEXT_WORDS)
    after = 0
    while True:
        with container.database.reading() as view:
            page = view.records.listed_page(after, _PAGE)
        if not page:
            return
        entries = [search_entry(record.id, record.description, "KITOB") for record in page]
        yield [
            replace(entry, body=_pages(next(texts))) if int(entry.key) % _TEXT_EVERY == 0 else entry
            for entry in entries
        ]
        after = page[-1].id


def _pages(words: Sequence[str]) -> tuple[str, ...]:
    length = len(words) // _TEXT_PAGES
    return tuple(" ".join(words[start : start + length]) for start in range(0, len(words), length))


def measure(container: Container, pages: int) -> None:
    """Ask for all kinds of pages and print the figures."""
    before = _memory()
    client = create_app(container).test_client()
    print(f"{container.settings.search_engine}: load of the machine {os.getloadavg()[0]:.1f}")
    print("                                     by the clock            processor time")
    print("  milliseconds                    p50    p95    max       p50    p95    max")
    every = list(_asked(container, pages))
    for heat in ("cold", "warm"):
        _timed(f"results page, {heat}", client, [address for _, address in every])
    for kind in dict.fromkeys(kind for kind, _ in every):
        _timed(f"  {kind}", client, [address for other, address in every if other == kind])
    typed = list(_typed(container, pages))
    for heat in ("cold", "warm"):
        _timed(f"autocomplete, {heat}", client, typed)
    _timed("no hits", client, list(_in_vain(container, pages // 10)))
    for name, address in _worst(container):
        _timed(f"worst: {name}", client, [address], allowed=(_OK, _TOO_LONG))
    print(f"  memory {_memory():.0f} MB now, {_most_memory():.0f} MB at most; {before:.0f} MB before the first page")
    with _worker(container):
        _saves(container, client)


def _asked(container: Container, count: int) -> Iterator[tuple[str, str]]:
    """Addresses of results pages by kind; the words are those of known titles, rare ones and common ones."""
    rng = random.Random(catalogue.SEED)
    for number, titles in enumerate(_titles(container, rng, count)):
        first, second = (rng.choice(title) for title in titles)
        kinds = {
            "one word": {"q": first},
            "two words of a title": {"q": " ".join(titles[0][:2])},
            "two words": {"q": f"{first} {second}"},
            "either": {"q": f"{first} OR {second}"},
            "phrase": {"q": '"' + " ".join(titles[0][:2]) + '"'},
            "prefix": {"q": first[:4] + "*"},
            "in the title": {"q": f"title:{first}"},
            "filtered": {"q": first, "material": "book", "year_from": "1995", "year_to": "2020"},
            "newest first": {"q": first, "sort": "newest"},
            "by title": {"q": first, "sort": "title"},
            "everything": {"q": "", "language": "uzb"},
            "second page": {"q": first, "page": "2"},
        }
        kind = list(kinds)[number % len(kinds)]
        yield kind, "/search?" + urlencode(kinds[kind])


def _typed(container: Container, count: int) -> Iterator[str]:
    """Beginnings of titles, as they are typed letter by letter."""
    rng = random.Random(catalogue.SEED)
    for title, _ in _titles(container, rng, count // 6):
        for text in (title[0][:2], title[0][:3], title[0][:5], title[0], f"{title[0]} {title[1][:1]}", title[1]):
            yield "/api/v1/suggest?" + urlencode({"q": text})


def _in_vain(container: Container, count: int) -> Iterator[str]:
    rng = random.Random(catalogue.SEED)
    for (first, *_), (second, *_) in _titles(container, rng, count):
        slip = first[:-2] + "qx" + first[-1]
        yield "/search?" + urlencode({"q": f"{slip} {second}", "language": "kir", "year_from": "2090"})


def _worst(container: Container) -> Iterator[tuple[str, str]]:
    """The dearest that can be asked: of the portal, which takes 1,000 characters, and of the interface for machines."""
    common = _commonest_words(container, 500)
    letters = "abdefghijklmnopqrstuvxyz"
    for name, query in {
        "a*": "a*",
        "four prefixes": "a* OR b* OR k* OR s*",
        "brackets": "(" * _LONGEST_QUERY_OF_PORTAL,
        "common words, all": " ".join(common),
        "common words, either": " OR ".join(common),
        "slips": " ".join(f"kutbxona{letter}" for letter in letters[:12]),
    }.items():
        yield name, "/search?" + urlencode({"q": query[:_LONGEST_QUERY_OF_PORTAL]})
    for name, query in {
        "10,000 letters": "a" * 10_000,
        "10,000 characters": " ".join(common * 5)[:10_000],
        "10,000 brackets": "(" * 10_000,
        "3,000 brackets with words": "(a" * 3_000,
        "500 words": " ".join(common),
        "250 words, either": " OR ".join(common[:250]),
        "500 times not": " ".join(f"-{word}" for word in common),
        "500 prefixes": " ".join(f"{first}{second}*" for first in letters for second in letters[:20]),
        "490 fields": " ".join(f"title:{word}" for word in common[:490]),
        "a phrase of 400": '"' + " ".join(common[:1] * 400) + '"',
    }.items():
        yield f"{name} (API)", "/api/v1/search?" + urlencode({"q": query})


def _commonest_words(container: Container, count: int) -> list[str]:
    rng = random.Random(catalogue.SEED)
    counted = Counter(word.lower() for first, _ in _titles(container, rng, 20_000) for word in first if word.isalpha())
    return [word for word, _ in counted.most_common(count)]


def _titles(container: Container, rng: random.Random, count: int) -> Iterator[tuple[list[str], list[str]]]:
    """The words of two titles, again and again."""
    with container.database.reading() as view:
        total = sum(view.records.counts().values())
        rows = view.records.listed([rng.randint(1, total) for _ in range(min(count * 3, _PAGE))])
    titles = [words for row in rows.values() if len(words := row.description.title.split()) > 1]
    for _ in range(count):
        yield rng.choice(titles), rng.choice(titles)


def _timed(name: str, client: FlaskClient, addresses: Iterable[str], allowed: Sequence[int] = (_OK,)) -> None:
    clock, busy = [], []
    for address in addresses:
        start, start_busy = time.perf_counter(), time.process_time()
        answer = client.get(address)
        answer.get_data()
        clock.append(1000 * (time.perf_counter() - start))
        busy.append(1000 * (time.process_time() - start_busy))
        assert answer.status_code in allowed, (answer.status, address[:200])
    figures = [f"{np.percentile(took, share):7.1f}" for took in (clock, busy) for share in (50, 95, 100)]
    print(f"  {name:28}" + "".join(figures[:3]) + "   " + "".join(figures[3:]), flush=True)


@contextmanager
def _worker(container: Container) -> Iterator[None]:
    """A worker as it runs in production: a process of its own."""
    settings = container.settings
    environment = dict(os.environ) | {
        "LIBRARY_DATA_DIR": str(settings.data_dir),
        "LIBRARY_DATABASE_URL": settings.database_url,
        "LIBRARY_SEARCH_ENGINE": settings.search_engine,
    }
    worker = subprocess.Popen([sys.executable, "-m", "library", "worker"], env=environment)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(30)


def _saves(container: Container, client: FlaskClient) -> None:
    """How long after the save of a record a reader finds it."""
    _visible(container, client)  # when the worker has started
    took = [_visible(container, client) for _ in range(_SAVES)]
    figures = "  ".join(f"{name} {np.percentile(took, share):.2f}" for name, share in (("p50", 50), ("max", 100)))
    print(f"  from save to visible, seconds: {figures}", flush=True)


def _visible(container: Container, client: FlaskClient) -> float:
    marc = next(catalogue.records(Dialect.MARC21, 1))
    at = datetime.now(UTC)
    with container.database.writing() as tx:
        (number,) = tx.records.reserve(1)
        record = CatalogueRecord(
            id=number, dialect=Dialect.MARC21, marc=marc, status=Status.PUBLISHED, version=1, created_at=at,
            changed_at=at, changed_by="benchmark",
        )  # fmt: skip
        description = replace(dialects.describe(record.dialect, marc), title=f"Yangi kitob n{number}x")
        tx.records.add([DescribedRecord(record=record, description=description)])
        tx.outbox.add(Topic.INDEX_RECORD, [number], at)
        tx.commit()
    saved = time.perf_counter()
    address, link = "/search?" + urlencode({"q": f"n{number}x"}), f"/record/{entry_key(number)}".encode()
    while link not in client.get(address).get_data():
        time.sleep(0.02)
    return time.perf_counter() - saved


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _memory() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / _MEGABYTE


if __name__ == "__main__":
    main()
