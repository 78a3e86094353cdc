"""How quick the search engines are: build, size, memory, a results page with eight facets, autocomplete.

    python -m benchmarks.search                        100,000 entries, both engines
    python -m benchmarks.search --entries 10000 --engine whoosh

Entries are generated from a seed: five vocabularies (Uzbek in Latin and in Cyrillic are one and the same), words
distributed by Zipf's law, one entry in twenty with a full text of 3,000 words. Each engine runs in a process of its
own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from indexer.model import Entry, Facet, Query, Sort, Years
from indexer.parsing import parse
from indexer.queries import SearchField, Words
from indexer.search_index import SearchIndex

SEED = 20261121
PAGE_FACETS = (
    Facet.MATERIAL, Facet.LANGUAGE, Facet.YEAR, Facet.AUTHOR, Facet.SUBJECT, Facet.UDC, Facet.AVAILABILITY,
    Facet.COLLECTION,
)  # fmt: skip
_BATCH = 1000
_BOOKS = {Facet.MATERIAL: frozenset({"book"})}

_SYLLABLES = {
    "uz": """ba be bo bu da di do ga gi ka ki ko la li lo ma mi mo na ni oʻr oʻz qa qo ra ri sa si sha shi ta ti to
             toʻ chi cha ya yo za zi gʻa gʻi xa ha han dor tor lik chan kor shun man bek""",
    "ky": """ба бе бо бү да ди дө га ка ки кө ла ли ма ми мө на ни ңа өз өр ра ри са си та ти тү үр чы ча жа жы ыл""",
    "ru": """ба ве го да ди ё жи за ка ки ло ма ми на ни но пра пре про ра ро ска ста сто та те ция ще щи ы эн ю ять""",
    "en": """ab al con der en er es for ing is lo ma men ne on or pro qu re ri sion ta ter th tion un ver wi ex""",
}
CYRILLIC = [
    ("oʻ", "ў"), ("gʻ", "ғ"), ("sh", "ш"), ("ch", "ч"), ("ya", "я"), ("yo", "ё"), ("ye", "е"), ("a", "а"), ("b", "б"),
    ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"), ("h", "ҳ"), ("i", "и"), ("j", "ж"), ("k", "к"), ("l", "л"),
    ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("q", "қ"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"),
    ("v", "в"), ("x", "х"), ("y", "й"), ("z", "з"),
]  # fmt: skip
_WORDS = 30_000
_CODES = {"uz-Latn": "uzb", "uz-Cyrl": "uzb", "ky": "kir", "ru": "rus", "en": "eng"}
_SHARES = {"uz-Latn": 0.38, "uz-Cyrl": 0.17, "ky": 0.12, "ru": 0.25, "en": 0.08}


def to_cyrillic(word: str) -> str:
    """A generated Uzbek word in the other alphabet."""
    for latin, cyrillic in CYRILLIC:
        word = word.replace(latin, cyrillic)
    return "э" + word[1:] if word.startswith("е") else word


class Language:
    """The words of one language, the commonest first, and their use by Zipf's law."""

    def __init__(self, name: str, generator: np.random.Generator) -> None:
        self.name = name
        self._generator = generator
        self.words = self._vocabulary(_SYLLABLES["uz" if name.startswith("uz") else name].split())
        if name == "uz-Cyrl":
            self.words = [to_cyrillic(word) for word in self.words]
        shares = 1 / np.arange(10, 10 + len(self.words))
        self._bounds = np.cumsum(shares / shares.sum())

    def _vocabulary(self, syllables: Sequence[str]) -> list[str]:
        # Both alphabets of Uzbek must have the same words, so the vocabulary has a seed of its own.
        own = np.random.default_rng([SEED, len(syllables)])
        words: dict[str, None] = {}
        while len(words) < _WORDS:
            words["".join(own.choice(syllables, size=own.integers(2, 6)))] = None
        return list(words)

    def text(self, length: int) -> list[str]:
        """So many words."""
        places = np.searchsorted(self._bounds, self._generator.random(length))
        return [self.words[min(place, _WORDS - 1)] for place in places]


def entries(count: int) -> Iterator[Entry]:
    """So many entries, always the same ones for one count."""
    generator = np.random.default_rng(SEED)
    languages = {name: Language(name, generator) for name in _CODES}
    people = {
        name: [f"{' '.join(language.text(1)).capitalize()}, {chr(65 + place % 26)}." for place in range(4000)]
        for name, language in languages.items()
    }
    topics = {
        name: [" ".join(language.text(2)).capitalize() for _ in range(1500)] for name, language in languages.items()
    }
    for number in range(count):
        name = str(generator.choice(list(_SHARES), p=list(_SHARES.values())))
        language = languages[name]
        body = language.text(3000) if number % 20 == 0 else []
        yield Entry(
            key=f"r{number:07d}",
            title=" ".join(language.text(int(generator.integers(3, 11)))).capitalize(),
            creators=tuple(_drawn(people[name], generator, int(generator.integers(1, 4)))),
            subjects=tuple(_drawn(topics[name], generator, int(generator.integers(1, 5)))),
            publishers=(_drawn(people["ru"], generator, 1)[0],),
            text=(" ".join(language.text(int(generator.integers(0, 12)))),),
            numbers=(f"978{generator.integers(10**9, 10**10)}",),
            udc=(f"{generator.integers(0, 1000):03d}.{generator.integers(0, 100)}",),
            bbk=(f"{generator.integers(20, 90)}.{generator.integers(1, 10)}",),
            year=int(2026 - min(90, generator.exponential(18))),
            languages=(_CODES[name],),
            material=str(generator.choice(["book", "textbook", "article", "thesis", "serial"])),
            availability=("open",) if number % 20 == 0 else ("shelf",),
            collections=(str(generator.choice(["main", "reading room", "archive"])),),
            source=str(generator.choice(["IBIS", "KAT", "MARC"])),
            body=tuple(" ".join(body[start : start + 300]) for start in range(0, len(body), 300)),
        )


