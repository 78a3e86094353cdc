"""A catalogue of any size for the other benchmarks: the sample catalogue's works, again and again in other words.

    python -m benchmarks.catalogue --out DIR                    100,000 records, a third in each dialect
    python -m benchmarks.catalogue --out DIR --records 9000 --seed 7

It writes DIR/marc21.mrc, DIR/rusmarc.iso and DIR/irbis.txt, and the records of the last once more as the base
DIR/base/KITOB.mst. The same seed gives the same bytes. Words are those of the sample catalogue with the endings of
their language, distributed by Zipf's law; kinds, languages and fields are distributed as they are there.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from pathlib import Path

from library.domain.marc import Dialect, MarcRecord
from library.marc import iso2709
from library.marc.irbis import database, text
from library.marc.irbis.database import StoredRecord
from library.sample import as_irbis, as_marc21, as_rusmarc, numbers
from library.sample.catalogue import works
from library.sample.spelling import to_cyrillic
from library.sample.work import Holding, Kind, Person, Work

RECORDS = 100_000
SEED = 20261121

_WORDS = 20_000
_NAMES = 3_000
_ZIPF_OFFSET = 2.7
_MARKS = ".,:;«»“”()–—?!"
_DESCRIBED = 0.6
_FIRST_YEAR, _LAST_YEAR = 1965, 2026
_ISBN_SINCE = 1992
_NUMBERS_OF_A_PUBLISHER = 999
_ENDINGS = {
    "uz": [
        "lar",
        "ning",
        "ni",
        "ga",
        "da",
        "dan",
        "lari",
        "larning",
        "larda",
        "lik",
        "liklar",
        "chi",
        "chilar",
        "cha",
        "dagi",
        "siz",
        "li",
        "imiz",
    ],
    "ky": ["лар", "дын", "га", "да", "дан", "лары", "дык", "чы", "дагы", "сыз", "луу", "лардын", "ларда", "ыбыз"],
    "ru": ["а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах", "ость", "ный", "ная", "ное", "ские", "ский"],
    "en": ["s", "ed", "ing", "er", "ers", "ly", "ness", "al", "ity", "able"],
    "kaa": ["lar", "dıń", "ǵa", "da", "dan", "ları", "lıq", "shı"],
}
_ENCODERS: Mapping[Dialect, Callable[[Work, int], MarcRecord]] = {
    Dialect.MARC21: as_marc21.record,
    Dialect.UNIMARC: as_rusmarc.record,
    Dialect.IRBIS: as_irbis.record,
}


@dataclass(frozen=True, slots=True)
class _Language:
    """Words of one language in one script, the commonest first, and the names of people who write in it."""

    words: list[str]
    weights: list[float]
    people: list[Person]

    def some(self, rng: random.Random, count: int) -> list[str]:
        return rng.choices(self.words, cum_weights=self.weights, k=count)


def records(dialect: Dialect, count: int, seed: int = SEED) -> Iterator[MarcRecord]:
    """So many records of this dialect; those of a smaller count are the first of a greater one."""
    rng = random.Random(f"{seed}/{dialect}")
    catalogue = works()
    languages = _languages(catalogue)
    held = [work for work in catalogue if work.dialect is dialect and work.kind not in {Kind.SERIAL, Kind.ISSUE}]
    encode = _ENCODERS[dialect]
    for number in range(1, count + 1):
        work = rng.choice(held)
        yield encode(_reworded(work, languages[work.words, work.cyrillic], number, rng), number)


def texts(length: int, seed: int = SEED) -> Iterator[list[str]]:
    """Full texts without end, each of so many words of one language of the catalogue."""
    rng = random.Random(f"{seed}/texts")
    languages = list(_languages(works()).values())
    while True:
        yield rng.choice(languages).some(rng, length)


def write(out: Path, count: int, seed: int = SEED) -> None:
    """Write the files and the base; `count` is the number of records in the three files together."""
    (out / "base").mkdir(parents=True, exist_ok=True)
    third = count // 3
    with (out / "marc21.mrc").open("wb") as stream:
        stream.writelines(map(iso2709.encode, records(Dialect.MARC21, count - 2 * third, seed)))
    with (out / "rusmarc.iso").open("wb") as stream:
        stream.writelines(map(iso2709.encode_unimarc, records(Dialect.UNIMARC, third, seed)))
    with (out / "irbis.txt").open("wb") as stream:
        database.write(out / "base" / "KITOB.mst", _stored(stream.write, records(Dialect.IRBIS, third, seed)))


def _stored(write_text: Callable[[bytes], int], marcs: Iterator[MarcRecord]) -> Iterator[StoredRecord]:
    """The records for a base, each written as text on its way."""
    for mfn, marc in enumerate(marcs, start=1):
        write_text(text.encode(marc).encode())
        yield StoredRecord(mfn=mfn, marc=marc)


def _languages(catalogue: tuple[Work, ...]) -> dict[tuple[str, bool], _Language]:
    said: defaultdict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    people: defaultdict[tuple[str, bool], dict[Person, None]] = defaultdict(dict)
    for work in catalogue:
        language = (work.words, work.cyrillic)
        for part in (work.title, work.abstract, *work.subjects, *work.contents):
            said[language].update(filter(str.isalpha, (word.strip(_MARKS).lower() for word in part.split())))
        people[language].update(dict.fromkeys(work.people))
    return {language: _language(language, words, list(people[language])) for language, words in said.items()}


def _language(language: tuple[str, bool], counted: Counter[str], people: list[Person]) -> _Language:
    code, cyrillic = language
    endings = [to_cyrillic(ending) if code == "uz" and cyrillic else ending for ending in _ENDINGS[code]]
    stems = [word for word, _ in counted.most_common()]
    inflected = (stem + ending for ending in endings for stem in stems if len(stem) > len(ending))
    words = list(dict.fromkeys(islice((word for group in (stems, inflected) for word in group), _WORDS)))
    weights = list(accumulate(1 / (rank + _ZIPF_OFFSET) for rank in range(len(words))))
    initials = sorted({person.initials for person in people})
    named = [Person(person.surname, forenames, person.role) for forenames in initials for person in people if forenames]
    return _Language(words, weights, named[:_NAMES])


def _reworded(work: Work, language: _Language, number: int, rng: random.Random) -> Work:
    """The work with another title, abstract, people, year and numbers, and the same fields."""
    year = None if work.year is None else rng.randint(_FIRST_YEAR, _LAST_YEAR)
    people = tuple(
        replace(new, role=old.role) for old, new in zip(work.people, rng.choices(language.people, k=8), strict=False)
    )
    title = " ".join(language.some(rng, rng.randint(2, 9)))
    abstract = " ".join(language.some(rng, rng.randint(12, 35))) if rng.random() < _DESCRIBED else ""
    first = ", ".join(person.in_order for person in people)
    return replace(
        work,
        title=title.capitalize(),
        people=people,
        responsibility=(first,) if first else (),
        year=year,
        last_year=None,
        isbn=_isbn(year, number) if work.isbn and year and year >= _ISBN_SINCE else "",
        abstract=f"{abstract.capitalize()}." if abstract else "",
        subjects=(work.subjects[0], *language.some(rng, rng.randint(1, 5))),
        host=work.host and replace(work.host, year=year or work.host.year),
        link=f"https://example.org/fulltext/{number}" if work.link else "",
        holdings=tuple(_renumbered(holding, number, place) for place, holding in enumerate(work.holdings)),
    )


def _isbn(year: int, number: int) -> str:
    publisher, title = divmod(number, _NUMBERS_OF_A_PUBLISHER)
    return numbers.isbn("ru", year, f"publisher {publisher}", title + 1)


def _renumbered(holding: Holding, number: int, place: int) -> Holding:
    return replace(holding, number=str(number * 100 + place)) if holding.number else holding


def main() -> None:
    """Write a catalogue, and say how large it is and how long it took."""
    parser = argparse.ArgumentParser(description="A catalogue of any size for the other benchmarks.")
    parser.add_argument("--out", type=Path, required=True, help="the directory to write into")
    parser.add_argument("--records", type=int, default=RECORDS, help="in the three files together")
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    started = time.perf_counter()
    write(asked.out, asked.records, asked.seed)
    seconds = time.perf_counter() - started
    print(f"{asked.records} records in {seconds:.1f} s ({asked.records / seconds:,.0f} a second)")
    for path in sorted(path for path in asked.out.rglob("*") if path.is_file()):
        print(f"{path.stat().st_size / 1e6:8.1f} MB  {path.relative_to(asked.out)}")


if __name__ == "__main__":
    main()
