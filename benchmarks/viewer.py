"""What a reader of a view-only textbook waits for, from the request to the answer: page, turn, image, search.

    python -m benchmarks.viewer             300 pages, 60 of them turned
    python -m benchmarks.viewer --turns 20

One reader turns pages in random order in one process of the portal, over SQLite on disk; the network is not in it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import typst

from benchmarks.viewing import BOOK, PAGES
from indexer.extraction.model import Extracted
from indexer.extraction.reading import extract
from indexer.extraction.sandbox import Limits
from library.app import create_app
from library.container import Container
from library.domain.access_level import AccessLevel
from library.domain.document import Document
from library.domain.people import Role
from library.settings import Settings
from storage.model import Digest, MediaType
from tests.builders import add_records
from tests.documents import a_document, keep
from tests.signed_in import a_person, browser_of

SEARCHES = ("tenglama", "тенглама", "китеп окуу", '"дарс ўқувчи"', "qwxzqwxz")


def main() -> None:
    """Take the book in, read it, print."""
    arguments = argparse.ArgumentParser(description="Whole requests of the viewer.")
    arguments.add_argument("--turns", type=int, default=60)
    arguments.add_argument("--seed", type=int, default=7)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        container = Container(Settings(data_dir=Path(name), pages_a_minute=100_000, pages_a_day=100_000))
        container.migrate()
        book = _taken_in(container, Path(name))
        reader = browser_of(create_app(container), container, a_person(container, "dilnoza", Role.READER))
        pages = random.Random(options.seed).sample(range(1, PAGES + 1), min(options.turns, PAGES))
        here = f"/view/{book.id}"
        sources: list[str] = [reader.get(f"{here}/turn/{page}").get_json()["src"] for page in pages]
        print(f"{PAGES} pages                    median    95 %")
        _measure("image, cold", reader.get, sources)
        _measure("image, its drawing kept", reader.get, sources)
        _measure("turn (what scripts ask)", reader.get, [f"{here}/turn/{page}" for page in pages])
        _measure("page of the viewer", reader.get, [f"{here}?page={page}" for page in pages])
        _measure("thumbnails, the page", reader.get, [f"{here}/pages?page={page}" for page in pages])
        _measure("search inside", reader.get, [f"{here}/search?words={words}" for words in SEARCHES * 4])
        container.close()


def _taken_in(container: Container, directory: Path) -> Document:
    data = typst.compile(BOOK.replace("PAGES", str(PAGES)).encode(), format="pdf")
    path = directory / "book.pdf"
    path.write_bytes(data)
    told = extract(path, MediaType.PDF, Limits())
    assert isinstance(told, Extracted), told
    container.texts.keep(Digest.of(data), told.pages, made_by=told.made_by)
    (record_id,) = add_records(container.database, "Oliy matematika")
    return keep(container, a_document(record_id, AccessLevel.VIEW_ONLY, data=data), data)


def _measure(what: str, ask: Callable[[str], object], addresses: Sequence[str]) -> None:
    times = []
    for address in addresses:
        began = time.perf_counter()
        ask(address)
        times.append((time.perf_counter() - began) * 1000)
    slow = statistics.quantiles(times, n=20)[18]
    print(f"{what:<26} {statistics.median(times):6.0f} ms {slow:6.0f} ms")


if __name__ == "__main__":
    main()