def _drawn(values: Sequence[str], generator: np.random.Generator, count: int) -> list[str]:
    """Values of which a few are drawn often and most seldom."""
    places = np.minimum((len(values) * generator.random(count) ** 3).astype(int), len(values) - 1)
    return list(dict.fromkeys(values[place] for place in places))


def queries(count: int) -> list[tuple[str, Query]]:
    """Pages readers ask for, by kind."""
    generator = np.random.default_rng(SEED + 1)
    languages = [Language(name, generator) for name in _CODES]
    made = []
    for number in range(count):
        language = languages[number % len(languages)]
        one, two = (language.words[int(3000 * generator.random() ** 2)] for _ in range(2))
        phrase = " ".join(language.words[place] for place in generator.integers(0, 40, 2))
        kinds = {
            "word": Query(match=parse(one)),
            "two words": Query(match=parse(f"{one} {two}")),
            "phrase": Query(match=parse(f'"{phrase}"')),
            "prefix": Query(match=parse(one[:4] + "*")),
            "field": Query(match=parse(f"title:{one}")),
            "either, not": Query(match=parse(f"{one} OR {two} -{language.words[5]}")),
            "filtered": Query(match=parse(one), filters=_BOOKS, years=Years(first=1995, last=2020)),
            "by year": Query(match=parse(one), sort=Sort.NEWEST),
            "by title": Query(match=parse(one), sort=Sort.TITLE),
            "everything": Query(),
        }
        kind = list(kinds)[(number // len(languages)) % len(kinds)]
        made.append((kind, replace(kinds[kind], facets=PAGE_FACETS)))
    return made


def engine(name: str, directory: Path) -> SearchIndex:
    """The engine of that name over a directory."""
    if name == "tantivy":
        from indexer.tantivy.engine import TantivyIndex

        return TantivyIndex(directory)
    from indexer.whoosh.engine import WhooshIndex

    return WhooshIndex(directory)


def timed(name: str, calls: Iterable[Callable[[], object]]) -> None:
    """Print how long the calls took, in milliseconds."""
    took = []
    for call in calls:
        start = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - start))
    print(f"  {name:28} {np.percentile(took, 50):8.1f} {np.percentile(took, 95):8.1f}", flush=True)


def memory() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def build(name: str, directory: Path, count: int) -> None:
    index = engine(name, directory)
    start = time.perf_counter()
    generated = 0.0
    source = entries(count)
    with index.rebuild() as rebuild:
        while True:
            began = time.perf_counter()
            batch = list(islice(source, _BATCH))
            generated += time.perf_counter() - began
            if not batch:
                break
            rebuild.add(batch)
        rebuild.publish()
    took = time.perf_counter() - start - generated
    size = sum(file.stat().st_size for file in directory.rglob("*") if file.is_file()) / 2**20
    print(f"{name}: built {count} entries in {took:.0f} s, {count / took:.0f} a second; {size:.0f} MB on disk")
    print(f"  peak memory {memory():.0f} MB", flush=True)


def measure(name: str, directory: Path, pages: int) -> None:
    before = memory()
    asked = queries(pages)
    start = time.perf_counter()
    index = engine(name, directory)
    index.search(Query(size=1))
    print(f"  opened and first answer in {1000 * (time.perf_counter() - start):.0f} ms")
    print("  milliseconds                   median      p95")
    for heat in ("cold", "warm"):
        timed(f"page with facets, {heat}", [partial(index.search, query) for _, query in asked])
    for kind in dict(asked):
        timed(f"  {kind}", [partial(index.search, query) for other, query in asked if other == kind])
    typed = {query.match.text[:length] for _, query in asked for length in (2, 3, 5) if isinstance(query.match, Words)}
    for heat in ("cold", "warm"):
        timed(f"autocomplete, {heat}", [partial(index.complete, text, SearchField.ANY) for text in sorted(typed)])
    print(f"  memory {memory():.0f} MB, of which {before:.0f} MB before the index was opened")
    changed = next(islice(entries(2), 1, None))
    timed("change and seen", [partial(_change, index, changed, number) for number in range(20)])


def _change(index: SearchIndex, entry: Entry, number: int) -> None:
    index.apply([replace(entry, title=f"{entry.title} {number}")], [])
    assert index.search(Query(match=parse(f"{entry.title} {number}"))).total


def main() -> None:
    arguments = argparse.ArgumentParser(description="Measure the search engines.")
    arguments.add_argument("--entries", type=int, default=100_000)
    arguments.add_argument("--pages", type=int, default=400)
    arguments.add_argument("--engine", choices=["whoosh", "tantivy"], action="append")
    arguments.add_argument("--step", choices=["build", "measure"])
    arguments.add_argument("--directory", type=Path)
    chosen = arguments.parse_args()
    if chosen.step == "build":
        build(chosen.engine[0], chosen.directory, chosen.entries)
    elif chosen.step == "measure":
        measure(chosen.engine[0], chosen.directory, chosen.pages)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            for name in chosen.engine or ["whoosh", "tantivy"]:
                for step in ("build", "measure"):
                    _in_a_process_of_its_own(name, step, (chosen.directory or Path(scratch)) / name, chosen)


def _in_a_process_of_its_own(name: str, step: str, directory: Path, chosen: argparse.Namespace) -> None:
    command = [sys.executable, "-m", "benchmarks.search", "--engine", name, "--step", step]
    command += ["--directory", str(directory), "--entries", str(chosen.entries), "--pages", str(chosen.pages)]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
