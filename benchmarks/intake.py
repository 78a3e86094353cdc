"""How many PDFs of a hundred pages one worker takes in a minute on one core, and the memory it needs.

    python -m benchmarks.intake                     20 files in five languages
    python -m benchmarks.intake --files 40 --core 1

Taking in is all that happens without recognising images: the checks, clamd, the store with its sidecar, the text page
by page, the index. The worker, its children and clamd run on the same core. clamd knows the test virus
alone: with the official signatures it takes longer to look at a file, and is no part of the worker's memory. The files
wait in quarantine before the worker starts; its start is counted.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from library.cli import own_scanner
from library.container import Container, now
from library.db.records import DescribedRecord
from library.domain.access import Actor
from library.domain.document import Document, DocumentState, TextState
from library.domain.holdings import Source
from library.domain.marc import ControlField, DataField, Dialect, MarcRecord, Subfield
from library.domain.people import Role
from library.domain.record import CatalogueRecord, Status
from library.domain.transfer import Paper, PaperKind, Transfer
from library.marc import dialects
from library.settings import Settings

CATALOGUER = Actor(key="benchmark", name="benchmark", roles=frozenset({Role.CATALOGUER}))
_PATIENCE = 900
_PAGES = 100
_WORDS_A_PAGE = 300
_HEAD = '#set page("a4", numbering: "1")\n#set par(justify: true)\n#set text(font: "DejaVu Serif", 10pt)\n'
_LANGUAGES = ("uz-Latn", "uz-Cyrl", "ky", "ru", "en")


@contextmanager
def scanner(settings: Settings, core: int | None = None) -> Iterator[Settings]:
    """The settings with a clamd of its own, which ends with the block."""
    with own_scanner.prepared(settings) as found:
        assert found is not None, "clamd is missing: apt-get install clamav-daemon"
        command = [*_pinned(core), *found.command]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield replace(settings, scanner_configuration=str(found.configuration))
        finally:
            process.terminate()
            process.wait()


def worker(settings: Settings, core: int | None = None) -> subprocess.Popen[bytes]:
    """A worker of its own."""
    return subprocess.Popen(
        [*_pinned(core), sys.executable, "-m", "library", "worker"],
        env={**os.environ, **settings.chosen()},
        cwd=Path(__file__).parents[1],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def add_record(container: Container, title: str) -> int:
    """A published record with this title."""
    at = now()
    with container.database.writing() as tx:
        (number,) = tx.records.reserve(1)
        fields = (ControlField("001", f"b{number}"), DataField("245", "00", (Subfield("a", title),)))
        record = CatalogueRecord(
            id=number,
            dialect=Dialect.MARC21,
            marc=MarcRecord("00000nam a2200000 i 4500", fields),
            status=Status.PUBLISHED,
            version=1,
            created_at=at,
            changed_at=at,
            changed_by="benchmark",
        )
        tx.records.add([DescribedRecord(record=record, description=dialects.describe(record.dialect, record.marc))])
        tx.commit()
    return number


def add_transfer(container: Container) -> int:
    """A gift with its act."""
    act = Paper(kind=PaperKind.ACT, number="1", date=date(2026, 9, 1))
    gift = Transfer(source=Source.GIFT, partner="benchmark", taken_on=date(2026, 9, 1), papers=(act,))
    return container.transfers.enter(gift, actor=CATALOGUER).id


def write_books(directory: Path, count: int) -> list[Path]:
    """PDFs of a hundred pages of words, each with other ones."""
    import numpy as np
    import typst

    from benchmarks.search import SEED, Language

    generator = np.random.default_rng(SEED)
    languages = [Language(name, generator) for name in _LANGUAGES]
    books = []
    for number in range(count):
        language = languages[number % len(languages)]
        pages = "#pagebreak()\n".join(" ".join(language.text(_WORDS_A_PAGE)) + "\n" for _ in range(_PAGES))
        book = directory / f"{number}.pdf"
        book.write_bytes(typst.compile((_HEAD + pages).encode()))
        books.append(book)
    return books


def _pinned(core: int | None) -> list[str]:
    """What has a command run on this core alone; util-linux has it."""
    return [] if core is None else ["taskset", "--cpu-list", str(core)]


def _peak(process: subprocess.Popen[bytes]) -> float:
    """The largest resident memory of a process so far, in megabytes."""
    with suppress(FileNotFoundError):
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text(encoding="ascii"))
        if found:
            return int(found[1]) / 1024
    return 0.0


def _is_done(document: Document) -> bool:
    assert document.state is not DocumentState.REFUSED, document.reason
    return document.state is DocumentState.KEPT and document.contents.text is not TextState.WAITING


def measure(settings: Settings, books: list[Path], core: int) -> tuple[float, float]:
    """The seconds that a worker needs for these books, and the megabytes it came to."""
    with closing(Container(settings)) as container:
        container.prepare()
        record = add_record(container, "Kitoblar")
        for book in books:
            with book.open("rb") as stream:
                container.documents.receive(record, stream, book.name, actor=CATALOGUER)
        began, memory = time.monotonic(), 0.0
        process = worker(settings, core)
        try:
            while True:
                time.sleep(0.5)
                memory = max(memory, _peak(process))
                with container.database.reading() as view:
                    done = sum(map(_is_done, view.documents.all()))
                    waiting, _ = view.outbox.waiting()
                if done == len(books) and not waiting:
                    break
                assert process.poll() is None, "the worker ended"
                assert time.monotonic() - began < _PATIENCE, f"{done} of {len(books)} only"
            took = time.monotonic() - began
            with container.database.reading() as view:
                assert {one.contents.pages for one in view.documents.all()} == {_PAGES}
        finally:
            process.terminate()
            process.wait()
    return took, memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--core", type=int, default=0)
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        books = write_books(Path(name), options.files)
        size = sum(book.stat().st_size for book in books) / len(books) / 1024
        data = Path(name) / "data"
        data.mkdir()
        with scanner(Settings(data_dir=data), options.core) as settings:
            took, memory = measure(settings, books, options.core)
    print(
        f"{len(books)} PDFs of {_PAGES} pages, {size:.0f} KB each: {took:.1f} s, {len(books) * 60 / took:.1f} a minute"
    )
    print(f"memory of the worker: {memory:.0f} MB")


if __name__ == "__main__":
    main()
