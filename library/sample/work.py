"""A work of the sample catalogue before it becomes a record: what a librarian has in hand, in no dialect."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from library.domain.marc import Dialect

T = TypeVar("T")

_PATRONYMIC = re.compile(r"(?:vich|vna|вич|вна)$")
_DIGRAPH = re.compile(r"[OG]['‘’`ʻ]|[SC]h|Y[aou]")


class Dice:
    """Numbers that look accidental and are the same for the same words, on every machine and in every Python."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._thrown = 0

    def number(self, low: int, high: int) -> int:
        """A number from `low` to `high`, both included."""
        self._thrown += 1
        thrown = hashlib.sha256(f"{self._words}/{self._thrown}".encode()).digest()
        return low + int.from_bytes(thrown[:6]) % (high - low + 1)

    def one_of(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[self.number(0, len(choices) - 1)]

    def happens(self, percent: int) -> bool:
        """True in so many cases of a hundred."""
        return self.number(1, 100) <= percent


def _initial(word: str) -> str:
    return (_DIGRAPH.match(word) or word)[0] + "."


class Kind(StrEnum):
    """What the document is; the words are those of the data files."""

    TEXTBOOK = "textbook"
    GUIDE = "guide"
    METHOD = "method"
    BOOK = "book"
    FICTION = "fiction"
    DICTIONARY = "dict"
    REFERENCE = "ref"
    PROCEEDINGS = "proc"
    CATALOGUE = "catalogue"
    THESIS = "thesis"
    ABSTRACT = "abstract"
    ARTICLE = "article"
    WEB = "web"
    MAP = "map"
    AUDIO = "audio"
    VIDEO = "video"
    SCORE = "score"
    SERIAL = "serial"
    ISSUE = "issue"
    STANDARD = "standard"


class Role(StrEnum):
    """What a person did; authors come first."""

    AUTHOR = "author"
    EDITOR = "editor"
    COMPILER = "compiler"
    TRANSLATOR = "translator"
    SUPERVISOR = "supervisor"
    REVIEWER = "reviewer"
    ILLUSTRATOR = "illustrator"


@dataclass(frozen=True, slots=True)
class Person:
    """A name in two parts; `forenames` may be initials, and is empty for a name that has one part."""

    surname: str
    forenames: str
    role: Role

    @property
    def initials(self) -> str:
        """The forenames as initials, digraphs whole; those of a classic, who has no patronymic, are never shortened."""
        if not _PATRONYMIC.search(self.forenames):
            return self.forenames
        return " ".join(map(_initial, self.forenames.split()))

    @property
    def in_order(self) -> str:
        """The name as a title page has it."""
        return f"{self.forenames} {self.surname}".strip()


@dataclass(frozen=True, slots=True)
class Host:
    """What an article, an issue or a volume is part of; `part` is its number there as it is read."""

    title: str
    issn: str = ""
    year: int | None = None
    number: int = 0
    part: str = ""
    pages: str = ""
    responsibility: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """A copy by its IRBIS status (910 ^A), or `count` copies without numbers (status U), `lent` of them on loan."""

    status: str
    number: str
    place: str
    acquired: str
    price: str
    count: int = 1
    lent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Everything that the three cataloguers write down, each in his own dialect.

    `dialect` is that of the library that holds it. `language` is an ISO 639-2/B code; `words` names the table of words
    that its title page speaks, `cyrillic` tells the scripts of Uzbek apart. `subjects` begins with the heading; the
    others are keywords. `role_words` say in the language of the document what a person did; `numbering` names the
    issue that each of the `holdings` is, where a serial has one record for all of its issues.
    """

    key: str
    dialect: Dialect
    language: str
    words: str
    cyrillic: bool
    kind: Kind
    title: str
    udc: str
    bbk: str
    subjects: tuple[str, ...]
    remainders: tuple[str, ...] = ()
    parallel_title: str = ""
    people: tuple[Person, ...] = ()
    responsibility: tuple[str, ...] = ()
    role_words: Mapping[Role, str] = field(default_factory=dict)
    edition: str = ""
    place: str = ""
    country: str = ""
    publisher: str = ""
    year: int | None = None
    last_year: int | None = None
    pages: int = 0
    pages_unit: str = ""
    page_mark: str = ""
    extent: str = ""
    illustrations: str = ""
    height: str = ""
    series: str = ""
    series_number: str = ""
    isbn: str = ""
    issn: str = ""
    frequency: int = 0
    number: str = ""
    notes: tuple[str, ...] = ()
    thesis_note: str = ""
    bibliography: str = ""
    contents: tuple[str, ...] = ()
    abstract: str = ""
    host: Host | None = None
    link: str = ""
    link_label: str = ""
    shelfmark: str = ""
    author_mark: str = ""
    holdings: tuple[Holding, ...] = ()
    numbering: tuple[str, ...] = ()

    @property
    def authors(self) -> tuple[Person, ...]:
        """The people that the heading may name."""
        return tuple(person for person in self.people if person.role is Role.AUTHOR)

    @property
    def others(self) -> tuple[Person, ...]:
        """Editors, translators and the rest."""
        return tuple(person for person in self.people if person.role is not Role.AUTHOR)
