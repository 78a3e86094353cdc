"""How long a reader waits for a page image of a textbook, how heavy it is, and what the process that draws it needs.

    python -m benchmarks.viewing                    300 pages, 150 of them asked for, 1,000 and 1,600 pixels wide
    python -m benchmarks.viewing --asked 40 --widths 1000

The pages are asked for in random order with a reader's mark on each; the mark's time changes every fifth page. "cold"
is the first time a page is asked for, "cached" the second: then only the mark is drawn. The scanned book holds the same
pages as pictures, without text; the first page of a new process is printed apart.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import typst
from PIL import Image

from indexer.extraction.drawing import Drawing
from indexer.extraction.drawing_cache import DrawingCache
from indexer.extraction.page_images import PDF, FilePage, Mark, Original, TextPage

PAGES = 300
SCANNED = 40
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
BOOK = """
#set page(width: 165mm, height: 235mm, margin: 20mm, numbering: "1")
#set text(size: 10.5pt, lang: "ru")
#set par(justify: true)
#let words = "китеп дарс ўқувчи masala yechim функция предел окуу бөлүм мисал чегара hosila тенглама график".split(" ")
#let line(seed, size) = range(size).map(at => words.at(calc.rem(seed * 31 + at * at + at * 7, words.len()))).join(" ")
#for page in range(PAGES) {
  heading("§ " + str(page + 1) + ". Боб " + words.at(calc.rem(page, words.len())))
  par(line(page, 130) + ".")
  $ integral_0^infinity x^#(page + 2) e^(-x^2) dif x = Gamma((#page + 3) / 2) / 2 $
  table(columns: 5, ..range(20).map(cell => str(calc.rem(page * 37 + cell * cell, 997))))
  if calc.rem(page, 4) == 0 {
    rect(width: 100%, height: 30mm, fill: gradient.linear(..color.map.rainbow))
  }
  par(line(page + 5, 90) + ".")
  pagebreak(weak: true)
}
"""


def main() -> None:
    """Make the books, turn their pages, print."""
    arguments = argparse.ArgumentParser(description="Page images of a view-only textbook.")
    arguments.add_argument("--asked", type=int, default=150)
    arguments.add_argument("--widths", type=int, nargs="+", default=[1000, 1600])
    arguments.add_argument("--seed", type=int, default=7)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        book = directory / "book.pdf"
        book.write_bytes(typst.compile(BOOK.replace("PAGES", str(PAGES)).encode(), format="pdf"))
        scans = _scanned(_original(book), directory)
        for width in options.widths:
            print(f"{width} pixels wide            median    95 %       KB a page at the median")
            for what, path, pages in (("textbook", book, PAGES), ("scanned book", scans, SCANNED)):
                numbers = random.Random(options.seed).sample(range(1, pages + 1), min(options.asked, pages))
                _measure(what, _original(path), numbers, width, directory / f"{what}-{width}")
        _measure_texts(options.asked, directory)


def _measure(what: str, book: Original, numbers: Sequence[int], width: int, directory: Path) -> None:
    with Drawing(DrawingCache(directory, 1 << 30), children=1) as drawing:
        began = time.perf_counter()
        drawing.marked(FilePage(original=book, number=1), width=width, mark=_mark(0))
        first = (time.perf_counter() - began) * 1000
        drawing.forget(book.digest)
        for when in ("cold", "cached"):
            times, weights = [], []
            for turn, number in enumerate(numbers):
                page = FilePage(original=book, number=number)
                began = time.perf_counter()
                image = drawing.marked(page, width=width, mark=_mark(turn))
                times.append((time.perf_counter() - began) * 1000)
                weights.append(len(image.jpeg))
            _tell(f"{what}, {when}", times, weights)
        began = time.perf_counter()
        drawing.cover(FilePage(original=book, number=1))
        cover = (time.perf_counter() - began) * 1000
        print(f"  first page of a new process {first:.0f} ms; cover {cover:.0f} ms; {_memory(drawing)}")
        kept = [path.stat().st_size for path in directory.rglob("*.jpg")]
        print(f"  kept without the mark: {len(kept)} drawings, {sum(kept) / 1e6:.1f} MB")


def _measure_texts(asked: int, directory: Path) -> None:
    text = "Оʻқув қўлланма. Окуу китеби, биринчи бөлүм. Oʻquv qoʻllanma, birinchi bob. Учебник, глава первая.\n" * 24
    with Drawing(DrawingCache(directory / "texts", 1 << 20), children=1) as drawing:
        times, weights = [], []
        for turn in range(asked):
            began = time.perf_counter()
            image = drawing.marked(TextPage(text=f"{turn}\n{text}"), width=1000, mark=_mark(turn))
            times.append((time.perf_counter() - began) * 1000)
            weights.append(len(image.jpeg))
        _tell("pages of text, 1000", times[1:], weights)
        print(f"  {_memory(drawing)}")


def _tell(what: str, times: Sequence[float], weights: Sequence[int]) -> None:
    slow = statistics.quantiles(times, n=20)[18]
    print(f"{what:<24} {statistics.median(times):6.0f} ms {slow:6.0f} ms {statistics.median(weights) / 1000:10.0f}")


def _memory(drawing: Drawing) -> str:
    """The largest memory that the processes have had."""
    peaks = []
    for process in drawing.processes():
        status = Path(f"/proc/{process}/status").read_text()
        peaks.append(int(status.partition("VmHWM:")[2].split()[0]) / 1000)
    return f"memory of the process that draws at most {max(peaks):.0f} MB"


def _scanned(book: Original, directory: Path) -> Path:
    """Some of the pages as grey pictures of 300 dots to the inch in one PDF."""
    with Drawing(DrawingCache(directory / "scans", 1 << 30), children=1) as drawing:
        pages = [
            Image.open(BytesIO(drawing.plain(FilePage(original=book, number=number), width=1950).jpeg)).convert("L")
            for number in range(1, SCANNED + 1)
        ]
    path = directory / "scans.pdf"
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=300)
    return path


def _mark(turn: int) -> Mark:
    return Mark(name="Гулнора Абдураҳмонова", card="TDPU-004512", at=AT + timedelta(minutes=turn // 5))


def _original(path: Path) -> Original:
    return Original(path=path, media_type=PDF, digest=hashlib.sha256(path.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
