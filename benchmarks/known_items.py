"""How well a reader finds one known record: by its title words in the other alphabet, with a slip, without diacritics.

    python -m benchmarks.known_items [--entries 20000] [--items 500] [--engine whoosh]

For each of the items two or three words of its title are typed as a reader might. The reader looks at the results, and
follows the suggestion if the record is not among them. The figure is the mean reciprocal rank: 1 is always first.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.search import CYRILLIC, SEED, engine, entries, to_cyrillic
from indexer.model import Entry, Query
from indexer.parsing import parse
from indexer.search_index import SearchIndex

_SEEN = 50
_DIACRITICS = str.maketrans("ўқғҳёөүңʻ", "укгхеоун'", "")


def _as_it_is(words: list[str], _entry: Entry, _chance: random.Random) -> list[str]:
    return words


def _other_alphabet(words: list[str], _entry: Entry, _chance: random.Random) -> list[str]:
    """Uzbek in the other alphabet; the other languages have none."""
    return [_to_latin(word) if _is_cyrillic(word) else to_cyrillic(word) for word in words]


def _new_alphabet(words: list[str], _entry: Entry, _chance: random.Random) -> list[str]:
    """Uzbek Latin as it is to be written from 2026 on."""
    changes = (("oʻ", "ö"), ("gʻ", "ğ"), ("sh", "ş"), ("ch", "ç"))
    typed = " ".join(map(_as_latin, words))
    for before, after in changes:
        typed = typed.replace(before, after)
    return typed.split()


def _plain(words: list[str], _entry: Entry, _chance: random.Random) -> list[str]:
    return [word.translate(_DIACRITICS).replace("'", "") for word in words]


def _with_a_slip(words: list[str], _entry: Entry, chance: random.Random) -> list[str]:
    """One letter wrong, left out, twice, or exchanged with its neighbour, in the longest word."""
    longest = max(words, key=len)
    place = chance.randrange(1, max(2, len(longest) - 1))
    kind = chance.randrange(4)
    slips = (
        longest[:place] + chance.choice("аеиолнт" if _is_cyrillic(longest) else "aeiolnt") + longest[place + 1 :],
        longest[:place] + longest[place + 1 :],
        longest[:place] + longest[place] + longest[place:],
        longest[:place] + longest[place : place + 2][::-1] + longest[place + 2 :],
    )
    return [slips[kind] if word == longest else word for word in words]


def _is_cyrillic(word: str) -> bool:
    return any("\u0400" <= letter <= "\u04ff" for letter in word)


def _as_latin(word: str) -> str:
    return _to_latin(word) if _is_cyrillic(word) else word


def _to_latin(word: str) -> str:
    """The generated words have no е that is read as ye, but for э at the start."""
    for latin, cyrillic in CYRILLIC:
        if latin != "ye":
            word = word.replace(cyrillic, latin)
    return word.replace("э", "e")


Typist = Callable[[list[str], Entry, random.Random], list[str]]
WAYS: dict[str, tuple[Typist, tuple[str, ...]]] = {
    "as it is written": (_as_it_is, ("uzb", "kir", "rus", "eng")),
    "in the other alphabet": (_other_alphabet, ("uzb",)),
    "in the Latin of 2026": (_new_alphabet, ("uzb",)),
    "without diacritics": (_plain, ("uzb", "kir", "rus")),
    "with a slip": (_with_a_slip, ("uzb", "kir", "rus", "eng")),
}


def rank(index: SearchIndex, text: str, key: str) -> float:
    """The reciprocal of the place at which a reader comes to the record; 0 if he does not."""
    results = index.search(Query(match=parse(text), size=_SEEN))
    seen = [hit.key for hit in results.hits]
    if key not in seen and results.suggestion:
        seen += [hit.key for hit in index.search(Query(match=parse(results.suggestion), size=_SEEN)).hits]
    return 1 / (seen.index(key) + 1) if key in seen else 0.0


def main() -> None:
    arguments = argparse.ArgumentParser(description="How well a known record is found.")
    arguments.add_argument("--entries", type=int, default=20_000)
    arguments.add_argument("--items", type=int, default=500)
    arguments.add_argument("--engine", choices=["whoosh", "tantivy"], default="whoosh")
    chosen = arguments.parse_args()
    every = list(entries(chosen.entries))
    with tempfile.TemporaryDirectory() as directory:
        index = engine(chosen.engine, Path(directory))
        with index.rebuild() as rebuild:
            rebuild.add(every)
            rebuild.publish()
        for name, (typist, languages) in WAYS.items():
            chance = random.Random(SEED)
            items = chance.sample([entry for entry in every if entry.languages[0] in languages], chosen.items)
            ranks = []
            for entry in items:
                words = sorted(set(entry.title.lower().split()), key=len)[-3:]
                ranks.append(rank(index, " ".join(typist(words, entry, chance)), entry.key))
            found = sum(place > 0 for place in ranks)
            print(f"{name:24} mean reciprocal rank {sum(ranks) / len(ranks):.3f}, found {found} of {len(ranks)}")


if __name__ == "__main__":
    main()
