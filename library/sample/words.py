"""The words of the sample catalogue, read from the data files beside this module."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from library.sample.work import Kind, Person, Role

SUBJECT_FILES = ("exact", "life", "technology", "society", "humanities", "further")

_ROLE_MARKS = {
    "ed.": Role.EDITOR,
    "comp.": Role.COMPILER,
    "tr.": Role.TRANSLATOR,
    "sup.": Role.SUPERVISOR,
    "rev.": Role.REVIEWER,
    "ill.": Role.ILLUSTRATOR,
}
_EDITION = re.compile(r"(cyr|lat26)(\d{4})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line about a work.

    `cyrillic_year` and `new_letters_year` are the years of its other editions, or none. It may have `subjects` of its
    own instead of those of its topic.
    """

    language: str
    kind: Kind
    year: int | None
    cyrillic_year: int | None
    new_letters_year: int | None
    title: str
    people: tuple[Person, ...]
    abstract: str
    contents: tuple[str, ...]
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """What several works are about; `subjects` by language, the heading first."""

    name: str
    udc: str
    bbk: str
    subjects: Mapping[str, tuple[str, ...]]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Volumes:
    """A set in several volumes, each with its title and abstract."""

    language: str
    kind: Kind
    title: str
    people: tuple[Person, ...]
    udc: str
    bbk: str
    year: int
    volumes: tuple[tuple[str, str], ...]
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Serial:
    """A journal or newspaper; articles on its `topics` appear in it, the issues of `catalogued` years have records."""

    language: str
    title: str
    subjects: tuple[str, ...]
    udc: str
    bbk: str
    first_year: int
    frequency: int
    catalogued: tuple[int, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard with an invented number that says so."""

    language: str
    number: str
    title: str
    udc: str
    bbk: str
    year: int
    abstract: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """What title pages of one language say, and who publishes in it."""

    kinds: Mapping[str, list[str]]
    roles: Mapping[Role, str]
    texts: Mapping[str, str]
    editions: list[str]
    series: list[str]
    publishers: list[list[str]]
    university: list[str]
    degree: str


def topics() -> Iterator[Topic]:
    """All topics, in the order of the files."""
    for name in SUBJECT_FILES:
        for topic, table in _table(name).items():
            yield Topic(
                topic,
                table["udc"],
                table["bbk"],
                {language: _listed(table[language]) for language in ("uz", "ky", "ru", "en")},
                tuple(_entry(row) for row in table["works"]),
            )


def sets() -> Iterator[Volumes]:
    """The sets in several volumes."""
    for language, kind, title, people, udc, bbk, year, volumes, subjects in _table("collected")["sets"]:
        named = tuple((volume, abstract) for volume, abstract in volumes)
        yield Volumes(
            language, Kind(kind), title, _people(people, full=False), udc, bbk, year, named, _listed(subjects)
        )


def serials() -> tuple[Serial, ...]:
    """The journals and newspapers."""
    return tuple(
        Serial(language, title, _listed(subjects), udc, bbk, first, frequency, tuple(years), tuple(about.split()))
        for language, title, subjects, udc, bbk, first, frequency, years, about in _table("collected")["serials"]
    )


def standards() -> Iterator[Standard]:
    """The standards."""
    for row in _table("collected")["standards"]:
        yield Standard(*row)


def phrases() -> Mapping[str, Phrases]:
    """The phrases of each language."""
    table = _table("phrases")
    return {language: _phrases(table, language) for language in table["phrases"]}


def places() -> Mapping[str, list[str]]:
    """Where copies stand, by dialect."""
    found: Mapping[str, list[str]] = _table("phrases")["places"]
    return found


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files("library.sample") / "words" / f"{name}.toml").read_text("utf-8"))


def _phrases(table: Mapping[str, Any], language: str) -> Phrases:
    texts = table["phrases"][language]
    publishers = table["publishers"]
    return Phrases(
        kinds=table["kinds"][language],
        roles={Role(role): name for role, name in table["roles"].get(language, {}).items()},
        texts={name: text for name, text in texts.items() if isinstance(text, str)},
        editions=texts["editions"],
        series=texts["series"],
        publishers=publishers[language],
        university=publishers[f"{language}_university"][0],
        degree=table["degrees"].get(language, ""),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _entry(row: list[str]) -> Entry:
    head, title, people, abstract, contents, subjects = [*row, "", ""][:6]
    language, kind, *rest = head.split()
    editions = {match[1]: int(match[2]) for word in rest if (match := _EDITION.fullmatch(word))}
    year = next((int(word) for word in rest if word.isdigit()), None)
    full = kind in {Kind.THESIS, Kind.ABSTRACT}
    return Entry(
        language,
        Kind(kind),
        year,
        editions.get("cyr"),
        editions.get("lat26"),
        title,
        _people(people, full=full),
        abstract,
        _listed(contents),
        _listed(subjects),
    )


def _people(text: str, *, full: bool) -> tuple[Person, ...]:
    """The people of a line; a name without initials begins with the surname if it is `full`, else ends with it."""
    found = []
    for part in filter(None, (name.strip() for name in text.split(","))):
        mark, _, marked = part.partition(" ")
        role = _ROLE_MARKS.get(mark, Role.AUTHOR)
        first, _, rest = (marked if mark in _ROLE_MARKS else part).partition(" ")
        if "." in rest or full:
            found.append(Person(first, rest, role))
        else:
            *forenames, surname = [first, *rest.split()]
            found.append(Person(surname, " ".join(forenames), role))
    return tuple(found)
