"""Which reader of PDF is the better first one: pypdf or PDFium. Time, words found again, memory.

    python -m benchmarks.extraction                    one file of 100 pages in each of the five languages
    python -m benchmarks.extraction --pages 300 --repeat 5

The text is generated from a seed by the vocabularies of `benchmarks.search` and set by Typst, justified and with words
divided at the ends of lines. Both readers do what they do in service: they start as a child with limits, read, clean
the text and tell it page by page; the last line is the whole of `extract`, which takes PDFium first. A page here is one
of words; set, it is nearly two. Words divided between two pages are not found again.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any, BinaryIO

from indexer.extraction import pdf, sandbox
from indexer.extraction.model import Extracted
from indexer.extraction.reading import extract
from indexer.extraction.sandbox import Limits

_LANGUAGES = ("uz-Latn", "uz-Cyrl", "ky", "ru", "en")
_WORDS_A_PAGE = 300
_READERS = ("pypdf", "PDFium", "extract")
_LIMITS = Limits()
_PAGE = '#set text(lang: "{language}")\n= {heading}\n{text}\n#pagebreak(weak: true)\n'
_HEAD = '#set page("a5")\n#set par(justify: true)\n#set text(font: "DejaVu Serif", 9pt, hyphenate: true)\n'


def write(directory: Path, pages: int) -> None:
    """For each language a PDF of so many pages and, beside it, its words, a line for each page."""
    # Only here, for the children that are weighed import this module, too.
    import numpy as np
    import typst

    from benchmarks.search import SEED, Language

    generator = np.random.default_rng(SEED)
    for name in _LANGUAGES:
        language = Language(name, generator)
        texts = [language.text(_WORDS_A_PAGE) for _ in range(pages)]
        source = _HEAD + "".join(
            _PAGE.format(language=name[:2], heading=f"Bob {number}", text=" ".join(text))
            for number, text in enumerate(texts, 1)
        )
        (directory / f"{name}.pdf").write_bytes(typst.compile(source.encode()))
        (directory / f"{name}.txt").write_text("\n".join(" ".join(text) for text in texts), encoding="utf-8")


def weighed(stream: BinaryIO, *, reader: str, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """In the child: what a reader tells, and at the end the megabytes of memory its process came to."""
    yield from getattr(pdf, f"by_{reader.lower()}")(stream, **arguments)
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    assert peak
    yield {"memory": int(peak[1]) / 1024}


def told_by(reader: str, path: Path) -> tuple[tuple[str, ...], float]:
    """The pages of a PDF as one of the readers gives them, and its memory in megabytes (0 for the whole)."""
    if reader == "extract":
        outcome = extract(path, "application/pdf", _LIMITS)
        assert isinstance(outcome, Extracted)
        return outcome.pages, 0.0
    arguments: dict[str, Any] = {"most": _LIMITS.pages}
    if reader == "pypdf":
        arguments["wanted"] = list(range(_LIMITS.pages))
    ended = sandbox.call(
        "benchmarks.extraction:weighed", {"reader": reader, "arguments": arguments}, _LIMITS, source=path
    )
    messages = list(sandbox.lines(ended.output))
    return tuple(message["page"] or "" for message in messages if "page" in message), messages[-1]["memory"]


def measure(reader: str, directory: Path, repeat: int) -> None:
    """Print, for each file, the median of the milliseconds a page, and the share of words found on the right page."""
    cells, memory = [], 0.0
    for name in _LANGUAGES:
        path = directory / f"{name}.pdf"
        took = []
        for _ in range(repeat):
            start = time.perf_counter()
            found, weight = told_by(reader, path)
            took.append(time.perf_counter() - start)
            memory = max(memory, weight)
        wanted = path.with_suffix(".txt").read_text(encoding="utf-8").split("\n")
        share = _found_again(wanted, found)
        cells.append(f"{1000 * statistics.median(took) / len(wanted):6.2f} ms {100 * share:6.2f} %")
    print(f"{reader:8} " + "  ".join(cells) + (f"  {memory:5.0f} MB" if memory else ""), flush=True)


def _found_again(wanted: list[str], found: tuple[str, ...]) -> float:
    """Pages that a text flowed over to belong to the one before, so the words of a page and the next are searched."""
    hits = total = place = 0
    for text in wanted:
        words = text.split()
        # The heading tells where the page begins.
        while place < len(found) and not found[place].startswith("Bob "):
            place += 1
        here = {word for page in found[place : place + 2] for word in page.split()}
        hits += sum(word in here for word in words)
        total += len(words)
        place += 1
    return hits / total


def main() -> None:
    arguments = argparse.ArgumentParser(description="Compare the readers of PDF.")
    arguments.add_argument("--pages", type=int, default=100)
    arguments.add_argument("--repeat", type=int, default=3)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        # Setting the type takes memory that those who are measured would be born with.
        setting = get_context("spawn").Process(target=write, args=(Path(scratch), chosen.pages))
        setting.start()
        setting.join()
        print("a page   " + "  ".join(f"{name:18}" for name in _LANGUAGES) + "  memory")
        for reader in _READERS:
            measure(reader, Path(scratch), chosen.repeat)


if __name__ == "__main__":
    main()
